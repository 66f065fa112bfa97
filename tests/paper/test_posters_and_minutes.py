"""The two sheets that hang on a wall."""

import pytest

from portal.paper import PaperError, typeset
from tests.paper.sheets import elements_of, pages_of, set_minutes, set_poster, squeezed, tags_of, text_of

MARKUP = r"#set $x$ \ @a _b_ <b>c</b> *d* `e`"


def test_a_poster_is_one_page_with_the_address_in_print():
    pages = pages_of(set_poster())
    assert len(pages) == 1
    for part in ("Dry walls, working lifts", "Community room", "31 of 84 homes", "doorstep.example.org/larkspur"):
        assert squeezed(part) in squeezed(pages[0])


def test_a_poster_repeats_its_address_on_strips_to_tear_off():
    with_strips, without = (squeezed(text_of(set_poster(strips=strips))) for strips in (True, False))
    assert with_strips.count("doorstep.example.org/larkspur") == 11
    assert without.count("doorstep.example.org/larkspur") == 1


def test_the_code_on_a_poster_is_a_picture_with_words_for_those_who_cannot_see_it():
    assert ("Figure", "QR code that opens doorstep.example.org/larkspur") in elements_of(set_poster())


def test_a_code_that_is_no_code_is_refused():
    with pytest.raises(PaperError, match="rows of 0 and 1"):
        set_poster(qr=["01", "'/><script>"])


def test_minutes_of_an_ordinary_meeting_fit_one_page():
    pages = pages_of(set_minutes(names=[f"Neighbour {number}" for number in range(20)]))
    assert len(pages) == 1
    for part in (
        "Assembly of Larkspur Point",
        "63 people from 41 homes",
        "58 for, none against",
        "3 We meet on the last",
        "Lorraine",
        "Sun 4 Oct",
        "Thursday 29 October 2026",
        "Neighbour 19",
    ):
        assert squeezed(part) in squeezed(pages[0])


def test_who_does_what_is_a_table_with_a_head():
    tags = tags_of(set_minutes())
    assert "Table" in tags
    assert tags.count("TH") == 3


def test_long_minutes_number_their_pages():
    decisions = [{"text": "We agree to meet again and to talk it over with everybody. " * 3}] * 30
    pages = pages_of(set_minutes(decisions=decisions))
    assert len(pages) > 1
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))


def test_minutes_without_decisions_say_so():
    text = text_of(set_minutes(decisions=[], actions=[]))
    assert "Nothing was decided." in text
    assert "Who does what" not in text


@pytest.mark.parametrize("make", [set_poster, set_minutes])
def test_what_people_type_is_never_read_as_markup(make):
    changes = {
        set_poster: {"title": MARKUP, "where": MARKUP, "sentence": MARKUP, "strips": False},
        set_minutes: {"title": MARKUP, "place": MARKUP, "next": MARKUP, "decisions": [{"text": MARKUP}]},
    }[make]
    assert squeezed(text_of(make(**changes))).count(squeezed(MARKUP)) >= 3


def test_an_unknown_sheet_and_missing_parts_are_named():
    with pytest.raises(PaperError, match="leaflet"):
        typeset("leaflet", {}, title="A leaflet")
    with pytest.raises(PaperError, match="Missing: actions, came"):
        typeset("minutes", {"lang": "en", "dir": "ltr", "date": "", "place": "", "decisions": []}, title="A meeting")
