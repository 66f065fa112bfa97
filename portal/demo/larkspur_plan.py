"""What Larkspur Point decides: whether an answer is good enough, the plan, a vote on its next step, the negotiation."""

from portal.campaigns.models import Campaign, Demand
from portal.decisions import closing, voting
from portal.decisions.models import Ballot
from portal.decisions.opening import Subject, open_ballot
from portal.demo.acts import Circle
from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.escalation import climbing, operations
from portal.escalation.catalogue import find_plan
from portal.escalation.models import Rung
from portal.meetings.models import Meeting
from portal.negotiations import after
from portal.negotiations import operations as kit
from portal.negotiations.operations import Ranked
from portal.responses.models import Response

SAID_NO = (
    "Dot Hargreaves",
    "Farid Noori",
    "Lorraine Bassey",
    "Amina Dirie",
    "Marisol Vega",
    "Stella Okoro",
    "Bolu Adeyemi",
    "Trevor Light",
)


def build(stage: Stage, company: Company) -> None:
    """The plan first, then what came of it, in the order of the days."""
    campaign = Campaign.get(Campaign.is_demo == True, Campaign.title == "Dry walls, working lifts")  # noqa: E712
    circle = Circle(stage, company, campaign)
    _plan(circle)
    _good_enough(circle)
    _at_the_table(circle)
    _next_step(circle)


def _plan(circle: Circle) -> None:
    plan = find_plan("social_housing")
    assert plan is not None
    with circle.stage.at(-33, "20:10"):
        operations.adopt_plan(circle.campaign, plan, by=circle.company["Keisha Ampofo"])


def _good_enough(circle: Circle) -> None:
    """They offered a part of it on the nineteenth day; most of the circle would not take it for the whole."""
    company, stage = circle.company, circle.stage
    offer = Response.get(Response.campaign == circle.id, Response.kind == "partial")
    with stage.at(-19, "18:20"):
        ballot = open_ballot(
            circle.campaign,
            question="They offer fans for forty homes now. Do we take that as their answer?",
            why="It is something, and it is not what we asked for. Speaking for it: forty homes are dry by Christmas. "
            "Speaking against it: the other 44 have no date.",
            closes_at=stage.moment(-16, "18:00"),
            by=company["Keisha Ampofo"],
            about=Subject("response", offer.id, "What Meridale offered in its answer"),
        )
    worry = "If we wait for all of it, the children on our floor sleep another winter beside that wall."
    votes = [("Ivan Ostrow", 0, worry), ("Pat Sumner", 0, ""), *((name, 1, "") for name in SAID_NO)]
    for nth, (name, choice, words) in enumerate(votes):
        with stage.at(-18, f"{10 + nth}:15"):
            voting.cast_vote(_now(ballot), choice=choice, worry=words, by=company[name])
    with stage.at(-16, "18:00"):
        closing.settle(_now(ballot))
    with stage.at(-16, "20:40"):
        words = "I would have taken the forty and gone on asking for the rest. I stand by what we decided."
        voting.leave_view(_now(ballot), words=words, by=company["Ivan Ostrow"])


def _at_the_table(circle: Circle) -> None:
    """What they brought to the table with Meridale, and how the evening after voted."""
    company, stage = circle.company, circle.stage
    meeting = Meeting.get(Meeting.campaign == circle.id, Meeting.kind == "negotiation")
    dot = company["Dot Hargreaves"]
    demands = list(
        Demand.select()
        .where(Demand.campaign == circle.id, Demand.withdrawn_at.is_null())
        .order_by(Demand.position, Demand.id)
    )
    ranked = [
        Ranked(demand.id, "must" if place < 2 else "trade" if place == 4 else "wait", "")
        for place, demand in enumerate(demands)
    ]
    with stage.at(-8, "20:15"):
        kit.rank_demands(meeting, ranked, by=dot)
        duties = {
            "chair": company["Keisha Ampofo"],
            "facts": company["Farid Noori"],
            "story": company["Lorraine Bassey"],
            "notes": dot,
            "time": company["Bolu Adeyemi"],
        }
        kit.give_duties(meeting, duties, by=dot)
        for text in (
            "On which day does the first surveyor come, and who chose them?",
            "Who can decide about money, and why is that person not here?",
            "What happens to the 44 homes that have no date?",
        ):
            kit.add_question(meeting, text=text, by=dot)
        rung = Rung.get(Rung.campaign == circle.id, Rung.kind == "councillor")
        kit.add_fallback(
            meeting,
            what="We ask our councillor to put it to them",
            who="Joe Pell",
            by_on=stage.day(3),
            rung=rung,
            by=dot,
        )
    evening = Meeting.get(Meeting.campaign == circle.id, Meeting.kind == "evaluation")
    with stage.at(-5, "20:50"):
        after.count_hands(
            evening,
            question="We hold Meridale to every day that it named",
            yes=7,
            no=0,
            neither=1,
            counted_by="Bolu and Amina",
            by=dot,
        )


def _next_step(circle: Circle) -> None:
    """A promise is broken, so the plan has its next step, and the members vote on it."""
    company, stage = circle.company, circle.stage
    rung = Rung.get(Rung.campaign == circle.id, Rung.kind == "councillor")
    rung.campaign = circle.campaign
    with stage.at(-1, "19:30"):
        ballot = climbing.ask_members(
            rung,
            closes_at=stage.moment(3, "19:00"),
            why="Lift A was to be mended in September. Eight of us have looked: it is not.",
            by=company["Keisha Ampofo"],
        )
    for nth, name in enumerate(
        ("Keisha Ampofo", "Joe Pell", "Lorraine Bassey", "Trevor Light", "Amina Dirie", "Dot Hargreaves")
    ):
        worry = "She is in their party. Let us ask the other one, too." if name == "Trevor Light" else ""
        with stage.at(-1, f"{20 + nth // 2}:{10 + 20 * (nth % 2)}"):
            voting.cast_vote(_now(ballot), choice=0, worry=worry, by=company[name])


def _now(ballot: Ballot) -> Ballot:
    """The question as its row stands; the people of its campaign are asked for anew."""
    now = Ballot.get_by_id(ballot.id)
    now.campaign = ballot.campaign
    return now
