"""The words of the screen for how a campaign stands, by the names that the database keeps."""

from flask_babel import lazy_gettext as _l

STATE_WORDS = {
    "gathering": _l("Coming together"),
    "active": _l("Under way"),
    "paused": _l("Paused"),
    "won": _l("Won"),
    "partly_won": _l("Partly won"),
    "lost": _l("Lost"),
    "ended": _l("Ended"),
}
