"""Getting ready for a meeting with them: order, duties, what we do if they say no, questions."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.escalation.queries import rungs_of
from portal.meetings.models import Meeting
from portal.negotiations import forms, operations, queries, words
from portal.negotiations.models import Fallback, RoomQuestion
from portal.negotiations.views import HERE, find
from portal.web import action, current_person, get_or_404, go, render, show_rule

bp = Blueprint("negotiation_prepare", __name__)


@bp.route(f"{HERE}/demands", methods=["GET", "POST"])
@action("negotiation.prepare")
def demands(key: str, meeting_id: int) -> Response:
    """Put the demands into our order, and say how far we go."""
    meeting = find(key, meeting_id, "negotiation.prepare")
    kit = queries.find_kit(meeting.campaign, meeting)
    form = forms.RankForm()
    is_whole = request.method == "GET" or len(form.rows.entries) == len(kit.demands)
    if not is_whole:
        form = forms.RankForm(formdata=None)
        form.form_errors.append(_("The demands changed while you were sorting them. Look at the list again"))
    form.offer(kit)
    if is_whole and form.validate_on_submit():
        try:
            operations.rank_demands(meeting, form.ranked(kit), by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The order is kept"), "good")
            return _back(meeting)
    status = 422 if form.errors else 200
    pairs = list(zip(kit.demands, form.rows.entries, strict=True))
    return render(
        "negotiations/demands.html", status=status, campaign=meeting.campaign, meeting=meeting, form=form, pairs=pairs
    )


@bp.route(f"{HERE}/duties", methods=["GET", "POST"])
@action("negotiation.prepare")
def duties(key: str, meeting_id: int) -> Response:
    """Say who does what in the room."""
    meeting = find(key, meeting_id, "negotiation.prepare")
    kit = queries.find_kit(meeting.campaign, meeting)
    given = {name: str(duty.person_id) for name, duty in kit.duties.items()}
    form = forms.DutiesForm(members=queries.members_of(meeting.campaign), data=given)
    if form.validate_on_submit():
        try:
            operations.give_duties(meeting, form.people, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Everybody’s duty is kept. Print the cards"), "good")
            return _back(meeting)
    return _form("negotiations/duties.html", meeting, form, duties=words.DUTIES)


@bp.route(f"{HERE}/fallbacks/new", methods=["GET", "POST"])
@action("negotiation.prepare")
def new_fallback(key: str, meeting_id: int) -> Response:
    """Add what we do if they say no."""
    meeting = find(key, meeting_id, "negotiation.prepare")
    rungs = [row for row in rungs_of(meeting.campaign) if row.removed_at is None and row.skipped_at is None]
    form = forms.FallbackForm()
    form.rung.choices = [("", _("No, something else")), *((str(row.id), row.what) for row in rungs)]
    if form.validate_on_submit():
        try:
            operations.add_fallback(
                meeting,
                what=form.what.data or "",
                who=form.who.data or "",
                by_on=form.by_on.data,
                rung=next((row for row in rungs if str(row.id) == form.rung.data), None),
                by=current_person(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Added"), "good")
            return _back(meeting)
    return _form("negotiations/fallback.html", meeting, form)


@bp.route(f"{HERE}/questions/new", methods=["GET", "POST"])
@action("negotiation.prepare")
def new_question(key: str, meeting_id: int) -> Response:
    """Add a question to ask them."""
    meeting = find(key, meeting_id, "negotiation.prepare")
    form = forms.QuestionForm()
    if form.validate_on_submit():
        try:
            operations.add_question(meeting, text=form.text.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Added"), "good")
            return _back(meeting)
    return _form("negotiations/question.html", meeting, form)


@bp.post(f"{HERE}/fallbacks/<int:fallback_id>/removal")
@action("negotiation.prepare")
def drop_fallback(key: str, meeting_id: int, fallback_id: int) -> Response:
    """Take out what we do if they say no."""
    return _drop(find(key, meeting_id, "negotiation.prepare"), Fallback, fallback_id)


@bp.post(f"{HERE}/questions/<int:question_id>/removal")
@action("negotiation.prepare")
def drop_question(key: str, meeting_id: int, question_id: int) -> Response:
    """Take out a question."""
    return _drop(find(key, meeting_id, "negotiation.prepare"), RoomQuestion, question_id)


def _drop(meeting: Meeting, model: Any, row_id: int) -> Response:
    row = get_or_404(model.select().where(model.meeting == meeting.id), model.id == row_id)
    row.meeting = meeting
    try:
        operations.drop_row(row, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("Taken out"))
    return _back(meeting)


def _form(template: str, meeting: Meeting, form: Any, **given: Any) -> Response:
    status = 422 if form.errors else 200
    return render(template, status=status, campaign=meeting.campaign, meeting=meeting, form=form, **given)


def _back(meeting: Meeting) -> Response:
    return go(url_for("negotiations.show", key=meeting.campaign.key, meeting_id=meeting.id))
