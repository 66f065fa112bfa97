"""From a kept message to a sorted one: a job with a sweep, so that no message waits for a lost wake-up.

The message is taken apart in a child. What kills or hangs the child is marked and shown to leads as it came; the worker
goes on with the next.
"""

import logging
from datetime import timedelta
from typing import Any

import peewee

from portal import clock, jobs, storage
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.inbound import child, settling
from portal.inbound.child import CannotBeTakenApart, Opened
from portal.inbound.models import InboundMail
from portal.letters.models import Letter
from portal.storage import StoredFile

log = logging.getLogger("portal.inbound")
LEASE_SECONDS = 120
MOST_ATTEMPTS = 3
KEPT_DAYS = 30
# Mail for nobody. What came to a closed address, or too often, stays until a steward decides.
FOR_NOBODY = ("no_token", "wrong_token", "loop")
HELD_DAYS = 90


@jobs.job()
def sort_new_mail() -> None:
    """Sort what has come."""
    sort_waiting()


@jobs.sweep
def sweep_new_mail() -> None:
    """Wake the job for what a lost wake-up or a crash left. The work itself may take half a minute: not here."""
    if _due().exists():
        with transaction():
            sort_new_mail.soon()


def sort_waiting(*, limit: int = 100) -> int:
    """Sort every message that waits, one after the other; returns how many. Safe to run anywhere, twice."""
    done = 0
    for _ in range(limit):
        mail = _lease_next()
        if mail is None:
            break
        try:
            _sort(mail)
        except Exception:
            # It is tried again when its lease is over, and given up after MOST_ATTEMPTS.
            log.exception("message %s could not be sorted", mail.id)
        done += 1
    return done


def _is_due() -> Any:
    return (InboundMail.state == "waiting") & (
        InboundMail.lease_until.is_null() | (InboundMail.lease_until < clock.now())
    )


def _due() -> Any:
    return InboundMail.select().where(_is_due())


def _lease_next() -> InboundMail | None:
    with transaction():
        row = (
            _due()
            .select_extend(StoredFile, Letter, Campaign)
            .join_from(InboundMail, StoredFile)
            .join_from(InboundMail, Letter, peewee.JOIN.LEFT_OUTER)
            .join_from(Letter, Campaign, peewee.JOIN.LEFT_OUTER)
            .order_by(InboundMail.id)
            .first()
        )
        if row is None:
            return None
        until = clock.now() + timedelta(seconds=LEASE_SECONDS)
        taken = (
            InboundMail.update(lease_until=until, attempt_count=InboundMail.attempt_count + 1)
            .where(InboundMail.id == row.id, _is_due())
            .execute()
        )
    if not taken:
        # Another worker was first.
        return _lease_next()
    row.attempt_count += 1
    return row


def _sort(mail: InboundMail) -> None:
    if mail.attempt_count > MOST_ATTEMPTS:
        settling.settle_broken(mail, "died")
        return
    try:
        with child.opened(storage.path_of(mail.file.sha256)) as found:
            settling.settle(mail, found.taken, lambda: _keep_files(found))
    except CannotBeTakenApart as error:
        settling.settle_broken(mail, str(error))


def _keep_files(found: Opened) -> list[StoredFile]:
    """Store the files of a message. Their names are data; a file is what its bytes say."""
    kept = []
    for place, part in enumerate(found.taken.files):
        with found.path(place).open("rb") as stream:
            kept.append(storage.keep(stream, name=part.name))
    return kept


@jobs.hourly
def forget_old_mail() -> int:
    """Delete reports about our own notices after KEPT_DAYS, and mail for nobody after HELD_DAYS; returns how many.

    What belongs to a letter stays.
    """
    now = clock.now()
    is_notice = (InboundMail.sort == "bounce") & (InboundMail.received_at < now - timedelta(days=KEPT_DAYS))
    is_nobodys = InboundMail.why.in_(FOR_NOBODY) & (InboundMail.received_at < now - timedelta(days=HELD_DAYS))
    of_no_letter = InboundMail.letter.is_null() & (InboundMail.state != "waiting")
    old = InboundMail.select(InboundMail, StoredFile).join(StoredFile).where(of_no_letter, is_notice | is_nobodys)
    gone = list(old.limit(500))
    for mail in gone:
        with transaction():
            InboundMail.delete().where(InboundMail.id == mail.id).execute()
        storage.forget(mail.file)
    return len(gone)


@jobs.hourly
def tell_of_waiting() -> None:
    """Tell leads of what came while they had only just been told of something else."""
    untold = InboundMail.told_at.is_null() & InboundMail.handled_at.is_null() & (InboundMail.state != "waiting")
    waiting = InboundMail.select(InboundMail.letter).where(untold, InboundMail.sort.in_(settling.TOLD_SORTS))
    for letter in Letter.select(Letter, Campaign).join(Campaign).where(Letter.id.in_(waiting)):
        with transaction():
            settling.tell_leads(letter)
