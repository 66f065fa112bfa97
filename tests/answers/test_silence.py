"""Silence: noted once when a day has passed, and no longer said when it proves wrong."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.models import Activity, Campaign
from portal.letters.models import Delivery, Letter
from portal.responses.answers.models import Silence
from portal.responses.answers.silence import note_silences
from portal.responses.deadlines import operations as clocks
from portal.responses.deadlines.corrections import correct_delivery, correct_response
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.deadlines.models import Deadline
from portal.responses.models import Response
from portal.responses.operations import log_response, publish_response
from tests.builders import build_letter
from tests.counting import count_sql
from tests.responses.stage import SENT, page_of, read

DUE = SENT + timedelta(days=14)


@pytest.fixture
def late(letter):
    """The letter was handed over; our own fourteen days are over, and nothing has come."""
    Delivery.create(
        campaign=letter.campaign, letter=letter, version=letter.versions.get(), channel="hand", happened_on=SENT
    )
    keep_deadlines(letter)
    note_silences()
    return letter


def silences():
    return list(Response.select().where(Response.kind == "silence"))


def answer(letter, cast, on, *, kind=None):
    logged = log_response(letter, by=cast.amina, channel="letter", received_on=on, text="We answer")
    if kind:
        read(logged, cast.amina, "yes", "no", "no", kind=kind)
    return logged


class TestNoting:
    def test_it_is_noted_once_dated_and_inside_only(self, late, sign_in, cast):
        note_silences()
        (found,) = silences()
        assert (found.channel, found.logged_by, found.received_on) == ("noted", None, DUE + timedelta(days=1))
        line = Activity.get(Activity.verb == "silence_noted")
        assert not line.is_public and line.subject_id == found.id
        page = sign_in(cast.cerys).get(f"/campaigns/{late.campaign.key}").text
        assert "They did not answer by" in page and "26 Oct" in page
        assert "Write a reminder" in sign_in(cast.amina).get(page_of(found)).text
        assert "needs reading" not in page and "waits to be read" not in page

    def test_a_second_round_asks_few_questions_and_writes_nothing(self, late):
        version = Campaign.get().version
        with count_sql() as asked:
            note_silences()
        assert len(asked) <= 8 and Campaign.get().version == version

    @pytest.mark.parametrize("kind", ["acknowledgement", "holding", "vague_promise", "legal_threat", "auto_reply"])
    def test_what_ends_no_waiting_stops_no_silence(self, letter, cast, kind):
        Letter.update(answer_due_on=DUE).execute()
        answer(letter, cast, SENT + timedelta(days=3), kind=kind)
        note_silences()
        assert len(silences()) == 1

    @pytest.mark.parametrize("kind", [None, "refusal", "meeting_agreed", "commitment"])
    def test_an_answer_in_time_or_one_that_nobody_has_read_is_no_silence(self, letter, cast, kind):
        Letter.update(answer_due_on=DUE).execute()
        answer(letter, cast, DUE, kind=kind)
        note_silences()
        assert not silences()

    def test_neither_a_closed_campaign_nor_a_letter_without_a_day_is_looked_at(self, letter):
        note_silences()
        Letter.update(answer_due_on=DUE).execute()
        Campaign.update(state="won").execute()
        note_silences()
        assert not silences()

    def test_once_a_clock_runs_it_says_when_and_the_letters_own_day_no_more(self, letter):
        Letter.update(answer_due_on=SENT + timedelta(days=5)).execute()
        note_silences()
        version = letter.versions.get()
        Delivery.create(campaign=letter.campaign, letter=letter, version=version, channel="hand", happened_on=SENT)
        for _ in range(2):
            keep_deadlines(letter)
            note_silences()
        assert [one.received_on for one in silences()] == [DUE + timedelta(days=1)]


class TestTakingItBack:
    def test_an_answer_that_came_in_time_and_is_logged_late_ends_it(self, late, cast):
        logged = answer(late, cast, DUE)
        assert not silences() and not Activity.select().where(Activity.verb == "silence_noted").exists()
        # It was only an acknowledgement: then it is silence after all.
        read(logged, cast.amina, "no", "no", "no", kind="acknowledgement")
        assert len(silences()) == 1 and Silence.select().count() == 1

    def test_an_answer_after_the_day_leaves_it_true(self, late, cast):
        answer(late, cast, DUE + timedelta(days=2), kind="refusal")
        note_silences()
        assert len(silences()) == 1

    def test_putting_the_day_of_an_answer_right_works_in_both_directions(self, late, cast):
        came = answer(late, cast, DUE + timedelta(days=2), kind="refusal")
        correct_response(came, late, day=DUE, why="The postmark", by=cast.amina)
        assert not silences()
        correct_response(
            Response.get_by_id(came.id), late, day=DUE + timedelta(days=1), why="No, the 27th", by=cast.amina
        )
        assert [one.received_on for one in silences()] == [DUE + timedelta(days=1)]

    def test_a_clock_that_turns_out_to_run_longer_ends_it_and_a_past_day_dates_it_anew(self, late, cast):
        row = Delivery.get()
        correct_delivery(row, late, day=SENT + timedelta(days=2), why="The receipt", by=cast.amina)
        assert [one.received_on for one in silences()] == [DUE + timedelta(days=3)]
        correct_delivery(Delivery.get(), late, day=clock.today() - timedelta(days=3), why="Again", by=cast.amina)
        assert not silences() and Silence.get().ended_why == "moved"

    def test_what_was_public_leaves_the_public_and_is_marked(self, late, sign_in, cast):
        Campaign.update(visibility="public").execute()
        (found,) = silences()
        publish_response(found, by=cast.amina, public_words="They did not answer by 26 October.")
        address = f"/letters/{late.key}/answers"
        assert "They did not answer by 26 October." in sign_in(None).get(address).text
        assert "They did not answer by" in sign_in(None).get(f"/campaigns/{late.campaign.key}").text
        answer(late, cast, DUE)
        assert "26 October" not in sign_in(None).get(address).text
        assert "They did not answer by" not in sign_in(None).get(f"/campaigns/{late.campaign.key}").text
        assert "no longer true" in sign_in(cast.cerys).get(page_of(found)).text

    def test_another_date_by_a_person_ends_it(self, late, cast):
        deadline = Deadline.get()
        deadline.letter = late
        clocks.set_another_date(deadline, on=clock.today() + timedelta(days=9), reason="They rang", by=cast.amina)
        assert not silences()


def test_a_lead_reads_what_becomes_public_with_the_day_in_it(late, sign_in, cast):
    (found,) = silences()
    page = sign_in(cast.amina).get(page_of(found, "/publication"))
    assert "They did not answer by Mon 26 Oct" in page.text and "2. The answer sheet" not in page.text
    assert sign_in(cast.cerys).get(page_of(found, "/publication")).status_code == 403
    assert sign_in(cast.amina).send(page_of(found, "/reading"), {"kind": "refusal"}).status_code == 422


def test_other_letters_are_left_alone(late):
    other = build_letter(late.campaign, sent_on=clock.today())
    note_silences()
    assert [one.letter_id for one in silences()] == [late.id] and other.id
