"""Votes on paper about a question: one types them in, another reads the paper again."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.decisions import forms, room, voting
from portal.decisions.finding import find_ballot, find_paper
from portal.decisions.models import Ballot
from portal.errors import RuleBroken
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("ballot_papers", __name__)

HERE = "/campaigns/<key>/decisions/<int:ballot_id>/paper"


@bp.get(HERE)
@action("decision.enter_votes")
def show(key: str, ballot_id: int) -> Response:
    """Papers that wait for a second reader, and the form to type one in."""
    return _page(find_ballot(find_campaign(key, "decision.enter_votes"), ballot_id))


@bp.post(HERE)
@action("decision.enter_votes")
def enter(key: str, ballot_id: int) -> Response:
    """Type in what somebody ticked on paper."""
    ballot = find_ballot(find_campaign(key, "decision.enter_votes"), ballot_id)
    seen = room.enter(ballot, current_person())
    form = _form(seen)
    if form.validate_on_submit():
        person = next(one for one in seen.free if str(one.id) == form.person.data)
        try:
            voting.enter_paper(
                ballot, person=person, choice=form.place, worry=form.worry.data or "", by=current_person()
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Typed in. It counts when somebody else has read the paper, too"), "good")
            return _back(key, ballot_id)
    return _page(ballot, 422, form=form)


@bp.post(f"{HERE}/<int:paper_id>/check")
@action("decision.enter_votes")
def check(key: str, ballot_id: int, paper_id: int) -> Response:
    """Read a paper that somebody else typed in."""
    ballot = find_ballot(find_campaign(key, "decision.enter_votes"), ballot_id)
    vote = find_paper(ballot, paper_id)
    form = forms.CheckPaperForm(ballot=ballot, place=vote.id)
    if form.validate_on_submit():
        try:
            voting.check_paper(vote, choice=form.place, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Two of you read it, and it is counted"), "good")
            return _back(key, ballot_id)
    return _page(ballot, 422, check_form=form, checking=vote.id)


@bp.post(f"{HERE}/<int:paper_id>/withdrawal")
@action("decision.enter_votes")
def take_back(key: str, ballot_id: int, paper_id: int) -> Response:
    """Drop a paper that was typed in wrong."""
    ballot = find_ballot(find_campaign(key, "decision.enter_votes"), ballot_id)
    try:
        voting.take_back_paper(find_paper(ballot, paper_id))
    except RuleBroken as broken:
        return _page(ballot, 422, problem=broken.message)
    flash(_("Dropped. You can type it in again"))
    return _back(key, ballot_id)


def _back(key: str, ballot_id: int) -> Response:
    return go(url_for("ballot_papers.show", key=key, ballot_id=ballot_id))


def _form(seen: room.Room, **given: Any) -> forms.PaperForm:
    form = forms.PaperForm(ballot=seen.ballot, **given)
    me = current_person()
    people = [one for one in seen.free if one.id != me.id]
    form.person.choices = [("", _("Choose a name")), *((str(one.id), one.name) for one in people)]
    return form


def _page(ballot: Ballot, status: int = 200, **given: Any) -> Response:
    seen = room.enter(ballot, current_person())
    context: dict[str, Any] = {
        "campaign": ballot.campaign,
        "ballot": ballot,
        "room": seen,
        "form": _form(seen, formdata=None),
        "check_form": None,
        "checking": 0,
        "check_form_for": lambda vote: forms.CheckPaperForm(formdata=None, ballot=ballot, place=vote.id),
        "problem": None,
        **given,
    }
    return render("decisions/paper.html", status=status, **context)
