"""Forms of a meeting with them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional

from portal.forms import Day, Form, InputRequired, Length, Moment, Number, Passage, SelectField, Words, needed
from portal.negotiations import words
from portal.negotiations.after import Promised
from portal.negotiations.models import DUTIES
from portal.negotiations.operations import Ranked
from portal.negotiations.queries import Kit
from portal.people.models import Person
from portal.responses.reading import Ask

PROMISE_ROWS = 5
_LINE = Length(max=300, message=_l("300 characters have to do"))


class RankRow(PlainForm):
    """Where one demand stands."""

    place = SelectField(_l("Place"), coerce=int)
    weight = SelectField(
        _l("How far do we go?"), choices=[(name, title) for name, (title, _h) in words.WEIGHTS.items()]
    )
    note = Words(_l("What would we take instead?"), [_LINE])


class RankForm(Form):
    """Put the demands into our order for this meeting."""

    rows = FieldList(FormField(RankRow))

    def offer(self, kit: Kit) -> None:
        """One row for each demand, in the order they stand in now, unless rows came with a post."""
        places = [(number, str(number)) for number in range(1, len(kit.demands) + 1)]
        if not self.rows.entries:
            for number, demand in enumerate(kit.demands, start=1):
                self.rows.append_entry({"place": number, "weight": demand.weight or "must", "note": demand.note})
        for entry in self.rows.entries:
            entry.form.place.choices = places

    def ranked(self, kit: Kit) -> list[Ranked]:
        """What was chosen, in its order; two in one place keep the order they had."""
        pairs = list(zip(kit.demands, self.rows.entries, strict=True))
        pairs.sort(key=lambda pair: pair[1].form.place.data)
        return [Ranked(demand.id, row.form.weight.data, row.form.note.data or "") for demand, row in pairs]


class DutiesForm(Form):
    """Who does what in the room."""

    chair = SelectField(words.DUTIES["chair"][0], [Optional()])
    facts = SelectField(words.DUTIES["facts"][0], [Optional()])
    story = SelectField(words.DUTIES["story"][0], [Optional()])
    notes = SelectField(words.DUTIES["notes"][0], [Optional()])
    time = SelectField(words.DUTIES["time"][0], [Optional()])

    def __init__(self, *args: Any, members: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for name in DUTIES:
            self[name].choices = [("", _("Nobody yet")), *((str(one.id), one.name) for one in members)]

    @property
    def people(self) -> dict[str, Person | None]:
        """Who was chosen, by duty."""
        known = {str(one.id): one for one in self.members}
        return {name: known.get(self[name].data or "") for name in DUTIES}


class FallbackForm(Form):
    """What we do if they say no."""

    what = Words(_l("What do we do?"), [needed(_l("Say what we do")), _LINE])
    who = Words(_l("Who does it?"), [_LINE])
    by_on = Day(_l("By when?"), [Optional()])
    rung = SelectField(_l("Is it a step of our plan?"), [Optional()])


class QuestionForm(Form):
    """Something to ask them."""

    text = Words(_l("What do we ask them?"), [needed(_l("Write the question")), _LINE])


class PromisedRow(PlainForm):
    """One thing they promised. A row left empty is no row."""

    what = Words(_l("What did they promise?"), [_LINE])
    due_on = Day(_l("By when?"), [Optional()])
    block = SelectField(_l("Which demand does it answer?"), [Optional()], coerce=int)

    def validate(self, extra_validators: Any = None) -> bool:
        """A day without words is no promise."""
        is_fine = super().validate(extra_validators)
        if not self.what.data and "".join(self.due_on.raw_data or []).strip() and not self.what.errors:
            self.what.errors = [*self.what.errors, _l("Say what they promised")]
            return False
        return is_fine


class PromisesForm(Form):
    """What they promised at the meeting, row by row; and the minutes, kept as their answer."""

    rows = FieldList(FormField(PromisedRow), min_entries=PROMISE_ROWS, max_entries=PROMISE_ROWS)
    from_name = Words(_l("Who spoke for them?"), [_LINE])
    minutes = Passage(
        _l("What was said?"), [Length(max=20000, message=_l("This is too long. 20,000 characters have to do"))]
    )

    def offer(self, asks: list[Ask]) -> None:
        """Let each row pick the demand or question that it answers."""
        names = {"demand": _l("Demand"), "question": _l("Question")}
        choices = [
            (0, _("None of them")),
            *((ask.block_id, f"{names[ask.kind]} {ask.number}: {ask.text[:80]}") for ask in asks),
        ]
        for entry in self.rows.entries:
            entry.form.block.choices = choices

    @property
    def promised(self) -> list[Promised]:
        """The rows that say something."""
        found = (entry.form for entry in self.rows.entries)
        return [Promised(row.what.data, row.due_on.data, row.block.data or None) for row in found if row.what.data]


_COUNT = NumberRange(0, 10000, _l("Enter a number from 0 up"))


class HandsForm(Form):
    """A show of hands."""

    question = Words(_l("What was the question?"), [needed(_l("Write the question")), _LINE])
    yes = Number(_l("Hands for it"), [InputRequired(_l("Enter a number")), _COUNT])
    no = Number(_l("Hands against it"), [InputRequired(_l("Enter a number")), _COUNT])
    neither = Number(_l("Neither"), [InputRequired(_l("Enter a number")), _COUNT], default=0)
    counted_by = Words(_l("Who counted?"), [needed(_l("Say who counted")), _LINE])


class AskPresentForm(Form):
    """Ask those of the circle who came."""

    question = Words(_l("What do you ask?"), [needed(_l("Write the question")), _LINE])
    closes_at = Moment(_l("Until when can people vote?"), [needed(_l("Enter a day and an hour"))])
