"""Facts that rest on evidence: links, numbers that fill themselves, and what a change of the evidence does."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import RuleBroken
from portal.evidence.operations import Particulars, edit_item, withdraw_item
from portal.letters import counts, sheet
from portal.letters.canonical import canonical_text
from portal.letters.editions.states import states_of
from portal.letters.finding import blocks_of
from portal.letters.models import Block, BlockEvidence, BlockRevision, Letter
from portal.letters.operations import keep_letter
from portal.letters.resting import rest_on
from portal.letters.votes.models import SignOff
from tests.builders import ask_circle, build_campaign, build_item, build_letter
from tests.counting import count_sql


@pytest.fixture
def campaign(cast):
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], floors=6, homes_per_floor=14)


@pytest.fixture
def letter(campaign):
    return build_letter(campaign)


@pytest.fixture
def fact(letter):
    block = letter.blocks.where(Block.kind == "fact").get()
    block.letter = letter
    return block


@pytest.fixture
def item(campaign):
    return build_item(campaign, home_count=31, from_on=date(2026, 3, 3))


def at(block, path="/evidence"):
    letter = block.letter
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}/blocks/{block.id}{path}"


def text_now(letter):
    now = Letter.get_by_id(letter.id)
    now.campaign = letter.campaign
    return canonical_text(sheet.content_of(now, [row for row in blocks_of(now) if row.removed_at is None]))


class TestLinking:
    def test_a_tick_links_and_the_number_takes_the_place_of_the_typed_one(self, fact, item, sign_in, cast):
        browser = sign_in(cast.amina)
        typed = {"items": [str(item.id)], "had": "", "put_count": "y", "seen": "1"}
        assert browser.send(at(fact), typed).status_code == 303
        assert Block.get_by_id(fact.id).text == "{count} have mould."
        page = browser.get(at(fact, "").split("/blocks")[0]).text
        assert "31 of 84 homes, since March 2026, have mould." in page
        assert "Mould in bedrooms" in page and "changes with it" in page
        assert BlockRevision.select().where(BlockRevision.change == "filled").count() == 1

    def test_it_stands_so_in_the_preview_and_in_the_text_to_freeze(self, letter, fact, item, sign_in, cast):
        rest_on(fact, [item.id], had=[], put_count=True, seen=1, by=cast.amina)
        preview = sign_in(cast.cerys).get(f"/campaigns/{letter.campaign.key}/letters/{letter.id}/preview").text
        assert "31 of 84 homes, since March 2026, have mould." in preview
        assert "31 of 84 homes, since March 2026, have mould." in text_now(letter)

    def test_what_two_people_tick_at_once_both_stands(self, fact, item, campaign, cast):
        other = build_item(campaign, "Photographs", kind="photos")
        rest_on(fact, [item.id], had=[], put_count=False, seen=1, by=cast.amina)
        rest_on(fact, [other.id], had=[], put_count=False, seen=1, by=cast.ben)
        assert {row.item_id for row in BlockEvidence.select()} == {item.id, other.id}
        rest_on(fact, [], had=[item.id], put_count=False, seen=1, by=cast.amina)
        assert [row.item_id for row in BlockEvidence.select()] == [other.id]

    def test_evidence_of_another_campaign_cannot_be_linked(self, fact, cast, sign_in):
        foreign = build_item(build_campaign(leads=[cast.dov]))
        assert sign_in(cast.amina).send(at(fact), {"items": [str(foreign.id)], "seen": "1"}).status_code == 422
        rest_on(fact, [foreign.id], had=[], put_count=False, seen=1, by=cast.amina)
        assert not BlockEvidence.select().exists()

    def test_the_number_goes_only_into_the_words_that_were_seen(self, fact, item, sign_in, cast):
        Block.update(version=2).where(Block.id == fact.id).execute()
        page = sign_in(cast.amina).send(at(fact), {"items": [str(item.id)], "put_count": "y", "seen": "1"})
        assert page.status_code == 422 and "changed this part" in page.text
        assert re.search(r'<input[^>]*checked[^>]*name="items"[^>]*type="checkbox"', page.text)
        assert not BlockEvidence.select().exists()

    def test_members_see_and_writers_link(self, fact, sign_in, cast):
        assert sign_in(cast.cerys).get(at(fact)).status_code == 403
        assert sign_in(cast.cerys).send(at(fact), {}).status_code == 403
        assert sign_in(cast.dov).send(at(fact), {}).status_code == 404

    def test_a_frozen_letter_takes_no_links(self, letter, fact, item, cast):
        Letter.update(frozen_at=letter.created_at).where(Letter.id == letter.id).execute()
        with pytest.raises(RuleBroken, match="frozen"):
            rest_on(fact, [item.id], had=[], put_count=False, seen=1, by=cast.amina)

    def test_the_desk_asks_the_same_however_much_a_fact_rests_on(self, letter, fact, campaign, sign_in, cast):
        for number in range(5):
            BlockEvidence.create(block=fact, item=build_item(campaign, f"Item {number}", home_count=number))
        Block.update(text="{count} have mould.").where(Block.id == fact.id).execute()
        browser = sign_in(cast.amina)
        for path in ("", "/preview", f"/blocks/{fact.id}/evidence"):
            with count_sql() as seen:
                page = browser.get(f"/campaigns/{campaign.key}/letters/{letter.id}{path}")
            assert "4 of 84 homes" in page.text and len(seen) <= 5 + (path.endswith("evidence"))


class TestNumbers:
    @pytest.mark.parametrize(
        ("days", "words"),
        [
            ((None, None), "31 of 84 homes"),
            ((date(2026, 3, 3), None), "31 of 84 homes, since March 2026"),
            ((date(2026, 3, 3), date(2026, 5, 9)), "31 of 84 homes, March to May 2026"),
            ((date(2025, 11, 3), date(2026, 3, 9)), "31 of 84 homes, November 2025 to March 2026"),
            ((date(2026, 3, 3), date(2026, 3, 9)), "31 of 84 homes, in March 2026"),
            ((None, date(2026, 5, 9)), "31 of 84 homes, until May 2026"),
        ],
    )
    def test_they_say_of_how_many_and_since_when(self, campaign, days, words):
        item = build_item(campaign, home_count=31, from_on=days[0], to_on=days[1])
        assert counts.filled("Mould: {count}.", [item], homes=84, language="en") == f"Mould: {words}."

    def test_without_a_number_it_is_a_gap(self, campaign):
        bare = build_item(campaign)
        assert counts.filled("{count} have mould.", [bare], homes=84, language="en") == "[how many homes] have mould."

    def test_a_letter_in_another_language_gets_the_figures_alone(self, item):
        assert counts.filled("Pleśń: {count}.", [item], homes=84, language="pl") == "Pleśń: 31/84."

    def test_it_does_not_hang_on_the_language_of_whoever_looks(self, app, letter, fact, item, cast):
        rest_on(fact, [item.id], had=[], put_count=True, seen=1, by=cast.amina)
        with app.test_request_context(headers={"Accept-Language": "cy"}):
            welsh = text_now(letter)
        assert welsh == text_now(letter)

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.integers(0, 84) | st.none(), max_size=5))
    def test_of_several_the_largest_counts_because_homes_may_be_in_both(self, numbers):
        items = [type("Item", (), {"id": at, "home_count": number}) for at, number in enumerate(numbers)]
        known = [number for number in numbers if number is not None]
        found = counts.counted(items)
        assert (found.home_count if found else None) == max(known, default=None)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("31 of our 84 homes have mould.", "{count} have mould."),
            ("[How many homes] of the 84 homes at Larkspur have damp.", "{count} at Larkspur have damp."),
            ("Water comes in.", "{count}: Water comes in."),
            ("{count} have mould.", "{count} have mould."),
        ],
    )
    def test_it_takes_the_place_of_what_was_typed(self, before, after):
        assert counts.with_count(before) == after


class TestWhenTheEvidenceChanges:
    @pytest.fixture
    def counted(self, fact, item, cast):
        rest_on(fact, [item.id], had=[], put_count=True, seen=1, by=cast.amina)
        return fact

    def test_the_letter_shows_the_new_number_and_its_version_rises(self, letter, counted, item, cast):
        before = Letter.get_by_id(letter.id)
        edit_item(item, Particulars("reports", "Mould", home_count=32), seen=1, by=cast.cerys)
        now = Letter.get_by_id(letter.id)
        assert "32 of 84 homes have mould." in text_now(letter)
        assert now.version == before.version + 1 and now.desk_version > before.desk_version

    def test_a_vote_on_the_old_number_ends(self, letter, counted, item, cast):
        letter = Letter.get_by_id(letter.id)
        letter.campaign = item.campaign
        vote = ask_circle(letter, cast.amina)
        edit_item(item, Particulars("reports", "Mould", home_count=32), seen=1, by=cast.cerys)
        ended = SignOff.get_by_id(vote.id)
        assert (ended.outcome, ended.cancelled_for) == ("cancelled", "filled")

    def test_withdrawn_evidence_leaves_a_gap_that_stops_the_freeze(self, letter, counted, item, cast):
        withdraw_item(item, by=cast.amina)
        letter = Letter.get_by_id(letter.id)
        letter.campaign = item.campaign
        with pytest.raises(RuleBroken, match="gaps"):
            ask_circle(letter, cast.amina)

    def test_a_fact_without_the_number_only_tells_the_desk(self, letter, fact, item, cast):
        rest_on(fact, [item.id], had=[], put_count=False, seen=1, by=cast.amina)
        before = Letter.get_by_id(letter.id)
        edit_item(item, Particulars("reports", "Mould", home_count=32), seen=1, by=cast.cerys)
        now = Letter.get_by_id(letter.id)
        assert now.version == before.version and now.desk_version == before.desk_version + 1

    def test_a_better_title_changes_no_word_of_the_letter(self, letter, counted, item, cast):
        before = Letter.get_by_id(letter.id)
        new = Particulars("reports", "Another title", home_count=31, from_on=date(2026, 3, 3))
        edit_item(item, new, seen=1, by=cast.cerys)
        assert Letter.get_by_id(letter.id).version == before.version

    def test_a_frozen_letter_keeps_its_words(self, letter, counted, item, cast):
        Letter.update(frozen_at=letter.created_at).where(Letter.id == letter.id).execute()
        before = Letter.get_by_id(letter.id)
        edit_item(item, Particulars("reports", "Mould", home_count=32), seen=1, by=cast.cerys)
        now = Letter.get_by_id(letter.id)
        assert (now.version, now.desk_version) == (before.version, before.desk_version)


def test_a_number_that_was_right_already_is_a_change_of_the_letter_all_the_same(letter, fact, campaign, cast):
    keep_letter(letter, by=cast.amina, change="began")
    Block.update(text="31 of 84 homes have mould.").where(Block.id == fact.id).execute()
    item = build_item(campaign, home_count=31)
    rest_on(fact, [item.id], had=[], put_count=True, seen=1, by=cast.ben)
    now = Letter.get_by_id(letter.id)
    state = states_of(now, [now.version])[now.version]
    assert next(part for part in state.parts if part.id == fact.id).text == "{count} have mould."
