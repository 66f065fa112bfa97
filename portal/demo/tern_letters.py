"""The letters of Tern and Heron: 118 names, a divided offer, and a second letter that waits for the second lead."""

from portal.demo.acts import Circle
from portal.demo.crowd import Signer, show_as, sign_directly, sign_online
from portal.demo.desk import Desk, Register
from portal.demo.post import Post, check, promise, start_letter
from portal.places.models import Building, Home

HOMES = {"Rose Maddox": "3B", "Theo Lin": "402", "Judith Ashcombe": "8D"}
SIGNERS, ALLIES, SIGNED_HOMES, ON_PAPER = 118, 26, 47, 24


def sign(circle: Circle, post: Post, people: list[str]) -> None:
    """92 people from 47 homes and 26 allies: the shop, the schools, two clergy, a bus driver."""
    company, dice = circle.company, circle.stage.dice
    homes = Home.select().join(Building).where(Building.place == circle.campaign.place_id).order_by(Home.id)
    free = [home.label for home in homes if home.label not in HOMES.values()]
    dice.shuffle(free)
    doors = free[: SIGNED_HOMES - len(HOMES)]
    members = [Signer(name, home, display="full") for name, home in HOMES.items()]
    members += [Signer(name, door) for name, door in zip(people, doors, strict=False)]
    behind = doors[len(people) :]
    while len(behind) < SIGNERS - ALLIES - len(members):
        behind.append(dice.choice([*doors, *HOMES.values()]))
    names = {door: company.household(behind.count(door)) for door in dict.fromkeys(behind)}
    neighbours = [Signer(names[door].pop(), door) for door in behind]
    allies = [Signer("Tunde Bello", display="full")]
    allies += [Signer(company.household(1)[0], display="full" if nth < 12 else "hidden") for nth in range(ALLIES - 1)]
    everybody = [*members, *neighbours, *allies]
    show_as(everybody, post, full=49, first_name=28, resident=22)
    for signer in allies:
        if signer.display == "resident":
            signer.display = "first_name"
    for signer in neighbours[-ON_PAPER:]:
        signer.way = "paper"
    sign_online(post, [one for one in everybody if one.way == "online"], first=(-52, "20:00"), last=(-46, "21:00"))
    sign_directly(post, [one for one in everybody if one.way == "paper"], first=(-46, "18:00"), last=(-46, "20:00"))


def send_and_hear(circle: Circle, post: Post) -> None:
    """By e-mail and by post; then a call from their agents, and weeks later an offer to some."""
    words = circle.stage.words(
        "Dear Lord Marchwell,\n\n"
        "Attached is an open letter from the people of Tern Court and Heron Court, and from some who work "
        "and teach beside us. 118 of us have signed it. We look for your answer by {D-26}.\n\n"
        "Rose Maddox and Theo Lin"
    )
    post.send(
        -40,
        ("17:30", "18:05"),
        asked_by="Rose Maddox",
        agreed_by="Theo Lin",
        channel="email",
        to_name="The Earl of Marchwell",
        to_address="estate.office@marchwell.example.com",
        subject="Open letter from Tern Court and Heron Court",
        words=words,
    )
    post.send(
        -39,
        ("12:20", "19:45"),
        asked_by="Theo Lin",
        agreed_by="Rose Maddox",
        channel="post",
        happened=-40,
        to_name="The Earl of Marchwell",
        to_address="Marchwell Park",
        note="Signed for. Judith has the slip.",
    )
    receipt = post.log(
        -37,
        logged=(-37, "18:40"),
        by="Theo Lin",
        channel="phone",
        from_name="Fenwick Lyle Property, for the estate",
        text="A woman from Fenwick Lyle rang. They have the letter and the chairman has seen it. She asked how many of "
        "us rent privately. I said that we answer that together. She said that no application goes in before they have "
        "spoken to us.",
    )
    post.read(receipt, (-37, "20:50"), by="Theo Lin", kind="request_info")
    notice = promise(
        circle,
        (-36, "19:15"),
        by="Theo Lin",
        what="Put no application in before they have spoken to us.",
        made=-37,
        due=-9,
        response=receipt,
    )
    post.publish(
        receipt,
        (-36, "20:30"),
        by="Rose Maddox",
        words="Their agents rang to ask who of us rents privately. They said that no application goes in "
        "before they have spoken to us.",
    )
    offer = post.log(
        -18,
        logged=(-18, "13:15"),
        by="Rose Maddox",
        channel="letter",
        from_name="C. Ashby-Vane, secretary to the estate",
        file="marchwell-offer.pdf",
    )
    post.read(
        offer,
        (-18, "22:20"),
        by="Theo Lin",
        kind="partial",
        verdicts="nnp",
        notes={
            0: ("The right course is to replace them", None),
            1: ("was prepared for the estate and is confidential", None),
            2: ("You are warmly invited to a presentation at Bello's by {D+5}", 5),
        },
    )
    post.read(
        offer,
        (-17, "10:05"),
        by="Judith Ashcombe",
        kind="partial",
        verdicts="nn0",
        notes={1: ("confidential", None), 2: ("Agents who show drawings are not the chairman", None)},
    )
    promise(
        circle,
        (-17, "19:10"),
        by="Theo Lin",
        what="Show us the designs at Bello’s and answer questions.",
        made=-18,
        due=5,
        response=offer,
        block_id=post.asks()[2],
    )
    check(
        circle,
        notice,
        (
            (
                (-8, "08:20"),
                "Judith Ashcombe",
                "not_fixed",
                "The yellow notice is on the lamp post. Comments close in three weeks.",
            ),
            ((-8, "19:00"), "Theo Lin", "not_fixed", "Seen it too."),
        ),
    )
    post.publish(
        offer,
        (-11, "20:10"),
        by="Rose Maddox",
        words="An offer to some of us: 12 homes for council tenants in a scheme of 90, nothing for those "
        "who rent privately, and the survey stays secret. At our meeting 41 said no, 3 yes, 2 were not "
        "sure.",
    )


def second_letter(circle: Circle, post: Post) -> None:
    """Everybody votes on it until the day after tomorrow. Rose and two others have voted; Theo has not yet."""
    register = Register(circle)
    register.fill(circle.stage.data("tern_evidence.json"))
    second = start_letter(circle, -10, "20:25", by="Rose Maddox", template="empty", chases=post.letter)
    second.head(
        "Twelve homes for some of us is not an answer", -10, "20:27", by="Rose Maddox", is_formal_complaint=False
    )
    beside = Desk(second, register).acts_of(circle.stage.data("tern_second_desk.json"))
    second.write(circle.stage.data("tern_second.json"), beside)
    vote = second.open_vote(-1, "20:50", by="Rose Maddox", closes=2)
    second.say(vote, "Rose Maddox", "agree", -1, "20:55")
    second.say(vote, "Tunde Bello", "agree", -1, "21:15")
    second.say(
        vote, "Judith Ashcombe", "worry", -1, "22:05", "The closing day of the plans is close. Post it on Friday."
    )
