"""Finding a public campaign: by words, kind and town, newest first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import peewee
import wtforms
from flask_babel import lazy_gettext as _l

from portal.campaigns.models import KINDS, Campaign
from portal.campaigns.search import matching
from portal.dashboards.words import KIND_WORDS
from portal.forms import SelectField, Words
from portal.places.models import Place
from portal.targets.models import Organization, Target

PAGE = 20
MOST_TOWNS = 200


class BrowseForm(wtforms.Form):
    """What to look for. A form that is sent by GET and changes nothing, so it carries no proof of origin."""

    q = Words(_l("Words"), description=_l("A street, a landlord, or what is wrong"))
    kind = SelectField(_l("What it is about"), validate_choice=False)
    town = SelectField(_l("Town"), validate_choice=False)

    def offer(self, towns: list[str]) -> None:
        """Fill the two lists; something that is on neither is the same as nothing chosen."""
        self.kind.choices = [("", _l("Anything")), *((name, KIND_WORDS[name]) for name in KINDS)]
        self.town.choices = [("", _l("Anywhere")), *((town, town) for town in towns)]
        self.q.data = (self.q.data or "")[:200]
        self.kind.data = self.kind.data if self.kind.data in KINDS else ""
        self.town.data = self.town.data if self.town.data in towns else ""

    @property
    def is_asking(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q.data or self.kind.data or self.town.data)

    @property
    def asked(self) -> dict[str, str]:
        """What was chosen, for the address of another page of the same list."""
        chosen = {"q": self.q.data, "kind": self.kind.data, "town": self.town.data}
        return {name: value for name, value in chosen.items() if value}


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


def find_public(form: BrowseForm, *, before: str = "") -> Found:
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
    words = matching(form.q.data) if form.q.data else None
    if words is not None:
        query = query.where(words)
    if form.kind.data:
        query = query.where(Campaign.kind == form.kind.data)
    if form.town.data:
        query = query.where(Place.town == form.town.data)
    place = read_key(before)
    if place is not None:
        at, campaign_id = place
        query = query.where(
            (Campaign.public_at < at) | ((Campaign.public_at == at) & (Campaign.id < campaign_id))
        )
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
