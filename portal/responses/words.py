"""The words of the screen for what came back, by the names that the database keeps."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.language import format_day

CHANNELS = {
    "email": _l("An e-mail"),
    "letter": _l("A letter on paper"),
    "phone": _l("A phone call"),
    "visit": _l("A visit"),
    "meeting": _l("At a meeting"),
    "other": _l("Some other way"),
    "web": _l("On our page for corrections"),
    "noted": _l("Noted by the portal"),
}

# How something can come that a person logs.
BY_HAND = {name: CHANNELS[name] for name in ("email", "letter", "phone", "visit", "meeting", "other")}
# kind → (name, what it means and whether it ends the waiting)
KINDS = {
    "acknowledgement": (_l("They have it"), _l("“We received your letter.” We go on waiting for the answer itself.")),
    "holding": (
        _l("They are looking into it"),
        _l("They ask for more time. We go on waiting; the first date stays on show."),
    ),
    "request_info": (
        _l("They ask us for something"),
        _l("Details, photos, names. We go on waiting while we decide what to give."),
    ),
    "refusal": (_l("They say no"), _l("To one demand or to all. It ends the waiting; now we decide what to do next.")),
    "partial": (
        _l("They give a part"),
        _l("Some of it, or only in some homes. It ends the waiting; compare it with what we asked."),
    ),
    "offer": (_l("They offer something else"), _l("It ends the waiting. Members decide together whether it will do.")),
    "meeting_agreed": (_l("They will meet us"), _l("It ends the waiting for a meeting, and only for that.")),
    "commitment": (
        _l("They promise, with a date"),
        _l("They will do this by then. It ends the waiting; we watch the date."),
    ),
    "vague_promise": (
        _l("They promise, without a date"),
        _l("“Soon”, “in due course”. We go on waiting, and ask for a date."),
    ),
    "done_claimed": (
        _l("They say it is done"),
        _l("It ends the waiting for that part. Whether it is done, the people who live there will say."),
    ),
    "legal_threat": (
        _l("They threaten us with the law"),
        _l("A solicitor’s letter, a demand to stop. We go on waiting, and nobody answers alone."),
    ),
    "auto_reply": (
        _l("A machine answered"),
        _l("“Out of office.” It does not count. We go on waiting; check the address."),
    ),
    "bounce": (
        _l("It came back"),
        _l("Their mail system did not take it. It does not count. Check the address, and send it another way."),
    ),
    "silence": (
        _l("Nothing came"),
        _l("Their time passed without an answer. Nobody wrote this: the portal noted the day."),
    ),
    "correction": (
        _l("They say a fact is wrong"),
        _l("We go on waiting. Check the fact, and if they are right, say so in public."),
    ),
}

VERDICTS = {
    "yes": _l("Yes"),
    "partly": _l("Partly"),
    "no": _l("No"),
    "not_answered": _l("Not answered"),
    "unclear": _l("Unclear"),
}

CHECKS = {
    "fixed": (_l("It is fixed"), _l("I have seen that they did what they promised.")),
    "partly": (_l("Partly"), _l("Some of it is done, or only in some homes.")),
    "not_fixed": (_l("It is not fixed"), _l("I have looked, and it is not done, or it broke again.")),
    "cannot_tell": (_l("I cannot tell"), _l("I have not seen it, or I am not sure.")),
}

# What can be ticked on the list for the doors.
TICKED = {
    "fixed": _l("Fixed"),
    "partly": _l("Partly"),
    "not_fixed": _l("Not fixed"),
    "cannot_tell": _l("Cannot tell"),
    "nobody_in": _l("Nobody in"),
}
REACHES = {
    "matter": _l("One thing, the same for everybody"),
    "homes": _l("Certain homes, each with its own"),
    "building": _l("The whole building"),
}
REACH_HINTS = {
    "matter": _l("A named contact, a leaflet, a policy. Two residents who have seen it are enough."),
    "homes": _l("Fans in 40 homes, a survey in 31. Each home says it for itself."),
    "building": _l("A lift, the heating. Anybody can say it, each home counts once."),
}
# How a promise stands, as its mark says it.
STANDINGS = {
    "kept": _l("kept"),
    "partly": _l("kept in part"),
    "checking": _l("they say done"),
    "not_due": _l("not due yet"),
    "late": _l("past its date"),
    "broken": _l("not kept"),
    "unsure": _l("we do not agree yet"),
    "undated": _l("no date given"),
}
# The same for the heading over those that stand so.
GROUPS = {
    "broken": _l("Not kept"),
    "late": _l("Past their date"),
    "unsure": _l("We do not agree yet"),
    "checking": _l("They say it is done: who looks?"),
    "partly": _l("Kept in part"),
    "not_due": _l("Not due yet"),
    "undated": _l("Without a date"),
    "kept": _l("Kept"),
}
# What residents found, as the history names it. Before its day nothing is called broken.
STATES = {
    "promised": _l("open"),
    "kept": _l("kept"),
    "partly_kept": _l("done in part"),
    "disputed": _l("we do not agree"),
    "not_kept": _l("not done, residents say"),
    "renegotiated": _l("another promise in its place"),
    "cancelled": _l("called off"),
}

# Kinds that a reader can choose: silence is noted by the portal, never read out of something.
READABLE_KINDS = {name: both for name, both in KINDS.items() if name != "silence"}


def reach_in_words(kept: str) -> str:
    """Whom a promise is about, from the text in which its history keeps it: "homes 40 60"."""
    kind, _space, rest = kept.partition(" ")
    if kind not in REACHES or not rest:
        return str(REACHES.get(kind, ""))
    count, share = rest.split()
    if kind == "building":
        return _("the whole building, %(share)s homes in a hundred", share=share)
    homes = ngettext("%(num)d home", "%(num)d homes", int(count))
    return _("%(homes)s, %(share)s in a hundred", homes=homes, share=share)


def change_in_words(change: Any) -> str:
    """A line of a promise's history as a sentence, without who and when."""
    was, now = change.was, change.now
    if change.what == "state":
        return _("From “%(was)s” to “%(now)s”", was=STATES.get(was, was), now=STATES.get(now, now))
    if change.what == "words":
        return _("The words were corrected. Before: “%(was)s”", was=was)
    if change.what == "day":
        return _("The day was corrected, from %(was)s to %(now)s", was=_day(was), now=_day(now))
    if change.what == "reach":
        return _("It is about: %(now)s. Before: %(was)s", now=reach_in_words(now), was=reach_in_words(was))
    if change.what == "claim":
        return _("They say it is done since %(day)s", day=_day(now)) if now else _("They no longer say it is done")
    if change.what == "day_passed":
        return _("Its day passed, %(day)s", day=_day(was))
    if change.what == "talked":
        name = CHECKS[now][0] if now in CHECKS else now
        return _("Talked to a home that said it is not fixed. They say now: %(now)s", now=name)
    if change.what == "reopened":
        return ngettext("It broke again, for the first time", "It broke again, %(num)s times now", int(now or 1))
    if change.what == "replaced":
        return _("Another promise stands in its place: “%(now)s”", now=now)
    return _("Called off") if change.what == "cancelled" else _("Brought back")


def _day(kept: str) -> str:
    try:
        return format_day(date.fromisoformat(kept))
    except ValueError:
        return _("no day")
