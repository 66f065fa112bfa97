"""The people in the circle; leaving it; taking somebody out of it."""

from flask import Blueprint, Response, current_app, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns import circle, circle_queries
from portal.campaigns.circle_forms import ConfirmForm
from portal.campaigns.circle_words import HOW_WORDS, ROLE_WORDS
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import ROLES, Membership
from portal.errors import RuleBroken
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("circle", __name__)


@bp.get("/campaigns/<key>/people")
@action("campaign.read_inside")
def index(key: str) -> Response:
    """Everybody in the circle, who does what, who helps, who waits."""
    campaign = find_campaign(key, "campaign.read_inside")
    before, after = request.args.get("before", type=int), request.args.get("after", type=int)
    people, has_older, has_newer = circle_queries.members(campaign, before=before, after=after)
    here = url_for(".index", key=key)
    return render(
        "circle/index.html",
        campaign=campaign,
        people=people,
        around=circle_queries.around(campaign),
        older_url=f"{here}?before={people[-1].id}" if people and has_older else None,
        newer_url=f"{here}?after={people[0].id}" if people and has_newer else None,
        role_names=ROLES,
        role_words=ROLE_WORDS,
        how_words=HOW_WORDS,
        me=current_person(),
        listable_at=current_app.config["LISTABLE_AT"],
    )


@bp.route("/campaigns/<key>/people/leaving", methods=["GET", "POST"])
@action("campaign.leave")
def leave(key: str) -> Response:
    """What leaving means; one press leaves."""
    campaign = find_campaign(key, "campaign.leave")
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            circle.leave(campaign, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("You have left the circle. Your roles there have ended"), "good")
            return go(url_for("dashboards.start"))
    return render("circle/leave.html", status=422 if form.errors else 200, campaign=campaign, form=form)


@bp.route("/campaigns/<key>/people/<int:membership_id>/removal", methods=["GET", "POST"])
@action("campaign.remove_member")
def remove(key: str, membership_id: int) -> Response:
    """What taking somebody out means; one press does it."""
    campaign = find_campaign(key, "campaign.remove_member")
    membership = find_in(campaign, Membership, membership_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            circle.remove(membership, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("%(name)s is out of the circle and told by mail", name=membership.person.display_name), "good")
            return go(url_for(".index", key=key))
    status = 422 if form.errors else 200
    return render("circle/remove.html", status=status, campaign=campaign, membership=membership, form=form)
