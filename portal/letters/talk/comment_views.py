"""Remarks: all about one part, all about the letter, saying, answering, settling."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters.finding import find_block, find_letter
from portal.letters.models import Block, Letter
from portal.letters.talk import comments, forms, queries
from portal.letters.talk.finding import find_comment, find_part
from portal.letters.talk.models import Comment
from portal.letters.talk.people import circle_of
from portal.web import action, current_person, done, go, render, show_rule, wants_fragment

bp = Blueprint("comments", __name__)

LETTER = "/campaigns/<key>/letters/<int:letter_id>"
PART = LETTER + "/blocks/<int:block_id>"
ONE = LETTER + "/comments/<int:comment_id>"


@bp.get(PART + "/talk")
@action("letter.read")
def part(key: str, letter_id: int, block_id: int) -> Response:
    """All that is said about one part: suggestions and remarks. A page, or in place under the part."""
    campaign, letter = _find(key, letter_id, "letter.read")
    return _part_page(campaign, letter, block_id)


@bp.get(LETTER + "/comments")
@action("letter.read")
def index(key: str, letter_id: int) -> Response:
    """Every remark, on the whole letter and on its parts, newest thread first."""
    campaign, letter = _find(key, letter_id, "letter.read")
    return _letter_page(campaign, letter)


@bp.post(PART + "/comments")
@action("letter.talk")
def say_on_part(key: str, letter_id: int, block_id: int) -> Response:
    """Begin a thread on a part."""
    campaign, letter = _find(key, letter_id, "letter.talk")
    return _say(campaign, letter, find_block(letter, block_id))


@bp.post(LETTER + "/comments")
@action("letter.talk")
def say(key: str, letter_id: int) -> Response:
    """Begin a thread on the whole letter."""
    campaign, letter = _find(key, letter_id, "letter.talk")
    return _say(campaign, letter, None)


@bp.post(ONE + "/answers")
@action("letter.talk")
def answer(key: str, letter_id: int, comment_id: int) -> Response:
    """Answer under the first remark of a thread."""
    campaign, letter = _find(key, letter_id, "letter.talk")
    first = find_comment(letter, comment_id)
    if first.thread_id is not None:
        abort(404)
    form = _form(circle_of(campaign), place=first.id)
    if form.validate_on_submit():
        try:
            comments.answer(first, form.text.data, by=current_person(), tell=form.told)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _back(campaign, letter, first)
    return _again(campaign, letter, first.block_id, answering=first.id, answer_form=form)


@bp.post(ONE + "/settling")
@action("letter.talk")
def settle(key: str, letter_id: int, comment_id: int) -> Response:
    """Say that a thread is done with."""
    campaign, letter = _find(key, letter_id, "letter.talk")
    first = _first(letter, comment_id)
    comments.settle(first, by=current_person())
    return _back(campaign, letter, first)


@bp.post(ONE + "/reopening")
@action("letter.talk")
def reopen(key: str, letter_id: int, comment_id: int) -> Response:
    """Open a settled thread again."""
    campaign, letter = _find(key, letter_id, "letter.talk")
    first = _first(letter, comment_id)
    try:
        comments.reopen(first, by=current_person())
    except RuleBroken as broken:
        return _again(campaign, letter, first.block_id, problem=broken.message)
    return _back(campaign, letter, first)


@bp.post(ONE + "/taking-back")
@action("letter.talk")
def take_back(key: str, letter_id: int, comment_id: int) -> Response:
    """Take one's own words back."""
    campaign, letter = _find(key, letter_id, "letter.talk")
    comment = find_comment(letter, comment_id)
    if comment.by_id != current_person().id:
        abort(403)
    comments.take_back(comment, by=current_person())
    return _back(campaign, letter, comment)


def _find(key: str, letter_id: int, name: str) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, name)
    return campaign, find_letter(campaign, letter_id)


def _first(letter: Letter, comment_id: int) -> Comment:
    first = find_comment(letter, comment_id)
    if first.thread_id is not None:
        abort(404)
    return first


def _form(circle: Any, *, place: object = "new", empty: bool = False) -> forms.RemarkForm:
    given: dict[str, Any] = {"formdata": None} if empty else {}
    return forms.RemarkForm(circle, own_id=current_person().id, place=place, **given)


def _say(campaign: Campaign, letter: Letter, block: Block | None) -> Response:
    form = _form(circle_of(campaign))
    if form.validate_on_submit():
        try:
            made = comments.say(letter, block, form.text.data, by=current_person(), tell=form.told)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _back(campaign, letter, made)
    return _again(campaign, letter, block.id if block is not None else None, form=form)


def _back(campaign: Campaign, letter: Letter, comment: Comment) -> Response:
    """To the thread; for htmx the talk as it is now, in place."""
    anchor = f"remark_{comment.thread_id or comment.id}"
    here: dict[str, Any] = {"key": campaign.key, "letter_id": letter.id, "_anchor": anchor}
    if comment.block_id is None:
        return go(url_for(".index", **here))
    to = url_for(".part", block_id=comment.block_id, **here)
    if wants_fragment():
        return done("talk/part.html", "talk", to=to, **_about_part(campaign, letter, comment.block_id))
    return go(to)


def _again(campaign: Campaign, letter: Letter, block_id: int | None, **given: Any) -> Response:
    if block_id is None:
        return _letter_page(campaign, letter, status=422, **given)
    return _part_page(campaign, letter, block_id, status=422, **given)


def _about_part(campaign: Campaign, letter: Letter, block_id: int, **given: Any) -> dict[str, Any]:
    """Everything the talk about a part shows. Two statements."""
    block, found, circle = find_part(letter, block_id)
    before = request.args.get("before", type=int)
    threads, older = queries.threads_of(letter, block=block, before=before)
    context = _with_forms(circle, given)
    return {
        "campaign": campaign,
        "letter": letter,
        "block": block,
        "found": found,
        "threads": threads,
        "older": older,
        "before": before,
        "in_place": wants_fragment(),
        **context,
    }


def _with_forms(circle: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The form for a new remark, and the one under the thread that `?answer=` names."""
    context = {"form": None, "answer_form": None, "problem": None, **given}
    context.setdefault("answering", request.args.get("answer", type=int) if request.method == "GET" else None)
    context["form"] = context["form"] or _form(circle, empty=True)
    context["answer_form"] = context["answer_form"] or _form(circle, place="answer", empty=True)
    return context


def _part_page(campaign: Campaign, letter: Letter, block_id: int, *, status: int = 200, **given: Any) -> Response:
    return render("talk/part.html", "talk", status=status, **_about_part(campaign, letter, block_id, **given))


def _letter_page(campaign: Campaign, letter: Letter, *, status: int = 200, **given: Any) -> Response:
    before = request.args.get("before", type=int)
    threads, older = queries.threads_of(letter, before=before)
    context = _with_forms(circle_of(campaign), given)
    return render(
        "comments/index.html",
        status=status,
        campaign=campaign,
        letter=letter,
        threads=threads,
        older=older,
        before=before,
        in_place=False,
        **context,
    )
