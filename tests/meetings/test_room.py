"""Who came, how it ended, and who does what."""

import json
from datetime import date, timedelta

import pytest

from portal import clock
from portal.campaigns.models import Activity, Membership
from portal.errors import RuleBroken
from portal.meetings import closing, queries, room, rsvps, words
from portal.meetings.closing import Outcome, Task
from portal.meetings.models import Attendance, Decision, Meeting, Undertaking
from portal.meetings.rsvps import Coming
from tests.builders import build_campaign, build_meeting
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("in_request")
NEXT = date(2026, 12, 10)


@pytest.fixture
def meeting(app, cast):
    campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
    return build_meeting(
        campaign, starts_at=NOON - timedelta(hours=1), ends_at=NOON + timedelta(hours=1), title="Block meeting"
    )


def say(meeting, name="Rosa", email="", answer="yes"):
    rsvps.answer_without_account(meeting, Coming(answer), name=name, email=email, network="192.0.2")
    return meeting.rsvps.where(meeting.rsvps.model.name == name).get()


def came(meeting):
    return Meeting.get_by_id(meeting.id).came_count


class TestTheDoor:
    def test_a_second_tick_counts_nobody_twice(self, meeting, cast):
        first = room.tick_member(meeting, cast.cerys, by=cast.amina)
        assert room.tick_member(meeting, cast.cerys, by=cast.amina) == first
        rosa = say(meeting)
        room.tick_answer(meeting, rosa, by=cast.amina)
        room.tick_answer(meeting, rosa, by=cast.amina)
        assert came(meeting) == 2

    def test_an_undone_tick_stays_on_record_and_can_be_ticked_again(self, meeting, cast):
        tick = room.tick_member(meeting, cast.cerys, by=cast.amina)
        with clock.frozen_at(NOON + timedelta(days=1)):
            assert room.undo(tick, by=cast.amina) and not room.undo(tick, by=cast.amina)
            assert came(meeting) == 0
            room.tick_member(meeting, cast.cerys, by=cast.amina)
        rows = list(Attendance.select().order_by(Attendance.id))
        assert came(meeting) == 1 and len(rows) == 2
        assert rows[0].undone_by == cast.amina and rows[0].undone_at == NOON + timedelta(days=1)

    def test_a_closed_meeting_can_still_be_corrected(self, meeting, cast):
        tick = room.tick_member(meeting, cast.cerys, by=cast.amina)
        closing.close_meeting(meeting, Outcome(next_on=NEXT), by=cast.amina)
        room.undo(tick, by=cast.amina)
        assert came(meeting) == 0

    def test_a_cancelled_meeting_has_no_door(self, meeting, cast):
        Meeting.update(cancelled_at=clock.now()).where(Meeting.id == meeting.id).execute()
        with pytest.raises(RuleBroken, match="cancelled"):
            room.add_guest(meeting, by=cast.amina, name="Rosa", is_new=True)

    def test_two_guests_may_share_a_name(self, meeting, cast):
        for _one in range(2):
            room.add_guest(meeting, by=cast.amina, name="John", is_new=False)
        door = queries.door_of(meeting)
        assert came(meeting) == 2 and len(door.guests) == 2

    def test_a_guest_ticked_by_mistake_can_be_ticked_again(self, meeting, cast):
        tick = room.add_guest(meeting, by=cast.amina, name="Rosa", is_new=True)
        room.undo(tick, by=cast.amina)
        row = queries.door_of(meeting).guests[0]
        assert not row.is_here
        room.tick_again(row.attendance, by=cast.amina)
        door = queries.door_of(meeting)
        assert [one.is_here for one in door.guests] == [True] and door.new_count == 1 and len(door.undone) == 1

    def test_a_member_who_answered_stands_in_the_list_once(self, meeting, cast):
        rsvps.answer_as(meeting, Coming("yes", 2, "A chair"), by=cast.cerys)
        say(meeting, "Rosa")
        door = queries.door_of(meeting)
        assert [(row.name, row.who.split("-")[0]) for row in door.answered] == [
            ("Cerys Prosser", "member"),
            ("Rosa", "answer"),
        ]
        assert [row.name for row in door.members] == ["Amina Dirie"]
        assert door.answered[0].needs == "A chair"

    def test_who_left_the_campaign_after_coming_still_came(self, meeting, cast):
        room.tick_member(meeting, cast.cerys, by=cast.amina)
        Membership.update(left_at=clock.now()).where(Membership.person == cast.cerys).execute()
        door = queries.door_of(meeting)
        assert door.came_count == 1 and [row.name for row in door.guests] == ["Cerys Prosser"]

    def test_new_is_who_was_at_no_earlier_meeting(self, meeting, cast):
        earlier = build_meeting(meeting.campaign, starts_at=NOON - timedelta(days=7), ends_at=NOON + timedelta(hours=1))
        assert room.tick_answer(earlier, say(earlier, "Rosa", "rosa@example.org"), by=cast.amina).is_new
        assert not room.tick_answer(meeting, say(meeting, "Rosa", "ROSA@example.org"), by=cast.amina).is_new
        assert room.tick_answer(meeting, say(meeting, "Sam", "sam@example.org"), by=cast.amina).is_new
        assert not room.tick_member(meeting, cast.cerys, by=cast.amina).is_new

    def test_said_yes_and_came_are_told_apart_in_words(self, meeting, cast):
        say(meeting, "Rosa")
        assert words.came_in_words(meeting, 0) == "1 said yes, nobody is ticked yet"
        room.add_guest(meeting, by=cast.amina, name="Sam", is_new=True)
        room.tick_member(meeting, cast.cerys, by=cast.amina)
        assert words.came_in_words(meeting, 1) == "1 said yes, 2 came, 1 of them new"


class TestClosing:
    def test_it_keeps_what_was_decided_and_who_does_what(self, meeting, cast):
        room.tick_member(meeting, cast.cerys, by=cast.amina)
        outcome = Outcome(
            decisions=["We write again", "We meet in the hall"],
            tasks=[Task("Cerys Prosser", "Book the hall", date(2026, 12, 1), cast.cerys)],
            next_on=NEXT,
        )
        closing.close_meeting(meeting, outcome, by=cast.amina)
        assert queries.decisions_of(meeting) == ["We write again", "We meet in the hall"]
        task = Undertaking.get()
        assert (task.person, task.who, task.by_on) == (cast.cerys, "Cerys Prosser", date(2026, 12, 1))
        row = Activity.get(Activity.verb == "meeting_closed")
        assert json.loads(row.facts) == {"title": "Block meeting", "came_count": 1, "decision_count": 2}
        assert row.happened_on == NOON.date() and not row.is_public

    def test_without_a_next_date_it_needs_a_reason(self, meeting, cast):
        with pytest.raises(RuleBroken, match="why there is no date"):
            closing.close_meeting(meeting, Outcome(), by=cast.amina)
        closing.close_meeting(meeting, Outcome(why_no_next="We wait for their answer"), by=cast.amina)
        assert words.next_in_words(Meeting.get()) == "None yet: We wait for their answer"

    def test_it_cannot_be_closed_before_it_begins(self, meeting, cast):
        with clock.frozen_at(NOON - timedelta(hours=2)), pytest.raises(RuleBroken, match="has not begun"):
            closing.close_meeting(meeting, Outcome(next_on=NEXT), by=cast.amina)

    def test_the_second_who_closes_it_is_told_and_writes_nothing(self, meeting, cast):
        closing.close_meeting(meeting, Outcome(decisions=["First"], next_on=NEXT), by=cast.amina)
        with pytest.raises(RuleBroken, match="Somebody else closed"):
            closing.close_meeting(meeting, Outcome(decisions=["Second"], next_on=NEXT), by=cast.cerys)
        assert [row.text for row in Decision.select()] == ["First"]

    def test_dates_before_the_meeting_are_refused(self, meeting, cast):
        with pytest.raises(RuleBroken, match="after this one"):
            closing.close_meeting(meeting, Outcome(next_on=NOON.date()), by=cast.amina)
        early = Outcome(tasks=[Task("Rosa", "Call", date(2026, 11, 1))], next_on=NEXT)
        with pytest.raises(RuleBroken, match="before the day"):
            closing.close_meeting(meeting, early, by=cast.amina)

    def test_mending_replaces_the_decisions_and_adds_tasks(self, meeting, cast):
        task = Task("Rosa", "Call", date(2026, 12, 1))
        closing.close_meeting(meeting, Outcome(decisions=["Wrong"], tasks=[task], next_on=NEXT), by=cast.amina)
        mended = Outcome(decisions=["Right"], tasks=[task], why_no_next="Too soon")
        closing.correct_minutes(meeting, mended, by=cast.amina)
        now = Meeting.get()
        assert queries.decisions_of(meeting) == ["Right"] and Undertaking.select().count() == 2
        assert (now.next_on, now.why_no_next) == (None, "Too soon")

    def test_an_open_meeting_of_a_public_campaign_closes_in_public(self, app, cast):
        campaign = build_campaign(leads=[cast.amina], visibility="public")
        for is_open in (True, False):
            one = build_meeting(campaign, starts_at=NOON - timedelta(hours=1), is_open=is_open)
            closing.close_meeting(one, Outcome(next_on=NEXT), by=cast.amina)
            assert Activity.get(Activity.subject_id == one.id).is_public is is_open


class TestOpenUndertakings:
    def test_own_open_ones_come_soonest_first_in_campaigns_one_belongs_to(self, meeting, cast):
        other = build_campaign(members=[cast.cerys])

        def promise(campaign, what, by_on=None, **given):
            return Undertaking.create(
                campaign=campaign, person=cast.cerys, who="Cerys", what=what, by_on=by_on, **given
            )

        promise(meeting.campaign, "later", date(2026, 12, 9), meeting=meeting)
        promise(meeting.campaign, "no day")
        promise(meeting.campaign, "soon", date(2026, 12, 1))
        promise(meeting.campaign, "done", date(2026, 12, 1), done_at=clock.now())
        promise(other, "left")
        Membership.update(left_at=clock.now()).where(Membership.campaign == other).execute()
        assert [row.what for row in queries.open_undertakings(cast.cerys)] == ["soon", "later", "no day"]
        assert list(queries.open_undertakings(cast.amina)) == []
