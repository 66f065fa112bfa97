"""Nothing begins that the members have not agreed to."""

from datetime import timedelta

import peewee
import pytest

from portal import clock
from portal.campaigns.models import Activity
from portal.database import db
from portal.decisions import closing
from portal.errors import RuleBroken
from portal.escalation import climbing, operations
from portal.escalation.catalogue import find_plan, plans, plans_for
from portal.escalation.models import Rung
from portal.escalation.operations import ChangedMeanwhile, Terms, fingerprint
from portal.escalation.queries import find_ladder
from tests.builders import build_response
from tests.conftest import NOON


def now_of(rung):
    found = Rung.get_by_id(rung.id)
    found.campaign = rung.campaign
    return found


@pytest.fixture
def unlocked(letter, step):
    rung = step("refusal")
    build_response(letter, kind="refusal")
    return rung


class TestTheVote:
    def test_a_step_goes_from_unlocked_to_done_by_the_members_vote(self, unlocked, decide, cast):
        assert decide(unlocked).outcome == "passed"
        climbing.start(unlocked, by=cast.ben)
        climbing.finish(unlocked, came_of_it="They rang the same day", has_helped=True, by=cast.ben)
        verbs = [row.verb for row in Activity.select().order_by(Activity.id)]
        assert verbs == ["ballot_opened", "ballot_ended", "rung_started", "rung_done"]

    @pytest.mark.parametrize("yes", [0, 1])
    def test_without_a_passed_vote_nothing_begins(self, unlocked, decide, cast, yes):
        with pytest.raises(RuleBroken, match="Ask the members first"):
            climbing.start(unlocked, by=cast.amina)
        decide(unlocked, yes=yes)
        with pytest.raises(RuleBroken, match="Ask the members first"):
            climbing.start(unlocked, by=cast.amina)
        assert decide(unlocked).outcome == "passed"

    def test_the_database_refuses_it_too(self, unlocked):
        with pytest.raises(peewee.IntegrityError), db.atomic():
            Rung.update(started_at=clock.now()).where(Rung.id == unlocked.id).execute()

    def test_a_vote_that_was_called_off_agrees_to_nothing(self, unlocked, cast):
        ballot = climbing.ask_members(unlocked, closes_at=NOON + timedelta(hours=72), by=cast.amina)
        closing.stop(ballot, why="They answered", by=cast.amina)
        assert now_of(unlocked).agreed_at is None

    def test_its_turn_comes_first_unless_it_may_be_agreed_ahead(self, letter, step, decide, cast):
        rung = step("refusal")
        with pytest.raises(RuleBroken, match="not the turn"):
            climbing.ask_members(rung, closes_at=NOON + timedelta(hours=72), by=cast.amina)
        ahead = step("refusal", consent="ahead")
        decide(ahead)
        with pytest.raises(RuleBroken, match="a no from them"):
            climbing.start(ahead, by=cast.amina)
        build_response(letter, kind="refusal")
        climbing.start(ahead, by=cast.amina)
        with pytest.raises(RuleBroken, match="already"):
            climbing.start(ahead, by=cast.ben)

    def test_what_the_members_vote_on_stays_as_it_is(self, unlocked, decide, cast):
        climbing.ask_members(unlocked, closes_at=NOON + timedelta(hours=72), by=cast.amina)
        seen = fingerprint(now_of(unlocked))
        with pytest.raises(RuleBroken, match="vote on these words"):
            operations.change_step(unlocked, Terms("press", "Tell everybody", "refusal"), seen=seen, by=cast.amina)
        with pytest.raises(RuleBroken, match="Call the vote off"):
            operations.take_out(unlocked, by=cast.amina)
        operations.change_step(
            unlocked, Terms("press", "Tell the Echo", "refusal", who=cast.cerys), seen=seen, by=cast.amina
        )
        assert now_of(unlocked).who_id == cast.cerys.id


class TestThePlan:
    def test_every_ready_plan_can_be_begun_from_and_names_the_body(self, campaign, cast):
        assert plans_for(campaign)[0].key == "social_housing"
        operations.adopt_plan(campaign, find_plan("social_housing"), by=cast.amina)
        rungs = find_ladder(campaign).rungs
        assert [rung.kind for rung in rungs][:2] == ["reminder", "stage_two"]
        assert any("Housing Ombudsman" in rung.what for rung in rungs)
        assert not any("{" in rung.what for rung in rungs)
        with pytest.raises(RuleBroken, match="a plan already"):
            operations.adopt_plan(campaign, plans()[1], by=cast.ben)

    def test_the_next_step_waits_for_the_one_before_and_passes_over_skipped_ones(self, letter, step, decide, cast):
        first, second, third = step("refusal"), step("before", what="Call an MP"), step("before", what="Meet")
        build_response(letter, kind="refusal")

        def names():
            ladder = find_ladder(letter.campaign)
            return [ladder.standing(rung).name for rung in ladder.rungs]

        assert names() == ["unlocked", "waiting", "waiting"]
        decide(first)
        climbing.start(first, by=cast.amina)
        climbing.finish(first, came_of_it="Two lines on page 9", has_helped=False, by=cast.amina)
        assert names() == ["done", "unlocked", "waiting"]
        climbing.skip(second, why="Elections are on", by=cast.amina)
        assert names() == ["done", "skipped", "unlocked"]
        operations.put_back(second, by=cast.amina)
        assert names() == ["done", "unlocked", "waiting"]
        with pytest.raises(RuleBroken, match="has begun"):
            climbing.skip(first, why="x", by=cast.amina)
        operations.move_step(third, up=True, by=cast.amina)
        assert names() == ["done", "unlocked", "waiting"] and find_ladder(letter.campaign).rungs[1].id == third.id

    def test_what_was_taken_out_can_be_put_back_where_it_stood(self, letter, step, cast):
        first, second = step("refusal"), step("before", what="Call an MP")
        operations.take_out(first, by=cast.amina)
        assert [rung.id for rung in find_ladder(letter.campaign).rungs] == [second.id]
        operations.put_back(first, by=cast.ben)
        assert [rung.id for rung in find_ladder(letter.campaign).rungs] == [first.id, second.id]

    def test_two_who_change_a_step_at_once_do_not_lose_words(self, letter, step, cast):
        rung = step("refusal")
        seen = fingerprint(rung)
        operations.change_step(rung, Terms("press", "Tell the Herald", "refusal"), seen=seen, by=cast.amina)
        with pytest.raises(ChangedMeanwhile):
            operations.change_step(rung, Terms("press", "Tell the Echo twice", "refusal"), seen=seen, by=cast.ben)
        assert now_of(rung).what == "Tell the Herald"
