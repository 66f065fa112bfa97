"""The promises they made: the list, one of them with what residents found, and calling one off."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.language import format_day
from portal.responses import forms, promise_operations, promise_queries, promises, queries, words
from portal.responses.models import Answer, Commitment
from portal.responses.models import Response as Answered
from portal.web import action, current_person, done, get_or_404, go, render, show_rule

bp = Blueprint("promises", __name__)

PATH = "/campaigns/<key>/promises/<int:commitment_id>"


def _find(key: str, commitment_id: int, action_name: str) -> tuple[Campaign, Commitment]:
    campaign = find_campaign(key, action_name)
    commitment = get_or_404(promise_queries.promise_with(campaign), Commitment.id == commitment_id)
    commitment.campaign = campaign
    return campaign, commitment


def _after(typed: str) -> tuple[date | None, int] | None:
    """Where the page before ended: "2026-12-04.17", or "-.17" after one without a date. Anything else begins anew."""
    day, _dot, row_id = typed.partition(".")
    if not (row_id.isascii() and row_id.isdigit() and len(row_id) < 10):
        return None
    try:
        return (None if day == "-" else date.fromisoformat(day)), int(row_id)
    except ValueError:
        return None


@bp.get("/campaigns/<key>/promises")
@action("commitment.read")
def index(key: str) -> Response:
    """Every promise they made, the earliest day first, and how they stand today."""
    campaign = find_campaign(key, "commitment.read")
    today = clock.today()
    after = _after(request.args.get("after", ""))
    found = promise_queries.promises_of(campaign, after=after)
    page, is_more = found[: promise_queries.PAGE], len(found) > promise_queries.PAGE
    older = None
    if is_more:
        last = page[-1]
        older = url_for(".index", key=key, after=f"{last.due_on.isoformat() if last.due_on else '-'}.{last.id}")
    return render(
        "promises/index.html",
        campaign=campaign,
        counts=promise_queries.counts_of(campaign, on=today),
        older=older,
        newer=url_for(".index", key=key) if after else None,
        promises=[(promise, promises.standing(promise, today)) for promise in page],
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
            return go(url_for(".show", key=key, commitment_id=made.id))
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


def _context(commitment: Commitment, **given: Any) -> dict[str, Any]:
    checks = promise_queries.checks_of(commitment)
    own = next((check for check in checks if check.person_id == current_person().id), None)
    form = given.pop("form", None) or forms.CheckForm(obj=own, formdata=None)
    form.verdict.choice_hints = {name: meaning for name, (_title, meaning) in words.CHECKS.items()}
    return {
        "campaign": commitment.campaign,
        "promise": commitment,
        "checks": checks,
        "own": own,
        "form": form,
        "verdicts": words.CHECKS,
        "standing": promises.standing(commitment, clock.today()),
        "witnesses": promises.WITNESSES,
        "claim": forms.ClaimForm(formdata=None),
        **given,
    }


@bp.get(PATH)
@action("commitment.read")
def show(key: str, commitment_id: int) -> Response:
    """One promise, and what residents found."""
    _campaign, commitment = _find(key, commitment_id, "commitment.read")
    return render("promises/show.html", "found", **_context(commitment))


@bp.post(f"{PATH}/checks")
@action("commitment.check")
def check(key: str, commitment_id: int) -> Response:
    """A resident says what they found."""
    _campaign, commitment = _find(key, commitment_id, "commitment.check")
    form = forms.CheckForm()
    if form.validate_on_submit():
        try:
            promise_operations.check_promise(
                commitment, by=current_person(), verdict=form.verdict.data, note=form.note.data or ""
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            to = url_for(".show", key=key, commitment_id=commitment_id)
            return done("promises/show.html", "found", to=to, **_context(commitment))
    return render("promises/show.html", "found", status=422, **_context(commitment, form=form))


@bp.post(f"{PATH}/claim")
@action("commitment.add")
def claim(key: str, commitment_id: int) -> Response:
    """They say that it is done, since a day; left empty, they no longer say so."""
    _campaign, commitment = _find(key, commitment_id, "commitment.add")
    form = forms.ClaimForm()
    if form.validate_on_submit():
        try:
            promise_operations.note_claim(commitment, by=current_person(), claimed_done_on=form.claimed_done_on.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Noted. Whether it is done, the people who live there say"))
            return go(url_for(".show", key=key, commitment_id=commitment_id))
    return render("promises/show.html", status=422, **_context(commitment, claim=form), page_error=True)


@bp.route(f"{PATH}/cancellation", methods=["GET", "POST"])
@action("commitment.cancel")
def cancel(key: str, commitment_id: int) -> Response:
    """Call a promise off, after reading what that does."""
    campaign, commitment = _find(key, commitment_id, "commitment.cancel")
    form = forms.CancelForm()
    if form.validate_on_submit():
        try:
            promise_operations.cancel_promise(commitment, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The promise is called off. You can bring it back from its page"))
            return go(url_for(".show", key=key, commitment_id=commitment_id))
    status = 422 if form.errors else 200
    return render("promises/cancel.html", status=status, campaign=campaign, promise=commitment, form=form)


@bp.post(f"{PATH}/cancellation/removal")
@action("commitment.cancel")
def restore(key: str, commitment_id: int) -> Response:
    """Bring back a promise that was called off."""
    _campaign, commitment = _find(key, commitment_id, "commitment.cancel")
    try:
        promise_operations.restore_promise(commitment, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("The promise is back"))
    return go(url_for(".show", key=key, commitment_id=commitment_id))
