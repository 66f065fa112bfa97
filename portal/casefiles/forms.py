"""The form that asks for a case file."""

from flask_babel import lazy_gettext as _l
from wtforms.widgets import CheckboxInput, ListWidget

from portal.forms import ChecksField, Day, Form, RadioField, needed

PARTS = [("public", _l("Without private details")), ("private", _l("With private details"))]


class CaseFileForm(Form):
    """Which letters, which days, and how much."""

    letters = ChecksField(
        _l("Which letters?"),
        [needed(_l("Choose at least one letter"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    from_on = Day(_l("From this day on"))
    until_on = Day(_l("Up to this day"))
    parts = RadioField(_l("How much?"), [needed(_l("Choose how much is in it"))], choices=PARTS)
