"""The words of the screen for how a letter reached them and what became of it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.language import format_day, format_moment
from portal.letters.models import Delivery

WAYS = {
    "email": _l("By e-mail"),
    "post": _l("By post"),
    "hand": _l("Handed over"),
    "web": _l("Through their complaint form"),
    "public": _l("In public"),
}
MANNERS = {
    "read_out": _l("We read it out"),
    "put_up": _l("We put it up for all to read"),
    "published": _l("It was published"),
}
# What became known of a delivery, as a line of its history.
CHANGES = {
    "refused": _l("Their mail system refused it"),
    "in_doubt": _l("The server stopped in the second of sending: nobody knew whether it left"),
    "arrived": _l("It arrived after all"),
    "lost": _l("It did not arrive"),
    "called_off": _l("Called off before it left"),
    "came_back": _l("It came back"),
    "stands_again": _l("It did reach them after all"),
}


def title_of(delivery: Delivery) -> str:
    """ "By post to Philippa Stroud"."""
    if delivery.channel == "public":
        return str(MANNERS.get(delivery.manner, WAYS["public"]))
    if delivery.channel == "hand":
        return _("Handed over to %(name)s", name=delivery.to_name)
    if delivery.channel == "web":
        return _("Through the form of %(name)s", name=delivery.to_name)
    if delivery.channel == "post":
        return _("By post to %(name)s", name=delivery.to_name)
    return _("By e-mail to %(name)s", name=delivery.to_name)


def state_of(delivery: Delivery) -> tuple[str, str]:
    """How it stands: a tone ("good", "late", "warn", "quiet") and a few words. Its mail is loaded."""
    if delivery.came_back_on is not None:
        return "late", _("came back %(day)s", day=format_day(delivery.came_back_on))
    if delivery.mail_id is None:
        return "quiet", _("on record")
    return {
        "queued": ("quiet", _("in the outbox, leaves in a moment")),
        "sending": ("quiet", _("on its way")),
        "sent": ("good", _("their mail system took it")),
        "deferred": ("warn", _("put off: we try again")),
        "failed": ("late", _("refused: it did not arrive")),
        "unknown": ("warn", _("in doubt: we do not know whether it left")),
        "cancelled": ("quiet", _("called off")),
    }[delivery.mail.state]


def reply_of(mail: Any) -> str:
    """What their mail server said, where it said something that a person can use; else nothing."""
    said = mail.last_reply
    return "" if not said or said == "250" or said.startswith("settled by") else said


def next_try(mail: Any) -> str:
    """ "The next try is on Thu 26 Nov, 14:05"."""
    return _("The next try is on %(moment)s.", moment=format_moment(mail.due_at)) if mail.due_at else ""
