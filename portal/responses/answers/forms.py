"""Forms for reading an answer together."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import BooleanField, Day, Form, Length, Optional, Passage, SelectField, Words, needed
from portal.people.models import Person
from portal.responses import words
from portal.responses.forms import AnswerForm, Pick


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


class CorrectAnswerForm(AnswerForm):
    """Put right what was logged by hand."""

    why = Words(
        _l("How do you know?"),
        [
            needed(_l("Say how you know, so that everybody can follow")),
            Length(max=300, message=_l("The reason must be 300 characters or less")),
        ],
    )


class MistakeForm(Form):
    """It should never have been logged."""

    why = Words(
        _l("Why was it a mistake?"),
        [
            needed(_l("Say why it was a mistake")),
            Length(max=300, message=_l("The reason must be 300 characters or less")),
        ],
    )


FACT_VERDICTS = {
    "right": _l("They are right: our fact is wrong"),
    "wrong": _l("They are wrong: our fact stands"),
    "unsure": _l("We cannot tell yet"),
}


class FactForm(Form):
    """Say what you found when you looked at the fact."""

    verdict = Pick(_l("What did you find?"), [needed(_l("Say what you found"))], choices=list(FACT_VERDICTS.items()))
    words = Passage(
        _l("What does that rest on?"),
        [
            needed(_l("Say in a sentence or two what that rests on")),
            Length(max=1200, message=_l("The words must be 1,200 characters or less")),
        ],
    )


class NoteForm(Form):
    """Say in public that they are right."""

    note = Passage(
        _l("What the public page says"),
        [
            needed(_l("Write what the public page should say")),
            Length(max=600, message=_l("The words must be 600 characters or less")),
        ],
    )
    is_checked = BooleanField(_l("I have looked: nothing here tells who lives where"))


class GiveForm(Form):
    """Have a member give them what they ask for."""

    what = Words(
        _l("What do they ask for?"),
        [
            needed(_l("Write what they ask for")),
            Length(max=300, message=_l("What they ask for must be 300 characters or less")),
        ],
    )
    person = SelectField(_l("Who sees to it?"), [needed(_l("Choose somebody"))])
    by_on = Day(_l("By which day?"), [needed(_l("Enter a day"))])

    def offer(self, members: list[Person]) -> None:
        """The people who can be asked."""
        self.person.choices = [("", _l("Choose somebody")), *((str(one.id), one.display_name) for one in members)]
