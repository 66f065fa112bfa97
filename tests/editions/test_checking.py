"""Which letter a text is: told from its words, whatever it claims; and no PDF can stop us."""

import io

import pytest

from portal.letters import sheet
from portal.letters.editions.matching import match
from portal.letters.models import Block, Letter
from portal.paper import reading, typeset
from tests.builders import build_campaign, build_letter, freeze_by_vote

PLAIN = """We ask for dry walls

Dear Philippa   Stroud,
1 31 of our 84 homes
have mould.
We ask that you:
1. Survey every reported home
By Mon 7 Dec 2026. Done when: A report for each home
2. Meet us in the community room
By Mon 14 Dec 2026. Done when: You came
We also ask you to answer:
Q1 When was the roof last inspected?
We expect your answer in writing.
Rosa, Joe and a resident"""


@pytest.fixture
def letter(cast):
    return freeze(build_campaign(leads=[cast.amina, cast.ben], visibility="public"), cast)


def freeze(campaign, cast):
    letter = build_letter(campaign)
    freeze_by_vote(letter, cast.amina, cast.ben)
    return Letter.get_by_id(letter.id)


@pytest.fixture
def check(sign_in):
    def ask(text="", *, pdf=None, who=None):
        sent = {"text": text}
        if pdf is not None:
            sent["file"] = (io.BytesIO(pdf), "letter.pdf")
        return sign_in(who).send("/check", sent)

    return ask


def paper(letter):
    version = letter.versions.get()
    letter.campaign.place  # noqa: B018
    return typeset("letter", sheet.letter_data(letter, version), title=letter.title)


class TestText:
    def test_the_bare_text_is_known_letter_for_letter(self, letter, check):
        page = check(letter.versions.get().canonical_text.replace("\n", "\r\n"))
        assert "letter for letter" in page.text and letter.versions.get().sha256 in page.text

    def test_plain_words_are_known_however_they_are_broken(self, letter, check):
        assert "These are the words of version 1" in check(PLAIN).text

    @pytest.mark.parametrize(
        "old, new",
        [
            ("Survey every", "Survey some"),
            ("7 Dec", "27 Dec"),
            ("A report for each home", "A report"),
            ("community room\n", "community room, and be quiet\n"),
            ("in writing.", "soon."),
        ],
    )
    def test_one_changed_word_is_found(self, letter, check, old, new):
        assert old in PLAIN
        page = check(PLAIN.replace(old, new)).text
        assert "its words are different" in page and "Yes." not in page

    def test_a_false_fingerprint_convinces_nobody(self, letter, check):
        version = letter.versions.get()
        page = check(PLAIN.replace("Survey every", "Survey no") + f"\nVersion 1 fingerprint {version.fingerprint}").text
        assert "This says that it is version 1" in page and "its words are different" in page

    def test_of_two_that_are_alike_the_headline_decides(self, letter, check, cast):
        other = build_letter(letter.campaign, title="We ask for working lifts")
        freeze_by_vote(other, cast.amina, cast.ben)
        for text in (PLAIN, PLAIN.replace("Survey every", "Survey some")):
            assert "“We ask for dry walls”" in check(text).text

    def test_something_else_is_unknown(self, letter, check):
        assert "We do not know this text" in check("Buy two pints of milk").text

    def test_nothing_is_no_question(self, check):
        page = check("")
        assert page.status_code == 422 and "Paste the text of a letter" in page.text

    def test_a_letter_of_the_circle_is_found_by_its_people_only(self, check, cast):
        hidden = freeze(build_campaign(leads=[cast.amina, cast.ben]), cast)
        for text in (PLAIN, hidden.versions.get().canonical_text):
            assert "We do not know this text" in check(text).text
            assert "We do not know this text" in check(text, who=cast.nia).text
            assert "Yes." in check(text, who=cast.ben).text


class TestPdf:
    def test_our_own_paper_is_known_and_carries_its_fingerprint(self, letter, check, app):
        with app.test_request_context():
            pdf = paper(letter)
        assert letter.versions.get().sha256 in reading.read_pdf(pdf).keywords
        assert "These are the words of version 1" in check(pdf=pdf).text

    def test_a_paper_with_other_words_and_the_same_fingerprint_is_not(self, letter, check, app):
        version = letter.versions.get()
        version.content = version.content.replace("Survey every", "Survey no")
        with app.test_request_context():
            data = sheet.letter_data(letter, version)
            pdf = typeset("letter", data, title=letter.title)
        page = check(pdf=pdf).text
        assert "This says that it is version 1" in page and "Demand 1" in page

    @pytest.mark.parametrize(
        "source", [b"MZ no pdf", b"%PDF-1.7\n1 0 obj << /Length 99999999 >> stream", b"%PDF-" + b"[" * 100_000]
    )
    def test_a_broken_one_is_refused_in_words(self, check, source):
        page = check(pdf=source)
        assert page.status_code == 422 and "We cannot read this file" in page.text

    def test_one_that_takes_for_ever_is_given_up(self, monkeypatch, letter, app):
        monkeypatch.setattr(reading, "SECONDS", 0.01)
        with app.test_request_context(), pytest.raises(reading.UnreadablePdf):
            reading.read_pdf(paper(letter))

    def test_a_file_that_is_too_large_is_refused_in_words(self, sign_in):
        browser = sign_in(None)
        # Written by hand: the test client would leave a file of its own open behind a body of this size.
        head = 'Content-Disposition: form-data; name="{}"'
        parts = [
            f"--x\r\n{head.format('csrf_token')}\r\n\r\n{browser.token()}\r\n",
            f'--x\r\n{head.format("file")}; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-',
        ]
        body = "".join(parts).encode() + b"0" * (5 * 1024 * 1024) + b"\r\n--x--\r\n"
        page = browser.post("/check", data=body, content_type="multipart/form-data; boundary=x")
        assert page.status_code == 422 and "5 MB or less" in page.text


def test_a_part_that_was_left_out_is_named(letter):
    content = sheet.frozen_content(letter.versions.get())
    found = match(content, PLAIN.replace("Q1 When was the roof last inspected?", ""))
    assert found.missing == [("question", 1)] and not found.is_same
    assert Block.select().where(Block.kind == "question").exists()
