"""Answering whether one comes, and changing that by one's own link."""

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext as _

from portal import clock, limits
from portal.errors import RuleBroken
from portal.forms import Form
from portal.meetings import rsvps, words
from portal.meetings.finding import find_meeting
from portal.meetings.forms import AnswerForm, GuestAnswerForm, OwnAnswerForm
from portal.meetings.models import Rsvp
from portal.meetings.views import meeting_page
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("rsvps", __name__)


@bp.post("/meetings/<meeting_key>/answers")
@action("meeting.answer")
def answer(meeting_key: str) -> Response:
    """Say yes, maybe or no."""
    meeting = find_meeting(meeting_key, "meeting.answer")
    person = current_person()
    form = AnswerForm() if person is not None else GuestAnswerForm()
    to = url_for("meetings.show", meeting_key=meeting_key)
    if not form.validate_on_submit():
        return meeting_page(meeting, form, 422)
    try:
        if person is not None:
            rsvps.answer_as(meeting, form.to_coming(), by=person)
            flash(_("Your answer is in. You can change it here until the meeting is over"), "good")
            return go(to)
        assert isinstance(form, GuestAnswerForm)
        own = rsvps.answer_without_account(
            meeting, form.to_coming(), name=form.name.data, email=form.email.data or "", network=limits.network()
        )
    except RuleBroken as broken:
        show_rule(form, broken)
        return meeting_page(meeting, form, 422)
    if own is not None:
        flash(_("Your answer is in. Keep the address of this page: with it you can change your answer"), "good")
        return go(url_for(".manage", token=rsvps.token_of(own)))
    flash(_("Your answer is in. We have mailed you a link with which you can change it"), "good")
    return go(to)


def _find(token: str) -> Rsvp:
    rsvp = rsvps.by_token(token)
    if rsvp is None:
        abort(404)
    return rsvp


@bp.route("/meetings/answers/<token>", methods=["GET", "POST"])
@action("meeting.answer")
def manage(token: str) -> Response:
    """See and change the own answer."""
    rsvp = _find(token)
    meeting = rsvp.meeting
    # Whoever answered an open meeting that was closed to outsiders since may only take the answer back.
    is_shown = bool(meeting.parts_of(current_person()))
    form = OwnAnswerForm(obj=rsvp)
    if is_shown and form.validate_on_submit():
        try:
            rsvps.change_answer(rsvp, form.to_coming(), name=form.name.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Your answer is changed"), "good")
            return go(url_for(".manage", token=token))
    return render(
        "meetings/answer.html",
        status=422 if form.errors else 200,
        rsvp=rsvp,
        meeting=meeting,
        form=form,
        token=token,
        is_shown=is_shown,
        takes_answers=meeting.takes_answers(clock.now()),
        span=words.span_in_words(meeting),
    )


@bp.post("/meetings/answers/<token>/removal")
@action("meeting.answer")
def take_back(token: str) -> Response:
    """Delete the own answer."""
    rsvp = _find(token)
    if Form().validate_on_submit():
        rsvps.take_back(rsvp)
    flash(_("Your answer is deleted, with your name and address in it"), "good")
    is_shown = bool(rsvp.meeting.parts_of(current_person()))
    return go(url_for("meetings.show", meeting_key=rsvp.meeting.key) if is_shown else url_for("dashboards.start"))
