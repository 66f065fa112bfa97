"""The screen's words for roles, ways in and steps of visibility: one place, so that pages and mails agree."""

from flask_babel import lazy_gettext as _l

ROLE_WORDS = {
    "lead": _l("Lead"),
    "drafter": _l("Letter writer"),
    "door_captain": _l("Door captain"),
    "secretary": _l("Secretary"),
    "spokesperson": _l("Spokesperson"),
}

ROLE_HINTS = {
    "lead": _l("Gives roles, and with a second lead agrees to go public, to send a letter, and to close"),
    "drafter": _l("Writes demands and letters with the others"),
    "door_captain": _l("Keeps the list of homes and calls on a floor or two"),
    "secretary": _l("Calls meetings, keeps minutes, logs what comes in"),
    "spokesperson": _l("Speaks for the circle when somebody asks"),
}

HOW_WORDS = {
    "started": _l("started the campaign"),
    "invitation": _l("came by invitation"),
    "vouched": _l("a member vouched for them"),
    "organizer": _l("came as an organizer"),
}

VISIBILITY_WORDS = {"circle": _l("In the circle"), "link": _l("By link"), "public": _l("Public")}
