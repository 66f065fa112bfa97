"""Kinds of steps, and plans to begin from: data files, read once. Wording is changed there, never here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.campaigns.models import ROLES, Campaign
from portal.deadlines import rulebook
from portal.escalation.models import TRIGGERS

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Kind:
    """A kind of step. `text` names its file in texts/, `letter` the template of a letter to begin from, or nothing."""

    key: str
    name: str
    about: str
    text: str = ""
    letter: str = ""


@dataclass(frozen=True)
class PlannedStep:
    """A step of a plan to begin from. One that needs "body" is left out where no body watches over them."""

    kind: str
    what: str
    trigger: str
    who_role: str = ""
    days: int | None = None
    needs: str = ""


@dataclass(frozen=True)
class Plan:
    """A plan to begin from, for decision-makers of some sectors."""

    key: str
    position: int
    name: str
    about: str
    sectors: tuple[str, ...]
    steps: tuple[PlannedStep, ...]


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of step, by its key, in the order of the file."""
    rows = json.loads((HERE / "kinds.json").read_text(encoding="utf-8"))["kinds"]
    return {row["key"]: Kind(**row) for row in rows}


@cache
def plans() -> tuple[Plan, ...]:
    """Every plan in its order. Raises ValueError for a file with an unknown kind, role or trigger in it."""
    found = [_plan(json.loads(path.read_text(encoding="utf-8"))) for path in (HERE / "plans").glob("*.json")]
    return tuple(sorted(found, key=lambda plan: plan.position))


def _plan(given: dict[str, Any]) -> Plan:
    steps = tuple(PlannedStep(**step) for step in given["steps"])
    for step in steps:
        known = step.kind in kinds() and step.trigger in TRIGGERS and step.who_role in ("", *ROLES)
        if not known:
            raise ValueError(f"{given['key']}: {step} has a kind, a role or a trigger that is not known")
    return Plan(**{**given, "sectors": tuple(given["sectors"]), "steps": steps})


def find_plan(key: str) -> Plan | None:
    """The plan with this key, or None."""
    return next((plan for plan in plans() if plan.key == key), None)


def plans_for(campaign: Campaign) -> list[Plan]:
    """Every plan, those made for the decision-maker's sector first."""
    sector = campaign.target.organization.sector if campaign.target is not None else ""
    return sorted(plans(), key=lambda plan: (sector not in plan.sectors, plan.position))


def body_for(campaign: Campaign) -> Mapping[str, Any] | None:
    """The public body that looks at complaints about this decision-maker where the homes are; None without one.

    Read from the rules for answers that fit: a set names a body where breaking a rule leads to one.
    """
    if campaign.target is None:
        return None
    country, sector = campaign.place.country, campaign.target.organization.sector
    sets = [name for name in rulebook.SETS if name in {country, "gb-utilities"}]
    for name in sets:
        for rule in rulebook.shipped(name).rules:
            body = rulebook.body_of(rule)
            is_own = sector in rule.sectors and rule.fits(country, sector)
            if body is not None and is_own and rule.runs and rule.awaits == "answer":
                return body
    return None
