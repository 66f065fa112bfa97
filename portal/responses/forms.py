"""Forms about what came back and what was promised."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.validators import NumberRange

from portal.forms import (
    BooleanField,
    Day,
    Form,
    HiddenField,
    Length,
    Name,
    NotAfterToday,
    Number,
    Optional,
    Passage,
    RadioField,
    SelectField,
    Words,
    needed,
    one_line,
)
from portal.responses import words
from portal.responses.answers import words as answers_words
from portal.responses.operations import Verdict
from portal.responses.reading import Ask, SheetRow


class Pick(RadioField):
    """One of a few answers; when nothing is chosen, the field's own `needed` says what to do."""

    def pre_validate(self, form: Any) -> None:
        if any(self.raw_data or ()):
            super().pre_validate(form)


class Quote(Passage):
    """A few words copied from somewhere: one line, in a box that grows with them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = one_line(valuelist[0])


class AnswerForm(Form):
    """What came back, and how: the same when it is logged and when it is put right."""

    channel = Pick(
        _l("How did it reach us?"), [needed(_l("Say how it reached us"))], choices=list(words.BY_HAND.items())
    )
    received_on = Day(
        _l("Which day did it come?"),
        [needed(_l("Enter the day it came")), NotAfterToday(_l("The day it came must be today or earlier"))],
    )
    from_name = Name(_l("Who is it from?"), [needed(_l("Enter the name of whoever wrote or spoke to us"))])
    text = Passage(
        _l("What did they say?"),
        [Length(max=60_000, message=_l("The text must be 60,000 characters or less. Add the rest as a file"))],
    )


class LogResponseForm(AnswerForm):
    """Log what came back."""

    file = MultipleFileField(_l("The original, as files"))
    # Files that arrived with a page that had errors, so that nobody has to choose them twice.
    kept_file = HiddenField()


class ClassifyForm(Form):
    """What kind of answer it is. `reading_form` adds the fields of the sheet."""

    kind = Pick(
        _l("What kind of answer is it?"),
        [needed(_l("Choose what kind of answer it is"))],
        choices=[(kind, name) for kind, (name, _meaning) in words.READABLE_KINDS.items()],
    )

    @property
    def sheet(self) -> dict[int, Verdict]:
        """What was filled in, by block."""
        fields: dict[str, Any] = self._fields
        return {
            int(name.removeprefix("verdict_")): Verdict(
                field.data,
                fields[name.replace("verdict", "excerpt")].data or "",
                fields[name.replace("verdict", "promised")].data,
                fields[name.replace("verdict", "confidence")].data or "",
                fields[name.replace("verdict", "page")].data,
            )
            for name, field in fields.items()
            if name.startswith("verdict_")
        }


def label_of(ask: Ask) -> str:
    """ "number 2" or "question 2", for the middle of a sentence."""
    if ask.kind == "question":
        return _("question %(number)s", number=ask.number)
    return _("number %(number)s", number=ask.number)


def reading_form(rows: list[SheetRow], *, kind: str | None, reader_id: int) -> ClassifyForm:
    """The form with a verdict, an excerpt and a day for every ask, holding what this reader found before."""
    fields: dict[str, Any] = {}
    before: dict[str, Any] = {"kind": kind}
    for row in rows:
        ask, own = row.ask, row.reading_of(reader_id)
        asked = label_of(ask)
        fields[f"verdict_{ask.block_id}"] = Pick(
            _("Their answer to %(asked)s", asked=asked),
            [needed(_("Say what they answered to %(asked)s", asked=asked))],
            choices=list(words.VERDICTS.items()),
        )
        fields[f"excerpt_{ask.block_id}"] = Quote(
            _("In their words"), [Length(max=500, message=_("Copy 500 characters or less, to %(asked)s", asked=asked))]
        )
        fields[f"page_{ask.block_id}"] = Number(
            _("On page"), [Optional(), NumberRange(1, 9999, _("Enter a page number from 1, to %(asked)s", asked=asked))]
        )
        fields[f"promised_{ask.block_id}"] = Day(_("Promised by"), [Optional()])
        fields[f"confidence_{ask.block_id}"] = SelectField(
            _("How sure are you?"), [Optional()], choices=[("", _("not said")), *answers_words.CONFIDENCES.items()]
        )
        if own is not None:
            before[f"verdict_{ask.block_id}"] = own.verdict
            before[f"excerpt_{ask.block_id}"] = own.excerpt
            before[f"promised_{ask.block_id}"] = own.promised_on
            before[f"confidence_{ask.block_id}"] = own.confidence
            before[f"page_{ask.block_id}"] = own.page
    form: ClassifyForm = type("ReadingForm", (ClassifyForm,), fields)(data=before)
    form.kind.choice_hints = {name: meaning for name, (_title, meaning) in words.READABLE_KINDS.items()}
    return form


class PublishForm(Form):
    """Show an answer to everybody."""

    public_words = Passage(
        _l("What the public page says"),
        [
            needed(_l("Write what the public page should say")),
            Length(max=1200, message=_l("The words must be 1,200 characters or less")),
        ],
    )
    # What the page showed: nobody publishes a sheet or a promise that they have not seen.
    seen = HiddenField()
    is_checked = BooleanField(_l("I have looked: nothing here tells who lives where"))


class PromiseForm(Form):
    """Add a promise by hand."""

    what = Words(
        _l("What did they promise?"),
        [
            needed(_l("Write what they promised")),
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


class ClaimForm(Form):
    """They say that it is done."""

    claimed_done_on = Day(
        _l("Since which day do they say so?"), [Optional(), NotAfterToday(_l("The day must be today or earlier"))]
    )


class CancelForm(Form):
    """Call a promise off: nothing to fill in, only to mean it."""
