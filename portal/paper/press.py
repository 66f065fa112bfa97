"""The one place that speaks to typst.

People's text reaches a template as data only, as one JSON string, so nothing they type can be markup. Templates can
read nothing outside their own folder, use no fonts but ours and know no clock: the same data gives the same bytes.
"""

import json
import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from portal.paper.coverage import FONTS
from portal.paper.sheets import REQUIRED
from portal.paper.text import printable
from portal.paper.words import words

TEMPLATES = Path(__file__).with_name("templates")

#: The longest single text, in characters: about ten close pages. Far longer words take minutes to break into lines.
LONGEST_TEXT = 20_000

#: The longest data one sheet may have, in characters of JSON: a letter and some ten thousand names.
MOST_CHARACTERS = 500_000

# The typesetter remembers the layout of the last ten documents. Letters are never alike, so the memory (a gigabyte
# after ten long ones) buys nothing: ten empty documents push it out again.
REMEMBERED_DOCUMENTS = 10

# Language, script, region. The typesetter takes no script: it sees that in the text itself.
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?", re.IGNORECASE)

# The compiler object refuses a second caller while one is inside, and a compiler for each thread keeps a memory of
# past sheets each without being faster. A letter takes a tenth of a second, so they queue.
_press = threading.Lock()


class PaperError(Exception):
    """A sheet could not be made; the text says why in plain words."""


def typeset(template: str, data: Mapping[str, object], *, title: str) -> bytes:
    """A PDF (PDF/UA-1) of one sheet: `letter`, `poster` or `minutes`; `sheets.py` says what each needs.

    `title` is the headline and the name of the document. Safe to call from many threads.
    Raises PaperError when something needed is missing, of the wrong kind, or far too long.
    """
    return _compile(template, _as_json(template, data, title))


def draw(template: str, data: Mapping[str, object], *, title: str) -> bytes:
    """A PNG of one sheet, at two dots to a point, where `typeset` gives a PDF: `share`. Raises PaperError likewise."""
    return _compile(template, _as_json(template, data, title), picture=True)


def _as_json(template: str, data: Mapping[str, object], title: str) -> str:
    if template not in REQUIRED:
        raise PaperError(f"There is no sheet called {template!r}")
    missing = sorted(REQUIRED[template] - data.keys())
    if missing:
        raise PaperError(f"Missing: {', '.join(missing)}")
    if data["dir"] not in ("ltr", "rtl"):
        raise PaperError("The direction must be ltr or rtl")
    lang, region = _language(data["lang"])
    given = data.get("words") or {}
    if not isinstance(given, Mapping):
        raise PaperError("Words must be a mapping")
    whole = _clean({**data, "title": title, "lang": lang, "region": region, "words": {**words(template), **given}})
    assert isinstance(whole, dict)
    if not whole["title"].strip():
        raise PaperError("A title is needed")
    text = json.dumps(whole, ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        raise PaperError("This is too long to print")
    return text


def _language(code: object) -> tuple[str, str | None]:
    match = _LANGUAGE.fullmatch(code) if isinstance(code, str) else None
    if match is None:
        raise PaperError("The language must be a code such as en or pa-GB")
    return match[1].lower(), match[2].upper() if match[2] else None


def _clean(value: object, depth: int = 0) -> object:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise PaperError("One of the texts is too long to print")
        return printable(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        # Larger ones would arrive in the template as fractions.
        if abs(value) >= 2**53:
            raise PaperError("A number is too large to print")
        return value
    if depth > 8:
        raise PaperError("The data for this sheet is nested too deep")
    if isinstance(value, Mapping):
        return {str(key): _clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item, depth + 1) for item in value]
    raise PaperError(f"A sheet takes texts, whole numbers and lists, not {type(value).__name__}")


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _compile(template: str, text: str, *, picture: bool = False) -> bytes:
    kind: dict[str, Any] = {"format": "png", "ppi": 144} if picture else {"format": "pdf", "pdf_standards": "ua-1"}
    with _press:
        try:
            result = _compiler().compile(input=TEMPLATES / f"{template}.typ", sys_inputs={"data": text}, **kind)
        except typst.TypstError as error:
            raise PaperError(f"The {template} could not be set: {error.message}") from error
        except BaseException as error:
            # A fault inside the typesetter reaches Python as a "panic", which is no Exception. Start it afresh.
            if type(error).__module__ != "pyo3_runtime":
                raise
            _compiler.cache_clear()
            raise PaperError(f"The {template} could not be set") from error
        finally:
            for _ in range(REMEMBERED_DOCUMENTS):
                _compiler().compile(input=b"", format="pdf", sys_inputs=None)
    assert isinstance(result, bytes)
    return result
