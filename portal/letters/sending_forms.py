"""Forms about how a letter reaches them."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import Day, Email, FileField, Form, Length, Passage, RadioField, Words, needed


class SendByMailForm(Form):
    """Send the letter by e-mail."""

    to_name = Words(
        _l("To"),
        [needed(_l("Enter who it goes to")), Length(max=120, message=_l("The name must be 120 characters or less"))],
    )
    to_address = Email(
        _l("E-mail address for complaints"),
        [needed(_l("Enter the address they take complaints at"))],
        render_kw={"type": "email"},
    )
    subject = Words(
        _l("Subject of the mail"),
        [needed(_l("Enter a subject")), Length(max=150, message=_l("The subject must be 150 characters or less"))],
    )
    words = Passage(
        _l("Covering words"),
        [
            needed(_l("Write a few covering words. The letter itself goes with them as a PDF")),
            Length(max=4000, message=_l("The covering words must be 4,000 characters or less")),
        ],
    )


class RecordDeliveryForm(Form):
    """Put on record that the letter was posted or handed over."""

    channel = RadioField(
        _l("How did it get there?"),
        [needed(_l("Choose how it got there"))],
        choices=[("post", _l("By post")), ("hand", _l("Handed over"))],
    )
    to_name = Words(
        _l("Who it was addressed to, or who took it"),
        [
            needed(_l("Enter who it was addressed to, or who took it")),
            Length(max=120, message=_l("The name must be 120 characters or less")),
        ],
    )
    to_address = Words(
        _l("Where"),
        [needed(_l("Enter where it went")), Length(max=300, message=_l("The address must be 300 characters or less"))],
    )
    happened_on = Day(_l("On which day?"), [needed(_l("Enter the day it was posted or handed over"))])
    note = Words(
        _l("Certificate number, or who saw it"),
        [Length(max=200, message=_l("The note must be 200 characters or less"))],
    )
    file = FileField(_l("Photo or scan of the proof"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            # The form for the e-mail stands on the same page and has fields of the same names.
            field.id = field.label.field_id = f"recorded_{field.short_name}"
