"""Keeping the register of evidence: what there is, and nothing overwritten unseen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.evidence.models import EvidenceItem
from portal.people.models import Person

Listener = Callable[[EvidenceItem, "Particulars | None", Person], None]
_listeners: list[Listener] = []


@dataclass(frozen=True)
class Particulars:
    """What is written down about one thing that a fact can rest on."""

    kind: str
    title: str
    reference: str = ""
    source: str = ""
    home_count: int | None = None
    from_on: date | None = None
    to_on: date | None = None

    @classmethod
    def of(cls, item: EvidenceItem) -> "Particulars":
        """Of an item as it stands."""
        return cls(item.kind, item.title, item.reference, item.source, item.home_count, item.from_on, item.to_on)


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved first. `item` is how it stands now."""

    def __init__(self, item: EvidenceItem) -> None:
        super().__init__(
            _("Somebody changed this while you were writing. Both stand below. Save again to keep your words")
        )
        self.item = item


def when_changed(listener: Listener) -> Listener:
    """Have `listener(item, was, by)` called in the transaction of every change of an item that is there already.

    `was` is what was written down before, None where it was withdrawn or brought back. For features that come later in
    the order and use what stands here.
    """
    _listeners.append(listener)
    return listener


def add_item(campaign: Campaign, particulars: Particulars, *, by: Person) -> EvidenceItem:
    """Write down something that a fact can rest on. Raises RuleBroken for a number or days that cannot be."""
    _check(campaign, particulars)
    with transaction():
        return EvidenceItem.create(campaign=campaign, recorded_by=by, **vars(particulars))


def edit_item(item: EvidenceItem, particulars: Particulars, *, seen: int, by: Person) -> None:
    """Change it, over version `seen`. The same again changes nothing.

    Raises ChangedMeanwhile when somebody else saved first, RuleBroken for a number or days that cannot be.
    """
    _check(item.campaign, particulars)
    with transaction():
        before = _now(item)
        was = Particulars.of(before)
        if before.version == seen and was == particulars:
            return
        taken = (
            EvidenceItem.update(version=EvidenceItem.version + 1, **vars(particulars))
            .where(EvidenceItem.id == item.id, EvidenceItem.version == seen)
            .execute()
        )
        if not taken:
            raise ChangedMeanwhile(before)
        _tell(item, was, by)


def withdraw_item(item: EvidenceItem, *, by: Person) -> None:
    """Rest nothing on it any more. It is kept and can be brought back. Twice is once."""
    _set_withdrawn(item, True, by=by)


def bring_back_item(item: EvidenceItem, *, by: Person) -> None:
    """Let facts rest on it again. Twice is once."""
    _set_withdrawn(item, False, by=by)


def _set_withdrawn(item: EvidenceItem, withdrawn: bool, *, by: Person) -> None:
    with transaction():
        taken = (
            EvidenceItem.update(withdrawn_at=clock.now() if withdrawn else None, version=EvidenceItem.version + 1)
            .where(EvidenceItem.id == item.id, EvidenceItem.withdrawn_at.is_null(withdrawn))
            .execute()
        )
        if taken:
            _tell(item, None, by)


def _tell(item: EvidenceItem, was: Particulars | None, by: Person) -> None:
    now = _now(item)
    for listener in _listeners:
        listener(now, was, by)


def _now(item: EvidenceItem) -> EvidenceItem:
    now = EvidenceItem.get_by_id(item.id)
    now.campaign = item.campaign
    return now


def _check(campaign: Campaign, particulars: Particulars) -> None:
    count, all_homes = particulars.home_count, campaign.place.home_count
    if count is not None and count < 0:
        raise RuleBroken(_("Enter a number of homes, or leave it empty"), field="home_count")
    if count and all_homes and count > all_homes:
        raise RuleBroken(
            ngettext(
                "There is %(num)d home on our list. Enter that number or a smaller one",
                "There are %(num)d homes on our list. Enter that number or a smaller one",
                all_homes,
            ),
            field="home_count",
        )
    for name in ("from_on", "to_on"):
        day = getattr(particulars, name)
        if day is not None and day > clock.today():
            raise RuleBroken(_("The day must be today or earlier"), field=name)
    if particulars.from_on and particulars.to_on and particulars.to_on < particulars.from_on:
        raise RuleBroken(_("The last day must not be before the first"), field="to_on")
