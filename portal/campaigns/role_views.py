"""Giving roles, renewing them, ending them, handing them back, and leading where nobody does."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, url_for
from flask_babel import gettext as _

from portal import clock
from portal.campaigns import circle_queries, roles
from portal.campaigns.circle_forms import GiveRoleForm
from portal.campaigns.circle_words import ROLE_WORDS
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign, Membership
from portal.errors import RuleBroken
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("roles", __name__)


def _find_membership(campaign: Campaign, membership_id: int) -> Membership:
    membership: Membership = find_in(campaign, Membership, membership_id)
    if membership.left_at is not None:
        abort(404)
    return membership


@bp.route("/campaigns/<key>/people/<int:membership_id>", methods=["GET", "POST"])
@action("campaign.give_roles")
def show(key: str, membership_id: int) -> Response:
    """One member's roles, and the form to give another."""
    campaign = find_campaign(key, "campaign.give_roles")
    membership = _find_membership(campaign, membership_id)
    held = [role for role in membership.roles if role.is_held(clock.today())]
    form = GiveRoleForm(held=tuple(role.name for role in held))
    if form.validate_on_submit():
        try:
            role = roles.give_role(membership, form.role.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            name, words = membership.person.display_name, ROLE_WORDS[role.name]
            flash(_("%(name)s now has the role: %(role)s", name=name, role=words), "good")
            return go(url_for("circle.index", key=key))
    return render(
        "circle/roles.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        membership=membership,
        held=held,
        form=form,
        role_words=ROLE_WORDS,
        role_days=current_app.config["ROLE_DAYS"],
        me=current_person(),
    )


def _act(key: str, done: str, change: Callable[..., Any], about: Any) -> Response:
    """Do one change and say so, or say in words why not; then back to the people."""
    if about is None:
        abort(404)
    try:
        change(about, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
    else:
        flash(done, "good")
    return go(url_for("circle.index", key=key))


@bp.post("/campaigns/<key>/people/roles/<int:role_id>/renewal")
@action("campaign.give_roles")
def renew(key: str, role_id: int) -> Response:
    """Let a role run for another six months."""
    campaign = find_campaign(key, "campaign.give_roles")
    return _act(key, _("The role is renewed"), roles.renew_role, circle_queries.role_in(campaign, role_id))


@bp.post("/campaigns/<key>/people/roles/<int:role_id>/end")
@action("campaign.give_roles")
def end(key: str, role_id: int) -> Response:
    """End somebody's role."""
    campaign = find_campaign(key, "campaign.give_roles")
    return _act(key, _("The role has ended"), roles.end_role, circle_queries.role_in(campaign, role_id))


@bp.post("/campaigns/<key>/people/roles/<int:role_id>/return")
@action("campaign.hand_back_role")
def hand_back(key: str, role_id: int) -> Response:
    """Hand an own role back: one press, no reason."""
    campaign = find_campaign(key, "campaign.hand_back_role")
    role = circle_queries.role_in(campaign, role_id)
    if role is not None and role.membership.person_id != current_person().id:
        abort(403)
    return _act(key, _("You have handed the role back"), roles.end_role, role)


@bp.post("/campaigns/<key>/people/lead")
@action("campaign.take_up_lead")
def take_up(key: str) -> Response:
    """Lead where nobody leads any more."""
    campaign = find_campaign(key, "campaign.take_up_lead")
    return _act(key, _("You lead this campaign now"), roles.take_up_lead, campaign)
