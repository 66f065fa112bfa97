"""Where to split a part."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import Form, RadioField, needed
from portal.letters.forms import SeenVersion

# Behind the end of a paragraph, a line or a sentence, in any of the scripts that letters are written in.
_SEAM = re.compile(r"\s*\n\s*|(?<=[.!?…؟۔।])\s+")
_SHOWN = 90


class SplitForm(Form):
    """Choose the sentence or paragraph with which the second part begins."""

    at = RadioField(_l("Where does the second part begin?"), [needed(_l("Choose where the second part begins"))])
    seen = SeenVersion()

    def __init__(self, text: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places_in(text)
        self.at.choices = [(str(place), _beginning(text[place:])) for place in self.places]

    @property
    def place(self) -> int:
        """How many characters stay in the first part."""
        return int(self.at.data)


def places_in(text: str) -> list[int]:
    """Where a text may be split: after how many characters a paragraph, line or sentence begins."""
    return [
        found.end() for found in _SEAM.finditer(text) if text[: found.start()].strip() and text[found.end() :].strip()
    ]


def _beginning(words: str) -> str:
    line = " ".join(words[: _SHOWN + 1].split())
    return line if len(words) <= _SHOWN else f"{line[:_SHOWN].rstrip()} …"
