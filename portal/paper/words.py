"""The fixed words on each sheet, in English, kept apart so that a letter can be printed in the letter's language.

`words("letter", gettext)` gives them translated; hand the result to `typeset` as `data["words"]`. What stands in
braces is filled in by the sheet.
"""

from collections.abc import Callable


def N_(message: str) -> str:
    """Marks a message for the translators' list; translated only when it is printed."""
    return message


WORDS: dict[str, dict[str, str]] = {
    "letter": {
        "open_letter": N_("Open letter"),
        "to": N_("To"),
        "from": N_("From"),
        "copies": N_("Copies to"),
        "reference": N_("Our reference: {reference}"),
        "demands": N_("We ask that you:"),
        "questions": N_("We also ask you to answer:"),
        "question": N_("Q{number}"),
        "due": N_("By {date}"),
        "test": N_("Done when: {test}"),
        "reply_to": N_("Please reply to"),
        "version": N_("Version {version}"),
        "fingerprint": N_("fingerprint {fingerprint}"),
        "check": N_("Check that this is the letter we agreed: {address}"),
        "evidence": N_("What our facts rest on"),
        "annex_name": N_("Name"),
        "annex_home": N_("Home"),
        "annex_complaints": N_("Earlier complaints"),
        "page": N_("Page {page} of {pages}"),
        "draft": N_("Draft – not agreed yet"),
    },
    "poster": {
        "scan": N_("Point your phone’s camera at the square"),
        "or_type": N_("or type this address"),
        "code": N_("QR code that opens {address}"),
    },
    "minutes": {
        "minutes": N_("Minutes"),
        "date": N_("When"),
        "place": N_("Where"),
        "came": N_("Who came"),
        "decisions": N_("What we decided"),
        "no_decisions": N_("Nothing was decided."),
        "actions": N_("Who does what"),
        "what": N_("What"),
        "who": N_("Who"),
        "by": N_("By when"),
        "next": N_("Next meeting"),
        "page": N_("Page {page} of {pages}"),
    },
    "casefile": {
        "casefile": N_("Case file"),
        "contents": N_("What is in it"),
        "fingerprint": N_("fingerprint {fingerprint}"),
        "page": N_("Page {page} of {pages}"),
    },
    "share": {},
}


def words(template: str, translate: Callable[[str], str] = N_) -> dict[str, str]:
    """The fixed words of one template, each passed through `translate` (a gettext function)."""
    return {key: translate(message) for key, message in WORDS[template].items()}
