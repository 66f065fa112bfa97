"""The short papers that go with a letter: covering mail, reminder, press note, and a copy to read aloud.

Their words are in the letter's template; everything in braces is filled from the letter as it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.letters.checks import ANSWER_DAYS
from portal.letters.copies.own_templates import find_own
from portal.letters.filling import in_words, without
from portal.letters.models import Letter
from portal.letters.templates import fields_of, fill, find_template

PAPERS = ("covering", "reminder", "press", "aloud")


@dataclass(frozen=True)
class Paper:
    """One paper, ready to copy, to print or to save."""

    which: str
    text: str


def paper_of(which: str, letter: Letter, content: Mapping[str, Any], *, link: str) -> Paper:
    """One of the papers. `content` is the letter's (see `sheet.content_of`), `link` its public page, absolute.

    Without anybody outside who may read the letter, the sentence with the link is left out. One statement where the
    letter began from a template of the campaign's own, otherwise none.
    """
    if which == "aloud":
        return Paper(which, aloud(content))
    template = find_template(letter.template_name) or find_own(letter.campaign, letter.template_name)
    # A template that was taken away since leaves the common papers.
    papers = (template or find_template("empty")).papers  # type: ignore[union-attr]
    text = papers[which]
    if not letter.is_frozen or letter.campaign.visibility == "circle":
        text = without(text, "{link}")
    words = fill(text, _fields(letter, content, link))
    return Paper(which, "\n".join(" ".join(line.split()) for line in words.split("\n")).strip())


def aloud(content: Mapping[str, Any]) -> str:
    """The letter as one says it: every number, day and test in words, in the order of the page."""
    parts = [content["title"]]
    language = content["language"]
    for block in content["blocks"]:
        text = block["text"].strip()
        number = block.get("number")
        if block["kind"] == "demand":
            said = [_("Demand %(number)s. %(text)s", number=number, text=text)]
            if block.get("by_on"):
                said.append(_("By %(day)s.", day=in_words(date.fromisoformat(str(block["by_on"])), language)))
            if block.get("test"):
                said.append(_("We will know that it is done when: %(test)s", test=block["test"].rstrip(".") + "."))
            parts.append(" ".join(said))
        elif block["kind"] == "question":
            parts.append(_("Question %(number)s. %(text)s", number=number, text=text))
        else:
            parts.append(text)
    return "\n\n".join(parts)


def _fields(letter: Letter, content: Mapping[str, Any], link: str) -> dict[str, str]:
    place, to, language = letter.campaign.place, content["to"], letter.language
    demand = next((block["text"] for block in content["blocks"] if block["kind"] == "demand"), "")
    due = letter.answer_due_on or clock.today() + timedelta(days=ANSWER_DAYS)
    known = fields_of(letter.campaign)
    return {
        **known,
        "person": to["name"] or to["post"] or known["person"],
        "organization": to["organization"] or known["organization"],
        "full_place": place.full_name,
        "group": content["from"]["group"],
        "title": content["title"],
        "signed": _signed(letter),
        "signed_short": _signed_short(letter),
        "answer_by": in_words(due, language),
        "sent_day": in_words(letter.sent_on, language) if letter.sent_on else _("[the day we sent it]"),
        "first_demand": demand or _("[what we ask for]"),
        "link": link,
    }


def _signed(letter: Letter) -> str:
    if not letter.signature_count:
        return ""
    people = ngettext("%(num)d person has signed it", "%(num)d people have signed it", letter.signature_count)
    return f"{people}{_from_homes(letter)}."


def _signed_short(letter: Letter) -> str:
    place = letter.campaign.place.name
    if not letter.signature_count:
        return _("The people of %(place)s", place=place)
    people = ngettext(
        "%(num)d resident of %(place)s", "%(num)d residents of %(place)s", letter.signature_count, place=place
    )
    return f"{people}{_from_homes(letter)}"


def _from_homes(letter: Letter) -> str:
    count, all_homes = letter.signed_home_count, letter.campaign.place.home_count
    if not count:
        return ""
    if not all_homes:
        return " " + ngettext("from %(num)d home", "from %(num)d homes", count)
    return " " + ngettext("from %(part)d of %(num)d home", "from %(part)d of %(num)d homes", all_homes, part=count)
