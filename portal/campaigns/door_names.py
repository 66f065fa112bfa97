"""Which doors a new building has, and how a building is drawn. Pure: nothing is read or saved here."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from string import ascii_uppercase

from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.places.models import Building, Home

PATTERNS = ("letters", "hundreds", "running")
MOST_FLOORS = 80
MOST_DOORS_PER_FLOOR = 100
MOST_DOORS = 1000
DOORS_PER_ROW = 14
# How a home is drawn on the grid, by its status.
SHADES = {"occupied": "todo", "empty": "empty", "do_not_contact": "leave", "not_a_home": "empty"}
# What stands in the box, how it is drawn, and the whole in words.
Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Floor:
    """One floor: its name, its height in the order from below, and its doors from left to right."""

    label: str
    order: int
    doors: tuple[str, ...]


def plan_building(*, floors: int, doors_per_floor: int, pattern: str, has_ground_floor: bool) -> list[Floor]:
    """The floors of a building from below, each door with a name of its own.

    `pattern`: "letters" names 1A, 1B …; "hundreds" 101, 102 …; "running" counts 1, 2, 3 … through the building.
    With `has_ground_floor` the lowest floor is called G, and counts as one of `floors`. Raises RuleBroken when the
    building would be too large to be true.
    """
    if not 1 <= floors <= MOST_FLOORS:
        raise RuleBroken(_("Enter a number of floors from 1 to %(most)s", most=MOST_FLOORS), field="floors")
    most = MOST_DOORS_PER_FLOOR if pattern != "hundreds" else 99
    if not 1 <= doors_per_floor <= most:
        raise RuleBroken(_("Enter a number of homes from 1 to %(most)s", most=most), field="doors_per_floor")
    if floors * doors_per_floor > MOST_DOORS:
        raise RuleBroken(
            _("That makes more than %(most)s homes. Add it in parts, one staircase at a time", most=MOST_DOORS),
            field="floors",
        )
    lowest = 0 if has_ground_floor else 1
    plan = []
    for order in range(lowest, lowest + floors):
        label = "G" if order == 0 else str(order)
        first = (order - lowest) * doors_per_floor
        doors = (_door_name(pattern, label, nth, first + nth) for nth in range(1, doors_per_floor + 1))
        plan.append(Floor(label, order, tuple(doors)))
    return plan


def _door_name(pattern: str, floor: str, nth: int, running: int) -> str:
    if pattern == "letters":
        return f"{floor}{_letters(nth)}"
    if pattern == "hundreds":
        return f"{floor}{nth:02d}"
    return str(running)


def _letters(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = ascii_uppercase[rest] + text
    return text


def status_words(status: str) -> str:
    """What is known of a door, in words."""
    return {
        "occupied": _("somebody lives here"),
        "empty": _("nobody lives here"),
        "do_not_contact": _("asked not to be called on"),
        "not_a_home": _("not a home"),
    }[status]


def _cell(home: Home) -> Cell:
    title = f"{home.label}: {status_words(home.status)}"
    return (home.label if home.counts else "–", SHADES[home.status], title)


def rows_of(label: str, cells: list[Cell]) -> list[tuple[str, list[Cell]]]:
    """One floor as rows of a grid. A long one, such as a street, goes on in rows without a name."""
    starts = range(0, len(cells), DOORS_PER_ROW)
    return [("" if start else label, cells[start : start + DOORS_PER_ROW]) for start in starts]


@dataclass(frozen=True)
class DrawnBuilding:
    """A building ready for the page: its homes from the top, and the doors that do not count."""

    building: Building
    homes: list[Home]
    others: list[Home]

    @property
    def dwelling_count(self) -> int:
        """Homes it adds to the whole."""
        return sum(home.dwelling_count for home in self.homes)

    @property
    def floors(self) -> list[tuple[int, str, list[Home]]]:
        """(order, name, homes) from the top floor down; a floor whose every door is no home is there too."""
        both = sorted([*self.homes, *self.others], key=lambda home: (-home.floor_order, home.position, home.id))
        return [
            (order, floor[0].floor_label, [home for home in floor if home.counts])
            for order, found in groupby(both, key=lambda home: home.floor_order)
            if (floor := list(found))
        ]

    @property
    def grid(self) -> list[tuple[str, list[Cell]]]:
        """Rows for `ui.homes_grid`. A door that does not count leaves its place open, so that columns stay columns."""
        rows = []
        for order, label, _homes in self.floors:
            doors = [home for home in [*self.homes, *self.others] if home.floor_order == order]
            doors.sort(key=lambda home: (home.position, home.id))
            rows += rows_of(label, [_cell(home) for home in doors])
        return rows


def draw(buildings: Iterable[Building], homes: Iterable[Home]) -> list[DrawnBuilding]:
    """Put homes into their buildings, top floor first."""
    ordered = sorted(homes, key=lambda home: (-home.floor_order, home.position, home.id))
    return [
        DrawnBuilding(
            building,
            [home for home in ordered if home.building_id == building.id and home.counts],
            [home for home in ordered if home.building_id == building.id and not home.counts],
        )
        for building in buildings
    ]
