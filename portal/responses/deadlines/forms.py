"""Forms about clocks and calendars."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.deadlines import words as rule_words
from portal.forms import (
    ChecksField,
    Day,
    FileField,
    Form,
    Length,
    Moment,
    NotAfterToday,
    Number,
    Optional,
    Passage,
    RadioField,
    SelectField,
    Words,
    needed,
)
from portal.responses.deadlines import timing

AHEAD = _l("The day must be today or earlier")


class RulesForm(Form):
    """Which clocks run."""

    rules = ChecksField(_l("Which clocks run?"))


class TheirPromiseForm(Form):
    """A time that they publish themselves."""

    label = Words(
        _l("What do they promise?"),
        [
            needed(_l("Write what they promise, in a few words")),
            Length(max=120, message=_l("Use 120 characters or less")),
        ],
    )
    n = Number(_l("How many?"), [needed(_l("Enter a number, like 10"))])
    unit = SelectField(
        _l("Of what?"),
        [needed(_l("Choose days, working days, weeks or months"))],
        choices=[("wd", _l("working days")), ("day", _l("days")), ("week", _l("weeks")), ("month", _l("months"))],
    )
    awaits = RadioField(
        _l("What must they do by then?"),
        [needed(_l("Choose what they must do by then"))],
        choices=[
            ("acknowledgement", _l("Say that they have our letter")),
            ("answer", _l("Answer it")),
            ("work", _l("Do the work")),
        ],
    )
    url = Words(
        _l("Where do they say so?"),
        [needed(_l("Paste the web address of their page")), Length(max=500, message=_l("Use 500 characters or less"))],
    )
    file = FileField(_l("A picture of that page"))

    def validate_url(self, field: Words) -> None:
        """Only a web address: it becomes a link."""
        if not (field.data or "").startswith("https://"):
            raise ValidationError(_l("The address must begin with https://"))


class OverrideForm(Form):
    """Another date than the rule's."""

    on = Day(_l("Which day shall hold?"), [needed(_l("Enter the day that shall hold"))])
    reason = Passage(
        _l("Why?"),
        [
            needed(_l("Say why, so that everybody can follow")),
            Length(max=1000, message=_l("Use 1,000 characters or less")),
        ],
    )


class ExtensionForm(Form):
    """They asked for more time."""

    response = SelectField(_l("In which answer did they ask for it?"), [needed(_l("Choose the answer"))], coerce=int)
    on = Day(_l("Which new date did they give?"), [needed(_l("Enter the new date they gave"))])
    reason = Passage(
        _l("Which reason did they give?"),
        [
            needed(_l("Write the reason they gave. Without one the first date stands")),
            Length(max=1000, message=_l("Use 1,000 characters or less")),
        ],
    )


class EventForm(Form):
    """Something happened that only people know."""

    event = SelectField(
        _l("What happened?"),
        [needed(_l("Choose what happened"))],
        choices=[("", _l("Choose")), *((name, rule_words.EVENTS[name][0]) for name in timing.TYPED)],
    )
    day = Day(_l("Which day?"), [needed(_l("Enter the day"))])
    moment = Moment(_l("The time, for a rule in hours"), [Optional()])


class CorrectionForm(Form):
    """A day on record is wrong."""

    day = Day(_l("Which day was it?"), [needed(_l("Enter the day it was")), NotAfterToday(AHEAD)])
    why = Passage(
        _l("How do you know?"),
        [
            needed(_l("Say how you know, so that everybody can follow")),
            Length(max=1000, message=_l("Use 1,000 characters or less")),
        ],
    )


class SettleForm(Form):
    """It was done."""

    on = Day(_l("On which day was it done?"), [needed(_l("Enter the day it was done")), NotAfterToday(AHEAD)])


class DayOffForm(Form):
    """A day on which nobody works."""

    calendar = SelectField(
        _l("Where?"),
        [needed(_l("Choose where"))],
        choices=[("", _l("Choose")), *((name, text) for name, text in rule_words.CALENDARS.items() if name != "none")],
    )
    day = Day(_l("Which day?"), [needed(_l("Enter the day"))])
    name = Words(
        _l("What is it called?"),
        [needed(_l("Enter its name, like Coronation")), Length(max=80, message=_l("Use 80 characters or less"))],
    )
