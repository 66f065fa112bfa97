"""What people look for."""

import wtforms
from flask_babel import lazy_gettext as _l

from portal.campaigns.models import KINDS
from portal.dashboards.words import KIND_WORDS
from portal.forms import SelectField, Words


class BrowseForm(wtforms.Form):
    """What to look for. A form that is sent by GET and changes nothing, so it carries no proof of origin."""

    q = Words(_l("Search for"), description=_l("A street, a landlord, or what is wrong"))
    kind = SelectField(_l("What it is about"), validate_choice=False)
    town = SelectField(_l("Town"), validate_choice=False)

    def offer(self, towns: list[str]) -> None:
        """Fill the two lists; something that is on neither is the same as nothing chosen."""
        self.kind.choices = [("", _l("Anything")), *((name, KIND_WORDS[name]) for name in KINDS)]
        self.town.choices = [("", _l("Anywhere")), *((town, town) for town in towns)]
        self.q.data = (self.q.data or "")[:200]
        self.kind.data = self.kind.data if self.kind.data in KINDS else ""
        self.town.data = self.town.data if self.town.data in towns else ""

    @property
    def is_asking(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q.data or self.kind.data or self.town.data)

    @property
    def asked(self) -> dict[str, str]:
        """What was chosen, for the address of another page of the same list."""
        chosen = {"q": self.q.data, "kind": self.kind.data, "town": self.town.data}
        return {name: value for name, value in chosen.items() if value}
