"""The pages of later versions, of refused changes, of readings and of withdrawing: what they show and who may press."""

import pytest

from portal import clock
from portal.letters import signing
from portal.letters.editions import again, later, standing
from portal.letters.editions.models import Reading, RefusedChange, SignedVersion
from portal.letters.models import Block, Letter, LetterVersion, Signature
from portal.letters.signing import manage_token
from tests.builders import build_campaign, build_letter, build_signature, freeze_by_vote
from tests.conftest import NOON
from tests.counting import count_sql


@pytest.fixture
def campaign(cast):
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola, visibility="public")


@pytest.fixture
def letter(campaign, cast):
    letter = build_letter(campaign)
    freeze_by_vote(letter, cast.amina, cast.ben, cast.cerys)
    return Letter.get_by_id(letter.id)


@pytest.fixture
def two_versions(letter, cast):
    """A letter with a second version, which Rosa has not signed."""
    signature = build_signature(letter, "Rosa Hidden")
    standing.count(signature, +1)
    later.reopen(letter, by=cast.amina, why="The day moved")
    now = Letter.get_by_id(letter.id)
    Block.update(text="Survey every home by May").where(Block.kind == "demand", Block.position == 2).execute()
    freeze_by_vote(now, cast.amina, cast.ben, cast.cerys)
    return Signature.get_by_id(signature.id)


def at(letter, rest=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}{rest}"


def edit(letter, **given):
    block = letter.blocks.where(Block.kind == "fact").get()
    return at(letter, f"/blocks/{block.id}"), {"text": "Other words", "seen": block.version, **given}


class TestRefusedChanges:
    def test_a_try_is_refused_in_words_and_written_down_without_the_words(self, letter, sign_in, cast):
        answer = sign_in(cast.ben).send(*edit(letter))
        assert answer.status_code == 422 and "frozen" in answer.text
        row = RefusedChange.get()
        assert (row.letter_id, row.by, row.what) == (letter.id, cast.ben, "blocks.edit")
        assert letter.blocks.where(Block.text == "Other words").count() == 0

    def test_by_htmx_and_from_an_old_page_as_well(self, letter, sign_in, cast):
        assert sign_in(cast.ben, htmx=True).send(*edit(letter)).status_code == 422
        assert sign_in(cast.amina).send(at(letter, "/addressee")).status_code == 422
        assert {row.what for row in RefusedChange.select()} == {"blocks.edit", "letters.address_anew"}

    def test_one_row_a_minute_for_one_person_and_way(self, letter, sign_in, cast):
        browser = sign_in(cast.ben)
        for _press in range(3):
            browser.send(*edit(letter))
        with clock.frozen_at(NOON.replace(minute=2)):
            browser.send(*edit(letter))
        assert RefusedChange.select().count() == 2

    def test_the_press_keeps_its_key(self, letter, sign_in, cast):
        browser = sign_in(cast.ben)
        url, sent = edit(letter, once="the same key")
        assert [browser.send(url, sent).status_code for _press in range(2)] == [422, 422]

    def test_a_withdrawn_text_too(self, campaign, sign_in, cast):
        letter = build_letter(campaign, withdrawn_at=clock.now())
        answer = sign_in(cast.ben).send(*edit(letter))
        assert answer.status_code == 422 and "withdrawn" in answer.text
        assert RefusedChange.select().count() == 1

    def test_leads_see_it_on_the_letter_s_page(self, letter, sign_in, cast):
        sign_in(cast.ben).send(*edit(letter))
        assert "1 change was refused" in sign_in(cast.amina).get(at(letter)).text
        assert "blocks.edit" in sign_in(cast.amina).get(at(letter, "/refused")).text
        assert "was refused" not in sign_in(cast.cerys).get(at(letter)).text
        assert sign_in(cast.cerys).get(at(letter, "/refused")).status_code == 403

    def test_what_was_allowed_leaves_nothing(self, campaign, sign_in, cast):
        draft = build_letter(campaign)
        assert sign_in(cast.ben).send(*edit(draft)).status_code == 303
        assert not RefusedChange.select().exists()


class TestWritingAnew:
    def test_from_the_reason_to_keeping_it(self, letter, sign_in, cast):
        amina = sign_in(cast.amina)
        empty = amina.send(at(letter, "/reopening"), {"why": ""})
        assert empty.status_code == 422 and "Say why" in empty.text
        assert amina.send(at(letter, "/reopening"), {"why": "The day moved"}).status_code == 303
        assert "A new version is being written" in amina.get(at(letter)).text
        assert "A new version is being written" in sign_in(None).get(f"/letters/{letter.key}").text
        assert amina.send(at(letter, "/reopening"), {"why": "x"}).status_code == 422
        assert amina.send(at(letter, "/reopening/end")).status_code == 303
        assert Letter.get_by_id(letter.id).is_fixed

    def test_a_typo_takes_two_and_shows_the_words(self, letter, sign_in, cast):
        amina, ben = sign_in(cast.amina), sign_in(cast.ben)
        amina.send(at(letter, "/reopening"), {"why": "A typo"})
        amina.send(*edit(letter, text="31 of our 84 homes have mold.", source="Our list of reports"))
        seen = Letter.get_by_id(letter.id).version
        assert "Say in a few words" in amina.send(at(letter, "/typo"), {"seen": seen}).text
        assert amina.send(at(letter, "/typo"), {"seen": seen, "note": "A letter"}).status_code == 303
        assert amina.send(at(letter, "/typo/agreement")).status_code == 422
        page = ben.get(at(letter, "/typo")).text
        assert "<del>" in page and "mold" in page and "Yes, only a typo: freeze it" in page
        assert ben.send(at(letter, "/typo/agreement")).status_code == 303
        assert LetterVersion.select().count() == 2

    def test_who_may(self, letter, sign_in, cast):
        for path in ("/reopening", "/reopening/end", "/typo", "/typo/agreement", "/asking/withdrawal", "/withdrawal"):
            assert sign_in(cast.cerys).send(at(letter, path), {"why": "x"}).status_code == 403, path
        hidden = build_letter(build_campaign(leads=[cast.dov]), frozen=True)
        assert sign_in(cast.amina).send(at(hidden, "/reopening"), {"why": "x"}).status_code == 404


class TestSigningAgain:
    def test_the_difference_is_shown_and_one_press_signs(self, two_versions, letter, sign_in):
        url = f"/signatures/{manage_token(two_versions)}/again"
        browser = sign_in(None)
        page = browser.get(url).text
        assert "<ins>" in page and "by May" in page and "No, take my name off" in page
        assert SignedVersion.select().count() == 1
        assert browser.send(url).status_code == 303 and browser.send(url).status_code == 303
        assert Letter.get_by_id(letter.id).signature_count == 1
        assert "version 2" in browser.get(url).text

    def test_the_mail_leads_there(self, two_versions, letter, sign_in, outbox):
        again.ask_again(two_versions.letter.versions.order_by(LetterVersion.number.desc()).get().id)
        mail = outbox(to=two_versions.email)[-1]
        assert sign_in(None).get(mail.link("/again")).status_code == 200

    def test_no_takes_the_name_off(self, two_versions, sign_in):
        token = manage_token(two_versions)
        sign_in(None).send(f"/signatures/{token}/withdrawal")
        assert Signature.get().state == "withdrawn"
        assert sign_in(None).send(f"/signatures/{token}/again").status_code == 422

    def test_an_old_link_is_told_so(self, two_versions, sign_in):
        assert sign_in(None).send("/signatures/nonsense/again").status_code == 410

    def test_the_signer_s_own_page_says_it_too(self, two_versions, sign_in):
        assert "new words since" in sign_in(None).get(f"/signatures/{manage_token(two_versions)}").text


class TestVersionsInPublic:
    def test_each_has_its_fingerprint_its_count_and_what_changed(self, two_versions, letter, sign_in):
        with count_sql() as seen:
            page = sign_in(None).get(f"/letters/{letter.key}/versions")
        assert len(seen) <= 5
        for version in letter.versions:
            assert version.sha256 in page.text
        assert "by May" in page.text and "1 person stands under it" in page.text

    def test_the_letter_says_how_many_signed_again(self, two_versions, letter, sign_in):
        page = sign_in(None).get(f"/letters/{letter.key}").text
        assert "1 person signed an earlier version" in page and "0 of them signed again" in page

    def test_the_bare_text_of_each(self, two_versions, letter, sign_in):
        browser = sign_in(None)
        for version in letter.versions:
            answer = browser.get(f"/letters/{letter.key}/letter.txt?version={version.number}")
            assert answer.data.decode() == version.canonical_text
        assert browser.get(f"/letters/{letter.key}/letter.txt?version=9").status_code == 404

    def test_a_letter_of_the_circle_is_not_there(self, sign_in, cast):
        hidden = build_letter(build_campaign(leads=[cast.amina]), frozen=True)
        for path in ("versions", "letter.txt"):
            assert sign_in(None).get(f"/letters/{hidden.key}/{path}").status_code == 404
            assert sign_in(cast.amina).get(f"/letters/{hidden.key}/{path}").status_code == 200


class TestReading:
    def test_a_second_reader_holds_until_a_word_changes(self, campaign, sign_in, cast):
        letter = build_letter(campaign, needs_second_reader=True)
        refused = sign_in(cast.amina).send(at(letter, "/readings"), {"kind": "second", "seen": "1"})
        assert refused.status_code == 422 and "did not write it" in refused.text
        vote = {"closes_at": "2026-11-26T12:00", "pass_percent": "50", "core_percent": "50", "least_voters": "3"}
        stopped = sign_in(cast.ben).send(at(letter, "/vote"), {**vote, "seen": "1"})
        assert stopped.status_code == 422 and "second reader" in stopped.text
        reader = sign_in(cast.cerys)
        sent = {"kind": "second", "seen": "1", "words": "The date is odd"}
        assert reader.send(at(letter, "/readings"), sent).status_code == 303
        assert "The date is odd" in reader.get(at(letter, "/readings")).text
        assert sign_in(cast.ben).send(at(letter, "/vote"), {**vote, "seen": "1"}).status_code == 303
        sign_in(cast.ben).send(*edit(letter))
        assert "Nobody has read this text" in reader.get(at(letter, "/readings")).text

    def test_an_old_page_does_not_count(self, campaign, sign_in, cast):
        letter = build_letter(campaign)
        page = sign_in(cast.cerys).send(at(letter, "/readings"), {"kind": "aloud", "seen": "7", "words": "Kept"})
        assert page.status_code == 422 and "Kept" in page.text and not Reading.select().exists()

    def test_who_may(self, campaign, sign_in, cast):
        letter = build_letter(campaign)
        assert sign_in(cast.ola).send(at(letter, "/readings"), {"kind": "aloud", "seen": "1"}).status_code == 303
        assert sign_in(cast.nia).send(at(letter, "/readings"), {"kind": "aloud", "seen": "1"}).status_code == 403


class TestWithdrawing:
    def test_with_names_two_leads(self, letter, sign_in, cast):
        build_signature(letter)
        signing.Campaign.update(signature_count=1).execute()
        amina, ben = sign_in(cast.amina), sign_in(cast.ben)
        assert "Say why" in amina.send(at(letter, "/withdrawal"), {"why": ""}).text
        assert amina.send(at(letter, "/withdrawal"), {"why": "They mended it"}).status_code == 303
        assert amina.send(at(letter, "/withdrawal/agreement")).status_code == 422
        assert "They mended it" in ben.get(at(letter, "/withdrawal")).text
        assert ben.send(at(letter, "/withdrawal/agreement")).status_code == 303
        assert sign_in(None).get(f"/letters/{letter.key}").status_code == 404
        assert "This letter is withdrawn" in ben.get(at(letter)).text
