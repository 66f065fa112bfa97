"""The outbox: a mail is a row that commits together with what it is about.

The job queue is only a wake-up. A sweeper finds what a crash left. A notice that is in doubt is sent again under the
same Message-ID; a letter to a decision-maker never is: a person decides.

A mail is composed when it is queued, or, where many people wait, by the worker from facts that are kept with it.
"""

import json
import logging
import os
from collections.abc import Callable
from datetime import timedelta
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import peewee
from flask import current_app
from flask_babel import force_locale

from portal import clock, jobs, mail
from portal.database import Model, UTCDateTimeField, transaction
from portal.quick_rows import Row, add_all, add_row, prepare_row

log = logging.getLogger("portal.outbox")
LEASE_SECONDS = 120
KEPT_DAYS = 30
BACK_OFF_MINUTES = (1, 5, 15, 60, 240, 240, 240, 240, 480, 480, 480)

STATES = ("queued", "sending", "sent", "deferred", "failed", "unknown", "cancelled")

# By a mail's kind: makes its message from the facts that were kept.
Writer = Callable[[dict[str, Any]], mail.Message]
_writers: dict[str, Writer] = {}


class OutgoingMail(Model):
    """One mail to one person: what it says was settled when the thing happened."""

    kind = peewee.TextField()
    to = peewee.TextField()
    # Both are empty until the worker has composed a mail that was queued as facts (JSON); then the facts go.
    subject = peewee.TextField()
    source = peewee.BlobField()
    facts = peewee.TextField(default="")
    message_id = peewee.TextField(unique=True)
    # Says what the mail is about, so that the same mail can not be queued twice.
    dedupe_key = peewee.TextField(unique=True)
    state = peewee.TextField(default="queued")
    is_letter = peewee.BooleanField(default=False)
    attempt_count = peewee.IntegerField(default=0)
    due_at = UTCDateTimeField(default=clock.now, null=True)
    lease_until = UTCDateTimeField(null=True)
    last_reply = peewee.TextField(default="")
    created_at = UTCDateTimeField(default=clock.now)
    sent_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "outgoing_mail"
        indexes = ((("state", "due_at"), False),)
        constraints = [
            peewee.Check("state IN ('queued','sending','sent','deferred','failed','unknown','cancelled')"),
            peewee.Check("attempt_count >= 0"),
        ]


def enqueue(message: mail.Message, *, kind: str, about: str, is_letter: bool = False) -> OutgoingMail:
    """Put one mail into the outbox, inside the transaction of what it is about.

    `about` names the occasion; the same kind and occasion again returns the mail that is there already.
    """
    return post(written(message, kind=kind, about=about, is_letter=is_letter))


def written(message: mail.Message, *, kind: str, about: str, is_letter: bool = False) -> OutgoingMail:
    """The row of one mail, not stored yet: to do the slow part before a transaction that many people wait for."""
    message_id = _new_message_id()
    return OutgoingMail(
        kind=kind,
        to=message.to,
        subject=message.subject,
        message_id=message_id,
        is_letter=is_letter,
        dedupe_key=f"{kind}:{about}",
        source=mail.compose(message, message_id=message_id).as_bytes(),
    )


def post(row: OutgoingMail) -> OutgoingMail:
    """Store what `written` gave, inside the transaction of what it is about. Returns the row that stands for it."""
    with transaction():
        row.id = add_row(OutgoingMail, unless_there="dedupe_key", **row.__data__)
        if row.id is None:
            return OutgoingMail.get(OutgoingMail.dedupe_key == row.dedupe_key)
        deliver_post.soon()
    return row


def from_facts(kind: str, facts: dict[str, Any], *, to: str, about: str, locale: str) -> Row:
    """The row of a mail that the worker composes, for `put`.

    `facts` (plain JSON) are all that its writer (see `writes`) is given, so that later changes change nothing; `locale`
    names the language of its words.
    """
    return prepare_row(
        OutgoingMail,
        unless_there="dedupe_key",
        kind=kind,
        to=to,
        subject="",
        source=b"",
        facts=json.dumps({"locale": locale, **facts}),
        message_id=_new_message_id(),
        dedupe_key=f"{kind}:{about}",
    )


def put(row: Row) -> None:
    """Store what `from_facts` gave, inside the transaction of what it is about. The same occasion is mailed once."""
    if row.add() is not None:
        deliver_post.soon()


def put_all(rows: list[Row]) -> None:
    """Store what `from_facts` gave for many people at once, like `put`. One statement."""
    if add_all(rows):
        deliver_post.soon()


def writes(kind: str) -> Callable[[Writer], Writer]:
    """Declare the function that makes the message of this kind from its facts. It runs in the worker."""

    def declare(writer: Writer) -> Writer:
        _writers[kind] = writer
        return writer

    return declare


def composed(row: OutgoingMail) -> OutgoingMail:
    """The mail with subject and source, made from its facts if that was not done yet. Stores nothing."""
    if row.facts:
        facts = json.loads(row.facts)
        with force_locale(facts.pop("locale")):
            message = _writers[row.kind](facts)
            made = mail.compose(message, message_id=row.message_id, written_at=row.created_at)
        row.subject, row.source, row.facts = message.subject, made.as_bytes(), ""
    return row


def _new_message_id() -> str:
    return make_msgid(domain=current_app.config["MAIL_FROM"].rpartition("@")[2])


def send_due(*, limit: int = 200) -> int:
    """Send every mail that is due, one at a time. Returns how many were handed over. Safe to run anywhere, twice."""
    _recover_expired()
    sent = 0
    for _ in range(limit):
        row = _lease_next()
        if row is None:
            break
        try:
            sent += _send(row)
        except mail.ServerRefusesUs as error:
            # Our own fault: hold the queue rather than burn every address.
            _defer(row, f"server refuses the portal: {error}")
            break
    return sent


@jobs.sweep
def sweep_post() -> None:
    """Find what came after the last wake-up, and what a lost one or a crash left. Mostly one short question."""
    now = clock.now()
    is_due = OutgoingMail.state.in_(("queued", "deferred")) & (OutgoingMail.due_at <= now)
    is_expired = (OutgoingMail.state == "sending") & (OutgoingMail.lease_until < now)
    if OutgoingMail.select().where(is_due | is_expired).exists():
        send_due()


@jobs.job()
def deliver_post() -> None:
    """Send what is due."""
    send_due()


def forget_address(address: str) -> int:
    """Delete notices to an address whose owner left, sent or not; returns how many. Call inside a transaction."""
    return (
        OutgoingMail.delete().where(OutgoingMail.to == address, OutgoingMail.is_letter == False).execute()  # noqa: E712
    )


def call_back(kind: str, address: str) -> int:
    """Cancel the notices of a kind to an address that have not left; returns how many. Call inside a transaction."""
    waiting = OutgoingMail.state.in_(("queued", "deferred"))
    return (
        OutgoingMail.update(state="cancelled", due_at=None)
        .where(OutgoingMail.kind == kind, OutgoingMail.to == address, waiting, OutgoingMail.is_letter == False)  # noqa: E712
        .execute()
    )


@jobs.hourly
def forget_old_post() -> int:
    """Delete notices that are done with after KEPT_DAYS; returns how many. Letters to decision-makers stay."""
    done = OutgoingMail.state.in_(("sent", "failed", "cancelled"))
    old = OutgoingMail.created_at < clock.now() - timedelta(days=KEPT_DAYS)
    with transaction():
        return OutgoingMail.delete().where(done, old, OutgoingMail.is_letter == False).execute()  # noqa: E712


def _recover_expired() -> None:
    """Rows whose sender died: notices go again, letters become a question for a person."""
    now = clock.now()
    expired = (OutgoingMail.state == "sending") & (OutgoingMail.lease_until < now)
    with transaction():
        OutgoingMail.update(state="unknown", lease_until=None, due_at=None).where(
            expired,
            OutgoingMail.is_letter == True,  # noqa: E712
        ).execute()
        OutgoingMail.update(state="queued", lease_until=None, due_at=now).where(
            expired,
            OutgoingMail.is_letter == False,  # noqa: E712
        ).execute()


def _lease_next() -> OutgoingMail | None:
    now = clock.now()
    due = OutgoingMail.state.in_(("queued", "deferred")) & (OutgoingMail.due_at <= now)
    with transaction():
        row = OutgoingMail.select().where(due).order_by(OutgoingMail.due_at, OutgoingMail.id).first()
        if row is None:
            return None
        crash_point("before-lease")
        taken = (
            OutgoingMail.update(
                state="sending",
                lease_until=now + timedelta(seconds=LEASE_SECONDS),
                attempt_count=OutgoingMail.attempt_count + 1,
            )
            .where(OutgoingMail.id == row.id, due)
            .execute()
        )
    if not taken:
        return _lease_next()
    row.attempt_count += 1
    return row


def _send(row: OutgoingMail) -> int:
    crash_point("after-lease")
    if not _compose(row):
        return 0
    try:
        if current_app.config["SMTP_HOST"]:
            mail.hand_over(bytes(row.source), to=row.to)
        else:
            _write_to_folder(row)
    except mail.TemporaryFailure as error:
        _defer(row, str(error))
        return 0
    except mail.PermanentFailure as error:
        _finish(row, "failed", str(error))
        return 0
    except mail.InDoubt as error:
        if row.is_letter:
            _finish(row, "unknown", str(error))
        else:
            _defer(row, str(error))
        return 0
    crash_point("after-handing-over")
    _finish(row, "sent", "250")
    return 1


def _compose(row: OutgoingMail) -> bool:
    """Store what goes out before it goes out. False when it could not be written: it must not hold up the others."""
    if not row.facts:
        return True
    try:
        composed(row)
    except Exception as error:
        log.exception("a mail of the kind %s could not be composed", row.kind)
        _defer(row, f"could not be composed: {type(error).__name__}")
        return False
    with transaction():
        OutgoingMail.update(subject=row.subject, source=row.source, facts="").where(OutgoingMail.id == row.id).execute()
    return True


def _finish(row: OutgoingMail, state: str, reply: str) -> None:
    with transaction():
        OutgoingMail.update(
            state=state,
            lease_until=None,
            due_at=None,
            last_reply=reply,
            sent_at=clock.now() if state == "sent" else None,
        ).where(OutgoingMail.id == row.id).execute()
        crash_point("before-commit")


def _defer(row: OutgoingMail, reply: str) -> None:
    if row.attempt_count > len(BACK_OFF_MINUTES):
        _finish(row, "failed", reply)
        return
    wait = timedelta(minutes=BACK_OFF_MINUTES[row.attempt_count - 1])
    with transaction():
        OutgoingMail.update(state="deferred", lease_until=None, due_at=clock.now() + wait, last_reply=reply).where(
            OutgoingMail.id == row.id
        ).execute()


def _write_to_folder(row: OutgoingMail) -> None:
    """Without a mail server (development, tests) the mail is a file that /dev/mail shows."""
    mail_folder: Path = current_app.config["DATA_DIR"] / "mail"
    mail_folder.mkdir(parents=True, exist_ok=True)
    path = mail_folder / f"{row.id:08d}.eml"
    temporary = path.with_suffix(".part")
    temporary.write_bytes(bytes(row.source))
    temporary.replace(path)


def crash_point(name: str) -> None:
    """Die here when a crash test asks for it by name. Does nothing otherwise."""
    if os.environ.get("CRASH_AT") == name:
        os.kill(os.getpid(), 9)
