"""Freezing: everybody voted on exactly these words, one lead presses, and nobody changes them again."""

import hashlib
import json

import pytest

from portal.campaigns.models import Activity, Campaign
from portal.errors import RuleBroken
from portal.letters.blocks import Words, save_block
from portal.letters.freezing import freeze
from portal.letters.models import Block, Letter, LetterVersion
from portal.letters.votes.models import SignOff
from portal.targets.models import Target
from tests.builders import build_campaign, build_letter, freeze_by_vote, pass_vote


@pytest.fixture
def letter(cast):
    return build_letter(build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], floors=2, homes_per_floor=2))


@pytest.fixture
def agreed(letter, cast):
    """A letter whose vote has passed, with nobody having frozen it yet."""
    pass_vote(letter, cast.amina, cast.ben, cast.cerys)
    return letter


def test_a_passed_vote_and_one_lead_freeze_the_text(agreed, cast):
    version = freeze(agreed, by=cast.ben)
    assert Letter.get_by_id(agreed.id).is_fixed
    assert (version.asked_by, version.agreed_by, version.number, version.kind) == (cast.amina, cast.ben, 1, "first")
    assert version.sha256 == hashlib.sha256(version.canonical_text.encode()).hexdigest() == SignOff.get().sha256
    assert version.sign_off_id == SignOff.get().id
    assert "Survey every reported home" in version.canonical_text and "2026-12-07" in version.canonical_text


def test_the_content_holds_what_screen_and_paper_need(agreed, cast):
    content = json.loads(freeze(agreed, by=cast.ben).content)
    assert set(content) >= {"evidence", "title", "language", "to", "from", "date", "blocks", "target_id"}
    assert content["to"]["name"] == "Philippa Stroud" and content["to"]["organization"] == "Meridale Homes"
    assert content["from"] == {"group": "The people of Larkspur Point", "place": "Ashmere", "homes": 4}
    demand = next(block for block in content["blocks"] if block["kind"] == "demand")
    assert set(demand) == {"id", "kind", "number", "text", "test", "by_on", "source"}
    assert (demand["number"], demand["by_on"]) == (1, "2026-12-07")
    # The address for mail is ours to use, not the public's to read.
    assert "complaints@" not in json.dumps(content)


def test_a_removed_part_is_not_in_the_frozen_text(letter, cast):
    Block.update(removed_at=letter.created_at).where(Block.kind == "question").execute()
    assert "When was the roof" not in freeze_by_vote(letter, cast.amina, cast.ben, cast.cerys).canonical_text


@pytest.mark.parametrize("visibility", ["circle", "link", "public"])
def test_the_timeline_says_so_in_public_only_when_the_campaign_is(cast, visibility):
    letter = build_letter(build_campaign(leads=[cast.amina, cast.ben], visibility=visibility))
    before = Campaign.get_by_id(letter.campaign_id).version
    freeze_by_vote(letter, cast.amina, cast.ben)
    line = Activity.get(Activity.verb == "letter_frozen")
    assert line.is_public == (visibility == "public")
    assert json.loads(line.facts)["title"] == letter.title
    assert Campaign.get_by_id(letter.campaign_id).version > before


def test_the_frozen_state_has_its_name_in_the_history(agreed, cast):
    freeze(agreed, by=cast.amina)
    assert agreed.revisions.get().name == "frozen"


def test_pressing_twice_freezes_once(agreed, cast):
    freeze(agreed, by=cast.amina)
    with pytest.raises(RuleBroken, match="frozen"):
        freeze(agreed, by=cast.ben)
    assert LetterVersion.select().count() == 1


def test_without_a_vote_nobody_freezes(letter, cast):
    with pytest.raises(RuleBroken, match="Nobody has voted"):
        freeze(letter, by=cast.amina)


class TestOnlyTheWordsThatWereVotedOn:
    def test_a_change_after_the_vote_needs_a_new_vote(self, agreed, cast):
        block = agreed.blocks.where(Block.kind == "fact").get()
        save_block(block, Words("32 of our 84 homes"), seen=1, by=cast.cerys)
        with pytest.raises(RuleBroken, match="changed since the vote"):
            freeze(agreed, by=cast.amina)
        assert SignOff.get().outcome == "passed"

    def test_a_word_changed_behind_the_version_s_back_is_noticed_by_the_fingerprint(self, agreed, cast):
        Block.update(text="Pay us").where(Block.kind == "demand").execute()
        with pytest.raises(RuleBroken, match="changed since the vote"):
            freeze(agreed, by=cast.amina)

    def test_so_is_another_name_in_the_address(self, agreed, cast):
        Target.update(person_name="Somebody Else").execute()
        with pytest.raises(RuleBroken, match="changed since the vote"):
            freeze(agreed, by=cast.amina)
        assert not LetterVersion.select().exists()
