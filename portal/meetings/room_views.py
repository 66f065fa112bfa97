"""The room: who came, the paper for the table, closing, the minutes, and who did what they said."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.finding import find_campaign, find_in
from portal.errors import RuleBroken
from portal.meetings import closing, queries, room, words
from portal.meetings.finding import find_meeting
from portal.meetings.forms import ClosingForm, GuestForm
from portal.meetings.models import Attendance, Meeting, Rsvp, Undertaking
from portal.paper import typeset
from portal.people.models import Person
from portal.web import action, current_person, done, get_or_404, go, render, require, show_rule, wants_fragment

bp = Blueprint("room", __name__)


# ---- who came ----


def _door_page(meeting: Meeting, form: GuestForm, status: int = 200) -> Response:
    door = queries.door_of(meeting)
    return render("room/attendance.html", "guests", status=status, **_door_context(meeting, door), form=form)


def _door_context(meeting: Meeting, door: queries.Door) -> dict[str, Any]:
    meeting.came_count = door.came_count
    return {
        "meeting": meeting,
        "campaign": meeting.campaign,
        "door": door,
        "span": words.span_in_words(meeting),
        "came": words.came_in_words(meeting, door.new_count),
        "has_begun": meeting.has_begun(clock.now()),
    }


@bp.get("/meetings/<meeting_key>/attendance")
@action("meeting.take_attendance")
def attendance(meeting_key: str) -> Response:
    """The list at the door."""
    return _door_page(find_meeting(meeting_key, "meeting.take_attendance"), GuestForm(formdata=None))


@bp.post("/meetings/<meeting_key>/attendance")
@action("meeting.take_attendance")
def tick(meeting_key: str) -> Response:
    """Somebody on the list is here."""
    meeting = find_meeting(meeting_key, "meeting.take_attendance")
    who = request.form.get("who", "")
    row = queries.door_of(meeting).row(who)
    if row is None:
        abort(404)
    by = current_person()
    try:
        if row.is_member:
            room.tick_member(meeting, Person.get_by_id(row.person_id), by=by)
        elif row.rsvp_id:
            room.tick_answer(meeting, Rsvp.get_by_id(row.rsvp_id), by=by)
        elif row.attendance is not None:
            row.attendance.meeting = meeting
            room.tick_again(row.attendance, by=by)
    except RuleBroken as broken:
        flash(broken.message, "warn")
        return go(url_for(".attendance", meeting_key=meeting_key))
    return _ticked(meeting, who)


@bp.post("/meetings/<meeting_key>/attendance/<int:attendance_id>/undoing")
@action("meeting.take_attendance")
def undo(meeting_key: str, attendance_id: int) -> Response:
    """That tick was a mistake."""
    meeting = find_meeting(meeting_key, "meeting.take_attendance")
    found = get_or_404(Attendance.select().where(Attendance.meeting == meeting.id), Attendance.id == attendance_id)
    found.meeting = meeting
    room.undo(found, by=current_person())
    return _ticked(meeting, request.form.get("who", ""))


def _ticked(meeting: Meeting, who: str) -> Response:
    """The row and the count for htmx; otherwise back to the list, at the same row."""
    to = url_for(".attendance", meeting_key=meeting.key)
    if not wants_fragment():
        return go(f"{to}#row-{who}")
    door = queries.door_of(meeting)
    row = door.row(who)
    # A guest who was ticked again stands in another row: draw the whole list afresh.
    return done("room/ticked.html", ["row", "count"], to=to, row=row, **_door_context(meeting, door)) if row else go(to)


@bp.post("/meetings/<meeting_key>/guests")
@action("meeting.take_attendance")
def add_guest(meeting_key: str) -> Response:
    """Somebody who is on no list is here."""
    meeting = find_meeting(meeting_key, "meeting.take_attendance")
    form = GuestForm()
    if not form.validate_on_submit():
        return _door_page(meeting, form, 422)
    try:
        room.add_guest(meeting, by=current_person(), name=form.name.data, is_new=form.is_new.data)
    except RuleBroken as broken:
        show_rule(form, broken)
        return _door_page(meeting, form, 422)
    to = url_for(".attendance", meeting_key=meeting_key)
    if not wants_fragment():
        return go(f"{to}#guests")
    door = queries.door_of(meeting)
    return done(
        "room/ticked.html", ["guests", "count"], to=to, form=GuestForm(formdata=None), **_door_context(meeting, door)
    )


@bp.get("/meetings/<meeting_key>/sheet")
@action("meeting.take_attendance")
def sheet(meeting_key: str) -> Response:
    """A list to tick by hand, and empty lines for people who are not on it."""
    meeting = find_meeting(meeting_key, "meeting.take_attendance")
    return render("room/sheet.html", **_door_context(meeting, queries.door_of(meeting)), line_count=18)


# ---- closing and the minutes ----


@bp.route("/meetings/<meeting_key>/closing", methods=["GET", "POST"])
@action("meeting.close")
def close(meeting_key: str) -> Response:
    """What was decided, who does what by when, and when we meet next. On a closed meeting: mend the minutes."""
    meeting = find_meeting(meeting_key, "meeting.close")
    if meeting.cancelled_at or not meeting.has_begun(clock.now()):
        flash(_("A meeting can be closed from its start on, unless it is cancelled"), "warn")
        return go(url_for("meetings.show", meeting_key=meeting_key))
    members = queries.members_of(meeting.campaign)
    form = ClosingForm(data=_written(meeting))
    form.offer(members)
    if "more" in request.form:
        form.add_row()
        form.offer(members)
        return _closing_page(meeting, form, 200)
    if form.validate_on_submit():
        write = closing.correct_minutes if meeting.closed_at else closing.close_meeting
        try:
            write(meeting, form.to_outcome(members), by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The minutes are written. Everybody in the circle can read them"), "good")
            return go(url_for(".minutes", meeting_key=meeting_key))
    return _closing_page(meeting, form, 422 if form.errors else 200)


def _written(meeting: Meeting) -> dict[str, Any]:
    """What the minutes say already, when they are mended."""
    if not meeting.closed_at or request.method == "POST":
        return {}
    return {
        "decisions": "\n".join(queries.decisions_of(meeting)),
        "next_on": meeting.next_on,
        "why_no_next": meeting.why_no_next,
    }


def _closing_page(meeting: Meeting, form: ClosingForm, status: int) -> Response:
    return render(
        "room/closing.html",
        "tasks",
        status=status,
        meeting=meeting,
        campaign=meeting.campaign,
        form=form,
        came=words.came_in_words(meeting, meeting.new_count),
        standing=queries.undertakings_of(meeting) if meeting.closed_at else [],
    )


@bp.get("/meetings/<meeting_key>/minutes")
@action("meeting.list")
def minutes(meeting_key: str) -> Response:
    """What was decided and who does what; prints on one page."""
    meeting = find_meeting(meeting_key, "meeting.list")
    return render(
        "room/minutes.html",
        meeting=meeting,
        campaign=meeting.campaign,
        decisions=queries.decisions_of(meeting),
        undertakings=queries.undertakings_of(meeting),
        span=words.span_in_words(meeting),
        came=words.came_in_words(meeting, meeting.new_count),
        next_words=words.next_in_words,
        day=clock.today(),
    )


@bp.get("/meetings/<meeting_key>/minutes.pdf")
@action("meeting.list")
def minutes_paper(meeting_key: str) -> Response:
    """The minutes on paper; `?large=1` for large print."""
    meeting = find_meeting(meeting_key, "meeting.list")
    if not meeting.closed_at:
        return go(url_for(".minutes", meeting_key=meeting_key))
    data = words.minutes_sheet(
        meeting,
        queries.decisions_of(meeting),
        queries.undertakings_of(meeting),
        new_count=meeting.new_count,
        large="large" in request.args,
    )
    response = make_response(typeset("minutes", data, title=meeting.title))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="minutes.pdf"'
    return response


# ---- who does what ----


@bp.post("/campaigns/<key>/undertakings/<int:undertaking_id>/removal")
@action("meeting.close")
def strike(key: str, undertaking_id: int) -> Response:
    """Take a task off the minutes that was written by mistake."""
    undertaking: Undertaking = find_in(find_campaign(key, "meeting.close"), Undertaking, undertaking_id)
    meeting = undertaking.meeting
    closing.strike_task(undertaking)
    flash(_("The task is off the minutes"), "good")
    return go(url_for(".close", meeting_key=meeting.key) if meeting else url_for("dashboards.start"))


@bp.post("/campaigns/<key>/undertakings/<int:undertaking_id>/done")
@action("undertaking.finish")
def finish(key: str, undertaking_id: int) -> Response:
    """I did it; or, for a lead, they did it."""
    undertaking = _find_undertaking(key, undertaking_id)
    closing.finish_undertaking(undertaking, by=current_person())
    flash(_("Marked as done: %(what)s", what=undertaking.what), "good")
    return go(_back(undertaking))


@bp.post("/campaigns/<key>/undertakings/<int:undertaking_id>/done/removal")
@action("undertaking.finish")
def reopen(key: str, undertaking_id: int) -> Response:
    """Not done after all."""
    undertaking = _find_undertaking(key, undertaking_id)
    closing.reopen_undertaking(undertaking, by=current_person())
    flash(_("Marked as still to do: %(what)s", what=undertaking.what), "good")
    return go(_back(undertaking))


def _find_undertaking(key: str, undertaking_id: int) -> Undertaking:
    undertaking: Undertaking = find_in(find_campaign(key, "meeting.list"), Undertaking, undertaking_id)
    require("undertaking.finish", undertaking)
    return undertaking


def _back(undertaking: Undertaking) -> str:
    """Where the button stood: the minutes, or the own start page (`to=start`)."""
    if request.form.get("to") == "start" or undertaking.meeting_id is None:
        return url_for("dashboards.start")
    return url_for(".minutes", meeting_key=undertaking.meeting.key)
