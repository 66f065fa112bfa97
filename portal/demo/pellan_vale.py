"""C3, Clear water for Pellan Vale: three supply zones, seven questions, 612 names, and an answer due in three days."""

from portal.campaigns.operations import Addressee
from portal.demo.acts import Circle, start
from portal.demo.crowd import Signer, show_as, sign_directly, sign_online
from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.demo.post import Post, start_letter

ZONES = (("Pellan Vale", 520), ("Carn Dowr", 410), ("Chapel Row and the Moor", 210))
# What stands on the sheets for an address: zones have no list of doors.
STREETS = (
    "Fore Street",
    "Chapel Row",
    "The Moor",
    "Carn Dowr",
    "Well Lane",
    "Bosun’s Hill",
    "Trelawn Road",
    "The Square",
    "Mill Close",
    "Church Town",
    "Dowr Terrace",
    "Quarry Hill",
)
SIGNERS, ON_PAPER = 612, 378
MORE_MEMBERS = 11
HALL = "Village hall, Pellan Vale"


def build(stage: Stage, company: Company) -> None:
    """Build the campaign, from the first brown bath to the three days that are left."""
    stage.tell("  Pellan Vale: 1,140 households, 612 names, one question after another")
    circle = start(
        stage,
        company,
        -120,
        "19:50",
        by="Paul Trevean",
        title="Clear water for Pellan Vale",
        kind="water",
        place_name="Pellan Vale and Carn Dowr",
        problem=(
            "Our water runs brown, some mornings in one street and some in all three zones. We have "
            "written down 96 of them. The company says that it is safe and does not say why it is brown. "
            "We ask seven questions, and want seven answers."
        ),
        addressee=Addressee(
            organization="Trevanna Water plc",
            sector="water",
            person_name="Oliver Strake",
            post="chief executive",
            email="complaints@trevannawater.example.com",
            postal_address="Trevanna House\nReservoir Road\nPorthdrannack",
        ),
        zones=ZONES,
    )
    people = _gather(circle)
    _demands(circle)
    _meet(circle, people)
    circle.go_public(-88, asked_by="Paul Trevean", agreed_by="Lowenna Hosken")
    post = start_letter(circle, -41, "20:10", by="Lowenna Hosken", template="water_quality")
    post.head("We ask seven questions about our water", -41, "20:15", by="Lowenna Hosken")
    post.write(stage.data("pellan_vale.json"))
    post.freeze(-29, asked_by="Lowenna Hosken", agreed_by="Paul Trevean")
    _sign(circle, post, people)
    post.mend_typo(
        "closing",
        ("Were an answer", "Where an answer"),
        (-12, "22:20"),
        asked_by="Lowenna Hosken",
        agreed_by="Paul Trevean",
        note="Ross found it while he counted the sheets: “were” has to be “where”.",
    )
    _send(circle, post)
    _come(circle, people)
    circle.put_up_poster(-7, by="Lowenna Hosken", note="Surgery, both schools, the café")


def _gather(circle: Circle) -> list[str]:
    circle.join("Lowenna Hosken", -118, "14:10", by="Paul Trevean")
    circle.give("Lowenna Hosken", "lead", -116, "19:30", by="Paul Trevean")
    circle.join("Ross Carlyon", -117, "22:35", by="Paul Trevean")
    circle.give("Ross Carlyon", "drafter", -115, "20:00", by="Paul Trevean")
    circle.attach("Kerensa Tregear", -114, "18:45", by="Paul Trevean")
    people = [circle.company.household(1, of="cornish")[0] for _ in range(MORE_MEMBERS)]
    for nth, name in enumerate(people):
        circle.join(
            name,
            -112 + 3 * nth,
            ("18:20", "20:50", "11:05")[nth % 3],
            by=("Paul Trevean", "Lowenna Hosken", "Ross Carlyon")[nth % 3],
        )
    circle.give(people[0], "door_captain", -100, "20:00", by="Lowenna Hosken")
    circle.give(people[1], "secretary", -100, "20:05", by="Lowenna Hosken")
    return people


def _demands(circle: Circle) -> None:
    common = {"who": "Chief executive", "home_count": 1140}
    circle.demand(
        -95,
        "20:20",
        by="Paul Trevean",
        kind="give",
        what="Publish every test of our water within a week of it.",
        by_on=30,
        test="Anybody can read the results without asking",
        first_win="The tests of the last three months",
        **common,
    )
    circle.demand(
        -95,
        "20:35",
        by="Lowenna Hosken",
        kind="do",
        what="Tell people the same hour when the water is not fit for a baby’s bottle.",
        by_on=14,
        test="The next time, the message is there before breakfast",
        first_win="A list of numbers to send it to",
        **common,
    )
    circle.demand(
        -94,
        "22:15",
        by="Ross Carlyon",
        kind="do",
        what="Mend the leak in Chapel Row, and put the road and the house right.",
        by_on=21,
        test="Mrs Jewell’s door closes again",
        first_win="A date",
        who="Chief executive",
        home_count=1,
    )
    circle.demand(
        -94,
        "22:30",
        by="Ross Carlyon",
        kind="promise",
        what="Pay each household what it is due for brown water, without a form.",
        by_on=60,
        test="It is on the next bill",
        first_win="A number for one day",
        **common,
    )


def _meet(circle: Circle, people: list[str]) -> None:
    here = ("Paul Trevean", "Lowenna Hosken", "Ross Carlyon", *people[:7])
    meeting = circle.call(
        -90,
        ("19:00", "20:30"),
        called=-99,
        by="Lowenna Hosken",
        kind="assembly",
        title="Brown water: bring a bottle",
        where=HALL,
        access="Level, with a hearing loop. Lifts from Carn Dowr: ring Ross.",
        is_open=True,
        about="Bring your water in a clear bottle with your street and the hour on it.",
    )
    for name in here:
        circle.answer(meeting, name, "yes", -93, "19:45")
    names = [circle.company.household(1, of="cornish")[0] for _ in range(47)]
    circle.hold(meeting, -90, ("19:05", "20:30"), ticked_by="Ross Carlyon", members=here, guests=names, new=44)
    circle.close(
        meeting,
        -90,
        "20:50",
        by="Lowenna Hosken",
        decisions=(
            "Thirty-one bottles stand on the stage. We photograph them, with the streets.",
            "We write down every brown morning, with the hour, until somebody tells us why.",
            "We say nothing that we cannot show.",
        ),
        tasks=(
            ("Ross Carlyon", "One map for all reports; streets public, houses not", -80),
            ("Lowenna Hosken", "Ask the surgery and both schools what they do when it is brown", -78),
            ("Paul Trevean", "Call the company’s engineer about the pipes, and note what he says", -34),
        ),
        next_on=16,
    )
    circle.finish_tasks(meeting)


def _sign(circle: Circle, post: Post, people: list[str]) -> None:
    company, dice = circle.company, circle.stage.dice

    def door() -> str:
        return f"{dice.randint(1, 48)} {dice.choice(STREETS)}"

    members = [Signer(name, door(), display="full") for name in ("Paul Trevean", "Lowenna Hosken", "Ross Carlyon")]
    members += [Signer(name, door()) for name in people]
    others: list[Signer] = []
    while len(members) + len(others) < SIGNERS:
        size = min(dice.choice((1, 2, 2, 2, 3)), SIGNERS - len(members) - len(others))
        home = door()
        others += [Signer(name, home) for name in company.household(size, of="cornish")]
    for signer in others[-ON_PAPER:]:
        signer.way = "paper"
    show_as([*members, *others], post, full=214, first_name=131, resident=167)
    sign_online(post, members, first=(-29, "19:45"), last=(-27, "20:00"))
    sign_directly(post, (one for one in others if one.way == "online"), first=(-28, "08:00"), last=(-12, "21:00"))
    sign_directly(post, (one for one in others if one.way == "paper"), first=(-14, "18:00"), last=(-12, "22:00"))


def _send(circle: Circle, post: Post) -> None:
    words = circle.stage.words(
        "Dear Oliver Strake,\n\n"
        "Attached is an open letter with seven questions and four demands. 612 people of Pellan Vale and "
        "Carn Dowr have signed it. We look for your answer by {D+3}, number by number.\n\n"
        "Paul Trevean and Lowenna Hosken"
    )
    post.send(
        -11,
        ("09:10", "09:35"),
        asked_by="Paul Trevean",
        agreed_by="Lowenna Hosken",
        channel="email",
        to_name="Oliver Strake",
        to_address="complaints@trevannawater.example.com",
        subject="Open letter: seven questions about our water",
        words=words,
    )
    post.send(
        -10,
        ("16:30", "18:15"),
        asked_by="Lowenna Hosken",
        agreed_by="Paul Trevean",
        channel="post",
        happened=-11,
        to_name="Oliver Strake",
        to_address="Trevanna House, Reservoir Road, Porthdrannack",
        note="Signed for at the post office in Fore Street. 378 of the names are on paper; the sheets stay "
        "with Lowenna.",
    )
    receipt = post.log(
        -9,
        logged=(-9, "17:45"),
        by="Ross Carlyon",
        channel="email",
        from_name="Trevanna Water Complaints",
        file="trevanna-acknowledgement.eml",
        text="We have given it the number TW-55210. We will reply to you in full within ten working days "
        "of the day on which we received it.",
    )
    post.read(receipt, (-9, "20:10"), by="Lowenna Hosken", kind="acknowledgement")
    post.publish(
        receipt,
        (-8, "10:00"),
        by="Paul Trevean",
        words="They have our letter, and say they will answer in full. That does not move the date.",
    )


def _come(circle: Circle, people: list[str]) -> None:
    meeting = circle.call(
        16,
        ("19:00", "21:00"),
        called=-7,
        by="Paul Trevean",
        kind="assembly",
        title="Public meeting: seven questions, seven answers",
        where=HALL,
        access="Level, with a hearing loop. Lifts from Carn Dowr: ring Ross.",
        is_open=True,
        about="Oliver Strake is invited, with an engineer. There will be a chair for him whether he comes or not.",
    )
    for name in ("Paul Trevean", "Lowenna Hosken", "Ross Carlyon", *people[:8]):
        circle.answer(meeting, name, "yes", -6, "20:30")
    for nth, brought in enumerate((1, 0, 3, 2, 0)):
        name = circle.company.household(1, of="cornish")[0]
        email = f"{name.casefold().replace(' ', '.')}@example.org"
        circle.answer_by_link(meeting, name, email, -5 + nth, "12:30", brings_count=brought)
    pair = circle.pair(
        "Kerensa Tregear",
        "Ross Carlyon",
        -104,
        "17:00",
        purpose="From the map to the microphone",
        rhythm="Fridays, on the harbour wall",
    )
    circle.chats(
        pair,
        by="Kerensa Tregear",
        rows=(
            (
                -103,
                "The harbour wall",
                "Left school angry. Knows every pipe by the noise it makes.",
                "Show the map to Lowenna first",
                -98,
            ),
        ),
    )
    circle.finish_steps(pair, until=-90)
    circle.firsts(pair, by="Ross Carlyon", rows=((-90, "Held a microphone and did not drop it"),))
