"""The words of the screen for reading an answer together."""

from flask_babel import lazy_gettext as _l

CONFIDENCES = {"sure": _l("Sure"), "fairly": _l("Fairly sure"), "unsure": _l("Not sure")}

FILE_STATES = {
    "waiting": _l("Its words are being read. Load this page again in a moment."),
    "read": _l("Its words can be read as text."),
    "empty": _l("A scan or a picture: no words could be read."),
    "failed": _l("Its words could not be read. It may be locked, broken or longer than 60 pages."),
    "none": _l("No kind of file that has words in it."),
}
