"""Starting a campaign page by page, changing what it is about, and who we are writing to."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.campaigns import beginnings, forms, gaps, operations, similar
from portal.campaigns.finding import find_campaign
from portal.errors import RuleBroken
from portal.forms import Form
from portal.targets.models import Target
from portal.web import action, current_person, go, render, require, show_rule

bp = Blueprint("campaigns", __name__)

# The pages of starting, in order, with their forms. The last one, "check", has no form of its own.
PAGES: dict[str, type[Form]] = {"new": forms.ProblemForm, "new_place": forms.PlaceForm, "new_target": forms.AskForm}
ORDER = [*PAGES, "check"]


def _page(name: str) -> Response:
    """One page of starting. Whatever was typed is kept, also on the way back."""
    person, place = current_person(), ORDER.index(name)
    kept = beginnings.answers_of(person)
    form = PAGES[name](data=kept) if request.method == "GET" else PAGES[name]()
    if request.method == "POST":
        typed = {field.short_name: field.data for field in form if field.short_name not in {"csrf_token", "once"}}
        beginnings.keep_answers(typed, by=person)
        if "back" in request.form and place:
            return go(url_for(f".{ORDER[place - 1]}"))
        if form.validate() and not _names_nobody(form):
            to_check = request.args.get("to") == "check"
            return go(url_for(".check" if to_check else f".{ORDER[place + 1]}"))
    context: dict[str, Any] = {"form": form, "number": place + 1, "page_count": len(ORDER), "has_answers": bool(kept)}
    if name == "new_target":
        context["organizations"] = similar.public_organizations()
    return render(f"campaigns/{name}.html", status=422 if form.errors else 200, **context)


def _names_nobody(form: Form) -> bool:
    """Whether a person is given without their organization; then the form says so."""
    if isinstance(form, forms.AskForm):
        addressee = form.to_addressee()
        if not addressee.organization and not addressee.is_empty:
            form.organization.errors = [_("Enter the name of the landlord, company or council they belong to")]
            return True
    return False


@bp.route("/campaigns/new", methods=["GET", "POST"])
@action("campaign.start")
def new() -> Response:
    """What is wrong?"""
    require("campaign.start")
    return _page("new")


@bp.route("/campaigns/new/place", methods=["GET", "POST"])
@action("campaign.start")
def new_place() -> Response:
    """Where is it?"""
    require("campaign.start")
    return _page("new_place")


@bp.route("/campaigns/new/target", methods=["GET", "POST"])
@action("campaign.start")
def new_target() -> Response:
    """Who can say yes, and what do we ask of them?"""
    require("campaign.start")
    return _page("new_target")


@bp.route("/campaigns/new/check", methods=["GET", "POST"])
@action("campaign.start")
def check() -> Response:
    """Read it once more, look whether somebody was first, and start."""
    require("campaign.start")
    kept = beginnings.answers_of(current_person())
    for page, kind in PAGES.items():
        if not _is_complete(kind, kept):
            return go(url_for(f".{page}"))
    form = Form()
    if form.validate_on_submit():
        try:
            campaign = _start(kept)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Your campaign has started. Only people you invite can see it"), "good")
            return go(url_for("dashboards.campaign", key=campaign.key))
    found = similar.similar_to(organization=kept.get("organization", ""), place_name=kept["place_name"])
    return render(
        "campaigns/check.html",
        status=422 if form.errors else 200,
        form=form,
        kept=kept,
        similar=found,
        kinds=dict(forms.KINDS),
        countries=dict(forms.COUNTRIES),
        number=len(ORDER),
        page_count=len(ORDER),
    )


def _is_complete(kind: type[Form], kept: dict[str, Any]) -> bool:
    """Whether kept answers would pass their page: they are kept before they are looked at."""
    form = kind(formdata=MultiDict({name: value for name, value in kept.items() if value}), meta={"csrf": False})
    return form.validate() and not _names_nobody(form)


def _start(kept: dict[str, Any]) -> Any:
    names = ("organization", "sector", "post", "person_name", "email", "postal_address")
    given = {name: kept[name] for name in names if kept.get(name)}
    facts = ("title", "problem", "kind", "place_name", "town", "country", "demand")
    return operations.start_campaign(
        by=current_person(), addressee=operations.Addressee(**given), **{n: kept[n] for n in facts if kept.get(n)}
    )


@bp.post("/campaigns/new/removal")
@action("campaign.start")
def start_afresh() -> Response:
    """Forget what was typed."""
    require("campaign.start")
    beginnings.forget_answers(by=current_person())
    return go(url_for(".new"))


@bp.route("/campaigns/<key>/edit", methods=["GET", "POST"])
@action("campaign.edit")
def edit(key: str) -> Response:
    """Change what the campaign is about and where it is."""
    campaign = find_campaign(key, "campaign.edit")
    place = campaign.place
    standing = {
        "title": campaign.title,
        "problem": campaign.problem,
        "kind": campaign.kind,
        "place_name": place.name,
        "town": place.town,
        "country": place.country,
    }
    form = forms.EditForm(data=standing)
    if form.validate_on_submit():
        answers = {name: getattr(form, name).data or "" for name in standing}
        operations.edit_campaign(campaign, by=current_person(), **answers)
        flash(_("The campaign is changed"), "good")
        return go(url_for("dashboards.campaign", key=key))
    missing = gaps.missing_of(campaign, gaps.standing_demands(campaign))
    return render(
        "campaigns/edit.html", status=422 if form.errors else 200, form=form, campaign=campaign, missing=missing
    )


@bp.route("/campaigns/<key>/target", methods=["GET", "POST"])
@action("campaign.edit")
def target(key: str) -> Response:
    """Who we're writing to."""
    campaign = find_campaign(key, "campaign.edit")
    form = forms.TargetForm(data=_answers_of(campaign.target))
    if form.validate_on_submit():
        try:
            operations.change_target(campaign, form.to_addressee(), by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("We are writing to %(them)s", them=campaign.target.addressee), "good")
            return go(url_for("dashboards.campaign", key=key))
    return render(
        "campaigns/target.html",
        status=422 if form.errors else 200,
        form=form,
        campaign=campaign,
        organizations=similar.public_organizations(),
    )


def _answers_of(standing: Target | None) -> dict[str, str]:
    if standing is None:
        return {}
    return {
        "organization": standing.organization.name,
        "sector": standing.organization.sector,
        "post": standing.post,
        "person_name": standing.person_name,
        "email": standing.email,
        "postal_address": standing.postal_address,
    }
