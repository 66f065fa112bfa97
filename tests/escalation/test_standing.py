"""What unlocks a step: worked out from letters, answers, clocks and promises when it is read."""

from datetime import date, timedelta

import pytest

from portal import clock
from portal.escalation.queries import find_ladder
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.deadlines.models import Deadline
from portal.responses.models import Response
from tests.builders import build_commitment, build_letter, build_response
from tests.deadlines.stage import deliver

LATE = date(2026, 11, 16)


def standing(rung):
    ladder = find_ladder(rung.campaign)
    return ladder.standing(ladder.find(rung.id))


def build_clock(letter, due_on, **given):
    return Deadline.create(
        campaign=letter.campaign,
        letter=letter,
        rule_id="generic.answer",
        terms="[]",
        **{"awaits": "answer", "due_on": due_on, **given},
    )


class TestADateForTheirAnswer:
    def test_it_unlocks_the_day_after_and_locks_again_when_they_answer(self, letter, step):
        rung = step("deadline")
        assert standing(rung).name == "waiting"
        one = build_clock(letter, LATE)
        found = standing(rung)
        assert found.name == "unlocked" and found.reason.since == LATE + timedelta(days=1)
        Deadline.update(satisfied_on=LATE).where(Deadline.id == one.id).execute()
        assert standing(rung).name == "waiting"

    def test_today_is_still_in_time_and_more_time_counts(self, letter, step):
        rung = step("deadline")
        one = build_clock(letter, clock.today())
        assert standing(rung).wait.on == clock.today()
        Deadline.update(due_on=LATE, extended_on=clock.today(), extension_reason="x").where(
            Deadline.id == one.id
        ).execute()
        assert standing(rung).name == "waiting"
        Deadline.update(override_on=LATE, override_reason="x").where(Deadline.id == one.id).execute()
        assert standing(rung).name == "unlocked"

    def test_saying_that_they_have_it_is_no_answer_but_its_clock_is_no_reason_either(self, letter, step):
        rung = step("deadline")
        build_clock(letter, LATE, awaits="acknowledgement")
        assert standing(rung).name == "waiting"

    def test_another_letter_s_clock_is_no_reason_where_one_letter_is_named(self, campaign, letter, step):
        other = build_letter(campaign, sent_on=date(2026, 11, 1))
        rung = step("deadline", letter=other)
        build_clock(letter, LATE)
        assert standing(rung).name == "waiting"

    def test_the_clocks_that_the_portal_keeps_are_the_ones_it_looks_at(self, letter, step):
        deliver(letter, letter.sent_on)
        keep_deadlines(letter)
        rung = step("deadline")
        due = min(one.holds_on for one in Deadline.select() if one.holds_on and one.awaits == "answer")
        with clock.frozen_at(clock.now().replace(year=2027)):
            assert standing(rung).reason.clock.holds_on == due


class TestAnswers:
    @pytest.mark.parametrize(
        ("kind", "trigger", "unlocks"),
        [
            ("refusal", "refusal", True),
            ("offer", "refusal", False),
            ("offer", "offer", True),
            ("partial", "offer", True),
            (None, "refusal", False),
        ],
    )
    def test_what_they_answered_decides(self, letter, step, kind, trigger, unlocks):
        rung = step(trigger)
        build_response(letter, kind=kind)
        assert (standing(rung).name == "unlocked") == unlocks

    def test_a_later_word_takes_the_place_of_an_earlier_no(self, letter, step):
        rung = step("refusal")
        build_response(letter, kind="refusal", received_on=clock.today() - timedelta(days=9))
        assert standing(rung).name == "unlocked"
        build_response(letter, kind="holding")
        assert standing(rung).name == "unlocked"
        build_response(letter, kind="commitment")
        assert standing(rung).name == "waiting"

    def test_silence_is_broken_by_any_word_but_not_by_a_machine(self, letter, step):
        rung = step("silence", days=14)
        assert standing(rung).name == "unlocked"
        machine = build_response(letter, kind="auto_reply")
        assert standing(rung).name == "unlocked"
        Response.update(kind="holding").where(Response.id == machine.id).execute()
        assert standing(rung).wait.on == clock.today() + timedelta(days=14)


class TestPromises:
    def test_only_what_residents_found_makes_one_broken(self, campaign, letter, step):
        rung = step("broken")
        promise = build_commitment(campaign, due_on=LATE)
        assert standing(rung).name == "waiting"
        promise.state, promise.settled_at, promise.not_fixed_count = "not_kept", clock.now(), 2
        promise.save()
        assert standing(rung).reason.promise.row.what == "Fit the fans"

    def test_before_its_day_nothing_is_broken(self, campaign, letter, step):
        rung = step("broken")
        build_commitment(campaign, due_on=clock.today() + timedelta(days=5), state="not_kept")
        assert standing(rung).name == "waiting"


def test_a_day_comes_and_the_earliest_day_holds_back(letter, step):
    rung = step("day", on_day=clock.today() + timedelta(days=1))
    assert standing(rung).name == "waiting"
    rung = step("day", on_day=clock.today(), earliest_on=clock.today() + timedelta(days=2))
    found = standing(rung)
    assert (found.name, found.wait.trigger) == ("waiting", "earliest")
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        assert standing(rung).name == "unlocked"
