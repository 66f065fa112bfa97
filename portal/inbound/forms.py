"""Forms about mail that came in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.widgets import CheckboxInput, ListWidget

from portal.forms import BooleanField, ChecksField, Form, Length, Optional, Passage, Words, needed


class TheirsForm(Form):
    """It is from them; and whether to believe that domain from now on."""

    believe_domain = BooleanField(_l("From now on, take proved mail from there for theirs"))


class BelieveForm(Form):
    """Believe another domain."""

    domain = Words(
        _l("Their other domain, or a whole address"),
        [
            needed(_l("Enter what stands after the @, such as example.org, or a whole address")),
            Length(max=254, message=_l("The domain must be 254 characters or less")),
        ],
    )


class HandOverForm(Form):
    """Give a held mail to its letter."""

    where = Words(
        _l("The letter’s reply address, or the address of its public page"),
        [
            needed(_l("Enter the letter’s reply address, or the address of its public page")),
            Length(max=500, message=_l("The address must be 500 characters or less")),
        ],
    )


class Pieces(ChecksField):
    """What to black out. A piece that is not in the text any more is no error: then there is nothing to do."""

    def pre_validate(self, form: Any) -> None:
        return


class ExcerptForm(Form):
    """Some of their own words, for everybody."""

    text = Passage(
        _l("Their words, as everybody will read them"),
        [
            needed(_l("Leave some of their words here")),
            Length(max=1500, message=_l("Keep 1,500 characters or less. Write […] where you cut")),
        ],
    )
    pieces = Pieces(
        _l("This may tell who lives where. What shall be black?"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    is_checked = BooleanField(_l("I have looked: what is left tells nobody who lives where"))

    def offer(self, marks: list[str]) -> None:
        """Offer these pieces of the text to be blacked out. None is ticked beforehand."""
        self.pieces.choices = [(piece, piece) for piece in marks]
