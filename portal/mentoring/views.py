"""Mentor pairs: only the two see them. For everybody else they are not there."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.mentoring import (
    forms,
    operations,
    reminding,  # noqa: F401 - says which steps are due
)
from portal.mentoring.models import MentorPair, PlanStep
from portal.people.models import Person
from portal.web import action, current_person, get_or_404, go, render, require, show_rule

bp = Blueprint("mentoring", __name__)


def _find(pair_id: int, name: str) -> MentorPair:
    """The pair with its two people and campaign, if the person of this request is one of them; one statement."""
    person = current_person()
    mentor, mentee = Person.alias("mentor"), Person.alias("mentee")
    pair = get_or_404(
        MentorPair.select(MentorPair, mentor, mentee, Campaign)
        .join_from(MentorPair, mentor, on=(MentorPair.mentor == mentor.id), attr="mentor")
        .join_from(MentorPair, mentee, on=(MentorPair.mentee == mentee.id), attr="mentee")
        .join_from(MentorPair, Campaign),
        MentorPair.id == pair_id,
        (MentorPair.mentor == person.id) | (MentorPair.mentee == person.id),
    )
    require(name, pair)
    return pair


def _page(pair: MentorPair, status: int = 200, **given: Any) -> Response:
    first_form = forms.FirstForm(formdata=None, prefix="first-")
    chat_form = forms.OneToOneForm(formdata=None, prefix="chat-")
    first_form.on.data = chat_form.held_on.data = clock.today()
    context = {
        "pair": pair,
        "other": pair.other(current_person()),
        "book": operations.book_of(pair),
        "person": current_person(),
        "step_form": forms.StepForm(formdata=None, prefix="step-"),
        "first_form": first_form,
        "chat_form": chat_form,
        **given,
    }
    return render("mentoring/show.html", status=status, **context)


@bp.get("/mentoring")
@action("mentoring.read_own")
def index() -> Response:
    """My pairs, and how one begins."""
    require("mentoring.read_own")
    person = current_person()
    return render("mentoring/index.html", pairs=operations.pairs_of(person), person=person)


@bp.route("/campaigns/<key>/mentoring/new", methods=["GET", "POST"])
@action("mentoring.propose")
def propose(key: str) -> Response:
    """Propose a pair."""
    campaign = find_campaign(key, "mentoring.propose")
    people = operations.candidates(campaign)
    form = forms.ProposePairForm()
    choices = [("", _("Choose a person"))] + [(str(person.id), person.display_name) for person in people]
    form.mentor.choices = form.mentee.choices = choices
    if form.validate_on_submit():
        by_id = {str(person.id): person for person in people}
        try:
            operations.propose_pair(
                campaign,
                mentor=by_id[form.mentor.data],
                mentee=by_id[form.mentee.data],
                purpose=form.purpose.data,
                rhythm=form.rhythm.data or "",
                by=current_person(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Asked. The pair begins when both have said yes"), "good")
            return go(url_for("circle.index", key=key))
    return render(
        "mentoring/propose.html", status=422 if form.errors else 200, campaign=campaign, form=form, people=people
    )


@bp.get("/mentoring/<int:pair_id>")
@action("pair.read")
def show(pair_id: int) -> Response:
    """The plan that both read."""
    return _page(_find(pair_id, "pair.read"))


@bp.post("/mentoring/<int:pair_id>/acceptance")
@action("pair.answer")
def accept(pair_id: int) -> Response:
    """Say yes."""
    pair = _find(pair_id, "pair.answer")
    return _answered(pair, lambda: operations.accept_pair(pair, by=current_person()))


@bp.post("/mentoring/<int:pair_id>/refusal")
@action("pair.answer")
def decline(pair_id: int) -> Response:
    """Say no; no reason is asked for."""
    pair = _find(pair_id, "pair.answer")
    return _answered(pair, lambda: operations.decline_pair(pair, by=current_person()))


@bp.post("/mentoring/<int:pair_id>/end")
@action("pair.end")
def end(pair_id: int) -> Response:
    """End it, in one press."""
    pair = _find(pair_id, "pair.end")
    operations.end_pair(pair, by=current_person())
    return go(url_for(".show", pair_id=pair_id))


def _answered(pair: MentorPair, do: Any) -> Response:
    try:
        do()
    except RuleBroken as broken:
        flash(broken.message, "warn")
        return _page(pair, 422)
    return go(url_for(".show", pair_id=pair.id))


def _saved(pair: MentorPair, name: str, form: Any, do: Any, said: str) -> Response:
    """The one shape of adding something to the book: check, do, back to the page."""
    if form.validate_on_submit():
        try:
            do()
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(said, "good")
            return go(url_for(".show", pair_id=pair.id))
    return _page(pair, 422, **{name: form})


@bp.post("/mentoring/<int:pair_id>/steps")
@action("pair.plan")
def add_step(pair_id: int) -> Response:
    """Add a next step."""
    pair = _find(pair_id, "pair.plan")
    form = forms.StepForm(prefix="step-")
    return _saved(
        pair,
        "step_form",
        form,
        lambda: operations.add_step(pair, text=form.text.data, by_on=form.by_on.data, by=current_person()),
        _("The step is in the plan"),
    )


@bp.post("/mentoring/<int:pair_id>/steps/<int:step_id>/<any(done, again):which>")
@action("pair.plan")
def finish_step(pair_id: int, step_id: int, which: str) -> Response:
    """Tick a step, or take the tick back."""
    pair = _find(pair_id, "pair.plan")
    step = get_or_404(PlanStep.select(), PlanStep.id == step_id, PlanStep.pair == pair.id)
    step.pair = pair
    return _answered(pair, lambda: operations.finish_step(step, by=current_person(), done=which == "done"))


@bp.post("/mentoring/<int:pair_id>/firsts")
@action("pair.plan")
def add_first(pair_id: int) -> Response:
    """Note something done for the first time."""
    pair = _find(pair_id, "pair.plan")
    form = forms.FirstForm(prefix="first-")
    return _saved(
        pair,
        "first_form",
        form,
        lambda: operations.add_first(pair, what=form.what.data, on=form.on.data, by=current_person()),
        _("Noted. That was a first"),
    )


@bp.post("/mentoring/<int:pair_id>/one-to-ones")
@action("pair.log")
def log_one_to_one(pair_id: int) -> Response:
    """Log a proper chat."""
    pair = _find(pair_id, "pair.log")
    form = forms.OneToOneForm(prefix="chat-")
    return _saved(
        pair,
        "chat_form",
        form,
        lambda: operations.log_one_to_one(
            pair,
            held_on=form.held_on.data,
            where=form.where.data or "",
            cares_about=form.cares_about.data,
            next_step=form.next_step.data,
            next_on=form.next_on.data,
            by=current_person(),
        ),
        _("The chat is noted, and its next step is in the plan"),
    )
