"""A double press does a thing once.

Every form carries a random key made when it was drawn. The first transaction of the request stores it together with
the work; the same key again is answered with where the first press led. Failed work gives the key back.
"""

import secrets
from datetime import timedelta

import peewee
from flask import Flask, Response, g, request

from portal import clock, jobs
from portal.database import Model, UTCDateTimeField, add_row, claim_with
from portal.errors import AlreadyDone
from portal.tokens import digest

KEPT_DAYS = 7


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


def guard(app: Flask) -> None:
    """Watch every POST that carries a key."""

    @app.before_request
    def claim_key() -> None:
        claim_with(None)
        key = request.form.get("once", "") if request.method == "POST" else ""
        if not key or len(key) > 64:
            return
        # The address is part of it, so that a key copied into another form claims nothing there.
        key_hash = digest(f"{request.path}|{key}")
        rows = OnceKey.select(OnceKey.answer).where(OnceKey.key_hash == key_hash).limit(1).tuples()
        for (answer,) in rows:
            raise AlreadyDone(answer)

        def claim() -> None:
            try:
                add_row(OnceKey, key_hash=key_hash, answer=g.get("once_answer"))
            except peewee.IntegrityError:
                raise AlreadyDone(None) from None
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
