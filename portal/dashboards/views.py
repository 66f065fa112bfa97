"""Pages that read across features: the start page, finding a campaign, what the portal is."""

from flask import Blueprint, Response

from portal.web import action, current_person, render

bp = Blueprint("dashboards", __name__)


@bp.get("/")
@action("site.read")
def start() -> Response:
    """What this is, or what wants me today."""
    return render("dashboards/welcome.html", person=current_person())


@bp.get("/campaigns")
@action("site.read")
def browse() -> Response:
    """Find a public campaign."""
    return render("dashboards/welcome.html", person=current_person())


@bp.get("/about")
@action("site.read")
def about() -> Response:
    """What this is and who runs it."""
    return render("dashboards/welcome.html", person=current_person())


@bp.get("/privacy")
@action("site.read")
def privacy() -> Response:
    """What is held about people."""
    return render("dashboards/welcome.html", person=current_person())
