"""Forms about organizations: finding one, proposing a change, deciding about it."""

from datetime import date
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.forms import Day, Form, Length, Name, Optional, Passage, RadioField, Words, needed, normal_address
from portal.records import words
from portal.records.models import SUBJECTS


class SearchForm(wtforms.Form):
    """Find an organization by name. Sent by GET, so it carries no proof of origin."""

    q = Words(_l("Name of a landlord, company or council"))

    @property
    def words(self) -> str:
        """What was typed, short enough to look for."""
        return (self.q.data or "")[:120]


def longest(most: int) -> Length:
    """At most so many characters, said so that it can be mended."""
    return Length(max=most, message=_l("Write this in %(max)d characters or fewer"))


class Pick(RadioField):
    """One of a few; when nothing is chosen, the field's own `needed` says what to do."""

    def pre_validate(self, form: Any) -> None:
        """Leave "nothing chosen" to the field's own words."""
        if any(self.raw_data or ()):
            super().pre_validate(form)


class SubjectForm(wtforms.Form):
    """What of the record a proposal is about. Sent by GET."""

    subject = Pick(
        _l("What is wrong or missing?"),
        [needed(_l("Choose what it is about"))],
        choices=[(name, words.SUBJECTS[name]) for name in SUBJECTS],
    )


class ProposeForm(Form):
    """A change of one thing. `propose_form` adds what its subject needs."""

    @property
    def terms(self) -> dict[str, Any]:
        """What was filled in, as plain values by field."""
        fields: dict[str, Any] = self._fields
        found = {name: fields[name].data for name in TERMS if name in fields}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}

    def validate_value(self, field: Any) -> None:
        """An e-mail address has to be one."""
        way = getattr(self, "way", None)
        if way is not None and way.data == "email" and field.data:
            address = normal_address(field.data)
            if address is None:
                raise ValidationError(_l("Enter an e-mail address in the right form, like name@example.com"))
            field.data = address


TERMS = ("value", "purpose", "way", "row_id", "post", "since_on")
_RIGHT = needed(_l("Write what is right"))


def propose_form(subject: str, rows: list[tuple[str, str]]) -> ProposeForm:
    """The form for a proposal about `subject`. `rows` are what can end, as pairs of number and words."""
    fields: dict[str, Any] = {}
    if subject in {"address_end", "domain_end", "person_end"}:
        fields["row_id"] = Pick(_l("Which one?"), [needed(_l("Choose which one"))], choices=rows)
    elif subject in {"sector", "country"}:
        known = words.SECTORS if subject == "sector" else {k: v for k, v in words.COUNTRIES.items() if k}
        fields["value"] = Pick(_l("What is right?"), [needed(_l("Choose what is right"))], choices=list(known.items()))
    elif subject == "address":
        fields["purpose"] = Pick(
            _l("What is it for?"), [needed(_l("Choose what it is for"))], choices=list(words.PURPOSES.items())
        )
        fields["way"] = Pick(
            _l("What kind of address?"), [needed(_l("Choose what kind"))], choices=list(words.WAYS.items())
        )
        fields["value"] = Passage(_l("The address"), [_RIGHT, longest(400)])
    elif subject == "person":
        fields["value"] = Name(_l("Their name, as it is publicly known"), [_RIGHT], render_kw={"autocomplete": "off"})
        fields["post"] = Words(_l("Their post"), [needed(_l("Write their post")), longest(80)])
        fields["since_on"] = Day(_l("Since when?"), [Optional()])
    elif subject == "words":
        fields["value"] = Passage(_l("What is wrong, and what is right?"), [_RIGHT, longest(1000)])
    else:
        labels = {
            "name": _l("The right name"),
            "other_name": _l("The other name"),
            "parent": _l("Name of the organization it is part of"),
            "website": _l("The web address"),
            "domain": _l("The domain, such as meridale.example"),
        }
        fields["value"] = Words(labels[subject], [_RIGHT, longest(300 if subject == "website" else 120)])
    # Last, so that the questions come in the order of the page.
    fields["why"] = Passage(
        _l("How do you know?"),
        [needed(_l("Write how you know, so that somebody else can check it")), longest(600)],
        description=_l("A web page, a letter of theirs, a call: whatever others can look at."),
    )
    form: ProposeForm = type("ThisProposeForm", (ProposeForm,), fields)()
    return form


class DeclineForm(Form):
    """Say no, and why."""

    decision = Passage(
        _l("Why not?"),
        [needed(_l("Write why, so that whoever proposed it can learn from it")), longest(600)],
        description=_l("Whoever proposed it reads this."),
    )


class MergeForm(Form):
    """The name of the record that is the same."""

    name = Words(
        _l("Name of the other record"),
        [needed(_l("Write the name of the other record")), longest(120)],
        description=_l("It ends as a record of its own. All in it moves here, and its name is found here."),
    )
