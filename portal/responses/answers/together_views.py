"""A second reader: asking one, saying no, and talking over what two read differently."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.people.models import Person
from portal.responses import forms as reading_forms
from portal.responses import queries, words
from portal.responses.answers import forms, together
from portal.responses.answers import queries as answer_queries
from portal.responses.answers import words as answer_words
from portal.responses.answers.finding import AsReader, find_answer
from portal.responses.models import Response as Answered
from portal.web import action, current_person, go, render, require, show_rule

bp = Blueprint("second_reading", __name__)
PATH = "/campaigns/<key>/responses/<int:response_id>"


@bp.route(f"{PATH}/readers/new", methods=["GET", "POST"])
@action("response.classify")
def ask(key: str, response_id: int) -> Response:
    """Ask a member by name to read it too."""
    campaign, response = find_answer(key, response_id, "response.classify")
    sheet = queries.sheet_of(response)
    taken = {one.person_id for one in sheet.people if one.state != "declined"}
    members = [one for one in answer_queries.members_of(campaign) if one.id not in taken and not sheet.has_read(one.id)]
    form = forms.AskReaderForm()
    form.offer(members)
    if form.validate_on_submit():
        person = next(one for one in members if str(one.id) == form.person.data)
        try:
            together.ask_reader(response, person, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(
                _(
                    "%(name)s is asked, by mail. Until they have read it, they do not see what others found",
                    name=person.name,
                )
            )
            return go(url_for("responses.show", key=key, response_id=response_id))
    status = 422 if form.errors else 200
    return render(
        "answers/ask.html",
        status=status,
        campaign=campaign,
        response=response,
        form=form,
        members=members,
        people=sheet.people,
    )


@bp.post(f"{PATH}/readers/refusal")
@action("response.read_second")
def decline(key: str, response_id: int) -> Response:
    """Somebody who was asked does not read it."""
    _campaign, response = find_answer(key, response_id, "response.read")
    require("response.read_second", AsReader(response, queries.sheet_of(response)))
    try:
        together.decline_reading(response, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("That is fine. Others can read it"))
    return go(url_for("responses.show", key=key, response_id=response_id))


@bp.get(f"{PATH}/differences")
@action("response.read")
def differences(key: str, response_id: int) -> Response:
    """What two read differently, side by side, and what they agree on."""
    _campaign, response = find_answer(key, response_id, "response.read")
    sheet = queries.sheet_of(response)
    if sheet.is_asked(current_person().id):
        # Not before their own reading is saved.
        return go(url_for("responses.show", key=key, response_id=response_id))
    return _differences(response, sheet)


@bp.post(f"{PATH}/differences/<int:block_id>/why")
@action("response.read_second")
def why(key: str, response_id: int, block_id: int) -> Response:
    """A reader says why."""
    _campaign, response, sheet = _find_row(key, response_id, block_id)
    require("response.read_second", AsReader(response, sheet))
    form = forms.WhyForm(prefix=str(block_id))
    if form.validate_on_submit():
        try:
            together.say_why(response, block_id, text=form.text.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It stands beside your reading"))
            return go(url_for(".differences", key=key, response_id=response_id, _anchor=f"row-{block_id}"))
    return _differences(response, sheet, 422, {("why", block_id): form})


@bp.post(f"{PATH}/differences/<int:block_id>/settlement")
@action("response.settle")
def settle(key: str, response_id: int, block_id: int) -> Response:
    """A lead says what the readers agree on, for one row."""
    _campaign, response, sheet = _find_row(key, response_id, block_id, "response.settle")
    return _settle(response, sheet, block_id, forms.SettleForm(prefix=f"settle-{block_id}"))


@bp.post(f"{PATH}/differences/kind")
@action("response.settle")
def settle_kind(key: str, response_id: int) -> Response:
    """A lead says what the readers agree on, for the kind of the whole answer."""
    _campaign, response = find_answer(key, response_id, "response.settle")
    form = forms.SettleKindForm(prefix="settle-0")
    return _settle(response, queries.sheet_of(response), together.WHOLE, form)


def _settle(response: Answered, sheet: queries.Sheet, row_key: int, form: Any) -> Response:
    if form.validate_on_submit():
        try:
            together.settle_row(
                response, row_key, verdict=form.verdict.data, words=form.words.data, by=current_person()
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is settled. Everybody’s own reading stays beside it"))
            to = url_for(".differences", key=response.campaign.key, response_id=response.id, _anchor=f"row-{row_key}")
            return go(to)
    return _differences(response, sheet, 422, {("settle", row_key): form})


def _find_row(
    key: str, response_id: int, block_id: int, action_name: str = "response.read"
) -> tuple[Any, Answered, queries.Sheet]:
    campaign, response = find_answer(key, response_id, action_name)
    sheet = queries.sheet_of(response)
    if all(row.ask.block_id != block_id for row in sheet.rows):
        abort(404)
    return campaign, response, sheet


def _differences(response: Answered, sheet: queries.Sheet, status: int = 200, given: Any = None) -> Response:
    """The page; `given` are forms that came back with errors, by what they do and their row."""
    me: Person = current_person()
    rows = [row for row in sheet.rows if row.others or row.settled]
    shown: dict[tuple[str, int], Any] = {}
    for row in rows:
        block = row.ask.block_id
        own = next((note.text for note in row.notes if note.person_id == me.id), "")
        shown["why", block] = forms.WhyForm(formdata=None, prefix=str(block), data={"text": own})
        shown["settle", block] = forms.SettleForm(formdata=None, prefix=f"settle-{block}")
    shown["settle", together.WHOLE] = forms.SettleKindForm(formdata=None, prefix="settle-0")
    return render(
        "answers/differences.html",
        status=status,
        campaign=response.campaign,
        response=response,
        letter=response.letter,
        sheet=sheet,
        rows=rows,
        forms={**shown, **(given or {})},
        problem=next(iter((given or {}).values()), None),
        has_read=sheet.has_read(me.id),
        label_of=reading_forms.label_of,
        channels=words.CHANNELS,
        kinds=words.KINDS,
        confidences=answer_words.CONFIDENCES,
    )
