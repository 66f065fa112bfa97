"""Logging what came back, its page, reading it into the answer sheet, and showing it to the public."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from wtforms.validators import StopValidation

from portal import clock
from portal.campaigns.finding import find_campaign, find_in
from portal.errors import RuleBroken
from portal.language import format_day
from portal.letters.models import Letter
from portal.responses import forms, naming, operations, queries, reading, words
from portal.responses.answers import quoting, silence, uploads
from portal.responses.answers import words as answers_words
from portal.responses.answers.finding import AsReader, find_answer
from portal.responses.deadlines import cards
from portal.responses.deadlines.queries import deadlines_of
from portal.responses.models import Response as Answered
from portal.storage import StoredFile
from portal.tokens import digest
from portal.web import action, current_person, download, get_or_404, go, render, require, show_rule

bp = Blueprint("responses", __name__)

PICTURES = {"image/jpeg", "image/png", "image/webp"}
PATH = "/campaigns/<key>/responses/<int:response_id>"


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
        file_states=answers_words.FILE_STATES,
        confidences=answers_words.CONFIDENCES,
        **given,
    )


@bp.route("/campaigns/<key>/letters/<int:letter_id>/responses/new", methods=["GET", "POST"])
@action("response.log")
def new(key: str, letter_id: int) -> Response:
    """Log an answer by hand: what, when, from whom, and the original."""
    campaign = find_campaign(key, "response.log")
    letter = find_in(campaign, Letter, letter_id)
    form = forms.LogResponseForm()
    kept, wrong = uploads.keep_files(form, current_person()) if form.is_submitted() else ([], "")
    if wrong:
        form.file.validators = [*form.file.validators, _refuse(wrong)]
    if form.is_submitted() and form.validate() and not form.file.errors:
        try:
            response = operations.log_response(
                letter,
                by=current_person(),
                channel=form.channel.data,
                received_on=form.received_on.data,
                from_name=form.from_name.data,
                text=form.text.data or "",
                file=kept[0] if kept else None,
                more_files=kept[1:],
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is kept. Only people in the circle see it"))
            return go(url_for(".show", key=key, response_id=response.id))
    status = 422 if form.errors else 200
    return render("responses/new.html", status=status, campaign=campaign, letter=letter, form=form, kept=kept)


def _refuse(message: str) -> Any:
    def refuse(form: Any, field: Any) -> None:
        raise StopValidation(message)

    return refuse


@bp.get(PATH)
@action("response.read")
def show(key: str, response_id: int) -> Response:
    """What came back: how we read it, the promises in it, and the original."""
    _campaign, response = find_answer(key, response_id, "response.read")
    if response.channel == "noted":
        return render(
            "answers/silence.html",
            campaign=response.campaign,
            response=response,
            letter=response.letter,
            noted=silence.silence_of(response),
        )
    sheet = queries.sheet_of(response)
    me = current_person().id
    if sheet.is_asked(me):
        # They read it before they see what the others found.
        return _page("blind", response, sheet=sheet, is_picture=_is_picture(response))
    is_old = response.published_at is not None and (
        response.public_sheet != reading.public_sheet(sheet.rows)
        or any(not promise.is_public for promise in sheet.promises if not promise.is_gone)
    )
    clocks = [cards.card_of(one, clock.now()) for one in deadlines_of(response.letter)]
    return _page(
        "show",
        response,
        sheet=sheet,
        is_picture=_is_picture(response),
        is_old=is_old,
        label_of=forms.label_of,
        clocks=clocks,
        has_read=sheet.has_read(me),
    )


def _is_picture(response: Answered) -> bool:
    return response.file is not None and response.file.content_type in PICTURES


@bp.get(f"{PATH}/file")
@action("response.read")
def file(key: str, response_id: int) -> Response:
    """The original, byte for byte. As a download only: it came from outside, and nothing in it may run here."""
    _campaign, response = find_answer(key, response_id, "response.read")
    stored = get_or_404(StoredFile.select(), StoredFile.id == response.file_id)
    return download(stored)


@bp.route(f"{PATH}/reading", methods=["GET", "POST"])
@action("response.read_second")
def read(key: str, response_id: int) -> Response:
    """Say what kind of answer it is, and fill in the sheet: one row for each demand and question.

    Everybody sees only their own reading here, so that a second one is a reading of its own.
    """
    _campaign, response = find_answer(key, response_id, "response.read")
    person = current_person()
    sheet = queries.sheet_of(response)
    require("response.read_second", AsReader(response, sheet))
    own_kind = next((one.kind for one in sheet.kinds if one.person_id == person.id), None)
    form = forms.reading_form(sheet.rows, kind=own_kind, reader_id=person.id)
    files = quoting.texts_beside(response)
    if form.is_submitted() and request.form.get("use"):
        # A press that only copies a paragraph into a row: everything typed stays, nothing is checked yet.
        quoting.use_words(form, files, request.form.get("use", ""), request.form.get("into", ""))
    elif form.validate_on_submit():
        try:
            operations.read_response(response, by=person, kind=form.kind.data, sheet=form.sheet)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Your reading is saved"))
            leads_to = "legal.show" if form.kind.data == "legal_threat" else ".show"
            return go(url_for(leads_to, key=key, response_id=response_id))
    status = 422 if form.errors else 200
    return _page("read", response, status, form=form, sheet=sheet, files=files, label_of=forms.label_of)


@bp.route(f"{PATH}/publication", methods=["GET", "POST"])
@action("response.publish")
def publish(key: str, response_id: int) -> Response:
    """What would become public, in full, before it does."""
    campaign, response = find_answer(key, response_id, "response.publish")
    form = forms.PublishForm(obj=response)
    if response.channel == "noted" and not form.public_words.data:
        noted = silence.silence_of(response)
        form.public_words.data = _("They did not answer by %(day)s.", day=format_day(noted.due_on)) if noted else ""
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
    _campaign, response = find_answer(key, response_id, "response.publish")
    try:
        operations.unpublish_response(response, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("It is no longer public. Whoever has read it already may remember it"))
    return go(url_for(".show", key=key, response_id=response_id))
