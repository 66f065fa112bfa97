"""What a fact in a letter rests on."""

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.errors import RuleBroken
from portal.letters import counts, resting
from portal.letters.copies.evidence_forms import RestsOnForm
from portal.letters.copies.words import item_in_words
from portal.letters.finding import find_block, find_letter
from portal.letters.views import tell
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("resting", __name__)


@bp.route("/campaigns/<key>/letters/<int:letter_id>/blocks/<int:block_id>/evidence", methods=["GET", "POST"])
@action("letter.edit")
def edit(key: str, letter_id: int, block_id: int) -> Response:
    """Tick what the fact rests on."""
    campaign = find_campaign(key, "letter.edit")
    letter = find_letter(campaign, letter_id)
    block = find_block(letter, block_id)
    if block.kind != "fact" or block.removed_at is not None:
        abort(404)
    back = url_for("letters.show", key=key, letter_id=letter_id, _anchor=f"block_{block.id}")
    items, linked = resting.items_to_choose(block)
    had = ",".join(str(row) for row in linked)
    form = RestsOnForm(data={"items": [str(row) for row in linked], "had": had, "seen": block.version})
    form.offer(items, {str(item.id): item_in_words(item, campaign.place.home_count) for item in items})
    if form.validate_on_submit():
        try:
            change = resting.rest_on(
                block,
                form.chosen,
                had=form.shown_ids,
                put_count=form.put_count.data,
                seen=form.seen.data or 0,
                by=current_person(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            tell(change)
            flash(_("Saved. The fact says what it rests on"), "good")
            return go(back)
    block.items = [item for item in items if item.id in linked and item.withdrawn_at is None]
    return render(
        "letters/resting.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        block=block,
        form=form,
        items=items,
        back=back,
        fills=counts.COUNT in block.text,
    )
