"""Two texts for one part: reading both, choosing or writing a third; and what was put together by itself."""

from typing import Any

from flask import Blueprint, Response, abort, request

from portal.campaigns.finding import find_campaign
from portal.errors import RuleBroken
from portal.letters import blocks, forms
from portal.letters.block_views import changed, find_for_writing
from portal.letters.desk.clash_page_views import show_clashes
from portal.letters.finding import find_block, find_letter
from portal.letters.history import compare
from portal.letters.models import Block, BlockRevision
from portal.letters.saving import settle_clash, words_at
from portal.people.models import Person
from portal.web import action, current_person, get_or_404, may, render

bp = Blueprint("clashes", __name__)

CHOICES = ("keep", "take", "third")


@bp.get("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/texts")
@action("letter.read")
def texts(key: str, letter_id: int, block_id: int) -> Response:
    """The text that stands, and each that waits beside it."""
    campaign = find_campaign(key, "letter.read")
    letter = find_letter(campaign, letter_id)
    return show_clashes(campaign, letter, find_block(letter, block_id))


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/texts/<int:revision_id>")
@action("letter.edit")
def settle(key: str, letter_id: int, block_id: int, revision_id: int) -> Response:
    """Keep what stands, take the text that waits, or write a third (the default)."""
    campaign, letter = find_for_writing(key, letter_id)
    block = find_block(letter, block_id)
    beside = get_or_404(
        BlockRevision.select(),
        BlockRevision.block == block.id,
        BlockRevision.id == revision_id,
        BlockRevision.is_beside,
    )
    choice = request.form.get("choice", "third")
    if choice not in CHOICES:
        abort(400)
    form = forms.BlockForm(block.kind, place=f"third_{revision_id}")
    if choice == "third" and not form.validate():
        return show_clashes(campaign, letter, block, third=(revision_id, form), status=422)
    try:
        change = settle_clash(
            block,
            beside,
            choice=choice,
            seen=request.form.get("seen", 0, type=int),
            by=current_person(),
            words=form.words if choice == "third" else None,
        )
    except blocks.Clash as clash:
        return show_clashes(campaign, letter, clash.block, status=409)
    except RuleBroken as broken:
        return show_clashes(campaign, letter, block, problem=broken.message, status=422)
    return changed(campaign, letter, change)


@bp.get("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/merges/<int:version>")
@action("letter.read")
def merged(key: str, letter_id: int, block_id: int, version: int) -> Response:
    """What was put together at this version of the part: what each of the two changed, and a way to undo it."""
    campaign = find_campaign(key, "letter.read")
    letter = find_letter(campaign, letter_id)
    block = find_block(letter, block_id)
    rows = _revisions(block, version)
    result = next((row for row in rows if row.version == version and not row.is_beside), None)
    theirs = next((row for row in rows if row.version == version - 1 and not row.is_beside), None)
    mine = next((row for row in rows if row.version == version - 1 and row.is_beside and row.settled_at), None)
    if result is None or theirs is None or mine is None or result.change != "merged":
        abort(404)
    base = words_at(block, mine.based_on or 0)
    before = base or blocks.Words.of(theirs)
    return render(
        "letters/desk/merged.html",
        campaign=campaign,
        letter=letter,
        block=block,
        who=_name(mine),
        other_who=_name(theirs),
        merged=compare(blocks.Words.of(theirs), blocks.Words.of(result)),
        theirs=compare(before, blocks.Words.of(theirs)),
        mine=compare(before, blocks.Words.of(mine)),
        their_revision=theirs,
        my_revision=mine,
        can_undo=may("letter.edit", letter)
        and letter.is_open_for_drafting
        and block.version == version
        and block.removed_at is None,
    )


def _revisions(block: Block, version: int) -> list[BlockRevision]:
    """The merged text and the two it came from. When somebody merged twice, the newest comes first."""
    query: Any = (
        BlockRevision.select(BlockRevision, Person)
        .left_outer_join(Person, on=(BlockRevision.saved_by == Person.id))
        .where(BlockRevision.block == block.id, BlockRevision.version.in_([version, version - 1]))
        .order_by(BlockRevision.id.desc())
    )
    return list(query)


def _name(row: BlockRevision) -> str:
    return row.saved_by.first_name if row.saved_by else "–"
