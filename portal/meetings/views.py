"""The meetings of a campaign, and the page of one: calling it, changing it, calling it off."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.campaigns.finding import find_campaign
from portal.errors import RuleBroken
from portal.forms import Form
from portal.meetings import calendar, operations, queries, rsvps, words
from portal.meetings.finding import find_meeting
from portal.meetings.forms import AnswerForm, CancelForm, GuestAnswerForm, MeetingForm
from portal.meetings.models import Meeting
from portal.web import absolute, action, current_person, go, render, show_rule

bp = Blueprint("meetings", __name__)


@bp.get("/campaigns/<key>/meetings")
@action("meeting.list")
def index(key: str) -> Response:
    """Those to come, and those that were."""
    campaign = find_campaign(key, "meeting.list")
    after, before = request.args.get("after", type=int), request.args.get("before", type=int)
    coming, later = queries.coming(campaign, after=after) if before is None else ([], None)
    past, older = queries.past(campaign, before=before) if after is None else ([], None)
    return render(
        "meetings/index.html",
        campaign=campaign,
        coming=coming,
        later=later,
        past=past,
        older=older,
        is_first=after is None and before is None,
        is_past=before is not None,
        span=words.span_in_words,
    )


@bp.route("/campaigns/<key>/meetings/new", methods=["GET", "POST"])
@action("meeting.call")
def new(key: str) -> Response:
    """Call a meeting."""
    campaign = find_campaign(key, "meeting.call")
    form = MeetingForm()
    if form.validate_on_submit():
        try:
            meeting = operations.call_meeting(campaign, form.to_plan(), by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The meeting is called. Now tell people: the link is on this page"), "good")
            return go(url_for(".show", meeting_key=meeting.key))
    return render("meetings/new.html", status=422 if form.errors else 200, campaign=campaign, form=form)


@bp.get("/meetings/<meeting_key>")
@action("meeting.read")
def show(meeting_key: str) -> Response:
    """What, when, where, and whether you come."""
    return meeting_page(find_meeting(meeting_key, "meeting.read"))


def meeting_page(meeting: Meeting, form: AnswerForm | None = None, status: int = 200) -> Response:
    """The page of a meeting, with the answer of whoever looks."""
    person = current_person()
    own = rsvps.own_answer(meeting, person) if person is not None else None
    if form is None:
        form = AnswerForm(formdata=None, obj=own) if person is not None else GuestAnswerForm(formdata=None)
    new_count = getattr(meeting, "new_count", 0)
    return render(
        "meetings/show.html",
        "answer",
        status=status,
        meeting=meeting,
        campaign=meeting.campaign,
        form=form,
        own=own,
        takes_answers=meeting.takes_answers(clock.now()),
        has_begun=meeting.has_begun(clock.now()),
        span=words.span_in_words(meeting),
        kind=dict(words.KINDS)[meeting.kind],
        came=words.came_in_words(meeting, new_count),
    )


@bp.route("/meetings/<meeting_key>/edit", methods=["GET", "POST"])
@action("meeting.call")
def edit(meeting_key: str) -> Response:
    """Change when, where or what."""
    meeting = find_meeting(meeting_key, "meeting.call")
    if not meeting.is_standing:
        flash(_("This meeting is cancelled or closed. It can no longer be changed"), "warn")
        return go(url_for(".show", meeting_key=meeting_key))
    form = MeetingForm(data=_standing(meeting))
    if form.validate_on_submit():
        try:
            told = operations.change_meeting(
                meeting, form.to_plan(), by=current_person(), sequence=_number(form.sequence.data)
            )
        except RuleBroken as broken:
            show_rule(form, broken)
            # The next press means it: by then they have read what somebody else wrote.
            form.sequence.data = str(Meeting.get_by_id(meeting.id).sequence)
        else:
            flash(_told(_("The meeting is changed"), told), "good")
            return go(url_for(".show", meeting_key=meeting_key))
    return render(
        "meetings/edit.html",
        status=422 if form.errors else 200,
        meeting=meeting,
        campaign=meeting.campaign,
        form=form,
        span=words.span_in_words(meeting),
    )


def _standing(meeting: Meeting) -> dict[str, Any]:
    names = ("title", "kind", "where", "access", "about", "is_open")
    moments = {name: clock.to_local(getattr(meeting, name)).replace(tzinfo=None) for name in ("starts_at", "ends_at")}
    return {name: getattr(meeting, name) for name in names} | moments | {"sequence": str(meeting.sequence)}


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 9 else -1


def _told(sentence: str, count: int) -> str:
    if not count:
        return sentence
    mails = ngettext("%(num)d person gets a mail about it", "%(num)d people get a mail about it", count)
    return f"{sentence}. {mails}"


@bp.route("/meetings/<meeting_key>/cancellation", methods=["GET", "POST"])
@action("meeting.call")
def cancel(meeting_key: str) -> Response:
    """Call it off, with a reason."""
    meeting = find_meeting(meeting_key, "meeting.call")
    form: Form = CancelForm()
    if form.validate_on_submit():
        try:
            told = operations.cancel_meeting(meeting, by=current_person(), reason=form.reason.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_told(_("The meeting is cancelled"), told), "good")
            return go(url_for(".show", meeting_key=meeting_key))
    return render(
        "meetings/cancel.html",
        status=422 if form.errors else 200,
        meeting=meeting,
        campaign=meeting.campaign,
        form=form,
        span=words.span_in_words(meeting),
        reached=len(rsvps.reachable(meeting)),
    )


@bp.get("/meetings/<meeting_key>/calendar.ics")
@action("meeting.read")
def calendar_file(meeting_key: str) -> Response:
    """The meeting for people's own calendars."""
    meeting = find_meeting(meeting_key, "meeting.read")
    response = make_response(calendar.as_ical(meeting, link=absolute(url_for(".show", meeting_key=meeting_key))))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return response
