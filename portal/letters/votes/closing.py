"""How a vote ends: at its hour, when everybody has voted, when a lead stops it, or when a word of the text changes."""

from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock, jobs
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.models import Block, Letter
from portal.letters.votes import telling
from portal.letters.votes.models import Elector, SignOff, Vote
from portal.letters.votes.rule import Rule, Tally, lacks
from portal.letters.wording import sha256_now
from portal.people.models import Person


def rule_of(sign_off: SignOff) -> Rule:
    """What this vote takes to pass."""
    return Rule(sign_off.pass_percent, sign_off.core_percent, sign_off.least_voters, sign_off.core_count)


def counting(sign_off: SignOff) -> Any:
    """The votes that count: the last of each person, a paper one only when it was checked."""
    is_whole = Vote.entered_by.is_null() | Vote.checked_at.is_null(False)
    return Vote.select().where(Vote.sign_off == sign_off.id, Vote.replaced_at.is_null(), is_whole)


def tally_of(sign_off: SignOff) -> Tally:
    """Count the rows. One statement."""
    rows = (
        counting(sign_off)
        .select(Vote.choice, Elector.is_core, peewee.fn.COUNT(Vote.id))
        .join(Elector, on=((Elector.sign_off == Vote.sign_off) & (Elector.person == Vote.person)))
        .group_by(Vote.choice, Elector.is_core)
        .tuples()
    )
    found = {"agree": 0, "worry": 0, "not_yet": 0, "core": 0}
    for choice, is_core, count in rows:
        found[choice] += count
        found["core"] += count if is_core else 0
    return Tally(**found)


def hold(sign_off: SignOff) -> SignOff:
    """Take the vote's row until the transaction ends, and return it as it is now. The letter's row comes first."""
    SignOff.update(elector_count=SignOff.elector_count).where(SignOff.id == sign_off.id).execute()
    now = SignOff.get_by_id(sign_off.id)
    now.letter = sign_off.letter
    return now


def settle(sign_off: SignOff, *, by: Person | None = None) -> SignOff:
    """Count a vote whose hour has come, and write down how it ended. Twice is once.

    `by` closes it early, when everybody has voted.
    """
    letter = sign_off.letter
    with transaction():
        Letter.update(version=Letter.version).where(Letter.id == letter.id).execute()
        now = hold(sign_off)
        if now.outcome is not None or (by is None and not now.is_due):
            return now
        # The letter as its row stands, not as some page saw it.
        letter = Letter.get_by_id(letter.id)
        if letter.version != now.number or sha256_now(letter) != now.sha256:
            return _end(now, "cancelled", by=None, cancelled_for="wrote")
        return _end(now, "failed" if lacks(rule_of(now), tally_of(now)) else "passed", by=by)


def _end(sign_off: SignOff, outcome: str, *, by: Person | None, **given: object) -> SignOff:
    at = min(clock.now(), sign_off.closes_at)
    SignOff.update(outcome=outcome, closed_at=at, closed_by=by, **given).where(
        SignOff.id == sign_off.id, SignOff.outcome.is_null()
    ).execute()
    letter = sign_off.letter
    Letter.update(desk_version=Letter.desk_version + 1).where(Letter.id == letter.id).execute()
    record(letter.campaign, "vote_ended", by=by, about=letter, title=letter.title, outcome=outcome)
    telling.tell_how_it_ended.later(sign_off.id)
    ended = SignOff.get_by_id(sign_off.id)
    ended.letter = letter
    return ended


def cancel_for_other_words(sign_off: SignOff) -> None:
    """The text is not the one that is voted on, though no change was written down: the fingerprint says so."""
    _end(sign_off, "cancelled", by=None, cancelled_for="wrote")


def end_for_change(letter: Letter, vote_id: int, *, by: Person, change: str, block: Block | None = None) -> bool:
    """A word of the text changes: the vote on the old words ends. Call inside the change's transaction, with the
    letter's row taken. Returns whether a vote was under way.

    A vote whose hour had come before is counted, not cancelled.
    """
    sign_off = SignOff.get_by_id(vote_id)
    sign_off.letter = letter
    now = hold(sign_off)
    if now.outcome is not None:
        return False
    if now.is_due:
        _end(now, "failed" if lacks(rule_of(now), tally_of(now)) else "passed", by=None)
        return False
    _end(now, "cancelled", by=by, cancelled_for=change, changed_block_id=block.id if block is not None else None)
    return True


def close_early(sign_off: SignOff, *, by: Person) -> SignOff:
    """Count now, because nobody is left to vote: who left the circle is not waited for. Raises RuleBroken while
    somebody is."""
    with transaction():
        Letter.update(version=Letter.version).where(Letter.id == sign_off.letter_id).execute()
        now = hold(sign_off)
        if now.outcome is not None:
            raise RuleBroken(_("This vote is over. Look at the page again"))
        if telling.waiting(now):
            raise RuleBroken(
                _("Somebody has not voted yet. The vote stays open until its hour, or until all have voted")
            )
        return settle(now, by=by)


def stop(sign_off: SignOff, *, why: str, by: Person) -> SignOff:
    """End a vote before its hour, with a reason that everybody can read. Raises RuleBroken when it is over."""
    with transaction():
        Letter.update(version=Letter.version).where(Letter.id == sign_off.letter_id).execute()
        now = hold(sign_off)
        if not now.is_open:
            raise RuleBroken(_("This vote is over. Look at the page again"))
        return _end(now, "cancelled", by=by, cancelled_for="stopped", stopped_why=why)


@jobs.sweep
def close_due() -> int:
    """Count every vote whose hour has come; returns how many. Mostly one short question."""
    due = list(
        SignOff.select(SignOff, Letter, Campaign)
        .join(Letter)
        .join(Campaign)
        .where(SignOff.outcome.is_null(), SignOff.closes_at <= clock.now())
        .limit(50)
    )
    return sum(settle(sign_off).outcome is not None for sign_off in due)
