"""What follows from an answer: looking at a fact that they dispute, and giving them what they ask for."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.responses import naming, words
from portal.responses import queries as all_queries
from portal.responses.answers import facts, forms, giving, queries
from portal.responses.answers.finding import Asked, find_answer
from portal.responses.models import Response as Answered
from portal.web import action, current_person, go, may, render, require, show_rule

bp = Blueprint("follow", __name__)
PATH = "/campaigns/<key>/responses/<int:response_id>"


# ---- a fact is wrong ----


@bp.get(f"{PATH}/fact")
@action("response.read")
def fact(key: str, response_id: int) -> Response:
    """What we found when we looked, and what is said of it in public."""
    _campaign, response = find_answer(key, response_id, "response.read")
    return _fact(response)


@bp.post(f"{PATH}/fact")
@action("response.classify")
def review(key: str, response_id: int) -> Response:
    """Say whether they are right."""
    _campaign, response = find_answer(key, response_id, "response.classify")
    form = forms.FactForm()
    if form.validate_on_submit():
        try:
            facts.review_fact(response, verdict=form.verdict.data, words=form.words.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is noted"))
            return go(url_for(".fact", key=key, response_id=response_id))
    return _fact(response, 422, form=form)


@bp.post(f"{PATH}/fact/note")
@action("response.publish")
def publish_note(key: str, response_id: int) -> Response:
    """Say in public that they are right."""
    campaign, response = find_answer(key, response_id, "response.publish")
    form = forms.NoteForm(prefix="note")
    found: list[str] = []
    if form.is_submitted():
        said = form.note.data or ""
        found = naming.find_homes(said) + naming.find_names(said, all_queries.names_of_members(campaign))
    if form.validate_on_submit():
        try:
            if found and not form.is_checked.data:
                raise RuleBroken(
                    _(
                        "This may tell who lives where: %(pieces)s. Take it out, or tick that you have looked",
                        pieces=", ".join(found),
                    ),
                    field="is_checked",
                )
            facts.publish_note(response, note=form.note.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The note is public"))
            return go(url_for(".fact", key=key, response_id=response_id))
    return _fact(response, 422, note=form, found=found)


@bp.post(f"{PATH}/fact/note/removal")
@action("response.publish")
def take_note_back(key: str, response_id: int) -> Response:
    """The note leaves the public page."""
    _campaign, response = find_answer(key, response_id, "response.publish")
    try:
        facts.take_note_back(response, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("It is no longer public. Whoever has read it already may remember it"))
    return go(url_for(".fact", key=key, response_id=response_id))


def _fact(response: Answered, status: int = 200, *, form: Any = None, note: Any = None, found: Any = ()) -> Response:
    review = facts.review_of(response)
    return render(
        "answers/fact.html",
        status=status,
        campaign=response.campaign,
        response=response,
        letter=response.letter,
        review=review,
        form=form or forms.FactForm(formdata=None, obj=review),
        note_form=note or forms.NoteForm(formdata=None, obj=review, prefix="note"),
        found=found,
        verdicts=forms.FACT_VERDICTS,
        channels=words.CHANNELS,
    )


# ---- they ask us for something ----


@bp.get(f"{PATH}/request")
@action("response.read")
def show_request(key: str, response_id: int) -> Response:
    """What they ask for, who sees to it, by when."""
    _campaign, response = find_answer(key, response_id, "response.read")
    return _request(response)


@bp.post(f"{PATH}/request")
@action("response.classify")
def give(key: str, response_id: int) -> Response:
    """Have a member see to it."""
    campaign, response = find_answer(key, response_id, "response.classify")
    form = forms.GiveForm()
    members = queries.members_of(campaign)
    form.offer(members)
    if form.validate_on_submit():
        person = next(one for one in members if str(one.id) == form.person.data)
        try:
            giving.give_to(response, person, what=form.what.data, by_on=form.by_on.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("%(name)s sees to it", name=person.display_name))
            return go(url_for(".show_request", key=key, response_id=response_id))
    return _request(response, 422, form=form)


@bp.post(f"{PATH}/request/done")
@action("response.give")
def given(key: str, response_id: int) -> Response:
    """It was given to them."""
    _campaign, response = find_answer(key, response_id, "response.read")
    require("response.give", Asked(response, giving.request_of(response)))
    try:
        giving.is_given(response, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("Noted. They have what they asked for"))
    return go(url_for(".show_request", key=key, response_id=response_id))


def _request(response: Answered, status: int = 200, *, form: Any = None) -> Response:
    asked = giving.request_of(response)
    if form is None:
        known = {"what": asked.what, "by_on": asked.by_on, "person": str(asked.person_id)} if asked else {}
        form = forms.GiveForm(formdata=None, data=known)
        form.offer(queries.members_of(response.campaign))
    return render(
        "answers/request.html",
        status=status,
        campaign=response.campaign,
        response=response,
        letter=response.letter,
        asked=asked,
        may_finish=asked is not None and may("response.give", Asked(response, asked)),
        form=form,
        channels=words.CHANNELS,
    )
