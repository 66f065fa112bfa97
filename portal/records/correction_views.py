"""Telling without an account that something here is wrong, confirming it by mail, and what the leads see of it."""

from typing import Any

import peewee
from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from portal import limits, storage
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.people.models import Person
from portal.places.models import Place
from portal.records import corrections
from portal.records.correction_forms import CorrectionForm, HandledForm, RecordCorrectionForm, order_of
from portal.records.finding import find_record
from portal.records.models import Correction
from portal.storage import StoredFile
from portal.targets.models import Organization, Target
from portal.web import absolute, action, current_person, download, get_or_404, go, render, require, show_rule

bp = Blueprint("corrections", __name__)
PAGE = 20


def _answer(form: CorrectionForm, *, title: str, page: str, **about: Any) -> Response:
    """The form, or where it leads. What nobody confirmed can not fill the disk: few come from one network."""
    if form.validate_on_submit():
        to = url_for(".told")
        if form.is_from_a_program:
            return go(to)
        limits.spend(limits.CORRECTION_NETWORK, limits.network())
        file = _kept(form)
        try:
            is_kept = corrections.tell(
                statement=form.statement.data or "",
                right=form.right.data or "",
                name=form.name.data or "",
                post=form.post.data or "",
                email=form.email.data or "",
                file=file,
                about=title,
                page=absolute(page),
                **about,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            if file is not None and not is_kept:
                storage.forget(file)
            return go(to)
    lost_file = bool(form.errors and form.file.data)
    return render(
        "corrections/new.html",
        status=422 if form.errors else 200,
        form=form,
        fields=order_of(form),
        title=title,
        page=page,
        lost_file=lost_file,
        is_record="organization" in about,
    )


def _kept(form: CorrectionForm) -> StoredFile | None:
    if not form.file.data:
        return None
    return storage.keep(form.file.data.stream, name=form.file.data.filename or "")


@bp.route("/campaigns/<key>/corrections/new", methods=["GET", "POST"])
@action("organization.correct")
def of_campaign(key: str) -> Response:
    """Something on the page of a campaign is wrong."""
    campaign = find_campaign(key, "organization.correct")
    page = url_for("dashboards.campaign", key=key)
    return _answer(CorrectionForm(), title=campaign.title, page=page, campaign=campaign)


@bp.route("/letters/<letter_key>/corrections/new", methods=["GET", "POST"])
@action("organization.correct")
def of_letter(letter_key: str) -> Response:
    """Something in an open letter is wrong."""
    letter = (
        Letter.select(Letter, Campaign, Place, Target, Organization)
        .join_from(Letter, Campaign)
        .join_from(Campaign, Place)
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(Letter.key == letter_key, Letter.frozen_at.is_null(False), Letter.withdrawn_at.is_null())
        .first()
    )
    if letter is None or not letter.parts_of(current_person()):
        abort(404)
    require("organization.correct", letter)
    page = url_for("signing.show", letter_key=letter_key)
    return _answer(CorrectionForm(), title=letter.title, page=page, campaign=letter.campaign, letter=letter)


@bp.route("/organizations/<int:organization_id>/corrections/new", methods=["GET", "POST"])
@action("organization.correct")
def of_record(organization_id: int) -> Response:
    """Something in the organization's own record is wrong."""
    organization = find_record(organization_id, "organization.correct").organization
    form = RecordCorrectionForm()
    page = url_for("organizations.show", organization_id=organization.id)
    subject = form.subject.data or "words"
    return _answer(form, title=organization.name, page=page, organization=organization, subject=subject)


@bp.get("/corrections/told")
@action("site.read")
def told() -> Response:
    """Look at your mail, and what happens next."""
    return render("corrections/told.html")


@bp.route("/corrections/confirm/<token>", methods=["GET", "POST"])
@action("site.read")
def confirm(token: str) -> Response:
    """GET shows a button, so that a mail scanner confirms nothing; POST hands it on."""
    correction = corrections.by_token(token)
    if correction is None:
        return render("corrections/old_link.html", status=410)
    problem = ""
    if request.method == "POST":
        try:
            corrections.confirm(correction)
        except RuleBroken as broken:
            problem = broken.message
        else:
            return go(url_for(".confirm", token=token))
    status = 422 if problem else 200
    return render("corrections/confirm.html", status=status, correction=correction, token=token, problem=problem)


# ---- inside ----


@bp.get("/campaigns/<key>/corrections")
@action("response.read")
def index(key: str) -> Response:
    """What organizations say is wrong, newest first."""
    campaign = find_campaign(key, "response.read")
    return _index(campaign, HandledForm(formdata=None))


def _index(campaign: Campaign, form: HandledForm, status: int = 200, asked: int = 0) -> Response:
    before: Any = request.args.get("before", type=int)
    query = (
        Correction.select(Correction, StoredFile, Person)
        .join_from(Correction, StoredFile, peewee.JOIN.LEFT_OUTER)
        .join_from(Correction, Person, peewee.JOIN.LEFT_OUTER, on=(Correction.handled_by == Person.id), attr="handler")
        .where(Correction.campaign == campaign.id, Correction.state == "confirmed")
        .order_by(Correction.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Correction.id < before)
    rows: list[Any] = list(query)
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render(
        "corrections/index.html",
        status=status,
        campaign=campaign,
        corrections=rows[:PAGE],
        older=older,
        is_first=before is None,
        form=form,
        asked=asked,
    )


def _find(campaign: Campaign, correction_id: int) -> Correction:
    correction: Correction = get_or_404(
        Correction.select(),
        Correction.id == correction_id,
        Correction.campaign == campaign.id,
        Correction.state == "confirmed",
    )
    return correction


@bp.post("/campaigns/<key>/corrections/<int:correction_id>/handling")
@action("response.log")
def handle(key: str, correction_id: int) -> Response:
    """Note what was done about it."""
    campaign = find_campaign(key, "response.log")
    correction = _find(campaign, correction_id)
    form = HandledForm()
    if form.validate_on_submit():
        try:
            corrections.handle(correction, by=current_person(), note=form.note.data or "")
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is noted"), "good")
            return go(url_for(".index", key=key))
    return _index(campaign, form, 422, asked=correction.id)


@bp.get("/campaigns/<key>/corrections/<int:correction_id>/file")
@action("response.read")
def file(key: str, correction_id: int) -> Response:
    """The file that came with it, as a download only."""
    campaign = find_campaign(key, "response.read")
    correction = _find(campaign, correction_id)
    if correction.file_id is None:
        abort(404)
    return download(correction.file)
