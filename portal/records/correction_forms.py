"""The form by which an organization tells, without an account, that something here is wrong."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import Email, FileField, FileSize, Form, Name, Optional, Passage, SelectField, Words, needed
from portal.records.forms import longest

MOST_BYTES = 10 * 1024 * 1024


class CorrectionForm(Form):
    """Which words are wrong, what is right, and who says so."""

    statement = Passage(
        _l("Which words are wrong?"),
        [needed(_l("Write which words are wrong")), longest(1000)],
        description=_l("Copy them from the page."),
    )
    right = Passage(
        _l("What is right?"),
        [needed(_l("Write what is right")), longest(4000)],
        description=_l("And how one can see that it is."),
    )
    file = FileField(
        _l("Something that shows it, as a file"),
        [FileSize(max_size=MOST_BYTES, message=_l("The file must be 10 MB or smaller"))],
    )
    name = Name(_l("Your name"), [needed(_l("Enter your name"))], render_kw={"autocomplete": "name"})
    post = Words(_l("Your post"), [longest(120)], render_kw={"autocomplete": "organization-title"})
    email = Email(
        _l("Your e-mail address at work"),
        [needed(_l("Enter your e-mail address"))],
        render_kw={"type": "email", "autocomplete": "email"},
    )
    # Nobody sees this field. Programs that fill in every field do.
    homepage = Words("Homepage", [Optional()], render_kw={"autocomplete": "off", "tabindex": "-1"})

    @property
    def is_from_a_program(self) -> bool:
        """Whether a field is filled in that no person sees."""
        return bool(self.homepage.data)


class RecordCorrectionForm(CorrectionForm):
    """The same about the record of the organization itself, which has parts."""

    subject = SelectField(
        _l("What is it about?"),
        choices=[
            ("words", _l("Something else on the page")),
            ("name", _l("Our name")),
            ("website", _l("Our website")),
            ("complaints", _l("The e-mail address for complaints")),
        ],
        default="words",
    )


class HandledForm(Form):
    """What was done about a correction that belongs to no letter."""

    note = Passage(
        _l("What did you do about it?"),
        [needed(_l("Write what you did about it")), longest(600)],
        description=_l("Only people in the circle read this."),
    )


def order_of(form: Any) -> list[Any]:
    """The fields in the order of the page, without those that nobody sees."""
    names = ("subject", "statement", "right", "file", "name", "post", "email")
    return [form[name] for name in names if name in form]
