"""One step of the plan: the vote on it, beginning it, what came of it, and the words for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign
from portal.decisions.opening import USUAL_HOURS
from portal.errors import RuleBroken
from portal.escalation import catalogue, climbing, forms, operations, queries, texts, words
from portal.escalation.models import Rung
from portal.escalation.operations import ChangedMeanwhile, fingerprint
from portal.escalation.views import PLAN, step_form
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("escalation_steps", __name__)

HERE = f"{PLAN}/steps/<int:rung_id>"


@bp.get(HERE)
@action("escalation.read")
def show(key: str, rung_id: int) -> Response:
    """The step, how it stands, and what can be done now."""
    return _page(find_campaign(key, "escalation.read"), rung_id)


@bp.get(f"{HERE}/paper")
@action("escalation.read")
def paper(key: str, rung_id: int) -> Response:
    """The words for a step, to print."""
    campaign = find_campaign(key, "escalation.read")
    ladder, rung = _find(campaign, rung_id)
    text = texts.text_for(rung, ladder)
    if text is None:
        abort(404)
    return render("escalation/paper.html", campaign=campaign, rung=rung, text=text)


@bp.route(f"{HERE}/edit", methods=["GET", "POST"])
@action("escalation.plan")
def edit(key: str, rung_id: int) -> Response:
    """Change what a step says."""
    campaign = find_campaign(key, "escalation.plan")
    rung = next((row for row in queries.rungs_of(campaign) if row.id == rung_id), None) or abort(404)
    form, status = step_form(campaign, data=forms.standing_data(rung)), 200
    if form.validate_on_submit():
        try:
            operations.change_step(rung, form.terms, seen=form.seen.data or "", by=current_person())
        except ChangedMeanwhile as changed:
            show_rule(form, changed)
            status, form.seen.data = 409, fingerprint(rung)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The step is saved"), "good")
            return _back(key, rung_id)
    if form.errors and status == 200:
        status = 422
    return render("escalation/form.html", status=status, campaign=campaign, form=form, rung=rung, words=words)


@bp.post(f"{HERE}/move")
@action("escalation.plan")
def move(key: str, rung_id: int) -> Response:
    """Up or down by one."""
    up = request.form.get("way") == "up"
    return _on_the_list(key, rung_id, lambda rung, me: operations.move_step(rung, up=up, by=me), "")


@bp.post(f"{HERE}/removal")
@action("escalation.plan")
def take_out(key: str, rung_id: int) -> Response:
    """Take a step out of the plan."""
    said = _("The step is taken out. You can put it back below")
    return _on_the_list(key, rung_id, lambda rung, me: operations.take_out(rung, by=me), said)


@bp.post(f"{HERE}/removal/undo")
@action("escalation.plan")
def put_back(key: str, rung_id: int) -> Response:
    """Put back a step that was taken out or skipped."""
    said = _("The step stands where it stood")
    return _on_the_list(key, rung_id, lambda rung, me: operations.put_back(rung, by=me), said)


@bp.post(f"{HERE}/vote")
@action("escalation.plan")
def ask(key: str, rung_id: int) -> Response:
    """Ask the members whether to take this step."""
    campaign = find_campaign(key, "escalation.plan")
    rung = find_in(campaign, Rung, rung_id)
    form = forms.AskForm()
    if form.validate_on_submit():
        try:
            ballot = climbing.ask_members(
                rung, closes_at=form.closes_at.utc or clock.now(), why=form.why.data or "", by=current_person()
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The question is asked. Everybody in the circle gets a mail"), "good")
            return go(url_for("decisions.show", key=key, ballot_id=ballot.id))
    return _page(campaign, rung_id, 422, ask_form=form)


@bp.post(f"{HERE}/start")
@action("escalation.plan")
def start(key: str, rung_id: int) -> Response:
    """Begin a step that the members agreed to."""
    campaign = find_campaign(key, "escalation.plan")
    rung = find_in(campaign, Rung, rung_id)
    try:
        climbing.start(rung, by=current_person())
    except RuleBroken as broken:
        return _page(campaign, rung_id, 422, problem=broken.message)
    flash(_("It is under way. Come back and say what came of it"), "good")
    return _back(key, rung_id)


@bp.post(f"{HERE}/outcome")
@action("escalation.plan")
def finish(key: str, rung_id: int) -> Response:
    """Say what came of a step."""
    campaign = find_campaign(key, "escalation.plan")
    rung = find_in(campaign, Rung, rung_id)
    form = forms.FinishForm()
    if form.validate_on_submit():
        try:
            climbing.finish(
                rung,
                came_of_it=form.came_of_it.data or "",
                has_helped=form.has_helped.data == "yes",
                by=current_person(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Written down"), "good")
            return _back(key, rung_id)
    return _page(campaign, rung_id, 422, finish_form=form)


@bp.post(f"{HERE}/skip")
@action("escalation.plan")
def skip(key: str, rung_id: int) -> Response:
    """Leave a step out, with a reason."""
    campaign = find_campaign(key, "escalation.plan")
    rung = find_in(campaign, Rung, rung_id)
    form = forms.SkipForm()
    if form.validate_on_submit():
        try:
            climbing.skip(rung, why=form.why.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The step is skipped. It stays in the plan, with your reason"))
            return _back(key, rung_id)
    return _page(campaign, rung_id, 422, skip_form=form)


@bp.post(f"{HERE}/letter")
@action("letter.start")
def letter(key: str, rung_id: int) -> Response:
    """Start a letter that goes with this step."""
    campaign = find_campaign(key, "letter.start")
    ladder, rung = _find(campaign, rung_id)
    try:
        started = texts.start_letter_for(rung, ladder, by=current_person())
    except RuleBroken as broken:
        return _page(campaign, rung_id, 422, problem=broken.message)
    return go(url_for("letters.show", key=key, letter_id=started.id))


def _find(campaign: Campaign, rung_id: int) -> tuple[queries.Ladder, Rung]:
    ladder = queries.find_ladder(campaign)
    return ladder, ladder.find(rung_id) or abort(404)


def _page(campaign: Campaign, rung_id: int, status: int = 200, **given: Any) -> Response:
    ladder, rung = _find(campaign, rung_id)
    ends_at = clock.to_local(clock.now() + timedelta(hours=USUAL_HOURS)).replace(tzinfo=None)
    context: dict[str, Any] = {
        "campaign": campaign,
        "rung": rung,
        "standing": ladder.standing(rung),
        "kind": catalogue.kinds().get(rung.kind),
        "text": texts.text_for(rung, ladder),
        "words": words,
        "ask_form": forms.AskForm(formdata=None, data={"closes_at": ends_at}),
        "finish_form": forms.FinishForm(formdata=None),
        "skip_form": forms.SkipForm(formdata=None),
        "problem": None,
        **given,
    }
    return render("escalation/step.html", status=status, **context)


def _on_the_list(key: str, rung_id: int, act: Callable[[Rung, Any], None], said: str) -> Response:
    """One press on the list: do it, say it, and back to where it stood."""
    rung = find_in(find_campaign(key, "escalation.plan"), Rung, rung_id)
    try:
        act(rung, current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        if said:
            flash(said, "good")
    return go(url_for("escalation.show", key=key, _anchor=f"step-{rung_id}"))


def _back(key: str, rung_id: int) -> Response:
    return go(url_for(".show", key=key, rung_id=rung_id))
