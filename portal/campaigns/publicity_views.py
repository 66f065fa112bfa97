"""Who can see the campaign, what a stranger would read, and the step that takes two."""

import json
from typing import Any

import peewee
from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext as _

from portal import clock
from portal.campaigns import publicity
from portal.campaigns.circle_forms import AgreeForm, ConfirmForm
from portal.campaigns.circle_words import VISIBILITY_WORDS
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import VISIBILITIES, Activity, Agreement, Campaign, Membership, Role
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("publicity", __name__)


def _state_of(campaign: Campaign) -> tuple[int, int, Agreement | None]:
    """How many lead, how many timeline lines are public, and what waits for a second person: one statement."""
    leads = (
        Role.select(peewee.fn.COUNT(Role.id))
        .join(Membership)
        .where(
            Membership.campaign == campaign.id,
            Membership.left_at.is_null(),
            Role.name == "lead",
            Role.ended_at.is_null(),
            Role.until_on >= clock.today(),
        )
    )
    lines = Activity.select(peewee.fn.COUNT(Activity.id)).where(
        Activity.campaign == campaign.id,
        Activity.is_public == True,  # noqa: E712
    )
    waits = (
        (Agreement.campaign == Campaign.id)
        & (Agreement.kind == "go_public")
        & Agreement.agreed_at.is_null()
        & Agreement.withdrawn_at.is_null()
    )
    row: Any = (
        Campaign.select(Campaign.id, leads.alias("leads"), lines.alias("lines"), Agreement, Person)
        .join_from(Campaign, Agreement, peewee.JOIN.LEFT_OUTER, on=waits, attr="asking")
        .join_from(Agreement, Person, peewee.JOIN.LEFT_OUTER, on=(Agreement.asked_by == Person.id))
        .where(Campaign.id == campaign.id)
        .first()
    )
    return row.leads, row.lines, getattr(row, "asking", None)


def _page(campaign: Campaign, form: Any = None) -> Response:
    lead_count, line_count, asking = _state_of(campaign)
    shown = publicity.preview(campaign)
    terms = json.loads(asking.terms) if asking is not None else {}
    return render(
        "publicity/show.html",
        status=422 if form is not None and form.errors else 200,
        campaign=campaign,
        shown=shown,
        line_count=line_count,
        asking=asking,
        terms=terms,
        form=form,
        steps=VISIBILITIES,
        names=VISIBILITY_WORDS,
        missing=publicity.missing_for(campaign, "public", lead_count=lead_count),
        me=current_person(),
        now_at=VISIBILITIES.index(campaign.visibility),
        is_changed=bool(terms) and terms.get("fingerprint") != shown.fingerprint,
    )


@bp.get("/campaigns/<key>/visibility")
@action("campaign.read_inside")
def show(key: str) -> Response:
    """The three steps, what is missing, and the page as the landlord would see it."""
    return _page(find_campaign(key, "campaign.read_inside"))


def _known(visibility: str) -> str:
    if visibility not in VISIBILITIES:
        abort(404)
    return visibility


@bp.post("/campaigns/<key>/visibility/<visibility>/asking")
@action("campaign.ask_to_go_public")
def ask(key: str, visibility: str) -> Response:
    """A lead asks for a wider step."""
    campaign = find_campaign(key, "campaign.ask_to_go_public")
    form = ConfirmForm()
    try:
        publicity.ask_to_go(campaign, _known(visibility), by=current_person())
    except RuleBroken as broken:
        show_rule(form, broken)
        return _page(campaign, form)
    flash(_("You have asked. The other leads and the organizer are told by mail; one of them has to agree"), "good")
    return go(url_for(".show", key=key))


@bp.post("/campaigns/<key>/visibility/askings/<int:agreement_id>/agreement")
@action("campaign.agree_to_go_public")
def agree(key: str, agreement_id: int) -> Response:
    """The second person agrees, and the step is taken."""
    campaign = find_campaign(key, "campaign.agree_to_go_public")
    agreement = _find_asking(campaign, agreement_id)
    form = AgreeForm()
    try:
        now = publicity.agree_to_go(agreement, by=current_person(), seen=form.seen.data or "")
    except RuleBroken as broken:
        show_rule(form, broken)
        return _page(campaign, form)
    said = _("The campaign is public now") if now.is_public else _("Whoever has the link can see the campaign now")
    flash(said, "good")
    return go(url_for(".show", key=key))


@bp.post("/campaigns/<key>/visibility/askings/<int:agreement_id>/withdrawal")
@action("campaign.agree_to_go_public")
def withdraw(key: str, agreement_id: int) -> Response:
    """Take the question back, or say not yet."""
    campaign = find_campaign(key, "campaign.agree_to_go_public")
    try:
        publicity.withdraw_asking(_find_asking(campaign, agreement_id), by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
    else:
        flash(_("Nothing changes for now. A lead can ask again at any time"), "good")
    return go(url_for(".show", key=key))


def _find_asking(campaign: Campaign, agreement_id: int) -> Agreement:
    agreement: Agreement = find_in(campaign, Agreement, agreement_id)
    if agreement.kind != "go_public":
        abort(404)
    return agreement


@bp.route("/campaigns/<key>/visibility/<visibility>/return", methods=["GET", "POST"])
@action("campaign.step_back")
def step_back(key: str, visibility: str) -> Response:
    """What going back means; one press does it."""
    campaign = find_campaign(key, "campaign.step_back")
    form = ConfirmForm()
    if VISIBILITIES.index(_known(visibility)) >= VISIBILITIES.index(campaign.visibility):
        return go(url_for(".show", key=key))
    if form.validate_on_submit():
        try:
            publicity.step_back(campaign, visibility, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Done. Fewer people can see the campaign now"), "good")
            return go(url_for(".show", key=key))
    status = 422 if form.errors else 200
    return render("publicity/back.html", status=status, campaign=campaign, visibility=visibility, form=form)
