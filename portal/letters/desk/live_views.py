"""What changed at the desk since somebody looked, asked every few seconds; and saying that one is here."""

import time
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from jinja2_fragments.flask import render_blocks
from markupsafe import Markup, escape

from portal.campaigns.finding import find_campaign
from portal.language import current_language
from portal.letters.desk import presence
from portal.letters.desk.card_views import card, handed_out, letter_for, reader_of
from portal.letters.desk.looking import Desk, Glance, desk_at, glance, removed_mark
from portal.letters.finding import find_letter
from portal.letters.views import desk
from portal.web import action, current_person, require

bp = Blueprint("desk", __name__)

MOST_MARKS = 250
MOST_LISTS = 500
# Who is here, as it was drawn last, by letter and language.
_lists: dict[tuple[str, int, str], "_List"] = {}
# In a crowd somebody turns to another part all the time: there the list may be this old.
CROWD, LIST_SECONDS = 20, 1.0


class _List(NamedTuple):
    """The list of those who are here: the mark that it was drawn at, the parts it names, when, whether they are many,
    and itself."""

    presence: int
    order: tuple[int, ...]
    drawn_at: float
    is_crowd: bool
    html: str


@bp.get("/campaigns/<key>/letters/<int:letter_id>/live")
@action("letter.read")
def live(key: str, letter_id: int) -> Response:
    """What is new since `?seen=`; 204 when nothing is.

    `?have=` names the marks of the parts that the page shows, so that only other ones are sent; `?aside=` the state
    that its checks and next step were drawn at, where it wants them anew.
    """
    seen = _glance(key, letter_id)
    aside = request.args.get("aside", type=int)
    wants_aside = aside is not None and aside != seen.desk_version
    if request.args.get("seen") == seen.seen and not wants_aside:
        return make_response("", 204)
    now = desk_at(seen)
    here = _here(seen, now)
    # Named by what is sent: an older list is asked for again.
    seen = replace(seen, presence=here.presence)
    state = Markup('<div id="desk_state" data-seen="{}" data-desk="{}" data-order="{}"{}></div>').format(
        seen.seen,
        seen.desk_version,
        ",".join(str(number) for number in now.marks),
        Markup("") if now.letter.is_open_for_drafting else Markup(" data-closed"),
    )
    pieces = [state, here.html, *_changed_cards(now, seen), _removed(now, seen)]
    answer = handed_out("\n".join(pieces))
    if wants_aside:
        answer += Markup("\n<div data-aside>{}</div>").format(_aside(key, letter_id))
    return make_response(answer, 200)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/presence")
@action("letter.read")
def here(key: str, letter_id: int) -> Response:
    """Say for the next minute that one is at the desk, and in which part (`on`)."""
    seen = _glance(key, letter_id)
    presence.be_here(desk_at(seen).letter, block_id=request.form.get("on", type=int), by=current_person())
    return make_response("", 204)


def _glance(key: str, letter_id: int) -> Glance:
    """The letter and what the person of this request is to it: 404 and 403 as by `find_campaign`, in one statement."""
    seen = glance(key, letter_id, current_person())
    if seen is None:
        abort(404)
    require("letter.read", seen.campaign)
    return seen


def _here(seen: Glance, now: Desk) -> _List:
    """Who is at the desk. The same for everybody until somebody comes, goes or turns to another part."""
    place, order = (seen.campaign.key, seen.letter_id, current_language()), tuple(now.marks)
    known = _lists.get(place)
    if known is not None and known.order == order:
        is_young = known.is_crowd and time.monotonic() - known.drawn_at < LIST_SECONDS
        if known.presence == seen.presence or is_young:
            return known
    here, names = presence.who_is_here(seen.letter_id), {block.id: block for block in now.blocks}
    drawn = render_template("letters/desk/_here.html", here=here, names=names)
    if len(_lists) > MOST_LISTS:
        _lists.clear()
    _lists[place] = fresh = _List(seen.presence, order, time.monotonic(), len(here) > CROWD, drawn)
    return fresh


def _changed_cards(now: Desk, seen: Glance) -> list[str]:
    """The cards that the page does not show as they are, with who saved them."""
    have = dict(pair.split(":", 1) for pair in request.args.get("have", "").split(",")[:MOST_MARKS] if ":" in pair)
    letter, reader, language = letter_for(now, seen.campaign), reader_of(seen.campaign), current_language()
    changed: list[str] = []
    for block in now.blocks:
        mark = now.marks[block.id]
        if have.get(str(block.id)) == mark:
            continue
        first, last = block is now.blocks[0], block is now.blocks[-1]
        drawn = card(block, mark, letter=letter, campaign=seen.campaign, reader=reader, first=first, last=last)
        news = _news(block.edited_by.first_name if block.edited_by else "", language)
        changed.append(f'<div data-part="{block.id}" data-news="{news}">{drawn}</div>')
    return changed


@lru_cache(maxsize=512)
def _news(name: str, _language: str) -> Markup:
    return escape(_("%(name)s saved this part a moment ago.", name=name or _("A neighbour")))


def _removed(now: Desk, seen: Glance) -> str:
    """The list of what was taken out, where the page shows another."""
    have = request.args.get("removed", "")
    if have == removed_mark(now.removed):
        return ""
    return Markup(
        render_template(
            "letters/desk/_removed.html",
            campaign=seen.campaign,
            letter=letter_for(now, seen.campaign),
            removed=now.removed,
            removed_mark=removed_mark(now.removed),
            just_removed=None,
        )
    )


def _aside(key: str, letter_id: int) -> Markup:
    """The next step and the checks, as this person sees them."""
    campaign = find_campaign(key, "letter.read")
    context = desk(campaign, find_letter(campaign, letter_id))
    return Markup(render_blocks("letters/show.html", ["standing", "checks"], **context))
