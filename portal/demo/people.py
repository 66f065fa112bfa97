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
        "Ailsa Drummond",
        "Morag Tait",
        "Priyanka Rao",
    }
)
# Each kind of place has peoples: how many of a hundred or so, their first names, their last names.
_NAMES: dict[str, list[tuple[int, str, str]]] = json.loads((TEXTS / "names.json").read_text(encoding="utf-8"))


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

    def household(self, size: int, *, of: str = "here") -> list[str]:
        """New names behind one door. Most share a last name, as families do; some do not."""
        dice, kinds = self.stage.dice, _NAMES[of]
        weights = [kind[0] for kind in kinds]
        _weight, firsts, lasts = dice.choices(kinds, weights)[0]
        last = dice.choice(lasts.split())
        names: list[str] = []
        while len(names) < size:
            if names and dice.random() < 0.25:
                _weight, firsts, lasts = dice.choices(kinds, weights)[0]
                last = dice.choice(lasts.split())
            name = f"{dice.choice(firsts.split())} {last}"
            if name in self._taken:
                last = dice.choice(lasts.split())
                continue
            self._taken.add(name)
            names.append(name)
        return names
