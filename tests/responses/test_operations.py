"""Logging, reading and publishing an answer."""

import io
import json
from datetime import date

import pytest

from portal import clock, storage
from portal.campaigns.models import Activity
from portal.errors import RuleBroken
from portal.letters.models import LetterVersion
from portal.responses import queries, reading
from portal.responses.models import Answer, Commitment, Response
from portal.responses.operations import log_response, publish_response, read_response, unpublish_response
from portal.responses.promise_operations import add_promise
from tests.builders import build_campaign, build_letter, build_response
from tests.responses.stage import SENT, read

TODAY = date(2026, 11, 23)


def lines(verb):
    return list(Activity.select().where(Activity.verb == verb))


class TestLogging:
    def log(self, letter, by, **given):
        defaults = {"channel": "phone", "received_on": TODAY, "from_name": "Grant Oakes", "text": "We will look."}
        return log_response(letter, by=by, **{**defaults, **given})

    def test_it_stands_on_their_side_of_the_timeline_on_the_day_it_came_and_is_not_public(self, letter, cast):
        response = self.log(letter, cast.amina, received_on=date(2026, 11, 3))
        line = lines("response_logged")[0]
        assert (line.side, line.happened_on, line.subject_id) == ("theirs", date(2026, 11, 3), response.id)
        assert not line.is_public and response.published_at is None and response.kind is None

    def test_the_name_of_who_wrote_is_not_in_the_line_that_may_become_public(self, letter, cast):
        self.log(letter, cast.amina)
        assert "Grant" not in lines("response_logged")[0].facts

    def test_it_cannot_come_before_the_letter_went_out(self, letter, cast):
        with pytest.raises(RuleBroken, match="cannot have come before"):
            self.log(letter, cast.amina, received_on=date(2026, 10, 11))
        assert self.log(letter, cast.amina, received_on=SENT).id

    def test_it_cannot_come_tomorrow(self, letter, cast):
        with pytest.raises(RuleBroken, match="today or earlier"):
            self.log(letter, cast.amina, received_on=date(2026, 11, 24))

    def test_a_letter_that_was_not_sent_has_no_answer(self, letter, cast):
        with pytest.raises(RuleBroken, match="has not been sent"):
            self.log(build_letter(letter.campaign, frozen=True), cast.amina)

    def test_text_or_file_is_needed_and_either_is_enough(self, letter, cast):
        with pytest.raises(RuleBroken, match="add the file"):
            self.log(letter, cast.amina, text="")
        stored = storage.keep(io.BytesIO(b"%PDF-1.7 hello"), name="answer.pdf")
        assert self.log(letter, cast.amina, text="", file=stored).file == stored


class TestReading:
    def test_the_sheet_has_a_row_for_each_demand_and_question_numbered_as_on_paper(self, letter):
        rows = queries.sheet_rows(build_response(letter))
        assert [(row.ask.kind, row.ask.number) for row in rows] == [("demand", 1), ("demand", 2), ("question", 1)]
        assert rows[0].ask.by_on == date(2026, 12, 7)

    def test_a_reading_gives_it_a_kind_and_counts_for_the_timeline(self, letter, cast):
        response = build_response(letter)
        read(response, cast.amina, "yes", "not_answered", "unclear")
        again = Response.get_by_id(response.id)
        assert (again.kind, again.read_by, again.read_at) == ("partial", cast.amina, clock.now())
        assert json.loads(lines("response_read")[0].facts) == {
            "kind": "partial",
            "asked": 3,
            "answered": 1,
            "demands": 2,
            "questions": 1,
        }

    def test_reading_again_replaces_only_the_own_sheet_and_the_timeline_is_told_once(self, letter, cast):
        response = build_response(letter)
        read(response, cast.amina, "no", "no", "no")
        read(response, cast.ben, "yes", "no", "no")
        read(response, cast.amina, "partly", "no", "no")
        assert Answer.select().count() == 6
        assert [r.verdict for r in queries.sheet_rows(response)[0].readings] == ["partly", "yes"]
        assert len(lines("response_read")) == 2

    def test_a_disagreement_is_shown_and_counts_as_answered_only_when_everybody_found_an_answer(self, letter, cast):
        response = build_response(letter)
        read(response, cast.amina, "not_answered", "no", "yes")
        read(response, cast.ben, "partly", "yes", "yes")
        sheet = queries.sheet_of(response)
        assert [row.is_disputed for row in sheet.rows] == [True, True, False]
        assert sheet.counts.answered == 2 and sheet.readers == ["Amina Dirie", "Ben Okafor"]
        assert [(r.reader_name, r.verdict) for r in sheet.rows[0].others] == [("Ben Okafor", "partly")]

    def test_a_sheet_with_a_hole_is_not_saved(self, letter, cast):
        response = build_response(letter)
        with pytest.raises(RuleBroken, match="every demand"):
            read_response(response, by=cast.amina, kind="refusal", sheet={})
        assert Response.get_by_id(response.id).kind is None

    def test_the_rows_are_those_of_the_text_that_was_answered_not_of_a_later_one(self, letter, cast):
        response = build_response(letter)
        LetterVersion.create(
            letter=letter,
            number=2,
            canonical_text="x",
            sha256="0" * 64,
            content='{"blocks": []}',
            frozen_at=clock.now().replace(year=2027),
        )
        assert len(queries.sheet_rows(Response.get_by_id(response.id))) == 3
        found = queries.responses_of(letter.campaign).where(Response.id == response.id).get()
        assert len(queries.asks_of(found)) == 3

    def test_every_kind_says_whether_it_ends_the_waiting(self):
        from portal.responses import words
        from portal.responses.models import KINDS

        assert set(reading.ENDS_WAITING) == set(KINDS) == set(words.KINDS)


class TestPublishing:
    def ready(self, letter, cast):
        response = build_response(letter)
        read(
            response,
            cast.amina,
            "yes",
            "not_answered",
            "no",
            excerpt="attended at Flat 12",
            promised_on=date(2026, 12, 1),
        )
        add_promise(letter.campaign, by=cast.amina, what="Fit fans", made_on=TODAY, response=response)
        return response

    def test_words_verdicts_promises_and_lines_become_public_together(self, letter, cast):
        response = self.ready(letter, cast)
        response.campaign = letter.campaign
        publish_response(response, by=cast.amina, public_words="They answered two.")
        again = Response.get_by_id(response.id)
        assert (again.public_words, again.published_by) == ("They answered two.", cast.amina)
        assert [row["verdicts"] for row in queries.public_rows(again)] == [["yes"], ["not_answered"], ["no"]]
        counts = queries.public_counts(again)
        assert (counts.demands, counts.questions, counts.answered) == (2, 1, 2)
        assert Commitment.get().is_public
        assert all(
            line.is_public for line in Activity.select().where(Activity.subject_kind << ["response", "commitment"])
        )

    def test_their_words_and_the_readers_stay_inside(self, letter, cast):
        response = self.ready(letter, cast)
        publish_response(response, by=cast.amina, public_words="They answered two.")
        sheet = Response.get_by_id(response.id).public_sheet
        assert "Flat 12" not in sheet and "Amina" not in sheet

    def test_a_later_reading_changes_nothing_in_public_until_published_again(self, letter, cast):
        response = self.ready(letter, cast)
        publish_response(response, by=cast.amina, public_words="Words")
        read(response, cast.ben, "no", "no", "no")
        assert queries.public_rows(Response.get_by_id(response.id))[0]["verdicts"] == ["yes"]
        publish_response(response, by=cast.ben, public_words="Words")
        assert queries.public_rows(Response.get_by_id(response.id))[0]["verdicts"] == ["yes", "no"]

    def test_nobody_publishes_what_nobody_has_read(self, letter, cast):
        response = build_response(letter)
        with pytest.raises(RuleBroken, match="Read the answer"):
            publish_response(response, by=cast.amina, public_words="Words")
        assert Response.get_by_id(response.id).published_at is None

    def test_taking_it_back_takes_everything_back_and_keeps_the_words(self, letter, cast):
        response = self.ready(letter, cast)
        publish_response(response, by=cast.amina, public_words="Words")
        unpublish_response(response, by=cast.ben)
        again = Response.get_by_id(response.id)
        assert again.published_at is None and again.public_words == "Words" and queries.public_rows(again) == []
        assert not Commitment.get().is_public
        assert not Activity.select().where(Activity.is_public == True).exists()  # noqa: E712
        with pytest.raises(RuleBroken, match="not public"):
            unpublish_response(response, by=cast.ben)

    def test_another_response_and_its_promises_are_left_alone(self, letter, cast):
        response, other = self.ready(letter, cast), build_response(letter)
        add_promise(letter.campaign, by=cast.amina, what="Other", made_on=TODAY, response=other)
        publish_response(response, by=cast.amina, public_words="Words")
        assert not Commitment.get(Commitment.what == "Other").is_public
        assert not build_campaign(leads=[cast.dov]).responses.exists()
