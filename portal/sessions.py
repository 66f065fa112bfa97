"""The session cookie: signed as Flask signs it, with keys made once, and sent again only when it is a day old."""

import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.signer import SigningAlgorithm

from portal import clock

REFRESH_AFTER = timedelta(days=1)


class Session(SecureCookieSession):
    """What a browser's cookie holds, and when it was signed; None for a new one."""

    signed_at: datetime | None = None


class Sessions(SecureCookieSessionInterface):
    """Flask's own signed cookies. A permanent one that is still fresh is not signed and sent anew with every answer:
    thirty days of life are renewed once a day."""

    session_class = Session

    def __init__(self) -> None:
        self._serializers: dict[Any, URLSafeTimedSerializer] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The serializer of this app, made once for its keys. None without a secret key."""
        key = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if key not in self._serializers:
            made = super().get_signing_serializer(app)
            if made is None:
                return None
            self._serializers = {key: with_one_signer(made)}
        return self._serializers[key]

    def open_session(self, app: Flask, request: Request) -> Session | None:
        """What the cookie of this request says; empty when it is missing, forged or too old."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return Session()
        max_age = int(app.permanent_session_lifetime.total_seconds())
        try:
            data, signed_at = serializer.loads(cookie, max_age=max_age, return_timestamp=True)
        except BadSignature:
            return Session()
        session = Session(data)
        session.signed_at = signed_at
        return session

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this answer carries the cookie: when it changed, or is permanent and was signed a day ago."""
        if session.modified:
            return True
        signed_at = getattr(session, "signed_at", None)
        is_old = signed_at is None or clock.now() - signed_at > REFRESH_AFTER
        return session.permanent and is_old and super().should_set_cookie(app, session)


class _SameHmac(SigningAlgorithm):
    """The library's HMAC, by copies of one that has the key in it."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        self._of = lru_cache(maxsize=8)(lambda key: hmac.new(key, digestmod=digest))

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        made = self._of(key).copy()
        made.update(value)
        return made.digest()


def with_one_signer(serializer: URLSafeTimedSerializer) -> URLSafeTimedSerializer:
    """The serializer with a signer and its keys made once, not for every token: they are always the same."""
    signer = serializer.make_signer(serializer.salt)
    signer.algorithm = _SameHmac(signer.digest_method().name)
    signer.derive_key = lru_cache(signer.derive_key)  # type: ignore[method-assign]
    serializer.make_signer = lambda salt=None: signer  # type: ignore[method-assign]
    return serializer
