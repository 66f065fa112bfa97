"""Sitting down with them: what we bring, what they promised, and how those present voted."""

from datetime import date, timedelta

import pytest

from portal import clock
from portal.campaigns.models import Activity
from portal.decisions import voting
from portal.decisions.models import Ballot, BallotElector
from portal.errors import RuleBroken
from portal.escalation.operations import Terms, add_step
from portal.letters.models import Block
from portal.meetings import room
from portal.meetings.models import Decision
from portal.negotiations import after
from portal.negotiations.after import Promised
from portal.negotiations.models import Duty, Fallback, HandCount, RankedDemand, RoomQuestion
from portal.responses.models import Commitment, Response
from tests.builders import build_campaign, build_demand, build_letter, build_meeting
from tests.counting import count_sql


@pytest.fixture
def campaign(cast):
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)


@pytest.fixture
def meeting(campaign):
    """It began an hour ago, and nobody is ticked yet."""
    begun = clock.now() - timedelta(hours=1)
    return build_meeting(campaign, kind="negotiation", starts_at=begun, ends_at=begun + timedelta(hours=2))


@pytest.fixture
def letter(campaign):
    return build_letter(campaign, sent_on=date(2026, 10, 12))


def at(meeting, rest=""):
    return f"/campaigns/{meeting.campaign.key}/meetings/{meeting.id}/kit{rest}"


class TestGettingReady:
    def test_demands_stand_in_our_order_and_outsiders_do_not_see_how_far_we_go(self, campaign, meeting, sign_in, cast):
        roof, lift = build_demand(campaign, "Mend the roof"), build_demand(campaign, "Mend the lift", position=1)
        amina = sign_in(cast.amina)
        assert "Mend the roof" in amina.get(at(meeting, "/demands")).text
        typed = {
            "rows-0-place": "2",
            "rows-0-weight": "trade",
            "rows-0-note": "A new gutter",
            "rows-1-place": "1",
            "rows-1-weight": "must",
            "rows-1-note": "",
        }
        wrong = amina.send(at(meeting, "/demands"), {**typed, "rows-1-weight": "all"})
        assert wrong.status_code == 422 and "A new gutter" in wrong.text
        assert amina.send(at(meeting, "/demands"), typed).status_code == 303
        rows = RankedDemand.select().order_by(RankedDemand.position)
        assert [(row.demand_id, row.weight) for row in rows] == [(lift.id, "must"), (roof.id, "trade")]
        page = sign_in(cast.cerys).get(at(meeting)).text
        assert page.index("Mend the lift") < page.index("Mend the roof")
        assert "A new gutter" in page and "We would trade it" in page
        helper = sign_in(cast.ola).get(at(meeting)).text
        assert "Mend the lift" in helper and "gutter" not in helper and "trade" not in helper
        build_demand(campaign, "Mend the door", position=2)
        late = amina.send(at(meeting, "/demands"), typed)
        assert (
            late.status_code == 422 and "changed while you were sorting" in late.text and "Mend the door" in late.text
        )

    def test_duties_questions_and_what_we_do_after_a_no(self, campaign, meeting, sign_in, cast):
        rung = add_step(campaign, Terms("press", "Tell the Echo", "refusal"), by=cast.amina)
        amina = sign_in(cast.amina)
        assert amina.send(at(meeting, "/duties"), {"chair": str(cast.ben.id), "facts": ""}).status_code == 303
        assert amina.send(at(meeting, "/duties"), {"chair": "987654"}).status_code == 422
        assert [(duty.name, duty.person_id) for duty in Duty.select()] == [("chair", cast.ben.id)]
        assert amina.send(at(meeting, "/questions/new"), {"text": ""}).status_code == 422
        assert amina.send(at(meeting, "/questions/new"), {"text": "On which day?"}).status_code == 303
        no = {"what": "We write to the paper", "who": "Cerys", "by_on": "2026-12-01", "rung": str(rung.id)}
        assert amina.send(at(meeting, "/fallbacks/new"), {**no, "what": ""}).status_code == 422
        assert amina.send(at(meeting, "/fallbacks/new"), no).status_code == 303
        page = amina.get(at(meeting)).text
        assert "On which day?" in page and "We write to the paper" in page and f"/plan/steps/{rung.id}" in page
        for paper, words in (("/paper", "We write to the paper"), ("/cards", "Ben Okafor")):
            printed = amina.get(at(meeting, paper)).text
            assert words in printed and "Take it out" not in printed
        for rest, model in (("questions", RoomQuestion), ("fallbacks", Fallback)):
            assert amina.send(at(meeting, f"/{rest}/{model.get().id}/removal")).status_code == 303
            assert amina.send(at(meeting, f"/{rest}/987654/removal")).status_code == 404
            assert not model.select().exists()

    def test_who_may_not_is_told_so(self, meeting, sign_in, cast):
        for rest in ("/demands", "/duties", "/questions/new", "/fallbacks/new", "/promises", "/hands", "/vote"):
            assert sign_in(cast.cerys).send(at(meeting, rest)).status_code == 403, rest
            assert sign_in(cast.nia).send(at(meeting, rest)).status_code == 404, rest

    def test_pages_ask_five_questions(self, campaign, meeting, letter, sign_in, cast):
        for number in range(4):
            build_demand(campaign, f"Demand {number}", position=number)
            RoomQuestion.create(meeting=meeting, text=f"Question {number}")
        amina = sign_in(cast.amina)
        for rest in ("", "/paper", "/cards", "/demands", "/duties", "/fallbacks/new", "/promises", "/hands", "/vote"):
            amina.get(at(meeting, rest))
            with count_sql() as seen:
                assert amina.get(at(meeting, rest)).status_code == 200
            assert len(seen) <= 5, (rest, seen)


class TestPromises:
    def test_all_of_them_are_kept_at_once_with_the_minutes_as_their_answer(self, meeting, letter, sign_in, cast):
        Decision.create(meeting=meeting, text="They said yes to surveys")
        amina, ask = sign_in(cast.amina), Block.get(Block.kind == "demand")
        assert "They said yes to surveys" in amina.get(at(meeting, "/promises")).text
        rows = {f"rows-{number}-{name}": "" for number in range(5) for name in ("what", "due_on")}
        rows |= {f"rows-{number}-block": "0" for number in range(5)}
        typed = {**rows, "from_name": "Philippa Stroud", "minutes": "She said yes"}
        none = amina.send(at(meeting, "/promises"), typed)
        assert none.status_code == 422 and "at least one thing" in none.text and "She said yes" in none.text
        typed |= {"rows-0-what": "Survey all homes", "rows-0-due_on": "2026-12-07", "rows-0-block": str(ask.id)}
        typed |= {"rows-2-what": "Fans for everybody"}
        wrong = amina.send(at(meeting, "/promises"), {**typed, "rows-4-due_on": "2026-12-01"})
        assert wrong.status_code == 422 and "Say what they promised" in wrong.text and "Fans for" in wrong.text
        early = amina.send(at(meeting, "/promises"), {**typed, "rows-2-due_on": "2026-11-01"})
        assert early.status_code == 422 and not Response.select().exists() and not Commitment.select().exists()
        assert amina.send(at(meeting, "/promises"), typed).status_code == 303
        response = Response.get()
        assert (response.channel, response.text, response.received_on) == ("meeting", "She said yes", clock.today())
        kept = list(Commitment.select().order_by(Commitment.id))
        assert [(one.what, one.due_on, one.block_id) for one in kept] == [
            ("Survey all homes", date(2026, 12, 7), ask.id),
            ("Fans for everybody", None, None),
        ]
        assert {(one.response_id, one.made_on) for one in kept} == {(response.id, clock.today())}

    def test_without_minutes_there_is_no_answer_and_nothing_is_kept(self, meeting, letter, sign_in, cast):
        rows = {"rows-0-what": "Survey", "rows-0-block": "0", "minutes": ""}
        answer = sign_in(cast.amina).send(at(meeting, "/promises"), rows)
        assert answer.status_code == 422 and 'href="#minutes"' in answer.text
        assert not Commitment.select().exists()

    def test_before_a_letter_went_out_a_promise_stands_for_itself(self, meeting, cast):
        kept = after.keep_promises(meeting, [Promised("Come again")], letter=None, by=cast.amina)
        assert kept[0].response_id is None and kept[0].made_on == clock.today()

    def test_not_before_it_has_begun(self, campaign, cast):
        with pytest.raises(RuleBroken, match="not begun"):
            after.keep_promises(build_meeting(campaign), [Promised("x")], letter=None, by=cast.amina)


class TestThosePresent:
    def test_hands_are_counted_shown_on_the_timeline_and_can_be_taken_back(self, campaign, meeting, sign_in, cast):
        for person in (cast.amina, cast.cerys):
            room.tick_member(meeting, person, by=cast.amina)
        amina = sign_in(cast.amina)
        typed = {"question": "Do we take it?", "yes": "2", "no": "1", "neither": "0", "counted_by": "Cerys"}
        wrong = amina.send(at(meeting, "/hands"), typed)
        assert wrong.status_code == 422 and "2 people are ticked" in wrong.text and "Do we take it?" in wrong.text
        assert amina.send(at(meeting, "/hands"), {**typed, "yes": "0", "no": "0"}).status_code == 422
        assert amina.send(at(meeting, "/hands"), {**typed, "no": "0"}).status_code == 303
        home = f"/campaigns/{campaign.key}"
        assert "Those present voted: Do we take it?" in amina.get(home).text
        assert "Counted by Cerys" in amina.get(at(meeting)).text
        back = at(meeting, f"/hands/{HandCount.get().id}/withdrawal")
        assert sign_in(cast.cerys).send(back).status_code == 403
        assert amina.send(back).status_code == 303
        assert amina.send(back).status_code == 422
        assert not Activity.select().where(Activity.verb == "hands_counted").exists()

    def test_those_who_came_can_be_asked_and_nobody_else(self, meeting, sign_in, cast):
        typed = {"question": "Do we take it?", "closes_at": "2026-11-23T12:30"}
        amina = sign_in(cast.amina)
        alone = amina.send(at(meeting, "/vote"), typed)
        assert alone.status_code == 422 and "It takes two" in alone.text
        for person in (cast.amina, cast.cerys):
            room.tick_member(meeting, person, by=cast.amina)
        assert amina.send(at(meeting, "/vote"), {**typed, "closes_at": "2026-11-23T12:01"}).status_code == 422
        assert amina.send(at(meeting, "/vote"), typed).status_code == 303
        ballot = Ballot.get()
        assert {row.person_id for row in BallotElector.select()} == {cast.amina.id, cast.cerys.id}
        with pytest.raises(RuleBroken, match="came to the meeting"):
            voting.cast_vote(ballot, choice=0, by=cast.ben)
        for person in (cast.amina, cast.cerys):
            voting.cast_vote(ballot, choice=0, by=person)
        page = sign_in(cast.ben).get(f"/campaigns/{meeting.campaign.key}/decisions/{ballot.id}").text
        assert "We said yes." in page and at(meeting) in page
