"""Forms for reading an answer together."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import Form, Length, Optional, Passage, SelectField, Words, needed
from portal.people.models import Person
from portal.responses import words
from portal.responses.forms import Pick


class FindForm(Form):
    """Look for words in everything they answered."""

    class Meta:
        csrf = False

    q = Words(_l("Look for words in their answers"), [Length(max=100, message=_l("Look for 100 characters or less"))])


class AskReaderForm(Form):
    """Ask somebody by name to read an answer too."""

    person = SelectField(_l("Who shall read it too?"), [needed(_l("Choose somebody"))])

    def offer(self, members: list[Person]) -> None:
        """The people who can be asked."""
        self.person.choices = [("", _l("Choose somebody")), *((str(one.id), one.display_name) for one in members)]


class WhyForm(Form):
    """Say why you read a row as you do."""

    text = Words(
        _l("Why do you read it so?"),
        [Optional(), Length(max=300, message=_l("The reason must be 300 characters or less"))],
    )


class SettleForm(Form):
    """Say what the readers agree on. Choices of `verdict` depend on the row."""

    verdict = Pick(_l("We agree on"), [needed(_l("Choose what you agree on"))], choices=list(words.VERDICTS.items()))
    words = Words(
        _l("Why?"),
        [needed(_l("Say in a sentence why")), Length(max=300, message=_l("The reason must be 300 characters or less"))],
    )


class SettleKindForm(SettleForm):
    """The same for the kind of the whole answer."""

    verdict: Any = SelectField(
        _l("We agree on"),
        [needed(_l("Choose what you agree on"))],
        choices=[("", _l("Choose one")), *((kind, name) for kind, (name, _meaning) in words.READABLE_KINDS.items())],
    )


__all__ = ["AskReaderForm", "FindForm", "Passage", "SettleForm", "SettleKindForm", "WhyForm"]
