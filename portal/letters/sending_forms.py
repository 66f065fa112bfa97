"""The form for sending a letter by e-mail."""

from flask_babel import lazy_gettext as _l

from portal.forms import Email, Form, Length, Passage, Words, needed


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
