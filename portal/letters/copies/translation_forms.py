"""Forms for translating a letter."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import Form, Length, Passage, SeenVersion, SelectField, Words, needed
from portal.letters.forms import LANGUAGES

NAMES = dict(LANGUAGES)


class StartTranslationForm(Form):
    """Choose the language."""

    language = SelectField(_l("Into which language?"), [needed(_l("Choose a language"))])

    def offer(self, source: str) -> None:
        """Every language but the letter's own; none is chosen beforehand."""
        others = [(code, name) for code, name in LANGUAGES if code != source]
        self.language.choices = [("", _l("Choose")), *others]


class TranslationForm(Form):
    """The headline and each part; made by `translation_form`."""

    title = Words(_l("Headline"), [Length(max=200, message=_l("The headline must be 200 characters or less"))])
    seen = SeenVersion()
    blocks: Sequence[dict[str, Any]] = ()

    def parts(self) -> list[dict[str, str]]:
        """What was typed, in the order of the letter."""
        names = ("text", "test", "source")
        return [
            {name: self[f"{name}_{number}"].data or "" for name in names if f"{name}_{number}" in self}
            for number in range(len(self.blocks))
        ]


def translation_form(blocks: Sequence[dict[str, Any]], title: str, parts: Sequence[dict[str, str]], seen: int) -> Any:
    """A form with a field beside each text of the letter."""
    fields: dict[str, Any] = {"blocks": tuple(blocks)}
    data: dict[str, Any] = {"title": title, "seen": seen}
    for number, (block, part) in enumerate(zip(blocks, parts, strict=False)):
        fields[f"text_{number}"] = Passage(
            _l("Translation"), [Length(max=6000, message=_l("This part must be 6,000 characters or less"))]
        )
        if block["test"]:
            fields[f"test_{number}"] = Words(
                _l("Done when"), [Length(max=500, message=_l("The test must be 500 characters or less"))]
            )
        if block["source"]:
            fields[f"source_{number}"] = Words(
                _l("Source"), [Length(max=500, message=_l("The source must be 500 characters or less"))]
            )
        data |= {f"{name}_{number}": words for name, words in part.items()}
    return type("TranslationForm", (TranslationForm,), fields)(data=data)
