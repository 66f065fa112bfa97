"""The letter as it leaves the printer."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.paper import PaperError, words
from tests.paper.sheets import FINGERPRINT, pages_of, set_letter, squeezed, tags_of, text_of

MARKUP = r"#set page(width: 1pt) $x^2$ \ C:\new @here _under_ <b>bold</b> *star* `tick` = not a heading // no comment"


def test_a_letter_says_everything_it_was_given():
    text = text_of(set_letter(reference="LP-1", copies=["Councillor Adair"], note="The Somali text is a translation."))
    for part in (
        "Philippa Stroud",
        "Director of homes",
        "Meridale Homes",
        "The neighbours of Larkspur Point",
        "84 homes",
        "Monday 12 October 2026",
        "Our reference: LP-1",
        "We ask for dry walls",
        "31 of our 84 homes have mould.",
        "Survey each home.",
        "By Monday 26 October · Done when: all have a report",
        "Please reply to",
        "neighbours@larkspurpoint.example.org",
        "143 people from 66 homes",
        "Keisha Ampofo",
        "14 more people asked only to be counted.",
        "Copies to: Councillor Adair",
        "The Somali text is a translation.",
    ):
        assert squeezed(part) in squeezed(text)


def test_facts_demands_and_questions_are_numbered_apart():
    text = squeezed(text_of(set_letter()))
    for part in (
        "131ofour84homes",
        "2Nineofus",
        "Weaskthatyou:1Surveyeachhome.",
        "2Meetus.",
        "Wealsoaskyoutoanswer:Q1Whenwas",
    ):
        assert part in text


def test_numbers_go_on_when_something_stands_between():
    blocks = [{"kind": kind, "text": text} for kind, text in [("fact", "One."), ("harm", "Hurt."), ("fact", "Two.")]]
    assert "1One.Hurt.2Two." in squeezed(text_of(set_letter(blocks=blocks)))


@pytest.mark.parametrize("where", ["block", "demand test", "name", "title", "address", "reference", "reply", "word"])
def test_what_people_type_is_never_read_as_markup(where):
    changes = {
        "block": {"blocks": [{"kind": "fact", "text": MARKUP}]},
        "demand test": {"blocks": [{"kind": "demand", "text": "Act.", "test": MARKUP, "due": "{test} now"}]},
        "name": {"signed": {"line": "1 person", "names": [MARKUP]}},
        "title": {"title": MARKUP},
        "address": {"to": {"organization": "Meridale", "address": [MARKUP]}},
        "reference": {"reference": MARKUP},
        "reply": {"reply_to": MARKUP},
        "word": {"words": {"reply_to": MARKUP}},
    }[where]
    assert squeezed(MARKUP) in squeezed(text_of(set_letter(**changes)))


def test_each_page_carries_its_number_the_version_and_the_short_fingerprint():
    names = [f"Neighbour number {number}" for number in range(400)]
    pages = pages_of(set_letter(signed={"line": "400 people", "names": names}))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Version 5 · fingerprint 7f3a 91c2" in page
    assert all(name in " ".join(pages) for name in names)


def test_the_whole_fingerprint_stands_with_the_address_to_check_it():
    text = squeezed(text_of(set_letter(check_url="https://doorstep.example.org/l/7f3a")))
    assert "https://doorstep.example.org/l/7f3a" in text
    assert FINGERPRINT in text


def test_a_draft_says_so_and_an_agreed_letter_does_not():
    assert "Draft – not agreed yet" in text_of(set_letter(draft=True))
    assert "Draft" not in text_of(set_letter())


def test_large_print_is_set_in_18_points():
    sizes = set()

    def note_size(text, _matrix, text_matrix, _font, size):
        if "short of breath" in text:
            sizes.add(round(size * abs(text_matrix[0])))

    PdfReader(BytesIO(set_letter(large_print=True))).pages[0].extract_text(visitor_text=note_size)
    assert sizes == {18}


def test_the_words_on_the_sheet_can_be_in_the_language_of_the_letter():
    welsh = words("letter", {"Please reply to": "Atebwch at", "Page {page} of {pages}": "Tudalen {page} o {pages}"}.get)
    given = {key: text for key, text in welsh.items() if text}
    text = text_of(set_letter(lang="cy", words=given))
    assert "Atebwch at" in text
    assert "Tudalen 1 o 1" in text


def test_a_right_to_left_letter_turns_the_page_and_keeps_an_english_address_in_order():
    blocks = [{"kind": "demand", "text": "فحص كل منزل.", "due": "الاثنين 26 أكتوبر"}]
    pdf = set_letter(
        lang="ar",
        dir="rtl",
        title="نطلب جدراناً جافة",
        blocks=blocks,
        to={"organization": "Meridale Homes", "address": ["14 Exchange Row"]},
    )
    # One run from left to right: turned round, the number would stand apart, after the street.
    assert left_edge(pdf, "14 Exchange Row") > 300
    assert PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] == "ar"
    assert left_edge(pdf, "Meridale Homes") > 300 > left_edge(set_letter(), "Meridale Homes")


def left_edge(pdf: bytes, wanted: str) -> float:
    """Where the line with this text begins, in points from the left edge of the page."""
    edges = []

    def note_place(text, matrix, text_matrix, _font, _size):
        if wanted in text:
            edges.append(matrix[0] * text_matrix[4] + matrix[4])

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=note_place)
    assert edges, f"{wanted!r} does not stand together"
    return edges[0]


def test_a_long_address_breaks_inside_the_page_and_can_be_copied_whole():
    address = "https://doorstep.example.org/campaigns/larkspur-point/letters/7/versions/5/" + "x" * 300
    pdf = set_letter(blocks=[{"kind": "closing", "text": address}])
    assert squeezed(address) in squeezed(text_of(pdf))
    lines = PdfReader(BytesIO(pdf)).pages[0].extract_text().splitlines()
    assert max(len(line) for line in lines) < 100


def test_a_letter_can_be_read_aloud_in_order():
    pdf = set_letter()
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    assert str(root["/Lang"]).lower() == "en-gb"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    tags = tags_of(pdf)
    assert tags.count("H1") == 1
    assert tags.count("L") == 3
    assert tags.count("LI") == 5


def test_a_bare_letter_is_a_letter():
    text = text_of(
        set_letter(
            to={"organization": ""},
            sender={"group": "", "homes": ""},
            blocks=[],
            reply_to="",
            signed=None,
            version=None,
            fingerprint="",
        )
    )
    assert "We ask for dry walls" in text
    assert "reply" not in text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lang": "English, of course"}, "language"),
        ({"dir": "upwards"}, "direction"),
        ({"title": " \n"}, "title"),
        ({"words": ["a", "list"]}, "Words"),
        ({"date": 1.5}, "float"),
        ({"reference": 2**60}, "number"),
        ({"blocks": [{"kind": "fact"}]}, "could not be set"),
        ({"reply_to": "x" * 20_001}, "too long"),
        ({"signed": {"line": "", "names": ["x" * 10_000] * 60}}, "too long"),
    ],
)
def test_what_cannot_be_a_letter_is_refused_with_a_reason(changes, reason):
    with pytest.raises(PaperError, match=reason):
        set_letter(**changes)
