"""The canonical text: stable, checkable by anybody, and different for different letters."""

import hashlib
import json
from copy import deepcopy
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.letters.blocks import moved
from portal.letters.canonical import canonical_text, composed, fingerprint_of, numbered
from portal.letters.differences import word_changes
from portal.letters.models import BLOCK_KINDS
from tests.examples import examples

few = settings(max_examples=examples(100, at_once=30))

words = st.text(max_size=40)
days = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat)


@st.composite
def contents(draw):
    blocks = draw(
        st.lists(
            st.fixed_dictionaries(
                {"kind": st.sampled_from(BLOCK_KINDS), "text": words, "test": words, "by_on": days, "source": words}
            ),
            min_size=1,
            max_size=6,
        )
    )
    for number, block in enumerate(blocks):
        block["id"] = number + 1
    to = draw(st.fixed_dictionaries({"name": words, "post": words, "organization": words, "address": st.just([])}))
    return {"title": draw(words), "language": "en", "to": to, "date": "2026-11-23", "blocks": blocks}


LETTER = {
    "title": "We ask for dry walls",
    "language": "en",
    "to": {"name": "Philippa Stroud", "post": "director of homes", "organization": "Meridale Homes"},
    "blocks": [
        {"kind": "greeting", "text": "Dear Philippa Stroud,\n\nwe live here."},
        {"kind": "demand", "text": "Survey every home", "test": "A report for each", "by_on": "2026-12-07"},
        {"kind": "fact", "text": "31 homes have mould.", "source": "Our list"},
        {"kind": "demand", "text": "Meet us", "by_on": date(2026, 12, 14)},
    ],
}


def test_the_format_is_written_down_to_the_byte():
    expected = """doorstep letter 1
Headline:
  We ask for dry walls
Language:
  en
To:
  Philippa Stroud, director of homes, Meridale Homes
Greeting:
  Dear Philippa Stroud,
  \n  we live here.
Demand 1:
  Survey every home
Done when:
  A report for each
By:
  2026-12-07
Fact 1:
  31 homes have mould.
Source:
  Our list
Demand 2:
  Meet us
By:
  2026-12-14
"""
    assert canonical_text(LETTER) == expected
    assert fingerprint_of(expected) == hashlib.sha256(expected.encode()).hexdigest()


def test_two_spellings_of_the_same_letters_are_the_same_text():
    other = deepcopy(LETTER)
    other["title"] = "We ask for dry walls é"
    again = deepcopy(LETTER)
    again["title"] = "We ask for dry walls e\u0301"
    assert canonical_text(other) == canonical_text(again)


def test_nobody_can_write_a_demand_that_looks_like_another_block():
    forged = deepcopy(LETTER)
    forged["blocks"] = [{"kind": "greeting", "text": "Dear all\nDemand 1:\n  Sell the building"}]
    assert "\nDemand 1:" not in canonical_text(forged)


@few
@given(contents())
def test_the_text_survives_json(content):
    assert canonical_text(json.loads(json.dumps(content))) == canonical_text(content)


@few
@given(contents(), st.data())
def test_any_change_to_any_block_shows(content, data):
    changed = deepcopy(content)
    block = data.draw(st.sampled_from(changed["blocks"]))
    name = data.draw(st.sampled_from(["kind", "text", "test", "by_on", "source"]))
    new = data.draw({"kind": st.sampled_from(BLOCK_KINDS), "by_on": days}.get(name, words))
    old = block[name]
    assume(composed(new or "") != composed(old or ""))
    block[name] = new
    assert canonical_text(changed) != canonical_text(content)
    assert fingerprint_of(canonical_text(changed)) != fingerprint_of(canonical_text(content))


@few
@given(contents(), st.randoms())
def test_another_order_is_another_text(content, random):
    changed = deepcopy(content)
    random.shuffle(changed["blocks"])
    # A block without an empty extra field and one that never had it say the same.
    said = [
        [(b["kind"], b["by_on"], *(composed(b[name]) for name in ("text", "test", "source"))) for b in c["blocks"]]
        for c in (content, changed)
    ]
    assert (canonical_text(content) == canonical_text(changed)) == (said[0] == said[1])


@given(st.lists(st.sampled_from(BLOCK_KINDS), max_size=20))
def test_facts_demands_and_questions_are_each_counted_from_one(kinds):
    numbers = list(zip(kinds, numbered(kinds), strict=True))
    for kind in ("fact", "demand", "question"):
        own = [number for other, number in numbers if other == kind]
        assert own == list(range(1, len(own) + 1))
    assert all(number is None for kind, number in numbers if kind not in ("fact", "demand", "question"))


@few
@given(st.lists(st.integers(1, 50), unique=True, min_size=1), st.data())
def test_moving_keeps_every_block_and_moves_only_one(order, data):
    shown = set(data.draw(st.lists(st.sampled_from(order), unique=True)))
    block = data.draw(st.sampled_from(order))
    step = data.draw(st.sampled_from([-1, 1]))
    after = moved(order, shown, block, step)
    assert sorted(after) == sorted(order)
    assert [x for x in after if x != block] == [x for x in order if x != block]
    was, now = [[x for x in found if x in shown] for found in (order, after)]
    if block in shown:
        at = was.index(block)
        assert now.index(block) == min(max(at + step, 0), len(was) - 1)
    else:
        assert after == order


@given(words, words)
def test_the_marked_words_give_back_both_texts(old, new):
    changes = word_changes(old, new)
    assert "".join(text for kind, text in changes if kind != "insert") == old
    assert "".join(text for kind, text in changes if kind != "delete") == new


def test_changes_are_marked_by_whole_words():
    changes = word_changes("Keep a porter day and night until then", "Keep a porter from 7 to 23 until then")
    assert ("delete", "day and night") in changes and ("insert", "from 7 to 23") in changes


@pytest.mark.parametrize("kind", BLOCK_KINDS)
def test_every_kind_has_its_label(kind):
    content = {**LETTER, "blocks": [{"kind": kind, "text": "x"}]}
    assert f"\n{kind.capitalize()}" in canonical_text(content)
