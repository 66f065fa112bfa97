"""Forms about looking at a promise, and about what is written of it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import (
    ChecksField,
    Day,
    FileField,
    Form,
    HiddenField,
    Length,
    NotAfterToday,
    Number,
    Optional,
    Passage,
    RadioField,
    SeenVersion,
    SelectField,
    Words,
    needed,
)
from portal.responses import words
from portal.responses.forms import Pick

AGAIN = (("broke", _l("It was done, and broke again")), ("never", _l("It was never done here")))
TOLD = (
    ("beside", _l("I was there with them")),
    ("phone", _l("They told me on the phone")),
    ("door_list", _l("It is ticked on the list on paper")),
)
_VERDICTS = [(name, title) for name, (title, _meaning) in words.CHECKS.items()]


class CheckForm(Form):
    """Say what you found."""

    home = SelectField(_l("Which home do you live in?"), [Optional()], coerce=int)
    verdict = Pick(_l("What did you find?"), [needed(_l("Say what you found"))], choices=_VERDICTS)
    again = Pick(_l("If it is not fixed: did it break again?"), [Optional()], choices=AGAIN)
    note = Words(_l("What did you see?"), [Length(max=300, message=_l("What you saw must be 300 characters or less"))])
    photo = FileField(_l("A photo"))
    # A photo that arrived with a page that had errors, so that nobody has to choose it twice.
    kept_photo = HiddenField()

    def fit(self, promise: Any, doors: list[Any]) -> "CheckForm":
        """Ask only what matters to this promise: a home where homes count, "again" once it was kept."""
        if promise.reach == "matter":
            del self.home
        else:
            self.home.choices = [(0, _l("Choose your home")), *((door.home.id, door.home.label) for door in doors)]
        if promise.state != "kept":
            del self.again
        self.verdict.choice_hints = {name: meaning for name, (_title, meaning) in words.CHECKS.items()}
        return self

    @property
    def said_again(self) -> str | None:
        """What was said to "did it break again?": "" when it was asked and not answered, None when it was not asked."""
        return (self.again.data or "") if "again" in self else None


class EnterForm(CheckForm):
    """Enter what a home told you."""

    home = SelectField(_l("Which home?"), [needed(_l("Choose the home"))], coerce=int)
    verdict = Pick(_l("What do they say?"), [needed(_l("Say what they found"))], choices=_VERDICTS)
    how = Pick(_l("How do you know?"), [needed(_l("Say how you know"))], choices=TOLD)
    note = Words(_l("In their words"), [Length(max=300, message=_l("Their words must be 300 characters or less"))])

    def fit(self, promise: Any, doors: list[Any]) -> "EnterForm":
        """Every door can be chosen, also where no homes are counted."""
        self.home.choices = [(0, _l("Choose the home")), *((door.home.id, door.home.label) for door in doors)]
        if promise.state != "kept":
            del self.again
        return self


class RowForm(Form):
    """One row of the list on paper."""

    verdict = Pick(
        _l("What is ticked?"), [needed(_l("Choose what is ticked on the paper"))], choices=list(words.TICKED.items())
    )


class TalkForm(Form):
    """You have talked to a home that says not fixed."""

    verdict = Pick(_l("What do they say now?"), [needed(_l("Say what they say now"))], choices=_VERDICTS)
    note = Passage(
        _l("What came of it?"),
        [needed(_l("Write what came of it")), Length(max=600, message=_l("Write 600 characters or less"))],
    )


class CorrectForm(Form):
    """Mend what was written down wrongly."""

    what = Words(
        _l("What did they promise?"),
        [
            needed(_l("Write what they promised")),
            Length(max=300, message=_l("The promise must be 300 characters or less")),
        ],
    )
    due_on = Day(_l("By which day?"), [Optional()])
    why = Words(
        _l("What was wrong?"),
        [needed(_l("Say what was wrong")), Length(max=300, message=_l("Write 300 characters or less"))],
    )
    seen = SeenVersion()


class AnewForm(Form):
    """They promised anew."""

    what = Words(
        _l("What do they promise now?"),
        [
            needed(_l("Write what they promise now")),
            Length(max=300, message=_l("The promise must be 300 characters or less")),
        ],
    )
    due_on = Day(_l("By which day?"), [Optional()])
    made_on = Day(
        _l("When did they promise it?"),
        [
            needed(_l("Enter the day they promised it")),
            NotAfterToday(_l("The day they promised it must be today or earlier")),
        ],
    )
    response = SelectField(_l("In which answer?"), [Optional()], coerce=int)
    why = Words(
        _l("Why do we take it?"),
        [needed(_l("Say why we take it")), Length(max=300, message=_l("Write 300 characters or less"))],
    )


class ReachForm(Form):
    """Whom a promise touches."""

    reach = RadioField(
        _l("Whom is it about?"), [needed(_l("Choose whom it is about"))], choices=list(words.REACHES.items())
    )
    homes = ChecksField(_l("Which homes?"), [Optional()], coerce=int)
    needed_share = Number(_l("How many homes in a hundred have to say it is fixed?"), [Optional()])
