"""Suggestions: the list, one of them with what became of it, and deciding."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters.blocks import Words
from portal.letters.finding import find_letter
from portal.letters.history import compare
from portal.letters.models import Letter
from portal.letters.talk import forms, queries, suggestions
from portal.letters.talk.finding import find_suggestion
from portal.letters.talk.models import Suggestion
from portal.letters.views import tell
from portal.web import action, current_person, go, may, render, show_rule

bp = Blueprint("suggestions", __name__)

LETTER = "/campaigns/<key>/letters/<int:letter_id>"
ONE = LETTER + "/suggestions/<int:suggestion_id>"


@bp.get(LETTER + "/suggestions")
@action("letter.read")
def index(key: str, letter_id: int) -> Response:
    """Every suggestion, those that wait first. `?whose=mine` keeps one's own, with what became of them."""
    campaign, letter = _find(key, letter_id, "letter.read")
    mine = request.args.get("whose") == "mine"
    after = request.args.get("after", "")
    found, more = queries.suggestions_of(letter, after=after, by=current_person() if mine else None)
    return render(
        "suggestions/index.html", campaign=campaign, letter=letter, found=found, more=more, after=after, mine=mine
    )


@bp.get(ONE)
@action("letter.read")
def show(key: str, letter_id: int, suggestion_id: int) -> Response:
    """One suggestion: what it changes, why, and what became of it."""
    campaign, letter = _find(key, letter_id, "letter.read")
    return _page(campaign, letter, find_suggestion(letter, suggestion_id))


@bp.post(ONE + "/acceptance")
@action("letter.decide")
def accept(key: str, letter_id: int, suggestion_id: int) -> Response:
    """Take a suggestion as it is. 409 when somebody decided first, or the part says something else by now."""
    campaign, letter = _find(key, letter_id, "letter.decide")
    found = find_suggestion(letter, suggestion_id)
    try:
        change = suggestions.accept(found, by=current_person())
    except RuleBroken as broken:
        return _refused(campaign, letter, found, broken)
    tell(change)
    return _taken(campaign, letter, found, change)


@bp.route(ONE + "/merging", methods=["GET", "POST"])
@action("letter.decide")
def merge(key: str, letter_id: int, suggestion_id: int) -> Response:
    """Take a suggestion in other words: a form with the suggested ones, beside those that stand there."""
    campaign, letter = _find(key, letter_id, "letter.decide")
    found = find_suggestion(letter, suggestion_id)
    if found.kind == "remove":
        abort(404)
    if not found.is_open:
        return _ended(campaign, letter, found)
    form = _editing(forms.MergeForm, found)
    status = 200
    if form.validate_on_submit():
        try:
            change = suggestions.merge(
                found, form.words, seen=form.seen_version, answer=form.answer.data or "", by=current_person()
            )
        except suggestions.Stale as stale:
            status = _moved_on(form, found, stale)
        except suggestions.Decided as broken:
            return _refused(campaign, letter, found, broken)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            tell(change)
            return _taken(campaign, letter, found, change)
    return _beside("suggestions/merge.html", campaign, letter, found, form, status)


@bp.route(ONE + "/refusal", methods=["GET", "POST"])
@action("letter.decide")
def refuse(key: str, letter_id: int, suggestion_id: int) -> Response:
    """Say no, with a reason."""
    campaign, letter = _find(key, letter_id, "letter.decide")
    found = find_suggestion(letter, suggestion_id)
    form = forms.RefusalForm()
    if form.validate_on_submit():
        try:
            suggestions.refuse(found, form.answer.data, by=current_person())
        except suggestions.Decided as broken:
            return _refused(campaign, letter, found, broken)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Not taken. The author reads why"), "good")
            return go(_to(campaign, letter, found))
    elif not found.is_open:
        return _ended(campaign, letter, found)
    return _form("suggestions/refuse.html", campaign, letter, form, one=queries.shown(found))


@bp.post(ONE + "/withdrawal")
@action("letter.suggest")
def withdraw(key: str, letter_id: int, suggestion_id: int) -> Response:
    """Take one's own suggestion back."""
    campaign, letter = _find(key, letter_id, "letter.suggest")
    found = find_suggestion(letter, suggestion_id)
    if found.by_id != current_person().id:
        abort(403)
    try:
        suggestions.withdraw(found, by=current_person())
    except RuleBroken as broken:
        return _refused(campaign, letter, found, broken)
    flash(_("You took your suggestion back. It stays on the list, so that the talk about it makes sense"), "good")
    return go(_to(campaign, letter, found))


@bp.route(ONE + "/update", methods=["GET", "POST"])
@action("letter.suggest")
def rebase(key: str, letter_id: int, suggestion_id: int) -> Response:
    """Bring a suggestion up to date with the part as it is now: for its author and those who decide."""
    campaign, letter = _find(key, letter_id, "letter.suggest")
    found = find_suggestion(letter, suggestion_id)
    if found.by_id != current_person().id and not may("letter.decide", letter):
        abort(403)
    if not found.is_open or found.kind == "insert" or found.block is None:
        return _ended(campaign, letter, found)
    form = _editing(forms.BlockForm, found)
    if found.kind == "remove":
        form = forms.StillForm(data={"seen": found.block.version} if request.method == "GET" else {})
    status = 200
    if form.validate_on_submit():
        typed = Words("") if found.kind == "remove" else form.words
        try:
            suggestions.rebase(found, typed, seen=form.seen_version, by=current_person())
        except suggestions.Stale as stale:
            status = _moved_on(form, found, stale)
        except suggestions.Decided as broken:
            return _refused(campaign, letter, found, broken)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The suggestion is up to date. It waits for a decision"), "good")
            return go(_to(campaign, letter, found))
    return _beside("suggestions/rebase.html", campaign, letter, found, form, status)


def _find(key: str, letter_id: int, name: str) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, name)
    return campaign, find_letter(campaign, letter_id)


def _editing(kind: Any, found: Suggestion) -> Any:
    seen = found.block.version if found.block is not None else 0
    given = {**vars(Words.of(found)), "seen": seen} if request.method == "GET" else {}
    return kind(found.block_kind, data=given, place=f"suggestion_{found.id}")


def _moved_on(form: Any, found: Suggestion, stale: suggestions.Stale) -> int:
    """The part was saved in between: the form keeps what was typed and shows the part as it is now."""
    show_rule(form, stale)
    stale.block.number = found.block.number
    found.block = stale.block
    form.seen.moved_on_to(stale.block.version)
    return 409


def _form(template: str, campaign: Campaign, letter: Letter, form: Any, **given: Any) -> Response:
    return render(template, status=422 if form.errors else 200, campaign=campaign, letter=letter, form=form, **given)


def _beside(template: str, campaign: Campaign, letter: Letter, found: Suggestion, form: Any, status: int) -> Response:
    """A form beside three texts: what the part said then, what it says now, and what was suggested."""
    now = Words.of(found.block) if found.block is not None else Words("")
    old = queries.old_words(found)
    return render(
        template,
        status=422 if form.errors and status == 200 else status,
        campaign=campaign,
        letter=letter,
        form=form,
        one=queries.shown(found),
        since=compare(old, now) if found.kind != "insert" and now != old else None,
        against_now=compare(now, Words.of(found)),
    )


def _page(
    campaign: Campaign, letter: Letter, found: Suggestion, *, problem: str | None = None, status: int = 200
) -> Response:
    return render(
        "suggestions/show.html",
        status=status,
        campaign=campaign,
        letter=letter,
        one=queries.shown(found),
        problem=problem,
    )


def _refused(campaign: Campaign, letter: Letter, found: Suggestion, broken: RuleBroken) -> Response:
    """The suggestion as it is now, and why the press did nothing: 409 where somebody was first."""
    status = 409 if isinstance(broken, suggestions.Decided | suggestions.Stale) else 422
    now = find_suggestion(letter, found.id)
    return _page(campaign, letter, now, problem=broken.message, status=status)


def _ended(campaign: Campaign, letter: Letter, found: Suggestion) -> Response:
    """There is nothing to fill in any more: a page leads to how it ended, a press says so."""
    if request.method == "GET":
        return go(_to(campaign, letter, found))
    return _refused(campaign, letter, found, suggestions.Decided())


def _taken(campaign: Campaign, letter: Letter, found: Suggestion, change: Any) -> Response:
    flash(_("Taken. The author is told and named among those who wrote the letter"), "good")
    anchor = None if found.kind == "remove" or change.block is None else f"block_{change.block.id}"
    return go(url_for("letters.show", key=campaign.key, letter_id=letter.id, _anchor=anchor))


def _to(campaign: Campaign, letter: Letter, found: Suggestion) -> str:
    return url_for(".show", key=campaign.key, letter_id=letter.id, suggestion_id=found.id)
