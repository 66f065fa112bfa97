"""The door, closing and the minutes through the front door, with script and without."""

from datetime import date, timedelta

import pytest

from portal.meetings import closing, room
from portal.meetings.closing import Outcome, Task
from portal.meetings.models import Attendance, Meeting, Undertaking
from tests.builders import add_member, build_campaign, build_meeting
from tests.conftest import NOON
from tests.counting import count_sql

EMPTY_ROWS = {
    f"tasks-{n}-{name}": value
    for n in range(3)
    for name, value in (("who", "0"), ("name", ""), ("what", ""), ("by_on", ""))
}
CLOSED = {
    **EMPTY_ROWS,
    "decisions": "We write again\n- We meet in the hall",
    "next_on": "2026-12-10",
    "why_no_next": "",
}


@pytest.fixture
def campaign(app, cast):
    return build_campaign(leads=[cast.amina], members=[cast.cerys], organizer=cast.ola)


@pytest.fixture
def meeting(campaign):
    return build_meeting(campaign, starts_at=NOON - timedelta(hours=1), ends_at=NOON + timedelta(hours=1))


@pytest.fixture
def closed(meeting, cast):
    tasks = [
        Task("Cerys Prosser", "Book the hall", date(2026, 12, 1), cast.cerys),
        Task("Rosa", "Bring tea", date(2026, 11, 23)),
    ]
    closing.close_meeting(
        meeting, Outcome(decisions=["We write again"], tasks=tasks, next_on=date(2026, 12, 10)), by=cast.amina
    )
    return Meeting.get_by_id(meeting.id)


class TestTicking:
    def url(self, meeting, rest="attendance"):
        return f"/meetings/{meeting.key}/{rest}"

    def test_without_script_it_leads_back_to_the_same_row(self, meeting, sign_in, cast):
        browser = sign_in(cast.amina)
        answer = browser.send(self.url(meeting), {"who": f"member-{cast.cerys.id}"})
        assert answer.status_code == 303 and answer.headers["Location"].endswith(f"#row-member-{cast.cerys.id}")
        assert ">1 came</p>" in browser.get(self.url(meeting)).text

    def test_with_script_it_answers_with_the_row_and_the_count(self, meeting, sign_in, cast):
        browser = sign_in(cast.amina, htmx=True)
        page = browser.send(self.url(meeting), {"who": f"member-{cast.cerys.id}"})
        assert page.status_code == 200 and "<html" not in page.text and "Amina" not in page.text
        assert f'id="row-member-{cast.cerys.id}"' in page.text and "Undo" in page.text
        assert 'hx-swap-oob="innerHTML"' in page.text and "1 came" in page.text

    def test_undoing_keeps_both_on_record_also_after_closing(self, closed, sign_in, cast):
        tick = room.tick_member(closed, cast.cerys, by=cast.amina)
        browser = sign_in(cast.ola)
        answer = browser.send(self.url(closed, f"attendance/{tick.id}/undoing"), {"who": f"member-{cast.cerys.id}"})
        assert answer.status_code == 303 and Meeting.get().came_count == 0
        page = browser.get(self.url(closed)).text
        assert "Cerys Prosser: ticked by Amina Dirie on" in page and "undone by Ola Mensah" in page

    def test_somebody_not_on_the_list_is_added_by_name(self, meeting, sign_in, cast):
        assert sign_in(cast.amina).send(self.url(meeting, "guests"), {"name": "Sam", "is_new": "y"}).status_code == 303
        page = sign_in(cast.amina, htmx=True).send(self.url(meeting, "guests"), {"name": "Kit"})
        assert page.status_code == 200 and "Sam" in page.text and "2 came, 1 of them new" in page.text
        wrong = sign_in(cast.amina, htmx=True).send(self.url(meeting, "guests"), {"name": ""})
        assert wrong.status_code == 422 and "Enter their name" in wrong.text and "<html" not in wrong.text

    def test_a_row_of_another_meeting_is_not_there(self, meeting, campaign, sign_in, cast):
        other = build_meeting(campaign)
        tick = room.add_guest(other, by=cast.amina, name="Sam", is_new=False)
        browser = sign_in(cast.amina)
        assert browser.send(self.url(meeting, f"attendance/{tick.id}/undoing")).status_code == 404
        for who in (f"guest-{tick.id}", f"member-{cast.dov.id}", "nonsense", ""):
            assert browser.send(self.url(meeting), {"who": who}).status_code == 404
        assert Attendance.get().undone_at is None

    def test_only_hosts_tick(self, campaign, meeting, sign_in, cast, client):
        captain = sign_in(cast.ben)
        add_member(campaign, cast.ben, "door_captain")
        for rest in ("attendance", "guests", "attendance/1/undoing"):
            assert sign_in(cast.cerys).send(self.url(meeting, rest)).status_code == 403
        for rest in ("attendance", "sheet"):
            assert sign_in(cast.cerys).get(self.url(meeting, rest)).status_code == 403
            assert captain.get(self.url(meeting, rest)).status_code == 200
            assert client.get(self.url(meeting, rest)).status_code == 303
        Meeting.update(is_open=False).execute()
        assert sign_in(cast.nia).send(self.url(meeting)).status_code == 404


class TestClosing:
    def test_decisions_tasks_and_the_next_date_become_minutes(self, meeting, sign_in, cast):
        browser = sign_in(cast.amina)
        typed = {
            **CLOSED,
            "tasks-0-who": str(cast.cerys.id),
            "tasks-0-what": "Book the hall",
            "tasks-0-by_on": "2026-12-01",
            "tasks-2-name": "Rosa",
            "tasks-2-what": "Bring tea",
            "tasks-2-by_on": "2026-12-02",
        }
        assert (
            browser.send(f"/meetings/{meeting.key}/closing", typed).headers["Location"]
            == f"/meetings/{meeting.key}/minutes"
        )
        page = browser.get(f"/meetings/{meeting.key}/minutes").text
        for word in ("We write again", "We meet in the hall", "Cerys Prosser", "Rosa", "Bring tea", "Thu 10 Dec"):
            assert word in page
        assert [row.person for row in Undertaking.select().order_by(Undertaking.id)] == [cast.cerys, None]

    def test_without_a_next_date_or_reason_everything_typed_is_kept(self, meeting, sign_in, cast):
        typed = {
            **CLOSED,
            "next_on": "",
            "tasks-1-name": "Rosa",
            "tasks-1-what": "Bring tea",
            "tasks-1-by_on": "2026-12-02",
        }
        page = sign_in(cast.amina).send(f"/meetings/{meeting.key}/closing", typed)
        assert page.status_code == 422 and "why there is no date yet" in page.text
        for word in ("We write again", "Bring tea", "2026-12-02", 'value="Rosa"'):
            assert word in page.text
        assert Meeting.get().closed_at is None

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ({"tasks-0-what": "Bring tea", "tasks-0-by_on": "2026-12-02"}, "Say who does it"),
            ({"tasks-0-name": "Rosa", "tasks-0-by_on": "2026-12-02"}, "Say what they do"),
            ({"tasks-0-name": "Rosa", "tasks-0-what": "Bring tea"}, "Say by when"),
            ({"tasks-0-name": "Rosa", "tasks-0-what": "Bring tea", "tasks-0-by_on": "soon"}, "Enter a date like"),
            ({"tasks-0-who": "999999", "tasks-0-what": "Bring tea", "tasks-0-by_on": "2026-12-02"}, "Choose one of"),
            (
                {"tasks-0-name": "Rosa", "tasks-0-what": "Bring tea", "tasks-0-by_on": "2026-10-02"},
                "before the day of the meeting",
            ),
        ],
    )
    def test_half_a_row_is_explained(self, meeting, sign_in, cast, row, words):
        page = sign_in(cast.amina).send(f"/meetings/{meeting.key}/closing", {**CLOSED, **row})
        assert page.status_code == 422 and words in page.text and not Undertaking.select().exists()

    def test_more_rows_come_without_losing_any_with_script_and_without(self, meeting, sign_in, cast):
        typed = {**CLOSED, "tasks-0-what": "Bring tea", "more": "1"}
        whole = sign_in(cast.amina).send(f"/meetings/{meeting.key}/closing", typed)
        piece = sign_in(cast.amina, htmx=True).send(f"/meetings/{meeting.key}/closing", typed)
        assert whole.status_code == piece.status_code == 200
        for page in (whole, piece):
            assert page.text.count("<legend>") == 4 and "Bring tea" in page.text and 'name="tasks-3-what"' in page.text
        assert "We write again" in whole.text and "<html" not in piece.text and Meeting.get().closed_at is None

    def test_only_keepers_close_and_not_before_it_begins(self, campaign, meeting, sign_in, cast):
        for person in (cast.cerys, cast.ola):
            assert sign_in(person).send(f"/meetings/{meeting.key}/closing", CLOSED).status_code == 403
        coming = build_meeting(campaign)
        answer = sign_in(cast.amina).send(f"/meetings/{coming.key}/closing", CLOSED)
        assert (
            answer.headers["Location"] == f"/meetings/{coming.key}" and Meeting.get_by_id(coming.id).closed_at is None
        )

    def test_mending_shows_what_stands_and_takes_a_task_off(self, closed, campaign, sign_in, cast):
        browser = sign_in(cast.amina)
        page = browser.get(f"/meetings/{closed.key}/closing").text
        assert "We write again" in page and "2026-12-10" in page and "Book the hall" in page
        task = Undertaking.get(Undertaking.who == "Rosa")
        assert sign_in(cast.cerys).send(f"/campaigns/{campaign.key}/undertakings/{task.id}/removal").status_code == 403
        assert browser.send(f"/campaigns/{campaign.key}/undertakings/{task.id}/removal").status_code == 303
        assert browser.send(f"/meetings/{closed.key}/closing", {**CLOSED, "decisions": "Mended"}).status_code == 303
        page = browser.get(f"/meetings/{closed.key}/minutes").text
        assert "Mended" in page and "We write again" not in page and "Bring tea" not in page

    def test_words_typed_while_the_session_ended_are_on_the_page(self, meeting, sign_in, cast):
        page = sign_in(None).send(f"/meetings/{meeting.key}/closing", CLOSED)
        assert page.status_code == 401 and "We meet in the hall" in page.text


class TestMinutes:
    def test_members_read_them_and_outsiders_do_not(self, closed, sign_in, cast, client):
        for path in ("minutes", "minutes.pdf"):
            assert sign_in(cast.ola).get(f"/meetings/{closed.key}/{path}").status_code == 200
            assert sign_in(cast.nia).get(f"/meetings/{closed.key}/{path}").status_code == 403
            assert client.get(f"/meetings/{closed.key}/{path}").status_code == 303
        Meeting.update(is_open=False).execute()
        assert sign_in(cast.nia).get(f"/meetings/{closed.key}/minutes").status_code == 404

    @pytest.mark.parametrize("query", ["", "?large=1"])
    def test_they_are_a_pdf_on_one_page(self, closed, sign_in, cast, query):
        answer = sign_in(cast.cerys).get(f"/meetings/{closed.key}/minutes.pdf{query}")
        assert answer.content_type == "application/pdf" and answer.data.startswith(b"%PDF")
        assert answer.data.count(b"/Type /Page\n") + answer.data.count(b"/Type/Page\n") <= 1

    def test_before_closing_they_say_that_there_are_none(self, meeting, sign_in, cast):
        browser = sign_in(cast.cerys)
        assert "There are no minutes yet" in browser.get(f"/meetings/{meeting.key}/minutes").text
        assert browser.get(f"/meetings/{meeting.key}/minutes.pdf").status_code == 303

    def test_they_cost_five_statements_however_long(self, closed, campaign, sign_in, cast):
        browser = sign_in(cast.cerys)
        browser.get(f"/meetings/{closed.key}/minutes")
        counts = []
        for number in range(2):
            Undertaking.create(campaign=campaign, meeting=closed, person=cast.cerys, who="Cerys", what=f"Task {number}")
            with count_sql() as seen:
                assert f"Task {number}" in browser.get(f"/meetings/{closed.key}/minutes").text
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 5


class TestWhoDoesWhat:
    def test_a_member_marks_their_own_and_takes_it_back(self, closed, campaign, sign_in, cast):
        own = Undertaking.get(Undertaking.who == "Cerys Prosser")
        url = f"/campaigns/{campaign.key}/undertakings/{own.id}/done"
        browser = sign_in(cast.cerys)
        assert browser.send(url).headers["Location"] == f"/meetings/{closed.key}/minutes"
        assert Undertaking.get_by_id(own.id).done_at == NOON
        assert browser.send(f"{url}/removal", {"to": "start"}).headers["Location"] == "/"
        assert Undertaking.get_by_id(own.id).done_at is None

    def test_somebody_elses_is_for_a_lead(self, closed, campaign, sign_in, cast):
        other = Undertaking.get(Undertaking.who == "Rosa")
        for rest in ("done", "done/removal"):
            url = f"/campaigns/{campaign.key}/undertakings/{other.id}/{rest}"
            assert sign_in(cast.cerys).send(url).status_code == 403
            assert sign_in(cast.ola).send(url).status_code == 403
            assert sign_in(cast.nia).send(url).status_code == 404
            assert sign_in(cast.amina).send(url).status_code == 303

    def test_who_left_the_campaign_marks_nothing(self, closed, campaign, sign_in, cast):
        own = Undertaking.get(Undertaking.who == "Cerys Prosser")
        campaign.memberships.model.update(left_at=NOON).where(campaign.memberships.model.person == cast.cerys).execute()
        assert sign_in(cast.cerys).send(f"/campaigns/{campaign.key}/undertakings/{own.id}/done").status_code == 404
