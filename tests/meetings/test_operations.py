"""Calling, changing and calling off a meeting; its calendar file."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from portal import clock
from portal.campaigns.models import Activity
from portal.errors import RuleBroken
from portal.meetings import calendar, operations, queries, rsvps
from portal.meetings.models import Meeting
from portal.meetings.operations import Plan
from portal.meetings.rsvps import Coming
from tests.builders import build_campaign, build_meeting
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("in_request")
EVENING = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)


def plan(**given):
    defaults = {
        "title": "Floors 9 to 14",
        "kind": "house",
        "starts_at": EVENING,
        "ends_at": EVENING + timedelta(hours=2),
        "where": "Community room",
        "access": "Step-free",
        "about": "The lifts",
        "is_open": True,
    }
    return Plan(**{**defaults, **given})


def say(meeting, name, answer="yes", email="", brings=0):
    return rsvps.answer_without_account(meeting, Coming(answer, brings), name=name, email=email, network="192.0.2")


class TestCalling:
    def test_it_stands_on_the_timeline(self, app, cast):
        campaign = build_campaign(leads=[cast.amina])
        meeting = operations.call_meeting(campaign, plan(), by=cast.amina)
        row = Activity.get(Activity.verb == "meeting_called")
        assert json.loads(row.facts) == {
            "title": "Floors 9 to 14",
            "starts_at": "2026-11-26T19:00:00+00:00",
            "where": "Community room",
        }
        assert meeting.called_by == cast.amina and len(meeting.key) >= 22

    @pytest.mark.parametrize(
        ("visibility", "is_open", "is_public"),
        [("public", True, True), ("public", False, False), ("circle", True, False), ("link", True, False)],
    )
    def test_it_is_public_only_when_campaign_and_meeting_are(self, app, cast, visibility, is_open, is_public):
        campaign = build_campaign(leads=[cast.amina], visibility=visibility)
        operations.call_meeting(campaign, plan(is_open=is_open), by=cast.amina)
        assert Activity.get(Activity.verb == "meeting_called").is_public is is_public

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"ends_at": EVENING - timedelta(hours=1)}, "end after it begins"),
            ({"ends_at": EVENING + timedelta(days=2)}, "longer than a day"),
            ({"starts_at": NOON - timedelta(days=40), "ends_at": NOON - timedelta(days=40, hours=-1)}, "a month ago"),
        ],
    )
    def test_times_that_make_no_sense_are_refused(self, app, cast, given, words):
        with pytest.raises(RuleBroken, match=words):
            operations.call_meeting(build_campaign(leads=[cast.amina]), plan(**given), by=cast.amina)


class TestChanging:
    def test_those_who_may_come_get_one_mail_about_another_time_or_place(self, app, cast, outbox):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        meeting = operations.call_meeting(campaign, plan(), by=cast.amina)
        rsvps.answer_as(meeting, Coming("maybe"), by=cast.cerys)
        say(meeting, "Rosa", email="rosa@example.org")
        say(meeting, "No-sayer", "no", email="no@example.org")
        say(meeting, "No address")
        before = len(outbox())
        told = operations.change_meeting(meeting, plan(where="The church hall"), by=cast.amina, sequence=0)
        mails = outbox()[before:]
        assert told == 2 and {mail.to for mail in mails} == {"rosa@example.org", cast.cerys.email}
        assert all("The church hall" in mail.text and "/meetings/answers/" in mail.text for mail in mails)

    def test_other_words_about_it_mail_nobody(self, app, cast, outbox):
        meeting = operations.call_meeting(build_campaign(leads=[cast.amina]), plan(), by=cast.amina)
        say(meeting, "Rosa", email="rosa@example.org")
        before = len(outbox())
        assert operations.change_meeting(meeting, plan(about="The roof"), by=cast.amina, sequence=0) == 0
        assert len(outbox()) == before and Meeting.get_by_id(meeting.id).sequence == 1

    def test_the_second_of_two_who_change_it_at_once_is_told(self, app, cast):
        meeting = operations.call_meeting(build_campaign(leads=[cast.amina, cast.ben]), plan(), by=cast.amina)
        operations.change_meeting(meeting, plan(title="By Amina"), by=cast.amina, sequence=0)
        with pytest.raises(RuleBroken, match="Somebody else changed"):
            operations.change_meeting(meeting, plan(title="By Ben"), by=cast.ben, sequence=0)
        assert Meeting.get_by_id(meeting.id).title == "By Amina"


class TestCallingOff:
    def test_everybody_who_may_come_reads_the_reason(self, app, cast, outbox):
        meeting = operations.call_meeting(build_campaign(leads=[cast.amina]), plan(), by=cast.amina)
        say(meeting, "Rosa", "maybe", email="rosa@example.org")
        say(meeting, "No-sayer", "no", email="no@example.org")
        assert operations.cancel_meeting(meeting, by=cast.amina, reason="The hall is flooded.") == 1
        mail = outbox("rosa@example.org")[-1]
        assert "The hall is flooded." in mail.text
        (attached,) = mail.attachments()
        assert b"STATUS:CANCELLED" in attached.get_payload(decode=True)
        assert json.loads(Activity.get(Activity.verb == "meeting_cancelled").facts)["reason"] == "The hall is flooded."

    def test_it_happens_once(self, app, cast, outbox):
        meeting = operations.call_meeting(build_campaign(leads=[cast.amina]), plan(), by=cast.amina)
        operations.cancel_meeting(meeting, by=cast.amina, reason="Flood")
        with pytest.raises(RuleBroken, match="already"):
            operations.cancel_meeting(meeting, by=cast.amina, reason="Flood")
        with pytest.raises(RuleBroken, match="can no longer be changed"):
            operations.change_meeting(meeting, plan(), by=cast.amina, sequence=1)


class TestCalendar:
    def read(self, meeting):
        return Calendar.from_ical(calendar.as_ical(meeting, link="http://localhost/meetings/x"))

    def test_the_wall_clock_and_its_zone_are_right_in_summer_too(self, app, cast):
        start = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
        meeting = build_meeting(build_campaign(), starts_at=start, ends_at=start + timedelta(hours=1))
        whole = self.read(meeting)
        event = whole.walk("VEVENT")[0]
        assert str(whole.walk("VTIMEZONE")[0]["TZID"]) == "Europe/London"
        assert event["DTSTART"].params["TZID"] == "Europe/London"
        assert event["DTSTART"].to_ical() == b"20260701T190000"

    def test_it_keeps_its_identity_and_its_sequence_rises(self, app, cast):
        campaign = build_campaign(leads=[cast.amina])
        meeting = operations.call_meeting(campaign, plan(), by=cast.amina)
        first = self.read(meeting).walk("VEVENT")[0]
        operations.change_meeting(meeting, plan(where="Elsewhere"), by=cast.amina, sequence=0)
        second = self.read(meeting).walk("VEVENT")[0]
        assert first["UID"] == second["UID"] and (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
        assert str(second["LOCATION"]) == "Elsewhere" and str(second["STATUS"]) == "CONFIRMED"

    def test_no_member_stands_in_it(self, app, cast):
        meeting = operations.call_meeting(build_campaign(leads=[cast.amina]), plan(), by=cast.amina)
        assert b"Amina" not in calendar.as_ical(meeting, link="x") and b"amina" not in calendar.as_ical(
            meeting, link="x"
        )

    def test_hostile_words_stay_words(self, app):
        meeting = build_meeting(build_campaign(), title="Tea\r\nATTENDEE:x; y, z")
        event = self.read(meeting).walk("VEVENT")[0]
        assert "ATTENDEE" not in event and str(event["SUMMARY"]).endswith("x; y, z")


class TestLists:
    def test_past_and_coming_are_paged_without_gap_or_double(self, app, monkeypatch):
        monkeypatch.setattr(queries, "PAGE", 3)
        campaign = build_campaign()
        # Two begin at the same moment, across a page's edge.
        for day in (1, 2, 3, 3, 5, 6, 7):
            for side in (-1, 1):
                start = clock.now() + side * timedelta(days=day)
                build_meeting(campaign, title=f"{day}", starts_at=start, ends_at=start + timedelta(hours=1))
        for read, step in ((queries.coming, "after"), (queries.past, "before")):
            seen, key = [], None
            while True:
                rows, key = read(campaign, **{step: key})
                seen += rows
                if key is None:
                    break
            assert [int(row.title) for row in seen] == [1, 2, 3, 3, 5, 6, 7]
            assert len({row.id for row in seen}) == 7
