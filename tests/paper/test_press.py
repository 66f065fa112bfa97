"""The press itself: the same sheet every time, from every thread, whatever people type."""

import hashlib
import os
import random
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
import typst

from portal.paper import PaperError
from portal.paper.coverage import fonts_with
from portal.paper.press import TEMPLATES, _as_json, _compile, _compiler
from tests.paper.sheets import set_letter, set_minutes, set_poster, text_of

pytestmark = pytest.mark.long
HOSTILE = {
    "NUL": "\0" * 500 + "name",
    "control characters": "".join(map(chr, range(32))) * 50,
    "bidi controls": "\u202e\u2066abc\u2069" * 1_000,
    "lone surrogates": "\ud83d" * 1_000,
    "every kind of character": "".join(chr(code) for code in range(0, 0x110000, 97)),
    "a row of letters": "a" * 20_000,
    "a row of Arabic letters": "ا" * 20_000,
    "one endless syllable": "क्" * 10_000,
    "heaps of marks": "a" + "\u0301" * 19_999,
    "joiners without letters": "\u0bcb\u200c\u0bcb\u0bcd\u200d\u0bcb" * 100,
    "marks of another script": "\u0b24\u0b4d\u0b24\u20e2\u0cb5\u0ccd\u0cb2\u20db" * 100,
    "empty lines": "x\n" * 10_000,
    "slashes": "/" * 20_000,
    "100,000 characters": "words and " * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "make",
    [
        lambda text: set_letter(blocks=[{"kind": "demand", "text": text, "test": text}]),
        lambda text: set_letter(signed={"line": "1 person", "names": ["Dot", text]}),
        lambda text: set_poster(title=f"T {text}", where=text, sentence=text),
        lambda text: set_minutes(next=text, names=[text], actions=[{"what": text, "who": text, "by": text}]),
    ],
    ids=["block", "name", "poster", "minutes"],
)
def test_nothing_that_people_type_breaks_the_press(make, text):
    try:
        assert make(text).startswith(b"%PDF")
    except PaperError as error:
        assert "too long" in str(error)


def test_odd_names_from_one_script_never_keep_the_letter_from_being_printed():
    chance = random.Random(5)
    scripts = [(0x590, 0x700), *((start, start + 0x80) for start in range(0x900, 0xE00, 0x80)), (0xE00, 0x1100)]
    drawn = {script: [chr(code) for code in range(*script) if fonts_with(chr(code))] for script in scripts}
    names = []
    for letters in drawn.values():
        viramas = [char for char in letters if unicodedata.combining(char) == 9]
        for _ in range(100):
            few = [*chance.sample(letters, 4), *viramas, "\u200d", "\u200c", "\u0301", "\u20e2"]
            names.append("".join(chance.choices(few, k=chance.choice([6, 12, 40]))))
    set_letter(signed={"line": "Many people", "names": names})


def test_the_same_letter_has_the_same_bytes_in_another_process():
    made = hashlib.sha256(set_letter()).hexdigest()
    script = (
        "import hashlib; from tests.paper.sheets import set_letter; print(hashlib.sha256(set_letter()).hexdigest())"
    )
    odd = {**os.environ, "TZ": "Asia/Kathmandu", "SOURCE_DATE_EPOCH": "1", "PYTHONHASHSEED": "7"}
    again = subprocess.run([sys.executable, "-c", script], env=odd, capture_output=True, text=True, check=True)
    assert again.stdout.strip() == made


def test_many_threads_may_print_at_once():
    references = [f"LP-{number % 5}" for number in range(25)]
    with ThreadPoolExecutor(8) as threads:
        letters = list(threads.map(lambda reference: set_letter(reference=reference), references))
    assert len(set(letters)) == 5
    assert all(f"LP-{number % 5}" in text_of(letter) for number, letter in enumerate(letters[:5]))


def test_two_thousand_people_fit_on_a_letter():
    names = [f"Resident number {number}, floor {number % 14}" for number in range(2_000)]
    text = text_of(set_letter(signed={"line": "2,000 people from 1,140 homes", "names": names}))
    assert "Resident number 1999, floor 11" in text


def test_a_letter_that_fails_does_not_spoil_the_next():
    for _ in range(3):
        with pytest.raises(PaperError):
            set_letter(blocks=[{"kind": "fact"}])
    assert "Dot Hargreaves" in text_of(set_letter())


def test_a_fault_inside_the_typesetter_is_an_ordinary_error():
    minutes = {"lang": "en", "dir": "ltr", "date": "", "place": "", "came": "", "decisions": [], "actions": []}
    # Cleaning keeps such text away from the press, so this hands it over uncleaned.
    uncleaned = _as_json("minutes", minutes, "HERE").replace("HERE", "क्" * 200)
    with pytest.raises(PaperError, match="could not be set"):
        _compile("minutes", uncleaned)
    assert set_minutes().startswith(b"%PDF")


def test_templates_read_nothing_outside_their_folder(tmp_path):
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    for path in (str(outside), "/" + "../" * 20 + str(outside), "../__init__.py"):
        with pytest.raises(typst.TypstError):
            _compiler().compile(input=f'#read("{path}")'.encode(), format="pdf")
    assert {path.suffix for path in TEMPLATES.iterdir()} == {".typ"}


MEMORY = """
import resource
from tests.paper.sheets import set_letter
for turn in range(8):
    names = [f"Resident {turn} {number}" for number in range(500)]
    set_letter(signed={"line": "500 people", "names": names})
    if turn == 1:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_printing_letter_after_letter_does_not_fill_the_memory():
    grown = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    assert int(grown.stdout) < 60, "megabytes more than after the second letter"
