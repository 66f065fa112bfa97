"""Forms of a question for the members."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.decisions.models import Ballot
from portal.forms import BooleanField, Form, Length, Moment, Passage, RadioField, SelectField, Words, needed

_TOO_LONG = _l("This is too long. 1,000 characters have to do")
_CLOSES = _l("Until when can people vote?")
_WHEN = _l("Enter a day and an hour")
_WHY = _l("Why do you ask?")


class AskForm(Form):
    """Ask everybody in the circle something."""

    question = Words(
        _l("What do you ask?"),
        [needed(_l("Write the question")), Length(max=300, message=_l("300 characters have to do"))],
    )
    kind = RadioField(
        _l("How can people answer?"),
        [needed(_l("Choose how people can answer"))],
        choices=(("yes_no", _l("Yes or no")), ("choice", _l("One of several answers"))),
    )
    option_1 = Words(_l("First answer"), [Length(max=200)])
    option_2 = Words(_l("Second answer"), [Length(max=200)])
    option_3 = Words(_l("Third answer"), [Length(max=200)])
    option_4 = Words(_l("Fourth answer"), [Length(max=200)])
    option_5 = Words(_l("Fifth answer"), [Length(max=200)])
    option_6 = Words(_l("Sixth answer"), [Length(max=200)])
    why = Passage(_WHY, [Length(max=1000, message=_TOO_LONG)])
    closes_at = Moment(_CLOSES, [needed(_WHEN)])
    is_small = BooleanField(_l("It is a small thing and cannot wait a day"))

    @property
    def options(self) -> list[str]:
        """The answers as typed, in their order; empty for yes or no."""
        if self.kind.data != "choice":
            return []
        return [getattr(self, f"option_{number}").data or "" for number in range(1, 7)]


class AskAboutForm(Form):
    """Ask everybody in the circle a question that is already written."""

    why = Passage(_WHY, [Length(max=1000, message=_TOO_LONG)])
    closes_at = Moment(_CLOSES, [needed(_WHEN)])


def answers_of(ballot: Ballot) -> list[str]:
    """The answers to choose from, in words and in their order."""
    return ballot.answers or [_("Yes"), _("No")]


class _Choosing(Form):
    choice = RadioField(_l("What do you say?"), [needed(_l("Choose an answer"))])

    def __init__(self, *args: Any, ballot: Ballot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice.choices = [(str(place), words) for place, words in enumerate(answers_of(ballot))]

    @property
    def place(self) -> int:
        """The place of the option that was chosen."""
        return int(self.choice.data)


class CastForm(_Choosing):
    """Vote."""

    worry = Passage(_l("Does something worry you about it?"), [Length(max=1000, message=_TOO_LONG)])


class PaperForm(_Choosing):
    """Type in what somebody ticked on paper."""

    person = SelectField(_l("Whose paper is it?"), [needed(_l("Choose whose paper it is"))])
    worry = Passage(_l("What did they write beside it?"), [Length(max=1000, message=_TOO_LONG)])


class CheckPaperForm(_Choosing):
    """Say what is ticked on a paper that somebody else typed in."""

    def __init__(self, *args: Any, place: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Several of these stand on one page.
        self.choice.id = f"choice_{place}"


class ViewForm(Form):
    """What somebody who wanted it otherwise leaves beside the result."""

    words = Passage(_l("How do you see it?"), [Length(max=1000, message=_TOO_LONG)])


class StopForm(Form):
    """Why a question is called off."""

    why = Passage(
        _l("Why do you call the vote off?"),
        [needed(_l("Say why, so that everybody knows")), Length(max=500, message=_l("500 characters have to do"))],
    )
