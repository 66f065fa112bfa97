"""The plan of a campaign: its steps in their order, beginning from a ready one, adding, moving."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign, Membership
from portal.errors import RuleBroken
from portal.escalation import catalogue, forms, operations, queries, words
from portal.letters.models import Letter
from portal.people.models import Person
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("escalation", __name__)

PLAN = "/campaigns/<key>/plan"


@bp.get(PLAN)
@action("escalation.read")
def show(key: str) -> Response:
    """Every step, how it stands today, and which is next."""
    return page(find_campaign(key, "escalation.read"))


def page(campaign: Campaign, status: int = 200, **given: Any) -> Response:
    """The page of the plan, with what was wrong."""
    ladder = queries.find_ladder(campaign)
    context: dict[str, Any] = {
        "campaign": campaign,
        "ladder": ladder,
        "rows": [(rung, ladder.standing(rung)) for rung in ladder.rungs],
        "next_id": ladder.next[0].id if ladder.next else 0,
        "kinds": catalogue.kinds(),
        "plans": catalogue.plans_for(campaign),
        "words": words,
        "problem": None,
        **given,
    }
    return render("escalation/show.html", status=status, **context)


@bp.post(f"{PLAN}/adoption")
@action("escalation.plan")
def adopt(key: str) -> Response:
    """Begin from a ready plan."""
    campaign = find_campaign(key, "escalation.plan")
    plan = catalogue.find_plan(request.form.get("plan", ""))
    try:
        if plan is None:
            raise RuleBroken(_("Choose one of the plans"))
        operations.adopt_plan(campaign, plan, by=current_person())
    except RuleBroken as broken:
        return page(campaign, 422, problem=broken.message)
    flash(_("The plan stands. Change every step until it is yours; nothing begins before the members agree"), "good")
    return go(url_for(".show", key=key))


@bp.route(f"{PLAN}/steps/new", methods=["GET", "POST"])
@action("escalation.plan")
def new(key: str) -> Response:
    """Add a step."""
    campaign = find_campaign(key, "escalation.plan")
    form = step_form(campaign, data={"consent": "vote"})
    if form.validate_on_submit():
        try:
            operations.add_step(campaign, form.terms, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The step is added at the end of the plan"), "good")
            return go(url_for(".show", key=key))
    status = 422 if form.errors else 200
    return render("escalation/form.html", status=status, campaign=campaign, form=form, rung=None)


def step_form(campaign: Campaign, **given: Any) -> forms.StepForm:
    """The form of a step, with the members and the letters of the campaign to choose from. Two statements."""
    members = list(
        Person.select(Person.id, Person.name, Person.closed_at)
        .join(Membership, on=(Membership.person == Person.id))
        .where(Membership.campaign == campaign.id, Membership.left_at.is_null())
        .order_by(Person.name, Person.id)
    )
    letters = list(
        Letter.select(Letter.id, Letter.title)
        .where(Letter.campaign == campaign.id, Letter.withdrawn_at.is_null(), Letter.frozen_at.is_null(False))
        .order_by(Letter.id.desc())
        .limit(20)
    )
    return forms.StepForm(members=members, letters=letters, **given)
