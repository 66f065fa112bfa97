"""What starts, moves and ends a clock, and that nothing moves without a line of history."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal import clock
from portal.deadlines.models import OneOffDay
from portal.errors import RuleBroken
from portal.letters.models import Delivery, Letter
from portal.outbox import OutgoingMail
from portal.responses.deadlines import cards, corrections, keeping, operations, timing
from portal.responses.deadlines.models import DayCorrection, Deadline, DeadlineChange, LetterClock
from portal.responses.models import Response
from tests.counting import count_sql
from tests.deadlines.stage import ACK, ANSWER, answer, clock_of, deliver, due_of, kept

REACHED = date(2026, 11, 16)
OWN = date(2026, 11, 30)


def history(deadline):
    rows = DeadlineChange.select().where(DeadlineChange.deadline == deadline.id).order_by(DeadlineChange.id)
    return [(row.what, row.was_on, row.now_on) for row in rows]


def choose(letter, *rules, by):
    operations.choose_rules(letter, rules, by=by)


class TestStarting:
    def test_where_nobody_chose_our_own_fourteen_days_run(self, letter):
        keeping.sweep_clocks()
        own = clock_of(letter)
        assert own.due_on == OWN == REACHED + timedelta(days=14) and due_of(letter) == OWN
        assert own.steps["start"] == "2026-11-16" and own.steps["due"] == "2026-11-30"
        assert history(own) == [("chosen", None, None), ("started", None, OWN)]

    def test_the_sweep_asks_one_question_when_nothing_is_due(self, letter):
        keeping.sweep_clocks()
        with count_sql() as seen:
            keeping.sweep_clocks()
        assert len(seen) == 1, seen

    def test_looking_again_changes_nothing(self, letter):
        first = kept(letter)
        with count_sql() as seen:
            assert kept(letter).__data__ == first.__data__
        assert len(history(first)) == 2
        assert not [sql for sql in seen if 'INSERT INTO "deadline_change"' in sql]

    def test_an_earlier_delivery_found_later_moves_the_date_back_and_says_so(self, letter):
        keeping.sweep_clocks()
        deliver(letter, date(2026, 11, 12), "hand")
        keeping.sweep_clocks()
        assert due_of(letter) == date(2026, 11, 26)
        assert history(clock_of(letter))[-1] == ("recomputed", OWN, date(2026, 11, 26))

    def test_a_letter_by_post_takes_as_long_as_the_rule_says(self, letter, delivery, cast):
        Delivery.update(channel="post").where(Delivery.id == delivery.id).execute()
        choose(letter, "generic.answer", ACK, by=cast.amina)
        assert clock_of(letter).due_on == OWN
        ack = clock_of(letter, ACK)
        assert ack.trigger_on == date(2026, 11, 18) and ack.due_on == date(2026, 11, 25)
        assert ack.steps["how"]["kind"] == "receipt"

    def test_a_mail_that_came_back_starts_nothing_and_the_hourly_look_finds_it(self, campaign, letter, delivery):
        mail = OutgoingMail.create(
            kind="letter", to="x@y.example", subject="x", source=b"x", message_id="m", dedupe_key="d", state="sent"
        )
        Delivery.update(channel="email", mail=mail).where(Delivery.id == delivery.id).execute()
        assert kept(letter).due_on == OWN
        OutgoingMail.update(state="failed").where(OutgoingMail.id == mail.id).execute()
        keeping.look_at_every_clock()
        assert clock_of(letter).due_on is None and history(clock_of(letter))[-1] == ("stopped", OWN, None)

    def test_the_hourly_look_finds_what_the_quick_one_cannot(self, letter):
        keeping.sweep_clocks()
        late = deliver(letter, date(2026, 11, 12))
        LetterClock.update(seen_delivery_id=late.id - 1).where(LetterClock.letter == letter.id).execute()
        keeping.look_at_every_clock()
        assert due_of(letter) == date(2026, 11, 26)

    def test_one_letter_that_cannot_be_worked_out_does_not_stop_the_others(self, campaign, letter, caplog):
        from tests.builders import build_letter

        keeping.sweep_clocks()
        Deadline.update(terms="[{}]", trigger_on=REACHED, rule_id="local.9").execute()
        deliver(letter, date(2026, 11, 12))
        other = build_letter(campaign, sent_on=REACHED)
        deliver(other, REACHED)
        keeping.sweep_clocks()
        assert due_of(other) == OWN and f"letter {letter.id}" in caplog.text

    def test_planned_and_unknown_rules_cannot_be_chosen(self, letter, cast):
        for rule in ("eng.awaab.phase2", "nowhere", "local.7"):
            with pytest.raises(RuleBroken, match="does not run yet"):
                choose(letter, rule, by=cast.amina)
        with pytest.raises(RuleBroken, match="at least one"):
            choose(letter, by=cast.amina)
        assert not Deadline.select().exists()

    def test_a_dropped_clock_keeps_its_history_and_can_come_back(self, letter, cast):
        kept(letter)
        choose(letter, ANSWER, by=cast.amina)
        assert clock_of(letter).dropped_at and due_of(letter) == clock_of(letter, ANSWER).due_on
        choose(letter, "generic.answer", by=cast.amina)
        assert clock_of(letter).dropped_at is None and due_of(letter) == OWN
        assert [line[0] for line in history(clock_of(letter))] == ["chosen", "started", "dropped", "chosen"]

    def test_chosen_before_sending_it_waits_and_starts_with_the_delivery(self, campaign, cast):
        from tests.builders import build_letter

        draft = build_letter(campaign, frozen=True)
        choose(draft, ANSWER, by=cast.amina)
        assert clock_of(draft, ANSWER).due_on is None and due_of(draft) is None
        deliver(draft, REACHED)
        keeping.sweep_clocks()
        # No acknowledgement: ten working days from the day by which it should have come, Monday 23.
        assert clock_of(draft, ANSWER).due_on == date(2026, 12, 7) and due_of(draft) == date(2026, 12, 7)
        assert [one.rule_id for one in draft.deadlines] == [ANSWER]

    def test_their_own_promise_is_treated_like_a_rule_and_named_as_theirs(self, in_scotland, cast):
        promised = operations.add_their_promise(
            in_scotland,
            by=cast.amina,
            label="Service standard",
            n=10,
            unit="wd",
            url="https://meridale.example/standard",
            place=in_scotland.campaign.place,
        )
        mine = Deadline.get_by_id(promised.id)
        # St Andrew's Day is free in Scotland.
        assert mine.due_on == date(2026, 12, 1) and due_of(in_scotland) == date(2026, 12, 1)
        assert cards.card_of(mine, clock.now()).rule.status == "local_promise"
        assert (
            answer(in_scotland, "refusal", date(2026, 11, 27), cast.amina)
            == clock_of(in_scotland, "local.1").satisfied_by
        )


class TestAnswers:
    def test_an_acknowledgement_ends_only_its_own_clock_and_starts_the_next(self, letter, cast):
        choose(letter, ACK, ANSWER, "generic.answer", by=cast.amina)
        assert clock_of(letter, ANSWER).due_on == date(2026, 12, 7)
        came = answer(letter, "acknowledgement", date(2026, 11, 18), cast.amina)
        assert clock_of(letter, ACK).satisfied_by == came and clock_of(letter, ACK).satisfied_on == date(2026, 11, 18)
        assert clock_of(letter, ANSWER).satisfied_on is None and clock_of(letter).satisfied_on is None
        assert clock_of(letter, ANSWER).due_on == date(2026, 12, 2)
        assert history(clock_of(letter, ANSWER))[-1] == ("recomputed", date(2026, 12, 7), date(2026, 12, 2))

    def test_a_holding_letter_without_a_date_moves_nothing(self, letter, cast):
        choose(letter, ANSWER, "generic.answer", by=cast.amina)
        before = [clock_of(letter, rule).due_on for rule in (ANSWER, "generic.answer")]
        answer(letter, "holding", date(2026, 11, 20), cast.amina)
        assert [clock_of(letter, rule).holds_on for rule in (ANSWER, "generic.answer")] == before
        assert not Deadline.select().where(Deadline.satisfied_on.is_null(False)).exists()

    @pytest.mark.parametrize("kind", ["refusal", "partial", "offer", "commitment"])
    def test_a_full_answer_ends_the_waiting(self, letter, cast, kind):
        kept(letter)
        came = answer(letter, kind, date(2026, 11, 20), cast.amina)
        assert clock_of(letter).satisfied_by == came
        assert timing.standing(clock_of(letter), clock.now()).name == "kept"
        assert due_of(letter) == OWN

    @pytest.mark.parametrize("kind", ["vague_promise", "legal_threat", "auto_reply", "correction", "request_info"])
    def test_what_is_no_answer_ends_nothing(self, letter, cast, kind):
        kept(letter)
        answer(letter, kind, date(2026, 11, 20), cast.amina)
        assert clock_of(letter).satisfied_on is None

    def test_read_again_as_something_else_it_runs_on(self, letter, cast):
        kept(letter)
        came = answer(letter, "refusal", date(2026, 11, 20), cast.amina)
        Response.update(kind="holding").where(Response.id == came.id).execute()
        assert kept(letter).satisfied_on is None and history(clock_of(letter))[-1][0] == "open_again"

    def test_the_nearest_answer_still_owed_is_the_day_that_dashboards_show(self, letter, cast):
        choose(letter, ANSWER, "generic.answer", "generic.ack", by=cast.amina)
        assert due_of(letter) == OWN
        operations.set_another_date(clock_of(letter, ANSWER), on=date(2026, 11, 25), reason="They said so", by=cast.ben)
        assert due_of(letter) == date(2026, 11, 25)


class TestMoreTime:
    def test_with_reason_and_date_it_moves_once_and_the_first_date_stays(self, letter, holding, cast):
        choose(letter, ANSWER, by=cast.amina)
        operations.give_more_time(
            clock_of(letter, ANSWER), response=holding, on=date(2026, 12, 14), reason="A survey", by=cast.amina
        )
        moved = clock_of(letter, ANSWER)
        assert (moved.due_on, moved.holds_on) == (date(2026, 12, 7), date(2026, 12, 14))
        assert due_of(letter) == date(2026, 12, 14) and moved.extended_by == holding
        with pytest.raises(RuleBroken, match="twice"):
            operations.give_more_time(moved, response=holding, on=date(2026, 12, 16), reason="More", by=cast.amina)

    def test_it_goes_no_further_than_the_rule_and_not_backwards(self, letter, holding, cast):
        choose(letter, ANSWER, ACK, by=cast.amina)
        for on, said in ((date(2026, 12, 22), "Mon 21 Dec at most"), (date(2026, 12, 7), "after")):
            with pytest.raises(RuleBroken, match=said):
                operations.give_more_time(
                    clock_of(letter, ANSWER), response=holding, on=on, reason="A survey", by=cast.amina
                )
        with pytest.raises(RuleBroken, match="no more time"):
            operations.give_more_time(
                clock_of(letter, ACK), response=holding, on=date(2026, 12, 1), reason="A survey", by=cast.amina
            )
        with pytest.raises(RuleBroken, match="reason"):
            operations.give_more_time(
                clock_of(letter, ANSWER), response=holding, on=date(2026, 12, 9), reason="", by=cast.amina
            )
        assert not Deadline.select().where(Deadline.extended_on.is_null(False)).exists()


class TestOverride:
    def test_both_dates_stay_and_a_press_brings_the_rule_back(self, letter, cast):
        own = kept(letter)
        operations.set_another_date(own, on=date(2026, 12, 4), reason="We agreed to wait", by=cast.amina)
        assert (clock_of(letter).due_on, clock_of(letter).holds_on) == (OWN, date(2026, 12, 4))
        operations.go_back_to_rule(own, by=cast.ben)
        assert clock_of(letter).holds_on == OWN == due_of(letter)
        assert [line[0] for line in history(own)][-2:] == ["overridden", "override_removed"]
        with pytest.raises(RuleBroken, match="already"):
            operations.go_back_to_rule(own, by=cast.ben)

    def test_it_outlives_a_new_working(self, letter, delivery, cast):
        operations.set_another_date(kept(letter), on=date(2026, 12, 4), reason="We agreed", by=cast.amina)
        corrections.correct_delivery(delivery, letter, day=date(2026, 11, 17), why="The receipt", by=cast.amina)
        assert clock_of(letter).due_on == date(2026, 12, 1) and due_of(letter) == date(2026, 12, 4)


class TestCorrections:
    def test_a_delivery_on_another_day_moves_the_clocks_and_keeps_both_days(self, letter, delivery, cast):
        kept(letter)
        corrections.correct_delivery(delivery, letter, day=date(2026, 11, 17), why="The receipt says so", by=cast.sal)
        assert due_of(letter) == date(2026, 12, 1) and Letter.get_by_id(letter.id).sent_on == date(2026, 11, 17)
        row = DayCorrection.get()
        assert (row.was_on, row.now_on, row.by) == (REACHED, date(2026, 11, 17), cast.sal)
        assert history(clock_of(letter))[-1] == ("recomputed", OWN, date(2026, 12, 1))

    def test_an_answer_on_another_day_moves_the_next_clock_in_the_chain(self, letter, cast):
        choose(letter, ANSWER, by=cast.amina)
        came = answer(letter, "acknowledgement", date(2026, 11, 18), cast.amina)
        corrections.correct_response(came, letter, day=date(2026, 11, 19), why="The stamp", by=cast.amina)
        assert clock_of(letter, ANSWER).due_on == date(2026, 12, 3)

    def test_days_that_cannot_be_are_refused(self, letter, delivery, holding, cast):
        for day, said in (
            (date(2026, 11, 24), "today or earlier"),
            (date(2026, 11, 21), "An answer came"),
            (REACHED, "the day we have"),
        ):
            with pytest.raises(RuleBroken, match=said):
                corrections.correct_delivery(delivery, letter, day=day, why="x", by=cast.amina)
        with pytest.raises(RuleBroken, match="cannot have come before"):
            corrections.correct_response(holding, letter, day=date(2026, 11, 15), why="x", by=cast.amina)
        with pytest.raises(RuleBroken, match="how you know"):
            corrections.correct_response(holding, letter, day=date(2026, 11, 18), why="", by=cast.amina)
        assert not DayCorrection.select().exists()


class TestEvents:
    def test_an_emergency_counts_hours_from_the_moment_they_knew(self, letter, cast):
        choose(letter, "eng.awaab.emergency", by=cast.amina)
        assert clock_of(letter, "eng.awaab.emergency").due_on is None
        knew = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
        operations.note_event(letter, event="aware", day=knew.date(), moment=knew, by=cast.amina)
        hours = clock_of(letter, "eng.awaab.emergency")
        assert hours.due_at == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
        assert timing.standing(hours, clock.now()).name == "due"
        assert timing.standing(hours, hours.due_at + timedelta(minutes=1)).name == "late"

    def test_said_again_it_is_corrected(self, letter, cast):
        choose(letter, "eng.awaab.summary", by=cast.amina)
        operations.note_event(letter, event="investigation_concluded", day=date(2026, 11, 18), by=cast.amina)
        operations.note_event(letter, event="investigation_concluded", day=date(2026, 11, 19), by=cast.amina)
        assert clock_of(letter, "eng.awaab.summary").due_on == date(2026, 11, 24)

    def test_an_answer_from_before_does_not_end_what_began_later(self, letter, cast):
        choose(letter, "eng.social.complaint.s2.answer", by=cast.amina)
        answer(letter, "refusal", date(2026, 11, 18), cast.amina)
        operations.note_event(letter, event="stage_two_asked", day=date(2026, 11, 20), by=cast.amina)
        assert clock_of(letter, "eng.social.complaint.s2.answer").satisfied_on is None

    def test_work_is_done_when_a_person_says_so_not_when_they_claim_it(self, letter, cast):
        choose(letter, "eng.awaab.investigate", by=cast.amina)
        work = clock_of(letter, "eng.awaab.investigate")
        answer(letter, "done_claimed", date(2026, 11, 19), cast.amina)
        assert clock_of(letter, work.rule_id).satisfied_on is None
        operations.settle(work, on=date(2026, 11, 20), by=cast.sal)
        assert clock_of(letter, work.rule_id).settled_by == cast.sal
        assert kept(letter, work.rule_id).satisfied_on == date(2026, 11, 20)
        operations.unsettle(work, by=cast.sal)
        assert clock_of(letter, work.rule_id).satisfied_on is None

    def test_an_answer_is_logged_never_ticked_off(self, letter, cast):
        with pytest.raises(RuleBroken, match="Log what they answered"):
            operations.settle(kept(letter), on=REACHED, by=cast.amina)


class TestDaysOff:
    def test_a_day_off_moves_every_clock_that_counts_it_and_its_history_says_so(self, letter, cast):
        choose(letter, ACK, "generic.answer", by=cast.amina)
        assert clock_of(letter, ACK).due_on == date(2026, 11, 23)
        operations.add_day_off("gb-eng-wls", date(2026, 11, 20), name="A day of mourning", by=cast.amina)
        keeping.sweep_clocks()
        moved = clock_of(letter, ACK)
        assert moved.due_on == date(2026, 11, 24) and clock_of(letter).due_on == OWN
        assert "A day of mourning" in moved.working and not LetterClock.get(LetterClock.letter == letter.id).is_stale
        operations.remove_day_off(OneOffDay.get())
        keeping.sweep_clocks()
        assert clock_of(letter, ACK).due_on == date(2026, 11, 23)

    def test_a_nations_day_counts_for_the_whole_union_only_there(self, letter, cast):
        from portal.deadlines.operations import calendars_today

        operations.add_day_off("gb-sct", date(2026, 11, 20), name="A day", by=cast.amina)
        known = calendars_today()
        free = {name for name, one in known.items() if not one.is_working(date(2026, 11, 20))}
        assert free == {"gb-sct", "gb-union"}
