"""Nine promises of Meridale Homes, and what residents found when they looked."""

from portal.demo.post import Post, check, claim, promise
from portal.demo.writing import evenings
from portal.responses.models import Commitment, Response

# Who said what of the fans, out of the forty homes that were first in line.
FIXED, NOT_FIXED, CANNOT_TELL = 27, 9, 4
FAN_NOTES = {
    "fixed": (
        "The tissue stays up.",
        "",
        "",
        "Both rooms.",
        "",
        "",
        "Quiet, too.",
        "",
        "Took him ten minutes.",
        "",
        "",
        "The mirror is clear after a shower. I had forgotten.",
        "",
        "",
        "A polite young man. He wiped the dust up.",
        "",
        "",
    ),
    "not_fixed": (
        "Nobody has come.",
        "They did the bathroom and not the kitchen.",
        "A card through the door while I was in.",
        "It hums. The tissue falls.",
        "A new fan, not wired.",
        "",
        "I stayed at home for two days. Nobody.",
        "",
        "Nobody yet.",
    ),
    "cannot_tell": ("I was at work, and cannot reach it.", "", "I have not tried the kitchen.", ""),
}


def build(post: Post, found: dict[str, Response], people: list[str]) -> None:
    """Each promise from where it was made, with its checks, in the order in which they were made."""
    circle, asks = post.circle, post.asks()
    lift = promise(circle, (-80, "19:40"), by="Danny Crewe", what="Fit the worn part in lift A.", made=-80, due=-60)
    electrics = promise(
        circle,
        (-41, "10:45"),
        by="Dot Hargreaves",
        what="Make the wiring safe in the two homes on the second floor.",
        made=-41,
        due=-41,
        response=found["electrics"],
        block_id=asks[2],
    )
    claim(circle, electrics, (-41, "18:30"), by="Dot Hargreaves", done=-41)
    check(
        circle,
        electrics,
        (
            ((-40, "09:15"), "Dot Hargreaves", "fixed", "He stayed until six and showed me the new box."),
            ((-40, "11:50"), "Nasreen Malik", "fixed", "I have light in the cupboard again."),
        ),
    )
    post.publish(
        found["electrics"],
        (-40, "19:00"),
        by="Keisha Ampofo",
        words="The day after our letter, an electrician came to the two homes where water ran beside the wiring.",
    )
    sheet = promise(
        circle,
        (-38, "20:05"),
        by="Farid Noori",
        what="Put a sheet in the lobby every week: which lift works, and when the other will.",
        made=-38,
        response=found["receipt"],
    )
    post.publish(
        found["receipt"],
        (-37, "08:15"),
        by="Dot Hargreaves",
        words="A reference number, and a lift sheet for the lobby. No answer yet.",
    )
    check(
        circle,
        lift,
        (
            ((-58, "08:30"), "Joe Pell", "not_fixed", "Mended, and stopped nine days later."),
            ((-49, "18:10"), "Danny Crewe", "not_fixed", "Mended a second time. It lasted four days."),
            ((-33, "12:05"), "Lorraine Bassey", "not_fixed", "Standing at 6 with the door open."),
        ),
    )
    _at_our_table(post, found, people, asks)
    check(
        circle,
        sheet,
        (
            ((-9, "17:40"), "Pat Sumner", "partly", "Five weeks out of six."),
            ((-3, "18:20"), "Danny Crewe", "partly", "It was there. It said that lift A runs. It did not."),
        ),
    )


def _at_our_table(post: Post, found: dict[str, Response], people: list[str], asks: list[int]) -> None:
    circle = post.circle

    def made(what: str, due: int | None = None, ask: int | None = None, hour: str = "18:25") -> Commitment:
        return promise(
            circle,
            (-5, hour),
            by="Farid Noori",
            what=what,
            made=-6,
            due=due,
            response=found["minutes"],
            block_id=None if ask is None else asks[ask],
        )

    made("Have all 31 homes surveyed by an independent surveyor.", 9, 0)
    fans = made("Fit working fans in the first 40 homes.", -2, 3)
    leaflet = made("Send no more of the leaflet “Living well in your home”.", None, 4)
    contact = made("Give us one named contact for all repairs: Grant Oakes.", -5)
    made("Share the compensation policy.")
    made("Send us the fault log of both lifts for this year.", -3)
    post.publish(
        found["minutes"],
        (-4, "20:15"),
        by="Keisha Ampofo",
        words="Around our table Meridale promised surveys in all 31 homes, fans in the first 40, one "
        "person to ring, and an end to the leaflet. For the fans in the other homes and for compensation "
        "there is no date.",
    )
    check(
        circle,
        contact,
        (
            ((-4, "10:05"), "Dot Hargreaves", "fixed", "I rang him. He answered himself."),
            ((-4, "16:30"), "Stella Okoro", "fixed", "He rang back within the hour."),
            ((-3, "09:40"), "Ivan Ostrow", "fixed", ""),
        ),
    )
    check(
        circle,
        leaflet,
        (
            ((-3, "18:30"), "Marisol Vega", "fixed", "The new tenants in 3D got the welcome pack without it."),
            ((-3, "19:10"), "Pat Sumner", "fixed", "It is off the board in the lobby."),
        ),
    )
    claim(circle, fans, (-2, "07:10"), by="Farid Noori", done=-2)
    check(circle, fans, _fans(post, people))


def _fans(post: Post, people: list[str]) -> list[tuple[tuple[int, str], str, str, str]]:
    """Forty households say what they found. Amina and Keisha have not looked yet."""
    known = (
        "Joe Pell",
        "Nasreen Malik",
        "Farid Noori",
        "Bolu Adeyemi",
        "Danny Crewe",
        "Pat Sumner",
        "Ivan Ostrow",
        "Trevor Light",
    )
    verdicts = ["fixed"] * (FIXED - 2) + ["not_fixed"] * NOT_FIXED + ["cannot_tell"] * CANNOT_TELL
    post.stage.dice.shuffle(verdicts)
    verdicts = ["fixed", "fixed", *verdicts]
    rows, said = [], {"fixed": 0, "not_fixed": 0, "cannot_tell": 0}
    names = [*people, *known]
    for when, name, verdict in zip(evenings(-2, len(verdicts)), names, verdicts, strict=True):
        notes = FAN_NOTES[verdict]
        rows.append((when, name, verdict, notes[said[verdict] % len(notes)]))
        said[verdict] += 1
    return rows
