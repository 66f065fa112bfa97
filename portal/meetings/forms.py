"""Forms about meetings."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from portal.forms import (
    BooleanField,
    Day,
    Email,
    Form,
    HiddenField,
    Length,
    Moment,
    Name,
    Number,
    Optional,
    Passage,
    RadioField,
    SelectField,
    Words,
    needed,
)
from portal.meetings.closing import Outcome, Task
from portal.meetings.operations import Plan
from portal.meetings.rsvps import Coming
from portal.meetings.words import KINDS
from portal.people.models import Person

ROWS = 3
MOST_ROWS = 40
ANSWERS = (("yes", _l("Yes, I come")), ("maybe", _l("Maybe")), ("no", _l("No, not this time")))


class MeetingForm(Form):
    """Call a meeting, or change one. `sequence` is which version of it the person saw."""

    title = Words(
        _l("What is it called?"),
        [needed(_l("Give the meeting a name")), Length(max=120, message=_l("The name must be 120 characters or less"))],
        description=_l("For example: Everybody on floors 9 to 14"),
    )
    kind = RadioField(_l("What kind of meeting?"), [needed(_l("Choose what kind of meeting it is"))], choices=KINDS)
    starts_at = Moment(_l("When does it begin?"), [needed(_l("Say on which day and at what time it begins"))])
    ends_at = Moment(
        _l("When does it end?"), [Optional()], description=_l("Left empty, we write two hours after it begins.")
    )
    where = Words(
        _l("Where?"),
        [needed(_l("Say where it is")), Length(max=200, message=_l("The place must be 200 characters or less"))],
        description=_l("So that a newcomer finds it: Community room, Larkspur Point, side door"),
    )
    access = Passage(
        _l("What makes it easy to come?"),
        [Length(max=600, message=_l("This must be 600 characters or less"))],
        description=_l("Step-free, crèche, interpreter, hearing loop, food, a lift home"),
    )
    about = Passage(
        _l("What is it about?"),
        [Length(max=3000, message=_l("This must be 3,000 characters or less"))],
        description=_l("What there is to decide, and what to bring"),
    )
    is_open = BooleanField(_l("Anybody with the link can see it and answer, without an account"))
    sequence = HiddenField()

    def to_plan(self) -> Plan:
        """What was typed, as the operation takes it."""
        starts_at: Any = self.starts_at.utc
        return Plan(
            title=self.title.data,
            kind=self.kind.data,
            starts_at=starts_at,
            ends_at=self.ends_at.utc or starts_at + timedelta(hours=2),
            where=self.where.data,
            access=self.access.data or "",
            about=self.about.data or "",
            is_open=self.is_open.data,
        )


class CancelForm(Form):
    """Call it off."""

    reason = Passage(
        _l("Why is it off?"),
        [
            needed(_l("Say why it is off. Everybody who wanted to come reads it")),
            Length(max=600, message=_l("The reason must be 600 characters or less")),
        ],
        description=_l("For example: The hall is flooded. We are looking for another one."),
    )


class AnswerForm(Form):
    """Say whether you come."""

    # An id of its own: the part of the page around the form is the element "answer".
    answer = RadioField(_l("Do you come?"), [needed(_l("Choose yes, maybe or no"))], choices=ANSWERS, id="own_answer")
    brings_count = Number(
        _l("How many come with you?"),
        description=_l("Children too. 9 at most."),
        default=0,
        render_kw={"inputmode": "numeric"},
    )
    needs = Words(
        _l("What do you need to take part?"),
        [Length(max=300, message=_l("This must be 300 characters or less"))],
        description=_l("For example: an interpreter, the crèche, a seat near the front. Only those who host see it."),
    )

    def validate_brings_count(self, field: Number) -> None:
        """Between none and nine."""
        if field.data is not None and not 0 <= field.data <= 9:
            raise ValidationError(_l("Enter a number from 0 to 9. For more, write to those who host"))

    def to_coming(self) -> Coming:
        """What was answered, as the operation takes it."""
        return Coming(answer=self.answer.data, brings_count=self.brings_count.data or 0, needs=self.needs.data or "")


class OwnAnswerForm(AnswerForm):
    """Change an answer by its own link."""

    name = Name(_l("Your name"), [needed(_l("Enter your name"))], render_kw={"autocomplete": "name"})


class GuestAnswerForm(OwnAnswerForm):
    """Say whether you come, without an account."""

    email = Email(
        _l("Your e-mail address"),
        render_kw={"autocomplete": "email", "type": "email"},
        description=_l("So that we can tell you when something changes. For nothing else."),
    )


class GuestForm(Form):
    """Somebody who is on no list came."""

    name = Name(_l("Their name"), [needed(_l("Enter their name"))], render_kw={"autocomplete": "off"})
    is_new = BooleanField(_l("New here"))


class TaskRow(PlainForm):
    """Who does what by when. A row left empty is no row."""

    who = SelectField(_l("Who?"), coerce=int, choices=[])
    name = Name(_l("Or a name"))
    what = Words(_l("Does what?"), [Length(max=300, message=_l("This must be 300 characters or less"))])
    by_on = Day(_l("By when?"), [Optional()])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        typed_day = "".join(self.by_on.raw_data or [])
        return not (self.who.data or self.name.data or self.what.data or typed_day)

    def validate(self, extra_validators: Any = None) -> bool:
        """A row is whole or empty."""
        is_fine = super().validate(extra_validators)
        if self.is_empty:
            return is_fine
        for field, is_there, words in (
            (self.who, self.who.data or self.name.data, _l("Say who does it: pick a member, or type a name")),
            (self.what, self.what.data, _l("Say what they do")),
            (self.by_on, self.by_on.data, _l("Say by when")),
        ):
            if not is_there and not field.errors:
                field.errors = [*field.errors, words]
                is_fine = False
        return is_fine


class ClosingForm(Form):
    """How a meeting ended. Typed rows survive every error."""

    decisions = Passage(
        _l("What did you decide?"),
        [Length(max=6000, message=_l("This must be 6,000 characters or less"))],
        description=_l("One decision per line. Left empty, the minutes say that nothing was decided."),
    )
    tasks = FieldList(FormField(TaskRow), label=_l("Who does what by when?"), min_entries=ROWS, max_entries=MOST_ROWS)
    next_on = Day(_l("When do you meet next?"), [Optional()])
    why_no_next = Words(
        _l("None yet? Say why"),
        [Length(max=300, message=_l("The reason must be 300 characters or less"))],
        description=_l("For example: We wait for the landlord’s answer until 7 December."),
    )

    def offer(self, members: list[Person]) -> None:
        """Let each row pick from the members."""
        choices = [(0, _l("Nobody picked")), *((person.id, person.display_name) for person in members)]
        for entry in self.tasks.entries:
            entry.form.who.choices = choices

    def add_row(self) -> None:
        """One more empty row, up to MOST_ROWS."""
        if len(self.tasks.entries) < MOST_ROWS:
            self.tasks.append_entry()

    def to_outcome(self, members: list[Person]) -> Outcome:
        """What was typed, as the operation takes it."""
        known = {person.id: person for person in members}
        tasks = []
        for entry in self.tasks.entries:
            row = entry.form
            if not row.is_empty:
                person = known.get(row.who.data)
                who = person.display_name if person else row.name.data
                tasks.append(Task(who=who, what=row.what.data, by_on=row.by_on.data, person=person))
        lines = (line.strip().lstrip("-•*").strip() for line in (self.decisions.data or "").splitlines())
        return Outcome(
            decisions=[line for line in lines if line],
            tasks=tasks,
            next_on=self.next_on.data,
            why_no_next=self.why_no_next.data or "",
        )
