"""The base form, the shared fields and their forgiving readers.

Error words tell what to do. A form returns clean values; an operation never receives a form.
"""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.support import Translations
from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileSize
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import RadioField as PlainRadioField
from wtforms import SelectField as PlainSelectField
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import messages_path
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import HiddenInput

from portal import clock

__all__ = [
    "BooleanField",
    "ChecksField",
    "Day",
    "Email",
    "FileField",
    "FileSize",
    "Form",
    "HiddenField",
    "InputRequired",
    "Length",
    "Moment",
    "Name",
    "NotAfterToday",
    "Number",
    "Optional",
    "Passage",
    "RadioField",
    "SeenVersion",
    "SelectField",
    "Typed",
    "Words",
    "needed",
]

# Controls (except line feed and tab), and marks that turn the direction of what follows.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LINK = re.compile(r"(https?://|www\.|\b[\w-]+\.(com|net|org|info|io|ru|xyz|example)\b)", re.IGNORECASE)


def clean(value: str) -> str:
    """Text as typed, composed (NFC), without control and direction marks, lines ended alike, ends trimmed."""
    composed = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    composed = composed.encode("utf-8", "replace").decode("utf-8")
    return _INVISIBLE.sub("", composed).strip()


def one_line(value: str) -> str:
    """One line of text as typed, cleaned; inner line ends become spaces."""
    if value.isascii() and value.isprintable() and "  " not in value:
        # Most of what is typed, and nothing in it that the long way would change.
        return value.strip()
    return " ".join(clean(value).split())


def wrong_with_name(name: str) -> Any:
    """What is wrong with a person's name, as a sentence for the form, or None."""
    if len(name) > 80:
        return _l("The name must be 80 characters or less")
    if _LINK.search(name):
        return _l("Write a name without a web address in it")
    return None


# A local part that the validator gives back as it is, when its domain is good.
_PLAIN_ADDRESS = re.compile(r"([a-z0-9]+(?:[._+-][a-z0-9]+)*)@([a-z0-9.-]+)")


def normal_address(typed: str) -> str | None:
    """An e-mail address as it is used for sending, or None when it has not the right form. Checks shape only."""
    if len(typed) > 254:
        return None
    plain = _PLAIN_ADDRESS.fullmatch(typed)
    if plain and len(plain[1]) <= 64:
        domain = _normal_domain(plain[2])
        return None if domain is None else f"{plain[1]}@{domain}"
    return _validated(typed)


@lru_cache(maxsize=1024)
def _normal_domain(domain: str) -> str | None:
    # Remembered, because many people have their address at the same few.
    address = _validated(f"a@{domain}")
    return address and address[2:]


def _validated(typed: str) -> str | None:
    try:
        return validate_email(typed, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


class Needed:
    """The field must be filled with something that can be read: marks nobody sees do not count."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if field.process_errors and any(str(raw).strip() for raw in field.raw_data or ()):
            # Something was typed and could not be read; that sentence is the better one.
            return
        if field.data is None or field.data is False or field.data in ("", []):
            field.errors[:] = []
            raise StopValidation(self.message)


def needed(message: Any) -> Needed:
    """The field must be filled; `message` is an instruction such as "Enter the landlord's name"."""
    return Needed(message)


@lru_cache(maxsize=32)
def _library_words(locale: str) -> Any:
    """The library's own sentences in a language. It would read them from the disk for every request."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


class Form(FlaskForm):
    """Base of every form. `ui.tokens(form)` draws its proof of origin and the key against a double press."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            locale = get_locale()
            return None if locale is None else _library_words(str(locale))


class Words(StringField):
    """One line of text, cleaned; inner line ends become spaces."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = one_line(valuelist[0])


class Passage(TextAreaField):
    """Several lines of text, cleaned; lines are kept."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = clean(valuelist[0])


class Name(Words):
    """A person's name, in any script. No links: names travel in mail."""

    def pre_validate(self, form: Any) -> None:
        wrong = wrong_with_name(self.data or "")
        if wrong is not None:
            raise StopValidation(wrong)


class Email(Words):
    """An e-mail address, checked for shape only. `data` is normalised for sending."""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        address = normal_address(self.data)
        if address is None:
            raise StopValidation(_l("Enter an e-mail address in the right form, like name@example.com"))
        self.data = address


class Typed:
    """For a field of a library that reads a date or a time: nothing is nothing, and `wrong` says what to type."""

    wrong: Any
    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(valuelist).strip()
        if not typed:
            self.data = None
            return
        try:
            super().process_formdata([typed])  # type: ignore[misc]
        except ValueError:
            raise ValueError(self.wrong) from None


class Day(Typed, DateField):
    """A date: the browser's own control, or typed as 26/11/2026 or 2026-11-26."""

    wrong = _l("Enter a date like 26/11/2026")

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label, validators, format=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"], **kwargs
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data and not 1900 <= self.data.year <= 2200:
            self.data = None
            raise ValueError(self.wrong)


class Moment(Typed, DateTimeLocalField):
    """A date and a time on the wall clock here. `data` is naive as typed; `utc` is the moment meant."""

    wrong = _l("Enter a date and a time like 26/11/2026 19:00")

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"], **kwargs)

    @property
    def utc(self) -> datetime | None:
        """The moment, aware, in UTC."""
        return clock.from_local(self.data) if self.data else None


class Number(IntegerField):
    """A whole number."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist).strip().replace(",", "")
        if not typed:
            self.data = None
            return
        try:
            self.data = int(typed)
        except ValueError:
            self.data = None
            raise ValueError(_l("Enter a whole number, like 12")) from None
        if abs(self.data) > 10_000_000:
            self.data = None
            raise ValueError(_l("Enter a smaller number"))


class SeenVersion(IntegerField):
    """The version that a page showed, in a hidden field. Anything else than a number means: none that is known."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None

    def moved_on_to(self, version: int) -> None:
        """The page shows another version now than the one that was sent: the next press is about this one."""
        self.data, self.raw_data = version, None

    def _value(self) -> str:
        # What a view sets after a clash, not what came with the post.
        return str(self.data) if self.data is not None else ""


def pairs(choices: Any) -> list[SelectChoice]:
    """Choices given as (value, label) pairs, in the form that WTForms wants."""
    return [one if isinstance(one, SelectChoice) else SelectChoice(str(one[0]), one[1]) for one in choices or ()]


class _Choices:
    """Takes choices as (value, label) pairs and says in plain words when another value arrives."""

    def __init__(self, label: Any = None, validators: Any = None, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, choices=pairs(choices), **kwargs)  # type: ignore[call-arg]

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, pairs(value) if name == "choices" else value)

    def pre_validate(self, form: Any) -> None:
        speaks = self.flags.required or self.flags.optional  # type: ignore[attr-defined]
        if speaks and not any(self.raw_data or ()):  # type: ignore[attr-defined]
            # Nothing was chosen, and the field's own validators say what that means.
            return
        try:
            super().pre_validate(form)  # type: ignore[misc]
        except ValidationError:
            # Not StopValidation: a field left empty must still come to its own "Choose …" sentence.
            raise ValidationError(_l("Choose one of the answers")) from None


class RadioField(_Choices, PlainRadioField):
    """One of a few answers, all of them in sight."""


class SelectField(_Choices, PlainSelectField):
    """One of many answers."""


class ChecksField(_Choices, SelectMultipleField):
    """Any number of answers."""


class NotAfterToday:
    """The day must be today or earlier."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if isinstance(field.data, date) and field.data > clock.today():
            raise StopValidation(self.message)
