"""Forms for suggestions, remarks, and handing a letter over."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.forms import ChecksField, Form, Length, Passage, RadioField, SelectField, Words, needed
from portal.letters.forms import BlockForm, SeenVersion
from portal.letters.models import Block
from portal.letters.talk.people import MOST_TICKS, Neighbour, names_to_people

LONGEST_REMARK = 2000


def _why() -> Words:
    return Words(
        _l("Why?"),
        [
            needed(_l("Say in one line why. Whoever decides reads it")),
            Length(max=300, message=_l("The reason must be 300 characters or less")),
        ],
        description=_l("One line is enough. “Everybody here says lift, not elevator.”"),
    )


class WordsForm(BlockForm):
    """Other words for a part."""

    why = _why()


class PartForm(BlockForm):
    """A new part, and where it stands."""

    after = SelectField(_l("Where does it stand?"))
    why = _why()

    def offer(self, parts: Sequence[tuple[Block, str]]) -> None:
        """The parts that it may follow, each with its name."""
        first = [("0", _("At the beginning"))]
        self.after.choices = first + [(str(block.id), _("After: %(part)s", part=name)) for block, name in parts]


class RemovalForm(Form):
    """Leaving a part out."""

    why = _why()
    seen = SeenVersion()

    @property
    def seen_version(self) -> int:
        """The version that was read; 0 when the page did not say."""
        return self.seen.data or 0


class MergeForm(BlockForm):
    """A suggestion in other words, before it is taken."""

    answer = Words(
        _l("What did you make of it?"),
        [Length(max=300, message=_l("This must be 300 characters or less"))],
        description=_l("The author reads it. “Your number, in a shorter sentence.”"),
    )


class RefusalForm(Form):
    """Saying no to a suggestion."""

    answer = Passage(
        _l("Why not?"),
        [
            needed(_l("Say why not. The author reads it")),
            Length(max=1000, message=_l("The reason must be 1,000 characters or less")),
        ],
        description=_l("The author reads it, and so does everybody in the campaign. “We counted 31 homes, not 40.”"),
    )


class RemarkForm(Form):
    """A remark or an answer, and whom to tell of it by mail."""

    text = Passage(
        _l("Your remark"),
        [
            needed(_l("Write something first")),
            Length(max=LONGEST_REMARK, message=_l("The remark must be 2,000 characters or less")),
        ],
        description=_l("Everybody in the campaign can read it."),
    )
    tell = ChecksField(
        _l("Tell somebody by mail"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Each gets one mail with your first line. “@Name” in your words does the same."),
    )
    tell_names = Words(
        _l("Tell somebody by mail"),
        [Length(max=300, message=_l("Name fewer people, or say it in two remarks"))],
        description=_l("First names with commas between them. “@Name” in your words does the same."),
    )

    def __init__(self, circle: Sequence[Neighbour], *args: Any, own_id: int, place: object = "new", **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self:
            # One for each thread may stand on a page.
            field.id = field.label.field_id = f"{field.short_name}_{place}"
        self.circle = [one for one in circle if one.id != own_id]
        self.tell.choices = [(str(one.id), one.name) for one in self.circle]
        if len(self.circle) > MOST_TICKS or not self.circle:
            del self.tell
        if len(self.circle) <= MOST_TICKS:
            del self.tell_names

    def validate_tell_names(self, field: Any) -> None:
        """Each name must be somebody's."""
        _found, unknown = names_to_people(field.data or "", self.circle)
        if unknown:
            raise ValidationError(_("Nobody here is called %(name)s. Write the name as they do", name=unknown[0]))

    @property
    def told(self) -> set[int]:
        """Whom to tell, by id."""
        if "tell" in self:
            return {int(number) for number in self.tell.data or ()}
        return names_to_people(self.tell_names.data or "", self.circle)[0] if "tell_names" in self else set()


class OfferForm(Form):
    """Another writer who could keep the letter moving."""

    person = RadioField(_l("Who could keep it moving?"), [needed(_l("Choose one of them"))])


class StillForm(Form):
    """Saying that a part should still be left out, having read it again."""

    seen = SeenVersion()

    @property
    def seen_version(self) -> int:
        """The version that was read; 0 when the page did not say."""
        return self.seen.data or 0
