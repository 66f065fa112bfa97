"""The public page of a letter, and signing it."""

from typing import Any

import peewee
from flask import Blueprint, Response, abort, flash, g, request, url_for

from portal import language, limits, once
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters import finding, sheet, signatories, signing
from portal.letters.copies import translating
from portal.letters.copies.translation_forms import NAMES
from portal.letters.editions import standing
from portal.letters.models import Letter, LetterVersion, Signature
from portal.letters.signing_forms import SignLetterForm
from portal.places.models import Place
from portal.targets.models import Organization, Target
from portal.web import action, current_person, get_or_404, go, render, require, show_rule

bp = Blueprint("signing", __name__)


def _find(letter_key: str, name: str) -> tuple[Letter, LetterVersion]:
    """The frozen letter with this key and its newest version, or the 404 of anything missing. One statement."""
    version = (
        LetterVersion.select(LetterVersion, Letter, Campaign, Place, Target, Organization)
        .join_from(LetterVersion, Letter)
        .join_from(Letter, Campaign)
        .join_from(Campaign, Place)
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(Letter.key == letter_key, Letter.withdrawn_at.is_null())
        .order_by(LetterVersion.number.desc())
        .first()
    )
    if version is None or not version.letter.parts_of(current_person()):
        abort(404)
    require(name, version.letter)
    g.is_public_page = version.letter.campaign.is_public and current_person() is None
    return version.letter, version


def _find_to_sign(letter_key: str) -> tuple[Letter, LetterVersion]:
    """The same with only what signing needs."""
    version = finding.to_sign(letter_key).first()
    if version is None or not version.letter.parts_of(current_person()):
        abort(404)
    require("letter.sign", version.letter)
    return version.letter, version


def _page(letter: Letter, version: LetterVersion, form: SignLetterForm, status: int = 200) -> Response:
    response = render(
        "signing/show.html",
        "sign",
        status=status,
        letter=letter,
        version=version,
        campaign=letter.campaign,
        sheet=sheet.screen_sheet(letter, version),
        form=form,
        shown=signatories.public_names(letter),
        languages=[(code, NAMES.get(code, code)) for code in translating.checked_languages(version)],
        takes_signatures=letter.is_open_for_signing and not letter.campaign.is_closed,
        is_demo=letter.campaign.is_demo,
        earlier=standing.earlier_of(version),
    )
    # The form in it is this visitor's own.
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/letters/<letter_key>")
@action("letter.read_public")
def show(letter_key: str) -> Response:
    """The letter as a letter, and the form beside it."""
    letter, version = _find(letter_key, "letter.read_public")
    person = current_person()
    form = SignLetterForm(formdata=None)
    if person is not None:
        form.name.data, form.email.data = person.name, person.email
    return _page(letter, version, form)


@bp.post("/letters/<letter_key>/signatures")
@action("letter.sign")
def sign(letter_key: str) -> Response:
    """Sign. The answer is the same for every address."""
    letter, version = _find_to_sign(letter_key)
    form = SignLetterForm()
    if form.validate_on_submit():
        to = url_for(".signed", letter_key=letter_key)
        once.leads_to(to)
        try:
            signing.sign(
                letter,
                version,
                name=form.name.data,
                email=form.email.data,
                display=form.display.data,
                show_to_target=form.show_to_target.data,
                wants_news=form.wants_news.data,
                home_words=form.home_words.data or "",
                network=limits.network(),
                locale=language.best_for(request.headers.get("Accept-Language", "")),
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return go(to)
    return _page(*_find(letter_key, "letter.sign"), form, 422)


@bp.get("/letters/<letter_key>/signed")
@action("letter.sign")
def signed(letter_key: str) -> Response:
    """Look at your mail."""
    letter, _version = _find(letter_key, "letter.sign")
    return render("signing/signed.html", letter=letter, campaign=letter.campaign)


@bp.get("/letters/<letter_key>/names")
@action("letter.read_public")
def names(letter_key: str) -> Response:
    """The names on show, page by page."""
    letter, _version = _find(letter_key, "letter.read_public")
    before: Any = request.args.get("before", type=int)
    shown = signatories.public_names(letter, before=before)
    return render("signing/names.html", letter=letter, campaign=letter.campaign, shown=shown)


@bp.get("/campaigns/<key>/letters/<int:letter_id>/signatories", endpoint="signatories")
@action("letter.read_signatories")
def signatories_page(key: str, letter_id: int) -> Response:
    """Who signed, for the leads only."""
    campaign = find_campaign(key, "letter.read_signatories")
    letter = find_in(campaign, Letter, letter_id)
    rows, more = signatories.for_leads(letter, before=request.args.get("before", type=int))
    return render("signing/signatories.html", campaign=campaign, letter=letter, signatures=rows, more=more)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/signatories/<int:signature_id>/release")
@action("letter.read_signatories")
def release(key: str, letter_id: int, signature_id: int) -> Response:
    """Count a held signature after a look."""
    campaign = find_campaign(key, "letter.read_signatories")
    letter = find_in(campaign, Letter, letter_id)
    signature = get_or_404(Signature.select().where(Signature.letter == letter.id), Signature.id == signature_id)
    signature.letter = letter
    try:
        signing.release(signature)
    except RuleBroken as broken:
        flash(broken.message, "warn")
    return go(url_for(".signatories", key=key, letter_id=letter_id))
