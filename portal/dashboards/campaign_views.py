"""The page of one campaign: the workbench of its members, and what anybody may read."""

import hashlib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request, session
from flask_babel import gettext as _
from markupsafe import Markup

from portal import clock
from portal.campaigns import joining, publicity
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.dashboards import ready_pages
from portal.dashboards.next_step import next_step
from portal.dashboards.page_cache import public_pages
from portal.dashboards.queries import find_public_thread, find_thread
from portal.dashboards.steps import Reader
from portal.dashboards.thread import Reply, ReplyFacts, Thread, reply_line, silences
from portal.dashboards.timeline import SMALLEST_COUNT, Timeline, find_timeline, read_key
from portal.language import current_language
from portal.responses.deadlines import pictured_words
from portal.responses.deadlines.cards import card_of
from portal.responses.deadlines.picture import Picture
from portal.responses.deadlines.pictured import picture_outside
from portal.responses.deadlines.queries import public_clocks
from portal.responses.promise_queries import counts_of
from portal.web import action, current_person, render

INSIDE = frozenset({"member", "organizer"})
# While this gives the same answer, so does the page of somebody whom we know nothing about.
STILL_SO = "SELECT version, visibility FROM campaign WHERE key = ?"


@action("campaign.read")
def campaign(key: str) -> Response:
    """Where the campaign is on its thread. Members and organizers see the inside, others what is public."""
    found = find_campaign(key, "campaign.read")
    before = request.args.get("before", "")
    before = before if read_key(before) else ""
    person = current_person()
    if person is not None and found.parts_of(person) & INSIDE:
        return _older_inside(found, before) if before else _inside(found, person)
    if found.visibility == "circle":
        # Only somebody who was asked to help may know of it, and no more than what they were asked.
        return render("dashboards/asked.html", campaign=found)
    if person is None:
        return _for_visitor(found, before)
    return _outside(found, before, person)


# ---- inside ----


def _inside(found: Campaign, person: Any) -> Response:
    thread = find_thread(found, person.id)
    reply = reply_line(thread)
    reader = Reader(person.id, frozenset(found.parts_of(person)))
    timeline = find_timeline(
        found,
        is_inside=True,
        since=silences(thread, is_inside=True),
        silent_since=reply.silent_since,
        today=thread.today,
    )
    return render(
        "dashboards/campaign.html",
        campaign=found,
        thread=thread,
        reply=reply,
        timeline=timeline,
        is_inside=True,
        step=next_step(thread, reader, listable_at=current_app.config["LISTABLE_AT"]),
        letter_keys={},
    )


def _older_inside(found: Campaign, before: str) -> Response:
    timeline = find_timeline(found, before=before, is_inside=True, today=clock.today())
    return render("dashboards/older.html", campaign=found, timeline=timeline, is_inside=True, letter_keys={})


# ---- outside ----


def _for_visitor(found: Campaign, before: str) -> Response:
    """The public page for people who are signed out: the same for all of them, so it can be kept and revalidated."""
    g.is_public_page = found.is_public
    tag = _tag(found, before)
    is_plain = "_flashes" not in session
    if is_plain and request.if_none_match.contains_weak(tag):
        response = make_response("", 304)
    else:
        response = _outside(found, before, None)
    response.headers["Cache-Control"] = "private, no-cache" if is_plain else "no-store"
    if is_plain:
        response.set_etag(tag, weak=True)
        if not before:
            ready_pages.offer(STILL_SO, (found.key,), (found.version, found.visibility))
    return response


def _outside(found: Campaign, before: str, person: Any) -> Response:
    if before:
        timeline, keys = _public_timeline(found, before)
        return render("dashboards/older.html", campaign=found, timeline=timeline, is_inside=False, letter_keys=keys)
    # The key of the address, not the id: it is never used again.
    name = (found.key, found.version, current_language(), clock.today())
    body = public_pages.get(name, lambda: _public_body(found))
    asked = joining.last_request(found, person) if person is not None else None
    return render(
        "dashboards/public.html",
        campaign=found,
        body=body,
        smallest=SMALLEST_COUNT,
        has_asked=asked is not None and asked.decided_at is None,
        is_invited="invited_organizer" in found.parts_of(person),
    )


def _public_body(found: Campaign) -> Markup:
    """Everything on the public page that does not depend on who looks."""
    thread, promises = find_public_thread(found)
    timeline = _timeline_outside(found, thread, "")
    reply = public_reply(thread)
    page = render_template(
        "dashboards/_public_body.html",
        campaign=found,
        thread=thread,
        reply=reply,
        picture=_public_picture(thread, reply),
        lane_words=pictured_words,
        promises=promises,
        promise_counts=counts_of(found, on=thread.today, public_only=True) if promises else None,
        timeline=timeline,
        demands=publicity.preview(found).demands,
        smallest=SMALLEST_COUNT,
        is_inside=False,
        published={reply.id: _said_in_public(reply) for reply in thread.replies if reply.is_published},
        letter_keys={letter.id: letter.key for letter in thread.letters},
    )
    return Markup(page)


def _public_picture(thread: Thread, reply: Reply) -> Picture | None:
    """The response clock of the letter the page speaks of, as far as anybody may know it. At most one statement."""
    letter = reply.letter
    if not reply.line or letter is None or letter.sent_on is None:
        return None
    deadlines, days_off = public_clocks(letter.id)
    replies = thread.replies_to(letter)
    return picture_outside(
        letter.sent_on,
        [card_of(one, thread.now) for one in deadlines],
        [(one.received_on, one.kind) for one in replies if one.is_published],
        days_off,
        is_open=all(one.is_published for one in replies),
        today=thread.today,
    )


def _said_in_public(reply: ReplyFacts) -> str:
    if not reply.their_words:
        return reply.public_words
    return f"{reply.public_words} " + _("In their own words: “%(words)s”", words=reply.their_words)


def _public_timeline(found: Campaign, before: str) -> tuple[Timeline, dict[int, str]]:
    thread, _promises = find_public_thread(found)
    return _timeline_outside(found, thread, before), {letter.id: letter.key for letter in thread.letters}


def _timeline_outside(found: Campaign, thread: Thread, before: str) -> Timeline:
    return find_timeline(
        found,
        before=before,
        is_inside=False,
        since=silences(thread, is_inside=False),
        silent_since=public_reply(thread).silent_since,
        today=thread.today,
    )


def public_reply(thread: Thread) -> Reply:
    """The reply line as far as anybody may know it: one that rests on an unpublished reply is not told.

    Lateness is told even when a holding reply is unpublished, for it is true all the same.
    """
    reply = reply_line(thread)
    if reply.letter is None or reply.line in {"not_written", "needs_reading"}:
        return Reply("not_written" if reply.line == "not_written" else "", reply.letter)
    if reply.decided is not None and not reply.decided.is_published:
        return Reply("", reply.letter)
    is_open = all(one.is_published for one in thread.replies_to(reply.letter))
    return reply if is_open else replace(reply, unread=None, silent_since=None)


@lru_cache(maxsize=1)
def _templates_mark(folder: str) -> str:
    """Changes when any template does, so that an update of the portal is seen at once."""
    newest = max((path.stat().st_mtime_ns for path in Path(folder).rglob("*.html")), default=0)
    return str(newest)


def _tag(found: Campaign, before: str) -> str:
    app = current_app
    mark = _templates_mark(str(Path(app.root_path) / "templates"))
    style = app.jinja_env.globals["asset"]("css/doorstep.css")  # type: ignore[operator]
    day: date = clock.today()
    parts = (found.key, found.version, current_language(), day, before, mark, style)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24]
