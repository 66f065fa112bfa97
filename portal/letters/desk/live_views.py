"""What changed at the desk since somebody looked, asked every few seconds; and saying that one is here."""

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from jinja2_fragments.flask import render_blocks
from markupsafe import escape

from portal.campaigns.finding import find_campaign
from portal.language import current_language
from portal.letters.desk import presence
from portal.letters.desk.card_views import card, handed_out, letter_for, reader_of
from portal.letters.desk.looking import Desk, Glance, desk_at, glance, removed_mark
from portal.letters.desk.telling import Asked, HereList, known_list, news_of, remember_list, shows_removed, told
from portal.letters.finding import find_letter
from portal.letters.models import Block
from portal.letters.views import desk
from portal.web import action, current_person, require

bp = Blueprint("desk", __name__)


@bp.get("/campaigns/<key>/letters/<int:letter_id>/live")
@action("letter.read")
def live(key: str, letter_id: int) -> Response:
    """What is new since `?seen=`; 204 when nothing is.

    `?have=` names the marks of the parts that the page shows, so that only other ones are sent; `?aside=` the state
    that its checks and next step were drawn at, where it wants them anew.
    """
    seen, asked = _glance(key, letter_id), Asked.of(request.args)
    wants_aside = asked.wants_aside(seen)
    if asked.seen == seen.seen and not wants_aside:
        return make_response("", 204)
    now = desk_at(seen)
    letter, reader, language = letter_for(now, seen.campaign), reader_of(seen.campaign), current_language()

    def draw(block: Block) -> str:
        first, last = block is now.blocks[0], block is now.blocks[-1]
        mark = now.marks[block.id]
        return card(block, mark, letter=letter, campaign=seen.campaign, reader=reader, first=first, last=last)

    news = news_of(now, language, _news)
    here, removed = _here(seen, now), "" if shows_removed(now, asked) else _removed(now, seen)
    answer = handed_out(told(seen, now, asked, here=here, removed=removed, card_of=draw, news=news), generate_csrf())
    if wants_aside:
        answer = f"{answer}\n<div data-aside>{_aside(key, letter_id)}</div>"
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


def _here(seen: Glance, now: Desk) -> HereList:
    """Who is at the desk. The same for everybody until somebody comes, goes or turns to another part."""
    known = known_list(seen, now, current_language())
    if known is not None:
        return known
    here, names = presence.who_is_here(seen.letter_id), {block.id: block for block in now.blocks}
    drawn = render_template("letters/desk/_here.html", here=here, names=names)
    return remember_list(seen, now, current_language(), drawn, count=len(here))


def _news(name: str) -> str:
    """What is said of a part that somebody of this name has saved."""
    return str(escape(_("%(name)s saved this part a moment ago.", name=name or _("A neighbour"))))


def _removed(now: Desk, seen: Glance) -> str:
    """The list of what was taken out."""
    return render_template(
        "letters/desk/_removed.html",
        campaign=seen.campaign,
        letter=letter_for(now, seen.campaign),
        removed=now.removed,
        removed_mark=removed_mark(now.removed),
        just_removed=None,
    )


def _aside(key: str, letter_id: int) -> str:
    """The next step and the checks, as this person sees them."""
    campaign = find_campaign(key, "letter.read")
    context = desk(campaign, find_letter(campaign, letter_id))
    return render_blocks("letters/show.html", ["standing", "checks"], **context)
