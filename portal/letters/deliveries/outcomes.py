"""What became of a delivery: it came back, it was called off, it was refused, nobody knows.

A machine's word and a person's are kept alike, each with a line of history. No outcome sends anything again by itself.
"""

import logging
from datetime import date
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock, jobs, outbox
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.campaigns.roles import current_leads
from portal.database import transaction
from portal.errors import RuleBroken
from portal.language import format_day
from portal.letters import emails
from portal.letters.deliveries.models import DeliveryChange
from portal.letters.deliveries.standing import reckon
from portal.letters.models import Delivery, Letter
from portal.outbox import OutgoingMail
from portal.people.models import Person

log = logging.getLogger("portal.deliveries")
LONGEST_WHY = 500


def delivery_came_back(delivery: Delivery, *, on: date, why: str, by: Person | None) -> None:
    """It did not reach them after all: the letter counts from the earliest delivery that still stands.

    `by` is None where their mail system said so (a bounce that came later); `why` is then what it said. Its letter and
    that letter's campaign are loaded. Raises RuleBroken without a reason, for a day ahead or before it left, for one
    that never left or was shown in public, and when it is on record already (a second bounce of the same mail).
    """
    if not why:
        raise RuleBroken(_("Say how you know, so that everybody can follow"), field="why")
    if on > clock.today():
        raise RuleBroken(_("The day must be today or earlier"), field="on")
    if delivery.channel == "public":
        raise RuleBroken(_("This was shown in public. It cannot come back"))
    letter = delivery.letter
    # Written before the transaction that others wait for.
    mails = _mails_to_leads(delivery, f"came_back:{on}", why) if by is None else []
    with transaction():
        letter.campaign.touch()
        now = _as_it_is(delivery)
        if now.came_back_on is not None:
            raise RuleBroken(_("It is on record already that this came back"))
        if now.happened_on is not None and on < now.happened_on:
            raise RuleBroken(
                _("It left on %(day)s. It cannot have come back before", day=format_day(now.happened_on)), field="on"
            )
        if now.mail_id is not None and now.mail.state not in {"sent", "unknown"}:
            raise RuleBroken(_("This mail has not left, so it cannot have come back"))
        if now.mail_id is not None:
            # What came back had left: nobody has to find that out any more.
            OutgoingMail.update(state="sent", sent_at=now.mail.sent_at or clock.now()).where(
                OutgoingMail.id == now.mail_id, OutgoingMail.state == "unknown"
            ).execute()
        Delivery.update(came_back_on=on).where(Delivery.id == delivery.id).execute()
        delivery.came_back_on = on
        _note(delivery, "came_back", on=on, why=why, by=by)
        _tell_timeline(delivery, "came_back", on=on, by=by)
        reckon(letter)
        for mail in mails:
            outbox.post(mail)


def stands_again(delivery: Delivery, *, why: str, by: Person) -> None:
    """It did reach them: what said that it came back was wrong. Raises RuleBroken without a reason, or if it stands."""
    if not why:
        raise RuleBroken(_("Say how you know, so that everybody can follow"), field="why")
    letter = delivery.letter
    with transaction():
        letter.campaign.touch()
        changed = (
            Delivery.update(came_back_on=None)
            .where(Delivery.id == delivery.id, Delivery.came_back_on.is_null(False))
            .execute()
        )
        if not changed:
            raise RuleBroken(_("Nobody has said that this came back"))
        delivery.came_back_on = None
        _note(delivery, "stands_again", on=clock.today(), why=why, by=by)
        reckon(letter)


def call_off(delivery: Delivery, *, by: Person) -> None:
    """Keep a mail from leaving while it still waits. Raises RuleBroken when it has left or is leaving."""
    with transaction():
        delivery.letter.campaign.touch()
        changed = (
            OutgoingMail.update(state="cancelled", due_at=None, lease_until=None)
            .where(OutgoingMail.id == delivery.mail_id, OutgoingMail.state.in_(("queued", "deferred")))
            .execute()
        )
        if not changed:
            raise RuleBroken(_("It is too late: the mail has left, or is just leaving"))
        _note(delivery, "called_off", on=clock.today(), by=by)
        _tell_timeline(delivery, "called_off", on=clock.today(), by=by)
        reckon(delivery.letter)


def settle_doubt(delivery: Delivery, *, arrived: bool, by: Person) -> None:
    """A person found out whether a mail in doubt arrived. Not arrived frees the address for another sending.

    Raises RuleBroken when the mail is not in doubt.
    """
    with transaction():
        delivery.letter.campaign.touch()
        changed = (
            OutgoingMail.update(
                state="sent" if arrived else "failed",
                sent_at=clock.now() if arrived else None,
                last_reply=f"settled by person {by.id}",
            )
            .where(OutgoingMail.id == delivery.mail_id, OutgoingMail.state == "unknown")
            .execute()
        )
        if not changed:
            raise RuleBroken(_("That mail is not in doubt any more"))
        _note(delivery, "arrived" if arrived else "lost", on=clock.today(), by=by)
        if not arrived:
            _tell_timeline(delivery, "lost", on=clock.today(), by=by)
        reckon(delivery.letter)


@jobs.sweep
def sweep_outcomes() -> None:
    """Find letters that their mail server refused or that are in doubt, and tell the leads. Mostly one question."""
    for delivery in _unnoted():
        try:
            _keep_outcome(delivery)
        except Exception:
            # One that cannot be noted must not keep the others from being noted.
            log.exception("what became of delivery %s could not be noted", delivery.id)


def _unnoted() -> list[Delivery]:
    known = DeliveryChange.select(DeliveryChange.id).where(DeliveryChange.delivery == Delivery.id)
    mail_state = OutgoingMail.state
    refused = (mail_state == "failed") & ~peewee.fn.EXISTS(known.where(DeliveryChange.what.in_(("refused", "lost"))))
    doubtful = (mail_state == "unknown") & ~peewee.fn.EXISTS(known.where(DeliveryChange.what == "in_doubt"))
    return list(
        Delivery.select(Delivery, Letter, Campaign, OutgoingMail.id, mail_state, OutgoingMail.last_reply)
        .join_from(Delivery, Letter)
        .join_from(Letter, Campaign)
        .join_from(Delivery, OutgoingMail)
        .where(OutgoingMail.is_letter == True, refused | doubtful)  # noqa: E712
    )


def _keep_outcome(delivery: Delivery) -> None:
    what = "refused" if delivery.mail.state == "failed" else "in_doubt"
    said = delivery.mail.last_reply if what == "refused" else ""
    mails = _mails_to_leads(delivery, what, said)
    with transaction():
        # Raising the version first takes the campaign's row: two workers who saw the same note it once.
        delivery.letter.campaign.touch()
        if DeliveryChange.select().where(DeliveryChange.delivery == delivery.id, DeliveryChange.what == what).exists():
            return
        _note(delivery, what, on=clock.today(), why=said)
        if what == "refused":
            _tell_timeline(delivery, what, on=clock.today(), by=None)
        reckon(delivery.letter)
        for mail in mails:
            outbox.post(mail)


def _note(delivery: Delivery, what: str, *, on: date, why: str = "", by: Person | None = None) -> None:
    DeliveryChange.create(
        delivery=delivery, what=what, on=on, why=why[:LONGEST_WHY], by=by, is_by_machine=by is None, at=clock.now()
    )


def _tell_timeline(delivery: Delivery, what: str, *, on: date, by: Person | None) -> None:
    """Whoever read that it was sent may read that it did not reach them. Why is nobody's business outside."""
    letter = delivery.letter
    record(
        letter.campaign,
        "letter_came_back",
        by=by,
        about=letter,
        on=on,
        is_public=letter.campaign.visibility != "circle",
        title=letter.title,
        what=what,
        channel=delivery.channel,
        to=delivery.to_name,
    )


def _as_it_is(delivery: Delivery) -> Any:
    return (
        Delivery.select(Delivery, OutgoingMail.id, OutgoingMail.state, OutgoingMail.sent_at)
        .join(OutgoingMail, peewee.JOIN.LEFT_OUTER)
        .where(Delivery.id == delivery.id)
        .get()
    )


def _mails_to_leads(delivery: Delivery, occasion: str, said: str) -> list[OutgoingMail]:
    """One mail for each lead, not stored yet. `occasion` begins with what became known."""
    letter, what = delivery.letter, occasion.partition(":")[0]
    return [
        outbox.written(
            emails.letter_trouble(letter, delivery, person, what=what, said=said),
            kind="letter-trouble",
            about=f"{delivery.id}:{occasion}:{person.id}",
        )
        for person in current_leads(letter.campaign)
    ]
