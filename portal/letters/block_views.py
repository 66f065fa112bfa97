"""Writing the parts of a letter: add, change, move, remove, put back, and what a part said before."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from portal import once
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters import blocks, forms, history
from portal.letters.desk.card_views import card, handed_out, reader_of
from portal.letters.desk.clash_page_views import for_script, in_place, show_clashes
from portal.letters.desk.looking import Glance, desk_after_save, desk_at
from portal.letters.finding import find_block, find_letter, find_part
from portal.letters.models import BLOCK_KINDS, BlockRevision, Letter
from portal.letters.operations import Change
from portal.letters.views import desk, stopped_words, tell
from portal.web import action, current_person, done, get_or_404, go, render, show_rule, wants_fragment

bp = Blueprint("blocks", __name__)

CHANGED = ("blocks", "standing", "checks")


@bp.route("/campaigns/<key>/letters/<int:letter_id>/blocks/new", methods=["GET", "POST"])
@action("letter.edit")
def new(key: str, letter_id: int) -> Response:
    """Add a part of the kind that `?kind=` names, below the part that `?after=` names. Without a kind: which one?"""
    campaign, letter = find_for_writing(key, letter_id)
    kind, after = request.args.get("kind", ""), request.args.get("after", type=int)
    if kind not in BLOCK_KINDS and (kind or request.method == "POST"):
        abort(404)
    form = forms.BlockForm(kind) if kind else None
    if form is not None and form.validate_on_submit():
        try:
            change = blocks.add_block(
                letter, kind, form.words, by=current_person(), after=after, why=form.why.data or ""
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return changed(campaign, letter, change)
    return render(
        "letters/new_block.html",
        "adding",
        status=422 if form is not None and form.errors else 200,
        campaign=campaign,
        letter=letter,
        kind=kind,
        after=after,
        form=form,
        **for_script(),
    )


@bp.route("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>", methods=["GET", "POST"])
@action("letter.edit")
def edit(key: str, letter_id: int, block_id: int) -> Response:
    """Change what a part says. Where somebody else saved first, both go together, or 409 shows both texts."""
    part = find_part(key, letter_id, block_id, "letter.edit")
    campaign, letter, block = part.campaign, part.letter, part.block
    if request.method == "GET" and not (letter.is_open_for_drafting and block.removed_at is None):
        return go(url_for("letters.show", key=key, letter_id=letter_id))
    # What a post leaves out is missing: filled in from here, it would pass for something that the person had seen.
    standing = {**vars(blocks.Words.of(block)), "seen": block.version} if request.method == "GET" else {}
    form = forms.BlockForm(block.kind, data=standing, place=block.id)
    if form.validate_on_submit():
        once.leads_to(_desk_at(campaign, letter, f"block_{block.id}"))
        before_it = letter.desk_version
        try:
            change = blocks.save_block(
                block, form.words, seen=form.seen_version, by=current_person(), why=form.why.data or ""
            )
        except blocks.Clash as clash:
            return show_clashes(campaign, letter, clash.block, just_now=True, status=409)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _saved(campaign, letter, change, before_it=before_it)
    return render(
        "letters/block.html",
        "editing",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        block=block,
        form=form,
        in_place=in_place(block),
        **for_script(),
    )


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/move")
@action("letter.edit")
def move(key: str, letter_id: int, block_id: int) -> Response:
    """Move a part up or down by one."""
    campaign, letter = find_for_writing(key, letter_id)
    block = find_block(letter, block_id)
    step = {"up": -1, "down": 1}.get(request.form.get("step", ""))
    if step is None:
        abort(400)
    try:
        change = blocks.move_block(block, step, by=current_person())
    except RuleBroken as broken:
        return refused(campaign, letter, broken)
    return changed(campaign, letter, change)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/removal")
@action("letter.edit")
def remove(key: str, letter_id: int, block_id: int) -> Response:
    """Take a part out of the letter. It can be put back."""
    campaign, letter = find_for_writing(key, letter_id)
    block = find_block(letter, block_id)
    try:
        change = blocks.remove_block(block, seen=request.form.get("seen", 0, type=int), by=current_person())
    except RuleBroken as broken:
        return refused(campaign, letter, broken)
    return changed(campaign, letter, change, just_removed=block.id)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/removal/undo")
@action("letter.edit")
def put_back(key: str, letter_id: int, block_id: int) -> Response:
    """Put a removed part back where it stood."""
    campaign, letter = find_for_writing(key, letter_id)
    block = find_block(letter, block_id)
    try:
        change = blocks.put_back_block(block, by=current_person())
    except RuleBroken as broken:
        return refused(campaign, letter, broken)
    return changed(campaign, letter, change)


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
    campaign, letter = find_for_writing(key, letter_id)
    block = find_block(letter, block_id)
    own: Any = BlockRevision.select().where(BlockRevision.block == block.id)
    revision = get_or_404(own, BlockRevision.id == request.form.get("revision", 0, type=int))
    try:
        change = blocks.save_block(
            block, blocks.Words.of(revision), seen=request.form.get("seen", 0, type=int), by=current_person()
        )
    except blocks.Clash as clash:
        return show_clashes(campaign, letter, clash.block, just_now=True, status=409)
    except RuleBroken as broken:
        return refused(campaign, letter, broken)
    return changed(campaign, letter, change)


def find_for_writing(key: str, letter_id: int) -> tuple[Campaign, Letter]:
    """The campaign and its letter, for somebody who may edit it: 404 and 403 otherwise."""
    campaign = find_campaign(key, "letter.edit")
    return campaign, find_letter(campaign, letter_id)


def _desk_at(campaign: Campaign, letter: Letter, place: str, **given: Any) -> str:
    return url_for("letters.show", key=campaign.key, letter_id=letter.id, _anchor=place, **given)


def _saved(campaign: Campaign, letter: Letter, change: Change, *, before_it: int) -> Response:
    """After the words of one part were saved: its card for the script, which asks for the rest itself."""
    block = change.block
    assert block is not None
    if not wants_fragment():
        if not change.merged:
            return changed(campaign, letter, change)
        tell(change)
        merge = {"block_id": block.id, "version": block.version}
        return go(url_for("clashes.merged", key=campaign.key, letter_id=letter.id, **merge))
    if change.stopped_vote:
        return changed(campaign, find_letter(campaign, letter.id), change)
    # The state that everybody else will ask for in a moment.
    seen = Glance(campaign, letter.id, letter.desk_version, 0)
    now = desk_after_save(letter, block, before_it=before_it) or desk_at(seen)
    at = next((at for at, row in enumerate(now.blocks) if row.id == block.id), None)
    if at is None:
        return go(_desk_at(campaign, letter, "removed"))
    drawn = card(
        now.blocks[at],
        now.marks[block.id],
        letter=letter,
        campaign=campaign,
        reader=reader_of(campaign),
        first=at == 0,
        last=at == len(now.blocks) - 1,
    )
    merged = {"campaign": campaign, "letter": letter, "block": block}
    notice = render_template("letters/desk/_merged.html", **merged) if change.merged else ""
    answer = make_response(handed_out(drawn, generate_csrf(), notice=notice))
    answer.headers["X-Once-Answer"] = _desk_at(campaign, letter, f"block_{block.id}")
    return answer


def changed(campaign: Campaign, letter: Letter, change: Change, **given: Any) -> Response:
    """Back to the desk, at the part that changed. The desk's own script asks for what is new by itself: 204."""
    removed = given.get("just_removed")
    place = "removed" if removed or change.block is None else f"block_{change.block.id}"
    to = _desk_at(campaign, letter, place, removed=removed)
    if request.headers.get("X-Desk"):
        answer = make_response("", 204)
        answer.headers["X-Once-Answer"] = to
        return answer
    if not wants_fragment():
        tell(change)
        return go(to)
    if change.stopped_vote:
        letter = find_letter(campaign, letter.id)
        given["said"] = stopped_words()
    return done("letters/show.html", CHANGED, to=to, **desk(campaign, letter, oob=True, **given))


def refused(campaign: Campaign, letter: Letter, broken: RuleBroken) -> Response:
    """The desk with the rule that said no."""
    now = find_letter(campaign, letter.id)
    return render("letters/show.html", "blocks", status=422, **desk(campaign, now, problem=broken.message))
