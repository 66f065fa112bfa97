"""What comes after what: the chains that rules belong to, and how long a public body can be turned to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.deadlines import engine, rulebook
from portal.deadlines.calendars import shipped
from portal.deadlines.engine import Start
from portal.deadlines.rulebook import Period
from portal.language import format_day
from portal.responses.deadlines.cards import Card


@dataclass(frozen=True)
class Step:
    """One step of a procedure: a rule or, at the end, a public body. `state` is "done", "next" or "later"."""

    title: str
    state: str
    on: date | None
    # How it stands, in words; empty where nothing is known.
    note: str


@dataclass(frozen=True)
class Limit:
    """How long a public body can be turned to: so long from an event, and until when where that day is known."""

    body: Mapping[str, Any]
    period: Period
    event: str
    since: date | None
    until: date | None

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < today


def chains_of(cards: Iterable[Card]) -> list[list[Step]]:
    """The procedures that the chosen rules belong to, each in its order. At most one step of each is the next one.

    A step that was passed over, because nobody chose it and a later one is under way or done, is left out.
    """
    chosen = {card.rule.id: card for card in cards}
    found = []
    for name in rulebook.SETS:
        if not any(card.rule.set == name for card in chosen.values()):
            continue
        rule_set = rulebook.shipped(name)
        chains = [chain for chain in rule_set.chains if chosen.keys() & set(chain)]
        found += [_steps(chain, chosen, rule_set.bodies) for chain in chains]
    return found


def _steps(chain: tuple[str, ...], chosen: Mapping[str, Card], bodies: Mapping[str, Any]) -> list[Step]:
    def is_done(step_id: str) -> bool:
        return step_id in chosen and chosen[step_id].deadline.satisfied_on is not None

    last_done = max((at for at, step_id in enumerate(chain) if is_done(step_id)), default=-1)
    open_ones = [at for at, step_id in enumerate(chain) if step_id in chosen and not is_done(step_id)]
    here = min(open_ones, default=last_done + 1)
    steps = []
    for at, step_id in enumerate(chain):
        if step_id not in chosen and at < max(here, last_done):
            continue
        state = "done" if is_done(step_id) else "next" if at == here else "later"
        steps.append(_step(step_id, state, chosen.get(step_id), bodies))
    return steps


def _step(step_id: str, state: str, card: Card | None, bodies: Mapping[str, Any]) -> Step:
    if step_id in bodies:
        return Step(bodies[step_id]["name"], state, None, _("when they have not put it right until here"))
    if card is None:
        return Step(rulebook.versions_of(step_id)[0].title, state, None, _("not chosen for this letter yet"))
    on = card.deadline.satisfied_on
    return Step(card.rule.title, state, on, "" if on else card.state)


def limits_of(cards: Iterable[Card], events: Mapping[str, date]) -> list[Limit]:
    """The bodies behind the chosen rules that can be turned to only for so long. `events` are the days people noted."""
    bodies: dict[str, Mapping[str, Any]] = {}
    for card in cards:
        body = card.body
        if body is not None and body.get("time_limit"):
            bodies.setdefault(body["id"], body)
    return [_limit(body, events) for body in bodies.values()]


def _limit(body: Mapping[str, Any], events: Mapping[str, date]) -> Limit:
    limit = body["time_limit"]
    period = Period(limit["n"], limit["unit"])
    # Only the day of a final answer is noted as such; when somebody first knew of the trouble is not ours to guess.
    since = events.get("final_response") if limit["from"] == "final_response" else None
    until = engine.count(Start(since), period, shipped("none")).on if since else None
    return Limit(body, period, limit["from"], since, until)


def limit_in_words(limit: Limit, today: date, length: str) -> str:
    """Until when a body can be turned to, as a sentence. `length` is the period in words."""
    if limit.event != "final_response":
        return _("You can turn to them for %(length)s from the day when you first knew of the trouble.", length=length)
    if limit.until is None or limit.since is None:
        return _("You can turn to them for %(length)s from the landlord’s or company’s final answer.", length=length)
    since, until = format_day(limit.since), format_day(limit.until)
    if limit.is_over(today):
        return _(
            "Their final answer came %(since)s. The %(length)s ended %(until)s. Ask them all the same: they can make "
            "exceptions.",
            since=since,
            length=length,
            until=until,
        )
    return _(
        "Their final answer came %(since)s. You can turn to them for %(length)s from then: until %(until)s.",
        since=since,
        length=length,
        until=until,
    )
