"""The words of the screen for what came back, by the names that the database keeps."""

from flask_babel import lazy_gettext as _l

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

# Kinds that a reader can choose: silence is noted by the portal, never read out of something.
READABLE_KINDS = {name: both for name, both in KINDS.items() if name != "silence"}
