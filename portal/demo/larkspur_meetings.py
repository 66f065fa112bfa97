"""The meetings of Larkspur Point: from tea for seven to the table with the landlord, and two that are to come."""

from portal.demo.acts import Circle

ROOM = "The community room, ground floor, Larkspur Point"
ACCESS = (
    "Level from the street. A hearing loop at the front. Children are welcome: there is a play corner with "
    "two grown-ups. We interpret into Somali and Dari; ask us about others."
)


def first(circle: Circle, people: list[str]) -> None:
    """Tea at Dot's: seven people find out that it is not only them."""
    meeting = circle.call(
        -130,
        ("18:30", "20:30"),
        called=-137,
        by="Keisha Ampofo",
        kind="house",
        title="Tea at Dot’s: what is wrong with our walls?",
        where="Dot’s, 2A",
        about="Bring a photograph of your worst wall, if you have one. Cake by Joe.",
    )
    core = ("Keisha Ampofo", "Dot Hargreaves", "Farid Noori", "Lorraine Bassey", "Joe Pell")
    for name in core:
        circle.answer(meeting, name, "yes", -134, "19:00")
    circle.hold(
        meeting,
        -130,
        ("18:40", "20:30"),
        ticked_by="Dot Hargreaves",
        members=core,
        guests=("Marisol Vega", "Stella Okoro"),
        new=2,
    )
    circle.close(
        meeting,
        -130,
        "20:50",
        by="Dot Hargreaves",
        decisions=(
            "We keep one list, home by home, and nobody is on it who did not say so.",
            "We ask the whole block before we write to anybody.",
        ),
        tasks=(
            ("Farid Noori", "Draw the list of all 84 homes on one sheet", -124),
            ("Lorraine Bassey", "Ask at the doors of floors 10 to 14", -112),
            ("Keisha Ampofo", "Book the community room", -120),
            ("Joe Pell", "Fifty invitations, each with a name on it", -114),
        ),
        next_on=-110,
    )
    circle.finish_tasks(meeting)


def in_the_open(circle: Circle, people: list[str]) -> None:
    """The whole block meets, the campaign goes public, and the assembly settles what the letter asks."""
    _block_meeting(circle)
    circle.go_public(-107, asked_by="Keisha Ampofo", agreed_by="Dot Hargreaves")
    _assembly(circle, people)


def _block_meeting(circle: Circle) -> None:
    company = circle.company
    here = (
        "Keisha Ampofo",
        "Dot Hargreaves",
        "Farid Noori",
        "Lorraine Bassey",
        "Joe Pell",
        "Marisol Vega",
        "Stella Okoro",
        "Bolu Adeyemi",
        "Nasreen Malik",
        "Pat Sumner",
    )
    meeting = circle.call(
        -110,
        ("19:00", "21:00"),
        called=-119,
        by="Keisha Ampofo",
        kind="assembly",
        title="First meeting of the whole block",
        where=ROOM,
        access=ACCESS,
        is_open=True,
        about="Who has damp, who has tried what, and what we want to ask for together. Every home has an invitation.",
    )
    for name in here:
        circle.answer(meeting, name, "yes", -113, "20:00")
    circle.answer(meeting, "Trevor Light", "no", -112, "21:45")
    guests = ["Danny Crewe", "Wen Li", "Ivan Ostrow"] + [company.household(1)[0] for _ in range(28)]
    circle.hold(meeting, -110, ("19:05", "21:00"), ticked_by="Dot Hargreaves", members=here, guests=guests, new=31)
    circle.close(
        meeting,
        -110,
        "21:20",
        by="Dot Hargreaves",
        decisions=(
            "Damp first, lifts second. Both are ours.",
            "One letter to Meridale Homes, from all of us.",
            "We test every fan with a sheet of tissue before we write that they do not work.",
        ),
        tasks=(
            ("Bolu Adeyemi", "Run the tissue test on one evening, two people to each door", -89),
            ("Lorraine Bassey", "Find a neighbour on each floor who opens the stairwell door", -96),
            ("Farid Noori", "Collect the old complaints with their numbers", -80),
        ),
        next_on=-60,
    )
    circle.finish_tasks(meeting)


def _assembly(circle: Circle, people: list[str]) -> None:
    company = circle.company
    members = [
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
        "Danny Crewe",
        "Pat Sumner",
        "Ivan Ostrow",
        "Nasreen Malik",
        *people[:16],
    ]
    meeting = circle.call(
        -60,
        ("18:30", "20:30"),
        called=-72,
        by="Dot Hargreaves",
        kind="assembly",
        title="Assembly: what exactly are we asking for?",
        where=ROOM,
        access=ACCESS,
        is_open=True,
        about="Eight tables, one demand each. Every table has somebody who listens and somebody who "
        "writes. Supper at six.",
    )
    for name in members[:24]:
        circle.answer(meeting, name, "yes", -66, "19:30")
    circle.answer(meeting, "Wen Li", "no", -65, "22:40")
    guests = [company.household(1)[0] for _ in range(31)] + ["Harbhajan Kaur"]
    circle.hold(meeting, -60, ("18:35", "20:30"), ticked_by="Dot Hargreaves", members=members, guests=guests, new=19)
    circle.close(
        meeting,
        -60,
        "20:55",
        by="Dot Hargreaves",
        decisions=(
            "Six demands and two questions go into the letter, as the tables wrote them.",
            "We say 31 homes, because we have 31 names, although we think that there are more.",
            "Ivan speaks for the leaseholders. What they ask for is what everybody asks for.",
            "The letter goes when half of our homes have signed, and not before.",
        ),
        tasks=(
            ("Farid Noori", "Put the words of the tables into the letter", -55),
            ("Amina Dirie", "Read it in Somali to anybody who wants to hear it", -49),
            ("Dot Hargreaves", "Large print, twelve copies", -47),
            ("Hassan Dirie", "Mind the play corner again next time", -6),
        ),
        next_on=-6,
    )
    circle.finish_tasks(meeting)
