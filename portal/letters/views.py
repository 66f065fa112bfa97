"""A campaign's letters: the list, starting one, the desk where it is written, and how it looks on paper."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, request, url_for
from flask_babel import gettext as _
from werkzeug.utils import secure_filename

from portal import clock
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters import forms, operations, sheet, templates
from portal.letters.checks import look_over
from portal.letters.copies import own_templates, press
from portal.letters.desk.looking import mark_of, removed_mark
from portal.letters.desk.tokens import device_half
from portal.letters.finding import blocks_of, find_letter, newest_version, standing_blocks
from portal.letters.known import known_of
from portal.letters.models import Letter
from portal.letters.operations import Change
from portal.letters.votes.models import SignOff
from portal.paper import PaperError, typeset
from portal.web import action, current_person, go, render, require, show_rule

bp = Blueprint("letters", __name__)

A_PAGE = 20


def stopped_words() -> str:
    """What to say when a change ended the vote on the old words."""
    return _("The text changed, so the vote on the old words has ended. Ask again when it is finished")


def tell(change: Change) -> None:
    """Say on the next page what a change did besides."""
    if change.stopped_vote:
        flash(stopped_words(), "warn")


def desk(campaign: Campaign, letter: Letter, **given: Any) -> dict[str, Any]:
    """Everything the desk shows. One statement: the blocks, or for a frozen letter its version."""
    context: dict[str, Any] = {
        "campaign": campaign,
        "letter": letter,
        "blocks": [],
        "removed": [],
        "findings": [],
        "sheet": None,
        "problem": None,
        "said": None,
        "just_removed": None,
        "oob": False,
        "removed_mark": "",
        "mark_of": mark_of,
        "device_half": device_half,
        **given,
    }
    if letter.is_fixed:
        version = newest_version(letter)
        context["sheet"] = sheet.screen_sheet(letter, version) if version is not None else None
        return context
    rows = blocks_of(letter)
    context["blocks"] = [block for block in rows if block.removed_at is None]
    context["removed"] = [block for block in rows if block.removed_at is not None]
    context["removed_mark"] = removed_mark(context["removed"])
    context["findings"] = look_over(letter, context["blocks"], known_of(letter))
    return context


@bp.get("/campaigns/<key>/letters")
@action("letter.read")
def index(key: str) -> Response:
    """The campaign's letters, newest first."""
    campaign = find_campaign(key, "letter.read")
    before = request.args.get("before", type=int)
    voting = SignOff.select(SignOff.letter).where(SignOff.outcome.is_null(), SignOff.closes_at > clock.now())
    query = Letter.select(Letter, Letter.id.in_(voting).alias("is_voting")).where(Letter.campaign == campaign.id)
    if before:
        query = query.where(Letter.id < before)
    letters = list(query.order_by(Letter.id.desc()).limit(A_PAGE + 1))
    older = letters[A_PAGE - 1].id if len(letters) > A_PAGE else None
    return render("letters/index.html", campaign=campaign, letters=letters[:A_PAGE], older=older, before=before)


@bp.route("/campaigns/<key>/letters/new", methods=["GET", "POST"])
@action("letter.start")
def new(key: str) -> Response:
    """Start a letter from an empty page or from one of the templates."""
    campaign = find_campaign(key, "letter.start")
    own = [own_templates.as_template(row) for row in own_templates.own_templates(campaign)]
    choices = [*templates.all_templates(), *own]
    chased = _chased(campaign)
    form = forms.StartLetterForm()
    form.template_name.choices = [(template.key, template.name) for template in choices]
    form.template_name.choice_hints = {template.key: template.about for template in choices}
    if form.validate_on_submit():
        try:
            letter = operations.start_letter(
                campaign, template_name=form.template_name.data, by=current_person(), chases=chased
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return go(url_for(".show", key=key, letter_id=letter.id))
    return render(
        "letters/new.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        form=form,
        chased=chased,
        suggested=next(t for t in choices if t.key == templates.suggested(campaign)),
    )


def _chased(campaign: Campaign) -> Letter | None:
    """The sent letter of this campaign that the new one is to remind of, when the address names one."""
    wanted = request.args.get("chases", type=int)
    sent = Letter.select().where(Letter.campaign == campaign.id, Letter.sent_on.is_null(False))
    return sent.where(Letter.id == wanted).first() if wanted and wanted < 2**31 else None


@bp.get("/campaigns/<key>/letters/<int:letter_id>")
@action("letter.read")
def show(key: str, letter_id: int) -> Response:
    """The desk: the parts of the letter in their order, and what to look at before the text is frozen."""
    campaign = find_campaign(key, "letter.read")
    letter = find_letter(campaign, letter_id)
    just_removed = request.args.get("removed", type=int)
    return render("letters/show.html", "blocks", **desk(campaign, letter, just_removed=just_removed))


@bp.route("/campaigns/<key>/letters/<int:letter_id>/edit", methods=["GET", "POST"])
@action("letter.edit")
def edit(key: str, letter_id: int) -> Response:
    """The headline, the language, and whether it is a formal complaint."""
    campaign = find_campaign(key, "letter.edit")
    letter = find_letter(campaign, letter_id)
    form = forms.HeadingForm(obj=letter)
    if form.validate_on_submit():
        try:
            change = operations.change_heading(
                letter,
                title=form.title.data,
                language=form.language.data,
                is_formal_complaint=form.is_formal_complaint.data,
                seen_title=form.seen_title.data or "",
                by=current_person(),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
            # The next press is made knowing the headline that stands there now.
            form.seen_title.data = letter.title
        else:
            tell(change)
            return go(url_for(".show", key=key, letter_id=letter.id))
    if request.method == "GET":
        form.seen_title.data = letter.title
    return render("letters/edit.html", status=422 if form.errors else 200, campaign=campaign, letter=letter, form=form)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/addressee")
@action("letter.edit")
def address_anew(key: str, letter_id: int) -> Response:
    """Address the letter to whomever the campaign writes to now."""
    campaign = find_campaign(key, "letter.edit")
    letter = find_letter(campaign, letter_id)
    try:
        change = operations.address_anew(letter, by=current_person())
    except RuleBroken as broken:
        return render("letters/show.html", status=422, **desk(campaign, letter, problem=broken.message))
    tell(change)
    return go(url_for(".show", key=key, letter_id=letter.id))


@bp.get("/campaigns/<key>/letters/<int:letter_id>/preview")
@action("letter.read")
def preview(key: str, letter_id: int) -> Response:
    """The letter as a letter, ready to print."""
    campaign = find_campaign(key, "letter.read")
    letter = find_letter(campaign, letter_id)
    if letter.is_fixed and (version := newest_version(letter)) is not None:
        shown = sheet.screen_sheet(letter, version, signatories=sheet.signatories_of(letter, version))
    else:
        shown = sheet.screen_sheet(letter, None, standing_blocks(letter))
    return render("letters/preview.html", campaign=campaign, letter=letter, sheet=shown)


@bp.get("/campaigns/<key>/letters/<int:letter_id>/letter.pdf")
@action("letter.read")
def paper(key: str, letter_id: int) -> Response:
    """The letter as a PDF. `?print=large` sets it large; `?copy=addressee` is the copy for the one it is written to."""
    campaign = find_campaign(key, "letter.read")
    for_target = request.args.get("copy") == "addressee"
    if for_target:
        # It names people who agreed to be named to the addressee and to nobody else.
        require("letter.read_signatories", campaign)
    letter = find_letter(campaign, letter_id)
    large = request.args.get("print") == "large"
    if press.takes_long(letter):
        which = "addressee" if for_target else "large" if large else "letter"
        return go(url_for("press.show", key=key, letter_id=letter_id, which=which))
    version = newest_version(letter) if letter.is_fixed else None
    if version is not None:
        data = press.paper_data(letter, version, "addressee" if for_target else "large" if large else "letter")
        title = sheet.frozen_content(version)["title"]
    else:
        data = sheet.letter_data(letter, None, blocks=standing_blocks(letter), large_print=large)
        title = letter.title
    try:
        pdf = typeset("letter", data, title=title)
    except PaperError as error:
        return render(
            "letters/show.html",
            status=422,
            **desk(campaign, letter, problem=_("This letter cannot be put on paper: %(reason)s", reason=str(error))),
        )
    name = secure_filename(title)[:60] or f"letter-{letter.id}"
    return make_response(
        pdf, 200, {"Content-Type": "application/pdf", "Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


@bp.get("/campaigns/<key>/letters/<int:letter_id>/letter.txt")
@action("letter.read")
def canonical(key: str, letter_id: int) -> Response:
    """The canonical text of the frozen letter: whoever hashes these bytes gets the fingerprint."""
    letter = find_letter(find_campaign(key, "letter.read"), letter_id)
    version = newest_version(letter)
    if version is None:
        abort(404)
    return make_response(version.canonical_text.encode("utf-8"), 200, {"Content-Type": "text/plain; charset=utf-8"})
