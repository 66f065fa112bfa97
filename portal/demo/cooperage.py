"""C5, Cooperage Wharf: open books asked for by law, heat that fails, and a letter that waits for its certificate."""

from typing import Any

from portal.campaigns.operations import Addressee
from portal.demo.acts import Circle, start
from portal.demo.crowd import Signer, settle_in, show_as, sign_directly, sign_online
from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.demo.post import Post, start_letter
from portal.letters import blocks
from portal.places.models import Building, Home
from portal.responses.deadlines import operations as deadlines

MEMBERS = ("Gus Hale", "Bea Sandford", "Imran Qureshi", "Celia Voss", "Otis Grant")
SIGNERS = 74
FROM = "Brackenfold Management"


def build(stage: Stage, company: Company) -> None:
    """Build the campaign, from a bill that nobody could read to three clocks that run."""
    stage.tell("  Cooperage Wharf: 118 homes, the books asked for, fourteen days without heat")
    circle = start(
        stage,
        company,
        -88,
        "21:10",
        by="Priyanka Rao",
        title="Fair bills at Cooperage Wharf",
        kind="charges",
        place_name="Cooperage Wharf",
        town="Ashmere",
        problem=(
            "Our service charge rose by half in two years, and nobody can say for what. The heat that we pay for "
            "failed on fourteen days. We want the books open, each line explained, and heat that stays on."
        ),
        addressee=Addressee(
            organization=FROM,
            sector="managing_agent",
            person_name="Sonia Kettering",
            post="head of estates",
            email="estates@brackenfold.example.com",
            postal_address="Brackenfold House\n9 Malt Lane\nAshmere",
        ),
        buildings=[
            {"name": "North Quay", "floors": 8, "doors_per_floor": 8, "pattern": "hundreds"},
            {"name": "South Quay", "floors": 9, "doors_per_floor": 6, "pattern": "hundreds"},
        ],
    )
    _gather(circle)
    _ask_for_the_books(circle)
    _complain_about_the_heat(circle)
    _open_letter(circle)


def _gather(circle: Circle) -> None:
    homes = list(Home.select().join(Building).where(Building.place == circle.campaign.place_id).order_by(Home.id))
    for tenure, part in (("leasehold", homes[:71]), ("shared_owner", homes[71:])):
        Home.update(tenure=tenure).where(Home.id.in_([home.id for home in part])).execute()
    for nth, name in enumerate(MEMBERS):
        circle.join(name, -86 + 4 * nth, "20:30", by="Priyanka Rao")
    circle.give("Gus Hale", "lead", -80, "19:15", by="Priyanka Rao")
    circle.give("Bea Sandford", "drafter", -64, "19:20", by="Priyanka Rao")
    circle.give("Celia Voss", "secretary", -63, "19:25", by="Priyanka Rao")
    circle.attach("Mags Olawale", -79, "17:10", by="Priyanka Rao")
    circle.demand(
        -70,
        "20:00",
        by="Priyanka Rao",
        kind="give",
        what="Open the books for the last two years.",
        who="Head of estates",
        by_on=20,
        test="We have sat with every invoice over £250",
        home_count=118,
        first_win="The summary of costs",
    )
    pair = circle.pair(
        "Priyanka Rao",
        "Gus Hale",
        -74,
        "18:50",
        purpose="Reading a set of accounts and explaining it to a room",
        rhythm="Every second Sunday",
    )
    circle.firsts(pair, by="Gus Hale", rows=((-41, "Explained a balance sheet to eleven neighbours"),))
    circle.go_public(-40, asked_by="Priyanka Rao", agreed_by="Gus Hale")


def _letter(circle: Circle, day: int, title: str, parts: list[dict[str, Any]]) -> Post:
    """A short letter: written in an evening, agreed to three days later."""
    post = start_letter(circle, day, "19:00", by="Priyanka Rao", template="empty")
    post.head(title, day, "19:05", by="Priyanka Rao", is_formal_complaint=False)
    with circle.stage.at(day, "19:10"):
        for block in list(post.letter.blocks):
            if block.kind not in {part["kind"] for part in parts}:
                blocks.remove_block(post.block(block.id), seen=block.version, by=circle.company["Priyanka Rao"])
    post.write(
        [
            {"kind": part["kind"], "saves": [{"by": "Priyanka Rao", "day": day, **_dated(circle.stage, part)}]}
            for part in parts
        ]
    )
    post.freeze(day + 4, asked_by="Priyanka Rao", agreed_by="Gus Hale")
    return post


def _dated(stage: Stage, part: dict[str, Any]) -> dict[str, Any]:
    return {name: stage.words(said) if name in ("text", "source") else said for name, said in part.items()}


def _ask_for_the_books(circle: Circle) -> None:
    """A summary of costs, and then the papers behind it: the later of two days counts for the one."""
    stage, company = circle.stage, circle.company
    post = _letter(
        circle,
        -55,
        "A written summary of our service charge costs",
        [
            {"kind": "greeting", "hour": "19:20", "text": "Dear Ms Kettering,\n\nWe hold leases at Cooperage Wharf."},
            {
                "kind": "demand",
                "hour": "19:40",
                "text": "Send us a written summary of the costs that make up the service charge of the last "
                "accounting year.",
                "test": "The summary is in our hands",
            },
            {"kind": "closing", "hour": "19:55", "text": "Reply to both of us."},
        ],
    )
    _send(post, -51, "A request for a summary of costs", happened=-50, channel="post", note="Certificate with Celia")
    post.choose_rules(("eng.lease.summary", "eng.lease.inspect"), -50, "20:10", by="Celia Voss")
    with stage.at(-50, "20:20"):
        deadlines.note_event(post.letter, event="period_end", day=stage.day(-235), by=company["Celia Voss"])
    with stage.at(-12, "20:20"):
        deadlines.note_event(post.letter, event="request", day=stage.day(-12), by=company["Celia Voss"])


def _complain_about_the_heat(circle: Circle) -> None:
    post = _letter(
        circle,
        -50,
        "Fourteen days without heat",
        [
            {
                "kind": "greeting",
                "hour": "19:20",
                "text": "Dear Ms Kettering,\n\nYou run the heat network that "
                "warms our homes. Treat this as a complaint.",
            },
            {
                "kind": "fact",
                "hour": "19:35",
                "text": "The heat was off on fourteen days since {D-120}.",
                "source": "The log on the landing of North Quay, one line for each day",
            },
            {
                "kind": "demand",
                "hour": "19:50",
                "text": "Tell us what failed, and pay each home back for each day.",
                "test": "A credit on the next bill of every home",
                "by_on": 12,
            },
        ],
    )
    _send(post, -44, "A complaint about the heat network", channel="email")
    post.choose_rules(("heat.gb.deadlock",), -44, "20:40", by="Celia Voss")
    receipt = post.log(
        -41,
        logged=(-41, "18:30"),
        by="Celia Voss",
        channel="email",
        from_name="Brackenfold, heat desk",
        text="We have your complaint. Its number is HN-2207. We look into such matters within eight weeks.",
    )
    post.read(receipt, (-41, "20:00"), by="Gus Hale", kind="acknowledgement")


def _open_letter(circle: Circle) -> None:
    """Frozen and signed. It goes by post, and waits for somebody who stands in the queue for a certificate."""
    post = _letter(
        circle,
        -16,
        "Open the books at Cooperage Wharf",
        [
            {
                "kind": "greeting",
                "hour": "19:20",
                "text": "Dear Ms Kettering,\n\nWe are 118 households. We pay for "
                "Cooperage Wharf, and we would like to know what we pay for.",
            },
            {
                "kind": "fact",
                "hour": "19:35",
                "text": "The charge rose from £1,940 to £2,910 a home in two years.",
                "source": "Our bills, put side by side by Priyanka Rao on {D-72}",
            },
            {
                "kind": "harm",
                "hour": "19:45",
                "text": "Two sales fell through because nobody could say what next "
                "year costs. Some of us pay by card and pay that off, too.",
            },
            {
                "kind": "demand",
                "hour": "20:00",
                "text": "Open the books of the last two years to four of us, for as long as it takes.",
                "test": "We have sat with every invoice over £250",
                "by_on": 20,
            },
            {
                "kind": "demand",
                "hour": "20:15",
                "text": "Stop chasing the disputed lines until we have seen them.",
                "test": "No reminder for a line on our list",
                "by_on": 6,
            },
            {"kind": "question", "hour": "20:25", "text": "Which of your contractors belong to Brackenfold?"},
        ],
    )
    names = [circle.company.household(1)[0] for _ in range(SIGNERS - 1 - len(MEMBERS))]
    members = [Signer(name, "", display="full") for name in ("Priyanka Rao", *MEMBERS)]
    others = [Signer(name, "") for name in names]
    show_as([*members, *others], post, full=30, first_name=12, resident=20)
    sign_online(post, members, first=(-12, "20:00"), last=(-11, "21:00"))
    sign_directly(post, others, first=(-12, "20:30"), last=(-3, "19:00"))
    settle_in(post, homes=58)


def _send(post: Post, day: int, subject: str, **how: Any) -> None:
    post.send(
        day if how["channel"] == "email" else day + 1,
        ("18:20", "19:10"),
        asked_by="Priyanka Rao",
        agreed_by="Gus Hale",
        to_name="Sonia Kettering",
        to_address="estates@brackenfold.example.com" if how["channel"] == "email" else "9 Malt Lane, Ashmere",
        subject=subject,
        words="Dear Ms Kettering,\n\nOur letter is attached.\n\nPriyanka Rao and Gus Hale",
        **how,
    )
