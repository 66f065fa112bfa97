"""Who brings whom on at Larkspur Point. Only the two of a pair read any of it."""

from portal.demo.acts import Circle


def build(circle: Circle) -> None:
    """Mags and Keisha, Dot and Bolu, Mags and Trevor; and Amina, who has been asked by Keisha."""
    _mags_and_keisha(circle)
    _dot_and_bolu(circle)
    _mags_and_trevor(circle)
    circle.pair(
        "Keisha Ampofo",
        "Amina Dirie",
        -1,
        "20:40",
        purpose="To speak for the families on the upper floors, first to us and then to Meridale",
        rhythm="A walk to school on Thursdays",
        accepted=False,
    )


def _mags_and_keisha(circle: Circle) -> None:
    pair = circle.pair(
        "Mags Olawale",
        "Keisha Ampofo",
        -141,
        "18:30",
        purpose="Chairing: a meeting that ends with who does what",
        rhythm="Every week, half an hour by phone",
    )
    circle.chats(
        pair,
        by="Mags Olawale",
        rows=(
            (
                -139,
                "The launderette on Aldous Street",
                "Says she is not political. Her son's chest. Being spoken to as if she were the mould.",
                "Ask three people on your floor what they have tried",
                -134,
            ),
            (
                -128,
                "By phone",
                "Pleased and frightened after tea at Dot's: seven people came, and they all looked at her.",
                "Let Dot take the notes, so that you can look up",
                -110,
            ),
            (
                -104,
                "The launderette",
                "The block meeting ran late because nobody stopped Mr Gale. She does not want to be rude.",
                "Practise one sentence that gives the floor back",
                -90,
            ),
            (
                -62,
                "Keisha's, 9C",
                "Chairs the assembly in two days. Wants it to be good for the quiet ones.",
                "A round at each table before anybody speaks twice",
                -60,
            ),
            (
                -27,
                "By phone",
                "Angry at the holding letter. Wanted to answer the same night.",
                "Sleep on it, then ask Farid what the date says",
                -24,
            ),
            (
                -7,
                "The community room, with the team",
                "We played it through twice. I was a bad Grant Oakes.",
                "Say the pause out loud: “We will wait for your answer”",
                -6,
            ),
            (
                -3,
                "The launderette on Aldous Street",
                "Tired, and proud. Her son slept through. Is afraid that everything now goes through her.",
                "Ask Lorraine to chair the open meeting, and sit at the back",
                9,
            ),
        ),
    )
    circle.finish_steps(pair, until=-6)
    circle.firsts(
        pair,
        by="Keisha Ampofo",
        rows=(
            (-138, "Knocked at a door I did not know"),
            (-130, "Asked a room a question and waited for the answer"),
            (-110, "First time speaking to forty people"),
            (-103, "Talked to the local paper, and did not say more than I wanted"),
            (-60, "First chair"),
            (-48, "Put my name to a letter to a landlord, first of 143"),
            (-6, "First negotiation. We got six things, and a date for five"),
        ),
    )


def _dot_and_bolu(circle: Circle) -> None:
    pair = circle.pair(
        "Dot Hargreaves",
        "Bolu Adeyemi",
        -95,
        "15:00",
        purpose="Minutes that people read, and the meeting behind them",
        rhythm="Sundays after lunch at Dot's",
    )
    circle.chats(
        pair,
        by="Dot Hargreaves",
        rows=(
            (
                -92,
                "Mine",
                "He wants to do everything this week. Bus to college at six, home at nine.",
                "One thing: the tissue test, with a list of who goes with whom",
                -89,
            ),
            (
                -85,
                "Mine",
                "The test went well. He is cross that two people he asked never came.",
                "Ring them and ask how they are, nothing else",
                -82,
            ),
            (
                -50,
                "Mine",
                "Wrote his first page of minutes. Nobody in them had a verb.",
                "Who, does what, by when: rewrite the second page",
                -46,
            ),
            (
                -4,
                "Mine",
                "Kept time with Meridale in the room. Says that silence is the hardest part.",
                "Take the notes at the open meeting; I sit beside you",
                9,
            ),
        ),
    )
    circle.finish_steps(pair, until=-40)
    circle.firsts(
        pair,
        by="Bolu Adeyemi",
        rows=(
            (-89, "Ran an evening: 61 doors, 12 people, done by nine"),
            (-5, "Closed a meeting and wrote who does what"),
        ),
    )


def _mags_and_trevor(circle: Circle) -> None:
    pair = circle.pair(
        "Mags Olawale",
        "Trevor Light",
        -86,
        "11:00",
        purpose="Finding out what he would want to be part of",
        rhythm="When he rings",
    )
    circle.chats(
        pair,
        by="Mags Olawale",
        rows=(
            (
                -84,
                "The bench by the bus stop",
                "Has seen three of these come to nothing. Kept every letter since 1998, in order. Nobody "
                "ever asked to see them.",
                "Bring the box to Farid",
                -80,
            ),
            (
                -40,
                "By phone",
                "The box made fact two. He is quietly proud and would deny it.",
                "Would he write down what the surveyors say?",
                -20,
            ),
        ),
    )
    circle.finish_steps(pair, until=-20)
