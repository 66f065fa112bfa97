"""The words of the picture of a letter's clocks: its finding, its lanes, its signs."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.language import format_day
from portal.responses.deadlines.cards import Card, state_in_words
from portal.responses.deadlines.picture import Lane, Mark, Picture
from portal.responses.words import KINDS

SIGNS = {
    "sent": _l("our letter"),
    "ack": _l("they say that they have it"),
    "holding": _l("not an answer yet"),
    "answer": _l("an answer"),
    "other": _l("something else came"),
    "unread": _l("came, not read yet"),
    "yes": _l("yes"),
    "partly": _l("partly"),
    "no": _l("no"),
    "not_answered": _l("not answered"),
    "unclear": _l("unclear"),
}

LANES = {
    "acknowledgement": _l("Their word that they have it"),
    "answer": _l("Their answer"),
    "meeting": _l("Their yes to a meeting"),
    "work": _l("The work"),
    "information": _l("The information"),
    "comments": _l("Our own step"),
}


def late_in_words(lane: Lane) -> str:
    """ "5 days late, 3 of them working days"."""
    days = ngettext("%(num)d day late", "%(num)d days late", lane.late_days)
    working = ngettext("%(num)d working day", "%(num)d working days", lane.late_working_days)
    return _("%(days)s, which is %(working)s", days=days, working=working)


def finding(picture: Picture) -> str:
    """What the picture shows, as a sentence: who owes what, and since when."""
    lane = picture.main
    assert lane.due is not None
    due = format_day(lane.due)
    if lane.ended is not None and lane.late_days:
        return _("They answered on %(on)s: %(late)s.", on=format_day(lane.ended), late=late_in_words(lane))
    if lane.ended is not None:
        return _("They answered on %(on)s, in time. It was due %(day)s.", on=format_day(lane.ended), day=due)
    if lane.late_days:
        return _("They owe us an answer since %(day)s. They are %(late)s.", day=due, late=late_in_words(lane))
    left = (lane.due - picture.today).days
    if left == 0:
        return _("They owe us an answer today, to the end of the day.")
    days = ngettext("%(num)d day", "%(num)d days", left)
    return _("They have until %(day)s to answer: %(days)s more.", day=due, days=days)


def name_of(lane: Lane, picture: Picture) -> str:
    """What a lane is about, in a few words."""
    if lane is picture.main:
        return _("The letter")
    if lane.ask is not None:
        if lane.ask.kind == "question":
            return _("Question %(number)s", number=lane.ask.number)
        return _("Demand %(number)s", number=lane.ask.number)
    assert lane.card is not None
    return str(LANES[lane.card.deadline.awaits])


def source_of(card: Card) -> str:
    """Whose date it is: the rule's title, their own promise, or that we asked for it."""
    if card.rule.set == "generic":
        return _("we asked for it")
    if card.rule.status == "local_promise":
        return _("their own promise")
    return card.rule.title


def due_in_words(lane: Lane) -> str:
    """The date of a lane and whose it is; both dates where they were given more time or a person set another."""
    if lane.card is None or lane.due is None:
        return ""
    if lane.first_due is not None:
        first, day = format_day(lane.first_due), format_day(lane.due)
        if lane.card.deadline.override_on is not None:
            return _("first %(first)s, then %(day)s, a date that we set", first=first, day=day)
        return _("first %(first)s, then %(day)s: they were given more time", first=first, day=day)
    return _("due %(day)s: %(source)s", day=format_day(lane.due), source=source_of(lane.card))


def standing_of(lane: Lane) -> str:
    """How a lane stands today."""
    if lane.is_late:
        return late_in_words(lane)
    if lane.ended is not None:
        on = format_day(lane.ended)
        if lane.card is not None and lane.card.deadline.awaits != "answer":
            return state_in_words(lane.card.deadline, lane.card.standing, lane.card.rule)
        if lane.late_days:
            return _("answered %(on)s, %(late)s", on=on, late=late_in_words(lane))
        return _("answered %(on)s, in time", on=on)
    if lane.card is not None:
        return state_in_words(lane.card.deadline, lane.card.standing, lane.card.rule)
    return _("no answer to this yet")


def said_by(mark: Mark) -> str:
    """A mark in words: "Mon 16 Nov: they have it"."""
    if mark.name in KINDS:
        name = str(KINDS[mark.name][0])
    elif mark.name == "done":
        name = _("done")
    else:
        name = str(SIGNS[mark.sign])
    return _("%(day)s: %(what)s", day=format_day(mark.day), what=name)
