"""What to look at before the text is frozen."""

import pytest

from portal.letters.checks import look_over, stops
from portal.letters.finding import blocks_of
from portal.letters.models import Block
from tests.builders import build_campaign, build_letter, build_target


@pytest.fixture
def letter(cast):
    return build_letter(build_campaign(leads=[cast.amina]))


def found(letter):
    findings = look_over(letter, [block for block in blocks_of(letter) if block.removed_at is None])
    return {finding.kind: finding for finding in findings}


def test_an_honest_letter_has_nothing_left_to_look_at(letter):
    assert {finding.state for finding in found(letter).values()} == {"ok"}


@pytest.mark.parametrize(
    ("kind", "change", "finding"),
    [
        ("demand", {"by_on": None}, "demand_day"),
        ("demand", {"test": ""}, "demand_test"),
        ("fact", {"source": ""}, "claim"),
        ("harm", {"text": "In 11C a child coughs."}, "home_numbers"),
        ("harm", {"text": "Ask at flat 12."}, "home_numbers"),
        ("harm", {"text": "word " * 900}, "reading"),
    ],
)
def test_things_worth_a_look_are_listed_and_stop_nothing(letter, kind, change, finding):
    Block.create(letter=letter, kind="harm", position=9, text="We cough.")
    Block.update(**change).where(Block.kind == kind).execute()
    findings = found(letter)
    assert findings[finding].state == "look"
    assert not stops(list(findings.values()))


def test_a_gap_is_named_with_its_place_and_stops_the_freeze(letter):
    Block.update(text="[How many] of us, since [when].").where(Block.kind == "fact").execute()
    gaps = found(letter)["gaps"]
    assert gaps.state == "stops"
    assert [(block.kind, gap) for block, gap in gaps.places] == [("fact", "[How many]"), ("fact", "[when]")]


def test_a_gap_in_the_headline_counts(letter):
    letter.title = "We ask for [what]"
    assert found(letter)["gaps"].places == ((None, "[what]"),)


@pytest.mark.parametrize("text", ["It costs 5p, 10m leak.", "31 of our 84 homes", "Number 3 of our demands"])
def test_prices_lengths_and_counts_are_no_homes(letter, text):
    Block.update(text=text).where(Block.kind == "fact").execute()
    assert found(letter)["home_numbers"].state == "ok"


@pytest.mark.parametrize(
    ("given", "finding"),
    [({"person_name": "", "post": ""}, "target_name"), ({"email": "", "postal_address": ""}, "target_address")],
)
def test_an_addressee_without_name_or_address_is_listed(cast, given, finding):
    letter = build_letter(build_campaign(leads=[cast.amina], target=build_target(**given)))
    assert found(letter)[finding].state == "look"
