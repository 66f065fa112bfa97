"""Finding a public campaign: by words, kind and town, newest first."""

from dataclasses import dataclass
from typing import Any

import peewee

from portal.campaigns.listing import page_of
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
    )
    fitting = matching(words) if words else None
    if fitting is not None:
        query = query.where(fitting)
    if kind:
        query = query.where(Campaign.kind == kind)
    if town:
        query = query.where(Place.town == town)
    return Found(*page_of(query, before=before, size=PAGE))
