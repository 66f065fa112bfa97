"""C2, Save Tern and Heron: three kinds of household, one letter, and a divided offer. The letters: tern_letters.py."""

from portal.campaigns.operations import Addressee
from portal.demo import tern_letters
from portal.demo.acts import Circle, start
from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.demo.post import start_letter
from portal.demo.tern_letters import HOMES
from portal.places.models import Building, Home

SHOP = "Bello’s, the back room, Aldous Street"
MORE_MEMBERS = 10


def build(stage: Stage, company: Company) -> None:
    """Build the campaign, from a surveyor who bought milk to the letter that waits to be frozen."""
    stage.tell("  Tern and Heron: 62 homes, 118 names, an offer that most declined")
    circle = start(
        stage,
        company,
        -94,
        "21:40",
        by="Rose Maddox",
        title="Save Tern and Heron",
        kind="demolition",
        place_name="Tern Court and Heron Court",
        town="Ashmere",
        problem=(
            "Our landlord wants to pull down 62 homes and build 90 others. Council tenants, private "
            "renters and owners are told different things, or nothing. We want to hear one thing, "
            "together: that our homes stay."
        ),
        addressee=Addressee(
            organization="Marchwell Estate Company",
            sector="developer",
            person_name="The Earl of Marchwell",
            post="chairman",
            email="estate.office@marchwell.example.com",
            postal_address="The Estate Office\nMarchwell Park",
        ),
        buildings=[
            {"name": "Tern Court", "floors": 8, "doors_per_floor": 4, "pattern": "letters"},
            {"name": "Heron Court", "floors": 6, "doors_per_floor": 5, "pattern": "hundreds"},
        ],
    )
    people = _gather(circle)
    _demands(circle)
    _first_meeting(circle, people)
    circle.go_public(-68, asked_by="Rose Maddox", agreed_by="Theo Lin")
    post = start_letter(circle, -67, "19:30", by="Rose Maddox", template="empty")
    post.head("We ask you to leave our homes standing", -67, "19:35", by="Rose Maddox", is_formal_complaint=False)
    post.write(stage.data("tern_first.json"))
    post.freeze(-52, asked_by="Rose Maddox", agreed_by="Theo Lin")
    tern_letters.sign(circle, post, people)
    tern_letters.send_and_hear(circle, post)
    _decide(circle, people)
    tern_letters.second_letter(circle, post)
    circle.put_up_poster(-8, by="Tunde Bello", note="In the shop window")
    _pairs_and_next(circle, people)


def _gather(circle: Circle) -> list[str]:
    homes = Home.select().join(Building).where(Building.place == circle.campaign.place_id).order_by(Home.id)
    ids = [home.id for home in homes if home.label not in HOMES.values()]
    circle.stage.dice.shuffle(ids)
    for tenure, part in (("social_rent", ids[:23]), ("private_rent", ids[23:52]), ("owner", ids[52:])):
        Home.update(tenure=tenure).where(Home.id.in_(part)).execute()
    for label, tenure in (("3B", "social_rent"), ("402", "private_rent"), ("8D", "owner")):
        Home.update(tenure=tenure).where(Home.id.in_([home.id for home in homes if home.label == label])).execute()
    circle.join("Theo Lin", -93, "22:50", by="Rose Maddox")
    circle.give("Theo Lin", "lead", -92, "20:30", by="Rose Maddox")
    circle.join("Tunde Bello", -92, "07:15", by="Rose Maddox")
    circle.join("Judith Ashcombe", -90, "10:45", by="Rose Maddox")
    circle.give("Judith Ashcombe", "drafter", -88, "18:20", by="Rose Maddox")
    circle.attach("Mags Olawale", -91, "17:00", by="Rose Maddox")
    people = [circle.company.household(1)[0] for _ in range(MORE_MEMBERS)]
    for nth, name in enumerate(people):
        circle.join(name, -89 + 2 * nth, ("19:10", "20:35", "12:15")[nth % 3], by=("Rose Maddox", "Theo Lin")[nth % 2])
    circle.give(people[0], "secretary", -80, "19:00", by="Theo Lin")
    circle.give(people[1], "door_captain", -80, "19:05", by="Theo Lin")
    return people


def _demands(circle: Circle) -> None:
    circle.demand(
        -85,
        "20:00",
        by="Rose Maddox",
        kind="stop",
        what="Take the plan to pull down Tern Court and Heron Court off the table.",
        who="Chairman",
        by_on=12,
        test="A public statement, before comments on the plans close",
        home_count=62,
        first_win="No application while we talk",
        worst_acceptable="An independent survey first, and a right to return at the same rent for all 62 homes",
    )
    circle.demand(
        -85,
        "20:20",
        by="Judith Ashcombe",
        kind="give",
        what="Show us the survey that says our homes are at their end.",
        who="Secretary to the estate",
        by_on=-26,
        test="All of it is in our hands",
        home_count=62,
        first_win="The summary",
    )
    circle.demand(
        -84,
        "22:40",
        by="Theo Lin",
        kind="meet",
        what="Speak to all of us together, whatever paper we live under.",
        who="Chairman",
        by_on=-12,
        test="One meeting, one answer, three kinds of household in the room",
        home_count=62,
        first_win="A date",
    )


def _first_meeting(circle: Circle, people: list[str]) -> None:
    here = ("Rose Maddox", "Theo Lin", "Judith Ashcombe", "Tunde Bello", *people[:8])
    meeting = circle.call(
        -70,
        ("19:00", "20:45"),
        called=-79,
        by="Rose Maddox",
        kind="assembly",
        title="Tern and Heron: first meeting",
        where=SHOP,
        access="One step at the door; Mr Bello has a ramp.",
        is_open=True,
        about="All 62 doors had a knock and a note.",
    )
    for name in here:
        circle.answer(meeting, name, "yes", -74, "21:00")
    guests = [circle.company.household(1)[0] for _ in range(38)]
    circle.hold(meeting, -70, ("19:05", "20:45"), ticked_by="Theo Lin", members=here, guests=guests, new=38)
    circle.close(
        meeting,
        -70,
        "21:10",
        by="Theo Lin",
        decisions=(
            "No kind of household settles alone. Whoever is made an offer tells the others first.",
            "One letter, to the chairman himself.",
        ),
        tasks=(
            ("Judith Ashcombe", "Find the council’s inspection in the library", -66),
            ("Theo Lin", "Ask the two schools what they know", -64),
        ),
        next_on=-12,
    )
    circle.finish_tasks(meeting)


def _decide(circle: Circle, people: list[str]) -> None:
    here = ("Rose Maddox", "Theo Lin", "Judith Ashcombe", "Tunde Bello", *people)
    meeting = circle.call(
        -12,
        ("19:00", "20:40"),
        called=-17,
        by="Theo Lin",
        kind="assembly",
        title="What do we say to twelve homes?",
        where=SHOP,
        access="One step at the door; Mr Bello has a ramp.",
        is_open=True,
        about="We read the whole offer aloud, then each kind of household speaks, then we count hands.",
    )
    for name in here[:12]:
        circle.answer(meeting, name, "yes", -15, "20:30")
    guests = [circle.company.household(1)[0] for _ in range(32)]
    circle.hold(meeting, -12, ("19:05", "20:40"), ticked_by="Theo Lin", members=here, guests=guests, new=9)
    circle.close(
        meeting,
        -12,
        "21:00",
        by="Theo Lin",
        decisions=(
            "The offer: 41 say no, 3 yes, 2 not sure. We write back that it is no.",
            "The three who said yes: they want a lift that works and do not believe it will come here. "
            "That goes into the letter.",
            "We ask each councillor, in public, where they stand on the application.",
        ),
        tasks=(
            ("Judith Ashcombe", "The survey: wait for the council’s answer to our request", 15),
            ("Theo Lin", "A sample comment on the plans, one page, in three languages", 2),
            ("Rose Maddox", "The second letter, ready for both leads", -1),
        ),
        next_on=6,
    )
    circle.finish_tasks(meeting, but=("Judith Ashcombe", "Theo Lin"))


def _pairs_and_next(circle: Circle, people: list[str]) -> None:
    pair = circle.pair(
        "Mags Olawale",
        "Theo Lin",
        -83,
        "19:00",
        purpose="Holding three kinds of household in one room",
        rhythm="Every second week",
    )
    circle.chats(
        pair,
        by="Mags Olawale",
        rows=(
            (
                -82,
                "Bello’s",
                "Rents by the month and has moved nine times. Wants to stop packing.",
                "Knock with Judith, not alone",
                -75,
            ),
            (
                -11,
                "By phone",
                "The three who said yes shook him. He listened and wrote it down word for word.",
                "Visit all three before the second letter goes",
                1,
            ),
        ),
    )
    circle.finish_steps(pair, until=-70)
    circle.firsts(
        pair,
        by="Theo Lin",
        rows=((-70, "Ticked fifty people in at a door"), (-12, "Chaired a vote, and read out the minority first")),
    )
    meeting = circle.call(
        6,
        ("10:30", "12:30"),
        called=-6,
        by="Rose Maddox",
        kind="other",
        title="Door round before comments close",
        where="Outside Bello’s",
        about="Two by two, with the sample comment. Home by half past twelve.",
        is_open=True,
    )
    for name in ("Rose Maddox", "Theo Lin", "Tunde Bello", *people[2:7]):
        circle.answer(meeting, name, "yes", -5, "20:15")
    circle.answer_by_link(meeting, "Keisha Ampofo", "keisha@example.org", -4, "13:05", brings_count=3)
