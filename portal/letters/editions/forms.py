"""Forms of later versions, of withdrawing a letter, of reading one, and of checking a text."""

from flask_babel import lazy_gettext as _l

from portal.forms import FileField, FileSize, Form, HiddenField, Length, Passage, needed
from portal.letters.forms import SeenVersion

MOST_BYTES = 5 * 1024 * 1024
LONGEST_PASTE = 60_000


class ReopenForm(Form):
    """Why the letter is written anew."""

    why = Passage(
        _l("Why do you write it anew?"),
        [needed(_l("Say why, so that everybody knows")), Length(max=500, message=_l("500 characters have to do"))],
    )


class WithdrawForm(Form):
    """Why the letter is withdrawn."""

    why = Passage(
        _l("Why do you withdraw the letter?"),
        [
            needed(_l("Say why; everybody who signed reads it")),
            Length(max=500, message=_l("500 characters have to do")),
        ],
    )


class TypoForm(Form):
    """Ask a second lead to agree that only a typo was mended."""

    note = Passage(
        _l("What was wrong?"),
        [needed(_l("Say in a few words what was wrong")), Length(max=300, message=_l("300 characters have to do"))],
    )
    seen = SeenVersion()


class ReadingForm(Form):
    """Say that you read the text."""

    words = Passage(
        _l("Should something change?"), [Length(max=1000, message=_l("This is too long. 1,000 characters have to do"))]
    )
    kind = HiddenField()
    seen = SeenVersion()


class CheckForm(Form):
    """A text or a PDF to look up."""

    text = Passage(
        _l("The text"), [Length(max=LONGEST_PASTE, message=_l("The text must be 60,000 characters or less"))]
    )
    file = FileField(_l("Or a PDF"), [FileSize(MOST_BYTES, message=_l("The file must be 5 MB or less"))])
