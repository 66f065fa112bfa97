"""After a meeting with them: promises from the minutes, hands counted, a vote of those present."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.errors import RuleBroken
from portal.meetings.models import Meeting
from portal.meetings.queries import decisions_of
from portal.negotiations import after, forms, queries
from portal.negotiations.models import HandCount
from portal.negotiations.views import HERE, find, page
from portal.web import action, current_person, get_or_404, go, render, show_rule

bp = Blueprint("negotiation_after", __name__)


@bp.route(f"{HERE}/promises", methods=["GET", "POST"])
@action("negotiation.prepare")
def promises(key: str, meeting_id: int) -> Response:
    """Keep what they promised, all of it in one go."""
    meeting = find(key, meeting_id, "negotiation.prepare")
    letters = queries.sent_letters(meeting.campaign)
    wanted = request.args.get("letter", type=int)
    letter, asks = next((pair for pair in letters if pair[0].id == wanted), letters[0] if letters else (None, []))
    form = forms.PromisesForm(data=None if request.method == "POST" else _written(meeting))
    form.offer(asks)
    if form.validate_on_submit():
        try:
            kept = after.keep_promises(
                meeting,
                form.promised,
                letter=letter,
                minutes=form.minutes.data or "",
                from_name=form.from_name.data or "",
                by=current_person(),
            )
        except RuleBroken as broken:
            # What the answer calls its text is the minutes here.
            broken.field = {"text": "minutes"}.get(broken.field or "", broken.field)
            show_rule(form, broken)
        else:
            flash(ngettext("%(num)d promise is kept in view", "%(num)d promises are kept in view", len(kept)), "good")
            return go(url_for("promises.index", key=key))
    return _form("negotiations/promises.html", meeting, form, letter=letter, letters=[one for one, _asks in letters])


def _written(meeting: Meeting) -> dict[str, Any]:
    return {"minutes": "\n".join(decisions_of(meeting))}


@bp.route(f"{HERE}/hands", methods=["GET", "POST"])
@action("negotiation.prepare")
def hands(key: str, meeting_id: int) -> Response:
    """Write down a show of hands."""
    meeting = find(key, meeting_id, "negotiation.prepare")
    form = forms.HandsForm()
    if form.validate_on_submit():
        try:
            after.count_hands(
                meeting,
                question=form.question.data or "",
                yes=form.yes.data,
                no=form.no.data,
                neither=form.neither.data,
                counted_by=form.counted_by.data or "",
                by=current_person(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The count is written down, and stands on the timeline"), "good")
            return _back(meeting)
    return _form("negotiations/hands.html", meeting, form)


@bp.post(f"{HERE}/hands/<int:count_id>/withdrawal")
@action("negotiation.prepare")
def take_back(key: str, meeting_id: int, count_id: int) -> Response:
    """Take a count back that was written down wrong."""
    meeting = find(key, meeting_id, "negotiation.prepare")
    count = get_or_404(HandCount.select().where(HandCount.meeting == meeting.id), HandCount.id == count_id)
    count.campaign = meeting.campaign
    try:
        after.take_back_hands(count, by=current_person())
    except RuleBroken as broken:
        return page(meeting, 422, problem=broken.message)
    flash(_("The count is taken back"))
    return _back(meeting)


@bp.route(f"{HERE}/vote", methods=["GET", "POST"])
@action("decision.open")
def ask(key: str, meeting_id: int) -> Response:
    """Ask those of the circle who came."""
    meeting = find(key, meeting_id, "decision.open")
    ends_at = clock.to_local(clock.now() + timedelta(minutes=30)).replace(tzinfo=None)
    form = forms.AskPresentForm(data={"closes_at": ends_at})
    if form.validate_on_submit():
        try:
            ballot = after.ask_present(
                meeting,
                question=form.question.data or "",
                closes_at=form.closes_at.utc or clock.now(),
                by=current_person(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The question is asked. Those who came get a mail, and can vote on their telephones"), "good")
            return go(url_for("decisions.show", key=key, ballot_id=ballot.id))
    return _form("negotiations/vote.html", meeting, form)


def _form(template: str, meeting: Meeting, form: Any, **given: Any) -> Response:
    status = 422 if form.errors else 200
    return render(template, status=status, campaign=meeting.campaign, meeting=meeting, form=form, **given)


def _back(meeting: Meeting) -> Response:
    return go(url_for("negotiations.show", key=meeting.campaign.key, meeting_id=meeting.id))
