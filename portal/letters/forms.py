"""Forms for writing a letter."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import (
    BooleanField,
    Day,
    Form,
    HiddenField,
    Length,
    Passage,
    RadioField,
    SeenVersion,
    SelectField,
    Words,
    needed,
)
from portal.letters import blocks

# Names of languages in themselves, so that whoever writes in one finds it.
LANGUAGES = (
    ("en", "English"),
    ("cy", "Cymraeg"),
    ("gd", "Gàidhlig"),
    ("ga", "Gaeilge"),
    ("ar", "العربية"),
    ("bn", "বাংলা"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("gu", "ગુજરાતી"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("so", "Soomaali"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
)
LONGEST_TEXT = 4000

QUESTIONS = {
    "greeting": (_l("How does the letter begin?"), _l("Who you write to, and in two sentences who you are.")),
    "fact": (_l("What is true?"), _l("One thing, with a number and a date. “31 of our 84 homes have mould.”")),
    "harm": (_l("What is it like to live with?"), _l("In plain words. No illness with a name, and no home number.")),
    "demand": (_l("What do you ask them to do?"), _l("One thing. “Survey every home that reported mould.”")),
    "question": (_l("What do you want to know?"), _l("One question. “When was the roof last inspected?”")),
    "meeting": (_l("What meeting do you ask for?"), _l("Three days, a place near you, and who should come.")),
    "closing": (
        _l("How does the letter end?"),
        _l("The day you expect an answer, and what you do together after that. Then who you are."),
    ),
}


class StartLetterForm(Form):
    """Choose what to begin from."""

    template_name = RadioField(_l("How do you want to begin?"), [needed(_l("Choose how to begin"))])


class HeadingForm(Form):
    """The headline, and what kind of letter it is."""

    title = Words(
        _l("Headline"),
        [needed(_l("Write a headline")), Length(max=160, message=_l("The headline must be 160 characters or less"))],
        description=_l("What you ask for, in your own words. “We ask for dry walls and lifts that run.”"),
    )
    language = SelectField(_l("Language of the letter"), choices=LANGUAGES)
    is_formal_complaint = BooleanField(
        _l("This letter is a formal complaint"),
        description=_l("Then say so in the letter, too. It starts the clock that a landlord or supplier has to keep."),
    )
    seen_title = HiddenField()


class BlockForm(Form):
    """One part of a letter. Fields that the kind does not have are taken away."""

    text = Passage(
        _l("Text"),
        [
            needed(_l("Write something, or leave this part as it was")),
            Length(max=LONGEST_TEXT, message=_l("This part must be 4,000 characters or less. Make two of it")),
        ],
    )
    test = Words(
        _l("How will you know that it is done?"),
        [Length(max=300, message=_l("The test must be 300 characters or less"))],
        description=_l("Something that anybody can see. “Each home has the report in writing.”"),
    )
    by_on = Day(_l("By which day?"))
    source = Words(
        _l("Where does this come from?"),
        [Length(max=300, message=_l("The source must be 300 characters or less"))],
        description=_l("“Our list of reports, March to May.” Without one it is marked as a claim while you write."),
    )
    why = Words(
        _l("Why this change?"),
        [Length(max=200, message=_l("The reason must be 200 characters or less"))],
        description=_l("One line, for the others. It stands in the history."),
    )
    seen = SeenVersion()

    def __init__(self, kind: str, *args: Any, place: object = "new", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            # Several of these may be open on one page.
            field.id = field.label.field_id = f"{field.short_name}_{place}"
        self.kind = kind
        self.text.label.text, self.text.description = QUESTIONS[kind]
        if kind != "demand":
            del self.test, self.by_on
        if kind != "fact":
            del self.source

    @property
    def words(self) -> blocks.Words:
        """What was typed."""
        given = {name: self[name].data for name in ("text", "test", "by_on", "source") if name in self}
        words = blocks.Words(given["text"] or "", given.get("test") or "", given.get("by_on"))
        return replace(words, source=given.get("source") or "")

    @property
    def seen_version(self) -> int:
        """The version that the writing began from; 0, which is never current, when the page did not say."""
        return self.seen.data or 0
