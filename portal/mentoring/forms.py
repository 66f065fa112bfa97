"""Forms of a mentor pair."""

from flask_babel import lazy_gettext as _l

from portal.forms import Day, Form, Length, Passage, SelectField, Words, needed


class ProposePairForm(Form):
    """Propose that one brings the other on."""

    mentor = SelectField(_l("Who brings somebody on?"), [needed(_l("Choose who brings somebody on"))])
    mentee = SelectField(_l("Whom?"), [needed(_l("Choose whom"))])
    purpose = Words(
        _l("What for?"),
        [
            needed(_l("Say what for, in a few words")),
            Length(max=200, message=_l("What for must be 200 characters or less")),
        ],
    )
    rhythm = Words(
        _l("How often will you talk?"), [Length(max=80, message=_l("How often must be 80 characters or less"))]
    )


class StepForm(Form):
    """A next step."""

    text = Words(
        _l("Next step"),
        [needed(_l("Write the next step")), Length(max=200, message=_l("The step must be 200 characters or less"))],
    )
    by_on = Day(_l("By when?"))


class FirstForm(Form):
    """Something done for the first time."""

    what = Words(
        _l("What was done for the first time?"),
        [
            needed(_l("Write what was done for the first time")),
            Length(max=200, message=_l("It must be 200 characters or less")),
        ],
    )
    on = Day(_l("When?"), [needed(_l("Enter the day"))])


class OneToOneForm(Form):
    """A proper chat."""

    held_on = Day(_l("When did you talk?"), [needed(_l("Enter the day you talked"))])
    where = Words(_l("Where?"), [Length(max=80, message=_l("The place must be 80 characters or less"))])
    cares_about = Passage(
        _l("What do they care about?"),
        [
            needed(_l("Write what they care about, as you would say it to their face")),
            Length(max=1000, message=_l("It must be 1,000 characters or less")),
        ],
    )
    next_step = Words(
        _l("What is the next step?"),
        [needed(_l("Write the next step")), Length(max=200, message=_l("The step must be 200 characters or less"))],
    )
    next_on = Day(_l("By when?"))
