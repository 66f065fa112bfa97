"""The list of letters, starting one, the desk, the preview and the PDF, through the front door."""

import json

import pytest

from portal import clock
from portal.letters.models import Block, Letter
from tests.builders import add_member, build_campaign, build_letter, build_signature
from tests.counting import count_sql


@pytest.fixture
def campaign(cast):
    return build_campaign(
        leads=[cast.amina, cast.ben],
        members=[cast.cerys],
        organizer=cast.ola,
        floors=2,
        homes_per_floor=2,
        visibility="public",
    )


@pytest.fixture
def letter(campaign):
    return build_letter(campaign)


def at(letter, path=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}{path}"


class TestTheList:
    def test_it_says_where_each_letter_is(self, campaign, sign_in, cast):
        build_letter(campaign, title="In work")
        frozen = build_letter(campaign, title="Agreed", frozen=True)
        Letter.update(signature_count=31, signed_home_count=20).where(Letter.id == frozen.id).execute()
        page = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}/letters").text
        assert "being written" in page and "gathering signatures" in page
        assert "31 people have signed," in page and "from 20 homes." in page

    def test_a_long_list_is_paged(self, campaign, sign_in, cast):
        for number in range(23):
            Letter.create(campaign=campaign, key=f"key{number}", title=f"Letter number {number}.")
        browser = sign_in(cast.cerys)
        page = browser.get(f"/campaigns/{campaign.key}/letters").text
        assert "Letter number 22." in page and "Letter number 2." not in page
        older = page.split('rel="next" href="')[1].split('"')[0]
        assert "Letter number 2." in browser.get(older).text

    def test_its_cost_does_not_grow_with_the_list(self, campaign, sign_in, cast):
        for number in range(12):
            build_letter(campaign, title=f"Letter {number}")
        browser = sign_in(cast.cerys)
        with count_sql() as seen:
            browser.get(f"/campaigns/{campaign.key}/letters")
        assert len(seen) <= 5

    def test_an_empty_list_says_what_to_do(self, campaign, sign_in, cast):
        assert "Start a letter" in sign_in(cast.amina).get(f"/campaigns/{campaign.key}/letters").text
        assert "read along" in sign_in(cast.cerys).get(f"/campaigns/{campaign.key}/letters").text


class TestStarting:
    def test_a_lead_starts_one_and_lands_on_the_desk(self, campaign, sign_in, cast):
        browser = sign_in(cast.amina)
        answer = browser.send(f"/campaigns/{campaign.key}/letters/new", {"template_name": "damp_and_mould"})
        assert answer.status_code == 303
        page = browser.get(answer.headers["Location"]).text
        assert "of the 4 homes at Larkspur Point" in page and "Next: fill" in page

    def test_a_reminder_points_at_the_letter_it_chases(self, campaign, sign_in, cast):
        chased = build_letter(campaign, sent_on=clock.today())
        browser = sign_in(cast.amina)
        url = f"/campaigns/{campaign.key}/letters/new?chases={chased.id}"
        assert "reminds of" in browser.get(url).text
        assert browser.send(url, {"template_name": "empty"}).status_code == 303
        assert Letter.select().order_by(Letter.id.desc()).get().chases_id == chased.id

    def test_a_reminder_of_somebody_elses_letter_is_a_letter_of_its_own(self, campaign, sign_in, cast):
        other = build_letter(build_campaign(leads=[cast.dov]), sent_on=clock.today())
        url = f"/campaigns/{campaign.key}/letters/new?chases={other.id}"
        sign_in(cast.amina).send(url, {"template_name": "empty"})
        assert Letter.select().order_by(Letter.id.desc()).get().chases_id is None

    def test_no_choice_is_explained(self, campaign, sign_in, cast):
        page = sign_in(cast.amina).send(f"/campaigns/{campaign.key}/letters/new", {})
        assert page.status_code == 422 and "Choose how to begin" in page.text

    def test_a_letter_writer_may_and_a_member_may_not(self, campaign, sign_in, cast):
        add_member(campaign, cast.nia, "drafter")
        url = f"/campaigns/{campaign.key}/letters/new"
        assert sign_in(cast.nia).send(url, {"template_name": "empty"}).status_code == 303
        assert sign_in(cast.cerys).send(url, {"template_name": "empty"}).status_code == 403
        assert sign_in(cast.cerys).get(url).status_code == 403


READS = ("", "/preview", "/letter.pdf", "/vote")


class TestWhoMayRead:
    @pytest.mark.parametrize("path", READS)
    def test_members_and_the_organizer_read(self, letter, sign_in, cast, path):
        assert sign_in(cast.cerys).get(at(letter, path)).status_code == 200
        assert sign_in(cast.ola).get(at(letter, path)).status_code == 200

    @pytest.mark.parametrize("path", READS)
    def test_a_public_campaign_still_keeps_its_drafts_inside(self, letter, sign_in, cast, path):
        assert sign_in(cast.dov).get(at(letter, path)).status_code == 403
        assert sign_in(None).get(at(letter, path)).status_code == 303

    @pytest.mark.parametrize("path", READS)
    def test_in_a_private_campaign_there_is_nothing_to_see(self, sign_in, cast, path):
        letter = build_letter(build_campaign(leads=[cast.amina]))
        hidden = sign_in(cast.dov).get(at(letter, path))
        missing = sign_in(cast.dov).get("/campaigns/none/letters/1")
        assert hidden.status_code == missing.status_code == 404 and hidden.text == missing.text

    def test_a_letter_of_another_campaign_is_not_here(self, letter, sign_in, cast):
        other = build_letter(build_campaign(leads=[cast.amina]))
        assert sign_in(cast.amina).get(f"/campaigns/{letter.campaign.key}/letters/{other.id}").status_code == 404


class TestTheDesk:
    def test_it_takes_five_statements_however_long_the_letter_is(self, letter, sign_in, cast):
        for position in range(30):
            Block.create(letter=letter, kind="fact", position=10 + position, text="x", edited_by=cast.ben)
        browser = sign_in(cast.amina)
        with count_sql() as seen:
            browser.get(at(letter))
        assert len(seen) <= 5

    def test_a_frozen_one_takes_no_more(self, campaign, sign_in, cast):
        letter = build_letter(campaign, frozen=True)
        browser = sign_in(cast.amina)
        with count_sql() as seen:
            page = browser.get(at(letter)).text
        assert len(seen) <= 5
        assert "cannot change" in page and "Move or remove" not in page and "/blocks/" not in page

    def test_a_member_reads_and_finds_no_buttons(self, letter, sign_in, cast):
        page = sign_in(cast.cerys).get(at(letter)).text
        assert "31 of our 84 homes have mould." in page
        assert "Move or remove" not in page and "Add a demand" not in page

    def test_what_to_look_at_is_listed_with_a_link_to_the_place(self, letter, sign_in, cast):
        demand = letter.blocks.where(Block.kind == "demand").get()
        Block.update(by_on=None, text="See [who]").where(Block.id == demand.id).execute()
        page = sign_in(cast.amina).get(at(letter)).text
        assert f'<a href="#block_{demand.id}">Demand 1</a>' in page
        assert "Without a day nobody can be late" in page and "[who]" in page

    def test_markup_in_a_letter_stays_text(self, letter, sign_in, cast):
        Block.update(text="<script>alert(1)</script>").where(Block.kind == "fact").execute()
        for path in ("", "/preview"):
            page = sign_in(cast.amina).get(at(letter, path)).text
            assert "<script>alert" not in page and "&lt;script&gt;alert" in page


class TestTheHeadline:
    def test_it_is_changed(self, letter, sign_in, cast):
        sent = {"title": "Dry walls", "language": "cy", "is_formal_complaint": "y", "seen_title": letter.title}
        assert sign_in(cast.ben).send(at(letter, "/edit"), sent).status_code == 303
        now = Letter.get_by_id(letter.id)
        assert (now.title, now.language, now.is_formal_complaint, now.version) == ("Dry walls", "cy", True, 2)

    def test_an_empty_one_is_explained(self, letter, sign_in, cast):
        page = sign_in(cast.ben).send(at(letter, "/edit"), {"title": "", "language": "en", "seen_title": letter.title})
        assert page.status_code == 422 and "Write a headline" in page.text

    def test_a_second_press_after_a_clash_puts_it_in_place(self, letter, sign_in, cast):
        browser = sign_in(cast.ben)
        sent = {"title": "Mine", "language": "en", "seen_title": "Something older"}
        page = browser.send(at(letter, "/edit"), sent)
        assert page.status_code == 422 and letter.title in page.text and 'value="Mine"' in page.text
        again = page.text.split('name="seen_title"')[1].split('value="')[1].split('"')[0]
        assert browser.send(at(letter, "/edit"), {**sent, "seen_title": again}).status_code == 303

    def test_a_member_may_not(self, letter, sign_in, cast):
        assert sign_in(cast.cerys).send(at(letter, "/edit"), {"title": "x"}).status_code == 403
        assert sign_in(cast.cerys).send(at(letter, "/addressee")).status_code == 403

    def test_a_frozen_headline_stays(self, campaign, sign_in, cast):
        letter = build_letter(campaign, frozen=True)
        sent = {"title": "Other", "language": "en", "seen_title": letter.title}
        page = sign_in(cast.amina).send(at(letter, "/edit"), sent)
        assert page.status_code == 422 and "frozen" in page.text
        assert sign_in(cast.amina).send(at(letter, "/addressee")).status_code == 422
        assert Letter.get_by_id(letter.id).title == letter.title


class TestPaper:
    def test_a_draft_says_that_it_is_one(self, letter, sign_in, cast, texts):
        page = sign_in(cast.cerys).get(at(letter, "/preview")).text
        assert "Draft – not agreed yet" in page and "Demand" not in page.split("<main")[1]
        pdf = sign_in(cast.cerys).get(at(letter, "/letter.pdf"))
        assert pdf.content_type == "application/pdf" and "not agreed yet" in texts(pdf.data)

    def test_a_frozen_letter_shows_its_fingerprint_and_names_as_each_chose(self, campaign, sign_in, cast, texts):
        letter = build_letter(campaign, frozen=True)
        build_signature(letter, "Rosa Maddox", display="full")
        build_signature(letter, "Theo Lark", display="first_name", show_to_target=True)
        build_signature(letter, "Una Hidden", display="hidden", show_to_target=True)
        build_signature(letter, "Vic Resident", display="resident")
        build_signature(letter, "Wes Pending", display="full", state="pending")
        build_signature(letter, "Xan Held", display="full", is_held=True)
        version = letter.versions.get()
        browser = sign_in(cast.amina)
        for shown in (browser.get(at(letter, "/preview")).text, texts(browser.get(at(letter, "/letter.pdf")).data)):
            assert version.fingerprint in shown and "Rosa Maddox" in shown and "Theo" in shown
            for kept in ("Lark ", "Theo Lark", "Una", "Vic", "Wes", "Xan", "not agreed"):
                assert kept not in shown.replace("Larkspur", "")

    def test_the_addressee_s_copy_names_only_who_agreed_to_it(self, campaign, sign_in, cast, texts):
        letter = build_letter(campaign, frozen=True)
        build_signature(letter, "Rosa Maddox", display="full")
        build_signature(letter, "Una Shown", display="hidden", show_to_target=True)
        copy = texts(sign_in(cast.amina).get(at(letter, "/letter.pdf?copy=addressee")).data)
        assert "Una Shown" in copy and "Rosa" not in copy and "Signed by 2 people" in copy
        assert sign_in(cast.cerys).get(at(letter, "/letter.pdf?copy=addressee")).status_code == 403

    def test_large_print_is_longer(self, letter, sign_in, cast, pages):
        browser = sign_in(cast.cerys)
        normal, large = (browser.get(at(letter, f"/letter.pdf{query}")).data for query in ("", "?print=large"))
        assert pages(large) > pages(normal)

    def test_whoever_hashes_the_bare_text_gets_the_fingerprint(self, campaign, sign_in, cast):
        import hashlib

        letter = build_letter(campaign, frozen=True)
        found = sign_in(cast.cerys).get(at(letter, "/letter.txt"))
        assert hashlib.sha256(found.data).hexdigest() == letter.versions.get().sha256
        assert sign_in(cast.cerys).get(at(build_letter(campaign), "/letter.txt")).status_code == 404

    def test_a_letter_in_arabic_runs_from_the_right(self, letter, sign_in, cast):
        Letter.update(language="ar", title="نحن نطلب جدراناً جافة").execute()
        browser = sign_in(cast.cerys)
        assert '<article class="sheet" lang="ar" dir="rtl">' in browser.get(at(letter, "/preview")).text
        assert browser.get(at(letter, "/letter.pdf")).status_code == 200


@pytest.fixture
def texts(tmp_path):
    from io import BytesIO

    from pypdf import PdfReader

    return lambda data: " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).replace("\n", " ")


@pytest.fixture
def pages():
    from io import BytesIO

    from pypdf import PdfReader

    return lambda data: len(PdfReader(BytesIO(data)).pages)


def test_the_content_of_an_older_version_is_made_whole(campaign):
    from portal.letters.sheet import frozen_content

    letter = build_letter(campaign, frozen=True)
    content = frozen_content(letter.versions.get())
    assert content["to"]["organization"] == "" and content["blocks"][2]["number"] == 1
    assert json.dumps(content)
