"""Promises they made: found in an answer or added by hand, checked by residents, called off by a lead."""

import re
from datetime import date

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.responses.checking.looking import check_promise
from portal.responses.checking.settling import hold, keep_change, settle
from portal.responses.models import GONE, Answer, Commitment, Response

__all__ = ["add_promise", "cancel_promise", "check_promise", "keep_promise_from", "note_claim", "restore_promise"]

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
            Commitment.response == response.id, Commitment.block == answer.block_id, Commitment.state.not_in(GONE)
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


def note_claim(commitment: Commitment, *, by: Person, claimed_done_on: date | None) -> None:
    """They say that it is done since a day, or no longer say so (None). It stays for residents to check.

    Raises RuleBroken for a day in the future or before the promise, or when the promise was called off.
    """
    if claimed_done_on is not None and claimed_done_on > clock.today():
        raise RuleBroken(_("The day must be today or earlier"), field="claimed_done_on")
    if claimed_done_on is not None and claimed_done_on < commitment.made_on:
        raise RuleBroken(_("The day must not be before they promised it"), field="claimed_done_on")
    with transaction():
        was = hold(commitment).claimed_done_on
        if was != claimed_done_on:
            keep_change(commitment, "claim", by=by, was=was, now=claimed_done_on)
        Commitment.update(claimed_done_on=claimed_done_on).where(Commitment.id == commitment.id).execute()
        commitment.claimed_done_on = claimed_done_on
        commitment.campaign.touch()


def cancel_promise(commitment: Commitment, *, by: Person) -> None:
    """Call a promise off: it leaves every list and count, and the public. Its checks are kept.

    Raises RuleBroken when it was called off already.
    """
    with transaction():
        was = hold(commitment).state
        Commitment.update(state="cancelled", settled_at=None, is_public=False).where(
            Commitment.id == commitment.id
        ).execute()
        keep_change(commitment, "cancelled", by=by, was=was)
        commitment.state, commitment.is_public = "cancelled", False
        commitment.campaign.touch()


def restore_promise(commitment: Commitment, *, by: Person) -> None:
    """Bring back a promise that was called off, or replaced by one that was called off, as residents last found it.

    It is private until its answer is published anew. Raises RuleBroken when it is neither.
    """
    with transaction():
        later = Commitment.select(Commitment.id).where(
            Commitment.id == commitment.replaced_by_id, Commitment.state == "cancelled"
        )
        is_off = Commitment.state == "cancelled"
        is_free = (Commitment.state == "renegotiated") & peewee.fn.EXISTS(later)
        back = (
            Commitment.update(state="promised", replaced_by=None)
            .where(Commitment.id == commitment.id, is_off | is_free)
            .execute()
        )
        if not back:
            raise RuleBroken(_("This promise was not called off"))
        keep_change(commitment, "restored", by=by)
        commitment.state, commitment.replaced_by = "promised", None
        settle(commitment, by=by)
