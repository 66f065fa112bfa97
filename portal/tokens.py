"""Random keys for addresses, and signed links for people without an account."""

import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer


def new_key() -> str:
    """A 128-bit random key for an address that must not be guessed (22 characters)."""
    return secrets.token_urlsafe(16)


def new_secret() -> str:
    """A 256-bit random secret to give to one person (43 characters). Store only its `digest`."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret: SHA-256, hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_digest(purpose: str, value: str) -> str:
    """A fingerprint of `value` that only this site can make, for counting without keeping the value."""
    made = _hmac_of(current_app.config["SECRET_KEY"]).copy()
    made.update(f"{purpose}:{value}".encode("utf-8", "surrogatepass"))
    return made.hexdigest()


@lru_cache(maxsize=8)
def _hmac_of(secret: str) -> hmac.HMAC:
    """With the key in it and nothing else: only to be copied."""
    return hmac.new(secret.encode(), digestmod="sha256")


def sign(purpose: str, value: Any, *, expires: bool = False) -> str:
    """A link part that proves this site made it for `purpose`. With `expires`, its age can be asked at reading."""
    kind = URLSafeTimedSerializer if expires else URLSafeSerializer
    return kind(current_app.config["SECRET_KEY"], salt=purpose).dumps(value)


def unsign(purpose: str, token: str, *, max_age: int | None = None) -> Any:
    """The value signed for `purpose`, or None when the token was altered, made for another purpose, or is too old.

    `max_age` is in seconds and needs a token made with `expires=True`.
    """
    secret = current_app.config["SECRET_KEY"]
    try:
        if max_age is not None:
            return URLSafeTimedSerializer(secret, salt=purpose).loads(token, max_age=max_age)
        return URLSafeSerializer(secret, salt=purpose).loads(token)
    except (BadSignature, UnicodeError, ValueError):
        return None
