"""Forms about publishing nothing new."""

from flask_babel import lazy_gettext as _l

from portal.forms import Form, Length, Optional, Words


class PausePublishingForm(Form):
    """Publish nothing new from now on."""

    why = Words(_l("Why?"), [Optional(), Length(max=300, message=_l("The reason must be 300 characters or less"))])


class GoOnForm(Form):
    """Publish again: nothing to fill in, only to mean it."""
