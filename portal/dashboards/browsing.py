"""Finding a public campaign: by words, kind and town, newest first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import peewee

from portal.campaigns.models import Campaign
from portal.campaigns.search import matching
from portal.places.models import Place
from portal.targets.models import Organization, Target

PAGE = 20
MOST_TOWNS = 200


@dataclass(frozen=True)
class Found:
    """A page of the list, and the key of the next."""

    campaigns: list[Campaign]
    older: str = ""


def find_towns() -> list[str]:
    """Towns with a public campaign, in order. One statement."""
    towns: Any = (
        Place.select(Place.town)
        .join(Campaign)
        .where(Campaign.visibility == "public", Place.town != "")
        .distinct()
        .order_by(Place.town)
        .limit(MOST_TOWNS)
    )
    return [town for (town,) in towns.tuples()]


def find_public(*, words: str = "", kind: str = "", town: str = "", before: str = "") -> Found:
    """Public campaigns that fit, newest first, `PAGE` at a time. One statement."""
    query = (
        Campaign.listed()
        .select(Campaign, Place, Target, Organization)
        .join_from(Campaign, Place)
        .join_from(Campaign, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .order_by(Campaign.public_at.desc(), Campaign.id.desc())
        .limit(PAGE + 1)
    )
    fitting = matching(words) if words else None
    if fitting is not None:
        query = query.where(fitting)
    if kind:
        query = query.where(Campaign.kind == kind)
    if town:
        query = query.where(Place.town == town)
    place = read_key(before)
    if place is not None:
        at, campaign_id = place
        query = query.where((Campaign.public_at < at) | ((Campaign.public_at == at) & (Campaign.id < campaign_id)))
    rows: list[Any] = list(query)
    older = key_of(rows[PAGE - 1]) if len(rows) > PAGE else ""
    return Found(rows[:PAGE], older)


def key_of(campaign: Campaign) -> str:
    """The place of a campaign in the list, for the address of what comes after it."""
    return f"{campaign.public_at:%Y%m%d%H%M%S}.{campaign.id}"


def read_key(typed: str) -> tuple[datetime, int] | None:
    """The place that `key_of` wrote, or None for anything else."""
    found = re.fullmatch(r"(\d{14})\.(\d{1,9})", typed)
    if not found:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC), int(found[2])
    except ValueError:
        return None
