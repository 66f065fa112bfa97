"""Later versions: written anew, kept, mended as a typo, signed again; and counts that are honest throughout."""

import json

import peewee
import pytest

from portal.errors import RuleBroken
from portal.letters import sheet, signing
from portal.letters.blocks import Words, add_block, save_block
from portal.letters.editions import again, later, standing, withdrawing
from portal.letters.editions.models import SignedVersion
from portal.letters.models import Block, Letter, LetterVersion, Signature
from portal.letters.operations import change_heading
from portal.letters.talk.models import Suggestion
from portal.letters.talk.suggestions import suggest_words
from portal.letters.wording import text_now
from tests.builders import ask_circle, build_campaign, build_letter, freeze_by_vote


@pytest.fixture(autouse=True)
def on_a_page(app):
    """Signing writes a mail with a link, which needs to know what site this is."""
    with app.test_request_context():
        yield


@pytest.fixture
def campaign(cast):
    return build_campaign(
        leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public", floors=2, homes_per_floor=2
    )


@pytest.fixture
def circle(cast):
    return cast.amina, cast.ben, cast.cerys


@pytest.fixture
def letter(campaign, circle):
    letter = build_letter(campaign)
    freeze_by_vote(letter, *circle)
    return Letter.get_by_id(letter.id)


def test_keeping_the_frozen_text_puts_everything_back_and_leaves_nothing_waiting(letter, cast):
    later.reopen(letter, by=cast.amina, why="x")
    told = {"title": letter.title, "language": "en", "seen_title": letter.title}
    change_heading(letter, is_formal_complaint=True, by=cast.ben, **told)
    new = add_block(letter, "fact", Words("The lift is out"), by=cast.ben, after=0).block
    fact = letter.blocks.where(Block.kind == "fact", Block.id != new.id).get()
    fact.letter = letter
    one = suggest_words(fact, Words("40 homes"), seen=fact.version, why="x", by=cast.cerys)
    later.keep_frozen(letter, by=cast.amina)
    now = Letter.get_by_id(letter.id)
    assert (now.is_formal_complaint, now.talk_count) == (False, 0)
    assert Suggestion.get_by_id(one.id).state == "refused"
    assert sorted(row.position for row in now.blocks) == list(range(7))


def sign(letter, name, home=""):
    """Sign and confirm, as somebody at home does."""
    now = Letter.get_by_id(letter.id)
    version = now.versions.order_by(LetterVersion.number.desc()).get()
    given = {"display": "full", "show_to_target": False, "wants_news": False, "home_words": home, "network": name}
    signing.sign(now, version, name=name, email=f"{name.lower()}@example.org", **given)
    signature = Signature.get(Signature.name == name)
    signing.confirm(signature)
    return Signature.get_by_id(signature.id)


def rewrite(letter, cast, words="Survey every home this month"):
    later.reopen(Letter.get_by_id(letter.id), by=cast.amina, why="They moved the day")
    block = letter.blocks.where(Block.kind == "demand").order_by(Block.position).first()
    kept = Words.of(block)
    save_block(block, Words(words, kept.test, kept.by_on), seen=block.version, by=cast.ben)
    return Letter.get_by_id(letter.id)


def counts_of(row):
    now = type(row).get_by_id(row.id)
    return now.signature_count, now.signed_home_count


class TestWritingAnew:
    def test_the_frozen_version_stands_and_can_be_signed(self, letter, cast):
        now = rewrite(letter, cast)
        assert now.is_frozen and not now.is_fixed and now.is_open_for_drafting and now.is_open_for_signing
        assert sign(letter, "Rosa").version.number == 1

    def test_a_letter_that_was_sent_is_not_written_anew(self, letter, cast):
        Letter.update(sent_on=letter.created_at.date()).execute()
        with pytest.raises(RuleBroken, match="was sent"):
            later.reopen(letter, by=cast.amina, why="x")

    def test_keeping_the_frozen_text_puts_every_word_back(self, letter, cast):
        frozen = letter.versions.get()
        now = rewrite(letter, cast)
        change_heading(now, title="Other", language="en", is_formal_complaint=False, seen_title=now.title, by=cast.ben)
        Block.update(removed_at=now.created_at).where(Block.kind == "question").execute()
        later.keep_frozen(Letter.get_by_id(letter.id), by=cast.ben)
        now = Letter.get_by_id(letter.id)
        assert now.is_fixed and text_now(now)[0] == frozen.canonical_text
        assert "Survey every home this month" in [row.text for row in letter.blocks.get().revisions.model.select()]

    def test_the_same_words_are_not_frozen_twice(self, letter, cast, circle):
        later.reopen(letter, by=cast.amina, why="x")
        with pytest.raises(RuleBroken, match="Not a word is different"):
            freeze_by_vote(Letter.get_by_id(letter.id), *circle)


class TestANewVersion:
    def test_those_who_signed_are_asked_once_and_one_press_is_enough(self, letter, cast, circle, outbox, campaign):
        rosa, joe = sign(letter, "Rosa", "1A"), sign(letter, "Joe", "1A")
        assert counts_of(letter) == (2, 1)
        version = freeze_by_vote(rewrite(letter, cast), *circle)
        assert (version.number, version.kind, counts_of(letter)) == (2, "new", (0, 0))
        again.ask_again(version.id)
        again.ask_again(version.id)
        asked = [mail for mail in outbox() if "new words" in mail.subject]
        assert sorted(mail.to for mail in asked) == [joe.email, rosa.email]
        assert again.sign_again(rosa) and not again.sign_again(rosa)
        assert counts_of(letter) == counts_of(version) == (1, 1)
        assert counts_of(letter.versions.where(LetterVersion.number == 1).get()) == (2, 1)
        assert counts_of(campaign) == (2, 1)
        assert Signature.get_by_id(rosa.id).version_id == version.id
        assert Signature.get_by_id(joe.id).version.number == 1
        assert standing.earlier_of(version) == standing.Earlier(signed=2, again=1)

    def test_paper_names_only_those_under_its_version(self, letter, cast, circle):
        rosa, _joe = sign(letter, "Rosa"), sign(letter, "Joe")
        first = letter.versions.get()
        second = freeze_by_vote(rewrite(letter, cast), *circle)
        again.sign_again(rosa)
        assert sheet.signatories_of(letter, first).names == ("Rosa", "Joe")
        assert sheet.signatories_of(letter, second).names == ("Rosa",)

    def test_taking_the_name_off_takes_it_off_everywhere(self, letter, cast, circle, campaign):
        rosa = sign(letter, "Rosa", "1A")
        version = freeze_by_vote(rewrite(letter, cast), *circle)
        again.sign_again(rosa)
        signing.withdraw(Signature.get_by_id(rosa.id))
        assert not SignedVersion.select().exists()
        assert counts_of(letter) == counts_of(version) == counts_of(campaign) == (0, 0)
        with pytest.raises(RuleBroken, match="not under the letter"):
            again.sign_again(rosa)

    def test_whoever_confirms_late_stands_under_what_they_read(self, letter, cast, circle, outbox):
        given = {"display": "hidden", "show_to_target": False, "wants_news": False, "home_words": "", "network": "x"}
        signing.sign(letter, letter.versions.get(), name="Rosa", email="rosa@example.org", **given)
        version = freeze_by_vote(rewrite(letter, cast), *circle)
        signing.confirm(Signature.get())
        assert counts_of(letter) == (0, 0) and Signature.get().version.number == 1
        again.ask_again(version.id)
        assert "new words" in outbox()[-1].subject


class TestATypo:
    def test_two_leads_freeze_it_and_every_name_stays(self, letter, cast, outbox, campaign):
        rosa = sign(letter, "Rosa", "1A")
        now = rewrite(letter, cast, "Survey every reported home.")
        later.ask_typo(now, seen=now.version, note="The full stop was missing", by=cast.amina)
        before = len(outbox())
        version = later.agree_typo(now, by=cast.ben)
        again.ask_again(version.id)
        assert (version.kind, version.number, version.change_note) == ("typo", 2, "The full stop was missing")
        assert counts_of(letter) == counts_of(version) == counts_of(campaign) == (1, 1)
        assert Signature.get_by_id(rosa.id).version_id == version.id and len(outbox()) == before

    def test_it_takes_two_who_read_the_same_words(self, letter, cast):
        now = rewrite(letter, cast)
        later.ask_typo(now, seen=now.version, note="x", by=cast.amina)
        with pytest.raises(RuleBroken, match="takes two"):
            later.agree_typo(now, by=cast.amina)
        block = letter.blocks.where(Block.kind == "closing").get()
        save_block(block, Words("Write back."), seen=1, by=cast.ben)
        with pytest.raises(RuleBroken, match="Nobody is asking"):
            later.agree_typo(Letter.get_by_id(letter.id), by=cast.ben)
        assert LetterVersion.select().count() == 1

    def test_whoever_signed_and_confirms_after_it_stands_under_both(self, letter, cast):
        given = {"display": "hidden", "show_to_target": False, "wants_news": False, "home_words": "", "network": "x"}
        signing.sign(letter, letter.versions.get(), name="Rosa", email="rosa@example.org", **given)
        now = rewrite(letter, cast)
        later.ask_typo(now, seen=now.version, note="x", by=cast.amina)
        version = later.agree_typo(now, by=cast.ben)
        signing.confirm(Signature.get())
        assert Signature.get().version_id == version.id and counts_of(letter) == counts_of(version) == (1, 0)


def test_a_vote_takes_the_question_about_a_typo_back(letter, cast):
    now = rewrite(letter, cast)
    later.ask_typo(now, seen=now.version, note="x", by=cast.amina)
    ask_circle(now, cast.ben)
    with pytest.raises(RuleBroken, match="Nobody is asking"):
        later.agree_typo(now, by=cast.ben)


class TestWithdrawing:
    def test_one_lead_is_enough_while_nobody_has_signed(self, letter, cast):
        assert withdrawing.withdraw_letter(letter, why="They mended it", by=cast.amina) is None
        assert not Letter.get_by_id(letter.id).is_open_for_signing

    def test_with_names_it_takes_two_and_everybody_is_told(self, letter, cast, outbox, campaign):
        rosa = sign(letter, "Rosa", "1A")
        assert withdrawing.withdraw_letter(letter, why="They mended it", by=cast.amina) is not None
        with pytest.raises(RuleBroken, match="takes two"):
            withdrawing.agree_to_withdraw(letter, by=cast.amina)
        withdrawing.agree_to_withdraw(letter, by=cast.ben)
        for _twice in range(2):
            withdrawing.tell_signers(letter.id)
        told = [mail for mail in outbox(to=rosa.email) if "They mended it" in mail.text]
        assert len(told) == 1 and counts_of(campaign) == (0, 0)
        signing.withdraw(Signature.get_by_id(rosa.id))
        assert counts_of(campaign) == (0, 0)

    def test_what_was_sent_is_not_withdrawn(self, letter, cast):
        Letter.update(sent_on=letter.created_at.date()).execute()
        with pytest.raises(RuleBroken, match="was sent"):
            withdrawing.withdraw_letter(letter, why="x", by=cast.amina)


class TestTheDatabaseKeepsFrozenWords:
    @pytest.mark.parametrize(
        "change", [{"canonical_text": "other"}, {"sha256": "0" * 64}, {"content": json.dumps({"blocks": []})}]
    )
    def test_no_statement_changes_them(self, letter, change):
        from portal.database import db

        with pytest.raises(peewee.IntegrityError), db.atomic():
            LetterVersion.update(**change).execute()

    def test_no_statement_removes_a_version_while_its_letter_stands(self, letter):
        from portal.database import db

        with pytest.raises(peewee.IntegrityError), db.atomic():
            LetterVersion.delete().execute()
        assert LetterVersion.select().count() == 1
