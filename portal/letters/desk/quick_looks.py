"""Looking at the desk by a short way before Flask: a hundred people may look every second.

Answers a look as the view `desk.live` does, where all it needs has been drawn already, with one statement that says who
is signed in, what they are to the letter, and whether anything changed. Everything else goes on to that view: every
refusal, every first drawing, every odd request.
"""

import gzip
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask

from portal import permissions
from portal.database import drop_connection, open_connection
from portal.gate import headers_for_one
from portal.language import best_for
from portal.letters.desk.card_views import handed_out, known_card, reader_of
from portal.letters.desk.looking import Desk, glance_by_sign_in, known_desk
from portal.letters.desk.telling import Asked, NotDrawn, known_list, news_of, shows_removed, told
from portal.letters.models import Block
from portal.plain_posts import Application, PlainSessions

log = logging.getLogger("portal.letters")
LOOK = re.compile(r"/campaigns/([A-Za-z0-9_-]{1,64})/letters/([0-9]{1,9})/live")
HTML = ("Content-Type", "text/html; charset=utf-8")


class QuickLooks:
    """WSGI middleware around `application`, which it asks for every answer but these."""

    def __init__(self, app: Flask, application: Application) -> None:
        self.app = app
        self.application = application
        self.sessions = PlainSessions(app)
        self.least_to_pack = app.config["COMPRESS_MIN_SIZE"]
        self.headers = [HTML, *headers_for_one(is_https=app.config["SESSION_COOKIE_SECURE"])]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            address = LOOK.fullmatch(environ["PATH_INFO"])
            answer = self._look(address[1], int(address[2]), environ) if address else None
            if answer is not None:
                return self._send(answer, environ, start_response)
        return self.application(environ, start_response)

    def _look(self, key: str, letter_id: int, environ: dict[str, Any]) -> str | None:
        """What is told, nothing where nothing is new; None when it is for Flask to answer."""
        session = self.sessions.read(environ)
        if session is None:
            return None
        try:
            asked = Asked.of(dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)))
            with self.app.app_context():
                open_connection()
                found = glance_by_sign_in(key, letter_id, session["_user_id"])
            if found is None:
                return None
            seen, person = found
            if not permissions.can(person, "letter.read", seen.campaign) or asked.wants_aside(seen):
                return None
            if asked.seen == seen.seen:
                return ""
            now = known_desk(seen)
            language = best_for(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
            here = known_list(seen, now, language) if now else None
            if now is None or here is None or not shows_removed(now, asked):
                return None
            reader = reader_of(seen.campaign, person=person, language=language)
            card_of, news = _cards_of(now, reader), news_of(now, language)
            drawn = told(seen, now, asked, here=here, removed="", card_of=card_of, news=news)
        except NotDrawn:
            return None
        except Exception as error:
            # The long way says in words what ails us.
            log.warning("a look goes the long way: %s", type(error).__name__)
            drop_connection()
            return None
        return handed_out(drawn, self.sessions.form_token(session))

    def _send(self, answer: str, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not answer:
            start_response("204 NO CONTENT", self.headers)
            return []
        body, packed = answer.encode(), []
        if len(body) >= self.least_to_pack and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            body, packed = gzip.compress(body, compresslevel=4), [("Content-Encoding", "gzip")]
        start_response("200 OK", [*self.headers, *packed, ("Content-Length", str(len(body)))])
        return [body]


def _cards_of(now: Desk, reader: Any) -> Callable[[Block], str]:
    def card_of(block: Block) -> str:
        drawn = known_card(block, now.marks[block.id], letter=now.letter, reader=reader)
        if drawn is None:
            raise NotDrawn
        return drawn

    return card_of
