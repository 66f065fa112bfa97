"""One request by the short way and by the long way, and what each of them did."""

import io
import re
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import run_wsgi_app

from portal.database import db
from portal.letters.models import Signature
from portal.letters.quick_signing import QuickSigning
from portal.once import OnceKey, once_key
from portal.outbox import OutgoingMail
from tests.clients import Client
from tests.conftest import _fill_buckets

GOOD = {"name": "Rosa Maddox", "email": "rosa@example.org", "home_words": "2B", "display": "full", "count_me": "y"}
# Different each time, by either way.
OF_CHANCE = {"id", "message_id"}


@dataclass
class Done:
    """What came of one request."""

    status: int
    headers: dict[str, str]
    body: bytes
    rows: list[Any]
    was_short: bool

    @property
    def seen(self) -> Any:
        """Answer and rows, without what is of chance: tokens on the page, and how long it is with them."""
        by_chance = {"Content-Length", "Set-Cookie"} if self.status != 303 else set()
        headers = {name: value for name, value in self.headers.items() if name not in by_chance}
        body = re.sub(rb'name="(csrf_token|once)" value="[^"]*"', b"", self.body)
        return self.status, headers, body, self.rows


class Ways:
    """A browser's form for one letter, and the two ways that it can take."""

    def __init__(self, app: Flask, browser: Client, path: str) -> None:
        self.app, self.path = app, path
        self.token = browser.token()
        self.cookie = browser.get_cookie("s").value  # type: ignore[union-attr]
        quick: Any = app.wsgi_app
        assert isinstance(quick, QuickSigning)
        self.long = quick.application
        self.wrap: Any = lambda application: application

    def form(self, **given: Any) -> dict[str, Any]:
        """A good form with a key of its own, changed as `given`; None leaves a field out."""
        filled = {"csrf_token": self.token, "once": once_key(), **GOOD, **given}
        return {name: value for name, value in filled.items() if value is not None}

    def environ(self, form: Any, **given: Any) -> dict[str, Any]:
        """The request as a server hands it over; None leaves a header out."""
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        made = {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "10.1.2.3",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": f"s={self.cookie}",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **given,
        }
        return {name: value for name, value in made.items() if value is not None}

    def go(self, form: Any, *, short: bool = True, way: QuickSigning | None = None, **given: Any) -> Done:
        """One request, by the short way first (that of a new process, or `way`) or by the long way only."""
        asked = []

        def long(environ: Any, start_response: Any) -> Any:
            asked.append(environ)
            return self.long(environ, start_response)

        quick = way or QuickSigning(self.app, long)
        quick.application = long
        asked_first = self.wrap(quick if short else long)
        with self.app.app_context():
            body, status, headers = run_wsgi_app(asked_first, self.environ(form, **given), buffered=True)
        return Done(int(status[:3]), dict(headers), b"".join(body), stored(), not asked)

    def both(self, form: Any, **given: Any) -> tuple[Done, Done]:
        """The same request by both ways, each from the same beginning; nothing of it stays."""
        done = []
        for short in (True, False):
            with db.atomic() as here:
                done.append(self.go(form, short=short, **given))
                here.rollback()
            _fill_buckets()
        return done[0], done[1]


def stored() -> list[Any]:
    """Every row that signing makes."""
    return [
        {name: value for name, value in row.__data__.items() if name not in OF_CHANCE}
        for model in (Signature, OutgoingMail, OnceKey)
        for row in model.select().order_by(model.id)
    ]
