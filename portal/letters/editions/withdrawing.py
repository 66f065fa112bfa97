"""Withdrawing a letter before it is sent. One lead may while nobody has signed; with names under it, it takes two."""

import json
from datetime import timedelta
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock, jobs, outbox
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Activity, Agreement, Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.editions import emails
from portal.letters.editions.later import KIND, open_asking
from portal.letters.models import Letter, Signature
from portal.letters.operations import desk_changed
from portal.letters.signing import manage_token
from portal.letters.votes import closing
from portal.letters.votes.models import SignOff
from portal.people.models import Person

A_BATCH = 50
TOLD_DAYS = 14


def needs_two(letter: Letter) -> bool:
    """Whether somebody has put their name to it: then one lead alone cannot take it away."""
    return _signed(letter).exists()


def withdraw_letter(letter: Letter, *, why: str, by: Person) -> Agreement | None:
    """Withdraw a letter that nobody signed; returns None. With names under it, ask a second lead, and return that.

    Raises RuleBroken when it was sent or withdrawn, or somebody asks already.
    """
    with transaction():
        _hold(letter)
        if needs_two(letter):
            return agreements.ask(letter.campaign, KIND, by=by, subject_id=letter.id, about="withdraw", why=why)
        _withdraw(letter, why=why, by=by)
        return None


def agree_to_withdraw(letter: Letter, *, by: Person) -> None:
    """Be the second lead: the letter is withdrawn, and everybody who signed is told.

    Raises RuleBroken when nobody asks, `by` asked, or it was sent meanwhile.
    """
    with transaction():
        _hold(letter)
        terms = agreements.agree(open_asking(letter, "withdraw"), by=by)
        _withdraw(letter, why=terms["why"], by=by)


def _signed(letter: Letter) -> Any:
    return Signature.select(Signature.id).where(Signature.letter == letter.id, Signature.state == "confirmed")


def _hold(letter: Letter) -> None:
    held = (
        Letter.update(version=Letter.version)
        .where(Letter.id == letter.id, Letter.sent_on.is_null(), Letter.withdrawn_at.is_null())
        .execute()
    )
    if not held:
        now = Letter.get_by_id(letter.id)
        raise RuleBroken(
            _("This letter is withdrawn already")
            if now.withdrawn_at is not None
            else _("This letter was sent. It cannot be called back; write to them that you no longer ask for it")
        )


def _withdraw(letter: Letter, *, why: str, by: Person) -> None:
    sending = agreements.open_one(letter.campaign, "send_letter", letter.id)
    if sending is not None:
        agreements.withdraw(sending, by=by)
    sign_off = SignOff.get_or_none(SignOff.letter == letter.id, SignOff.outcome.is_null())
    if sign_off is not None:
        sign_off.letter = letter
        if sign_off.is_due:
            closing.settle(sign_off)
        else:
            closing.stop(sign_off, why=why, by=by)
    Letter.update(withdrawn_at=clock.now()).where(Letter.id == letter.id).execute()
    letter.withdrawn_at = clock.now()
    # The campaign counts people who stand under a letter that may still be sent.
    counted: Any = (
        _signed(letter)
        .where(Signature.is_held == False)  # noqa: E712
        .select(peewee.fn.COUNT(Signature.id), peewee.fn.COUNT(Signature.home.distinct()))
        .tuples()
        .get()
    )
    Campaign.update(
        signature_count=Campaign.signature_count - counted[0], signed_home_count=Campaign.signed_home_count - counted[1]
    ).where(Campaign.id == letter.campaign_id).execute()
    desk_changed(letter)
    record(letter.campaign, "letter_withdrawn", by=by, about=letter, title=letter.title, why=why)
    tell_signers.later(letter.id)


@jobs.job()
def tell_signers(letter_id: int) -> None:
    """Write to everybody who signed that the letter is withdrawn, batch by batch. Twice is once."""
    letter = Letter.select(Letter, Campaign).join(Campaign).where(Letter.id == letter_id).get()
    line = (
        Activity.select()
        .where(Activity.subject_kind == "letter", Activity.subject_id == letter.id, Activity.verb == "letter_withdrawn")
        .order_by(Activity.id.desc())
        .first()
    )
    if letter.withdrawn_at is None or line is None:
        return
    why = json.loads(line.facts).get("why", "")
    after = 0
    while batch := _batch(letter, after):
        after = batch[-1].id
        keys = {f"letter-withdrawn:{row.id}": row for row in batch}
        Mail = outbox.OutgoingMail
        told = {key for (key,) in Mail.select(Mail.dedupe_key).where(Mail.dedupe_key.in_(list(keys))).tuples()}
        mails = []
        for key, signature in keys.items():
            if key not in told:
                signature.letter = letter
                message = emails.letter_withdrawn(letter, signature, why=why, manage_token=manage_token(signature))
                mails.append(outbox.written(message, kind="letter-withdrawn", about=str(signature.id)))
        with transaction():
            for row in mails:
                outbox.post(row)


def _batch(letter: Letter, after: int) -> list[Signature]:
    return list(
        Signature.select()
        .where(
            Signature.letter == letter.id, Signature.state == "confirmed", Signature.email != "", Signature.id > after
        )
        .order_by(Signature.id)
        .limit(A_BATCH)
    )


@jobs.hourly
def tell_whom_was_missed() -> None:
    """Letters withdrawn in the last days whose mails a lost wake-up left unwritten."""
    since = clock.now() - timedelta(days=TOLD_DAYS)
    for (letter_id,) in Letter.select(Letter.id).where(Letter.withdrawn_at >= since).tuples():
        tell_signers(letter_id)
