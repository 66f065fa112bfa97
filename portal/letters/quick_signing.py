"""Signing a letter by a short way before Flask: a street signs in one evening.

Takes the plain and wholly valid form of a visitor and does with it what the view `signing.sign` does: the same checks,
the same operation, the same answer. Everything else goes on to that view, with its body, and is answered there.
"""

import logging
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import peewee
from flask import Flask
from werkzeug.utils import redirect

from portal import limits, once, permissions
from portal.database import claim_with, drop_connection, open_connection
from portal.errors import AlreadyDone, RuleBroken
from portal.gate import headers_for_one
from portal.language import best_for
from portal.letters import signing
from portal.letters.finding import SeenToSign, see_to_sign
from portal.letters.new_signatures import LetterChanged, make_ready, store_with_the_crowd
from portal.letters.signing_forms import plain_signature
from portal.plain_posts import Application, PlainPosts

log = logging.getLogger("portal.letters")
# Letters that a process remembers.
MOST_SEEN = 256
ADDRESS = re.compile(r"/letters/([A-Za-z0-9_-]{1,64})/signatures")


class QuickSigning:
    """WSGI middleware around `application`, which it asks for every answer but one."""

    def __init__(self, app: Flask, application: Application) -> None:
        self.app = app
        self.application = application
        self.posts = PlainPosts(app)
        self._seen: dict[str, SeenToSign] = {}
        self.headers = headers_for_one(is_https=app.config["SESSION_COOKIE_SECURE"])

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            address = ADDRESS.fullmatch(environ["PATH_INFO"])
            to = address and self._sign(address[1], environ)
            if to:
                headers, body = _redirect(to)
                start_response("303 SEE OTHER", [*headers, *self.headers])
                return [body]
        return self.application(environ, start_response)

    def _sign(self, letter_key: str, environ: dict[str, Any]) -> str | None:
        """Where it led; None when it is for Flask to answer, and then nothing has been done."""
        form = self.posts.read(environ)
        signature = form and plain_signature(form)
        if not form or not signature:
            return None
        to = f"/letters/{letter_key}/signed"
        try:
            with self.app.app_context():
                seen = self._as_last_seen(letter_key)
                if seen is None or not permissions.can(None, "letter.sign", seen.version.letter):
                    self._seen.pop(letter_key, None)
                    return None
                signature["network"] = limits.network_of(environ.get("REMOTE_ADDR"))
                signature["locale"] = best_for(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
                self._store(seen, signature, environ["PATH_INFO"], form["once"], to)
        except (LetterChanged, RuleBroken):
            # What was seen is of no use: it changed, or was seen while nobody could sign. The next one looks anew.
            self._seen.pop(letter_key, None)
            return None
        except AlreadyDone:
            return None
        except Exception as error:
            # The long way says in words what ails us. If the work was kept all the same, so was the form's key, and
            # that leads on. No more than the error's kind: its text may hold what was typed.
            log.warning("signing goes the long way: %s", type(error).__name__)
            drop_connection()
            return None
        return to

    def _as_last_seen(self, letter_key: str) -> SeenToSign | None:
        """The letter as this process saw it last. Whoever stores the signature looks whether it still is so."""
        seen = self._seen.get(letter_key)
        if seen is None:
            open_connection()
            seen = see_to_sign(letter_key)
            if seen is not None:
                if len(self._seen) >= MOST_SEEN:
                    self._seen.clear()
                self._seen[letter_key] = seen
        return seen

    def _store(self, seen: SeenToSign, signature: dict[str, Any], path: str, once_key: str, to: str) -> None:
        version = seen.version
        # The last request of this thread may have left a claim of its own.
        claim_with(None)
        key = once.key_row(once.hash_of(path, once_key), to)
        new = make_ready(version.letter, version, **signature)
        try:
            store_with_the_crowd(new._replace(seen=seen, key=key))
        except peewee.IntegrityError:
            # The form was sent before, or its address has signed before: then only the owner of the address is told.
            open_connection()
            once.find_unused(path, once_key)
            claim_with(lambda: once.claim_key(key))
            try:
                signing.sign(version.letter, version, **signature)
            finally:
                claim_with(None)


@lru_cache(maxsize=256)
def _redirect(to: str) -> tuple[list[tuple[str, str]], bytes]:
    response = redirect(to, 303)
    body = response.get_data()
    return [("Content-Type", response.content_type or ""), ("Content-Length", str(len(body))), ("Location", to)], body
