"""The picture of a shared link: always of the size that everybody expects, whatever the words are."""

import struct

import pytest

from portal.paper.press import draw

WORDS = {"place": "Larkspur Point", "count": "143 people signed", "state": "Under way", "site": "Doorstep"}


@pytest.mark.parametrize(
    ("title", "direction"),
    [("Dry walls", "ltr"), ('#image("/etc/passwd") = *now*\n', "ltr"), ("نريد جدرانا جافة", "rtl"), ("W" * 900, "ltr")],
)
def test_it_is_a_png_of_1200_by_630_dots(title, direction):
    made = draw("share", {**WORDS, "lang": "en", "dir": direction}, title=title)
    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", made[16:24]) == (1200, 630)
