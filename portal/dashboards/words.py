"""Words for the closed sets that pages across features show."""

from flask_babel import lazy_gettext as _l

from portal.campaigns.words import STATE_WORDS as STATE_WORDS

KIND_WORDS = {
    "repairs": _l("Repairs"),
    "damp": _l("Damp and mould"),
    "safety": _l("Fire and safety"),
    "water": _l("Water"),
    "energy": _l("Heating and energy"),
    "charges": _l("Rent and charges"),
    "demolition": _l("Demolition"),
    "club": _l("A club of ours"),
    "other": _l("Something else"),
}

STATE_TONES = {"won": "good", "partly_won": "good", "paused": "warn"}

# Who can read it, as a sentence without a stop.
VISIBILITY_WORDS = {
    "circle": _l("Only the circle sees it"),
    "link": _l("Whoever has the link sees it"),
    "public": _l("Everybody can read it"),
}
