"""Promises they made: found in an answer or added by hand, checked by residents, called off by a lead."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.responses import promises
from portal.responses.models import Answer, Commitment, CommitmentCheck, Response

# A reader notes where the words stand; that is no part of the promise.
_PAGE = re.compile(r"[,;]?\s*\(?\b(?:page|p\.|pp\.)\s*\d+(?:[-–]\d+)?\)?\.?$", re.IGNORECASE)


def add_promise(
    campaign: Campaign,
    *,
    by: Person,
    what: str,
    made_on: date,
    due_on: date | None = None,
    response: Response | None = None,
    block_id: int | None = None,
) -> Commitment:
    """Keep a promise they made; without `due_on` it is counted as one without a date.

    It is private until its answer is published. Raises RuleBroken when it was made in the future or was due
    before it was made.
    """
    if made_on > clock.today():
        raise RuleBroken(_("The day they promised it must be today or earlier"), field="made_on")
    if due_on is not None and due_on < made_on:
        raise RuleBroken(_("The day must not be before they promised it"), field="due_on")
    with transaction():
        commitment = Commitment.create(
            campaign=campaign, response=response, block=block_id, what=what, due_on=due_on, made_on=made_on, added_by=by
        )
        _tell(commitment, by=by)
    return commitment


def keep_promise_from(answer: Answer, *, by: Person, ask: str) -> Commitment:
    """Make a promise of a row of the answer sheet that has a day: their own words, or the ask when nobody copied any.

    Raises RuleBroken when the row has no day, or is among the promises already.
    """
    response = answer.response
    if answer.promised_on is None:
        raise RuleBroken(_("Nobody has read a date in this row. Add the promise by hand"))
    with transaction():
        # Takes the campaign's row, so that two presses by two people make one promise.
        response.campaign.touch()
        is_there = Commitment.select().where(
            Commitment.response == response.id, Commitment.block == answer.block_id, Commitment.state != "cancelled"
        )
        if is_there.exists():
            raise RuleBroken(_("This is among the promises already"))
        commitment = Commitment.create(
            campaign=response.campaign,
            response=response,
            block=answer.block_id,
            what=_PAGE.sub("", answer.excerpt) or ask,
            due_on=answer.promised_on,
            made_on=response.received_on,
            added_by=by,
            # "We came on 13 October": the day lies behind them, so they say that it is done.
            claimed_done_on=answer.promised_on if answer.promised_on < response.received_on else None,
        )
        _tell(commitment, by=by)
    return commitment


def _tell(commitment: Commitment, *, by: Person) -> None:
    record(
        commitment.campaign,
        "commitment_made",
        by=by,
        about=commitment,
        on=commitment.made_on,
        what=commitment.what,
        due_on=commitment.due_on,
    )


def check_promise(commitment: Commitment, *, by: Person, verdict: str, note: str = "") -> str:
    """A resident says what they found; saying it again replaces what they said. Returns the state it leads to.

    Raises RuleBroken when the promise was called off.
    """
    now = clock.now()
    with transaction():
        _hold(commitment)
        saved: dict[str, Any] = {"verdict": verdict, "note": note, "at": now}
        CommitmentCheck.insert(commitment=commitment.id, person=by.id, **saved).on_conflict(
            conflict_target=[CommitmentCheck.commitment, CommitmentCheck.person], update=saved
        ).execute()
        return _settle(commitment, by=by)


def note_claim(commitment: Commitment, *, by: Person, claimed_done_on: date | None) -> None:
    """They say that it is done since a day, or no longer say so (None). It stays for residents to check.

    Raises RuleBroken for a day in the future or before the promise, or when the promise was called off.
    """
    if claimed_done_on is not None and claimed_done_on > clock.today():
        raise RuleBroken(_("The day must be today or earlier"), field="claimed_done_on")
    if claimed_done_on is not None and claimed_done_on < commitment.made_on:
        raise RuleBroken(_("The day must not be before they promised it"), field="claimed_done_on")
    with transaction():
        _hold(commitment)
        Commitment.update(claimed_done_on=claimed_done_on).where(Commitment.id == commitment.id).execute()
        commitment.claimed_done_on = claimed_done_on
        commitment.campaign.touch()


def cancel_promise(commitment: Commitment, *, by: Person) -> None:
    """Call a promise off: it leaves every list and count, and the public. Its checks are kept.

    Raises RuleBroken when it was called off already.
    """
    with transaction():
        _hold(commitment)
        Commitment.update(state="cancelled", settled_at=None, is_public=False).where(
            Commitment.id == commitment.id
        ).execute()
        commitment.state, commitment.is_public = "cancelled", False
        commitment.campaign.touch()


def restore_promise(commitment: Commitment, *, by: Person) -> None:
    """Bring back a promise that was called off, as residents last found it.

    It is private until its answer is published anew. Raises RuleBroken when it was not called off.
    """
    with transaction():
        back = (
            Commitment.update(state="promised")
            .where(Commitment.id == commitment.id, Commitment.state == "cancelled")
            .execute()
        )
        if not back:
            raise RuleBroken(_("This promise was not called off"))
        commitment.state = "promised"
        _settle(commitment, by=by)


def _hold(commitment: Commitment) -> None:
    """Take the promise's row until the transaction ends, so that two residents who check at once are both counted."""
    held = (
        Commitment.update(state=Commitment.state)
        .where(Commitment.id == commitment.id, Commitment.state != "cancelled")
        .execute()
    )
    if not held:
        raise RuleBroken(_("This promise was called off"))


def _settle(commitment: Commitment, *, by: Person) -> str:
    """Store what all checks come to, and tell the timeline when residents have spoken, or no longer agree."""
    said = CommitmentCheck.select(CommitmentCheck.verdict).where(CommitmentCheck.commitment == commitment.id).tuples()
    finding = promises.settle(verdict for (verdict,) in said)
    before = Commitment.get_by_id(commitment.id)
    is_new = finding.state != before.state
    settled_at = None
    if finding.is_settled:
        settled_at = clock.now() if is_new or before.settled_at is None else before.settled_at
    Commitment.update(
        state=finding.state,
        fixed_count=finding.fixed_count,
        not_fixed_count=finding.not_fixed_count,
        settled_at=settled_at,
    ).where(Commitment.id == commitment.id).execute()
    commitment.state, commitment.settled_at = finding.state, settled_at
    commitment.fixed_count, commitment.not_fixed_count = finding.fixed_count, finding.not_fixed_count
    # Before its day nothing is broken, whatever residents found: the timeline waits.
    is_fair = finding.state != "not_kept" or promises.is_ripe(commitment, clock.today())
    if is_new and is_fair and (finding.is_settled or before.state in promises.SETTLED):
        record(
            commitment.campaign,
            "commitment_settled",
            by=by,
            about=commitment,
            is_public=before.is_public,
            state=finding.state,
            what=commitment.what,
            due_on=commitment.due_on,
            fixed=finding.fixed_count,
            not_fixed=finding.not_fixed_count,
        )
    else:
        commitment.campaign.touch()
    return finding.state
