"""C1, Larkspur Point: dry walls, working lifts. The full showcase: people, homes, meetings, one sent letter, one draft.

The letter and what came back are in larkspur_letter.py and larkspur_promises.py.
"""

from typing import Any

from portal.campaigns.operations import Addressee
from portal.demo import (
    larkspur_answers,
    larkspur_lately,
    larkspur_letter,
    larkspur_meetings,
    larkspur_pairs,
    larkspur_promises,
)
from portal.demo.acts import Circle, start
from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.places.models import Building, Home

PLACE = "Larkspur Point"
# Who lives where, of those with a part in the story. Mrs Kaur has no e-mail; Mr Gale in 14A wants none of it.
HOMES = {
    "Keisha Ampofo": "9C",
    "Dot Hargreaves": "2A",
    "Farid Noori": "6E",
    "Lorraine Bassey": "12B",
    "Joe Pell": "4D",
    "Bolu Adeyemi": "9F",
    "Amina Dirie": "11C",
    "Hassan Dirie": "11C",
    "Marisol Vega": "3B",
    "Trevor Light": "13A",
    "Stella Okoro": "5F",
    "Wen Li": "10D",
    "Danny Crewe": "8A",
    "Pat Sumner": "1F",
    "Ivan Ostrow": "14B",
    "Nasreen Malik": "2B",
}
ON_PAPER = {"Harbhajan Kaur": "7C"}
EMPTY = ("10F", "13D", "14E")
LEFT_ALONE = "6A"
LEASEHOLD = 15
PRIVATE = 5
# In what order they came in, by whose invitation, and when.
JOINED = (
    ("Dot Hargreaves", -146, "17:20", "Keisha Ampofo"),
    ("Farid Noori", -140, "20:15", "Keisha Ampofo"),
    ("Lorraine Bassey", -139, "11:30", "Dot Hargreaves"),
    ("Joe Pell", -136, "18:50", "Dot Hargreaves"),
    ("Marisol Vega", -129, "21:10", "Keisha Ampofo"),
    ("Stella Okoro", -128, "22:30", "Lorraine Bassey"),
    ("Bolu Adeyemi", -126, "16:05", "Keisha Ampofo"),
    ("Nasreen Malik", -121, "10:25", "Dot Hargreaves"),
    ("Pat Sumner", -114, "19:45", "Joe Pell"),
    ("Danny Crewe", -109, "20:40", "Joe Pell"),
    ("Wen Li", -108, "21:00", "Bolu Adeyemi"),
    ("Ivan Ostrow", -104, "18:15", "Farid Noori"),
    ("Trevor Light", -87, "13:35", "Lorraine Bassey"),
    ("Amina Dirie", -78, "14:20", "Keisha Ampofo"),
    ("Hassan Dirie", -76, "23:05", "Amina Dirie"),
)
INVITERS = ("Keisha Ampofo", "Lorraine Bassey", "Joe Pell", "Farid Noori", "Bolu Adeyemi", "Stella Okoro")
MORE_MEMBERS = 32
DEMANDS: tuple[dict[str, Any], ...] = (
    {
        "kind": "do",
        "what": "Have every home on our list surveyed for damp by somebody independent.",
        "who": "Director of homes",
        "by_on": -28,
        "test": "Each of the 31 households says that a surveyor has been inside",
        "home_count": 31,
        "first_win": "A date for the first ten homes",
        "worst_acceptable": "Surveys by their own people, if we choose the homes and get the reports",
    },
    {
        "kind": "give",
        "what": "Write to each of these homes with what was found and what will be done.",
        "who": "Director of homes",
        "by_on": -21,
        "test": "Each household holds its own findings on paper",
        "home_count": 31,
        "first_win": "The findings for the two worst homes",
    },
    {
        "kind": "do",
        "what": "Make the wiring safe at once in the two homes where water runs beside it.",
        "who": "Regional repairs manager",
        "by_on": -40,
        "test": "The people in both homes use their switches again",
        "home_count": 2,
        "first_win": "An electrician at the door",
    },
    {
        "kind": "do",
        "what": "Fit a fan that works in the kitchen and the bathroom of all 84 homes.",
        "who": "Regional repairs manager",
        "by_on": -2,
        "test": "The tissue stays up",
        "home_count": 84,
        "first_win": "The 31 homes with mould first",
    },
    {
        "kind": "stop",
        "what": "Stop sending leaflets that say it is how we live.",
        "who": "Director of homes",
        "by_on": -28,
        "test": "Nobody finds one on the mat for three months",
        "home_count": 84,
        "first_win": "It is taken off the website",
    },
    {
        "kind": "meet",
        "what": "Meet us in the community room, with somebody who can decide about money.",
        "who": "Director of homes",
        "by_on": -21,
        "test": "The meeting has taken place, and there are notes",
        "home_count": 84,
        "first_win": "A date",
    },
)
LIFT_DEMANDS: tuple[dict[str, Any], ...] = (
    {
        "kind": "do",
        "what": "Keep at least one lift running at every hour.",
        "who": "Regional repairs manager",
        "by_on": 30,
    },
    {"kind": "do", "what": "Mend lift A for good.", "who": "Director of homes", "by_on": 60, "home_count": 84},
    {"kind": "give", "what": "Have a plan for each neighbour who cannot use the stairs.", "who": "Director of homes"},
)


def build(stage: Stage, company: Company) -> None:
    """Build the campaign, from the first conversation to this morning."""
    stage.tell("  Larkspur Point: 84 homes, and the people in them")
    circle = start(
        stage,
        company,
        -148,
        "20:30",
        by="Keisha Ampofo",
        title="Dry walls, working lifts",
        place_name=PLACE,
        town="Ashmere",
        kind="damp",
        problem=(
            "Thirty-one of our 84 homes have mould, and one of the two lifts stands still most weeks. Each "
            "of us rang, wrote and waited alone. Now we ask together: for walls that dry, fans that work "
            "and lifts that run."
        ),
        addressee=Addressee(
            organization="Meridale Homes",
            sector="social_housing",
            post="director of homes",
            person_name="Philippa Stroud",
            email="complaints@meridalehomes.example.com",
            postal_address="Meridale House\n12 Station Parade\nAshmere AS1 4XX",
        ),
        buildings=[{"name": PLACE, "floors": 14, "doors_per_floor": 6, "pattern": "letters"}],
    )
    _know_the_doors(circle)
    people = _gather(circle)
    larkspur_meetings.first(circle, people)
    for answers in DEMANDS:
        circle.demand(-128, "20:40", by="Dot Hargreaves", **answers)
    larkspur_meetings.in_the_open(circle, people)
    stage.tell("  Larkspur Point: the letter about damp, and 143 names")
    post = larkspur_letter.write_and_sign(circle, HOMES | ON_PAPER, people)
    larkspur_letter.send(post)
    stage.tell("  Larkspur Point: what Meridale answered and promised")
    for answers in LIFT_DEMANDS:
        circle.demand(-14, "19:55", by="Lorraine Bassey", **answers)
    found = larkspur_answers.answers(post)
    larkspur_promises.build(post, found, people)
    larkspur_letter.draft_lifts(circle)
    larkspur_lately.lately(circle)
    larkspur_pairs.build(circle)
    circle.put_up_poster(-9, by="Lorraine Bassey", note="By the lift that works")
    circle.ask_to_join(
        "Efua Mensah",
        "I moved into 13C ten weeks ago, with my father. Trevor showed me the letter in the lift, the day "
        "it worked. I can put up posters and I have a car.",
        -1,
        "18:45",
    )


def _know_the_doors(circle: Circle) -> None:
    """What was learnt at the doors. Written directly: 84 forms would prove nothing more."""
    dice = circle.stage.dice
    building = Building.get(Building.place == circle.campaign.place_id)
    homes = list(Home.select().where(Home.building == building.id).order_by(Home.id))
    free = [home for home in homes if home.label not in {*EMPTY, "14B", *HOMES.values()}]
    dice.shuffle(free)
    tenures = {home.id: "leasehold" for home in free[: LEASEHOLD - 1]}
    tenures |= {home.id: "private_rent" for home in free[LEASEHOLD - 1 : LEASEHOLD - 1 + PRIVATE]}
    tenures |= {home.id: "leasehold" for home in homes if home.label == "14B"}
    for tenure in ("leasehold", "private_rent"):
        ids = [home_id for home_id, found in tenures.items() if found == tenure]
        Home.update(tenure=tenure).where(Home.id.in_(ids)).execute()
    rented = Home.tenure == "unknown"
    Home.update(tenure="social_rent").where(Home.building == building.id, rented, Home.label.not_in(EMPTY)).execute()
    Home.update(status="empty").where(Home.building == building.id, Home.label.in_(EMPTY)).execute()
    Home.update(status="do_not_contact").where(Home.building == building.id, Home.label == LEFT_ALONE).execute()


def _gather(circle: Circle) -> list[str]:
    """Everybody comes in, and takes on work. Returns those with no part in the story, in the order they came."""
    stage, company = circle.stage, circle.company
    more = [company.household(1)[0] for _ in range(MORE_MEMBERS)]
    stage.dice.shuffle(more)
    hours = ("08:10", "12:30", "17:45", "19:05", "20:20", "21:35")
    # Most came after the two big meetings, in which they first heard of it.
    days = sorted([*range(-108, -96), *range(-93, -79, 2), *range(-58, -45)])[:MORE_MEMBERS]
    arrivals = [*JOINED]
    arrivals += [
        (name, day, hours[nth % len(hours)], INVITERS[nth % len(INVITERS)])
        for nth, (name, day) in enumerate(zip(more, days, strict=True))
    ]
    arrivals.sort(key=lambda one: (one[1], one[2]))
    circle.attach("Mags Olawale", -145, "19:20", by="Keisha Ampofo")
    for name, day, hour, inviter in arrivals:
        circle.join(name, day, hour, by=inviter)
        for role, at, by in ROLES.get(name, ()):
            circle.give(name, role, day + at, "20:55", by=by)
    return [name for name, _day, _hour, _by in arrivals if name in more]


# Role, days after they came in, given by.
ROLES = {
    "Dot Hargreaves": (("lead", 2, "Keisha Ampofo"), ("secretary", 2, "Keisha Ampofo")),
    "Farid Noori": (("drafter", 11, "Keisha Ampofo"),),
    "Lorraine Bassey": (("door_captain", 10, "Dot Hargreaves"), ("drafter", 58, "Keisha Ampofo")),
    "Joe Pell": (("spokesperson", 26, "Keisha Ampofo"), ("drafter", 59, "Keisha Ampofo")),
    "Bolu Adeyemi": (("drafter", 51, "Dot Hargreaves"),),
}
