"""Writing the parts of a letter: add, change, move, remove, put back, and what a part said before."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters import blocks, forms, history
from portal.letters.finding import find_block, find_letter
from portal.letters.models import BLOCK_KINDS, Block, BlockRevision, Letter
from portal.letters.operations import Change
from portal.letters.views import desk, stopped_words, tell
from portal.web import action, current_person, done, get_or_404, go, render, show_rule, wants_fragment

bp = Blueprint("blocks", __name__)

CHANGED = ("blocks", "standing", "checks")


@bp.route("/campaigns/<key>/letters/<int:letter_id>/blocks/new", methods=["GET", "POST"])
@action("letter.edit")
def new(key: str, letter_id: int) -> Response:
    """Add a part of the kind that `?kind=` names."""
    campaign, letter = _find(key, letter_id)
    kind = request.args.get("kind", "")
    if kind not in BLOCK_KINDS:
        abort(404)
    form = forms.BlockForm(kind)
    if form.validate_on_submit():
        try:
            change = blocks.add_block(letter, kind, form.words, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _changed(campaign, letter, change)
    return render(
        "letters/new_block.html",
        "adding",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        kind=kind,
        form=form,
    )


@bp.route("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>", methods=["GET", "POST"])
@action("letter.edit")
def edit(key: str, letter_id: int, block_id: int) -> Response:
    """Change what a part says. Answers 409 with both texts when somebody else saved first."""
    campaign, letter = _find(key, letter_id)
    block = find_block(letter, block_id)
    if request.method == "GET" and not (letter.is_open_for_drafting and block.removed_at is None):
        return go(url_for("letters.show", key=key, letter_id=letter_id))
    # What a post leaves out is missing: filled in from here, it would pass for something that the person had seen.
    standing = {**vars(blocks.Words.of(block)), "seen": block.version} if request.method == "GET" else {}
    form = forms.BlockForm(block.kind, data=standing, place=block.id)
    if form.validate_on_submit():
        try:
            change = blocks.save_block(block, form.words, seen=form.seen_version, by=current_person())
        except blocks.Clash as clash:
            return _show_clash(campaign, letter, clash)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _changed(campaign, letter, change)
    return render(
        "letters/block.html",
        "editing",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        block=block,
        form=form,
        in_place=_in_place(block),
    )


def _show_clash(campaign: Campaign, letter: Letter, clash: blocks.Clash) -> Response:
    theirs, mine, base = blocks.Words.of(clash.block), clash.mine, clash.base
    third = forms.BlockForm(
        clash.block.kind, formdata=None, data={**vars(mine), "seen": clash.block.version}, place=clash.block.id
    )
    return render(
        "letters/clash.html",
        "clashing",
        status=409,
        campaign=campaign,
        letter=letter,
        block=clash.block,
        form=third,
        base=base,
        theirs=history.compare(base or mine, theirs),
        mine=history.compare(base or theirs, mine),
        mine_words=mine,
        in_place=_in_place(clash.block),
    )


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/move")
@action("letter.edit")
def move(key: str, letter_id: int, block_id: int) -> Response:
    """Move a part up or down by one."""
    campaign, letter = _find(key, letter_id)
    block = find_block(letter, block_id)
    step = {"up": -1, "down": 1}.get(request.form.get("step", ""))
    if step is None:
        abort(400)
    try:
        change = blocks.move_block(block, step, by=current_person())
    except RuleBroken as broken:
        return _refused(campaign, letter, broken)
    return _changed(campaign, letter, change)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/removal")
@action("letter.edit")
def remove(key: str, letter_id: int, block_id: int) -> Response:
    """Take a part out of the letter. It can be put back."""
    campaign, letter = _find(key, letter_id)
    block = find_block(letter, block_id)
    try:
        change = blocks.remove_block(block, seen=request.form.get("seen", 0, type=int), by=current_person())
    except RuleBroken as broken:
        return _refused(campaign, letter, broken)
    return _changed(campaign, letter, change, just_removed=block.id)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/removal/undo")
@action("letter.edit")
def put_back(key: str, letter_id: int, block_id: int) -> Response:
    """Put a removed part back where it stood."""
    campaign, letter = _find(key, letter_id)
    block = find_block(letter, block_id)
    try:
        change = blocks.put_back_block(block, by=current_person())
    except RuleBroken as broken:
        return _refused(campaign, letter, broken)
    return _changed(campaign, letter, change)


@bp.get("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/history")
@action("letter.read")
def revisions(key: str, letter_id: int, block_id: int) -> Response:
    """What a part said before, newest first, with what each save changed."""
    campaign = find_campaign(key, "letter.read")
    letter = find_letter(campaign, letter_id)
    block = find_block(letter, block_id)
    before = request.args.get("before", type=int)
    entries, older = history.pages(block, before=before)
    return render(
        "letters/history.html",
        campaign=campaign,
        letter=letter,
        block=block,
        entries=entries,
        older=older,
        before=before,
    )


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/restoring")
@action("letter.edit")
def restore(key: str, letter_id: int, block_id: int) -> Response:
    """Bring back what a part said in an earlier revision. A save like any other."""
    campaign, letter = _find(key, letter_id)
    block = find_block(letter, block_id)
    own: Any = BlockRevision.select().where(BlockRevision.block == block.id)
    revision = get_or_404(own, BlockRevision.id == request.form.get("revision", 0, type=int))
    try:
        change = blocks.save_block(
            block, blocks.Words.of(revision), seen=request.form.get("seen", 0, type=int), by=current_person()
        )
    except blocks.Clash as clash:
        return _show_clash(campaign, letter, clash)
    except RuleBroken as broken:
        return _refused(campaign, letter, broken)
    return _changed(campaign, letter, change)


def _in_place(block: Block) -> str | None:
    """The element that a form on the desk changes; on a page of its own it leads back to the desk instead."""
    return f"block_{block.id}" if wants_fragment() else None


def _find(key: str, letter_id: int) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, "letter.edit")
    return campaign, find_letter(campaign, letter_id)


def _changed(campaign: Campaign, letter: Letter, change: Change, **given: Any) -> Response:
    """Back to the desk, at the part that changed."""
    removed = given.get("just_removed")
    place = "removed" if removed or change.block is None else f"block_{change.block.id}"
    to = url_for("letters.show", key=campaign.key, letter_id=letter.id, removed=removed, _anchor=place)
    if not wants_fragment():
        tell(change)
        return go(to)
    if change.stopped_vote:
        letter.asking = None
        given["said"] = stopped_words()
    return done("letters/show.html", CHANGED, to=to, **desk(campaign, letter, oob=True, **given))


def _refused(campaign: Campaign, letter: Letter, broken: RuleBroken) -> Response:
    now = find_letter(campaign, letter.id)
    return render("letters/show.html", "blocks", status=422, **desk(campaign, now, problem=broken.message))
