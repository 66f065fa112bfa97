"""The form that asks for everything only the neighbours know."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from portal.forms import BooleanField, Day, Form, Length, Number, Words
from portal.letters.filling import OpenGap, in_words

LEAVE_OUT = "leave_out_"


class FillForm(Form):
    """One field for each open gap, made by `fill_form`."""

    gaps: Sequence[OpenGap] = ()

    def rows(self) -> list[tuple[OpenGap, Any, Any]]:
        """(gap, its field, the tick that leaves its sentence out or None), in the order of the letter."""
        return [(gap, self[gap.name], self._fields.get(LEAVE_OUT + gap.name)) for gap in self.gaps]

    def values(self, language: str) -> dict[str, str]:
        """What was typed, by gap, in words."""
        typed = ((gap.gap, field.data) for gap, field, _out in self.rows())
        return {gap: in_words(value, language) for gap, value in typed if value not in (None, "")}

    def left_out(self) -> list[str]:
        """The gaps whose sentence is to go, where nothing was typed."""
        return [gap.gap for gap, field, out in self.rows() if out is not None and out.data and field.data in (None, "")]


def fill_form(gaps: Sequence[OpenGap]) -> FillForm:
    """A form with a field for each gap; empty ones are left open for later."""
    fields: dict[str, Any] = {"gaps": tuple(gaps)}
    for gap in gaps:
        fields[gap.name] = _field(gap)
        if not gap.field.required:
            fields[LEAVE_OUT + gap.name] = BooleanField(_l("Leave this out, with its sentence"))
    return type("FillForm", (FillForm,), fields)()


def _field(gap: OpenGap) -> Any:
    label = gap.field.label[:1].upper() + gap.field.label[1:]
    if gap.field.kind == "day":
        return Day(label, description=gap.field.hint)
    if gap.field.kind == "number":
        return Number(label, description=gap.field.hint)
    too_long = lazy_ngettext("Write %(num)d character or less", "Write %(num)d characters or less", 600)
    return Words(label, [Length(max=600, message=too_long)], description=gap.field.hint)
