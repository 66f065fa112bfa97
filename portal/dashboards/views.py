"""Pages that read across features: the start page, finding a campaign, one campaign, what the portal is."""

from flask import Blueprint, Response, g, request

from portal.campaigns.circle_words import ROLE_WORDS
from portal.dashboards import browsing, campaign_views, words
from portal.dashboards.forms import BrowseForm
from portal.dashboards.timeline import SMALLEST_COUNT
from portal.dashboards.today import find_today
from portal.web import action, current_person, render

bp = Blueprint("dashboards", __name__)
bp.get("/campaigns/<key>")(campaign_views.campaign)


@bp.context_processor
def closed_sets() -> dict[str, object]:
    """Words for states and kinds, for the pages of this feature."""
    return {
        "state_words": words.STATE_WORDS,
        "state_tones": words.STATE_TONES,
        "kind_words": words.KIND_WORDS,
        "visibility_words": words.VISIBILITY_WORDS,
        "role_words": ROLE_WORDS,
    }


def _open_page(response: Response) -> Response:
    """For pages that anybody may read: search engines are let in; what a signed-in reader saw is kept nowhere."""
    if current_person() is None:
        g.is_public_page = True
        response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/")
@action("site.read")
def start() -> Response:
    """What this is, or what wants me today."""
    person = current_person()
    if person is None:
        return _open_page(render("dashboards/start.html"))
    return render("dashboards/my_portal.html", person=person, today_of=find_today(person))


@bp.get("/campaigns")
@action("site.read")
def browse() -> Response:
    """Find a public campaign."""
    form = BrowseForm(request.args)
    form.offer(browsing.find_towns())
    found = browsing.find_public(
        words=form.q.data or "",
        kind=form.kind.data,
        town=form.town.data,
        before=request.args.get("before", ""),
    )
    is_first = browsing.read_key(request.args.get("before", "")) is None
    page = render(
        "dashboards/browse.html",
        "results",
        form=form,
        found=found,
        is_first=is_first,
        smallest=SMALLEST_COUNT,
    )
    return _open_page(page)


@bp.get("/about")
@action("site.read")
def about() -> Response:
    """What this is and who runs it."""
    return _open_page(render("dashboards/about.html"))


@bp.get("/privacy")
@action("site.read")
def privacy() -> Response:
    """What is held about people, who reads it, how long, and the way out."""
    return _open_page(render("dashboards/privacy.html"))
