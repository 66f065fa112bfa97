"""Pages that read across features: the start page, finding a campaign, one campaign, what the portal is."""

from flask import Blueprint, Response, flash, g, request, session, url_for
from flask_babel import gettext as _
from flask_login import logout_user

from portal.campaigns.circle_words import ROLE_WORDS
from portal.campaigns.listing import read_key
from portal.dashboards import browsing, campaign_views, words
from portal.dashboards.forms import BrowseForm
from portal.dashboards.leaving import close_account
from portal.dashboards.timeline import SMALLEST_COUNT
from portal.dashboards.today import find_today
from portal.errors import RuleBroken
from portal.web import action, current_person, go, render, require

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
        words=form.q.data or "", kind=form.kind.data, town=form.town.data, before=request.args.get("before", "")
    )
    is_first = read_key(request.args.get("before", "")) is None
    page = render(
        "dashboards/browse.html", "results", form=form, found=found, is_first=is_first, smallest=SMALLEST_COUNT
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


@bp.route("/me/leaving", methods=["GET", "POST"])
@action("account.use")
def leaving() -> Response:
    """What happens when you leave for good, and the button."""
    require("account.use")
    problem = ""
    if request.method == "POST":
        try:
            close_account(current_person())
        except RuleBroken as broken:
            problem = broken.message
        else:
            logout_user()
            session.clear()
            flash(_("You have left. We no longer hold your name or your address"), "good")
            response = go(url_for("dashboards.start"))
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
            return response
    return render("dashboards/leaving.html", status=422 if problem else 200, problem=problem)
