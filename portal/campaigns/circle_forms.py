"""Forms about the people of a campaign."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.campaigns.circle_words import ROLE_HINTS, ROLE_WORDS
from portal.forms import Email, Form, HiddenField, Length, Passage, RadioField, Words, needed


class ConfirmForm(Form):
    """A page in words with one button."""


class GiveRoleForm(Form):
    """Give a member a job."""

    role = RadioField(_l("Which role?"), [needed(_l("Choose a role"))], choices=list(ROLE_WORDS.items()))

    def __init__(self, *args: Any, held: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [(name, words) for name, words in ROLE_WORDS.items() if name not in held]
        self.role.choice_hints = ROLE_HINTS


class AskToJoinForm(Form):
    """Knock at the door."""

    words = Passage(
        _l("Who are you?"),
        [
            needed(_l("Say in a few words who you are, so that a neighbour knows you")),
            Length(max=400, message=_l("What you write must be 400 characters or less")),
        ],
    )


class InvitationForm(Form):
    """Make a link."""

    note = Words(_l("Who is it for?"), [Length(max=60, message=_l("The note must be 60 characters or less"))])


class MailInvitationForm(Form):
    """Send a link to one address."""

    email = Email(
        _l("Their e-mail address"),
        [needed(_l("Enter the e-mail address of your neighbour"))],
        render_kw={"type": "email", "autocomplete": "off"},
    )


class AskOrganizerForm(Form):
    """Ask an organizer in."""

    email = Email(
        _l("The organizer’s e-mail address"),
        [needed(_l("Enter the e-mail address of the organizer"))],
        render_kw={"type": "email", "autocomplete": "off"},
    )


class AgreeForm(Form):
    """Agree to what was read: `seen` is the fingerprint of the words on the page."""

    seen = HiddenField()
