"""Logging what came back, its page, reading it into the answer sheet, and showing it to the public."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from wtforms.validators import StopValidation

from portal import clock, storage
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.responses import forms, naming, operations, queries, reading, words
from portal.responses.deadlines import cards
from portal.responses.deadlines.queries import deadlines_of
from portal.responses.models import Response as Answered
from portal.storage import StoredFile
from portal.tokens import digest, sign, unsign
from portal.web import action, current_person, download, get_or_404, go, render, show_rule

bp = Blueprint("responses", __name__)

PICTURES = {"image/jpeg", "image/png", "image/webp"}
PATH = "/campaigns/<key>/responses/<int:response_id>"


def _find(key: str, response_id: int, action_name: str) -> tuple[Campaign, Answered]:
    campaign = find_campaign(key, action_name)
    response = get_or_404(queries.responses_of(campaign), Answered.id == response_id)
    response.campaign = response.letter.campaign = campaign
    return campaign, response


def _page(template: str, response: Answered, status: int = 200, **given: Any) -> Response:
    sheet = given.pop("sheet", None) or queries.sheet_of(response)
    return render(
        f"responses/{template}.html",
        status=status,
        campaign=response.campaign,
        response=response,
        letter=response.letter,
        sheet=sheet,
        channels=words.CHANNELS,
        kinds=words.KINDS,
        **given,
    )


@bp.route("/campaigns/<key>/letters/<int:letter_id>/responses/new", methods=["GET", "POST"])
@action("response.log")
def new(key: str, letter_id: int) -> Response:
    """Log an answer by hand: what, when, from whom, and the original."""
    campaign = find_campaign(key, "response.log")
    letter = find_in(campaign, Letter, letter_id)
    form = forms.LogResponseForm()
    kept = _keep_file(form) if form.is_submitted() else None
    if form.is_submitted() and form.validate() and not form.file.errors:
        try:
            response = operations.log_response(
                letter,
                by=current_person(),
                channel=form.channel.data,
                received_on=form.received_on.data,
                from_name=form.from_name.data,
                text=form.text.data or "",
                file=kept,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is kept. Only people in the circle see it"))
            return go(url_for(".show", key=key, response_id=response.id))
    status = 422 if form.errors else 200
    return render("responses/new.html", status=status, campaign=campaign, letter=letter, form=form, kept=kept)


def _keep_file(form: forms.LogResponseForm) -> StoredFile | None:
    """The file of this form, or the one that came with an earlier press. It is safe before anything can go wrong."""
    person = current_person()
    if form.file.data:
        try:
            stored = storage.keep(form.file.data.stream, name=form.file.data.filename)
        except RuleBroken as broken:
            form.file.validators = [*form.file.validators, _refuse(broken.message)]
            return None
        form.kept_file.data = sign("response-file", [person.id, stored.id])
        return stored
    noted = unsign("response-file", form.kept_file.data or "")
    if not isinstance(noted, list) or noted[0] != person.id:
        form.kept_file.data = ""
        return None
    return StoredFile.get_or_none(StoredFile.id == noted[1])


def _refuse(message: str) -> Any:
    def refuse(form: Any, field: Any) -> None:
        raise StopValidation(message)

    return refuse


@bp.get(PATH)
@action("response.read")
def show(key: str, response_id: int) -> Response:
    """What came back: how we read it, the promises in it, and the original."""
    _campaign, response = _find(key, response_id, "response.read")
    sheet = queries.sheet_of(response)
    is_old = response.published_at is not None and (
        response.public_sheet != reading.public_sheet(sheet.rows)
        or any(not promise.is_public for promise in sheet.promises if not promise.is_gone)
    )
    is_picture = response.file is not None and response.file.content_type in PICTURES
    clocks = [cards.card_of(one, clock.now()) for one in deadlines_of(response.letter)]
    return _page(
        "show", response, sheet=sheet, is_picture=is_picture, is_old=is_old, label_of=forms.label_of, clocks=clocks
    )


@bp.get(f"{PATH}/file")
@action("response.read")
def file(key: str, response_id: int) -> Response:
    """The original, byte for byte. As a download only: it came from outside, and nothing in it may run here."""
    _campaign, response = _find(key, response_id, "response.read")
    stored = get_or_404(StoredFile.select(), StoredFile.id == response.file_id)
    return download(stored)


@bp.route(f"{PATH}/reading", methods=["GET", "POST"])
@action("response.classify")
def read(key: str, response_id: int) -> Response:
    """Say what kind of answer it is, and fill in the sheet: one row for each demand and question."""
    _campaign, response = _find(key, response_id, "response.classify")
    person = current_person()
    sheet = queries.sheet_of(response)
    form = forms.reading_form(sheet.rows, kind=response.kind, reader_id=person.id)
    if form.validate_on_submit():
        try:
            operations.read_response(response, by=person, kind=form.kind.data, sheet=form.sheet)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Your reading is saved"))
            return go(url_for(".show", key=key, response_id=response_id))
    return _page("read", response, 422 if form.errors else 200, form=form, sheet=sheet)


@bp.route(f"{PATH}/publication", methods=["GET", "POST"])
@action("response.publish")
def publish(key: str, response_id: int) -> Response:
    """What would become public, in full, before it does."""
    campaign, response = _find(key, response_id, "response.publish")
    form = forms.PublishForm(obj=response)
    sheet = queries.sheet_of(response)
    promised = [promise for promise in sheet.promises if not promise.is_gone]
    shown = "\n".join([form.public_words.data or "", *(promise.what for promise in promised)])
    found = naming.find_homes(shown)
    seen = digest(reading.public_sheet(sheet.rows) + repr([(made.what, made.due_on) for made in promised]))
    if form.is_submitted():
        found += naming.find_names(shown, queries.names_of_members(campaign))
    if form.validate_on_submit():
        try:
            if form.seen.data and form.seen.data != seen:
                raise RuleBroken(_("Somebody has changed the sheet or the promises meanwhile. Read this page again"))
            _refuse_names(found, is_checked=form.is_checked.data)
            operations.publish_response(response, by=current_person(), public_words=form.public_words.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is published"))
            return go(url_for(".show", key=key, response_id=response_id))
    form.seen.data = seen
    status = 422 if form.errors else 200
    return _page("publish", response, status, form=form, sheet=sheet, promised=promised, found=found)


def _refuse_names(found: list[str], *, is_checked: bool) -> None:
    if found and not is_checked:
        pieces = ", ".join(found)
        raise RuleBroken(
            _("This may tell who lives where: %(pieces)s. Take it out, or tick that you have looked", pieces=pieces),
            field="is_checked",
        )


@bp.post(f"{PATH}/publication/removal")
@action("response.publish")
def unpublish(key: str, response_id: int) -> Response:
    """Take it back into the circle."""
    _campaign, response = _find(key, response_id, "response.publish")
    try:
        operations.unpublish_response(response, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("It is no longer public. Whoever has read it already may remember it"))
    return go(url_for(".show", key=key, response_id=response_id))
