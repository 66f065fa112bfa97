"""What people type, made fit for paper."""

import pytest

from portal.paper.text import printable


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("plain #text", "plain #text"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\n\n \n\n\nb", "a\n\nb"),
        ("tab\there", "tab here"),
        ("n\0u\x1bl\x7f\x9f", "nul"),
        ("\u202egnp.exe\u2066x\u2069", "gnp.exex"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        ("e\u0301", "é"),
        ("\ud83d\ude00", "😀"),
        ("half \ud83d", "half \ufffd"),
        ("Ꭰ\ue000", "\ufffd\ufffd"),
        ("👋🏽 🇬🇧", "[waving hand sign] GB"),
        ("👩\u200d👧", "[woman][girl]"),
        ("❤\ufe0f", "❤"),
        ("a" + "\u0301" * 50, "á" + "\u0301" * 8),
        ("\u0301orphan", "orphan"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("word\u200d\u200d\u200d", "word\u200d"),
        ("ত\u20e2", "ত"),
    ],
)
def test_text_is_printed_as(typed, printed):
    assert printable(typed) == printed


def test_a_syllable_without_end_is_cut_before_it_upsets_the_typesetter():
    assert printable("क्" * 300).count("\u094d") == 8
    assert printable("क्त्र " * 300) == "क्त्र " * 300


def test_cleaning_twice_changes_nothing():
    odd = "".join(map(chr, range(0x3000))) + "\U0001f469\u200d\U0001f467 क्क्क् \ud800"
    assert printable(printable(odd)) == printable(odd)
