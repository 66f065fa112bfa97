"""The words of the screen for the steps of a plan."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.campaigns.circle_words import ROLE_WORDS
from portal.escalation.models import Rung
from portal.escalation.standing import Reason, Standing, Wait
from portal.language import format_day, inside

TRIGGERS = {
    "deadline": (_l("A date passes"), _l("One of the clocks of the letter: for an answer, a meeting, the work.")),
    "silence": (_l("Nothing comes"), _l("Not a word for so many days. Say below how many.")),
    "broken": (_l("They break a promise"), _l("Its day has passed, and residents found that it was not kept.")),
    "refusal": (_l("They say no"), _l("Somebody read their answer, and it is a no.")),
    "offer": (_l("They give a part, or offer something else"), _l("Then members say whether it is enough.")),
    "day": (_l("A day comes"), _l("Say below which one.")),
    "before": (_l("The step before has not helped"), _l("It is done, and nothing came of it.")),
}
CONSENTS = {
    "vote": (_l("We vote when it is its turn"), _l("The vote can open when the step is unlocked.")),
    "ahead": (_l("We may vote before it is needed"), _l("If the vote passes, the step can begin the day it unlocks.")),
}
STATES = {
    "waiting": (_l("Waiting"), "quiet"),
    "unlocked": (_l("It is its turn"), "warn"),
    "voting": (_l("We vote on it"), "info"),
    "agreed": (_l("Agreed"), "good"),
    "started": (_l("Under way"), "info"),
    "done": (_l("Done"), "good"),
    "skipped": (_l("Skipped"), "quiet"),
}


def who_in_words(rung: Rung) -> str:
    """Who does it: a name, a role, or nobody yet."""
    if rung.who is not None:
        return rung.who.display_name
    return str(ROLE_WORDS[rung.who_role]) if rung.who_role else _("Nobody yet")


def trigger_in_words(rung: Rung) -> str:
    """What unlocks a step, as a rule."""
    if rung.trigger == "silence":
        return ngettext("Nothing comes for %(num)d day", "Nothing comes for %(num)d days", rung.days)
    if rung.trigger == "day":
        return _("%(day)s comes", day=_day(rung.on_day))
    return str(TRIGGERS[rung.trigger][0])


def reason_in_words(reason: Reason) -> str:
    """Why a step is unlocked, in one sentence."""
    title = reason.letter.title if reason.letter is not None else ""
    if reason.trigger == "deadline" and reason.clock is not None:
        day = format_day(reason.clock.holds_on)
        return _("A date that ran for “%(title)s” has passed: %(day)s.", title=title, day=day)
    if reason.trigger == "silence":
        return ngettext(
            "Nothing has come on “%(title)s” for %(num)d day.",
            "Nothing has come on “%(title)s” for %(num)d days.",
            reason.days,
            title=title,
        )
    if reason.trigger == "broken" and reason.promise is not None:
        return _("They broke a promise: “%(what)s”.", what=inside(reason.promise.row.what))
    if reason.trigger == "refusal":
        return _("They said no on %(day)s.", day=format_day(reason.since))
    if reason.trigger == "offer":
        return _("On %(day)s they gave a part, or offered something else.", day=format_day(reason.since))
    if reason.trigger == "day":
        return _("Its day has come: %(day)s.", day=format_day(reason.since))
    return _("The step before has not helped, or there is none before it.")


def wait_in_words(wait: Wait) -> str:
    """What a step waits for, in one sentence."""
    of_letter = wait.letter.title if wait.letter is not None else ""
    if wait.trigger == "earliest":
        return _("Not before %(day)s.", day=_day(wait.on))
    if wait.trigger == "day":
        return _("It waits for %(day)s.", day=_day(wait.on))
    if wait.trigger == "deadline" and wait.on is not None:
        return _("It waits for a date that runs for “%(title)s”: %(day)s.", title=of_letter, day=_day(wait.on))
    if wait.trigger == "deadline":
        return _("It waits for a date to pass. No clock runs now.")
    if wait.trigger == "silence" and wait.on is not None:
        return _("If nothing comes, it unlocks on %(day)s.", day=_day(wait.on))
    if wait.trigger == "silence":
        return _("It waits until nothing comes. No letter waits for an answer now.")
    return {
        "broken": _("It waits for a promise that residents find broken."),
        "refusal": _("It waits for a no from them."),
        "offer": _("It waits for an answer that gives a part, or offers something else."),
    }.get(wait.trigger) or _("It waits until the step before is done and has not helped.")


def _day(day: date | None) -> str:
    return format_day(day) if day is not None else ""


def state_in_words(rung: Rung, standing: Standing) -> str:
    """What stands under the name of a step: why it is where it is."""
    if standing.name == "waiting" and standing.wait is not None:
        waits = wait_in_words(standing.wait)
        if rung.agreed_at is not None:
            return _("We agreed to it on %(day)s.", day=format_day(rung.agreed_at)) + " " + waits
        return waits
    if standing.name == "unlocked" and standing.reason is not None:
        return reason_in_words(standing.reason)
    if standing.name == "voting":
        return _("The members vote on it now.")
    if standing.name == "agreed":
        return _("The members agreed to it on %(day)s. It can begin.", day=format_day(rung.agreed_at))
    if standing.name == "started":
        return _("Begun on %(day)s.", day=format_day(rung.started_at))
    if standing.name == "done":
        helped = _("It helped.") if rung.has_helped else _("It did not help.")
        return _("Done on %(day)s.", day=format_day(rung.done_at)) + " " + helped
    return _("Skipped: %(why)s", why=rung.skipped_why)
