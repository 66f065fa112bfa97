"""The words for a step, filled in from the campaign: data files in texts/. Wording is changed there, never here.

A part with "if" is left out unless its facts are known; {fields} that nobody knows stand as [gaps] to fill by hand.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.errors import RuleBroken
from portal.escalation import catalogue
from portal.escalation.models import Rung
from portal.escalation.queries import Ladder
from portal.escalation.standing import Reason
from portal.language import inside
from portal.letters.filling import in_words
from portal.letters.models import Letter
from portal.letters.operations import start_letter
from portal.people.models import Person
from portal.responses.deadlines.cards import Card, card_of
from portal.responses.deadlines.models import Deadline

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class StepText:
    """Words ready to copy: a headline, the text, and the gaps that only the neighbours can fill."""

    title: str
    body: str
    gaps: list[str]


@cache
def _file(name: str) -> Mapping[str, Any]:
    return json.loads((catalogue.HERE / "texts" / f"{name}.json").read_text(encoding="utf-8"))


def text_for(rung: Rung, ladder: Ladder) -> StepText | None:
    """The words for this step; None for a kind without any. At most one statement, for the working of a clock."""
    kind = catalogue.kinds().get(rung.kind)
    if kind is None or not kind.text:
        return None
    known, given = _known(rung, ladder), _file(kind.text)
    parts = [part["text"] for part in given["parts"] if all(name in known for name in part.get("if", ()))]
    body = "\n\n".join(_fill(part, known) for part in parts)
    title = _fill(given["title"], known)
    gaps = list(dict.fromkeys(re.findall(r"\[[^\[\]\n]{1,200}\]", f"{title}\n{body}")))
    return StepText(title, body, gaps)


def start_letter_for(rung: Rung, ladder: Ladder, *, by: Person) -> Letter:
    """Start the letter that goes with this step, on the letter it is about. Raises RuleBroken where none does."""
    kind = catalogue.kinds().get(rung.kind)
    if kind is None or not kind.letter:
        raise RuleBroken(_("No letter goes with this step. Copy the words, or start a letter from the list of letters"))
    reason = _reason(rung, ladder)
    sent = reason.letter if reason is not None and reason.letter is not None else _last_letter(rung, ladder)
    chases = Letter.get_or_none(Letter.id == sent.id) if sent is not None else None
    known = _known(rung, ladder)
    names = ("why_now", "working")
    fields = {name: known[name] for name in names if name in known}
    return start_letter(rung.campaign, template_name=kind.letter, by=by, chases=chases, known=fields)


def _fill(text: str, known: Mapping[str, str]) -> str:
    gaps = _gaps()
    return _FIELD.sub(lambda found: known.get(found[1]) or f"[{gaps.get(found[1], found[1])}]", text)


def _gaps() -> dict[str, str]:
    """What stands where a field is not known."""
    return {
        "person": _("the name of the person who can say yes"),
        "organization": _("whom we wrote to"),
        "letter": _("the headline of our letter"),
        "sent_day": _("the day it went out"),
        "homes": _("how many homes there are"),
        "contact": _("name and number of our spokesperson"),
        "what_happened": _("what happened, in one sentence"),
        "body": _("the name of the ombudsman or office"),
        "meeting_when": _("day, hour and place"),
        "representative": _("the name of the councillor or member of parliament"),
        "reference": _("their reference, if they gave one"),
        "paper": _("the name of the paper"),
    }


def _last_letter(rung: Rung, ladder: Ladder) -> Any:
    return ladder.facts.letter(rung.letter_id) or next(iter(ladder.facts.letters), None)


def _reason(rung: Rung, ladder: Ladder) -> Reason | None:
    """What the step rests on: its own reason, or that of the first step before it that has a better one."""
    own = ladder.standing(rung).reason
    if own is not None and own.letter is not None:
        return own
    for other in ladder.rungs:
        found = ladder.standing(other).reason
        if found is not None and found.letter is not None:
            return found
    return own


def _known(rung: Rung, ladder: Ladder) -> dict[str, str]:
    """Every field that is known, in words."""
    campaign = rung.campaign
    target, place = campaign.target, campaign.place
    known = {"place": place.full_name, "campaign": campaign.title, "what": inside(rung.what)}
    if place.home_count:
        known["homes"] = str(place.home_count)
    if target is not None:
        known["organization"] = target.organization.name
        known["person"] = target.person_name or target.post or target.organization.name
    body = catalogue.body_for(campaign)
    if body is not None:
        known |= {"body": body["name"], "body_url": body["url"]}
    reason = _reason(rung, ladder)
    letter = (reason.letter if reason is not None else None) or _last_letter(rung, ladder)
    if letter is not None:
        known |= {"letter": letter.title, "sent_day": in_words(letter.sent_on, "en")}
        if letter.signature_count:
            known["signed"] = str(letter.signature_count)
        if letter.signed_home_count and place.home_count:
            known["signed_homes"] = str(letter.signed_home_count)
    if reason is not None:
        known |= _of_reason(reason)
    return known


def _of_reason(reason: Reason) -> dict[str, str]:
    since = in_words(reason.since, "en")
    if reason.promise is not None:
        row = reason.promise.row
        known = {"promise": inside(row.what), "broken": "yes"}
        said = _("They promised: “%(what)s”. Residents have looked, and it is not done.", what=inside(row.what))
        if row.due_on is not None:
            known["promised_for"] = in_words(row.due_on, "en")
            said = _(
                "They promised: “%(what)s”, by %(day)s. Residents have looked, and it is not done.",
                what=inside(row.what),
                day=known["promised_for"],
            )
        return {**known, "why_now": said}
    if reason.clock is not None:
        return {"late": "yes", **_missed(reason.clock.id)}
    if reason.trigger == "silence":
        return {
            "silent": "yes",
            "silent_days": str(reason.days),
            "why_now": _("For %(days)s days there has been no answer.", days=reason.days),
        }
    if reason.trigger == "refusal":
        return {"refused": "yes", "why_now": _("On %(day)s they said no.", day=since)}
    if reason.trigger == "offer":
        return {"offered": "yes", "why_now": _("On %(day)s they offered less than we asked for.", day=since)}
    return {}


def _missed(deadline_id: int) -> dict[str, str]:
    """The clock that has run out, with its working in a sentence. One statement."""
    deadline = Deadline.get_or_none(Deadline.id == deadline_id)
    if deadline is None or deadline.holds_on is None:
        return {}
    card: Card = card_of(deadline, clock.now())
    day = in_words(deadline.holds_on, "en")
    known = {"due_day": day, "rule": inside(str(card.rule.title))}
    if deadline.override_on is None:
        known["working"] = " ".join(card.steps)
    is_own = card.rule.set == "generic"
    known["why_now"] = (
        _("We asked for an answer by %(day)s. None has come that ends the matter.", day=day)
        if is_own
        else _("By the rules it was due on %(day)s (%(rule)s). It has not come.", day=day, rule=known["rule"])
    )
    return known
