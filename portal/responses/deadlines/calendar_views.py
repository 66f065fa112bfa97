"""Days off that no calendar file knows: a steward adds them."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.deadlines import calendars
from portal.deadlines import words as rule_words
from portal.deadlines.models import OneOffDay
from portal.errors import RuleBroken
from portal.responses.deadlines import forms, operations
from portal.web import action, current_person, get_or_404, go, render, require, show_rule

bp = Blueprint("calendars", __name__)


@bp.route("/calendars", methods=["GET", "POST"])
@action("calendar.edit")
def days() -> Response:
    """The days off that stewards added, and a form for the next one."""
    require("calendar.edit")
    form = forms.DayOffForm()
    if form.validate_on_submit():
        try:
            operations.add_day_off(form.calendar.data, form.day.data, name=form.name.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The day is on the calendar. Every clock that it moves is worked out again in a moment"))
            return go(url_for(".days"))
    added = list(OneOffDay.select().order_by(OneOffDay.day.desc(), OneOffDay.id).limit(200))
    last = max(one.last for name in calendars.NAMES if (one := calendars.shipped(name)).last)
    return render(
        "deadlines/calendars.html",
        status=422 if form.errors else 200,
        form=form,
        days=added,
        names=rule_words.CALENDARS,
        last=last,
    )


@bp.post("/calendars/days/<int:day_id>/removal")
@action("calendar.edit")
def remove(day_id: int) -> Response:
    """Take a day off the calendar again."""
    require("calendar.edit")
    day = get_or_404(OneOffDay.select(), OneOffDay.id == day_id)
    operations.remove_day_off(day)
    flash(_("The day counts as a working day again"))
    return go(url_for(".days"))
