"""A clock as a page shows it: its rule, how it stands, and the words for both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.deadlines import rulebook
from portal.deadlines import words as rule_words
from portal.deadlines.rulebook import Rule
from portal.language import format_day, format_moment
from portal.responses.deadlines import timing
from portal.responses.deadlines.models import Deadline
from portal.responses.deadlines.timing import Standing

AWAITS = {
    "acknowledgement": _l("they say that they have it"),
    "answer": _l("they answer"),
    "meeting": _l("they agree to meet"),
    "work": _l("the work"),
    "information": _l("the information"),
    "comments": _l("our own step"),
}
CHANGES = {
    "chosen": _l("chosen"),
    "dropped": _l("taken out"),
    "started": _l("it began to run"),
    "recomputed": _l("worked out again"),
    "stopped": _l("it no longer runs"),
    "extended": _l("they were given more time"),
    "overridden": _l("another date was set"),
    "override_removed": _l("the date of the rule holds again"),
    "kept": _l("kept"),
    "open_again": _l("not kept after all, it runs on"),
}
TONES = {"late": "late", "kept": "met", "kept_late": "met", "due": "waiting", "waits": "waiting"}


@dataclass(frozen=True)
class Card:
    """One clock with its rule and how it stands."""

    deadline: Deadline
    rule: Rule
    standing: Standing

    @property
    def tone(self) -> str:
        """ "late", "met" or "waiting", for the colour of the clock."""
        return TONES[self.standing.name]

    @property
    def state(self) -> str:
        """ "due Thu 26 Nov, in 3 days"."""
        return state_in_words(self.deadline, self.standing, self.rule)

    @property
    def steps(self) -> list[str]:
        """The working, one sentence for each step."""
        return rule_words.working_in_words(self.deadline.steps)

    @property
    def body(self) -> Mapping[str, Any] | None:
        """Whom to turn to when it is late."""
        return rulebook.body_of(self.rule)

    @property
    def suggestions(self) -> list[Any]:
        """What may be done when it is late."""
        return [rule_words.SUGGESTIONS[name] for name in self.rule.suggestions]

    @property
    def may_be_extended(self) -> bool:
        """Whether the rule still gives them more time."""
        open_ = self.deadline.due_on is not None and self.deadline.satisfied_on is None
        return open_ and self.rule.extension is not None and self.deadline.extended_on is None

    @property
    def may_be_settled(self) -> bool:
        """Whether a person may say that it was done: for everything but answers, which are logged."""
        open_ = self.deadline.due_on is not None and self.deadline.satisfied_on is None
        return open_ and self.deadline.awaits not in {"answer", "acknowledgement"}


def rule_of(deadline: Deadline) -> Rule:
    """The version of its rule that a clock runs by."""
    versions = timing.rules_in(deadline)
    on = deadline.trigger_on
    return next((one for one in versions if on is not None and one.is_valid_on(on)), versions[0])


def card_of(deadline: Deadline, now: datetime) -> Card:
    """A clock as it stands at a moment."""
    return Card(deadline, rule_of(deadline), timing.standing(deadline, now))


def received_by_rule(cards: list[Card]) -> dict[tuple[str, date], list[tuple[date, str]]]:
    """When what left one way on one day counts as received, and by which rule: the day and the rule's title.

    Only deliveries that start a clock, and only where the rule takes a time for the way.
    """
    found: dict[tuple[str, date], list[tuple[date, str]]] = {}
    for card in cards:
        how = card.deadline.steps.get("how") or {}
        if how.get("kind") == "receipt":
            left = (how["channel"], date.fromisoformat(how["start"]))
            found.setdefault(left, []).append((date.fromisoformat(how["due"]), card.rule.title))
    return found


def _ahead(days: int) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(num)d day", "in %(num)d days", days)


def _late(days: int) -> str:
    return ngettext("%(num)d day late", "%(num)d days late", days)


def state_in_words(deadline: Deadline, standing: Standing, rule: Rule) -> str:
    """How a clock stands, in a few words."""
    holds_on: date | None = deadline.holds_on
    if holds_on is None:
        if not rule.runs:
            return _("does not run yet")
        waited_for = rule_words.EVENTS[rule.events[-1]][1]
        return _("does not run yet: it waits for %(event)s", event=waited_for)
    by_hour = deadline.due_at is not None and holds_on == deadline.due_on
    day = format_moment(deadline.due_at) if by_hour else format_day(holds_on)
    came_on = deadline.satisfied_on or holds_on
    if standing.name == "kept":
        return _("kept: %(on)s, due %(day)s", on=format_day(came_on), day=day)
    if standing.name == "kept_late":
        return _("came %(on)s, %(late)s (due %(day)s)", on=format_day(came_on), late=_late(standing.days), day=day)
    if standing.name == "late":
        late = _late(standing.days) if standing.days else _("late since this hour")
        return _("%(late)s: it was due %(day)s", late=late, day=day)
    return _("due %(day)s, %(ahead)s", day=day, ahead=_ahead(standing.days))
