"""The square for phones."""

from xml.etree import ElementTree

import pytest
import segno

from portal.paper import PaperError, qr_matrix, qr_svg

ADDRESS = "https://doorstep.example.org/l/7f3a?from=poster&lang=so"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_holds_no_style_and_has_a_name_for_screen_readers():
    svg = qr_svg(ADDRESS, title="QR code: <the letter> & more")
    assert "style" not in svg
    picture = ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    assert picture.get("role") == "img"
    assert picture.find(f"{SVG}title").text == "QR code: <the letter> & more"
    assert picture.get("width") is None


def test_the_picture_is_named_after_the_address_when_nothing_else_is_said():
    assert "<title>https://doorstep.example.org/l/7f3a?from=poster&amp;lang=so</title>" in qr_svg(ADDRESS)


def test_the_picture_keeps_a_white_edge_of_four_modules():
    width = len(qr_matrix(ADDRESS)) + 8
    assert f'viewBox="0 0 {width} {width}"' in qr_svg(ADDRESS)


def test_the_rows_are_the_code_of_the_address():
    expected = ["".join(map(str, row)) for row in segno.make_qr(ADDRESS, error="m").matrix]
    assert qr_matrix(ADDRESS) == expected


@pytest.mark.parametrize("address", ["", "https://example.org/" + "x" * 300])
def test_an_address_that_makes_no_readable_code_is_refused(address):
    with pytest.raises(PaperError):
        qr_matrix(address)
