"""The form that keeps a letter to begin from again."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import Form, Length, Passage, Words, needed


class KeepTemplateForm(Form):
    """A name, a line about it, the headline, and each part's words; made by `keep_form`."""

    name = Words(
        _l("What shall it be called?"),
        [needed(_l("Give it a name")), Length(max=80, message=_l("The name must be 80 characters or less"))],
    )
    about = Words(
        _l("When is it good to begin from?"),
        [Length(max=200, message=_l("Say it in 200 characters or less"))],
        description=_l("“When a repair was promised and nobody came.”"),
    )
    headline = Words(
        _l("Headline"),
        [needed(_l("Write a headline")), Length(max=160, message=_l("The headline must be 160 characters or less"))],
    )
    kinds: Sequence[str] = ()

    def parts(self) -> list[dict[str, Any]]:
        """The parts as they were checked, in their order."""
        found = []
        for number, kind in enumerate(self.kinds):
            part = {"kind": kind, "text": self[f"text_{number}"].data or ""}
            if f"test_{number}" in self:
                part["test"] = self[f"test_{number}"].data or ""
            found.append(part)
        return found


def keep_form(kinds: Sequence[str], labels: Sequence[Any], data: dict[str, Any]) -> KeepTemplateForm:
    """A form with a field for each part, and for the test of each demand. Empty parts drop out."""
    fields: dict[str, Any] = {"kinds": tuple(kinds)}
    for number, (kind, label) in enumerate(zip(kinds, labels, strict=True)):
        fields[f"text_{number}"] = Passage(label, [Length(max=4000, message=_l("Write 4,000 characters or less"))])
        if kind == "demand":
            fields[f"test_{number}"] = Words(
                _l("How will you know that it is done?"),
                [Length(max=300, message=_l("The test must be 300 characters or less"))],
            )
    return type("KeepTemplateForm", (KeepTemplateForm,), fields)(data=data)
