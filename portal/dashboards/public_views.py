"""What leaves the public page of a campaign: its timeline as files and as a feed, a picture, and a page for paper.

Only while the campaign is public. Otherwise there is nothing here, and the answer is that of anything missing.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from portal import clock, paper
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.dashboards import public_files, share_picture, words
from portal.dashboards.page_cache import public_pages
from portal.dashboards.public_queries import find_fingerprints, find_lines
from portal.dashboards.queries import find_public_thread
from portal.dashboards.timeline import SMALLEST_COUNT
from portal.language import current_language, direction_of
from portal.web import absolute, action, current_person

bp = Blueprint("public_record", __name__)
LINES_ON_PAPER = 6
PROMISES_ON_PAPER = 6
# Where there is room for a few promises only, those that want an answer come first.
PAPER_ORDER = ("broken", "late", "unsure", "not_due", "undated", "kept")
# What we did with a paper of theirs is no news on one of ours.
NOT_ON_PAPER = frozenset({"response_read", "letter_frozen", "role_given"})


def _find(key: str) -> Campaign:
    found = find_campaign(key, "campaign.read")
    if not found.is_public:
        abort(404)
    return found


def _link_to_letter(letter_key: str) -> str:
    return absolute(url_for("signing.show", letter_key=letter_key))


def _about(found: Campaign) -> public_files.About:
    return public_files.About(
        key=found.key,
        title=found.title,
        place=found.place.full_name,
        addressee=found.target.organization.name if found.target else "",
        state=found.state,
        page=absolute(url_for("dashboards.campaign", key=found.key)),
        created_at=found.created_at,
        public_at=found.public_at or found.created_at,
        language=current_language(),
    )


def _file(found: Campaign, name: str, kind: str, make: Callable[[], bytes]) -> Response:
    """The bytes that `make` gives, made once for each version of the campaign, and not sent where they are known."""
    known = (name, found.key, found.version, current_language(), clock.today().year)
    body: bytes | None = public_pages.find(known)
    if body is None:
        body = make()
        public_pages.keep(known, body, len(body))
    tag = hashlib.sha256(body).hexdigest()[:24]
    if request.if_none_match.contains_weak(tag):
        response = make_response("", 304)
    else:
        response = make_response(body)
        response.content_type = kind
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    return response


@bp.get("/campaigns/<key>/timeline.csv")
@action("campaign.read")
def as_csv(key: str) -> Response:
    """The public timeline for a spreadsheet."""
    found = _find(key)
    response = _file(
        found, "csv", "text/csv; charset=utf-8", lambda: public_files.as_csv(find_lines(found)[0], _link_to_letter)
    )
    response.headers["Content-Disposition"] = 'attachment; filename="timeline.csv"'
    return response


@bp.get("/campaigns/<key>/timeline.json")
@action("campaign.read")
def as_json(key: str) -> Response:
    """The public timeline for a program."""
    found = _find(key)

    def make() -> bytes:
        lines, is_complete = find_lines(found)
        return public_files.as_json(_about(found), lines, _link_to_letter, is_complete=is_complete)

    return _file(found, "json", "application/json", make)


@bp.get("/campaigns/<key>/timeline.atom")
@action("campaign.read")
def as_atom(key: str) -> Response:
    """The public timeline for a feed reader."""
    found = _find(key)
    own = absolute(url_for(".as_atom", key=key))

    def make() -> bytes:
        lines, _is_complete = find_lines(found, most=public_files.FEED_LINES)
        return public_files.as_atom(_about(found), lines, _link_to_letter, own=own)

    return _file(found, "atom", "application/atom+xml; charset=utf-8", make)


@bp.get("/campaigns/<key>/picture.png")
@action("campaign.read")
def picture(key: str) -> Response:
    """What is shown where somebody passes the link on. Another picture while this one is being made elsewhere."""
    found = _find(key)
    made = share_picture.find(_facts(found))
    response = current_app.make_response(made or _any_picture())
    response.content_type = "image/png"
    response.headers["Cache-Control"] = "public, max-age=600" if made else "no-store"
    # Pages that quote a link show it from here.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    g.is_public_page = True
    return response


def _facts(found: Campaign) -> share_picture.Facts:
    people = share_picture.rounded(found.signature_count)
    count = ""
    if found.signature_count >= SMALLEST_COUNT:
        if people < found.signature_count:
            count = _("More than %(num)s people signed", num=people)
        else:
            count = ngettext("%(num)s person signed", "%(num)s people signed", people)
    them = found.target.organization.name if found.target else ""
    state: Any = words.STATE_WORDS[found.state]
    return share_picture.Facts(
        title=found.title,
        place=found.place.full_name,
        count=count,
        state=_("%(state)s. To %(them)s.", state=state, them=them) if them else str(state),
        site=current_app.config["SITE_NAME"],
        lang=current_language(),
        dir=direction_of(current_language()),
    )


def _any_picture() -> bytes:
    return (Path(current_app.root_path) / "static/img/share.png").read_bytes()


@bp.get("/campaigns/<key>/update")
@action("campaign.read")
def update(key: str) -> Response:
    """One page for paper: where it stands today, with the fingerprint of the letter."""
    found = _find(key)
    g.is_public_page = current_person() is None
    thread, promises = find_public_thread(found)
    lines, _is_complete = find_lines(found, most=4 * LINES_ON_PAPER)
    places = {standing: place for place, standing in enumerate(PAPER_ORDER)}
    promises.sort(key=lambda promise: places.get(promise.standing(thread.today), len(places)))
    letters = [letter for letter in thread.letters if letter.chases_id is None][:2]
    page = make_response(
        render_template(
            "dashboards/update.html",
            campaign=found,
            thread=thread,
            letters=letters,
            versions=find_fingerprints(found),
            lines=[line for line in lines if line.verb not in NOT_ON_PAPER][:LINES_ON_PAPER],
            promises=promises[:PROMISES_ON_PAPER],
            smallest=SMALLEST_COUNT,
            state_words=words.STATE_WORDS,
            code=Markup(paper.qr_svg(absolute(url_for("dashboards.campaign", key=key)))),
        )
    )
    if g.is_public_page:
        page.headers["Cache-Control"] = "private, no-cache"
    return page
