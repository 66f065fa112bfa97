"""What we decide together: the questions for the members, asking one, voting, and how it ended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign
from portal.decisions import closing, forms, opening, room, subjects, telling, voting
from portal.decisions.finding import find_ballot
from portal.decisions.models import Ballot
from portal.decisions.opening import Subject
from portal.errors import RuleBroken
from portal.language import format_day
from portal.responses import models as responses
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("decisions", __name__)

INDEX = "/campaigns/<key>/decisions"
HERE = f"{INDEX}/<int:ballot_id>"


def usual_end() -> datetime:
    """When a vote usually closes, on the wall clock here, for a form."""
    return clock.to_local(clock.now() + timedelta(hours=opening.USUAL_HOURS)).replace(tzinfo=None)


@bp.get(INDEX)
@action("decision.read")
def index(key: str) -> Response:
    """Every question for the members, newest first."""
    campaign = find_campaign(key, "decision.read")
    before = request.args.get("before", type=int)
    found, older = room.ballots_of(campaign, current_person(), before=before)
    return render(
        "decisions/index.html",
        campaign=campaign,
        ballots=found,
        answers_of=forms.answers_of,
        older=url_for(".index", key=key, before=older) if older else None,
        newer=url_for(".index", key=key) if before else None,
    )


@bp.route(f"{INDEX}/new", methods=["GET", "POST"])
@action("decision.open")
def new(key: str) -> Response:
    """Ask the members something: freely, or whether an answer of theirs is good enough."""
    campaign = find_campaign(key, "decision.open")
    asked = request.args.get("response", type=int)
    about = _answer(campaign, asked) if asked else None
    usual = {"closes_at": usual_end(), "kind": "yes_no"} if about else {"closes_at": usual_end()}
    if about is not None:
        usual["question"] = _("Is their answer good enough for us?")
    form = forms.AskForm(data=usual)
    if form.validate_on_submit():
        try:
            ballot = opening.open_ballot(
                campaign,
                question=form.question.data or "",
                options=form.options,
                why=form.why.data or "",
                closes_at=form.closes_at.utc or clock.now(),
                by=current_person(),
                about=about,
                is_strategy=about is not None or not form.is_small.data,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The question is asked. Everybody in the circle gets a mail"), "good")
            return _back(key, ballot.id)
    return render(
        "decisions/new.html", status=422 if form.errors else 200, campaign=campaign, form=form, about=about, asked=asked
    )


def _answer(campaign: Campaign, response_id: int) -> Subject:
    response = find_in(campaign, responses.Response, response_id)
    return Subject("response", response.id, _("Their answer of %(day)s", day=format_day(response.received_on)))


@bp.get(HERE)
@action("decision.read")
def show(key: str, ballot_id: int) -> Response:
    """The question, what I say, and what the others said once I have."""
    campaign = find_campaign(key, "decision.read")
    return page(find_ballot(campaign, ballot_id))


@bp.post(f"{HERE}/votes")
@action("decision.vote")
def cast(key: str, ballot_id: int) -> Response:
    """Vote, or change my vote."""
    ballot = find_ballot(find_campaign(key, "decision.vote"), ballot_id)
    form = forms.CastForm(ballot=ballot)
    if form.validate_on_submit():
        try:
            voting.cast_vote(ballot, choice=form.place, worry=form.worry.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Your vote is counted"), "good")
            return _back(key, ballot_id)
    return page(find_ballot(ballot.campaign, ballot_id), 422, cast_form=form)


@bp.post(f"{HERE}/view")
@action("decision.vote")
def leave_view(key: str, ballot_id: int) -> Response:
    """Leave words beside a result that I wanted otherwise."""
    ballot = find_ballot(find_campaign(key, "decision.vote"), ballot_id)
    form = forms.ViewForm()
    if form.validate_on_submit():
        try:
            voting.leave_view(ballot, words=form.words.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(
                _("Your words stand beside the result") if form.words.data else _("Your words are taken away"), "good"
            )
            return _back(key, ballot_id)
    return page(find_ballot(ballot.campaign, ballot_id), 422, view_form=form)


@bp.post(f"{HERE}/nudges")
@action("decision.open")
def nudge(key: str, ballot_id: int) -> Response:
    """Remind those who have not voted."""

    def act(ballot: Ballot) -> None:
        if not ballot.is_open:
            raise RuleBroken(_("This vote is over. Look at the page again"))
        told = telling.nudge(ballot)
        if told:
            flash(ngettext("%(num)d person gets a reminder", "%(num)d people get a reminder", told), "good")
        else:
            flash(_("Everybody who has not voted had their one reminder. A knock on the door works better"))

    return _settle(key, ballot_id, act)


@bp.post(f"{HERE}/stop")
@action("decision.open")
def stop(key: str, ballot_id: int) -> Response:
    """Call the question off, with a reason."""
    ballot = find_ballot(find_campaign(key, "decision.open"), ballot_id)
    form = forms.StopForm()
    if form.validate_on_submit():
        try:
            closing.stop(ballot, why=form.why.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The vote is called off. Everybody who could vote gets a mail, and can read your reason"))
            return _back(key, ballot_id)
    return page(find_ballot(ballot.campaign, ballot_id), 422, stop_form=form)


def page(ballot: Ballot, status: int = 200, **given: Any) -> Response:
    """The page of a question, with what was typed and what was wrong with it."""
    seen = room.enter(ballot, current_person())
    mine = seen.mine
    said = {"choice": str(mine.choice), "worry": mine.worry} if mine is not None else {}
    context: dict[str, Any] = {
        "campaign": ballot.campaign,
        "ballot": ballot,
        "room": seen,
        "answers": forms.answers_of(ballot),
        "subject": subjects.page_of(ballot),
        "cast_form": forms.CastForm(formdata=None, data=said, ballot=ballot),
        "view_form": forms.ViewForm(formdata=None, data={"words": mine.other_view if mine is not None else ""}),
        "stop_form": forms.StopForm(formdata=None),
        "problem": None,
        **given,
    }
    return render("decisions/show.html", status=status, **context)


def _settle(key: str, ballot_id: int, act: Callable[[Ballot], None]) -> Response:
    ballot = find_ballot(find_campaign(key, "decision.open"), ballot_id)
    try:
        act(ballot)
    except RuleBroken as broken:
        return page(find_ballot(ballot.campaign, ballot_id), 422, problem=broken.message)
    return _back(key, ballot_id)


def _back(key: str, ballot_id: int) -> Response:
    return go(url_for("decisions.show", key=key, ballot_id=ballot_id))
