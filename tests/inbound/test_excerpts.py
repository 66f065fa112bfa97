"""Showing some of their own words: marked, blacked out, pressed, and only then public."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.inbound.models import PublicExcerpt
from portal.inbound.redaction import BLACK, black_out, find_marks, is_from
from portal.responses import folding
from portal.responses.operations import log_response, publish_response, unpublish_response
from tests import builders
from tests.counting import count_sql
from tests.responses.stage import page_of, read

WORDS = "We met Cerys Prosser of 2B. Ring 0300 555 0199 or write to a@meridale.example.\n\nWe will survey twelve homes."


@pytest.fixture
def response(letter, cast):
    builders.add_member(letter.campaign, builders.build_person("Dot Maddox"))
    response = log_response(letter, by=cast.amina, channel="email", received_on=clock.today(), text=WORDS)
    read(response, cast.amina, "partly", "no", "no")
    publish_response(response, by=cast.amina, public_words="They will look at twelve homes.")
    return response


@pytest.fixture
def lead(sign_in, cast):
    return sign_in(cast.amina)


def public_page(response, sign_in) -> str:
    return sign_in(None).get(f"/campaigns/{response.campaign.key}").text


def test_what_may_tell_who_lives_where_is_offered_and_nothing_is_ticked(response, lead):
    page = lead.get(page_of(response, "/their-words")).text
    with count_sql() as seen:
        lead.get(page_of(response, "/their-words"))
    assert len(seen) <= 5
    for piece in ("Cerys", "Prosser", "2B", "0300 555 0199", "a@meridale.example"):
        assert re.search(rf'<input[^>]*type="checkbox" value="{re.escape(piece)}">', page)
    assert not re.search(r"<input[^>]*\schecked", page)


def test_ticked_pieces_are_blacked_out_for_another_look_and_nothing_is_public_yet(response, lead, sign_in):
    pieces = ["Cerys", "Prosser", "2B"]
    page = lead.send(page_of(response, "/their-words"), {"text": WORDS, "pieces": pieces, "do": "black"}).text
    assert f"We met {BLACK} {BLACK} of {BLACK}." in page and "0300 555 0199" in page
    assert not PublicExcerpt.select().exists()


def test_only_what_the_lead_left_is_stored_and_shown_to_everybody(response, lead, sign_in):
    text = f"We met {BLACK} […] We will survey twelve homes."
    assert lead.send(page_of(response, "/their-words"), {"text": text, "do": "show"}).status_code == 303
    assert PublicExcerpt.get().text == text
    page = public_page(response, sign_in)
    assert "They will look at twelve homes." in page and f"In their own words: “{text}”" in page
    assert "Cerys" not in page and "0300" not in page


@pytest.mark.parametrize("text", ["We will survey every home.", "twelve homes We will survey", BLACK, "[…]"])
def test_words_can_be_taken_out_and_never_put_in(response, lead, text):
    answer = lead.send(page_of(response, "/their-words"), {"text": text, "do": "show"})
    assert answer.status_code == 422 and "never put words in" in answer.text and text in answer.text
    assert not PublicExcerpt.select().exists()


def test_names_that_are_left_need_a_second_look(response, lead):
    given = {"text": "We met Cerys Prosser of 2B.", "do": "show"}
    answer = lead.send(page_of(response, "/their-words"), given)
    assert answer.status_code == 422 and "This may tell who lives where: Cerys, Prosser, 2B." in answer.text
    assert lead.send(page_of(response, "/their-words"), {**given, "is_checked": "y"}).status_code == 303


def test_it_leaves_the_public_page_when_taken_back_and_with_the_answer(response, lead, sign_in, cast):
    text = "We will survey twelve homes."
    lead.send(page_of(response, "/their-words"), {"text": text, "do": "show"})
    lead.send(page_of(response, "/their-words/removal"))
    assert text not in public_page(response, sign_in)
    lead.send(page_of(response, "/their-words"), {"text": text, "do": "show"})
    unpublish_response(response, by=cast.amina)
    assert text not in public_page(response, sign_in)


def test_only_leads_and_only_for_a_published_answer(response, lead, sign_in, cast):
    unpublish_response(response, by=cast.amina)
    assert "Publish it first" in lead.get(page_of(response, "/their-words")).text
    answer = lead.send(page_of(response, "/their-words"), {"text": "We will survey twelve homes.", "do": "show"})
    assert answer.status_code == 422 or "Publish the answer first" in answer.text
    assert not PublicExcerpt.select().exists()
    for rest in ("/their-words", "/their-words/removal"):
        assert sign_in(cast.cerys).send(page_of(response, rest)).status_code == 403


def test_a_home_within_a_longer_piece_is_offered_once():
    assert find_marks("Flat 2A is damp", names=(), labels=["2A"]) == ["Flat 2A"]
    assert find_marks("Flat 2A is damp, says 2A", names=(), labels=["2A"]) == ["Flat 2A", "2A"]


@given(
    st.text(alphabet="ab 12▇\n", max_size=40), st.lists(st.text(alphabet="ab12", min_size=1, max_size=3), max_size=4)
)
def test_blacking_out_takes_every_ticked_piece_and_adds_no_word(text, pieces):
    left = black_out(text, pieces)
    assert not set(find_marks(left, names=(), labels=pieces)) & {piece for piece in pieces if len(piece) > 1}
    assert is_from(left, text) or not left.replace("▇", "").strip()


@given(st.text(alphabet=st.sampled_from("a>-\n :"), max_size=60))
def test_folding_loses_nothing(text):
    folded = folding.fold(text)
    assert f"{folded.fresh}\n{folded.rest}".split() == text.split()
