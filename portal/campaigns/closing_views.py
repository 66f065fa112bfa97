"""Pausing, closing and reopening."""

import json

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.campaigns import agreements, closing, forms
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Agreement, Campaign, Closure
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("closing", __name__)


@bp.route("/campaigns/<key>/pause", methods=["GET", "POST"])
@action("campaign.pause")
def pause(key: str) -> Response:
    """Rest for a while, with a reason; or go on."""
    campaign = find_campaign(key, "campaign.pause")
    form = forms.PauseForm()
    if form.validate_on_submit():
        try:
            closing.pause_campaign(campaign, by=current_person(), reason=form.reason.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The campaign is paused"), "good")
            return go(url_for("dashboards.campaign", key=key))
    return render("closing/pause.html", status=422 if form.errors else 200, form=form, campaign=campaign)


@bp.post("/campaigns/<key>/pause/removal")
@action("campaign.pause")
def resume(key: str) -> Response:
    """Go on after a pause."""
    campaign = find_campaign(key, "campaign.pause")
    try:
        closing.resume_campaign(campaign, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("The campaign goes on"), "good")
    return go(url_for("dashboards.campaign", key=key))


def _show(campaign: Campaign, form: forms.ClosureForm, status: int = 200) -> Response:
    """The one page of closing: the form, the open question between leads, or how it ended."""
    asked = agreements.open_one(campaign, "close_campaign") if not campaign.is_closed else None
    closure = _standing_closure(campaign) if campaign.is_closed else None
    return render(
        "closing/new.html",
        status=status,
        form=form,
        campaign=campaign,
        asked=asked,
        closure=closure,
        asked_by=Person.get_by_id(asked.asked_by_id) if asked else None,
        terms=json.loads(asked.terms) if asked else {},
        is_mine=asked is not None and asked.asked_by_id == current_person().id,
        takes_two=not asked and not closure and closing.lead_count(campaign) > 1,
        outcomes=dict(forms.OUTCOMES),
    )


def _standing_closure(campaign: Campaign) -> Closure | None:
    return (
        Closure.select()
        .where(Closure.campaign == campaign.id, Closure.reopened_at.is_null())
        .order_by(Closure.id.desc())
        .first()
    )


@bp.route("/campaigns/<key>/closure", methods=["GET", "POST"])
@action("campaign.close")
def new(key: str) -> Response:
    """Close the campaign with a story. Where two lead, this asks the other one."""
    campaign = find_campaign(key, "campaign.close")
    form = forms.ClosureForm()
    if form.validate_on_submit():
        try:
            result = closing.close_campaign(
                campaign, by=current_person(), outcome=form.outcome.data, story=form.story.data
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            if isinstance(result, Agreement):
                flash(_("The other leads can now read it. It closes when one of them agrees"), "good")
                return go(url_for(".new", key=key))
            flash(_("The campaign is closed. Thank you for seeing it through"), "good")
            return go(url_for("dashboards.campaign", key=key))
    return _show(campaign, form, 422 if form.errors else 200)


@bp.post("/campaigns/<key>/closure/agreements/<int:agreement_id>")
@action("campaign.close")
def agree(key: str, agreement_id: int) -> Response:
    """Be the second lead."""
    campaign = find_campaign(key, "campaign.close")
    asked = find_in(campaign, Agreement, agreement_id)
    try:
        closing.agree_to_close(asked, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
        return go(url_for(".new", key=key))
    flash(_("The campaign is closed. Thank you for seeing it through"), "good")
    return go(url_for("dashboards.campaign", key=key))


@bp.post("/campaigns/<key>/closure/agreements/<int:agreement_id>/removal")
@action("campaign.close")
def not_yet(key: str, agreement_id: int) -> Response:
    """Take the question back, or say not yet."""
    campaign = find_campaign(key, "campaign.close")
    asked = find_in(campaign, Agreement, agreement_id)
    try:
        closing.decline_to_close(asked, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("The campaign stays open"), "good")
    return go(url_for("dashboards.campaign", key=key))


@bp.post("/campaigns/<key>/closure/removal")
@action("campaign.close")
def reopen(key: str) -> Response:
    """Take the closing back."""
    campaign = find_campaign(key, "campaign.close")
    try:
        closing.reopen_campaign(campaign, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("The campaign is open again"), "good")
    return go(url_for("dashboards.campaign", key=key))
