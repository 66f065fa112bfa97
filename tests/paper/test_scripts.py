"""Names in every script come out with a glyph for each letter."""

import hashlib
import re

import pytest

from portal.paper import PaperError
from portal.paper.coverage import COVERAGE_FILE, FONTS
from portal.paper.press import TEMPLATES, _as_json, _compile
from portal.paper.text import printable
from tests.paper.font_coverage import read_fonts
from tests.paper.sheets import set_letter, squeezed, text_of

NAMES = {
    "Welsh": "Siân Llywelyn-Gruffydd ŵŷ",
    "Polish": "Paweł Żółć-Gęśląjaźń",
    "Vietnamese": "Nguyễn Thị Ánh",
    "Yoruba": "Ọlá Adéyẹmí",
    "Turkish": "İpek Iğdır",
    "Greek": "Μαρία Παπαδοπούλου",
    "Cyrillic": "Ольга Ковальчук Ђорђе",
    "Arabic": "أمينة ديري",
    "Persian": "فرید نوری می‌خواهم",
    "Urdu": "عائشہ بیگم",
    "Pashto": "ګل ښه",
    "Hebrew": "דוד כהן",
    "Bengali": "অমিতা চৌধুরী র‍্যাব",
    "Devanagari": "श्रीमती क्षमा त्रिपाठी",
    "Gurmukhi": "ਹਰਪ੍ਰੀਤ ਕੌਰ",
    "Gujarati": "જ્યોત્સના પટેલ",
    "Oriya": "ପ୍ରମିଳା ସାହୁ",
    "Tamil": "தமிழ்ச்செல்வி கிருஷ்ணன்",
    "Telugu": "శ్రీనివాస్ రెడ్డి",
    "Kannada": "ಲಕ್ಷ್ಮೀ ಹೆಗ್ಡೆ",
    "Malayalam": "ശ്രീലക്ഷ്മി നായർ",
    "Sinhala": "ශ්‍රීමතී ප්‍රියංකා",
    "Thai": "สมชาย ใจดี",
    "Lao": "ສົມສັກ",
    "Khmer": "សុខ ស្រីមុំ",
    "Myanmar": "ကျွန်ုပ် အောင်ဆန်း",
    "Tibetan": "བསྟན་འཛིན",
    "Ethiopic": "ተስፋዬ ገብረ",
    "Armenian": "Արամ Հակոբյան",
    "Georgian": "ნინო ბერიძე",
    "Thaana": "އަހުމަދު",
    "Syriac": "ܝܘܚܢܢ",
    "Han": "陳大文 张伟",
    "Kana": "さくら タナカ",
    "Hangul": "김민준",
    "Tifinagh": "ⴰⵎⴰⵣⵉⵖ",
}
SIGNS = "€ ₦ ₹ ½ ° – — ‘ ’ “ ” … • → ✔ ✘ ☐ ☑ ⚠ № † 😀"


def test_the_list_of_characters_agrees_with_the_fonts():
    assert COVERAGE_FILE.read_text("ascii") == read_fonts(), "run: python -m tests.paper.font_coverage"


def test_each_font_is_the_one_the_table_names():
    table = dict(re.findall(r"^\| (\S+\.ttf) .* ([0-9a-f]{64}) \|$", (FONTS / "README.md").read_text(), re.MULTILINE))
    assert table == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")}


def test_the_templates_name_each_font():
    named = (TEMPLATES / "common.typ").read_text().replace(" ", "")
    assert [path.name for path in FONTS.glob("*.ttf") if f'"{path.stem.split("-")[0]}"' not in named] == []


def test_the_fonts_stay_small():
    assert sum(path.stat().st_size for path in FONTS.rglob("*")) < 15_000_000


@pytest.mark.parametrize("name", [*NAMES.values(), SIGNS], ids=[*NAMES, "signs"])
def test_every_letter_of_a_name_has_a_glyph(name):
    # PDF/UA forbids a missing glyph, so setting the name is the proof; the next test shows that it bites.
    assert printable(name) == name
    set_letter(signed={"line": name, "names": [name]}, title=name)


def test_a_missing_glyph_would_be_noticed():
    data = {"lang": "en", "dir": "ltr", "to": {"organization": ""}, "sender": {"group": ""}, "date": "", "blocks": []}
    whole = _as_json("letter", data, "HERE").replace("HERE", "Cherokee Ꭰ")
    with pytest.raises(PaperError, match="could not be displayed"):
        _compile("letter", whole)


@pytest.mark.parametrize("language", ["Welsh", "Greek", "Cyrillic", "Han", "Kana", "Hangul", "Georgian", "Ethiopic"])
def test_a_name_can_be_copied_out_of_the_letter(language):
    name = NAMES[language]
    assert squeezed(name) in squeezed(text_of(set_letter(signed={"line": "1 person", "names": [name]})))
