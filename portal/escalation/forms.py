"""Forms of the plan."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import NumberRange, Optional

from portal.campaigns.circle_words import ROLE_WORDS
from portal.escalation import catalogue, words
from portal.escalation.models import Rung
from portal.escalation.operations import Terms, fingerprint
from portal.forms import Day, Form, HiddenField, Length, Moment, Number, Passage, RadioField, SelectField, Words, needed
from portal.letters.models import Letter
from portal.people.models import Person

_TOO_LONG = _l("This is too long. 1,000 characters have to do")


class _WhoAndWhen:
    who = SelectField(_l("Who does it?"), [Optional()])
    earliest_on = Day(_l("Not before which day?"))


class StepForm(_WhoAndWhen, Form):
    """Write a step of the plan."""

    kind = SelectField(_l("What kind of step is it?"), [needed(_l("Choose a kind of step"))])
    what = Words(
        _l("What do we do?"), [needed(_l("Say what we do")), Length(max=200, message=_l("200 characters have to do"))]
    )
    trigger = RadioField(
        _l("What unlocks it?"),
        [needed(_l("Choose what unlocks it"))],
        choices=[(name, title) for name, (title, _hint) in words.TRIGGERS.items()],
    )
    letter = SelectField(_l("Which letter?"), [Optional()])
    days = Number(
        _l("How many days without a word?"),
        [Optional(), NumberRange(1, 365, _l("Enter a number of days between 1 and 365"))],
    )
    on_day = Day(_l("Which day?"))
    consent = RadioField(
        _l("When do the members vote on it?"),
        [needed(_l("Choose when the members vote"))],
        choices=[(name, title) for name, (title, _hint) in words.CONSENTS.items()],
    )
    seen = HiddenField()

    def __init__(self, *args: Any, members: list[Person], letters: list[Letter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members, self.letters = members, letters
        self.kind.choices = [("", _("Choose")), *((kind.key, kind.name) for kind in catalogue.kinds().values())]
        self.trigger.choice_hints = {name: hint for name, (_title, hint) in words.TRIGGERS.items()}
        self.consent.choice_hints = {name: hint for name, (_title, hint) in words.CONSENTS.items()}
        self.letter.choices = [("", _("Any letter that we sent")), *((str(one.id), one.title) for one in letters)]
        self.who.choices = who_choices(members)

    @property
    def terms(self) -> Terms:
        """What was typed, as the operation takes it."""
        role, person = read_who(self.who.data or "", self.members)
        return Terms(
            kind=self.kind.data,
            what=self.what.data or "",
            trigger=self.trigger.data,
            who_role=role,
            who=person,
            letter=next((one for one in self.letters if str(one.id) == self.letter.data), None),
            days=self.days.data,
            on_day=self.on_day.data,
            earliest_on=self.earliest_on.data,
            consent=self.consent.data,
        )


def who_choices(members: list[Person]) -> list[tuple[str, Any]]:
    """Whom a step can belong to: nobody yet, a role, or one of us."""
    roles = [(f"role:{name}", title) for name, title in ROLE_WORDS.items()]
    return [("", _("Nobody yet")), *roles, *((f"person:{one.id}", one.name) for one in members)]


def read_who(chosen: str, members: list[Person]) -> tuple[str, Person | None]:
    """The role and the person that a choice of `who_choices` means."""
    kind, _colon, value = chosen.partition(":")
    if kind == "role":
        return value, None
    return "", next((one for one in members if str(one.id) == value), None)


def standing_data(rung: Rung) -> dict[str, Any]:
    """What a step says now, for the form."""
    who = f"person:{rung.who_id}" if rung.who_id else f"role:{rung.who_role}" if rung.who_role else ""
    names = ("kind", "what", "trigger", "days", "on_day", "earliest_on", "consent")
    said = {name: getattr(rung, name) for name in names}
    letter = str(rung.letter_id) if rung.letter_id else ""
    return {**said, "who": who, "letter": letter, "seen": fingerprint(rung)}


class AskForm(Form):
    """Ask the members whether to take a step."""

    why = Passage(_l("Why now?"), [Length(max=1000, message=_TOO_LONG)])
    closes_at = Moment(_l("Until when can people vote?"), [needed(_l("Enter a day and an hour"))])


class FinishForm(Form):
    """Say what came of a step."""

    came_of_it = Passage(
        _l("What came of it?"), [needed(_l("Say in a line what came of it")), Length(max=1000, message=_TOO_LONG)]
    )
    has_helped = RadioField(
        _l("Has it helped?"),
        [needed(_l("Say whether it has helped"))],
        choices=(("yes", _l("Yes, they moved")), ("no", _l("No, nothing changed"))),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_helped.choice_hints = {"no": _l("A step that waits for this one is unlocked.")}


class SkipForm(Form):
    """Why a step is left out."""

    why = Words(
        _l("Why do we leave it out?"),
        [needed(_l("Say why, so that everybody knows")), Length(max=300, message=_l("300 characters have to do"))],
    )
