"""The one next step, from plain facts: what it is, whose it is, and whom to ask."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.dashboards.next_step import next_step
from portal.dashboards.steps import Reader
from portal.dashboards.thread import (
    AgreementFacts,
    HolderFacts,
    LetterFacts,
    MeetingFacts,
    OrganizerFacts,
    PromiseFacts,
    PromiseTally,
    Thread,
)
from tests.dashboards.test_thread import NOW, TODAY, day, reply, sent

LEAD = Reader(1, frozenset({"signed_in", "member", "lead"}))
OTHER_LEAD = Reader(2, frozenset({"signed_in", "member", "lead"}))
MEMBER = Reader(3, frozenset({"signed_in", "member"}))
ORGANIZER = Reader(4, frozenset({"signed_in", "organizer"}))
HOLDERS = (HolderFacts(1, "Amina Dirie", "lead"), HolderFacts(2, "Ben Okafor", "lead"))

DRAFT = LetterFacts(1, "Dry walls")
FROZEN = LetterFacts(1, "Dry walls", key="abc", is_frozen=True)


def ready(**given) -> Thread:
    """A circle that has everything a letter needs."""
    return replace(Thread(TODAY, NOW, key="k", home_count=84, member_count=8, demand_count=2, holders=HOLDERS), **given)


def meeting(hours: int) -> MeetingFacts:
    start = NOW + timedelta(hours=hours)
    return MeetingFacts(1, "m", "Meeting of the block", start, start + timedelta(hours=2), "Community room")


def name(thread: Thread, reader: Reader = LEAD) -> str:
    return next_step(thread, reader, listable_at=5).name


class TestBeforeALetterLeaves:
    @pytest.mark.parametrize(
        ("missing", "step"),
        [
            ({"has_target": False}, "name_target"),
            ({"demand_count": 0}, "say_demand"),
            ({"home_count": 0}, "list_homes"),
            ({"member_count": 1}, "invite_first"),
            ({"member_count": 4}, "invite_more"),
            ({"holders": HOLDERS[:1]}, "second_lead"),
            ({}, "write"),
            ({"letters": (DRAFT,)}, "finish_draft"),
            ({"letters": (FROZEN,)}, "go_public"),
            ({"letters": (FROZEN,), "visibility": "link"}, "gather"),
            ({"letters": (FROZEN,), "visibility": "public"}, "gather"),
        ],
    )
    def test_the_first_gap_is_the_step(self, missing, step):
        assert name(ready(**missing)) == step

    def test_the_gaps_come_in_the_order_of_the_thread(self):
        assert name(ready(has_target=False, demand_count=0, home_count=0, member_count=1)) == "name_target"

    def test_half_of_the_homes_is_enough_to_send(self):
        few = replace(FROZEN, signature_count=60, signed_home_count=41)
        assert name(ready(letters=(few,), visibility="public")) == "gather"
        assert name(ready(letters=(replace(few, signed_home_count=42),), visibility="public")) == "send"

    def test_a_lead_may_send_before_that(self):
        gather = next_step(ready(letters=(FROZEN,), visibility="public"), LEAD, listable_at=5)
        assert "send_now" in [word for word, _endpoint, _values in gather.also]
        assert "send_now" not in [
            word
            for word, *_rest in next_step(ready(letters=(FROZEN,), visibility="public"), MEMBER, listable_at=5).also
        ]

    def test_how_many_are_missing_is_counted(self):
        step = next_step(ready(member_count=3), LEAD, listable_at=5)
        assert step.facts["missing"] == 2

    def test_once_a_letter_has_left_an_empty_list_of_homes_hides_nothing(self):
        assert name(ready(home_count=0, letters=(sent(),))) == "chase"


class TestWhatWaitsComesFirst:
    def asked(self, kind="send_letter", by=2) -> AgreementFacts:
        return AgreementFacts(7, kind, 1, by, "Ben Okafor")

    def test_an_agreement_is_for_the_other_lead(self):
        step = next_step(ready(agreements=(self.asked(),), letters=(FROZEN,)), LEAD, listable_at=5)
        assert (step.name, step.is_mine, step.values) == ("agree_send_letter", True, {"key": "k", "letter_id": 1})

    def test_who_asked_is_told_whom_to_ask(self):
        step = next_step(ready(agreements=(self.asked(),)), OTHER_LEAD, listable_at=5)
        assert (step.is_mine, step.who, step.facts["is_own"]) == (False, ("Amina Dirie",), True)

    def test_a_member_reads_who_can_agree_and_it_is_not_the_asker(self):
        step = next_step(ready(agreements=(self.asked(),)), MEMBER, listable_at=5)
        assert (step.is_mine, step.who) == (False, ("Amina Dirie",))

    def test_an_organizer_may_agree_to_go_public_and_to_nothing_else(self):
        helps = (OrganizerFacts(4, "Ola Mensah", "I work for a fund"),)
        public = next_step(ready(agreements=(self.asked("go_public"),), organizers=helps), ORGANIZER, listable_at=5)
        assert public.is_mine
        send = next_step(ready(agreements=(self.asked(),), organizers=helps), ORGANIZER, listable_at=5)
        assert not send.is_mine and "Ola Mensah" not in send.who

    def test_the_agreement_that_waits_for_me_comes_before_my_own(self):
        both = (self.asked(by=1), AgreementFacts(9, "go_public", 0, 2, "Ben Okafor"))
        assert name(ready(agreements=both)) == "agree_go_public"

    def test_a_reply_is_read_before_anything_else_is_done(self):
        step = next_step(ready(letters=(sent(),), replies=(reply(id=5),)), MEMBER, listable_at=5)
        assert (step.name, step.values["response_id"], step.is_mine) == ("read", 5, False)
        assert step.who == ("Amina Dirie", "Ben Okafor")

    def test_a_promise_past_its_date_is_checked_by_any_member(self):
        late = PromiseFacts(4, "Fit the fans", day(2))
        step = next_step(
            ready(letters=(sent(),), replies=(reply("commitment"),), due_promises=(late,)), MEMBER, listable_at=5
        )
        assert (step.name, step.is_mine, step.values["commitment_id"]) == ("check_promise", True, 4)

    def test_a_promise_i_have_not_looked_at_comes_before_one_i_have(self):
        looked = PromiseFacts(4, "Fit the fans", day(9), is_checked_by_me=True)
        step = next_step(ready(due_promises=(looked, PromiseFacts(5, "Mend the lift", day(2)))), MEMBER, listable_at=5)
        assert step.values["commitment_id"] == 5

    def test_a_promise_due_today_is_not_past_its_date(self):
        assert (
            name(ready(due_promises=(PromiseFacts(4, "Fit the fans", TODAY),), letters=(sent(due_back=-5),))) == "wait"
        )

    def test_a_meeting_that_is_over_is_written_down(self):
        assert name(ready(ended_meeting=meeting(-30))) == "close_meeting"

    def test_a_meeting_forgotten_for_weeks_is_let_be(self):
        assert name(ready(ended_meeting=meeting(-24 * 30))) == "write"

    @pytest.mark.parametrize(("hours", "step"), [(2, "come"), (72, "come"), (24 * 6, "write")])
    def test_a_meeting_within_three_days_is_the_step(self, hours, step):
        assert name(ready(next_meeting=meeting(hours))) == step

    def test_somebody_at_the_door_is_let_in(self):
        assert name(ready(request_count=1, requested_by="Nia")) == "vouch"


class TestAfterALetterLeft:
    def test_wait_until_the_date(self):
        step = next_step(ready(letters=(sent(due_back=-5),)), LEAD, listable_at=5)
        assert (step.name, step.facts["day"]) == ("wait", day(-5))

    def test_late_means_asking_again(self):
        step = next_step(ready(letters=(sent(due_back=16, back=30),)), LEAD, listable_at=5)
        assert (step.name, step.facts["days"], step.values["chases"]) == ("chase", 16, 1)

    @pytest.mark.parametrize(
        ("chaser", "step"),
        [
            (LetterFacts(2, "Again", chases_id=1), "finish_chaser"),
            (LetterFacts(2, "Again", chases_id=1, is_frozen=True), "send_chaser"),
            (sent(6, id=2, chases_id=1), "wait_chaser"),
            (sent(7, id=2, chases_id=1), "decide"),
        ],
    )
    def test_a_chaser_is_written_sent_given_a_week_and_then_we_decide(self, chaser, step):
        assert name(ready(letters=(sent(40, due_back=26), chaser))) == step

    def test_a_second_letter_counts_as_asking_again_also_when_it_does_not_say_so(self):
        assert name(ready(letters=(sent(40, due_back=26), LetterFacts(2, "Again")))) == "finish_chaser"

    def test_with_a_meeting_called_we_come_to_it_rather_than_call_another(self):
        letters = (sent(40, due_back=26), sent(7, id=2, chases_id=1))
        assert name(ready(letters=letters, next_meeting=meeting(24 * 6))) == "come"

    def test_a_no_leads_to_a_meeting(self):
        assert name(ready(letters=(sent(),), replies=(reply("refusal"),))) == "refused"

    def test_a_promise_due_this_week_is_looked_out_for(self):
        soon = PromiseFacts(4, "Fit the fans", day(-5))
        assert name(ready(letters=(sent(),), replies=(reply("commitment"),), due_promises=(soon,))) == "promise_due"

    def test_a_promise_far_off_is_a_reason_to_meet(self):
        far = PromiseFacts(4, "Fit the fans", day(-50))
        assert name(ready(letters=(sent(),), replies=(reply("commitment"),), due_promises=(far,))) == "promises_wait"

    def test_a_broken_promise_is_written_about_until_a_letter_has_left(self):
        broken = PromiseFacts(4, "Fit the fans", day(9), "not_kept", settled_on=day(3))
        held = ready(letters=(sent(),), replies=(reply("commitment"),), broken=broken)
        assert name(held) == "broken_promise"
        answered_again = (sent(), sent(2, id=2, due_back=-12))
        assert (
            name(replace(held, letters=answered_again, replies=(*held.replies, reply("commitment", 1, to=2)))) == "meet"
        )

    def test_when_every_promise_is_kept_the_leads_close_it_well(self):
        step = next_step(
            ready(letters=(sent(),), replies=(reply("commitment"),), tally=PromiseTally(kept=7)), MEMBER, listable_at=5
        )
        assert (step.name, step.is_mine) == ("all_kept", False)

    def test_when_nothing_presses_we_meet(self):
        assert name(ready(letters=(sent(),), replies=(reply("offer"),))) == "meet"


class TestAtRest:
    @pytest.mark.parametrize("state", ["won", "partly_won", "lost", "ended"])
    def test_a_closed_campaign_asks_for_nothing_but_to_stay_together(self, state):
        assert name(ready(state=state, agreements=(AgreementFacts(1, "send_letter", 1, 2, "Ben"),))) == "closed"

    def test_a_paused_one_can_be_gone_on_with_by_a_lead(self):
        step = next_step(ready(state="paused"), MEMBER, listable_at=5)
        assert (step.name, step.is_mine, step.who) == ("paused", False, ("Amina Dirie", "Ben Okafor"))
