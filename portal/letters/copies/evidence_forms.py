"""The form that says what a fact rests on."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.evidence.models import EvidenceItem
from portal.forms import BooleanField, ChecksField, Form, HiddenField, SeenVersion


class RestsOnForm(Form):
    """Tick what the fact rests on, and let its number fill itself."""

    items = ChecksField(
        _l("What does this fact rest on?"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    put_count = BooleanField(
        _l("Let the number of homes fill itself"),
        description=_l(
            "We write {count} into the text where the number belongs. The letter then shows the number from the list, "
            "such as “31 of 84 homes, since March 2026”, and the new one when the list changes."
        ),
    )
    had = HiddenField()
    seen = SeenVersion()

    def offer(self, items: list[EvidenceItem], hints: dict[str, Any]) -> None:
        """The items to choose from, and what stands in small print under each."""
        self.items.choices = [(str(item.id), item.title) for item in items]
        self.items.choice_hints = hints

    @property
    def chosen(self) -> list[int]:
        """The ids that were ticked."""
        return [int(value) for value in self.items.data or ()]

    @property
    def shown_ids(self) -> list[int]:
        """The ids that were ticked when the page was drawn."""
        return [int(value) for value in (self.had.data or "").split(",") if value.isascii() and value.isdigit()]
