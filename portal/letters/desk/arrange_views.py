"""Putting parts in another place, making two of one and one of two."""

from dataclasses import replace

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters import blocks
from portal.letters.block_views import changed, find_for_writing, refused
from portal.letters.desk.clash_page_views import for_script
from portal.letters.desk.forms import SplitForm
from portal.letters.editions import refusing
from portal.letters.finding import find_block, standing_blocks
from portal.letters.forms import BlockForm
from portal.letters.models import Block, Letter
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("arranging", __name__)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/place")
@action("letter.edit")
def place(key: str, letter_id: int, block_id: int) -> Response:
    """Put a part right below another (`after`), or first when that is empty."""
    campaign, letter = find_for_writing(key, letter_id)
    block = find_block(letter, block_id)
    after = request.form.get("after", "")
    if after and not (after.isascii() and after.isdigit()):
        abort(400)
    try:
        change = blocks.place_block(block, after=int(after) if after else None, by=current_person())
    except RuleBroken as broken:
        return refused(campaign, letter, broken)
    return changed(campaign, letter, change)


@bp.route("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/split", methods=["GET", "POST"])
@action("letter.edit")
def split(key: str, letter_id: int, block_id: int) -> Response:
    """Make two parts of one: at a sentence that was chosen, or where the cursor stood in the form (`rest`)."""
    campaign, letter = find_for_writing(key, letter_id)
    block = find_block(letter, block_id)
    if request.method == "GET" and not (letter.is_open_for_drafting and block.removed_at is None):
        return go(url_for("letters.show", key=key, letter_id=letter_id))
    if not letter.is_open_for_drafting:
        refusing.note(letter.id)
        return refused(
            campaign, letter, RuleBroken(_("The text of this letter is frozen. It can no longer be changed"))
        )
    if "rest" in request.form:
        return _split_at_cursor(campaign, letter, block)
    form = SplitForm(block.text, data={"seen": block.version} if request.method == "GET" else None)
    if form.validate_on_submit():
        first, rest = replace(blocks.Words.of(block), text=block.text[: form.place]), block.text[form.place :]
        try:
            change = blocks.split_block(block, first, rest, seen=form.seen.data or 0, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return changed(campaign, letter, change)
    return _page(campaign, letter, block, form)


def _split_at_cursor(campaign: Campaign, letter: Letter, block: Block) -> Response:
    """The form of the part was sent with the words before the cursor in `text` and those after it in `rest`."""
    form = BlockForm(block.kind)
    rest = form.text.filters[0](request.form["rest"]) if form.text.filters else request.form["rest"]
    if form.validate_on_submit():
        try:
            change = blocks.split_block(block, form.words, rest, seen=form.seen_version, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return changed(campaign, letter, change)
    # Back to the form with all the words in it.
    form.text.data = f"{form.text.data or ''}\n\n{rest}"
    return render(
        "letters/block.html",
        "editing",
        status=422,
        campaign=campaign,
        letter=letter,
        block=block,
        form=form,
        in_place=None,
        **for_script(),
    )


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/joining")
@action("letter.edit")
def join(key: str, letter_id: int, block_id: int) -> Response:
    """Make one part of this and the next (`other`)."""
    campaign, letter = find_for_writing(key, letter_id)
    block = find_block(letter, block_id)
    other = request.form.get("other", type=int)
    if other is None:
        abort(400)
    try:
        change = blocks.join_block(
            block,
            find_block(letter, other),
            seen=request.form.get("seen", 0, type=int),
            other_seen=request.form.get("other_seen", 0, type=int),
            by=current_person(),
        )
    except RuleBroken as broken:
        return refused(campaign, letter, broken)
    return changed(campaign, letter, change)


def _page(campaign: Campaign, letter: Letter, block: Block, form: SplitForm) -> Response:
    standing = standing_blocks(letter)
    at = next((at for at, row in enumerate(standing) if row.id == block.id), None)
    below = standing[at + 1] if at is not None and at + 1 < len(standing) else None
    return render(
        "letters/desk/split.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        block=standing[at] if at is not None else block,
        form=form,
        next=below if below is not None and below.kind == block.kind else None,
    )
