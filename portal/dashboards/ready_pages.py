"""Whole answers for those who come without a cookie: found again by their address, before Flask begins.

A view offers its answer together with a question to the database. The same request is answered with the same bytes as
long as the question is: so a page is never older than the last change, and costs one short statement.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee
from flask import request

from portal import clock
from portal.dashboards.page_cache import PageCache
from portal.database import db, is_sqlite, open_connection
from portal.plain_posts import Application

MOST_BYTES = 8 * 1024 * 1024
OFFER = "doorstep.ready_page"
# Whatever of a request may change the answer of a view that offers, other than who asks.
VARIES = ("wsgi.url_scheme", "HTTP_HOST", "PATH_INFO", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE")
# A request with one of these takes the long way.
PLAIN_WITHOUT = ("HTTP_COOKIE", "HTTP_HX_REQUEST", "HTTP_IF_NONE_MATCH")


@dataclass(frozen=True)
class Offer:
    """A question in SQL, written with "?", and the answer on which the page rests."""

    sql: str
    given: tuple[Any, ...]
    answer: tuple[Any, ...]

    def still_stands(self) -> bool:
        """Whether the answer is the same now. One statement. False when the database does not answer."""
        try:
            open_connection()
            sql = self.sql if is_sqlite() else self.sql.replace("?", "%s")
            return db.execute_sql(sql, self.given).fetchone() == self.answer
        except peewee.PeeweeException:
            return False


@dataclass(frozen=True)
class ReadyPage:
    """One answer as it went out."""

    offer: Offer
    day: date
    status: str
    headers: list[tuple[str, str]]
    body: bytes


def offer(sql: str, given: tuple[Any, ...], answer: tuple[Any, ...]) -> None:
    """Say that the answer to this request rests on nothing but its address, the day, and what `sql` gives."""
    request.environ[OFFER] = Offer(sql, given, answer)


class ReadyPages:
    """WSGI middleware that keeps what views offer."""

    def __init__(self, application: Application, most_bytes: int = MOST_BYTES) -> None:
        self.application = application
        self.kept = PageCache(most_bytes)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or any(map(environ.get, PLAIN_WITHOUT)):
            return self.application(environ, start_response)
        name = tuple(map(environ.get, VARIES))
        page: ReadyPage | None = self.kept.find(name)
        # Days are named on a page: "yesterday" must not stay for a week.
        if page is None or page.day != clock.today() or not page.offer.still_stands():
            return self._answered(name, environ, start_response)
        start_response(page.status, page.headers)
        return [page.body]

    def _answered(
        self, name: tuple[Any, ...], environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        begun: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            begun[:] = status, headers
            return start_response(status, headers, *rest)

        answer = self.application(environ, remember)
        made = environ.get(OFFER)
        if made is None or not begun[0].startswith("200") or any(header == "Set-Cookie" for header, _value in begun[1]):
            return answer
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        page = ReadyPage(made, clock.today(), begun[0], list(begun[1]), body)
        self.kept.keep(name, page, len(body) + 1000)
        return [body]
