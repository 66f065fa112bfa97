"""How do you want to be reminded?"""

from flask_babel import lazy_gettext as _l

from portal.forms import Form, RadioField, needed
from portal.reminders.words import WAYS


class WayForm(Form):
    """One of three ways."""

    way = RadioField(_l("How shall we remind you?"), [needed(_l("Choose one"))], choices=list(WAYS.items()))
