"""The words in the files that came with an answer: read by a job, shown as text, searched and quoted."""

import pytest

from portal import clock, storage
from portal.responses.answers import file_text
from portal.responses.answers.file_text import pages_of, read_file, read_words, sweep_files, unwrapped
from portal.responses.answers.quoting import quotable
from portal.responses.models import ResponseFile
from tests.builders import build_response
from tests.counting import count_sql
from tests.responses.stage import block_ids, page_of

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"
MAIL = b"From: Grant Oakes <g@meridale.example>\r\nTo: us\r\n"
MAIL += b"Date: Tue, 3 Nov 2026 10:00:00 +0000\r\nSubject: Your letter\r\n"


def pdf_of(*pages: str) -> bytes:
    """A small PDF with a line of text on each page, written out by hand."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for text in pages:
        at = len(objects) + 1
        kids.append(f"{at} 0 R")
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        font = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources{font}/Contents {at + 1} 0 R>>")
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(pages)}>>"
    body, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    )
    return (body + tail).encode()


def add(response, data, name="answer.pdf"):
    return ResponseFile.create(response=response, file=storage.keep_bytes(data, name=name))


def again(row):
    return ResponseFile.get_by_id(row.id)


class TestReading:
    def test_a_pdf_is_read_page_by_page(self, response):
        row = add(response, pdf_of("We refuse demand 3", "", "Yours, Meridale"))
        read_file(row.id)
        kept = again(row)
        assert (kept.text_state, kept.pages) == ("read", 3)
        assert pages_of(kept.text) == [["We refuse demand 3"], [], ["Yours, Meridale"]]

    @pytest.mark.parametrize(
        ("data", "name", "state"),
        [
            (pdf_of("", ""), "scan.pdf", "empty"),
            (b"%PDF-1.7 broken \x00\xff", "x.pdf", "failed"),
            (PNG, "page 1.png", "empty"),
            (b"PK\x03\x04 a zip", "x.docx", "none"),
        ],
    )
    def test_what_has_no_words_says_so(self, response, data, name, state):
        row = add(response, data, name)
        read_file(row.id)
        assert again(row).text_state == state and again(row).text == ""

    @pytest.mark.parametrize(
        ("source", "held"),
        [
            (MAIL + b"\r\nWe will =come\r\n", "Subject: Your letter"),
            (
                MAIL + b"Content-Type: text/html\r\n\r\n<script>alert(1)</script><p>We will</p>come<br>on Monday",
                "We will\ncome\non Monday",
            ),
            (MAIL + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x--no end", "Grant Oakes"),
            (b"caf\xe9 \x0b\xe2\x80\xaetxet", "caf"),
        ],
    )
    def test_mails_and_plain_texts_are_read_without_their_markup_and_marks(self, app, source, held):
        state, pages = read_words(storage.keep_bytes(source, name="mail.eml"))
        assert state == "read" and held in pages[0]
        assert "<p>" not in pages[0] and "alert" not in pages[0] and "\x0b" not in pages[0] and "\u202e" not in pages[0]

    def test_a_page_made_to_keep_a_reader_busy_is_read_in_one_pass(self, app):
        hostile = MAIL + b"Content-Type: text/html\r\n\r\n" + b"<script" * 200_000
        assert read_words(storage.keep_bytes(hostile, name="mail.eml"))[0] == "read"

    def test_a_file_that_the_disk_lost_fails_and_the_rest_goes_on(self, response):
        row = add(response, pdf_of("x"))
        storage.path_of(row.file.sha256).unlink()
        read_file(row.id)
        assert again(row).text_state == "failed"

    def test_the_sweep_claims_each_once_and_finds_again_what_a_crash_left(self, response, monkeypatch):
        row, given = add(response, pdf_of("x")), []
        monkeypatch.setattr(file_text.read_file, "later", given.append)
        sweep_files()
        sweep_files()
        assert given == [row.id]
        with clock.frozen_at(clock.now().replace(hour=13)):
            sweep_files()
        assert given == [row.id, row.id]
        read_file(row.id)
        read_file(row.id)
        assert again(row).text_state == "read"
        with clock.frozen_at(clock.now().replace(hour=15)), count_sql() as asked:
            sweep_files()
        assert len(asked) == 1 and len(given) == 2


class TestThePages:
    def test_the_words_are_shown_as_text_and_while_they_wait_the_page_says_so(self, response, sign_in, cast):
        row = add(response, pdf_of("We <b>refuse</b>", "Second page"))
        browser = sign_in(cast.cerys)
        words = page_of(response, f"/files/{row.id}/words")
        page = browser.get(words)
        assert "being read" in page.text and "Look again" in page.text and 'hx-trigger="every 3s"' in page.text
        read_file(row.id)
        page = browser.get(words)
        assert "We &lt;b&gt;refuse&lt;/b&gt;" in page.text and "Page 2" in page.text and "every 3s" not in page.text
        assert "<html" not in sign_in(cast.cerys, htmx=True).get(words).text
        assert "Read its words as text" in browser.get(page_of(response)).text

    def test_the_file_is_only_ever_a_download(self, response, sign_in, cast):
        row = add(response, b"<script>alert(1)</script>", "answer.html")
        answer = sign_in(cast.cerys).get(page_of(response, f"/files/{row.id}"), buffered=True)
        assert (
            answer.content_type == "application/octet-stream" and "sandbox" in answer.headers["Content-Security-Policy"]
        )
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_a_file_of_another_answer_is_not_found(self, letter, response, sign_in, cast):
        other = add(build_response(letter), b"text", "x.txt")
        for rest in ("", "/words"):
            assert sign_in(cast.cerys).get(page_of(response, f"/files/{other.id}{rest}")).status_code == 404
            assert sign_in(cast.nia).get(page_of(other.response, f"/files/{other.id}{rest}")).status_code == 404

    def test_a_paragraph_is_copied_into_a_row_and_nothing_typed_is_lost(self, response, sign_in, cast):
        row = add(response, pdf_of("First", "We will survey twelve homes"))
        read_file(row.id)
        first, second, third = block_ids(response.letter)
        browser = sign_in(cast.amina)
        address = page_of(response, "/reading")
        assert f'value="{row.id}.2.0"' in browser.get(address).text
        typed = {
            "use": f"{row.id}.2.0",
            "into": str(second),
            f"excerpt_{first}": "typed by hand",
            f"verdict_{third}": "no",
        }
        page = browser.send(address, typed)
        assert page.status_code == 200 and "There is a problem" not in page.text
        assert ">\r\nWe will survey twelve homes</textarea>" in page.text
        assert "typed by hand" in page.text and f'name="page_{second}" type="number" value="2"' in page.text
        for odd in ({"use": "9.9.9"}, {"use": "x"}, {"into": "0"}):
            assert browser.send(address, typed | odd).status_code == 200
        assert not response.answers.count()


def test_a_line_that_only_ended_at_the_margin_goes_on_with_the_next():
    text = "Dear Sirs,\nWe act for Meridale Homes, and have been asked to reply to\n"
    text += "your letter of 15 October as follows.\nYours"
    assert unwrapped(text)[0] == "Dear Sirs," and unwrapped(text)[1].endswith(
        "reply to your letter of 15 October as follows."
    )
    assert unwrapped(text)[2:] == ["Yours"]


def test_a_page_without_paragraphs_is_offered_sentence_by_sentence():
    text = "We act for Meridale. Our client is prepared to have 12 homes surveyed by a contractor of its choice,\n" + (
        "the homes to be selected by our client. As to the third of your demands, it is done."
    )
    pieces = quotable(text * 2)
    assert " ".join(pieces) == " ".join((text * 2).split())
    assert len(pieces) > 2 and all(len(piece) < 260 for piece in pieces)


class TestTheList:
    def address(self, letter, rest=""):
        return f"/campaigns/{letter.campaign.key}/answers{rest}"

    def test_all_answers_newest_first_with_unread_ones_marked(self, letter, sign_in, cast):
        build_response(letter, received_on=letter.sent_on, from_name="The first")
        build_response(letter, from_name="The newest", kind="refusal", read_at=clock.now())
        browser = sign_in(cast.cerys)
        page = browser.get(self.address(letter)).text
        assert page.index("The newest") < page.index("The first") and page.count("not read yet") == 1
        page = browser.get(self.address(letter, "?show=unread")).text
        assert "The first" in page and "The newest" not in page

    def test_it_is_paged_by_key_without_losing_any(self, letter, sign_in, cast):
        for number in range(23):
            build_response(letter, from_name=f"Writer {number:02}")
        browser = sign_in(cast.cerys)
        first = browser.get(self.address(letter)).text
        older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        second = browser.get(older).text
        for number in range(23):
            assert (f"Writer {number:02}" in first) != (f"Writer {number:02}" in second)

    def test_words_are_found_in_texts_and_in_files_and_a_percent_sign_is_one(self, letter, sign_in, cast):
        typed = build_response(letter, text="We will pay 100% of it", from_name="In the text")
        filed = build_response(letter, text="", from_name="In the file")
        read_file(add(filed, pdf_of("Nothing", "Twelve homes <only>")).id)
        browser = sign_in(cast.cerys)
        page = browser.get(self.address(letter, "?q=twelve+homes")).text
        assert "<mark>Twelve homes</mark>" in page and "&lt;only&gt;" in page and "page 2" in page
        assert "In the text" not in page
        page = browser.get(self.address(letter, "?q=100%25")).text
        assert "In the text" in page and "In the file" not in page
        assert "in none of their answers" in browser.get(self.address(letter, "?q=1%25of")).text
        part = sign_in(cast.cerys, htmx=True).get(self.address(letter, "?q=twelve")).text
        assert "<html" not in part and "In the file" in part and typed.id

    def test_nobody_outside_may_know_of_it(self, letter, sign_in, cast):
        for person, code in ((cast.nia, 404), (cast.dov, 404), (None, 404), (cast.ola, 200)):
            assert sign_in(person).get(self.address(letter)).status_code in (code, 303 if person is None else code)

    def test_it_asks_the_same_few_questions_for_one_or_many(self, letter, sign_in, cast):
        browser, counts = sign_in(cast.cerys), []
        for more in (1, 8):
            for _ in range(more):
                add(build_response(letter, text="twelve"), b"twelve", "x.txt")
            with count_sql() as asked:
                browser.get(self.address(letter, "?q=twelve"))
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 5
