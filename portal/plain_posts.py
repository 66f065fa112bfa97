"""What came with a request, read and proved before Flask: for the one or two routes that very many people use at once.

Only the plain case is read: a small form, sent by a browser that holds nothing but a form token, and the session of
somebody signed in. Everything else is left to Flask, so that every refusal has one home; nothing that Flask would
refuse is read here.
"""

import hmac
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_plus

from flask import Flask
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode
from werkzeug.exceptions import SecurityError
from werkzeug.sansio.utils import get_host

from portal.gate import is_from_elsewhere
from portal.once import MOST_LETTERS
from portal.sessions import REFRESH_AFTER, with_one_signer

# What stands behind a short way, and answers all that it does not.
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
MOST_BYTES = 8000
CONTENT_TYPE = "application/x-www-form-urlencoded"
# What changes how Flask takes a request, or how the portal answers it.
NOT_PLAIN = (
    "SCRIPT_NAME",
    "HTTP_HX_REQUEST",
    "HTTP_HX_BOOSTED",
    "HTTP_HX_HISTORY_RESTORE_REQUEST",
    "HTTP_TRANSFER_ENCODING",
)
_PLAIN_HOST = re.compile(r"[a-z0-9.-]+(?::[0-9]+)?")


class Proof:
    """Reads what `serializer` signed with a time, in fewer steps than its `loads`, and only what is wholly good."""

    def __init__(self, serializer: URLSafeTimedSerializer) -> None:
        self._serializer = serializer
        self._signer: Any = serializer.make_signer(serializer.salt)

    def read(self, token: str, max_age: int | None) -> Any:
        """What was signed, at most `max_age` seconds ago if that is given.

        Raises BadData for everything that `loads` refuses.
        """
        value, _dot, signature = token.encode().rpartition(b".")
        # As it is written, not only as it is meant: stricter than the library.
        if not hmac.compare_digest(self._signer.get_signature(value), signature):
            raise BadData("not signed by us")
        payload, _dot, moment = value.rpartition(b".")
        age = self._signer.get_timestamp() - int.from_bytes(base64_decode(moment))
        if max_age is not None and not 0 <= age <= max_age:
            raise BadData("too old, or not yet")
        return self._serializer.load_payload(payload)


class _Keys:
    """The app's own keys. Make it when the app's settings are complete."""

    def __init__(self, app: Flask) -> None:
        interface: Any = app.session_interface
        self._name = re.escape(interface.get_cookie_name(app))
        self._sessions = Proof(interface.get_signing_serializer(app))
        secret: Any = app.config.get("WTF_CSRF_SECRET_KEY") or app.secret_key
        # The salt is Flask-WTF's.
        self._tokens = with_one_signer(URLSafeTimedSerializer(secret, salt="wtf-csrf-token"))
        self._proved_tokens = Proof(self._tokens)
        self._trusted = tuple(app.config["TRUSTED_HOSTS"] or ())


class PlainSessions(_Keys):
    """Reads the session of somebody signed in."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        # One cookie of that name, whatever stands beside it.
        self._cookie = re.compile(rf"(?:^|; ){self._name}=([A-Za-z0-9._-]+)(?=;|$)")

    def read(self, environ: dict[str, Any]) -> dict[str, Any] | None:
        """The session of a plain request to this portal, no older than a day; None for whatever is not plain."""
        if any(map(environ.get, NOT_PLAIN)):
            return None
        if not _host(environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), self._trusted):
            return None
        found = self._cookie.findall(environ.get("HTTP_COOKIE", ""))
        if len(found) != 1:
            return None
        try:
            # An older one is Flask's to renew.
            session: dict[str, Any] = self._sessions.read(found[0], int(REFRESH_AFTER.total_seconds()))
        except BadData:
            return None
        return session if {"_user_id", "csrf_token"} <= session.keys() else None

    def form_token(self, session: dict[str, Any]) -> str:
        """A token for this session's forms, as Flask-WTF makes it."""
        return str(self._tokens.dumps(session["csrf_token"]))


class PlainPosts(_Keys):
    """Reads the forms of visitors."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._cookie = re.compile(rf"{self._name}=([A-Za-z0-9._-]+)")
        self._session_seconds = int(app.permanent_session_lifetime.total_seconds())
        self._token_seconds = app.config["WTF_CSRF_TIME_LIMIT"]

    def read(self, environ: dict[str, Any]) -> dict[str, str] | None:
        """The form of a POST: every name once, with its key against a double press. None for whatever is not plain.

        After that the body can still be read from `environ`.
        """
        if environ.get("CONTENT_TYPE") != CONTENT_TYPE or any(map(environ.get, (*NOT_PLAIN, "QUERY_STRING"))):
            return None
        if not self._is_from_here(environ):
            return None
        secret = self._form_secret(environ.get("HTTP_COOKIE", ""))
        if secret is None:
            return None
        form = _read_form(environ)
        if form is None or not 0 < len(form.get("once", "")) <= MOST_LETTERS:
            return None
        return form if self._is_proved(form, secret) else None

    def _is_from_here(self, environ: dict[str, Any]) -> bool:
        scheme = environ["wsgi.url_scheme"]
        host = _host(scheme, environ.get("HTTP_HOST", ""), self._trusted)
        if not host:
            return False
        own = f"{scheme}://{host}"
        if is_from_elsewhere(environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN"), own):
            return False
        # Over https Flask-WTF looks at the referrer too.
        return scheme == "http" or same_origin(environ.get("HTTP_REFERER", ""), f"{own}/")

    def _form_secret(self, cookie: str) -> str | None:
        """What form tokens of this browser must hold. None when its session holds anything else."""
        found = self._cookie.fullmatch(cookie)
        if found is None:
            return None
        try:
            session = self._sessions.read(found[1], self._session_seconds)
        except BadData:
            return None
        return session["csrf_token"] if list(session) == ["csrf_token"] else None

    def _is_proved(self, form: dict[str, str], secret: str) -> bool:
        try:
            token = self._proved_tokens.read(form.get("csrf_token", ""), self._token_seconds)
        except BadData:
            return False
        return isinstance(token, str) and hmac.compare_digest(secret, token)


@lru_cache(maxsize=64)
def _host(scheme: str, header: str, trusted: tuple[str, ...]) -> str:
    """The host as Flask takes it; nothing when it is not trusted or not written plainly."""
    if not _PLAIN_HOST.fullmatch(header):
        return ""
    try:
        return get_host(scheme, header, None, trusted)
    except SecurityError:
        return ""


def _read_form(environ: dict[str, Any]) -> dict[str, str] | None:
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdigit() and int(length) <= MOST_BYTES):
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    try:
        pairs = [_pair(part) for part in body.decode("ascii").split("&")]
    except ValueError:
        return None
    form = dict(pairs)
    return form if len(form) == len(pairs) and len(body) == int(length) else None


def _pair(part: str) -> tuple[str, str]:
    """A name and its value. Raises ValueError for what no browser sends of our forms: names that need an escape."""
    name, sign, value = part.partition("=")
    if not sign or not name.isidentifier():
        raise ValueError
    return name, unquote_plus(value, errors="strict") if "%" in value or "+" in value else value
