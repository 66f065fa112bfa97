"""Several files at once, putting right what was logged by hand, and setting aside what was a mistake."""

import io
import json
from datetime import timedelta

import pytest

from portal.campaigns.models import Activity
from portal.errors import RuleBroken
from portal.responses.answers import correcting
from portal.responses.answers.models import SetAside, WordCorrection
from portal.responses.deadlines.models import DayCorrection
from portal.responses.models import Response, ResponseFile
from portal.responses.operations import log_response
from portal.storage import StoredFile
from tests.builders import add_member, build_person, build_response
from tests.responses.stage import SENT, page_of, read

PNG = b"\x89PNG\r\n\x1a\n page "
TYPED = {"channel": "letter", "received_on": "2026-11-03", "from_name": "Grant Oakes", "text": ""}


def pages(count):
    return [(io.BytesIO(PNG + bytes([number])), f"page {number}.png") for number in range(count)]


@pytest.fixture
def logged(letter, cast):
    """Dee, who drafts, logged it."""
    dee = build_person("Dee Drafter")
    add_member(letter.campaign, dee, "drafter")
    found = log_response(letter, by=dee, channel="phone", received_on=SENT, from_name="Grant Okes", text="We will look")
    found.dee = dee
    return found


class TestSeveralFiles:
    def address(self, letter):
        return f"/campaigns/{letter.campaign.key}/letters/{letter.id}/responses/new"

    def test_a_letter_photographed_page_by_page_is_one_answer(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        answer = browser.send(self.address(letter), {**TYPED, "file": pages(3)})
        assert answer.status_code == 303
        rows = list(ResponseFile.select().order_by(ResponseFile.id))
        assert [row.role for row in rows] == ["original", "attachment", "attachment"]
        page = browser.get(answer.headers["Location"]).text
        assert page.count("<img ") == 3 and "page 2.png" in page

    def test_a_mistake_keeps_all_of_them_and_more_can_be_added(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        page = browser.send(self.address(letter), {**TYPED, "from_name": "", "file": pages(2)})
        assert page.status_code == 422 and "We have kept your 2 files" in page.text and "page 1.png" in page.text
        note = page.text.split('name="kept_file"')[1].split('value="')[1].split('"')[0]
        more = [(io.BytesIO(PNG + b"last"), "last.png")]
        assert browser.send(self.address(letter), {**TYPED, "kept_file": note, "file": more}).status_code == 303
        assert [row.file.name for row in ResponseFile.select()] == ["page 0.png", "page 1.png", "last.png"]

    def test_more_than_ten_are_refused_and_the_first_ten_stay(self, letter, sign_in, cast):
        page = sign_in(cast.amina).send(self.address(letter), {**TYPED, "file": pages(11)})
        assert page.status_code == 422 and "Choose 10 files or fewer" in page.text
        assert StoredFile.select().count() == 10 and not Response.select().exists()


class TestPuttingItRight:
    typed = {"channel": "letter", "received_on": "2026-10-14", "from_name": "Grant Oakes", "text": "We will look"}

    def test_both_stay_and_the_clocks_follow_the_day(self, logged, sign_in, cast):
        browser = sign_in(logged.dee)
        answer = browser.send(page_of(logged, "/corrections"), {**self.typed, "why": "It is on the envelope"})
        assert answer.status_code == 303
        now = Response.get_by_id(logged.id)
        assert (now.channel, now.from_name, now.received_on) == ("letter", "Grant Oakes", SENT + timedelta(days=2))
        assert {row.what: (row.was, row.now) for row in WordCorrection.select()} == {
            "channel": ("phone", "letter"),
            "from_name": ("Grant Okes", "Grant Oakes"),
        }
        assert DayCorrection.get().was_on == SENT
        assert json.loads(Activity.get(Activity.verb == "response_logged").facts)["channel"] == "letter"
        page = sign_in(cast.cerys).get(page_of(logged, "/corrections")).text
        assert "Grant Okes" in page and "It is on the envelope" in page and "<textarea" not in page

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"why": ""}, "Say how you know"),
            ({"received_on": "2026-10-01", "why": "x"}, "cannot have come before"),
            ({"text": "", "why": "x"}, "there is no answer"),
            ({"channel": "web", "why": "x"}, "Choose one of the answers"),
        ],
    )
    def test_what_cannot_be_says_so_and_keeps_what_was_typed(self, logged, sign_in, cast, change, said):
        page = sign_in(cast.amina).send(page_of(logged, "/corrections"), {**self.typed, **change})
        assert page.status_code == 422 and said in page.text and "Grant Oakes" in page.text
        assert Response.get_by_id(logged.id).from_name == "Grant Okes" and not WordCorrection.select().exists()

    def test_only_who_logged_it_and_leads_may(self, logged, sign_in, cast):
        other = build_person()
        add_member(logged.campaign, other, "drafter")
        for rest in ("/corrections", "/corrections/mistake"):
            assert sign_in(other).send(page_of(logged, rest)).status_code == 403
            assert sign_in(cast.cerys).send(page_of(logged, rest)).status_code == 403
            assert sign_in(cast.nia).send(page_of(logged, rest)).status_code == 404

    @pytest.mark.parametrize("given", [{"sender_check": "checked"}, {"channel": "web"}, {"channel": "noted"}])
    def test_what_came_through_the_portal_is_never_changed(self, letter, cast, given):
        response = build_response(letter, **given)
        with pytest.raises(RuleBroken):
            correcting.correct_answer(
                response,
                channel="email",
                from_name="x",
                text="y",
                received_on=response.received_on,
                why="z",
                by=cast.amina,
            )
        with pytest.raises(RuleBroken):
            correcting.set_aside(response, why="z", by=cast.amina)

    def test_nothing_changed_is_no_correction(self, logged, cast):
        with pytest.raises(RuleBroken, match="Nothing is different"):
            correcting.correct_answer(
                logged,
                channel="phone",
                from_name="Grant Okes",
                text="We will look",
                received_on=SENT,
                why="x",
                by=cast.amina,
            )


class TestSettingAside:
    def test_it_goes_and_a_note_of_it_stays_with_the_reason(self, logged, sign_in, cast):
        browser = sign_in(logged.dee)
        answer = browser.send(page_of(logged, "/corrections/mistake"), {"mistake-why": "Logged twice"})
        assert answer.status_code == 303 and not Response.select().exists()
        assert not Activity.select().where(Activity.verb == "response_logged").exists()
        page = sign_in(cast.cerys).get(answer.headers["Location"]).text
        assert "Logged twice" in page and "We will look" in page and "Dee Drafter" in page
        assert browser.get(page_of(logged)).status_code == 404

    def test_what_something_rests_on_stays(self, logged, cast, sign_in):
        read(logged, cast.amina, "yes", "no", "no")
        page = sign_in(cast.amina).send(page_of(logged, "/corrections/mistake"), {"mistake-why": "Twice"})
        assert page.status_code == 422 and Response.select().exists() and not SetAside.select().exists()

    def test_it_wants_a_reason(self, logged, sign_in, cast):
        page = sign_in(cast.amina).send(page_of(logged, "/corrections/mistake"))
        assert page.status_code == 422 and "Say why it was a mistake" in page.text and Response.select().exists()
