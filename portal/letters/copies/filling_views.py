"""Fill in what only you know: every open gap of a letter on one page."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.campaigns.finding import find_campaign
from portal.errors import RuleBroken
from portal.letters import counts, filling
from portal.letters.copies.filling_forms import fill_form
from portal.letters.copies.own_templates import find_own
from portal.letters.finding import find_letter, standing_blocks
from portal.letters.templates import find_template
from portal.letters.views import tell
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("filling", __name__)


@bp.route("/campaigns/<key>/letters/<int:letter_id>/gaps", methods=["GET", "POST"])
@action("letter.edit")
def edit(key: str, letter_id: int) -> Response:
    """Every gap once; what is typed goes wherever it stands."""
    campaign = find_campaign(key, "letter.edit")
    letter = find_letter(campaign, letter_id)
    back = url_for("letters.show", key=key, letter_id=letter_id)
    if request.method == "GET" and not letter.is_open_for_drafting:
        return go(back)
    template = find_template(letter.template_name) or find_own(campaign, letter.template_name)
    blocks = standing_blocks(letter)
    gaps = filling.open_gaps(letter, blocks, template)
    form = fill_form(gaps)
    if form.validate_on_submit():
        try:
            change = filling.fill_gaps(letter, form.values(letter.language), form.left_out(), by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            tell(change)
            _tell_what_was_late({gap.name for gap in gaps})
            return go(back)
    return render(
        "letters/filling.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        form=form,
        note=template.note if template is not None else "",
        back=back,
        uncounted=[block for block in blocks if counts.COUNT in block.text and not counts.counted(block.items or ())],
    )


def _tell_what_was_late(open_names: set[str]) -> None:
    """Say it when somebody else filled a gap first: then their words stand, and what was typed here is not used."""
    late = [
        name for name, typed in request.form.items() if name.startswith("gap_") and typed and name not in open_names
    ]
    if late:
        flash(
            ngettext(
                "Somebody else filled %(num)d gap before you. Their words stand; look at them",
                "Somebody else filled %(num)d gaps before you. Their words stand; look at them",
                len(late),
            ),
            "warn",
        )
    flash(_("Saved. What you left empty is still open"), "good")
