"""The words of the screen for mail that came in, by the names that the database keeps."""

from flask_babel import lazy_gettext as _l

# sort → (what a lead reads on the tag, its tone)
SORTS = {
    "response": (_l("From them"), "good"),
    "unverified": (_l("From them?"), "warn"),
    "auto_reply": (_l("A machine wrote it"), "quiet"),
    "bounce": (_l("It came back"), "late"),
    "spam": (_l("Looks like advertising"), "quiet"),
    "held": (_l("In the holding pen"), "quiet"),
}

# Why it was sorted so, in a sentence.
WHYS = {
    "proved": _l("The mail system that received it proved that it comes from their domain."),
    "not_proved": _l("It names one of their addresses, but nobody could prove that it comes from there."),
    "proved_other": _l("It comes from another domain than the one we wrote to."),
    "other_domain": _l("It comes from another domain than the one we wrote to, and nobody could prove even that."),
    "no_author": _l("It does not say clearly who wrote it."),
    "handed_over": _l("It did not come to this letter’s address. A steward of the portal gave it to this letter."),
    "auto_submitted": _l("It says of itself that a program wrote it."),
    "receipt": _l("A program says that our mail was opened or deleted."),
    "list": _l("It came over a mailing list."),
    "bulk": _l("It was sent to many at once."),
    "no_sender": _l("It was sent without an address to answer to, as programs do."),
    "daemon": _l("A mail system wrote it."),
    "away": _l("Its subject is one that programs write for people who are away."),
    "delivered": _l("Their mail system says that our mail was delivered."),
    "failed": _l("A mail system says that our letter did not arrive. Such a report can be forged: find out."),
    "delayed": _l("A mail system says that our letter is late. It goes on trying."),
    "not_ours": _l("It reports about a mail that we did not send, so it means nothing for this letter."),
    "marked": _l("The mail system that received it took it for advertising."),
    "loop": _l("The portal itself seems to have written it: it goes in a circle."),
    "too_many": _l("More than ten came from the same sender within ten minutes."),
    "no_token": _l("It came to an address that belongs to no letter."),
    "wrong_token": _l("It came to an address that was never made for a letter."),
    "closed": _l("It came to an address that its leads have closed."),
    "hung": _l("It could not be taken apart: it took too long. Only the original is kept."),
    "died": _l("It could not be taken apart. Only the original is kept."),
    "too_much_parts": _l("It could not be taken apart: it has more than a hundred parts. Only the original is kept."),
    "too_much_depth": _l("It could not be taken apart: it is packed too deep. Only the original is kept."),
    "too_much_headers": _l("It could not be taken apart: it has more than 200 headers. Only the original is kept."),
    "too_much_header": _l("It could not be taken apart: one of its headers is too long. Only the original is kept."),
}
