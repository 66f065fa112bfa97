"""A campaign's own letters to begin from: keep one, see them, remove one."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign, find_in
from portal.errors import RuleBroken
from portal.letters.copies import own_templates
from portal.letters.copies.models import OwnTemplate
from portal.letters.copies.template_forms import keep_form
from portal.letters.finding import find_letter, standing_blocks
from portal.letters.forms import QUESTIONS
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("own_templates", __name__)


@bp.get("/campaigns/<key>/letter-templates")
@action("letter.read")
def index(key: str) -> Response:
    """What the campaign keeps to begin from."""
    campaign = find_campaign(key, "letter.read")
    rows = own_templates.own_templates(campaign)
    return render("letters/own_templates.html", campaign=campaign, templates=rows)


@bp.route("/campaigns/<key>/letters/<int:letter_id>/template", methods=["GET", "POST"])
@action("letter.keep_template")
def keep(key: str, letter_id: int) -> Response:
    """Keep this letter to begin from again, with gaps where names and days stood; every word is checked first."""
    campaign = find_campaign(key, "letter.keep_template")
    letter = find_letter(campaign, letter_id)
    blocks = standing_blocks(letter)
    data: dict[str, str] = {}
    if request.method == "GET":
        data = {"name": letter.title[:80], "headline": own_templates.with_gaps(letter.title, campaign)}
    for number, block in enumerate(blocks if request.method == "GET" else ()):
        data[f"text_{number}"] = own_templates.with_gaps(block.text, campaign)
        data[f"test_{number}"] = own_templates.with_gaps(block.test, campaign)
    form = keep_form([block.kind for block in blocks], [QUESTIONS[block.kind][0] for block in blocks], data)
    if form.validate_on_submit():
        try:
            own_templates.keep_template(
                campaign,
                letter,
                name=form.name.data or "",
                about=form.about.data or "",
                headline=form.headline.data or "",
                parts=form.parts(),
                by=current_person(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Kept. You can begin from it now"), "good")
            return go(url_for(".index", key=key))
    return render(
        "letters/keep_template.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        blocks=blocks,
        form=form,
    )


@bp.post("/campaigns/<key>/letter-templates/<int:template_id>/removal")
@action("letter.keep_template")
def remove(key: str, template_id: int) -> Response:
    """Offer it no longer."""
    campaign = find_campaign(key, "letter.keep_template")
    own_templates.remove_template(find_in(campaign, OwnTemplate, template_id), by=current_person())
    flash(_("Removed. Letters that began from it stay as they are"))
    return go(url_for(".index", key=key))
