"""The pages of an answer: logging, reading, showing, publishing, through the front door."""

import hashlib
import io

import pytest

from portal.campaigns.models import Campaign
from portal.responses.models import Answer, Commitment, Response
from portal.responses.operations import publish_response
from portal.storage import StoredFile
from tests.builders import add_member, build_letter, build_person, build_response
from tests.counting import count_sql
from tests.responses.stage import block_ids, page_of, read

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of a letter"
HOSTILE = b"<script>alert(1)</script>"


def url(letter, rest=""):
    return f"/campaigns/{letter.campaign.key}{rest}"


class TestLogging:
    typed = {
        "channel": "email",
        "received_on": "2026-11-03",
        "from_name": "Grant Oakes",
        "text": "We will look.\n\nYours",
    }

    def address(self, letter):
        return url(letter, f"/letters/{letter.id}/responses/new")

    def test_a_pasted_mail_is_kept_and_shown_as_text(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        answer = browser.send(self.address(letter), {**self.typed, "text": "<b>We</b> will look."})
        assert answer.status_code == 303
        page = browser.get(answer.headers["Location"])
        assert "&lt;b&gt;We&lt;/b&gt; will look." in page.text and "nobody has read it in yet" in page.text
        assert "Amina Dirie" in page.text and "Read it into the sheet" in page.text

    def test_a_file_is_kept_byte_for_byte_with_its_fingerprint_on_show(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        sent = {**self.typed, "text": "", "file": (io.BytesIO(b"%PDF-1.7 \x00\xff"), "their answer.pdf")}
        answer = browser.send(self.address(letter), sent)
        assert hashlib.sha256(b"%PDF-1.7 \x00\xff").hexdigest() in browser.get(answer.headers["Location"]).text
        assert browser.get(answer.headers["Location"] + "/file", buffered=True).data == b"%PDF-1.7 \x00\xff"

    def test_a_mistake_keeps_what_was_typed_and_the_file_too(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        sent = {**self.typed, "received_on": "2026-10-01", "file": (io.BytesIO(PNG), "scan.png")}
        page = browser.send(self.address(letter), sent)
        assert page.status_code == 422 and "cannot have come before" in page.text and "We will look." in page.text
        assert "scan.png" in page.text
        note = page.text.split('name="kept_file"')[1].split('value="')[1].split('"')[0]
        assert browser.send(self.address(letter), {**self.typed, "text": "", "kept_file": note}).status_code == 303
        assert Response.get().file.name == "scan.png"

    def test_somebody_elses_kept_file_is_not_taken(self, letter, sign_in, cast):
        sent = {**self.typed, "channel": "", "file": (io.BytesIO(PNG), "scan.png")}
        page = sign_in(cast.amina).send(self.address(letter), sent)
        note = page.text.split('name="kept_file"')[1].split('value="')[1].split('"')[0]
        assert (
            sign_in(cast.ben).send(self.address(letter), {**self.typed, "text": "", "kept_file": note}).status_code
            == 422
        )
        assert not Response.select().exists()

    def test_an_empty_file_says_what_is_wrong_beside_it(self, letter, sign_in, cast):
        page = sign_in(cast.amina).send(self.address(letter), {**self.typed, "file": (io.BytesIO(b""), "x.pdf")})
        assert page.status_code == 422 and "The file is empty" in page.text
        assert not Response.select().exists()

    @pytest.mark.parametrize("name", ["channel", "received_on", "from_name"])
    def test_each_question_asks_for_its_answer(self, letter, sign_in, cast, name):
        page = sign_in(cast.amina).send(self.address(letter), {**self.typed, name: ""})
        assert page.status_code == 422 and "There is a problem" in page.text

    def test_secretaries_and_drafters_may_log_members_and_organizers_not_strangers_know_nothing(
        self, letter, sign_in, cast
    ):
        for role in ("secretary", "drafter"):
            person = build_person()
            add_member(letter.campaign, person, role)
            assert sign_in(person).get(self.address(letter)).status_code == 200
        for person, code in ((cast.cerys, 403), (cast.ola, 403), (cast.nia, 404), (cast.dov, 404), (None, 303)):
            assert sign_in(person).get(self.address(letter)).status_code == code
        assert sign_in(cast.cerys).send(self.address(letter), self.typed).status_code == 403
        assert sign_in(cast.nia).send(self.address(letter), self.typed).status_code == 404

    def test_a_letter_not_sent_yet_leads_to_sending(self, letter, sign_in, cast):
        draft = build_letter(letter.campaign, frozen=True)
        page = sign_in(cast.amina).get(self.address(draft))
        assert "has not been sent yet" in page.text and "<textarea" not in page.text
        assert sign_in(cast.amina).send(self.address(draft), self.typed).status_code == 422

    def test_a_letter_of_another_campaign_is_not_found(self, letter, sign_in, cast):
        other = build_letter(build_response(letter).campaign.__class__.get(), sent_on=letter.sent_on)
        Campaign.update(key="another").where(Campaign.id == other.campaign_id).execute()
        assert sign_in(cast.amina).get(f"/campaigns/nowhere/letters/{other.id}/responses/new").status_code == 404


class TestTheFile:
    def give(self, response, data, name):
        from portal import storage

        stored = storage.keep(io.BytesIO(data), name=name)
        Response.update(file=stored).where(Response.id == response.id).execute()

    def test_it_comes_as_a_download_that_can_run_nothing(self, response, sign_in, cast):
        self.give(response, HOSTILE, "answer.html")
        answer = sign_in(cast.cerys).get(page_of(response, "/file"), buffered=True)
        assert answer.data == HOSTILE and answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]

    def test_a_picture_is_shown_and_served_as_what_it_is(self, response, sign_in, cast):
        self.give(response, PNG, "scan.png")
        browser = sign_in(cast.cerys)
        assert f'<img src="{page_of(response, "/file")}"' in browser.get(page_of(response)).text
        assert browser.get(page_of(response, "/file"), buffered=True).content_type == "image/png"

    def test_what_only_calls_itself_a_picture_is_not_shown(self, response, sign_in, cast):
        self.give(response, b"<svg onload='x'>", "scan.png")
        assert "<img" not in sign_in(cast.cerys).get(page_of(response)).text

    def test_a_name_from_outside_cannot_break_the_header(self, response, sign_in, cast):
        self.give(response, b"%PDF-1", 'a\r\nX-Evil: 1"; ü.pdf')
        assert "X-Evil" not in sign_in(cast.cerys).get(page_of(response, "/file"), buffered=True).headers

    def test_nobody_outside_gets_it_even_when_published(self, response, sign_in, cast):
        self.give(response, PNG, "scan.png")
        read(response, cast.amina, "yes", "no", "no")
        publish_response(response, by=cast.amina, public_words="Words")
        Campaign.update(visibility="public").execute()
        for person, code in ((cast.nia, 403), (None, 303)):
            assert sign_in(person).get(page_of(response, "/file"), buffered=True).status_code == code

    def test_a_response_without_one_has_none(self, response, sign_in, cast):
        assert sign_in(cast.cerys).get(page_of(response, "/file"), buffered=True).status_code == 404


class TestTheSheet:
    def typed(self, letter, *verdicts, kind="partial", **given):
        ids = block_ids(letter)
        return {"kind": kind, **{f"verdict_{i}": v for i, v in zip(ids, verdicts, strict=True) if v}, **given}

    def test_a_reading_becomes_a_headline_and_a_table(self, letter, response, sign_in, cast):
        browser = sign_in(cast.amina)
        first = block_ids(letter)[0]
        typed = self.typed(
            letter,
            "partly",
            "not_answered",
            "no",
            **{f"excerpt_{first}": "twelve homes", f"promised_{first}": "4/12/2026"},
        )
        assert browser.send(page_of(response, "/reading"), typed).status_code == 303
        page = browser.get(page_of(response)).text
        assert "<h1>Of two demands and one question, they answered two</h1>" in page
        assert "“twelve homes”" in page and "Keep it as a promise" in page and "They give a part" in page

    @pytest.mark.parametrize(
        ("verdicts", "words"), [(("yes", "no", "partly"), "all"), (("unclear", "not_answered", "unclear"), "none")]
    )
    def test_the_headline_knows_all_and_none(self, response, sign_in, cast, verdicts, words):
        read(response, cast.amina, *verdicts)
        page = sign_in(cast.cerys).get(page_of(response)).text
        assert f"<h1>Of two demands and one question, they answered {words}</h1>" in page

    def test_a_second_reader_is_shown_beside_the_first(self, letter, response, sign_in, cast):
        read(response, cast.amina, "not_answered", "yes", "no")
        read(response, cast.ben, "partly", "yes", "no")
        page = sign_in(cast.cerys).get(page_of(response)).text
        assert "Read by Amina Dirie and Ben Okafor, who agree on all but number 1." in page
        assert "readers differ" in page and "they answered two" in page

    def test_the_form_holds_ones_own_reading_and_nobody_elses(self, letter, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no", excerpt="my own copy")
        assert "my own copy" in sign_in(cast.amina).get(page_of(response, "/reading")).text
        page = sign_in(cast.ben).get(page_of(response, "/reading")).text
        assert "my own copy" not in page and page.count("checked") == 0

    def test_a_row_without_a_verdict_is_asked_for_and_nothing_is_lost(self, letter, response, sign_in, cast):
        first, second, _third = block_ids(letter)
        typed = self.typed(
            letter, "yes", "", "no", **{f"excerpt_{first}": "twelve homes", f"promised_{first}": "soonish"}
        )
        page = sign_in(cast.amina).send(page_of(response, "/reading"), typed)
        assert page.status_code == 422 and "Say what they answered to number 2" in page.text
        assert "twelve homes" in page.text and "Enter a date like" in page.text and f"#verdict_{second}" in page.text
        assert not Answer.select().exists()

    def test_a_legal_threat_says_stop_and_think(self, letter, response, sign_in, cast):
        read(response, cast.amina, "no", "no", "no", kind="legal_threat")
        page = sign_in(cast.cerys).get(page_of(response)).text
        assert "Stop and think before anybody answers" in page and "Do not reply alone" in page

    def test_a_letter_without_demands_is_only_given_a_kind(self, letter, sign_in, cast):
        response = build_response(build_letter(letter.campaign))
        browser = sign_in(cast.amina)
        assert "no numbered demand" in browser.get(page_of(response, "/reading")).text
        assert browser.send(page_of(response, "/reading"), {"kind": "holding"}).status_code == 303
        assert "<h1>What they answered</h1>" in browser.get(page_of(response)).text

    def test_who_may_read_it_in(self, letter, response, sign_in, cast):
        for person, code in ((cast.cerys, 403), (cast.ola, 403), (cast.nia, 404), (None, 303)):
            assert sign_in(person).get(page_of(response, "/reading")).status_code == code
        assert sign_in(cast.cerys).send(page_of(response, "/reading"), {}).status_code == 403
        assert sign_in(cast.nia).send(page_of(response, "/reading"), {}).status_code == 404
        assert sign_in(cast.cerys).get(page_of(response)).status_code == 200
        assert sign_in(cast.ola).get(page_of(response)).status_code == 200
        assert (
            sign_in(cast.nia).get(page_of(response)).data == sign_in(cast.nia).get("/campaigns/none/responses/1").data
        )

    def test_the_page_takes_five_statements_however_many_readers_and_promises(self, letter, response, sign_in, cast):
        browser = sign_in(cast.amina)
        for person in (cast.amina, cast.ben, build_person()):
            read(response, person, "yes", "no", "partly")
        for number in range(6):
            Commitment.create(
                campaign=letter.campaign, response=response, what=f"Promise {number}", made_on=response.received_on
            )
        for rest in ("", "/reading", "/publication"):
            with count_sql() as seen:
                assert browser.get(page_of(response, rest)).status_code == 200
            assert len(seen) <= 5, seen


def test_a_stored_file_row_is_made_once_for_one_press(letter, sign_in, cast):
    browser = sign_in(cast.amina)
    sent = {**TestLogging.typed, "once": "the-same-key"}
    address = url(letter, f"/letters/{letter.id}/responses/new")
    for _press in range(2):
        answer = browser.send(address, {**sent, "file": (io.BytesIO(PNG), "scan.png")})
        assert answer.status_code == 303
    assert Response.select().count() == 1 and StoredFile.select().count() == 1
