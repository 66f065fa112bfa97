"""Forms for putting on record that a letter went another way than by mail, and that one came back."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TimeField

from portal.forms import Day, FileField, Form, Length, Passage, RadioField, Typed, Words, needed
from portal.letters.deliveries.words import MANNERS


class Hour(Typed, TimeField):
    """A time on the clock here, like 14:30, or nothing."""

    wrong = _l("Enter a time like 14:30")

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%H:%M", "%H.%M", "%H:%M:%S"], **kwargs)


def _name(label: Any, missing: Any) -> Words:
    return Words(label, [needed(missing), Length(max=120, message=_l("The name must be 120 characters or less"))])


def _place(label: Any, missing: Any) -> Words:
    return Words(label, [needed(missing), Length(max=300, message=_l("This must be 300 characters or less"))])


def _short(label: Any) -> Words:
    return Words(label, [Length(max=200, message=_l("This must be 200 characters or less"))])


class PostForm(Form):
    """It was posted."""

    to_name = _name(_l("Who it is addressed to"), _l("Enter who it is addressed to"))
    to_address = _place(_l("Their postal address"), _l("Enter the address on the envelope"))
    happened_on = Day(_l("On which day was it posted?"), [needed(_l("Enter the day it was posted"))])
    reference = _short(_l("Number of the certificate of posting"))
    note = _short(_l("Anything else, such as who posted it"))
    file = FileField(_l("Photo or scan of the certificate"))


class HandForm(Form):
    """It was handed over."""

    to_name = _name(_l("Who took it"), _l("Enter who took it, or where it was left"))
    to_address = _place(_l("Where"), _l("Enter where it was handed over"))
    happened_on = Day(_l("On which day?"), [needed(_l("Enter the day it was handed over"))])
    time = Hour(_l("At what time?"))
    note = _short(_l("Who saw it"))
    file = FileField(_l("Photo of handing it over, or of their receipt"))


class WebForm(Form):
    """It went through their complaint form."""

    to_name = _name(_l("Whose form it is"), _l("Enter whose form it is"))
    to_address = _place(_l("Web address of the form"), _l("Enter the address of the form, as the browser showed it"))
    happened_on = Day(_l("On which day?"), [needed(_l("Enter the day it was sent"))])
    time = Hour(_l("At what time?"))
    reference = _short(_l("Reference number it gave"))
    pasted = Passage(
        _l("What you put into the form"),
        [
            needed(_l("Paste what you put into the form, word for word")),
            Length(max=15000, message=_l("What you put into the form must be 15,000 characters or less")),
        ],
    )
    note = _short(_l("Anything else"))
    file = FileField(_l("Picture of the last page, or the copy they sent"))


class PublicForm(Form):
    """It was shown to everybody."""

    manner = RadioField(
        _l("What did you do with it?"), [needed(_l("Choose what you did with it"))], choices=list(MANNERS.items())
    )
    to_address = _place(_l("Where"), _l("Enter where people could hear or read it"))
    happened_on = Day(_l("On which day?"), [needed(_l("Enter the day"))])
    note = _short(_l("Anything else, such as who read it out"))
    file = FileField(_l("A photo or a cutting"))


FORMS: dict[str, type[Form]] = {"post": PostForm, "hand": HandForm, "web": WebForm, "public": PublicForm}


def _why() -> Words:
    return Words(
        _l("How do you know?"),
        [
            needed(_l("Say how you know, so that everybody can follow")),
            Length(max=300, message=_l("This must be 300 characters or less")),
        ],
    )


class CameBackForm(Form):
    """It came back."""

    on = Day(_l("On which day did it come back?"), [needed(_l("Enter the day it came back"))])
    why = _why()


class StandsForm(Form):
    """It did reach them after all."""

    why = _why()
