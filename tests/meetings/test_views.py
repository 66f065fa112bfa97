"""Meetings through the front door: who sees what, what is kept, what it costs."""

import re
from datetime import timedelta

import pytest

from portal.meetings import rsvps
from portal.meetings.models import Meeting, Rsvp
from portal.meetings.rsvps import Coming
from tests.builders import add_member, build_campaign, build_meeting, build_person
from tests.conftest import NOON
from tests.counting import count_sql

TYPED = {
    "title": "Everybody on floor 9",
    "kind": "house",
    "starts_at": "2026-11-26T19:00",
    "ends_at": "2026-11-26T21:00",
    "where": "Community room",
    "access": "Step-free",
    "about": "The lifts",
    "is_open": "y",
}


@pytest.fixture
def campaign(app, cast):
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)


@pytest.fixture
def meeting(campaign):
    return build_meeting(campaign)


@pytest.fixture
def inner(campaign):
    """A meeting for members only."""
    return build_meeting(campaign, is_open=False, title="Behind doors")


class TestTheList:
    def test_members_and_the_organizer_see_it_others_do_not(self, campaign, meeting, sign_in, cast, client):
        url = f"/campaigns/{campaign.key}/meetings"
        for person in (cast.cerys, cast.ola):
            assert "Meeting of the block" in sign_in(person).get(url).text
        assert sign_in(cast.dov).get(url).status_code == 404
        assert client.get(url).status_code == 303

    def test_an_empty_list_says_what_to_do(self, campaign, sign_in, cast):
        page = sign_in(cast.amina).get(f"/campaigns/{campaign.key}/meetings").text
        assert "No meeting is called" in page and "Call a meeting" in page
        assert "Call a meeting" not in sign_in(cast.cerys).get(f"/campaigns/{campaign.key}/meetings").text

    def test_it_costs_five_statements_however_long(self, campaign, sign_in, cast):
        browser = sign_in(cast.cerys)
        browser.get(f"/campaigns/{campaign.key}/meetings")
        counts = []
        for _round in range(2):
            for side in (-3, 3):
                build_meeting(
                    campaign, starts_at=NOON + timedelta(days=side), ends_at=NOON + timedelta(days=side, hours=1)
                )
            with count_sql() as seen:
                browser.get(f"/campaigns/{campaign.key}/meetings")
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 5


class TestCalling:
    def test_a_lead_calls_one_on_the_wall_clock(self, campaign, sign_in, cast):
        answer = sign_in(cast.amina).send(
            f"/campaigns/{campaign.key}/meetings/new", {**TYPED, "starts_at": "2027-06-01T19:00", "ends_at": ""}
        )
        made = Meeting.get()
        assert answer.headers["Location"] == f"/meetings/{made.key}"
        assert made.starts_at.hour == 18 and made.ends_at - made.starts_at == timedelta(hours=2)

    def test_a_member_may_not_and_an_organizer_may(self, campaign, sign_in, cast):
        url = f"/campaigns/{campaign.key}/meetings/new"
        assert sign_in(cast.cerys).send(url, TYPED).status_code == 403
        assert sign_in(cast.dov).send(url, TYPED).status_code == 404
        assert sign_in(cast.ola).send(url, TYPED).status_code == 303

    def test_what_was_typed_is_kept(self, campaign, sign_in, cast):
        page = sign_in(cast.amina).send(
            f"/campaigns/{campaign.key}/meetings/new", {**TYPED, "where": "", "ends_at": "2026-11-26T18:00"}
        )
        assert page.status_code == 422 and "Say where it is" in page.text and "Everybody on floor 9" in page.text
        page = sign_in(cast.amina).send(
            f"/campaigns/{campaign.key}/meetings/new", {**TYPED, "ends_at": "2026-11-26T18:00"}
        )
        assert page.status_code == 422 and "end after it begins" in page.text and "2026-11-26T18:00" in page.text


class TestThePage:
    def test_an_open_meeting_of_a_campaign_in_the_circle_names_neither_it_nor_anybody(
        self, meeting, client, cast, sign_in
    ):
        Meeting.update(called_by=cast.amina).where(Meeting.id == meeting.id).execute()
        for browser in (client, sign_in(cast.nia)):
            page = browser.get(f"/meetings/{meeting.key}")
            assert page.status_code == 200 and "Community room" in page.text
            for word in ("Dry walls", "Amina", "Larkspur", meeting.campaign.key):
                assert word not in page.text
        assert "Dry walls" in sign_in(cast.cerys).get(f"/meetings/{meeting.key}").text

    def test_a_meeting_for_members_does_not_exist_for_others(self, campaign, inner, client, sign_in, cast):
        type(campaign).update(visibility="public").execute()
        missing = client.get("/meetings/no-such-meeting")
        for browser in (client, sign_in(cast.nia)):
            page = browser.get(f"/meetings/{inner.key}")
            assert page.status_code == 404
            assert client.get(f"/meetings/{inner.key}/calendar.ics").status_code == 404
        assert re.sub("value=.*?>", "", client.get(f"/meetings/{inner.key}").text) == re.sub(
            "value=.*?>", "", missing.text
        )
        assert sign_in(cast.cerys).get(f"/meetings/{inner.key}").status_code == 200
        assert sign_in(cast.ola).get(f"/meetings/{inner.key}").status_code == 200

    def test_guests_see_a_number_and_hosts_see_names(self, meeting, client, sign_in, cast):
        client.send(f"/meetings/{meeting.key}/answers", {"answer": "yes", "name": "Rosa Maddox", "brings_count": "2"})
        page = sign_in(cast.cerys).get(f"/meetings/{meeting.key}").text
        assert "3 people said yes" in page and "Rosa" not in page
        assert sign_in(cast.cerys).get(f"/meetings/{meeting.key}/attendance").status_code == 403
        assert "Rosa Maddox" in sign_in(cast.ola).get(f"/meetings/{meeting.key}/attendance").text

    def test_it_costs_five_statements_at_most(self, meeting, sign_in, cast, client):
        browser = sign_in(cast.amina)
        browser.get(f"/meetings/{meeting.key}")
        for reader in (browser, client):
            with count_sql() as seen:
                assert reader.get(f"/meetings/{meeting.key}").status_code == 200
            assert len(seen) <= 5

    def test_the_calendar_file_says_what_it_is(self, meeting, client):
        answer = client.get(f"/meetings/{meeting.key}/calendar.ics")
        assert answer.content_type == "text/calendar; charset=utf-8"
        assert f"http://localhost/meetings/{meeting.key}" in answer.text.replace("\r\n ", "")


class TestChanging:
    def test_the_second_of_two_reads_what_the_first_wrote_and_keeps_what_they_typed(self, meeting, sign_in, cast):
        url = f"/meetings/{meeting.key}/edit"
        amina, ben = sign_in(cast.amina), sign_in(cast.ben)
        assert 'name="sequence"' in ben.get(url).text
        assert amina.send(url, {**TYPED, "title": "By Amina", "sequence": "0"}).status_code == 303
        page = ben.send(url, {**TYPED, "title": "By Ben", "sequence": "0"})
        assert page.status_code == 422 and "Somebody else changed" in page.text and "By Ben" in page.text
        assert ben.send(url, {**TYPED, "title": "By Ben", "sequence": "1"}).status_code == 303

    def test_strangers_and_members_may_not(self, meeting, inner, sign_in, cast):
        for path in ("edit", "cancellation"):
            assert sign_in(cast.cerys).send(f"/meetings/{meeting.key}/{path}", TYPED).status_code == 403
            assert sign_in(cast.nia).send(f"/meetings/{inner.key}/{path}", TYPED).status_code == 404

    def test_calling_it_off_needs_a_reason_and_shows_it(self, meeting, sign_in, cast, client):
        browser = sign_in(cast.amina)
        assert browser.send(f"/meetings/{meeting.key}/cancellation", {"reason": " "}).status_code == 422
        assert (
            browser.send(f"/meetings/{meeting.key}/cancellation", {"reason": "The hall is flooded"}).status_code == 303
        )
        page = client.get(f"/meetings/{meeting.key}").text
        assert "The hall is flooded" in page and "Send my answer" not in page
        assert browser.get(f"/meetings/{meeting.key}/edit").status_code == 303


class TestAnswering:
    def test_without_an_address_the_own_link_is_on_the_page(self, meeting, client, outbox):
        answer = client.send(f"/meetings/{meeting.key}/answers", {"answer": "yes", "name": "Rosa", "needs": "Polish"})
        own = answer.headers["Location"]
        page = client.get(own).text
        assert own in page and "You said yes" in page and not outbox()
        assert client.send(own, {"answer": "no", "name": "Rosa", "brings_count": "", "needs": ""}).status_code == 303
        assert Rsvp.get().answer == "no"

    def test_with_an_address_the_link_goes_by_mail_only(self, meeting, client, outbox):
        answer = client.send(
            f"/meetings/{meeting.key}/answers", {"answer": "yes", "name": "Rosa", "email": "rosa@example.org"}
        )
        assert answer.headers["Location"] == f"/meetings/{meeting.key}"
        mail = outbox("rosa@example.org")[0]
        assert "calendar.ics" in mail.text and mail.attachments()
        assert client.get(mail.link("/answers/")).status_code == 200

    def test_known_and_unknown_addresses_get_the_same_answer(self, meeting, client, sign_in, cast):
        sign_in(cast.cerys).send(f"/meetings/{meeting.key}/answers", {"answer": "yes"})
        answers = {
            client.send(f"/meetings/{meeting.key}/answers", {"answer": "no", "name": "X", "email": email}).headers[
                "Location"
            ]
            for email in (cast.cerys.email, "new@example.org")
        }
        assert len(answers) == 1 and rsvps.own_answer(meeting, cast.cerys).answer == "yes"

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"answer": None}, "Choose yes, maybe or no"),
            ({"name": ""}, "Enter your name"),
            ({"brings_count": "10"}, "0 to 9"),
            ({"brings_count": "many"}, "whole number"),
            ({"email": "rosa@"}, "right form"),
        ],
    )
    def test_what_was_typed_is_kept(self, meeting, client, wrong, words):
        typed = {"answer": "yes", "name": "Rosa", "needs": "A seat near the front", **wrong}
        typed = {name: value for name, value in typed.items() if value is not None}
        page = client.send(f"/meetings/{meeting.key}/answers", typed)
        assert page.status_code == 422 and words in page.text and "A seat near the front" in page.text
        assert not Rsvp.select().exists()

    def test_a_member_answers_and_changes_it_on_the_page(self, inner, sign_in, cast):
        browser = sign_in(cast.cerys)
        for answer in ("yes", "maybe"):
            assert browser.send(f"/meetings/{inner.key}/answers", {"answer": answer}).status_code == 303
        assert "You said maybe" in browser.get(f"/meetings/{inner.key}").text
        assert sign_in(cast.nia).send(f"/meetings/{inner.key}/answers", {"answer": "yes"}).status_code == 404

    def test_one_link_is_no_good_for_another_answer_and_deletes_its_own(self, app, meeting, client):
        with app.test_request_context():
            own = rsvps.answer_without_account(meeting, Coming("yes"), name="Rosa", email="", network="x")
        url = f"/meetings/answers/{rsvps.token_of(own)}"
        assert client.get(url[:-3] + "abc").status_code == 404
        assert client.send(f"{url}/removal").status_code == 303
        assert not Rsvp.select().exists() and client.get(url).status_code == 404

    def test_once_closed_to_outsiders_the_link_shows_nothing_but_the_way_out(self, app, meeting, client):
        with app.test_request_context():
            own = rsvps.answer_without_account(meeting, Coming("yes"), name="Rosa", email="", network="x")
        Meeting.update(is_open=False, where="A secret place").where(Meeting.id == meeting.id).execute()
        url = f"/meetings/answers/{rsvps.token_of(own)}"
        page = client.get(url).text
        assert "A secret place" not in page and "Delete my answer" in page
        client.send(url, {"answer": "no", "name": "Rosa"})
        assert Rsvp.get().answer == "yes"
        assert client.send(f"{url}/removal").status_code == 303 and not Rsvp.select().exists()


def test_a_double_press_answers_once(meeting, client):
    token = {"csrf_token": client.token(), "once": "the-same-key-twice", "answer": "yes", "name": "Rosa"}
    first = client.post(f"/meetings/{meeting.key}/answers", data=token)
    second = client.post(f"/meetings/{meeting.key}/answers", data=token)
    assert first.headers["Location"] == second.headers["Location"] and Rsvp.select().count() == 1


def test_the_door_costs_five_statements_however_many_come(app, meeting, campaign, sign_in, cast):
    browser = sign_in(cast.amina)
    browser.get(f"/meetings/{meeting.key}/attendance")
    counts = []
    for _round in range(2):
        for _one in range(5):
            add_member(campaign, build_person())
            with app.test_request_context():
                rsvps.answer_without_account(meeting, Coming("yes"), name="Rosa", email="", network="x")
        with count_sql() as seen:
            browser.get(f"/meetings/{meeting.key}/attendance")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5
