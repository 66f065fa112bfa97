"""Translations: written side by side, checked by a second speaker, out of date when the letter goes on."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.campaigns.models import Campaign
from portal.letters.copies.models import Translation
from portal.letters.copies.translating import parts_of, save_translation, start_translation
from portal.letters.models import Block
from tests.copies.conftest import freeze
from tests.counting import count_sql

WHOLE = {
    "title": "نطلب جدرانا جافة",
    "text_0": "عزيزتي فيليبا ستراود،",
    "text_1": "في ٣١ من منازلنا عفن.",
    "source_1": "قائمتنا",
    "text_2": "افحصوا كل منزل",
    "test_2": "تقرير لكل منزل",
    "text_3": "قابلونا",
    "test_3": "جئتم",
    "text_4": "متى فحص السقف؟",
    "text_5": "ننتظر ردكم.",
}


def at(letter, path=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}/translations{path}"


@pytest.fixture
def arabic(frozen, cast):
    return start_translation(frozen, frozen.versions.get(), "ar", by=cast.cerys)


@pytest.fixture
def written(frozen, arabic, sign_in, cast):
    sign_in(cast.cerys).send(at(frozen, f"/{arabic.id}"), {**WHOLE, "seen": "1"})
    return Translation.get_by_id(arabic.id)


class TestStarting:
    def test_a_member_starts_one_and_lands_beside_the_letter(self, frozen, sign_in, cast):
        browser = sign_in(cast.cerys)
        answer = browser.send(at(frozen), {"language": "ar"})
        page = browser.get(answer.headers["Location"]).text
        assert re.search(r'<textarea[^>]*dir="rtl"[^>]*lang="ar"', page) and "Survey every reported home" in page
        assert "The text that counts" in page and "English" in page
        assert browser.send(at(frozen), {"language": "ar"}).headers["Location"] == answer.headers["Location"]

    def test_only_into_another_language(self, frozen, sign_in, cast):
        page = sign_in(cast.cerys).send(at(frozen), {"language": "en"})
        assert page.status_code == 422 and not Translation.select().exists()
        assert "Choose a language" in sign_in(cast.cerys).send(at(frozen), {}).text

    def test_not_before_the_text_is_frozen(self, letter, sign_in, cast):
        page = sign_in(cast.cerys).send(at(letter), {"language": "ar"})
        assert "when its text is frozen" in page.text and not Translation.select().exists()

    def test_an_organizer_does_not_and_outsiders_know_of_nothing(self, frozen, sign_in, cast):
        assert sign_in(cast.ola).send(at(frozen), {"language": "ar"}).status_code == 403
        Campaign.update(visibility="circle").execute()
        assert sign_in(cast.dov).send(at(frozen), {"language": "ar"}).status_code == 404


class TestWriting:
    def test_it_is_saved_bit_by_bit(self, frozen, arabic, sign_in, cast):
        browser = sign_in(cast.cerys)
        assert browser.send(at(frozen, f"/{arabic.id}"), {"text_0": "عزيزتي", "seen": "1"}).status_code == 303
        now = Translation.get_by_id(arabic.id)
        assert parts_of(now)[0]["text"] == "عزيزتي" and now.number == 2
        assert "texts are still open" in browser.get(at(frozen, f"/{arabic.id}")).text

    def test_the_second_of_two_saves_sees_both(self, frozen, arabic, sign_in, cast):
        empty = [dict.fromkeys(("text", "test", "source"), "") for _ in range(6)]
        theirs = [{**empty[0], "text": "Theirs"}, *empty[1:]]
        save_translation(arabic, title="", parts=theirs, seen=1, by=cast.nia)
        browser = sign_in(cast.cerys)
        page = browser.send(at(frozen, f"/{arabic.id}"), {"text_0": "Mine", "seen": "1"})
        assert page.status_code == 409 and "Theirs" in page.text and "Mine" in page.text
        assert parts_of(Translation.get_by_id(arabic.id))[0]["text"] == "Theirs"
        seen = re.search(r'name="seen"[^>]*value="(\d+)"', page.text).group(1)
        browser.send(at(frozen, f"/{arabic.id}"), {"text_0": "Both", "seen": seen})
        assert parts_of(Translation.get_by_id(arabic.id))[0]["text"] == "Both"

    def test_too_long_a_part_is_said_and_kept(self, frozen, arabic, sign_in, cast):
        page = sign_in(cast.cerys).send(at(frozen, f"/{arabic.id}"), {"text_0": "x" * 6001, "seen": "1"})
        assert page.status_code == 422 and "6,000 characters" in page.text and "x" * 6001 in page.text

    def test_the_page_costs_the_same_however_long_the_letter(self, frozen, arabic, sign_in, cast):
        browser = sign_in(cast.cerys)
        with count_sql() as seen:
            browser.get(at(frozen, f"/{arabic.id}"))
        assert len(seen) <= 5


class TestChecking:
    def test_a_second_speaker_checks_and_everybody_reads(self, frozen, written, sign_in, cast):
        public = f"/letters/{frozen.key}/in/ar"
        assert sign_in(None).get(public).status_code == 404
        assert "A draft" in sign_in(cast.nia).get(public).text
        answer = sign_in(cast.nia).send(at(frozen, f"/{written.id}/check"), {"seen": str(written.number)})
        assert answer.status_code == 303
        page = sign_in(None).get(public).text
        assert 'lang="ar" dir="rtl"' in page and "نطلب جدرانا جافة" in page and "The text that counts" in page
        assert f"/letters/{frozen.key}/in/ar" in sign_in(None).get(f"/letters/{frozen.key}").text

    def test_not_by_whoever_wrote_it_last(self, frozen, written, sign_in, cast):
        page = sign_in(cast.cerys).send(at(frozen, f"/{written.id}/check"), {"seen": str(written.number)})
        assert page.status_code == 422 and "Ask somebody else" in page.text

    def test_not_while_something_is_missing(self, frozen, arabic, sign_in, cast):
        page = sign_in(cast.nia).send(at(frozen, f"/{arabic.id}/check"), {"seen": "1"})
        assert page.status_code == 422 and "not translated yet" in page.text

    def test_not_what_changed_while_it_was_read(self, frozen, written, sign_in, cast):
        page = sign_in(cast.nia).send(at(frozen, f"/{written.id}/check"), {"seen": "1"})
        assert page.status_code == 422 and "changed while you were reading" in page.text

    def test_any_later_save_makes_it_a_draft_again(self, frozen, written, sign_in, cast):
        sign_in(cast.nia).send(at(frozen, f"/{written.id}/check"), {"seen": str(written.number)})
        sign_in(cast.nia).send(at(frozen, f"/{written.id}"), {**WHOLE, "text_5": "آخر", "seen": str(written.number)})
        assert Translation.get_by_id(written.id).checked_at is None
        assert sign_in(None).get(f"/letters/{frozen.key}/in/ar").status_code == 404

    def test_a_private_campaign_s_translation_looks_like_a_missing_one(self, frozen, written, sign_in, cast):
        Translation.update(checked_by=cast.nia, checked_at=frozen.created_at).execute()
        Campaign.update(visibility="circle").execute()
        hidden, missing = sign_in(None).get(f"/letters/{frozen.key}/in/ar"), sign_in(None).get("/letters/none/in/ar")
        assert hidden.status_code == missing.status_code == 404 and hidden.data == missing.data


class TestGoingOn:
    def test_a_new_version_leaves_it_out_of_date_and_unchanged_parts_come_along(self, frozen, written, sign_in, cast):
        Block.update(text="Answer us in writing.").where(Block.kind == "closing").execute()
        freeze(frozen)
        browser = sign_in(cast.cerys)
        assert "out of date" in browser.get(at(frozen)).text
        assert sign_in(None).get(f"/letters/{frozen.key}/in/ar").status_code == 404
        answer = browser.send(at(frozen, f"/{written.id}/renewal"))
        now = Translation.select().order_by(Translation.id.desc()).get()
        assert answer.status_code == 303 and now.version.number == 2 and now.checked_at is None
        texts = [part["text"] for part in parts_of(now)]
        assert texts[2] == WHOLE["text_2"] and texts[5] == "" and now.title == WHOLE["title"]
        again = browser.send(at(frozen, f"/{written.id}/renewal"))
        assert again.headers["Location"].endswith(f"/{now.id}") and Translation.select().count() == 2


class TestOnPaper:
    @pytest.mark.parametrize("query", ["", "?print=large"])
    def test_the_pdf_is_in_its_language_and_says_which_text_counts(self, frozen, written, sign_in, cast, query):
        pdf = sign_in(cast.cerys).get(at(frozen, f"/{written.id}/letter.pdf{query}"))
        assert pdf.headers["Content-Type"] == "application/pdf"
        reader = PdfReader(BytesIO(pdf.data))
        assert reader.trailer["/Root"]["/Lang"] == "ar"
        assert "translation" in "".join(page.extract_text() for page in reader.pages)

    def test_the_text_copy_too(self, frozen, written, sign_in, cast):
        text = sign_in(cast.cerys).get(at(frozen, f"/{written.id}/letter.txt")).text
        assert WHOLE["text_2"] in text and "This is a translation" in text
