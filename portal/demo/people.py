"""Who lives in the demo. Everybody is invented; every address ends in example.org, which no mail can reach."""

import json

from portal.demo.ground import TEXTS, Stage
from portal.people.models import Person

# Their address is the first name. Everybody else has first.last.
FIRST_NAME_ADDRESSES = frozenset(
    {
        "Keisha Ampofo",
        "Dot Hargreaves",
        "Farid Noori",
        "Lorraine Bassey",
        "Joe Pell",
        "Bolu Adeyemi",
        "Amina Dirie",
        "Hassan Dirie",
        "Marisol Vega",
        "Trevor Light",
        "Stella Okoro",
        "Wen Li",
        "Danny Crewe",
        "Pat Sumner",
        "Ivan Ostrow",
        "Nasreen Malik",
        "Mags Olawale",
        "Rose Maddox",
        "Theo Lin",
        "Judith Ashcombe",
        "Tunde Bello",
        "Paul Trevean",
        "Lowenna Hosken",
        "Ross Carlyon",
        "Kerensa Tregear",
    }
)
_NAMES = json.loads((TEXTS / "names.json").read_text(encoding="utf-8"))
FIRST_NAMES: list[str] = _NAMES["first"].split()
LAST_NAMES: list[str] = _NAMES["last"].split()
CORNISH_LAST_NAMES: list[str] = _NAMES["cornish"].split()


def address_of(name: str) -> str:
    """The address of somebody in the demo."""
    words = name.casefold().replace("'", "").replace("’", "").split()
    return f"{words[0] if name in FIRST_NAME_ADDRESSES else '.'.join(words)}@example.org"


class Company:
    """Everybody with an account, made when first asked for, at the moment it is then; and names nobody has had yet."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.people: dict[str, Person] = {}
        self._taken: set[str] = set(FIRST_NAME_ADDRESSES)

    def __getitem__(self, name: str) -> Person:
        if name not in self.people:
            self._taken.add(name)
            self.people[name] = Person.create(name=name, email=address_of(name), is_demo=True)
        return self.people[name]

    def household(self, size: int, *, last_names: list[str] = LAST_NAMES) -> list[str]:
        """New names behind one door. Most share a last name, as families do; some do not."""
        dice = self.stage.dice
        last = dice.choice(last_names)
        names: list[str] = []
        while len(names) < size:
            if names and dice.random() < 0.3:
                last = dice.choice(last_names)
            name = f"{dice.choice(FIRST_NAMES)} {last}"
            if name not in self._taken:
                self._taken.add(name)
                names.append(name)
        return names
