"""Forms for the history of the whole letter."""

from flask_babel import lazy_gettext as _l

from portal.forms import Form, Length, RadioField, Words, needed
from portal.letters.forms import SeenVersion


class SeenForm(Form):
    """Something that is done to the text as it was seen."""

    seen = SeenVersion()

    @property
    def seen_version(self) -> int:
        """The version that was read; 0 when the page did not say."""
        return self.seen.data or 0


class RestoreForm(SeenForm):
    """Going back to an earlier state."""

    why = Words(
        _l("Why do we go back?"),
        [Length(max=300, message=_l("The reason must be 300 characters or less"))],
        description=_l("It stands in the history. “The shorter letter was the better one.”"),
    )


class NameForm(SeenForm):
    """A name for the letter as it stands."""

    name = RadioField(
        _l("What is it by now?"),
        [needed(_l("Choose what it is"))],
        choices=[("outline", _l("An outline")), ("proposed", _l("A proposal to agree on"))],
    )
