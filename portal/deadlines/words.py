"""The working of a due date in words, and the names of events, units and how sure we are."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.language import format_day, format_moment

# event → (what happened, as the start of a sentence; what a rule waits for, as its end)
EVENTS = {
    "posted": (_l("Posted"), _l("the day it was posted")),
    "delivered": (_l("It reached them"), _l("the day it reaches them")),
    "received": (_l("They received it"), _l("the day they receive it")),
    "acknowledged": (_l("They said that they have it"), _l("the day they say that they have it")),
    "aware": (_l("They knew of it"), _l("the moment they knew of it")),
    "investigation_concluded": (_l("Their investigation ended"), _l("the day their investigation ends")),
    "final_response": (_l("Their final answer came"), _l("the day their final answer comes")),
    "notice_date": (_l("The notice"), _l("the day of the notice or of the latest publication")),
    "period_end": (_l("The accounting period ended"), _l("the end of the accounting period")),
    "request": (_l("We asked for it"), _l("the day we ask for it")),
    "stage_two_asked": (_l("We asked for stage 2"), _l("the day we ask for stage 2")),
    "claim_sent": (_l("They got a letter of claim"), _l("the day they get a letter of claim")),
}
CHANNELS = {
    "email": _l("by e-mail"),
    "post": _l("by post"),
    "hand": _l("by hand"),
    "web": _l("through their form"),
    "public": _l("in public"),
}
CALENDARS = {
    "gb-eng-wls": _l("England and Wales"),
    "gb-sct": _l("Scotland"),
    "gb-nir": _l("Northern Ireland"),
    "gb-union": _l("any part of the UK"),
    "none": _l("no holidays"),
}
STATUSES = {
    "in_force": _l("in force"),
    "planned": _l("planned: does not run yet"),
    "repealed": _l("no longer in force"),
    "local_promise": _l("their own promise"),
}
CONFIDENCES = {
    "high": _l("read at its source, and sure"),
    "medium": _l("read in good summaries, fairly sure"),
    "low": _l("from common knowledge, not sure"),
    "unverified": _l("not checked"),
}
SUGGESTIONS = {
    "ask_again": _l("Write again, and quote the date."),
    "chase": _l("Write again, and quote the date."),
    "ring_landlord": _l("Ring their emergency line now."),
    "go_to_council": _l("Tell the council’s housing officers."),
    "ask_ombudsman_to_chase": _l("Ask the ombudsman to press them for an answer."),
    "escalate_stage_2": _l("Ask them for stage 2 of their complaints procedure."),
    "second_stage": _l("Ask them for the second stage of their procedure."),
    "go_to_ombudsman": _l("Take it to the ombudsman."),
    "go_to_tribunal": _l("Take it to the tribunal. Get advice first."),
    "ask_for_review": _l("Ask them for a review."),
    "go_to_ico": _l("Take it to the Information Commissioner."),
    "go_to_commissioner": _l("Take it to the Scottish Information Commissioner."),
    "ask_for_payment": _l("Ask for the payment that is due for a late answer."),
    "go_to_ccw": _l("Take it to CCW."),
}


def length(n: int, unit: str) -> str:
    """ "10 working days", "1 month"."""
    return {
        "hour": lambda: ngettext("%(num)d hour", "%(num)d hours", n),
        "day": lambda: ngettext("%(num)d day", "%(num)d days", n),
        "wd": lambda: ngettext("%(num)d working day", "%(num)d working days", n),
        "week": lambda: ngettext("%(num)d week", "%(num)d weeks", n),
        "month": lambda: ngettext("%(num)d month", "%(num)d months", n),
    }[unit]()


def _day(text: str) -> str:
    return format_day(date.fromisoformat(text))


def _span(first: date, last: date) -> str:
    if first == last:
        return format_day(first, weekday=False)
    if first.month == last.month:
        return f"{first.day}–{format_day(last, weekday=False)}"
    return f"{format_day(first, weekday=False)} – {format_day(last, weekday=False)}"


def _months(spans: list[tuple[date, date]]) -> str:
    """ "21–22 and 28–29 Nov": the month once where neighbours share it."""
    written: list[str] = []
    for at, (first, last) in enumerate(spans):
        follows = spans[at + 1] if at + 1 < len(spans) else None
        month = format_skeleton("MMM", last, locale=get_locale() or "en")
        shares = follows is not None and follows[0].month == last.month and first.month == last.month
        text = _span(first, last)
        written.append(text.split(f" {month}")[0] if shares else text)
    if len(written) < 2:
        return "".join(written)
    return _("%(first)s and %(last)s", first=", ".join(written[:-1]), last=written[-1])


def skipped_in_words(skipped: list[Mapping[str, str]]) -> str:
    """ "21–22 and 28–29 Nov (weekends), 30 Nov (St Andrew’s Day)"; empty when nothing was skipped."""
    weekends = [
        (date.fromisoformat(one["from"]), date.fromisoformat(one["to"])) for one in skipped if one["why"] == "weekend"
    ]
    said = []
    if weekends:
        said.append(f"{_months(weekends)} ({ngettext('weekend', 'weekends', len(weekends))})")
    for one in skipped:
        if one["why"] == "named":
            said.append(f"{format_day(date.fromisoformat(one['from']), weekday=False)} ({one['name']})")
    return ", ".join(said)


def _how(working: Mapping[str, Any], event: str) -> list[str]:
    """How the starting day was found."""
    how = working.get("how") or {}
    start = _day(working["start"])
    kind = how.get("kind")
    name = EVENTS[event][0]
    if kind == "receipt":
        steps = [
            _(
                "It left %(way)s on %(day)s. By the rule it counts as received %(length)s later: %(start)s.",
                way=CHANNELS[how["channel"]],
                day=_day(how["start"]),
                length=length(how["n"], how["unit"]),
                start=start,
            )
        ]
        return steps + _skips(how)
    if kind == "added":
        steps = [_("%(event)s: %(day)s.", event=EVENTS[how["event"]][0], day=_day(how["start"]))]
        if how["n"]:
            steps.append(_("%(length)s from then: %(day)s.", length=length(how["n"], how["unit"]), day=start))
        return steps + _skips(how)
    if kind in {"instead", "cap"}:
        if kind == "instead":
            reason = _(
                "We have no day on record for this: %(event)s. So we count from another.", event=EVENTS[event][1]
            )
        else:
            reason = _("What starts this clock came late. We count from the day by which it had to come.")
        inner = {"start": working["start"], "how": how["working"]}
        return [reason, *_how(inner, how["by"])]
    return [_("%(event)s: %(day)s.", event=name, day=start)]


def _skips(working: Mapping[str, Any]) -> list[str]:
    skipped = skipped_in_words(working.get("skipped") or [])
    return [_("Skipped: %(days)s.", days=skipped)] if skipped else []


def working_in_words(working: Mapping[str, Any]) -> list[str]:
    """The steps from what happened to the due date, one sentence each. Empty without a working."""
    if not working:
        return []
    steps = []
    for one in working.get("later_of") or ():
        steps.append(_("%(event)s, with its time: %(day)s.", event=EVENTS[one["event"]][0], day=_day(one["day"])))
    if steps:
        steps.append(_("Whichever is later counts."))
    else:
        steps = _how(working, working["event"])
    if working["unit"] == "hour":
        at = datetime.fromisoformat(working["start_at"])
        due = datetime.fromisoformat(working["due_at"])
        return [
            _("%(event)s: %(moment)s.", event=EVENTS[working["event"]][0], moment=format_moment(at)),
            _(
                "%(length)s later, nights and weekends counted: due %(moment)s.",
                length=length(working["n"], "hour"),
                moment=format_moment(due),
            ),
        ]
    if working["n"]:
        if working["first_day"]:
            steps.append(_("First day that counts: %(day)s.", day=_day(working["first_day"])))
        steps += _skips(working)
        steps.append(
            _(
                "%(length)s: due %(day)s, to the end of that day.",
                length=length(working["n"], working["unit"]),
                day=_day(working["due"]),
            )
        )
    else:
        steps.append(_("Due %(day)s, to the end of that day.", day=_day(working["due"])))
    if working.get("beyond"):
        year = date.fromisoformat(working["beyond"]).year
        steps.append(_("The holidays after %(year)s are not known yet. Look at this date again later.", year=year))
    return steps
