"""What is written of a promise: its history, correcting it, whom it touches, and another in its place."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.language import format_day
from portal.responses import queries as response_queries
from portal.responses import words
from portal.responses.checking import changing, queries
from portal.responses.checking.finding import find_promise
from portal.responses.checking.forms import AnewForm, CorrectForm, ReachForm
from portal.responses.checking.views import PATH
from portal.responses.models import Commitment
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("promise_changes", __name__)


def _render(template: str, commitment: Commitment, status: int = 200, **given: Any) -> Response:
    return render(f"promises/{template}.html", status=status, campaign=commitment.campaign, promise=commitment, **given)


def _back(commitment: Commitment) -> str:
    return url_for("promises.show", key=commitment.campaign.key, commitment_id=commitment.id)


@bp.get(f"{PATH}/history")
@action("commitment.read")
def history(key: str, commitment_id: int) -> Response:
    """Everything that happened to it, newest first."""
    commitment = find_promise(key, commitment_id, "commitment.read")
    before = request.args.get("before", type=int)
    found = queries.change_page(commitment, before=before)
    page = found[: queries.HISTORY]
    here: dict[str, Any] = {"key": key, "commitment_id": commitment_id}
    older = url_for(".history", **here, before=page[-1].id) if len(found) > queries.HISTORY else None
    return _render(
        "history",
        commitment,
        lines=[(change, words.change_in_words(change)) for change in page],
        older=older,
        newer=url_for(".history", **here) if before else None,
        earlier=queries.earlier_of(commitment),
    )


@bp.route(f"{PATH}/correction", methods=["GET", "POST"])
@action("commitment.add")
def correct(key: str, commitment_id: int) -> Response:
    """Mend words or day that were written down wrongly. When somebody else saved first, both stand on the page."""
    commitment = find_promise(key, commitment_id, "commitment.add")
    standing = {"what": commitment.what, "due_on": commitment.due_on, "seen": commitment.version}
    form = CorrectForm(data=standing if request.method == "GET" else {})
    other, status = None, 200
    if form.validate_on_submit():
        try:
            changing.correct_promise(
                commitment,
                by=current_person(),
                what=form.what.data,
                due_on=form.due_on.data,
                why=form.why.data,
                seen=form.seen.data or 0,
            )
        except changing.ChangedMeanwhile as changed:
            other, status = changed.promise, 409
            show_rule(form, changed)
            form.seen.moved_on_to(changed.promise.version)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Corrected. What stood there is kept in the history"), "good")
            return go(_back(commitment))
    if form.errors and status == 200:
        status = 422
    return _render("correct", commitment, status, form=form, other=other)


@bp.route(f"{PATH}/reach", methods=["GET", "POST"])
@action("commitment.add")
def reach(key: str, commitment_id: int) -> Response:
    """Say whom it is about, and how many have to say that it is fixed."""
    commitment = find_promise(key, commitment_id, "commitment.add")
    doors = queries.doors_for(commitment, current_person(), everything=True)
    form = ReachForm()
    form.homes.choices = [(door.home.id, door.home.label) for door in doors]
    form.reach.choice_hints = words.REACH_HINTS
    if request.method == "GET":
        form.reach.data = commitment.reach
        form.needed_share.data = commitment.needed_share
        form.homes.data = [door.home.id for door in doors if door.is_listed]
    if form.validate_on_submit():
        share = form.needed_share.data
        try:
            changing.choose_reach(
                commitment,
                by=current_person(),
                reach=form.reach.data,
                homes=form.homes.data or [],
                share=60 if share is None else share,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Saved. What residents said is counted anew"), "good")
            return go(_back(commitment))
    return _render("reach", commitment, 422 if form.errors else 200, form=form, floors=queries.by_floor(doors))


@bp.route(f"{PATH}/new-promise", methods=["GET", "POST"])
@action("commitment.cancel")
def anew(key: str, commitment_id: int) -> Response:
    """They promised anew, and members take it."""
    commitment = find_promise(key, commitment_id, "commitment.cancel")
    answers = {answer.id: answer for answer in response_queries.choices_of_response(commitment.campaign)}
    form = AnewForm()
    form.response.choices = [
        (0, _("In none of these")),
        *(
            (row.id, f"{words.CHANNELS[row.channel]}, {format_day(row.received_on)}, {row.from_name}")
            for row in answers.values()
        ),
    ]
    if request.method == "GET":
        form.what.data = commitment.what
    if form.validate_on_submit():
        try:
            new = changing.renegotiate(
                commitment,
                by=current_person(),
                what=form.what.data,
                made_on=form.made_on.data,
                due_on=form.due_on.data,
                why=form.why.data,
                response=answers.get(form.response.data),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The new promise stands. The old one is kept, and each leads to the other"), "good")
            return go(_back(new))
    return _render("anew", commitment, 422 if form.errors else 200, form=form)
