"""The letter about damp: written by many, signed by 143, sent. And the one about lifts, in the making."""

from portal.demo.acts import Circle
from portal.demo.crowd import Signer, show_as, sign_directly, sign_online
from portal.demo.post import Post, start_letter
from portal.places.models import Building, Home

SIGNED_HOMES = 66
SIGNERS = 143
ON_PAPER = 52
# Floors from here up are quiet: few have signed there yet.
QUIET_FLOOR = 10
SIGNED_UPSTAIRS = 16
OPENLY = (
    "Keisha Ampofo",
    "Dot Hargreaves",
    "Farid Noori",
    "Lorraine Bassey",
    "Joe Pell",
    "Ivan Ostrow",
    "Trevor Light",
)


def write_and_sign(circle: Circle, homes: dict[str, str], people: list[str]) -> Post:
    """From the first line to the last name on paper."""
    post = start_letter(circle, -75, "20:05", by="Farid Noori", template="damp_and_mould")
    post.head("We ask for dry walls and fans that work", -70, "21:05", by="Keisha Ampofo")
    post.write(circle.stage.data("larkspur_damp.json"))
    post.freeze(-48, asked_by="Keisha Ampofo", agreed_by="Dot Hargreaves")
    online, paper = _signers(circle, homes, people)
    show_as([*online, *paper], post, full=58, first_name=41, resident=30)
    sign_online(post, online, first=(-48, "19:45"), last=(-43, "21:30"))
    sign_directly(post, paper, first=(-43, "19:00"), last=(-43, "21:40"))
    return post


def _signers(circle: Circle, homes: dict[str, str], people: list[str]) -> tuple[list[Signer], list[Signer]]:
    """143 people behind 66 doors: the members first, then those who live with them and next to them."""
    company, dice = circle.company, circle.stage.dice
    doors = _doors(circle, set(homes.values()))
    signers = [Signer(name, home, display="full" if name in OPENLY else "hidden") for name, home in homes.items()]
    free = [door for door in doors if door not in homes.values()]
    signers += [Signer(name, door) for name, door in zip(people, free, strict=False)]
    paper: list[Signer] = []
    for signer in signers:
        if signer.name == "Harbhajan Kaur":
            signer.way = "paper"
    # Behind each door that has nobody yet lives somebody; then households fill up, two or three to a door.
    behind = [door for door in free[len(people) :]]
    spare = [door for door in doors if door != homes["Harbhajan Kaur"]]
    while len(behind) < SIGNERS - len(signers):
        behind.append(dice.choice(spare))
    names: dict[str, list[str]] = {}
    for door in behind:
        if door not in names:
            names[door] = company.household(behind.count(door))
    newcomers = [Signer(names[door].pop(), door) for door in behind]
    for signer in newcomers[-(ON_PAPER - 1) :]:
        signer.way = "paper"
    paper = [signer for signer in [*signers, *newcomers] if signer.way == "paper"]
    return [signer for signer in [*signers, *newcomers] if signer.way == "online"], paper


def _doors(circle: Circle, known: set[str]) -> list[str]:
    """The 66 doors behind which somebody signs: all known ones, most of the lower floors, few of the upper ones."""
    building = Building.get(Building.place == circle.campaign.place_id)
    open_doors = Home.select().where(Home.building == building.id, Home.status == "occupied", Home.label != "14A")
    homes = list(open_doors.order_by(Home.id))
    circle.stage.dice.shuffle(homes)
    upstairs = [home.label for home in homes if home.floor_order >= QUIET_FLOOR]
    downstairs = [home.label for home in homes if home.floor_order < QUIET_FLOOR]
    chosen = [label for label in upstairs if label in known]
    chosen += [label for label in upstairs if label not in known][: SIGNED_UPSTAIRS - len(chosen)]
    rest = SIGNED_HOMES - len(chosen)
    lower = [label for label in downstairs if label in known]
    lower += [label for label in downstairs if label not in known][: rest - len(lower)]
    both = [*lower, *chosen]
    circle.stage.dice.shuffle(both)
    return both


def send(post: Post) -> None:
    """By e-mail in the morning, and by hand at their office at noon, with a photograph outside."""
    words = post.stage.words(
        "Dear Philippa Stroud,\n\n"
        "Attached is an open letter from the people of Larkspur Point. 143 of us have signed it, from 66 "
        "of our 84 homes. It asks for six things and has two questions. We look for your answer by {D-28}, "
        "number by number.\n\n"
        "An answer to this address reaches all of us.\n\n"
        "Keisha Ampofo and Dot Hargreaves\nfor the people of Larkspur Point"
    )
    post.send(
        -42,
        ("08:15", "09:05"),
        asked_by="Keisha Ampofo",
        agreed_by="Dot Hargreaves",
        channel="email",
        to_name="Philippa Stroud",
        to_address="complaints@meridalehomes.example.com",
        subject="Open letter from 143 people of Larkspur Point",
        words=words,
    )
    post.send(
        -42,
        ("13:10", "13:25"),
        asked_by="Dot Hargreaves",
        agreed_by="Keisha Ampofo",
        channel="hand",
        to_name="Front desk, Meridale House",
        to_address="12 Station Parade, Ashmere",
        note="Dot, Joe and Amina with both children. The desk gave us a stamped copy. 52 of the names are "
        "on the paper sheets, which we showed and kept.",
    )


def draft_lifts(circle: Circle) -> Post:
    """The second letter: four people at work, and two texts for demand 2 that nobody has settled yet."""
    post = start_letter(
        circle,
        -12,
        "21:00",
        by="Bolu Adeyemi",
        template="empty",
        demands=("Keep at least one lift", "Mend lift A", "Have a plan for each neighbour"),
    )
    post.head(
        "Two lifts that work, and a plan for the day they do not",
        -12,
        "21:10",
        by="Bolu Adeyemi",
        is_formal_complaint=True,
    )
    post.write(circle.stage.data("larkspur_lifts.json"))
    return post
