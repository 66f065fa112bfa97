"""The register of evidence: the list, writing something down, changing and withdrawing it."""

from typing import Any

import peewee
from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.evidence import forms, operations
from portal.evidence.models import EvidenceItem
from portal.people.models import Person
from portal.web import action, current_person, get_or_404, go, render, require, show_rule

bp = Blueprint("evidence", __name__)

A_PAGE = 30


@bp.get("/campaigns/<key>/evidence")
@action("evidence.read")
def index(key: str) -> Response:
    """What our facts can rest on, newest first."""
    campaign = find_campaign(key, "evidence.read")
    before = request.args.get("before", type=int)
    query = _items(campaign)
    if before:
        query = query.where(EvidenceItem.id < before)
    rows = list(query.order_by(EvidenceItem.id.desc()).limit(A_PAGE + 1))
    for row in rows:
        row.campaign = campaign
    older = rows[A_PAGE - 1].id if len(rows) > A_PAGE else None
    return render(
        "evidence/index.html",
        campaign=campaign,
        items=rows[:A_PAGE],
        older=older,
        before=before,
        kinds=dict(forms.KINDS),
    )


@bp.route("/campaigns/<key>/evidence/new", methods=["GET", "POST"])
@action("evidence.add")
def new(key: str) -> Response:
    """Write something down."""
    campaign = find_campaign(key, "evidence.add")
    # A page that proposes a fact brings its words along.
    form = forms.EvidenceForm(data={"title": request.args.get("title", "")[:160]} if request.method == "GET" else None)
    if form.validate_on_submit():
        try:
            item = operations.add_item(campaign, form.particulars, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Written down"), "good")
            return go(url_for(".index", key=key, _anchor=f"item-{item.id}"))
    return _form_page(campaign, form, None, 422 if form.errors else 200)


@bp.route("/campaigns/<key>/evidence/<int:item_id>/edit", methods=["GET", "POST"])
@action("evidence.edit")
def edit(key: str, item_id: int) -> Response:
    """Change what is written down. When somebody else saved first, both stand on the page."""
    campaign, item = _find(key, item_id)
    # What a post leaves out is missing: filled in from here, it would pass for something that the person had seen.
    standing = {**vars(operations.Particulars.of(item)), "seen": item.version} if request.method == "GET" else {}
    form = forms.EvidenceForm(data=standing)
    other, status = None, 200
    if form.validate_on_submit():
        try:
            operations.edit_item(item, form.particulars, seen=form.seen.data or 0, by=current_person())
        except operations.ChangedMeanwhile as changed:
            other, status = changed.item, 409
            show_rule(form, changed)
            form.seen.data = changed.item.version
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Saved. Letters that take a number from here show the new one"), "good")
            return go(url_for(".index", key=key, _anchor=f"item-{item.id}"))
    if form.errors and status == 200:
        status = 422
    return _form_page(campaign, form, item, status, other=other)


@bp.post("/campaigns/<key>/evidence/<int:item_id>/withdrawal")
@action("evidence.edit")
def withdraw(key: str, item_id: int) -> Response:
    """Rest nothing on it any more."""
    _campaign, item = _find(key, item_id)
    operations.withdraw_item(item, by=current_person())
    flash(_("Withdrawn. No fact rests on it now"))
    return go(url_for(".index", key=key, _anchor=f"item-{item.id}"))


@bp.post("/campaigns/<key>/evidence/<int:item_id>/withdrawal/undo")
@action("evidence.edit")
def bring_back(key: str, item_id: int) -> Response:
    """Let facts rest on it again."""
    _campaign, item = _find(key, item_id)
    operations.bring_back_item(item, by=current_person())
    flash(_("It is back. Facts that rested on it do so again"), "good")
    return go(url_for(".index", key=key, _anchor=f"item-{item.id}"))


def _items(campaign: Campaign) -> Any:
    return (
        EvidenceItem.select(EvidenceItem, Person)
        .join_from(EvidenceItem, Person, peewee.JOIN.LEFT_OUTER)
        .where(EvidenceItem.campaign == campaign.id)
    )


def _find(key: str, item_id: int) -> tuple[Campaign, EvidenceItem]:
    """The item, for whoever may change it: writers, and the one who wrote it down."""
    campaign = find_campaign(key, "evidence.read")
    item = get_or_404(_items(campaign), EvidenceItem.id == item_id)
    item.campaign = campaign
    require("evidence.edit", item)
    return campaign, item


def _form_page(
    campaign: Campaign, form: forms.EvidenceForm, item: EvidenceItem | None, status: int, **given: Any
) -> Response:
    return render(
        "evidence/form.html",
        status=status,
        campaign=campaign,
        form=form,
        item=item,
        kinds=dict(forms.KINDS),
        **{"other": None, **given},
    )
