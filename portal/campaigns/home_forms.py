"""Forms about buildings, doors and zones."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.campaigns.door_names import DrawnBuilding
from portal.campaigns.forms import longest
from portal.forms import BooleanField, Form, Number, RadioField, SelectField, Words, needed
from portal.places.models import Home

TENURES = [
    ("unknown", _l("Not known")),
    ("social_rent", _l("Rent from a council or housing association")),
    ("private_rent", _l("Rent from a private landlord")),
    ("leasehold", _l("Own a lease")),
    ("shared_owner", _l("Own a share")),
    ("owner", _l("Own it")),
]
STATUSES = [
    ("occupied", _l("Somebody lives here")),
    ("empty", _l("Nobody lives here")),
    ("do_not_contact", _l("They asked not to be called on")),
    ("not_a_home", _l("Not a home, such as a store or an office")),
]
PATTERNS = [
    ("letters", _l("By floor and letter: 1A, 1B … 14F")),
    ("hundreds", _l("By floor and number: 101, 102 … 612")),
    ("running", _l("Counted through: 1, 2, 3 … 84")),
]


class BuildingForm(Form):
    """A building by floors and homes on each."""

    name = Words(
        _l("What is the building called?"),
        [needed(_l("Enter the name of the building")), longest(80)],
        description=_l("For example: Larkspur Point, or Staircase B"),
    )
    floors = Number(
        _l("How many floors have homes?"),
        [needed(_l("Enter the number of floors"))],
        description=_l("For a row of houses, enter 1."),
        render_kw={"inputmode": "numeric"},
    )
    doors_per_floor = Number(
        _l("How many homes are on each floor?"),
        [needed(_l("Enter the number of homes on each floor"))],
        description=_l("The usual number. You can add and take off single doors afterwards."),
        render_kw={"inputmode": "numeric"},
    )
    pattern = RadioField(_l("How are the doors named?"), choices=PATTERNS, default="letters")
    has_ground_floor = BooleanField(
        _l("The lowest floor is the ground floor"),
        description=_l("We call it G. You can rename any floor afterwards, to “basement” or “1½”."),
    )


class ZoneForm(Form):
    """A street or area without a list of doors."""

    name = Words(
        _l("What is it called?"),
        [needed(_l("Enter a name for the street or area")), longest(80)],
        description=_l("For example: Quay Street, even numbers"),
    )
    dwelling_count = Number(
        _l("How many homes are there?"),
        [needed(_l("Enter the number of homes"))],
        description=_l("Count them, or take the number from the council. Every share is measured against it."),
        render_kw={"inputmode": "numeric"},
    )


class HomeForm(Form):
    """Add a door, with its floor."""

    label = Words(
        _l("What stands on the door?"),
        [needed(_l("Enter what stands on the door")), longest(20)],
        description=_l("For example: 4C, or 17½"),
    )
    floor = SelectField(_l("On which floor?"))
    new_floor = Words(
        _l("What is the new floor called?"),
        [longest(20)],
        description=_l("Only when you chose a new floor. For example: Basement, or 1½"),
    )

    def offer_floors(self, drawn: DrawnBuilding) -> None:
        """Fill the list of floors from the top, with room for a new one between any two."""
        floors = [(order, label) for order, label, _homes in drawn.floors]
        choices = [(f"new-{floors[0][0] + 1}", _("A new floor above %(floor)s", floor=floors[0][1]))] if floors else []
        for place, (order, label) in enumerate(floors):
            choices.append((str(order), _("Floor %(floor)s", floor=label)))
            if place + 1 < len(floors):
                below = floors[place + 1][1]
                between = _("A new floor between %(below)s and %(above)s", below=below, above=label)
                choices.append((f"new-{order}", between))
            else:
                choices.append((f"new-{order}", _("A new floor below %(floor)s", floor=label)))
        self.floor.choices = choices or [("new-1", _("A new floor"))]
        if not self.floor.raw_data and self.floor.data is None and floors:
            self.floor.data = str(floors[-1][0])

    def chosen_floor(self) -> dict[str, Any]:
        """The floor as the operations take it: its order, and the name of a new one."""
        order = int(self.floor.data.removeprefix("new-"))
        is_new = self.floor.data.startswith("new-")
        return {"floor_order": order, "new_floor": (self.new_floor.data or "") if is_new else None}


class EditHomeForm(HomeForm):
    """Change what is known of a door."""

    status = RadioField(_l("Who is there?"), choices=STATUSES, default="occupied")
    tenure = SelectField(_l("How do they live there?"), choices=TENURES, default="unknown")


def answers_of(home: Home) -> dict[str, str]:
    """What stands now, as the form takes it."""
    return {"label": home.label, "floor": str(home.floor_order), "status": home.status, "tenure": home.tenure}


def floors_form(drawn: DrawnBuilding) -> Form:
    """A form for the name of a building and of each of its floors, from the top: fields `name`, `floor_14`, …"""

    class FloorsForm(Form):
        name = Words(_l("Name of the building"), [needed(_l("Enter the name of the building")), longest(80)])

    for order, label, _homes in drawn.floors:
        field = Words(
            _l("Floor %(floor)s is called", floor=label),
            [needed(_l("Enter a name for floor %(floor)s", floor=label)), longest(20)],
        )
        setattr(FloorsForm, f"floor_{order}", field)
    standing = {f"floor_{order}": label for order, label, _homes in drawn.floors}
    return FloorsForm(data={"name": drawn.building.name, **standing})
