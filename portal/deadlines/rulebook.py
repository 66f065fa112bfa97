"""The rules as data: read from rules/*.json, checked when loaded. A rule never contains code."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from portal.deadlines import shape

FOLDER = Path(__file__).parent / "rules"
SETS = ("gb-eng", "gb-sct", "gb-wls", "gb-nir", "gb-utilities", "generic")
# Which calendar counts the working days of a promise typed in, by where the homes are.
CALENDAR_OF_COUNTRY = {"gb-eng": "gb-eng-wls", "gb-wls": "gb-eng-wls", "gb-sct": "gb-sct", "gb-nir": "gb-nir"}
OWN_ANSWER = "generic.answer"


@dataclass(frozen=True)
class Period:
    """A length of time: n hours, days, working days ("wd"), weeks or months, and which day is the first."""

    n: int
    unit: str
    first_day: str = "day_after"


@dataclass(frozen=True)
class Moment:
    """What starts a clock: an event, perhaps some time after it, and what stands in while it is not logged."""

    event: str
    add: Period | None = None
    fallback: "Moment | None" = None
    # Whether the fallback also holds against an event that came later than it should have.
    caps: bool = False


@dataclass(frozen=True)
class Extension:
    """They may put it off once, with a reason and a new date; at most by `period` where the rule names one."""

    period: Period | None
    times: int = 1


@dataclass(frozen=True)
class Source:
    """Where a rule is written, and when we last looked."""

    title: str
    url: str
    checked: date


@dataclass(frozen=True)
class Rule:
    """One clock, as it was in force between two dates."""

    id: str
    set: str
    title: str
    plain: str
    # What it waits for: acknowledgement, answer, meeting, work, information or comments.
    awaits: str
    calendar: str
    sectors: tuple[str, ...]
    countries: tuple[str, ...]
    trigger: tuple[Moment, ...]
    period: Period
    extension: Extension | None
    deemed_receipt: Mapping[str, Period | None]
    satisfied_by: tuple[str, ...]
    not_satisfied_by: tuple[str, ...]
    suggestions: tuple[str, ...]
    body: str | None
    remedy_note: str
    valid_from: date | None
    valid_to: date | None
    status: str
    confidence: str
    source: Source
    data: Mapping[str, Any]

    @property
    def runs(self) -> bool:
        """Whether it can start a clock at all: planned and repealed ones never do."""
        return self.status in {"in_force", "local_promise"}

    def is_valid_on(self, day: date) -> bool:
        """Whether it was in force on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def fits(self, country: str, sector: str) -> bool:
        """Whether it is for a decision-maker of this sector in this country."""
        here = not self.countries or country in self.countries
        return here and ("any" in self.sectors or sector in self.sectors)

    @property
    def events(self) -> tuple[str, ...]:
        """The events it waits for, fallbacks left out."""
        return tuple(moment.event for moment in self.trigger)


@dataclass(frozen=True)
class RuleSet:
    """The rules of one nation or trade, the bodies that watch over them, and in which order they follow."""

    name: str
    title: str
    last_reviewed: date
    rules: tuple[Rule, ...]
    bodies: Mapping[str, Mapping[str, Any]]
    chains: tuple[tuple[str, ...], ...]
    # Duties without a number of days: shown as text, never as a clock.
    duties: tuple[Mapping[str, Any], ...]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _period(given: Mapping[str, Any] | None) -> Period | None:
    return Period(given["n"], given["unit"], given.get("first_day", "day_after")) if given else None


def _moment(given: Mapping[str, Any]) -> Moment:
    fallback = given.get("fallback")
    return Moment(
        given["event"],
        _period(given.get("add")),
        _moment(fallback) if fallback else None,
        bool(fallback and fallback.get("caps")),
    )


def rule_from(given: Mapping[str, Any], *, set_name: str, calendar: str) -> Rule:
    """A rule from its data. Raises shape.RuleFileWrong where the data is not in the form."""
    shape.check_rule(given, set_name)
    trigger, breach, extension = given["trigger"], given.get("on_breach") or {}, given.get("extension")
    applies = given.get("applies", {})
    extends = bool(extension and extension["allowed"])
    period = _period(given["period"])
    assert period is not None
    return Rule(
        id=given["id"],
        set=set_name,
        title=given["title"],
        plain=given["plain"],
        awaits=given["awaits"],
        calendar=given.get("calendar", calendar),
        sectors=tuple(applies.get("sector", ("any",))),
        countries=tuple(applies.get("country", ())),
        trigger=tuple(_moment(one) for one in trigger.get("later_of", [trigger])),
        period=period,
        extension=Extension(_period(extension) if extension.get("n") else None, extension.get("times", 1))
        if extends and extension
        else None,
        deemed_receipt={channel: _period(one) for channel, one in given.get("deemed_receipt", {}).items()},
        satisfied_by=tuple(given.get("satisfied_by", ())),
        not_satisfied_by=tuple(given.get("not_satisfied_by", ())),
        suggestions=tuple(breach.get("suggest", ())),
        body=breach.get("body"),
        remedy_note=given.get("remedy_note") or "",
        valid_from=_day(given.get("valid_from")),
        valid_to=_day(given.get("valid_to")),
        status=given["status"],
        confidence=given["confidence"],
        source=Source(given["source"]["title"], given["source"]["url"], date.fromisoformat(given["source"]["checked"])),
        data={**given, "calendar": given.get("calendar", calendar), "set": set_name},
    )


def rule_set_from(given: Mapping[str, Any]) -> RuleSet:
    """A rule set from the data of its file. Raises shape.RuleFileWrong where the data is not in the form."""
    shape.check_set(given)
    return RuleSet(
        name=given["set"],
        title=given["name"],
        last_reviewed=date.fromisoformat(given["last_reviewed"]),
        rules=tuple(rule_from(one, set_name=given["set"], calendar=given["calendar"]) for one in given["rules"]),
        bodies={body["id"]: body for body in given.get("bodies", ())},
        chains=tuple(tuple(chain["steps"]) for chain in given.get("chains", ())),
        duties=tuple(given.get("duties", ())),
    )


@cache
def shipped(name: str) -> RuleSet:
    """The rule set as its file has it. Raises shape.RuleFileWrong when the file is not in the form."""
    return rule_set_from(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def every_rule() -> Iterable[Rule]:
    """All rules of all shipped sets, in the order of their files."""
    for name in SETS:
        yield from shipped(name).rules


def versions_of(rule_id: str) -> list[Rule]:
    """The rule with this id as it was and is, the version in force first. Empty for an unknown id."""
    return sorted((rule for rule in every_rule() if rule.id == rule_id), key=lambda rule: not rule.runs)


def body_of(rule: Rule) -> Mapping[str, Any] | None:
    """The public body to turn to when a rule is broken, where its set names one."""
    if rule.set not in SETS or rule.body is None:
        return None
    return shipped(rule.set).bodies.get(rule.body)
