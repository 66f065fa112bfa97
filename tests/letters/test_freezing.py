"""Freezing: two leads, exactly these words, and nobody changes them again."""

import hashlib
import json

import pytest

from portal.campaigns import agreements
from portal.campaigns.models import Activity, Campaign, Role
from portal.errors import RuleBroken
from portal.letters.freezing import agree_to_freeze, ask_to_freeze, stop_asking
from portal.letters.models import Block, Letter, LetterVersion
from portal.targets.models import Target
from tests.builders import build_campaign, build_letter


@pytest.fixture
def letter(cast):
    return build_letter(build_campaign(leads=[cast.amina, cast.ben], floors=2, homes_per_floor=2))


def is_asked(letter):
    return agreements.open_one(letter.campaign, "freeze_letter", letter.id) is not None


def test_two_leads_freeze_the_text(letter, cast):
    ask_to_freeze(letter, seen=1, by=cast.amina)
    version = agree_to_freeze(letter, by=cast.ben)
    assert Letter.get_by_id(letter.id).is_frozen
    assert (version.asked_by, version.agreed_by, version.number) == (cast.amina, cast.ben, 1)
    assert version.sha256 == hashlib.sha256(version.canonical_text.encode()).hexdigest()
    assert "Survey every reported home" in version.canonical_text and "2026-12-07" in version.canonical_text


def test_the_content_holds_what_screen_and_paper_need(letter, cast):
    ask_to_freeze(letter, seen=1, by=cast.amina)
    content = json.loads(agree_to_freeze(letter, by=cast.ben).content)
    assert set(content) >= {"evidence", "title", "language", "to", "from", "date", "blocks"}
    assert content["to"]["name"] == "Philippa Stroud" and content["to"]["organization"] == "Meridale Homes"
    assert content["from"] == {"group": "The people of Larkspur Point", "place": "Ashmere", "homes": 4}
    demand = next(block for block in content["blocks"] if block["kind"] == "demand")
    assert set(demand) == {"id", "kind", "number", "text", "test", "by_on", "source"}
    assert (demand["number"], demand["by_on"]) == (1, "2026-12-07")
    # The address for mail is ours to use, not the public's to read.
    assert "complaints@" not in json.dumps(content)


def test_a_removed_part_is_not_in_the_frozen_text(letter, cast):
    Block.update(removed_at=letter.created_at).where(Block.kind == "question").execute()
    ask_to_freeze(letter, seen=1, by=cast.amina)
    assert "When was the roof" not in agree_to_freeze(letter, by=cast.ben).canonical_text


@pytest.mark.parametrize("visibility", ["circle", "link", "public"])
def test_the_timeline_says_so_in_public_only_when_the_campaign_is(cast, visibility):
    letter = build_letter(build_campaign(leads=[cast.amina, cast.ben], visibility=visibility))
    before = Campaign.get_by_id(letter.campaign_id).version
    ask_to_freeze(letter, seen=1, by=cast.amina)
    agree_to_freeze(letter, by=cast.ben)
    line = Activity.get(Activity.verb == "letter_frozen")
    assert line.is_public == (visibility == "public")
    assert json.loads(line.facts)["title"] == letter.title
    assert Campaign.get_by_id(letter.campaign_id).version > before


def test_one_lead_cannot_agree_with_themself(letter, cast):
    ask_to_freeze(letter, seen=1, by=cast.amina)
    with pytest.raises(RuleBroken, match="takes two"):
        agree_to_freeze(letter, by=cast.amina)
    assert not Letter.get_by_id(letter.id).is_frozen and is_asked(letter)


def test_nobody_can_agree_to_what_nobody_asked(letter, cast):
    with pytest.raises(RuleBroken, match="Nobody is asking"):
        agree_to_freeze(letter, by=cast.ben)


def test_agreeing_twice_freezes_once(letter, cast):
    ask_to_freeze(letter, seen=1, by=cast.amina)
    agree_to_freeze(letter, by=cast.ben)
    with pytest.raises(RuleBroken, match="frozen"):
        agree_to_freeze(letter, by=cast.ben)
    assert LetterVersion.select().count() == 1


def test_asking_about_words_that_changed_while_reading_is_refused(letter, cast):
    Letter.update(version=2).execute()
    with pytest.raises(RuleBroken, match="changed while you were reading"):
        ask_to_freeze(letter, seen=1, by=cast.amina)


def test_asking_twice_is_refused(letter, cast):
    ask_to_freeze(letter, seen=1, by=cast.amina)
    with pytest.raises(RuleBroken, match="already"):
        ask_to_freeze(letter, seen=1, by=cast.ben)


class TestTheWordsThatWereAskedAbout:
    def test_a_changed_version_takes_the_question_back(self, letter, cast):
        ask_to_freeze(letter, seen=1, by=cast.amina)
        Letter.update(version=2).execute()
        with pytest.raises(RuleBroken, match="text has changed"):
            agree_to_freeze(letter, by=cast.ben)
        assert not is_asked(letter) and not Letter.get_by_id(letter.id).is_frozen

    def test_a_word_changed_behind_the_version_s_back_is_noticed_by_the_fingerprint(self, letter, cast):
        ask_to_freeze(letter, seen=1, by=cast.amina)
        Block.update(text="Pay us").where(Block.kind == "demand").execute()
        with pytest.raises(RuleBroken, match="text has changed"):
            agree_to_freeze(letter, by=cast.ben)
        assert not is_asked(letter)

    def test_so_is_another_name_in_the_address(self, letter, cast):
        ask_to_freeze(letter, seen=1, by=cast.amina)
        Target.update(person_name="Somebody Else").execute()
        with pytest.raises(RuleBroken, match="text has changed"):
            agree_to_freeze(letter, by=cast.ben)

    def test_somebody_who_no_longer_leads_has_not_asked(self, letter, cast):
        ask_to_freeze(letter, seen=1, by=cast.amina)
        Role.update(ended_at=letter.created_at).where(Role.membership << cast.amina.memberships).execute()
        letter.campaign.__dict__.pop("_parts", None)
        with pytest.raises(RuleBroken, match="no longer leads"):
            agree_to_freeze(letter, by=cast.ben)
        assert not is_asked(letter)


class TestWhatStopsIt:
    def test_a_gap_in_any_field_stops_it(self, letter, cast):
        for changes in ({"text": "[how many] homes"}, {"source": "[where from]"}):
            Block.update(**{"text": "x", "source": "", **changes}).where(Block.kind == "fact").execute()
            with pytest.raises(RuleBroken, match="gaps in \\[brackets\\]"):
                ask_to_freeze(letter, seen=1, by=cast.amina)

    def test_a_letter_to_nobody(self, letter, cast):
        Letter.update(target=None).execute()
        with pytest.raises(RuleBroken, match="who the letter is written to"):
            ask_to_freeze(letter, seen=1, by=cast.amina)

    def test_a_letter_that_asks_for_nothing(self, letter, cast):
        Block.delete().where(Block.kind << ["demand", "question"]).execute()
        with pytest.raises(RuleBroken, match="asks for nothing"):
            ask_to_freeze(letter, seen=1, by=cast.amina)


def test_either_lead_can_say_not_yet_and_it_can_be_asked_again(letter, cast):
    ask_to_freeze(letter, seen=1, by=cast.amina)
    stop_asking(letter, by=cast.ben)
    assert not is_asked(letter)
    ask_to_freeze(letter, seen=1, by=cast.amina)
    assert is_asked(letter)
