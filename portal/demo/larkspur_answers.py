"""What came back to Larkspur Point: seven answers, each read by people before it means anything."""

from portal.demo.post import Post
from portal.responses.models import Response


def answers(post: Post) -> dict[str, Response]:
    """Seven answers, from the machine's to the minutes, each read by people before it means anything."""
    found: dict[str, Response] = {}
    found["automatic"] = post.log(
        -42,
        logged=(-42, "09:40"),
        by="Farid Noori",
        channel="email",
        from_name="Customer Voice",
        file="automatic-reply.eml",
        text="Thank you for getting in touch. This is an automatic reply. Nobody reads answers to this address.",
    )
    post.read(found["automatic"], (-42, "20:10"), by="Farid Noori", kind="auto_reply")
    post.publish(found["automatic"], (-42, "20:30"), by="Keisha Ampofo", words="A machine thanked us.")
    found["electrics"] = post.log(
        -41,
        logged=(-41, "10:20"),
        by="Dot Hargreaves",
        channel="phone",
        from_name="Repairs desk",
        text="The repairs desk rang me at ten. They have the letter. An electrician comes to both homes on "
        "the second floor today, before five. On the rest the caller could say nothing.",
    )
    post.read(
        found["electrics"],
        (-41, "10:40"),
        by="Dot Hargreaves",
        kind="acknowledgement",
        verdicts="00y00000",
        notes={2: ("An electrician comes to both homes today, before five", -41)},
    )
    found["receipt"] = post.log(
        -38,
        logged=(-38, "17:15"),
        by="Farid Noori",
        channel="email",
        from_name="Customer Voice team",
        file="acknowledgement.txt",
        text=post.stage.text("acknowledgement.txt"),
    )
    post.read(found["receipt"], (-38, "20:00"), by="Farid Noori", kind="acknowledgement")
    found["holding"] = post.log(
        -28,
        logged=(-28, "18:05"),
        by="Dot Hargreaves",
        channel="letter",
        from_name="Grant Oakes, regional repairs manager",
        text=post.stage.text("holding-letter.txt"),
    )
    post.read(found["holding"], (-28, "21:20"), by="Farid Noori", kind="holding")
    post.publish(
        found["holding"],
        (-27, "20:40"),
        by="Keisha Ampofo",
        words="On the day we had asked for an answer, a letter came that says they are looking into it. It "
        "names no new date.",
    )
    found["solicitors"] = _from_solicitors(post)
    found["meeting"] = post.log(
        -14,
        logged=(-14, "16:50"),
        by="Keisha Ampofo",
        channel="email",
        from_name="Philippa Stroud, director of homes",
        file="invitation-to-meet.eml",
        text=post.stage.words(
            "I have now read your letter myself. I should like to come and listen, on {D-6} at seven, with "
            "Grant Oakes. He will have authority over the repairs budget for the building."
        ),
    )
    post.read(
        found["meeting"],
        (-14, "18:10"),
        by="Dot Hargreaves",
        kind="meeting_agreed",
        verdicts="00y00y00",
        notes={5: ("I should like to come and listen, on {D-6} at seven", -6)},
    )
    post.publish(
        found["meeting"],
        (-13, "09:00"),
        by="Keisha Ampofo",
        words="The director of homes has read our letter herself, and comes to our community room.",
    )
    found["minutes"] = _minutes(post)
    return found


def _from_solicitors(post: Post) -> Response:
    """Two people read the solicitors' letter. They do not agree on the meeting, and the sheet says so."""
    response = post.log(
        -20,
        logged=(-20, "12:35"),
        by="Farid Noori",
        channel="letter",
        from_name="Tarrant & Vole LLP, solicitors",
        file="tarrant-and-vole.pdf",
    )
    post.read(
        response,
        (-20, "21:45"),
        by="Farid Noori",
        kind="partial",
        verdicts="p0y0n0n0",
        notes={
            0: ("prepared to have 12 homes surveyed by a contractor of its choice", None),
            2: ("our client's electrician attended both homes on {D-41}", -41),
            4: ("Our client will continue to make that advice available", None),
            6: ("not in a position to disclose its commercial arrangements", None),
        },
    )
    post.read(
        response,
        (-19, "11:10"),
        by="Dot Hargreaves",
        kind="partial",
        verdicts="p0y0n?n0",
        notes={
            0: ("12 homes, and they choose which", None),
            5: ("will give the matter consideration at an appropriate time", None),
        },
    )
    post.publish(
        response,
        (-18, "20:30"),
        by="Keisha Ampofo",
        words="Their solicitors wrote two pages. They offer to survey 12 of our 31 homes, say that our "
        "test with tissue paper is not a recognised method, and keep the leaflet. On the fans and the "
        "written findings they say nothing.",
    )
    return response


def _minutes(post: Post) -> Response:
    response = post.log(
        -5,
        logged=(-5, "15:30"),
        by="Dot Hargreaves",
        channel="meeting",
        from_name="Philippa Stroud and Grant Oakes",
        file="minutes-of-meridale.txt",
        text=post.stage.text("minutes-of-meridale.txt"),
    )
    post.read(
        response,
        (-5, "18:20"),
        by="Dot Hargreaves",
        kind="commitment",
        verdicts="yyypyy00",
        notes={
            0: ("All 31 homes on the residents' list will be surveyed by an independent surveyor by {D+9}", 9),
            1: ("Findings go to each home in writing", None),
            3: ("working fans in 40 homes by {D-2}. The remaining homes will follow; date to be confirmed", -2),
            4: ("will not be sent to Larkspur Point again", None),
        },
    )
    post.read(
        response,
        (-5, "22:15"),
        by="Farid Noori",
        kind="commitment",
        verdicts="yyypyy00",
        notes={3: ("40 homes by {D-2}. For the other 44 there is no date", -2)},
    )
    return response
