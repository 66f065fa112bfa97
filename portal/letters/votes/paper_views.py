"""Votes on paper: one types them in, another reads the paper again."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters.finding import find_letter
from portal.letters.models import Letter
from portal.letters.votes import forms, room, voting
from portal.letters.votes.views import find_vote
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("paper_votes", __name__)

HERE = "/campaigns/<key>/letters/<int:letter_id>/vote/paper"


@bp.get(HERE)
@action("letter.enter_votes")
def show(key: str, letter_id: int) -> Response:
    """Papers that wait for a second reader, and the form to type one in."""
    campaign = find_campaign(key, "letter.enter_votes")
    return _page(campaign, find_letter(campaign, letter_id))


@bp.post(HERE)
@action("letter.enter_votes")
def enter(key: str, letter_id: int) -> Response:
    """Type in what somebody ticked on paper."""
    campaign = find_campaign(key, "letter.enter_votes")
    letter = find_letter(campaign, letter_id)
    seen = room.enter(letter, current_person())
    form = _form(seen)
    if form.validate_on_submit():
        person = next(one for one in seen.free if str(one.id) == form.person.data) if seen is not None else None
        try:
            if person is None:
                raise RuleBroken(_("No vote is open. Look at the page again"))
            voting.enter_paper(
                letter.vote, person=person, choice=form.choice.data, reason=form.reason.data or "", by=current_person()
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Typed in. It counts when somebody else has read the paper, too"), "good")
            return go(url_for(".show", key=key, letter_id=letter_id))
    return _page(campaign, find_letter(campaign, letter_id), 422, form=form)


@bp.post(f"{HERE}/<int:vote_id>/check")
@action("letter.enter_votes")
def check(key: str, letter_id: int, vote_id: int) -> Response:
    """Read a paper that somebody else typed in."""
    campaign = find_campaign(key, "letter.enter_votes")
    letter = find_letter(campaign, letter_id)
    vote = find_vote(letter, vote_id)
    form = forms.CheckPaperForm(place=vote.id)
    if form.validate_on_submit():
        try:
            voting.check_paper(vote, choice=form.choice.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Two of you read it, and it is counted"), "good")
            return go(url_for(".show", key=key, letter_id=letter_id))
    return _page(campaign, find_letter(campaign, letter_id), 422, check_form=form, checking=vote.id)


@bp.post(f"{HERE}/<int:vote_id>/withdrawal")
@action("letter.enter_votes")
def take_back(key: str, letter_id: int, vote_id: int) -> Response:
    """Drop a paper that was typed in wrong."""
    campaign = find_campaign(key, "letter.enter_votes")
    letter = find_letter(campaign, letter_id)
    try:
        voting.take_back_paper(find_vote(letter, vote_id))
    except RuleBroken as broken:
        return _page(campaign, find_letter(campaign, letter_id), 422, problem=broken.message)
    flash(_("Dropped. You can type it in again"))
    return go(url_for(".show", key=key, letter_id=letter_id))


def _form(seen: room.Room | None, **given: Any) -> forms.PaperForm:
    form = forms.PaperForm(**given)
    me = current_person()
    people = [one for one in seen.free if one.id != me.id] if seen is not None else []
    form.person.choices = [("", _("Choose a name")), *((str(one.id), one.name) for one in people)]
    return form


def _page(campaign: Campaign, letter: Letter, status: int = 200, **given: Any) -> Response:
    seen = room.enter(letter, current_person())
    context: dict[str, Any] = {
        "campaign": campaign,
        "letter": letter,
        "room": seen,
        "form": _form(seen, formdata=None),
        "check_form": None,
        "checking": 0,
        "check_form_for": lambda vote: forms.CheckPaperForm(formdata=None, place=vote.id),
        "problem": None,
        **given,
    }
    return render("sign_off/paper.html", status=status, **context)
