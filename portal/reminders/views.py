"""How somebody wants to be reminded; and the link in every mail that stops it without a sign-in."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.people.models import Person
from portal.reminders import forms, operations
from portal.reminders.sources import UNREAD_DAYS
from portal.tokens import unsign
from portal.web import action, current_person, go, render, require

bp = Blueprint("reminders", __name__)


@bp.route("/me/reminders", methods=["GET", "POST"])
@action("reminder.choose")
def choose() -> Response:
    """Once a day, at once, or not at all."""
    require("reminder.choose")
    person = current_person()
    form = forms.WayForm()
    if request.method == "GET":
        form.way.data = operations.way_of(person)
    if form.validate_on_submit():
        operations.choose(person, form.way.data)
        flash(_("Saved. It holds from the next reminder on"))
        return go(url_for(".choose"))
    return render("reminders/choose.html", status=422 if form.errors else 200, form=form, unread_days=UNREAD_DAYS)


@bp.route("/reminders/<token>/stop", methods=["GET", "POST"])
@action("site.read")
def stop(token: str) -> Response:
    """GET shows a button, so that a mail scanner stops nothing; POST stops, from the page or from a mail program."""
    person = _holder(token)
    if person is None:
        return render("reminders/old_link.html", status=410)
    if request.method == "POST":
        operations.choose(person, "none")
        return go(url_for(".stop", token=token))
    return render("reminders/stop.html", token=token, way=operations.way_of(person))


# Mail programs press it themselves (RFC 8058), with no page of ours open.
stop.takes_posts_from_mailers = True  # type: ignore[attr-defined]


@bp.post("/reminders/<token>/again")
@action("site.read")
def again(token: str) -> Response:
    """It was a mistake: one mail a day again."""
    person = _holder(token)
    if person is None:
        return render("reminders/old_link.html", status=410)
    operations.choose(person, "daily")
    return go(url_for(".stop", token=token))


def _holder(token: str) -> Person | None:
    """Whom the link of a mail was written for, if they are still here."""
    person_id = unsign("reminders", token)
    if not isinstance(person_id, int):
        return None
    return Person.get_or_none(Person.id == person_id, Person.closed_at.is_null())
