"""The form by which somebody agrees to be named to the addressee."""

from flask_babel import lazy_gettext as _l

from portal.forms import BooleanField, Form, Length, Name, Passage, Words, needed


class NameMeForm(Form):
    """Your name, your home and your complaints, for the addressee alone."""

    name = Name(_l("Your name"), [needed(_l("Enter your name"))], render_kw={"autocomplete": "name"})
    home_words = Words(
        _l("Your home"),
        [
            needed(_l("Enter your home, so that they know where to look")),
            Length(max=80, message=_l("Write 80 characters or less")),
        ],
        description=_l("As it stands on your door, like 11C."),
    )
    complaints = Passage(
        _l("Your earlier complaints"),
        [Length(max=600, message=_l("Write 600 characters or less"))],
        description=_l("Days and the numbers they gave you. No illness: that stays with you."),
    )
    agreed = BooleanField(
        _l("I agree that they get this"), [needed(_l("Tick that you agree, or leave the page without saving"))]
    )
