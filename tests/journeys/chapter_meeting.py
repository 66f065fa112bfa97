"""Chapters 9 to 11: a meeting, two people who bring each other on, and what waits for each of them."""

from datetime import timedelta

from portal import clock
from tests.journeys import elsewhere
from tests.journeys.browsing import Visitor
from tests.journeys.story import TITLE, Story, day


def meet(story: Story) -> None:
    """Chapter 9: call it, answer without an account, tick who came, close it with tasks and a next date."""
    anna, jules, rosa = story.anna, story.jules, story.rosa
    began = clock.to_local(clock.now() - timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")
    anna.go(f"{story.campaign}/meetings").sees("No meeting is called").follow("Call a meeting")
    anna.fill(title="Everybody on all floors", starts_at=began, where="Community room, side door")
    anna.tick("Everybody together").tick("Anybody with the link can see it and answer, without an account")
    anna.shoot("09-call")
    anna.press("Call the meeting").sees("The meeting is called")
    story.meeting = anna.path

    jules.go(story.meeting).sees("Everybody on all floors", "Do you come?").sees_not("Rosa", "Anna", "Theo")
    jules.shoot("09-meeting-stranger")
    jules.tick("Yes, I come").fill(name="Jules Farrow", brings_count="1").press("Send my answer")
    jules.sees("Your answer is in")
    jules.shoot("09-answer")
    jules.go(story.meeting).sees("2 people said yes")
    calendar = jules.download("Put it in your calendar")
    assert calendar.startswith(b"BEGIN:VCALENDAR") and b"Community room" in calendar.replace(b"\r\n ", b"")
    rosa.go(story.meeting).tick("Yes, I come").press("Send my answer").sees("You said yes")

    anna.go(story.meeting).follow("Who comes, who came").shoot("09-door")
    anna.press("Is here Jules Farrow").press("Is here Rosa Marsh").sees("2 came").shoot("09-door-ticked")
    anna.press("Here Undo Rosa Marsh").press("Is here Rosa Marsh").sees("2 came")
    anna.fill(name="Old Mr Pask").press("Add them, they are here").sees("Old Mr Pask", "3 came")

    anna.go(f"{story.meeting}/closing").fill(decisions="We write to the council.\nWe knock on every door.")
    anna.pick("Who?", "Rosa Marsh").fill(**{"tasks-0-what": "Print fifty posters", "tasks-0-by_on": day(3)})
    with anna.expecting(422):
        anna.press("Close the meeting and keep the minutes").sees("There is a problem")
    assert anna.main.get_by_label("Does what?").first.input_value() == "Print fifty posters"
    anna.fill(next_on=day(14)).shoot("09-closing")
    anna.press("Close the meeting and keep the minutes").sees("The minutes are written", "We knock on every door")
    anna.sees("Rosa Marsh", "Print fifty posters", "3 said yes, 3 came").shoot("09-minutes")
    assert anna.download("Minutes as a PDF").startswith(b"%PDF-")
    assert jules.go(f"{story.meeting}/minutes").path == "/sign-in"


def bring_each_other_on(story: Story) -> None:
    """Chapter 10: the organizer proposes, a lead accepts; a step, a first, a chat; nobody else is told of it."""
    mags, theo, rosa = story.mags, story.theo, story.rosa
    mags.go(f"{story.campaign}/people").follow("Propose that one brings another on")
    mags.pick("Who brings somebody on?", "Mags Orchard").pick("Whom?", "Theo Bright").fill(purpose="Chairing a meeting")
    mags.shoot("10-propose")
    mags.press("Ask them both").sees("The pair begins when both have said yes")
    theo.go("/").sees("you and Mags Orchard could bring each other on")
    theo.open_mail("Mags asks you something").press("Yes, let us begin")
    theo.write("Next step", "Chair ten minutes").press("Add the step").sees("The step is in the plan")
    theo.opens("Note a first").write("What was done for the first time?", "Spoke to the caretaker").press("Save it")
    theo.sees("That was a first", "Spoke to the caretaker")
    pair = theo.path
    mags.go(pair).opens("Note a chat").write("What do they care about?", "His mother’s room is wet.")
    mags.write("What is the next step?", "Visit floor two together").press("Save the chat").sees("The chat is noted")
    mags.press("Done Chair ten minutes").sees("1 step done").shoot("10-pair")
    with rosa.expecting(404):
        assert rosa.page.goto(pair).status == 404
    theo.go(pair).sees("His mother’s room is wet.").press("End it here").sees("This pair has ended")
    with rosa.expecting(404):
        assert rosa.page.goto(pair).status == 404


def find_what_waits(story: Story) -> None:
    """Chapter 11: each portal shows what waits for its person; anybody finds the campaign by words, kind and town."""
    rosa, jules = story.rosa, story.jules
    rosa.go("/").sees("Hello, Rosa", TITLE, "Print fifty posters", "You said").shoot("11-my-portal")
    jules.go("/campaigns").sees(TITLE, elsewhere.TITLE).shoot("11-browse")
    search(jules, q="mould").sees(TITLE).sees_not(elsewhere.TITLE)
    search(jules.go("/campaigns"), town="Wexcombe").sees(elsewhere.TITLE).sees_not(TITLE)
    search(jules.go("/campaigns"), kind="damp").sees(TITLE).sees_not(elsewhere.TITLE)
    jules.go("/campaigns?q=nothing-like-it").shoot("11-browse-nothing")


def search(visitor: Visitor, q: str = "", town: str = "", kind: str = "") -> Visitor:
    """Look for campaigns: with script the list follows what is chosen; without, a button asks."""
    form = visitor.main.get_by_role("search")

    def choose() -> None:
        if q:
            form.locator("[name=q]").fill(q)
        for name, value in (("town", town), ("kind", kind)):
            if value:
                form.locator(f"[name={name}]").select_option(value)

    if visitor.has_script:
        with visitor.page.expect_response(lambda answer: "/campaigns?" in answer.url):
            choose()
        visitor.settles()
        return visitor
    choose()
    return visitor.press("Search")
