"""The PDF: its evidence list, the annex of those who agreed, what it says of itself, and long ones in a job."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from portal import clock, storage
from portal.campaigns.models import Campaign, Membership
from portal.letters import sending, signing
from portal.letters.copies import press
from portal.letters.copies.complainants import annex_for, name_me
from portal.letters.copies.models import Complainant, PaperJob
from portal.letters.models import Block, BlockEvidence, Letter
from portal.storage import StoredFile
from tests.builders import build_item, build_signature
from tests.copies.conftest import freeze
from tests.counting import count_sql

TYPED = {"name": "Cerys Prosser", "home_words": "11C", "complaints": "Number 4411", "agreed": "y"}


def at(letter, path=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}{path}"


def text_of(pdf):
    return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


class TestWhatItSaysOfItself:
    def test_it_is_made_for_screen_readers_and_holds_the_whole_fingerprint(self, frozen, sign_in, cast):
        pdf = sign_in(cast.cerys).get(at(frozen, "/letter.pdf")).data
        reader = PdfReader(BytesIO(pdf))
        root, version = reader.trailer["/Root"], frozen.versions.get()
        assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en" and reader.metadata.title == frozen.title
        assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.xmp_metadata.stream.get_data()
        assert version.sha256 in reader.metadata["/Keywords"]
        for number, page in enumerate(reader.pages, 1):
            words = " ".join(page.extract_text().split())
            assert f"Page {number} of {len(reader.pages)}" in words and version.fingerprint in words

    def test_the_evidence_goes_with_it_and_the_private_notes_do_not(self, letter, campaign, sign_in, cast):
        item = build_item(campaign, home_count=31, reference="Survey 2", source="Kit counted at 11C")
        BlockEvidence.create(block=letter.blocks.where(Block.kind == "fact").get(), item=item)
        for _once in ("draft", "frozen"):
            text = text_of(sign_in(cast.cerys).get(at(letter, "/letter.pdf")).data)
            for words in (
                "What our facts rest on",
                "Mould in bedrooms",
                "31 of 84 homes",
                "reference Survey 2",
                "fact 1",
            ):
                assert words in text
            assert "Kit counted" not in text
            freeze(letter)

    def test_a_frozen_letter_keeps_the_list_it_was_frozen_with(self, letter, campaign, sign_in, cast):
        item = build_item(campaign)
        BlockEvidence.create(block=letter.blocks.where(Block.kind == "fact").get(), item=item)
        freeze(letter)
        item.__class__.update(title="Something else").execute()
        assert "Mould in bedrooms" in text_of(sign_in(cast.cerys).get(at(letter, "/letter.pdf")).data)


class TestBeingNamed:
    def test_a_member_agrees_and_stands_in_the_addressee_s_copy_only(self, frozen, sign_in, cast):
        browser = sign_in(cast.cerys)
        assert "Who will see it" in browser.get(at(frozen, "/name-me")).text
        assert browser.send(at(frozen, "/name-me"), TYPED).status_code == 303
        theirs = text_of(sending.paper_for_target(frozen, frozen.versions.get()))
        assert "Annex" in theirs and "Number 4411" in theirs and "11C" in theirs
        for path in ("/letter.pdf", "/letter.pdf?print=large"):
            assert "4411" not in text_of(browser.get(at(frozen, path)).data)
        assert "4411" not in sign_in(None).get(f"/letters/{frozen.key}").text
        assert "Number 4411" in sign_in(cast.amina).get(at(frozen, "/named")).text

    def test_nothing_is_agreed_without_the_tick_and_what_was_typed_stays(self, frozen, sign_in, cast):
        page = sign_in(cast.cerys).send(at(frozen, "/name-me"), {**TYPED, "agreed": ""})
        assert page.status_code == 422 and "Tick that you agree" in page.text and "Number 4411" in page.text
        assert not Complainant.select().exists()

    def test_it_is_taken_back_and_forgotten(self, frozen, sign_in, cast):
        browser = sign_in(cast.cerys)
        browser.send(at(frozen, "/name-me"), TYPED)
        assert browser.send(at(frozen, "/name-me/withdrawal")).status_code == 303
        assert annex_for(frozen) is None and Complainant.get().name == ""
        browser.send(at(frozen, "/name-me"), TYPED)
        assert Complainant.select().count() == 1 and annex_for(frozen) is not None

    def test_only_leads_see_the_list_and_an_organizer_is_not_named(self, frozen, sign_in, cast):
        assert sign_in(cast.cerys).get(at(frozen, "/named")).status_code == 403
        assert sign_in(cast.ola).send(at(frozen, "/name-me"), TYPED).status_code == 403
        assert sign_in(cast.cerys).get(at(frozen, "/letter.pdf?copy=addressee")).status_code == 403
        assert sign_in(cast.cerys).get(at(frozen, "/pdf/addressee")).status_code == 403

    def test_who_has_left_is_not_named(self, frozen, cast):
        name_me(frozen, name="Cerys", home_words="11C", complaints="", person=cast.cerys)
        Membership.update(left_at=clock.now()).where(Membership.person == cast.cerys.id).execute()
        assert annex_for(frozen) is None

    def test_a_signer_agrees_by_their_link_and_is_gone_with_their_signature(self, frozen, client):
        signature = build_signature(frozen, "Rosa Hidden")
        link = f"/signatures/{signing.manage_token(signature)}/name-me"
        assert "Nobody else" in client.get(link).text
        assert client.send(link, {**TYPED, "name": "Rosa Hidden"}).status_code == 303
        assert annex_for(frozen)["people"][0]["name"] == "Rosa Hidden"
        Letter.update(signature_count=1).execute()
        Campaign.update(signature_count=1).execute()
        signing.withdraw(signature)
        assert annex_for(frozen) is None and not Complainant.select().exists()
        assert client.get("/signatures/nonsense/name-me").status_code == 410

    def test_a_signer_takes_it_back_by_their_link(self, frozen, client):
        signature = build_signature(frozen, "Rosa Hidden")
        link = f"/signatures/{signing.manage_token(signature)}/name-me"
        client.send(link, {**TYPED, "name": "Rosa Hidden"})
        client.send(f"{link}/withdrawal")
        assert annex_for(frozen) is None


class TestLongPapers:
    @pytest.fixture
    def many(self, frozen, monkeypatch):
        monkeypatch.setattr(press, "MANY", 2)
        for number in range(3):
            build_signature(frozen, f"Signer {number}", display="full")
        Letter.update(signature_count=3).execute()
        return frozen

    def test_a_reader_is_led_to_a_page_that_shows_how_far_it_is(self, many, sign_in, cast):
        browser = sign_in(cast.cerys)
        assert browser.get(at(many, "/letter.pdf")).headers["Location"].endswith("/pdf/letter")
        assert browser.get(at(many, "/letter.pdf?print=large")).headers["Location"].endswith("/pdf/large")
        assert "Make the PDF" in browser.get(at(many, "/pdf/letter")).text
        assert browser.send(at(many, "/pdf/letter")).status_code == 303
        page = browser.get(at(many, "/pdf/letter"))
        assert page.headers["Refresh"] == "2" and "0 of 3" in page.text
        assert browser.get(at(many, "/pdf/letter/file")).status_code == 404
        assert press.make_due() == 1
        with count_sql() as seen:
            page = browser.get(at(many, "/pdf/letter"))
        assert "Refresh" not in page.headers and "Download it" in page.text and len(seen) <= 5
        answer = browser.get(at(many, "/pdf/letter/file"), buffered=True)
        assert "Signer 2" in text_of(answer.data) and "sandbox" in answer.headers["Content-Security-Policy"]

    def test_with_htmx_it_leads_there_too(self, many, sign_in, cast):
        assert sign_in(cast.cerys, htmx=True).send(at(many, "/pdf/letter")).headers["HX-Redirect"]

    def test_the_same_paper_is_made_once_and_a_new_name_makes_a_new_one(self, many, cast):
        version = many.versions.get()
        first = press.order_paper(many, version, "letter", by=cast.cerys)
        assert press.order_paper(many, version, "letter", by=cast.amina).id == first.id
        assert press.make_due() == 1 and press.make_due() == 0
        build_signature(many, "New Name", display="full")
        assert press.order_paper(many, version, "letter", by=cast.cerys).id != first.id

    def test_a_worker_that_died_is_followed_by_another(self, many, cast):
        job = press.order_paper(many, many.versions.get(), "letter", by=cast.cerys)
        press._lease_next()
        assert press.make_due() == 0
        PaperJob.update(lease_until=clock.now() - timedelta(seconds=1)).execute()
        press.sweep_papers()
        assert PaperJob.get_by_id(job.id).state == "done"

    def test_one_whose_lease_ran_out_writes_nothing_over_the_other(self, many, cast):
        job = press.order_paper(many, many.versions.get(), "letter", by=cast.cerys)
        slow = press._lease_next()
        PaperJob.update(lease_until=clock.now() + timedelta(seconds=300)).execute()
        press._make(slow)
        assert PaperJob.get_by_id(job.id).state == "working"

    def test_what_cannot_be_printed_says_why_and_is_tried_again(self, many, sign_in, cast, monkeypatch):
        monkeypatch.setattr(press, "typeset", lambda *_a, **_k: (_ for _ in ()).throw(press.PaperError("too long")))
        browser = sign_in(cast.cerys)
        browser.send(at(many, "/pdf/letter"))
        press.make_due()
        assert "cannot be put on paper: too long" in browser.get(at(many, "/pdf/letter")).text
        browser.send(at(many, "/pdf/letter"))
        assert PaperJob.get().state == "waiting"

    def test_old_ones_go_with_their_files(self, many, cast):
        press.order_paper(many, many.versions.get(), "addressee", by=cast.amina)
        press.make_due()
        path = storage.path_of(StoredFile.get().sha256)
        later = clock.now() + timedelta(hours=press.KEPT_HOURS + 1)
        with clock.frozen_at(later):
            assert press.forget_old_papers() == 1
        assert not PaperJob.select().exists() and not StoredFile.select().exists()
        assert not path.exists() or later.timestamp() - path.stat().st_mtime <= storage.FRESH_SECONDS

    def test_outsiders_order_nothing(self, many, sign_in, cast):
        assert sign_in(cast.dov).send(at(many, "/pdf/letter")).status_code == 403
        many.campaign.__class__.update(visibility="circle").execute()
        assert sign_in(cast.dov).send(at(many, "/pdf/letter")).status_code == 404
