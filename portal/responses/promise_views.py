"""The promises they made: the list, adding one, what they claim, and calling one off."""

from datetime import date
from itertools import groupby

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.finding import find_campaign, find_in
from portal.errors import RuleBroken
from portal.language import format_day
from portal.responses import forms, promise_operations, promise_queries, promises, queries, words
from portal.responses.checking.finding import find_promise
from portal.responses.checking.views import PATH, page_of
from portal.responses.models import Answer
from portal.responses.models import Response as Answered
from portal.web import action, current_person, get_or_404, go, render, show_rule

bp = Blueprint("promises", __name__)


def _after(typed: str) -> tuple[int, date | None, int] | None:
    """Where the page before ended: "1.2026-12-04.17", or "6.-.17" without a date. Anything else begins anew."""
    number, day, row_id = ([*typed.split("."), "", "", ""])[:3]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (number, row_id)):
        return None
    try:
        return int(number), (None if day == "-" else date.fromisoformat(day)), int(row_id)
    except ValueError:
        return None


@bp.get("/campaigns/<key>/promises")
@action("commitment.read")
def index(key: str) -> Response:
    """Every promise they made, by how it stands today, with the picture of it."""
    campaign = find_campaign(key, "commitment.read")
    today = clock.today()
    after = _after(request.args.get("after", ""))
    only = request.args.get("only") if request.args.get("only") in promises.STANDINGS else None
    found = promise_queries.promises_of(campaign, on=today, only=only, after=after)
    page, is_more = found[: promise_queries.PAGE], len(found) > promise_queries.PAGE
    older = None
    if is_more:
        last = page[-1]
        mark = f"{last.number}.{last.due_on.isoformat() if last.due_on else '-'}.{last.id}"
        older = url_for(".index", key=key, only=only, after=mark)
    return render(
        "promises/index.html",
        campaign=campaign,
        counts=promise_queries.counts_of(campaign, on=today),
        only=only,
        older=older,
        newer=url_for(".index", key=key, only=only) if after else None,
        groups=groupby(page, key=lambda promise: promises.standing(promise, today)),
        names=words.GROUPS,
        is_due_soon=promises.is_due_soon,
    )


@bp.route("/campaigns/<key>/promises/new", methods=["GET", "POST"])
@action("commitment.add")
def new(key: str) -> Response:
    """Add a promise by hand."""
    campaign = find_campaign(key, "commitment.add")
    answers = {answer.id: answer for answer in queries.choices_of_response(campaign)}
    form = forms.PromiseForm()
    form.response.choices = [(0, _("In none of these")), *((row.id, _title(row)) for row in answers.values())]
    if request.method == "GET":
        asked = request.args.get("response", type=int)
        form.response.data = asked if asked in answers else 0
        form.made_on.data = answers[asked].received_on if asked in answers else None
    if form.validate_on_submit():
        try:
            made = promise_operations.add_promise(
                campaign,
                by=current_person(),
                what=form.what.data,
                made_on=form.made_on.data,
                due_on=form.due_on.data,
                response=answers.get(form.response.data),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The promise is kept in view"))
            return go(url_for("promises.show", key=key, commitment_id=made.id))
    return render("promises/new.html", status=422 if form.errors else 200, campaign=campaign, form=form)


def _title(answer: Answered) -> str:
    return f"{words.CHANNELS[answer.channel]}, {format_day(answer.received_on)}, {answer.from_name}"


@bp.post("/campaigns/<key>/responses/<int:response_id>/answers/<int:answer_id>/promise")
@action("commitment.add")
def keep(key: str, response_id: int, answer_id: int) -> Response:
    """One press: a row of the answer sheet with a date becomes a promise."""
    campaign = find_campaign(key, "commitment.add")
    response = find_in(campaign, Answered, response_id)
    answer = get_or_404(Answer.select().where(Answer.response == response.id), Answer.id == answer_id)
    answer.response = response
    asks = {ask.block_id: ask.text for ask in queries.asks_of(response)}
    try:
        promise_operations.keep_promise_from(answer, by=current_person(), ask=asks.get(answer.block_id, ""))
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("It is among the promises now"))
    return go(url_for("responses.show", key=key, response_id=response_id))


@bp.get(PATH)
@action("commitment.read")
def show(key: str, commitment_id: int) -> Response:
    """One promise, and what residents found."""
    return render("promises/show.html", "found", **page_of(find_promise(key, commitment_id, "commitment.read")))


@bp.post(f"{PATH}/claim")
@action("commitment.add")
def claim(key: str, commitment_id: int) -> Response:
    """They say that it is done, since a day; left empty, they no longer say so."""
    commitment = find_promise(key, commitment_id, "commitment.add")
    form = forms.ClaimForm()
    if form.validate_on_submit():
        try:
            promise_operations.note_claim(commitment, by=current_person(), claimed_done_on=form.claimed_done_on.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Noted. Whether it is done, the people who live there say"))
            return go(url_for("promises.show", key=key, commitment_id=commitment_id))
    return render("promises/show.html", status=422, **page_of(commitment, claim=form), page_error=True)


@bp.route(f"{PATH}/cancellation", methods=["GET", "POST"])
@action("commitment.cancel")
def cancel(key: str, commitment_id: int) -> Response:
    """Call a promise off, after reading what that does."""
    commitment = find_promise(key, commitment_id, "commitment.cancel")
    form = forms.CancelForm()
    if form.validate_on_submit():
        try:
            promise_operations.cancel_promise(commitment, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The promise is called off. You can bring it back from its page"))
            return go(url_for("promises.show", key=key, commitment_id=commitment_id))
    status = 422 if form.errors else 200
    return render("promises/cancel.html", status=status, campaign=commitment.campaign, promise=commitment, form=form)


@bp.post(f"{PATH}/cancellation/removal")
@action("commitment.cancel")
def restore(key: str, commitment_id: int) -> Response:
    """Bring back a promise that was called off."""
    commitment = find_promise(key, commitment_id, "commitment.cancel")
    try:
        promise_operations.restore_promise(commitment, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("The promise is back"))
    return go(url_for("promises.show", key=key, commitment_id=commitment_id))
