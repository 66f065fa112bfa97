"""What exactly are we asking for? The list of demands and the form for one."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns import demands, forms
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign, Demand
from portal.errors import RuleBroken
from portal.web import action, current_person, go, may, render, show_rule

bp = Blueprint("demands", __name__)


def _list(campaign: Campaign) -> dict[str, Any]:
    """The page's context: demands that stand, in their order, and those withdrawn."""
    rows = list(Demand.select().where(Demand.campaign == campaign.id).order_by(Demand.position, Demand.id))
    for row in rows:
        row.campaign = campaign
    return {
        "campaign": campaign,
        "kinds": dict(forms.DEMAND_KINDS),
        "standing": [row for row in rows if row.withdrawn_at is None],
        "withdrawn": [row for row in rows if row.withdrawn_at is not None],
        "may_edit": may("campaign.edit_demands", campaign),
        # An organizer reads the demands, but not how far the residents would give way.
        "is_member": campaign.has_member(current_person()),
    }


@bp.get("/campaigns/<key>/demands")
@action("campaign.read_inside")
def index(key: str) -> Response:
    """Everything we ask for, and what each demand still lacks."""
    return render("demands/index.html", **_list(find_campaign(key, "campaign.read_inside")))


@bp.route("/campaigns/<key>/demands/new", methods=["GET", "POST"])
@action("campaign.edit_demands")
def new(key: str) -> Response:
    """Add a demand."""
    campaign = find_campaign(key, "campaign.edit_demands")
    target = campaign.target
    form = forms.DemandForm(data={"who": (target.post or target.person_name) if target else ""})
    if form.validate_on_submit():
        try:
            demands.add_demand(campaign, by=current_person(), **form.answers())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The demand is added"), "good")
            return go(url_for(".index", key=key))
    status = 422 if form.errors else 200
    return render("demands/form.html", status=status, form=form, campaign=campaign, demand=None, other=None)


@bp.route("/campaigns/<key>/demands/<int:demand_id>/edit", methods=["GET", "POST"])
@action("campaign.edit_demands")
def edit(key: str, demand_id: int) -> Response:
    """Change a demand. If somebody else changed it meanwhile, both stand on the page and nothing is lost."""
    campaign = find_campaign(key, "campaign.edit_demands")
    demand = find_in(campaign, Demand, demand_id)
    form = forms.DemandForm(obj=demand, data={"seen": demands.fingerprint(demand)})
    other, status = None, 200
    if form.validate_on_submit():
        try:
            demands.edit_demand(demand, by=current_person(), seen=form.seen.data or "", **form.answers())
        except demands.ChangedMeanwhile as changed:
            other, status = changed.demand, 409
            show_rule(form, changed)
            form.seen.data = demands.fingerprint(other)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The demand is saved"), "good")
            return go(url_for(".index", key=key))
    if form.errors and status == 200:
        status = 422
    return render("demands/form.html", status=status, form=form, campaign=campaign, demand=demand, other=other)


def _change(key: str, demand_id: int, operation: Any, said: str, **terms: Any) -> Response:
    """One press on the list: do it, say it, and back to where it stood."""
    campaign = find_campaign(key, "campaign.edit_demands")
    demand = find_in(campaign, Demand, demand_id)
    try:
        operation(demand, by=current_person(), **terms)
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        if said:
            flash(said, "good")
    return go(url_for(".index", key=key, _anchor=f"demand-{demand_id}"))


@bp.post("/campaigns/<key>/demands/<int:demand_id>/move")
@action("campaign.edit_demands")
def move(key: str, demand_id: int) -> Response:
    """Up or down by one."""
    return _change(key, demand_id, demands.move_demand, "", up=request.form.get("way") == "up")


@bp.post("/campaigns/<key>/demands/<int:demand_id>/withdrawal")
@action("campaign.edit_demands")
def withdraw(key: str, demand_id: int) -> Response:
    """Ask for it no longer."""
    return _change(key, demand_id, demands.withdraw_demand, _("The demand is withdrawn. You can bring it back below"))


@bp.post("/campaigns/<key>/demands/<int:demand_id>/withdrawal/removal")
@action("campaign.edit_demands")
def bring_back(key: str, demand_id: int) -> Response:
    """Ask for it again."""
    return _change(key, demand_id, demands.bring_back_demand, _("The demand stands again"))
