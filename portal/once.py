"""A double press does a thing once.

Every form carries a random key made when it was drawn. The first transaction of the request stores it together with
the work; the same key again is answered with where the first press led. Failed work gives the key back.
"""

import secrets
from datetime import timedelta

import peewee
from flask import Flask, Response, g, request

from portal import clock, jobs
from portal.database import Model, UTCDateTimeField, claim_with, db, is_sqlite
from portal.errors import AlreadyDone
from portal.quick_rows import Row, prepare_row
from portal.tokens import digest

KEPT_DAYS = 7
MOST_LETTERS = 64


class OnceKey(Model):
    """A form that was sent. Kept seven days: a phone may sleep over the week-end before it tries again."""

    key_hash = peewee.TextField(unique=True)
    answer = peewee.TextField(null=True)
    created_at = UTCDateTimeField(default=clock.now, index=True)

    class Meta:
        table_name = "once_key"


def once_key() -> str:
    """A fresh key for one form on one page, 128 bits."""
    return secrets.token_urlsafe(16)


def leads_to(answer: str) -> None:
    """Say before the work where it will lead: then it is stored with the key, not in a transaction of its own."""
    g.once_answer = answer


def hash_of(path: str, key: str) -> str:
    """What is stored of a key that came with a form for `path`."""
    # The address is part of it, so that a key copied into another form claims nothing there.
    return digest(f"{path}|{key}")


def find_unused(path: str, key: str) -> str:
    """What is stored of a key that came with a form for `path`. Raises AlreadyDone when that form was done before."""
    key_hash = hash_of(path, key)
    mark = "?" if is_sqlite() else "%s"
    row = db.execute_sql(f"SELECT answer FROM once_key WHERE key_hash = {mark}", (key_hash,)).fetchone()
    if row is not None:
        raise AlreadyDone(row[0])
    return key_hash


def key_row(key_hash: str, answer: str | None) -> Row:
    """The row of a key whose form leads to `answer`, for `claim_key`."""
    return prepare_row(OnceKey, key_hash=key_hash, answer=answer)


def claim_key(row: Row) -> None:
    """Store the key, inside the transaction of the work. Raises AlreadyDone if it is there."""
    try:
        row.add()
    except peewee.IntegrityError:
        raise AlreadyDone(None) from None


def guard(app: Flask) -> None:
    """Watch every POST that carries a key."""

    @app.before_request
    def watch_form() -> None:
        claim_with(None)
        key = request.form.get("once", "") if request.method == "POST" else ""
        if not key or len(key) > MOST_LETTERS:
            return
        key_hash = find_unused(request.path, key)

        def claim() -> None:
            claim_key(key_row(key_hash, g.get("once_answer")))
            g.once_hash = key_hash

        claim_with(claim)

    @app.after_request
    def remember_answer(response: Response) -> Response:
        key_hash = g.pop("once_hash", None)
        answer = response.headers.get("Location") or response.headers.get("X-Once-Answer")
        response.headers.pop("X-Once-Answer", None)
        if key_hash and answer and response.status_code < 400 and answer != g.pop("once_answer", None):
            OnceKey.update(answer=answer).where(OnceKey.key_hash == key_hash).execute()
        return response


@jobs.hourly
def forget_old() -> int:
    """Delete keys older than KEPT_DAYS; returns how many."""
    return OnceKey.delete().where(OnceKey.created_at < clock.now() - timedelta(days=KEPT_DAYS)).execute()
