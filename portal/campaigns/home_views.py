"""Our building: the list of homes, the picture of it, and the door list on paper."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns import home_forms, homes
from portal.campaigns.door_names import DrawnBuilding, Floor, draw, plan_building, rows_of
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.forms import Form
from portal.places.models import Building, Home
from portal.web import action, current_person, get_or_404, go, may, render, show_rule

bp = Blueprint("homes", __name__)


@bp.get("/campaigns/<key>/homes")
@action("campaign.read_inside")
def index(key: str) -> Response:
    """Every home, drawn and as a list, with the number that shares are measured against."""
    campaign = find_campaign(key, "campaign.read_inside")
    drawn = homes.buildings_of(campaign)
    return render(
        "homes/index.html",
        campaign=campaign,
        buildings=drawn,
        may_edit=may("campaign.edit_homes", campaign),
        statuses=dict(home_forms.STATUSES),
        tenures=dict(home_forms.TENURES),
        counted=_count(drawn),
    )


def _count(drawn: list[DrawnBuilding]) -> dict[str, int]:
    every = [home for building in drawn for home in building.homes]
    return {
        "leave": sum(home.status == "do_not_contact" for home in every),
        "empty": sum(home.status == "empty" for home in every),
        "others": sum(len(building.others) for building in drawn),
    }


@bp.get("/campaigns/<key>/homes/doors")
@action("campaign.read_inside")
def doors(key: str) -> Response:
    """The door list for paper. Homes that asked not to be called on are counted, and are not on it."""
    campaign = find_campaign(key, "campaign.read_inside")
    drawn = [building for building in homes.buildings_of(campaign) if not building.building.is_zone]
    wanted = request.args.get("building", type=int)
    if wanted is not None:
        drawn = [building for building in drawn if building.building.id == wanted] or abort(404)
    return render("homes/doors.html", campaign=campaign, buildings=drawn, counted=_count(drawn))


@bp.route("/campaigns/<key>/homes/new-building", methods=["GET", "POST"])
@action("campaign.edit_homes")
def new_building(key: str) -> Response:
    """Add a building by floors and homes; the doors can be looked at before they are added."""
    campaign = find_campaign(key, "campaign.edit_homes")
    form, plan = home_forms.BuildingForm(), list[Floor]()
    if form.validate_on_submit():
        shape: dict[str, Any] = {
            "floors": form.floors.data,
            "doors_per_floor": form.doors_per_floor.data,
            "pattern": form.pattern.data,
            "has_ground_floor": form.has_ground_floor.data,
        }
        try:
            if "look" in request.form:
                plan = plan_building(**shape)
            else:
                homes.add_building(campaign, by=current_person(), name=form.name.data, **shape)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            if not plan:
                count = campaign.place.home_count
                flash(_("The building is added. There are %(count)s homes now", count=count), "good")
                return go(url_for(".index", key=key))
    return render(
        "homes/new_building.html",
        status=422 if form.errors else 200,
        form=form,
        campaign=campaign,
        grid=[row for floor in reversed(plan) for row in rows_of(floor.label, [(d, "todo", d) for d in floor.doors])],
        planned=sum(len(floor.doors) for floor in plan),
    )


@bp.route("/campaigns/<key>/homes/new-zone", methods=["GET", "POST"])
@action("campaign.edit_homes")
def new_zone(key: str) -> Response:
    """Add a street or area without a list of doors."""
    campaign = find_campaign(key, "campaign.edit_homes")
    form = home_forms.ZoneForm()
    if form.validate_on_submit():
        try:
            homes.add_zone(campaign, by=current_person(), name=form.name.data, dwelling_count=form.dwelling_count.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Added. There are %(count)s homes now", count=campaign.place.home_count), "good")
            return go(url_for(".index", key=key))
    return render("homes/zone.html", status=422 if form.errors else 200, form=form, campaign=campaign, building=None)


def _find_building(campaign: Campaign, building_id: int) -> Building:
    return get_or_404(Building.select().where(Building.place == campaign.place_id), Building.id == building_id)


def _draw(building: Building) -> DrawnBuilding:
    return draw([building], Home.select().where(Home.building == building.id))[0]


@bp.route("/campaigns/<key>/homes/buildings/<int:building_id>/edit", methods=["GET", "POST"])
@action("campaign.edit_homes")
def edit_building(key: str, building_id: int) -> Response:
    """Rename a building and its floors; or change a zone."""
    campaign = find_campaign(key, "campaign.edit_homes")
    building = _find_building(campaign, building_id)
    drawn = _draw(building)
    return _edit_zone(campaign, drawn) if building.is_zone else _edit_floors(campaign, drawn)


def _edit_zone(campaign: Campaign, drawn: DrawnBuilding) -> Response:
    standing = {"name": drawn.building.name, "dwelling_count": drawn.dwelling_count}
    form = home_forms.ZoneForm(data=standing)
    if form.validate_on_submit():
        try:
            homes.edit_zone(
                campaign,
                drawn.building,
                by=current_person(),
                name=form.name.data,
                dwelling_count=form.dwelling_count.data,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Saved. There are %(count)s homes now", count=campaign.place.home_count), "good")
            return go(url_for(".index", key=campaign.key))
    return render(
        "homes/zone.html", status=422 if form.errors else 200, form=form, campaign=campaign, building=drawn.building
    )


def _edit_floors(campaign: Campaign, drawn: DrawnBuilding) -> Response:
    form = home_forms.floors_form(drawn)
    if form.validate_on_submit():
        try:
            homes.edit_building(
                campaign,
                drawn.building,
                by=current_person(),
                name=form.name.data,
                floor_labels={order: form[f"floor_{order}"].data for order, _label, _homes in drawn.floors},
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The names are saved"), "good")
            return go(url_for(".index", key=campaign.key))
    return render("homes/building.html", status=422 if form.errors else 200, form=form, campaign=campaign, drawn=drawn)


@bp.route("/campaigns/<key>/homes/buildings/<int:building_id>/removal", methods=["GET", "POST"])
@action("campaign.edit_homes")
def remove_building(key: str, building_id: int) -> Response:
    """Remove a building for good, after saying what that means."""
    campaign = find_campaign(key, "campaign.edit_homes")
    drawn = _draw(_find_building(campaign, building_id))
    form = Form()
    if form.validate_on_submit():
        try:
            homes.remove_building(campaign, drawn.building, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Removed. There are %(count)s homes now", count=campaign.place.home_count), "good")
            return go(url_for(".index", key=key))
    return render("homes/removal.html", status=422 if form.errors else 200, form=form, campaign=campaign, drawn=drawn)


def _find_home(campaign: Campaign, home_id: int) -> Home:
    """A door of a building; the one row that stands for a zone is changed as a zone."""
    return get_or_404(
        Home.select(Home, Building).join(Building).where(Building.place == campaign.place_id, ~Building.is_zone),
        Home.id == home_id,
    )


@bp.route("/campaigns/<key>/homes/buildings/<int:building_id>/new", methods=["GET", "POST"])
@action("campaign.edit_homes")
def new(key: str, building_id: int) -> Response:
    """Add one door."""
    campaign = find_campaign(key, "campaign.edit_homes")
    building = get_or_404(
        Building.select().where(Building.place == campaign.place_id, ~Building.is_zone), Building.id == building_id
    )
    form = home_forms.HomeForm()
    form.offer_floors(draw([building], Home.select().where(Home.building == building.id))[0])
    if form.validate_on_submit():
        try:
            homes.add_home(campaign, building, by=current_person(), label=form.label.data, **form.chosen_floor())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("%(door)s is added", door=form.label.data), "good")
            return go(url_for(".index", key=key, _anchor=f"building-{building.id}"))
    return render(
        "homes/door.html",
        status=422 if form.errors else 200,
        form=form,
        campaign=campaign,
        building=building,
        home=None,
    )


@bp.route("/campaigns/<key>/homes/<int:home_id>/edit", methods=["GET", "POST"])
@action("campaign.edit_homes")
def edit(key: str, home_id: int) -> Response:
    """Change what is known of a door."""
    campaign = find_campaign(key, "campaign.edit_homes")
    home = _find_home(campaign, home_id)
    form = home_forms.EditHomeForm(data=home_forms.answers_of(home))
    form.offer_floors(draw([home.building], Home.select().where(Home.building == home.building_id))[0])
    if form.validate_on_submit():
        try:
            homes.edit_home(
                campaign,
                home,
                by=current_person(),
                label=form.label.data,
                tenure=form.tenure.data,
                status=form.status.data,
                **form.chosen_floor(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("%(door)s is saved", door=form.label.data), "good")
            return go(url_for(".index", key=key, _anchor=f"building-{home.building_id}"))
    return render(
        "homes/door.html",
        status=422 if form.errors else 200,
        form=form,
        campaign=campaign,
        building=home.building,
        home=home,
    )


@bp.post("/campaigns/<key>/homes/<int:home_id>/removal")
@action("campaign.edit_homes")
def remove(key: str, home_id: int) -> Response:
    """Take a door off the list. It can be put back."""
    campaign = find_campaign(key, "campaign.edit_homes")
    home = _find_home(campaign, home_id)
    homes.take_off(campaign, home, by=current_person())
    said = _(
        "%(door)s no longer counts; %(count)s homes do. You can put it back below",
        door=home.label,
        count=campaign.place.home_count,
    )
    flash(said, "good")
    return go(url_for(".index", key=key, _anchor=f"building-{home.building_id}"))


@bp.post("/campaigns/<key>/homes/<int:home_id>/removal/undo")
@action("campaign.edit_homes")
def put_back(key: str, home_id: int) -> Response:
    """Put a door back on the list."""
    campaign = find_campaign(key, "campaign.edit_homes")
    home = _find_home(campaign, home_id)
    homes.put_back(campaign, home, by=current_person())
    count = campaign.place.home_count
    flash(_("%(door)s counts again. There are %(count)s homes now", door=home.label, count=count), "good")
    return go(url_for(".index", key=key, _anchor=f"building-{home.building_id}"))
