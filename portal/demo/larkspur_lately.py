"""Larkspur Point in these weeks: the table with the landlord, how it went, and two meetings that are to come."""

from portal.demo.acts import Circle
from portal.demo.larkspur_meetings import ACCESS, ROOM


def lately(circle: Circle) -> None:
    """The table with the landlord, how it went, and what is to come."""
    _negotiation(circle)
    _evaluation(circle)
    lifts = circle.call(
        4,
        ("19:00", "20:30"),
        called=-5,
        by="Bolu Adeyemi",
        kind="core",
        title="Lifts: finish the letter",
        where="Farid’s, 6E",
        about="Two texts for demand 2 stand side by side. We read both aloud and settle it.",
    )
    for name, answer, hour in (
        ("Bolu Adeyemi", "yes", "20:15"),
        ("Farid Noori", "yes", "21:00"),
        ("Joe Pell", "yes", "21:10"),
        ("Danny Crewe", "maybe", "22:05"),
        ("Wen Li", "no", "22:20"),
    ):
        circle.answer(lifts, name, answer, -4, hour)
    circle.answer(
        lifts,
        "Lorraine Bassey",
        "yes",
        -3,
        "10:30",
        needs="Only if lift B runs. Otherwise ring me and I join by phone.",
    )
    _open_meeting(circle)


def _negotiation(circle: Circle) -> None:
    team = ("Keisha Ampofo", "Farid Noori", "Lorraine Bassey", "Dot Hargreaves", "Bolu Adeyemi")
    meeting = circle.call(
        -6,
        ("19:00", "20:30"),
        called=-13,
        by="Keisha Ampofo",
        kind="negotiation",
        title="Meridale Homes at our table",
        where=ROOM,
        access="Level from the street.",
        about="Keisha chairs, Farid has the facts, Lorraine tells her story, Dot takes notes, Bolu keeps "
        "the time. We practise the evening before.",
    )
    for name in team:
        circle.answer(meeting, name, "yes", -12, "20:45")
    circle.hold(meeting, -6, ("18:50", "20:30"), ticked_by="Dot Hargreaves", members=team)
    circle.close(
        meeting,
        -6,
        "21:10",
        by="Dot Hargreaves",
        decisions=(
            "Philippa Stroud said yes to surveys of all 31 homes, by somebody independent.",
            "Forty homes get working fans first. There is no date for the other 44.",
            "On compensation we heard only that a policy will be shared. We did not pretend that this is an answer.",
        ),
        tasks=(
            ("Dot Hargreaves", "Our notes to Meridale, before theirs come to us", -4),
            ("Farid Noori", "Put each promise on the list with its date", -4),
        ),
        next_on=-5,
    )
    circle.finish_tasks(meeting)


def _evaluation(circle: Circle) -> None:
    here = (
        "Keisha Ampofo",
        "Farid Noori",
        "Lorraine Bassey",
        "Dot Hargreaves",
        "Bolu Adeyemi",
        "Joe Pell",
        "Trevor Light",
        "Amina Dirie",
    )
    meeting = circle.call(
        -5,
        ("19:30", "20:45"),
        called=-9,
        by="Keisha Ampofo",
        kind="evaluation",
        title="How did it go with Meridale?",
        where="Dot’s, 2A",
        about="What we said, what we wish we had said, and who does what now.",
    )
    for name in here:
        circle.answer(meeting, name, "yes", -6, "22:00")
    circle.hold(meeting, -5, ("19:30", "20:45"), ticked_by="Bolu Adeyemi", members=here)
    circle.close(
        meeting,
        -5,
        "20:55",
        by="Bolu Adeyemi",
        decisions=(
            "Lorraine’s story changed the room. She decides when it is told again.",
            "We let one silence pass because it felt rude to wait. Next time we wait.",
            "Every promise is looked at by the people who live with it, before we call it kept.",
        ),
        tasks=(
            ("Amina Dirie", "Ask the mothers of floors 10 to 14 whether their fan was done", 2),
            ("Joe Pell", "A sheet by the lobby door: what was promised, and by when", 3),
            ("Keisha Ampofo", "Invite Philippa Stroud to the open meeting", -1),
            ("Trevor Light", "Write down what each surveyor says, door by door", 9),
            ("Mags Olawale", "A proper chat with Amina: what would she like to do next?", 1),
        ),
        next_on=4,
    )
    circle.finish_tasks(meeting, but=("Amina Dirie", "Joe Pell", "Trevor Light", "Mags Olawale"))


def _open_meeting(circle: Circle) -> None:
    meeting = circle.call(
        9,
        ("19:00", "20:45"),
        called=-4,
        by="Dot Hargreaves",
        kind="assembly",
        title="What Meridale promised, and what is done",
        where=ROOM,
        access=ACCESS,
        is_open=True,
        about="Promise by promise, with the people who looked. Then the lifts. Neighbours from other "
        "blocks are welcome.",
    )
    for name, answer, given in (
        ("Keisha Ampofo", "yes", {}),
        ("Amina Dirie", "yes", {"brings_count": 2, "needs": "The play corner, for two"}),
        ("Dot Hargreaves", "yes", {"needs": "Large print"}),
        ("Trevor Light", "yes", {}),
        ("Marisol Vega", "yes", {"brings_count": 1}),
        ("Pat Sumner", "yes", {}),
        ("Ivan Ostrow", "maybe", {}),
        ("Stella Okoro", "maybe", {"needs": "Somebody to sit with my mother for two hours"}),
        ("Hassan Dirie", "no", {}),
    ):
        circle.answer(meeting, name, answer, -3, "21:00", **given)
    circle.answer_by_link(
        meeting, "Harbhajan Kaur", "", -3, "17:10", brings_count=1, needs="Punjabi, my granddaughter comes"
    )
    circle.answer_by_link(meeting, "Rose Maddox", "rose@example.org", -2, "20:35", brings_count=2)
    circle.answer_by_link(meeting, "Osman Aydin", "osman.aydin@example.org", -1, "12:15")
