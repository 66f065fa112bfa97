"""Our building: every door, and the number of homes that all shares are measured against.

Whatever changes here, `place.home_count` is the number of dwellings in homes that count, in the same transaction.
"""

from typing import Any

import peewee
from flask_babel import gettext as _

from portal.campaigns.door_names import DrawnBuilding, draw, plan_building
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.places.models import Building, Home, Place

MOST_DWELLINGS = 100_000


def buildings_of(campaign: Campaign) -> list[DrawnBuilding]:
    """Every building and zone with its homes. Two statements, however many there are."""
    buildings = list(
        Building.select().where(Building.place == campaign.place_id).order_by(Building.position, Building.id)
    )
    homes = list(Home.select().join(Building).where(Building.place == campaign.place_id))
    return draw(buildings, homes)


def add_building(
    campaign: Campaign,
    *,
    by: Person,
    name: str,
    floors: int,
    doors_per_floor: int,
    pattern: str,
    has_ground_floor: bool = False,
) -> Building:
    """Add a building with all its doors. Raises RuleBroken when the name is taken or the size cannot be."""
    plan = plan_building(
        floors=floors, doors_per_floor=doors_per_floor, pattern=pattern, has_ground_floor=has_ground_floor
    )
    with transaction():
        building = _new_building(campaign, name, is_zone=False)
        rows = [
            {
                "building": building.id,
                "floor_label": floor.label,
                "floor_order": floor.order,
                "label": door,
                "position": nth,
            }
            for floor in plan
            for nth, door in enumerate(floor.doors)
        ]
        for start in range(0, len(rows), 100):
            Home.insert_many(rows[start : start + 100]).execute()
        _recount(campaign)
    return building


def add_zone(campaign: Campaign, *, by: Person, name: str, dwelling_count: int) -> Building:
    """Add a street or area without a list of doors.

    Raises RuleBroken when the name is taken or the number cannot be.
    """
    _check_dwellings(dwelling_count)
    with transaction():
        zone = _new_building(campaign, name, is_zone=True)
        Home.create(building=zone, label=name, dwelling_count=dwelling_count)
        _recount(campaign)
    return zone


def edit_zone(campaign: Campaign, zone: Building, *, by: Person, name: str, dwelling_count: int) -> None:
    """Change the name and the number of homes of a zone. Raises RuleBroken as in add_zone."""
    _check_dwellings(dwelling_count)
    with transaction():
        campaign.touch()
        _check_name(campaign, name, besides=zone.id)
        Building.update(name=name).where(Building.id == zone.id).execute()
        Home.update(label=name, dwelling_count=dwelling_count).where(Home.building == zone.id).execute()
        _recount(campaign)


def edit_building(
    campaign: Campaign, building: Building, *, by: Person, name: str, floor_labels: dict[int, str]
) -> None:
    """Change the name of a building and of its floors, by their order.

    Raises RuleBroken when the building's name is taken or two floors share one.
    """
    if len({label.casefold() for label in floor_labels.values()}) < len(floor_labels):
        raise RuleBroken(_("Two floors have the same name. Give each its own"))
    with transaction():
        campaign.touch()
        _check_name(campaign, name, besides=building.id)
        Building.update(name=name).where(Building.id == building.id).execute()
        for order, label in floor_labels.items():
            Home.update(floor_label=label).where(Home.building == building.id, Home.floor_order == order).execute()


def remove_building(campaign: Campaign, building: Building, *, by: Person) -> None:
    """Remove a building and its doors for good. Raises RuleBroken once anybody has signed from a home."""
    with transaction():
        campaign.touch()
        # A signature holds on to its home: the share of homes would change behind people's backs.
        if Campaign.select().where(Campaign.id == campaign.id, Campaign.signed_home_count > 0).exists():
            raise RuleBroken(
                _("People have signed from their homes, so a building cannot be removed. Take single doors off instead")
            )
        Building.delete().where(Building.id == building.id).execute()
        _recount(campaign)


def add_home(
    campaign: Campaign, building: Building, *, by: Person, label: str, floor_order: int, new_floor: str | None = None
) -> Home:
    """Add a door at the end of a floor.

    With `new_floor`, a floor of that name is put in at `floor_order`, and the floors from there up move up by one.
    Raises RuleBroken when the door or the floor has a name that is taken.
    """
    with transaction():
        campaign.touch()
        _check_label(building.id, label)
        floor_label = _settle_floor(building.id, floor_order, new_floor)
        home = Home.create(
            building=building,
            label=label,
            floor_order=floor_order,
            floor_label=floor_label,
            position=_end_of_floor(building.id, floor_order),
        )
        _recount(campaign)
    return home


def edit_home(
    campaign: Campaign,
    home: Home,
    *,
    by: Person,
    label: str,
    floor_order: int,
    new_floor: str | None = None,
    tenure: str,
    status: str,
) -> None:
    """Change what is known of a door, and move it to another floor. Raises RuleBroken as in add_home."""
    with transaction():
        campaign.touch()
        _check_label(home.building_id, label, besides=home.id)
        position = home.position
        if new_floor is not None or floor_order != home.floor_order:
            position = _end_of_floor(home.building_id, floor_order) if new_floor is None else 0
        floor_label = _settle_floor(home.building_id, floor_order, new_floor)
        Home.update(
            label=label,
            floor_order=floor_order,
            floor_label=floor_label,
            position=position,
            tenure=tenure,
            status=status,
        ).where(Home.id == home.id).execute()
        _recount(campaign)


def take_off(campaign: Campaign, home: Home, *, by: Person) -> None:
    """A door that is not a home, or is there no longer: it counts no more, and can be put back."""
    _set_status(campaign, home, "not_a_home")


def put_back(campaign: Campaign, home: Home, *, by: Person) -> None:
    """A door that was taken off is a home after all."""
    _set_status(campaign, home, "occupied")


def _set_status(campaign: Campaign, home: Home, status: str) -> None:
    with transaction():
        campaign.touch()
        Home.update(status=status).where(Home.id == home.id).execute()
        _recount(campaign)


def _new_building(campaign: Campaign, name: str, *, is_zone: bool) -> Building:
    campaign.touch()
    _check_name(campaign, name)
    last = Building.select(peewee.fn.MAX(Building.position)).where(Building.place == campaign.place_id).scalar()
    return Building.create(
        place=campaign.place_id, name=name, is_zone=is_zone, position=0 if last is None else last + 1
    )


def _check_name(campaign: Campaign, name: str, besides: int = 0) -> None:
    others = Building.select(Building.name).where(Building.place == campaign.place_id, Building.id != besides)
    if name.casefold() in {other.casefold() for (other,) in others.tuples()}:
        said = _("There is a %(name)s on the list already. Give this one another name", name=name)
        raise RuleBroken(said, field="name")


def _check_label(building_id: int, label: str, besides: int = 0) -> None:
    others = Home.select(Home.label, Home.status).where(Home.building == building_id, Home.id != besides)
    taken = {other.casefold(): status for other, status in others.tuples()}
    status = taken.get(label.casefold())
    if status == "not_a_home":
        said = _("%(label)s is among the doors that do not count. Put it back from there", label=label)
        raise RuleBroken(said, field="label")
    if status is not None:
        raise RuleBroken(_("There is a %(label)s already. Give this door another name", label=label), field="label")


def _check_dwellings(count: int) -> None:
    if not 1 <= count <= MOST_DWELLINGS:
        raise RuleBroken(_("Enter a number of homes from 1 to %(most)s", most=MOST_DWELLINGS), field="dwelling_count")


def _settle_floor(building_id: int, floor_order: int, new_floor: str | None) -> str:
    """The name of the floor at this height; a new one is made room for."""
    rows: Any = Home.select(Home.floor_order, Home.floor_label).where(Home.building == building_id).distinct().tuples()
    floors: dict[int, str] = dict(rows)
    if new_floor is None:
        if floor_order not in floors:
            raise RuleBroken(_("Choose a floor from the list"), field="floor")
        return floors[floor_order]
    if not new_floor:
        raise RuleBroken(_("Enter what the new floor is called"), field="new_floor")
    if new_floor.casefold() in {label.casefold() for label in floors.values()}:
        said = _("There is a floor %(floor)s already. Choose it from the list", floor=new_floor)
        raise RuleBroken(said, field="new_floor")
    Home.update(floor_order=Home.floor_order + 1).where(
        Home.building == building_id, Home.floor_order >= floor_order
    ).execute()
    return new_floor


def _end_of_floor(building_id: int, floor_order: int) -> int:
    last = (
        Home.select(peewee.fn.MAX(Home.position))
        .where(Home.building == building_id, Home.floor_order == floor_order)
        .scalar()
    )
    return 0 if last is None else last + 1


def _recount(campaign: Campaign) -> None:
    # Called after touch(), which holds the campaign's row: two changes at once are counted one after the other.
    total = (
        Home.select(peewee.fn.COALESCE(peewee.fn.SUM(Home.dwelling_count), 0))
        .join(Building)
        .where(Building.place == campaign.place_id, Home.status != "not_a_home")
        .scalar()
    )
    Place.update(home_count=total).where(Place.id == campaign.place_id).execute()
    campaign.place.home_count = total
