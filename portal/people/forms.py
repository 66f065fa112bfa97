"""Forms about accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from portal.forms import BooleanField, Email, Form, HiddenField, Length, Name, Passage, Words, needed


class AskForLinkForm(Form):
    """Ask for a sign-in link by mail."""

    email = Email(
        _l("Your e-mail address"),
        [needed(_l("Enter your e-mail address"))],
        render_kw={"autocomplete": "email", "type": "email"},
    )
    next = HiddenField()


class PasswordSignInForm(Form):
    """Sign in by password."""

    email = Email(
        _l("Your e-mail address"),
        [needed(_l("Enter your e-mail address"))],
        render_kw={"autocomplete": "username", "type": "email"},
    )
    password = PasswordField(
        _l("Password"), [needed(_l("Enter your password"))], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class UseLinkForm(Form):
    """Complete a sign-in link; a new person says their name."""

    name = Name(_l("Your name"), render_kw={"autocomplete": "name"})


class NameForm(Form):
    """Change the name that neighbours see."""

    name = Name(_l("Your name"), [needed(_l("Enter your name"))], render_kw={"autocomplete": "name"})


class PasswordForm(Form):
    """Set a password."""

    password = PasswordField(
        _l("New password"), [needed(_l("Enter a new password"))], render_kw={"autocomplete": "new-password"}
    )


class DeclarationForm(Form):
    """Say for whom you organize."""

    declaration = Passage(
        _l("Who do you work for, and who pays?"),
        [
            needed(_l("Say who you work for and who pays. It stands beside your name")),
            Length(max=400, message=_l("The declaration must be 400 characters or less")),
        ],
    )
    area = Words(_l("Where do you organize?"), [Length(max=80, message=_l("The area must be 80 characters or less"))])
    is_meant = BooleanField(
        _l("I help campaigns; I do not own them"),
        [needed(_l("Tick the box to say that you help campaigns and do not own them"))],
    )
