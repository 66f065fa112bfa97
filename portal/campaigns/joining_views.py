"""Asking to come in, and the answer of those who are."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.campaigns import joining
from portal.campaigns.circle_forms import AskToJoinForm
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import JoinRequest
from portal.errors import RuleBroken
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("joining", __name__)


@bp.route("/campaigns/<key>/joining", methods=["GET", "POST"])
@action("campaign.ask_to_join")
def ask(key: str) -> Response:
    """Say who you are, so that a member can vouch for you."""
    campaign = find_campaign(key, "campaign.ask_to_join")
    person = current_person()
    if campaign.has_member(person):
        return go(url_for("dashboards.campaign", key=key))
    form = AskToJoinForm()
    if form.validate_on_submit():
        try:
            joining.ask_to_join(campaign, form.words.data, by=person)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return go(url_for(".ask", key=key))
    last = joining.last_request(campaign, person)
    waits = last if last is not None and last.decided_at is None else None
    return render("circle/ask.html", status=422 if form.errors else 200, campaign=campaign, form=form, waits=waits)


@bp.post("/campaigns/<key>/people/requests/<int:request_id>/vouching")
@action("campaign.vouch")
def vouch(key: str, request_id: int) -> Response:
    """Let somebody in."""
    campaign = find_campaign(key, "campaign.vouch")
    asked = find_in(campaign, JoinRequest, request_id)
    try:
        joining.vouch(asked, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
    else:
        flash(_("%(name)s is in, and told by mail", name=asked.person.display_name), "good")
    return go(url_for("circle.index", key=key))


@bp.post("/campaigns/<key>/people/requests/<int:request_id>/refusal")
@action("campaign.decline_request")
def decline(key: str, request_id: int) -> Response:
    """Say not now."""
    campaign = find_campaign(key, "campaign.decline_request")
    asked = find_in(campaign, JoinRequest, request_id)
    try:
        joining.decline(asked, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
    else:
        flash(_("%(name)s stays outside for now. No mail was sent", name=asked.person.display_name), "good")
    return go(url_for("circle.index", key=key))
