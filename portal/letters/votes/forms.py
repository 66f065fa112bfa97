"""Forms of the sign-off vote."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import NumberRange

from portal.forms import Form, InputRequired, Length, Moment, Number, Passage, RadioField, SelectField, needed
from portal.letters.forms import SeenVersion

CHOICES = (("agree", _l("I agree")), ("worry", _l("I agree, with a worry")), ("not_yet", _l("Not yet")))
HINTS = {
    "agree": _l("These words can go out in all our names."),
    "worry": _l("It counts as a yes. Say what worries you, so that we keep it in mind."),
    "not_yet": _l("Something has to change first. Say what, and a lead answers."),
}
_TOO_LONG = _l("This is too long. 1,000 characters have to do")


class OpenVoteForm(Form):
    """Ask everybody in the circle whether they agree."""

    closes_at = Moment(_l("Until when can people vote?"), [needed(_l("Enter a day and an hour"))])
    pass_percent = Number(
        _l("More than this percentage of the votes must agree"),
        [needed(_l("Enter a percentage")), NumberRange(50, 99, _l("Enter a percentage between 50 and 99"))],
    )
    core_percent = Number(
        _l("At least this percentage of those with a job in the campaign must vote"),
        [InputRequired(_l("Enter a percentage")), NumberRange(0, 100, _l("Enter a percentage between 0 and 100"))],
    )
    least_voters = Number(
        _l("At least this many people must vote"),
        [needed(_l("Enter a number")), NumberRange(2, 1000, _l("It takes at least two people"))],
    )
    seen = SeenVersion()


class _Said:
    choice = RadioField(_l("What do you say?"), [needed(_l("Choose what you say"))], choices=CHOICES)
    reason = Passage(_l("What worries you, or what has to change first?"), [Length(max=1000, message=_TOO_LONG)])


class CastForm(_Said, Form):
    """Say what you think of the text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice.choice_hints = HINTS


class PaperForm(Form):
    """Type in what somebody ticked on paper."""

    person = SelectField(_l("Whose paper is it?"), [needed(_l("Choose whose paper it is"))])
    choice = RadioField(_l("What is ticked on it?"), [needed(_l("Choose what is ticked"))], choices=CHOICES)
    reason = Passage(_l("What did they write beside it?"), [Length(max=1000, message=_TOO_LONG)])


class CheckPaperForm(Form):
    """Say what is ticked on a paper that somebody else typed in."""

    choice = RadioField(_l("What is ticked on it?"), [needed(_l("Choose what is ticked"))], choices=CHOICES)

    def __init__(self, *args: Any, place: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Several of these stand on one page.
        self.choice.id = f"choice_{place}"


class AnswerForm(Form):
    """Answer a worry, or a "not yet"."""

    answer = Passage(_l("Your answer"), [needed(_l("Write what you answer")), Length(max=1000, message=_TOO_LONG)])

    def __init__(self, *args: Any, place: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.id = self.answer.label.field_id = f"answer_{place}"


class StopForm(Form):
    """Why a vote ends before its hour."""

    why = Passage(
        _l("Why do you stop the vote?"),
        [needed(_l("Say why, so that everybody knows")), Length(max=500, message=_l("500 characters have to do"))],
    )
