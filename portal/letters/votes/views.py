"""Are we agreed? The vote on the words of a letter, and the press that freezes them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters import freezing, sheet
from portal.letters.canonical import canonical_text, fingerprint_of
from portal.letters.checks import look_over, stops
from portal.letters.finding import blocks_of, find_letter
from portal.letters.models import Letter
from portal.letters.votes import closing, forms, opening, room, telling, voting
from portal.letters.votes.models import SignOff, Vote
from portal.letters.votes.rule import least_for
from portal.web import action, current_person, get_or_404, go, render, show_rule

bp = Blueprint("sign_off", __name__)

HERE = "/campaigns/<key>/letters/<int:letter_id>/vote"


@bp.get(HERE)
@action("letter.read")
def show(key: str, letter_id: int) -> Response:
    """The vote: what it is about, the words, what I say, and what the others said once I have."""
    campaign = find_campaign(key, "letter.read")
    return page(campaign, find_letter(campaign, letter_id))


@bp.get("/campaigns/<key>/letters/<int:letter_id>/freeze")
@action("letter.read")
def old_address(key: str, letter_id: int) -> Response:
    """Freezing had a page of its own once."""
    find_letter(find_campaign(key, "letter.read"), letter_id)
    return go(url_for(".show", key=key, letter_id=letter_id))


@bp.post(HERE)
@action("letter.open_vote")
def begin(key: str, letter_id: int) -> Response:
    """Open a vote on the text as it stands."""
    campaign, letter = _find(key, letter_id, "letter.open_vote")
    form = forms.OpenVoteForm()
    if form.validate_on_submit():
        try:
            opening.open_vote(
                letter,
                seen=form.seen.data or 0,
                closes_at=form.closes_at.utc or clock.now(),
                by=current_person(),
                pass_percent=form.pass_percent.data,
                core_percent=form.core_percent.data,
                least_voters=form.least_voters.data,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The vote is open. Everybody in the circle gets a mail"), "good")
            return _back(key, letter_id)
    # The next press is made knowing the text that stands there now.
    form.seen.data = letter.version
    return page(campaign, letter, 422, begin_form=form)


@bp.post(f"{HERE}/votes")
@action("letter.vote")
def cast(key: str, letter_id: int) -> Response:
    """Vote, or change my vote."""
    campaign, letter = _find(key, letter_id, "letter.vote")
    form = forms.CastForm()
    if form.validate_on_submit():
        try:
            voting.cast_vote(_open(letter), choice=form.choice.data, reason=form.reason.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Your vote is counted. You can change it until the vote closes"), "good")
            return _back(key, letter_id)
    return page(campaign, find_letter(campaign, letter_id), 422, cast_form=form)


@bp.post(f"{HERE}/votes/<int:vote_id>/answer")
@action("letter.answer_vote")
def answer(key: str, letter_id: int, vote_id: int) -> Response:
    """Answer a worry, or a "not yet"."""
    campaign, letter = _find(key, letter_id, "letter.answer_vote")
    vote = find_vote(letter, vote_id)
    form = forms.AnswerForm(place=vote.id)
    if form.validate_on_submit():
        try:
            voting.answer_vote(vote, answer=form.answer.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Your answer stands on this page, and %(name)s gets a mail", name=vote.person.first_name), "good")
            return _back(key, letter_id)
    return page(campaign, find_letter(campaign, letter_id), 422, answer_form=form, answering=vote.id)


@bp.post(f"{HERE}/nudges")
@action("letter.open_vote")
def nudge(key: str, letter_id: int) -> Response:
    """Remind those who have not voted."""

    def act(letter: Letter) -> None:
        told = telling.nudge(_open(letter))
        if told:
            flash(ngettext("%(num)d person gets a reminder", "%(num)d people get a reminder", told), "good")
        else:
            flash(_("Everybody who has not voted had a reminder today. Tomorrow you can send another"))

    return _settle(key, letter_id, "letter.open_vote", act)


@bp.post(f"{HERE}/closing")
@action("letter.open_vote")
def close(key: str, letter_id: int) -> Response:
    """Count now, because everybody has voted."""

    def act(letter: Letter) -> None:
        closing.close_early(_open(letter), by=current_person())

    return _settle(key, letter_id, "letter.open_vote", act)


@bp.post(f"{HERE}/stop")
@action("letter.open_vote")
def stop(key: str, letter_id: int) -> Response:
    """End the vote before its hour, with a reason."""
    campaign, letter = _find(key, letter_id, "letter.open_vote")
    form = forms.StopForm()
    if form.validate_on_submit():
        try:
            closing.stop(_open(letter), why=form.why.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The vote is stopped. Everybody who could vote gets a mail with your reason"))
            return _back(key, letter_id)
    return page(campaign, find_letter(campaign, letter_id), 422, stop_form=form)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/freeze")
@action("letter.freeze")
def freeze(key: str, letter_id: int) -> Response:
    """Freeze the words that the vote agreed to."""
    campaign, letter = _find(key, letter_id, "letter.freeze")
    try:
        version = freezing.freeze(letter, by=current_person())
    except RuleBroken as broken:
        return page(campaign, find_letter(campaign, letter_id), 422, problem=broken.message)
    flash(_("The text is frozen. Its fingerprint is %(code)s", code=version.fingerprint), "good")
    return go(url_for("letters.show", key=key, letter_id=letter_id))


def find_vote(letter: Letter, vote_id: int) -> Vote:
    """The vote with this id in the letter's last sign-off, or 404. One statement."""
    last = letter.vote.id if letter.vote is not None else 0
    vote = get_or_404(Vote.select().where(Vote.sign_off == last), Vote.id == vote_id)
    vote.sign_off = letter.vote
    return vote


def page(campaign: Campaign, letter: Letter, status: int = 200, **given: Any) -> Response:
    """The page of the vote, with what was typed and what was wrong with it."""
    me = current_person()
    blocks = [] if letter.is_fixed else [block for block in blocks_of(letter) if block.removed_at is None]
    sha256 = None if letter.is_fixed else fingerprint_of(canonical_text(sheet.content_of(letter, blocks)))
    seen = room.enter(letter, me, sha256=sha256)
    mine = seen.mine if seen is not None else None
    said = {"choice": mine.choice, "reason": mine.reason} if mine is not None else {}
    context: dict[str, Any] = {
        "campaign": campaign,
        "letter": letter,
        "room": seen,
        "stopping": stops(look_over(letter, blocks)),
        "sheet": None if letter.is_fixed else sheet.screen_sheet(letter, None, blocks),
        "changed": next((block for block in blocks if seen and block.id == seen.sign_off.changed_block_id), None),
        "is_same": seen is not None and (seen.sign_off.number, seen.sign_off.sha256) == (letter.version, sha256),
        "begin_form": None,
        "cast_form": forms.CastForm(formdata=None, data=said),
        "stop_form": forms.StopForm(formdata=None),
        "answer_form": None,
        "answering": 0,
        "answer_form_for": lambda vote: forms.AnswerForm(formdata=None, place=vote.id),
        "problem": None,
        **given,
    }
    if context["begin_form"] is None:
        context["begin_form"] = _begin_form(campaign, letter)
    return render("sign_off/show.html", status=status, **context)


def _begin_form(campaign: Campaign, letter: Letter) -> forms.OpenVoteForm:
    usual = {
        "closes_at": clock.to_local(clock.now() + timedelta(hours=opening.USUAL_HOURS)).replace(tzinfo=None),
        "pass_percent": 50,
        "core_percent": 50,
        "least_voters": least_for(campaign.member_count),
        "seen": letter.version,
    }
    return forms.OpenVoteForm(formdata=None, data=usual)


def _find(key: str, letter_id: int, name: str) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, name)
    return campaign, find_letter(campaign, letter_id)


def _open(letter: Letter) -> SignOff:
    if letter.vote is None or letter.vote.outcome is not None:
        raise RuleBroken(_("No vote is open. Look at the page again"))
    return letter.vote


def _settle(key: str, letter_id: int, name: str, act: Callable[[Letter], None]) -> Response:
    campaign, letter = _find(key, letter_id, name)
    try:
        act(letter)
    except RuleBroken as broken:
        return page(campaign, find_letter(campaign, letter_id), 422, problem=broken.message)
    return _back(key, letter_id)


def _back(key: str, letter_id: int) -> Response:
    return go(url_for("sign_off.show", key=key, letter_id=letter_id))
