"""Making a suggestion: other words for a part, a new part, or leaving one out."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters.blocks import Words
from portal.letters.finding import find_letter, standing_blocks
from portal.letters.models import BLOCK_KINDS, Letter
from portal.letters.talk import forms, queries, suggestions
from portal.letters.talk.finding import find_comment, find_part
from portal.letters.talk.models import Suggestion
from portal.letters.templates import order_of
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("suggesting", __name__)

LETTER = "/campaigns/<key>/letters/<int:letter_id>"


@bp.route(LETTER + "/suggestions/new", methods=["GET", "POST"])
@action("letter.suggest")
def part(key: str, letter_id: int) -> Response:
    """Suggest a new part of the kind that `?kind=` names. `?after=` chooses a place beforehand."""
    campaign, letter = _find(key, letter_id)
    if request.method == "GET" and not letter.is_open_for_drafting:
        return go(url_for("letters.show", key=key, letter_id=letter_id))
    kind = request.args.get("kind", "")
    if kind not in BLOCK_KINDS:
        abort(404)
    remark = _remark(letter)
    rows = standing_blocks(letter)
    wanted = request.args.get("after", 0, type=int)
    usual = [row for row in rows if order_of(row.kind) <= order_of(kind)]
    chosen = next((row for row in rows if row.id == wanted), usual[-1] if usual else None)
    given: dict[str, Any] = {"after": str(chosen.id) if chosen else "0"}
    if remark is not None:
        given["text"] = remark.text
    form = forms.PartForm(kind, data=given)
    form.offer([(row, queries.name_of(row)) for row in rows])
    if form.validate_on_submit():
        after = next((row for row in rows if str(row.id) == form.after.data), None)
        try:
            made = suggestions.suggest_part(
                letter, kind, form.words, after=after, why=form.why.data, by=current_person(), remark=remark
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _made(campaign, letter, made)
    return _form("suggestions/part.html", campaign, letter, form, kind=kind, remark=remark)


@bp.route(LETTER + "/blocks/<int:block_id>/suggestions/new", methods=["GET", "POST"])
@action("letter.suggest")
def words(key: str, letter_id: int, block_id: int) -> Response:
    """Suggest other words for a part, beginning from those that stand there. `?remark=` names what it grew out of."""
    campaign, letter = _find(key, letter_id)
    if request.method == "GET" and not letter.is_open_for_drafting:
        return go(url_for("letters.show", key=key, letter_id=letter_id))
    block, _found, _circle = find_part(letter, block_id)
    remark = _remark(letter)
    given = {**vars(Words.of(block)), "seen": block.version} if request.method == "GET" else {}
    form = forms.WordsForm(block.kind, data=given, place=block.id)
    if form.validate_on_submit():
        try:
            made = suggestions.suggest_words(
                block, form.words, seen=form.seen_version, why=form.why.data, by=current_person(), remark=remark
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _made(campaign, letter, made)
    return _form("suggestions/words.html", campaign, letter, form, block=block, remark=remark)


@bp.route(LETTER + "/blocks/<int:block_id>/suggestions/leave-out", methods=["GET", "POST"])
@action("letter.suggest")
def removal(key: str, letter_id: int, block_id: int) -> Response:
    """Suggest to leave a part out."""
    campaign, letter = _find(key, letter_id)
    if request.method == "GET" and not letter.is_open_for_drafting:
        return go(url_for("letters.show", key=key, letter_id=letter_id))
    block, _found, _circle = find_part(letter, block_id)
    remark = _remark(letter)
    form = forms.RemovalForm(data={"seen": block.version} if request.method == "GET" else {})
    if form.validate_on_submit():
        try:
            made = suggestions.suggest_removal(
                block, seen=form.seen_version, why=form.why.data, by=current_person(), remark=remark
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _made(campaign, letter, made)
    return _form("suggestions/removal.html", campaign, letter, form, block=block, remark=remark)


def _find(key: str, letter_id: int) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, "letter.suggest")
    return campaign, find_letter(campaign, letter_id)


def _remark(letter: Letter) -> Any:
    number = request.args.get("remark", 0, type=int)
    return find_comment(letter, number) if 0 < number < 2**31 else None


def _form(template: str, campaign: Campaign, letter: Letter, form: Any, **given: Any) -> Response:
    return render(template, status=422 if form.errors else 200, campaign=campaign, letter=letter, form=form, **given)


def _made(campaign: Campaign, letter: Letter, made: Suggestion) -> Response:
    flash(_("Your suggestion is there. Those who write the letter decide, and you are told"), "good")
    return go(url_for("suggestions.show", key=campaign.key, letter_id=letter.id, suggestion_id=made.id))
