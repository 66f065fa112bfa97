"""What exactly we are asking for: adding, changing, ordering, withdrawing."""

import hashlib
from datetime import date
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Campaign, Demand
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person

FIELDS = ("kind", "what", "who", "by_on", "test", "home_count", "first_win", "worst_acceptable")


class ChangedMeanwhile(RuleBroken):
    """Somebody saved the same demand while this one was being written. `demand` is what stands now."""

    def __init__(self, demand: Demand) -> None:
        super().__init__(
            _("Somebody changed this demand while you were writing. Compare the two, then save again to keep yours")
        )
        self.demand = demand


def fingerprint(demand: Demand) -> str:
    """Changes whenever an answer of the demand changes."""
    text = repr([str(getattr(demand, name)) for name in FIELDS])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def add_demand(campaign: Campaign, *, by: Person, **answers: Any) -> Demand:
    """Add a demand at the end. `answers` are those of FIELDS that are known.

    Raises RuleBroken for a day that is over, or for more homes than the list has.
    """
    _check_day(answers.get("by_on"), None)
    _check_homes(campaign, answers.get("home_count"))
    with transaction():
        # The campaign's row first: two who add at once get two places in the order.
        campaign.touch()
        last = Demand.select(peewee.fn.MAX(Demand.position)).where(Demand.campaign == campaign.id).scalar()
        return Demand.create(campaign=campaign, position=0 if last is None else last + 1, **answers)


def edit_demand(demand: Demand, *, by: Person, seen: str, **answers: Any) -> None:
    """Save new answers. `seen` is the fingerprint of what the writer had before them.

    Raises ChangedMeanwhile when something else stands there by now; RuleBroken as in add_demand.
    """
    with transaction():
        demand.campaign.touch()
        standing = Demand.get_by_id(demand.id)
        if seen != fingerprint(standing):
            raise ChangedMeanwhile(standing)
        _check_day(answers.get("by_on"), standing.by_on)
        _check_homes(demand.campaign, answers.get("home_count"))
        Demand.update(**answers).where(Demand.id == demand.id).execute()


def move_demand(demand: Demand, *, by: Person, up: bool) -> None:
    """Change places with the one above or below; nothing happens at the end of the list."""
    with transaction():
        demand.campaign.touch()
        standing = list(
            Demand.select()
            .where(Demand.campaign == demand.campaign.id, Demand.withdrawn_at.is_null())
            .order_by(Demand.position, Demand.id)
        )
        ids = [row.id for row in standing]
        if demand.id not in ids:
            raise RuleBroken(_("This demand is withdrawn. Bring it back first"))
        place = ids.index(demand.id)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(ids):
            return
        ids[place], ids[other] = ids[other], ids[place]
        # Numbered afresh, so that rows that once shared a number come apart.
        for position, row_id in enumerate(ids):
            Demand.update(position=position).where(Demand.id == row_id, Demand.position != position).execute()


def withdraw_demand(demand: Demand, *, by: Person) -> None:
    """Ask for it no longer. It is kept and can be brought back. Raises RuleBroken when it is withdrawn already."""
    with transaction():
        demand.campaign.touch()
        taken = (
            Demand.update(withdrawn_at=clock.now())
            .where(Demand.id == demand.id, Demand.withdrawn_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This demand is withdrawn already"))


def bring_back_demand(demand: Demand, *, by: Person) -> None:
    """Ask for it again, where it stood. Raises RuleBroken when it stands already."""
    with transaction():
        demand.campaign.touch()
        taken = (
            Demand.update(withdrawn_at=None).where(Demand.id == demand.id, Demand.withdrawn_at.is_null(False)).execute()
        )
        if not taken:
            raise RuleBroken(_("This demand stands already"))


def _check_day(wanted: date | None, before: date | None) -> None:
    # A day already saved may pass; a new one must lie ahead.
    if wanted is not None and wanted != before and wanted <= clock.today():
        raise RuleBroken(_("Choose a day after today"), field="by_on")


def _check_homes(campaign: Campaign, count: int | None) -> None:
    all_homes = campaign.place.home_count
    if count is not None and all_homes and count > all_homes:
        raise RuleBroken(
            _("There are %(count)s homes on our list. Enter that number or a smaller one", count=all_homes),
            field="home_count",
        )
