"""The letter in other languages: the list, writing side by side, checking, and bringing one to a new version."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, request, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.language import direction_of
from portal.letters import plain, sheet
from portal.letters.copies import translating
from portal.letters.copies.models import Translation
from portal.letters.copies.papers_views import text_file
from portal.letters.copies.translation_forms import NAMES, StartTranslationForm, translation_form
from portal.letters.finding import find_letter, newest_version
from portal.letters.models import Letter, LetterVersion
from portal.paper import PaperError, typeset
from portal.web import action, current_person, get_or_404, go, render, show_rule

bp = Blueprint("translations", __name__)
PATH = "/campaigns/<key>/letters/<int:letter_id>/translations"
ONE = f"{PATH}/<int:translation_id>"


@bp.route(PATH, methods=["GET", "POST"])
@action("letter.translate")
def index(key: str, letter_id: int) -> Response:
    """Every translation with its state, and a way to start one."""
    campaign = find_campaign(key, "letter.translate")
    letter = find_letter(campaign, letter_id)
    newest = newest_version(letter)
    form = StartTranslationForm()
    form.offer(letter.language)
    if newest is not None and form.validate_on_submit():
        try:
            started = translating.start_translation(letter, newest, form.language.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return go(url_for(".edit", key=key, letter_id=letter_id, translation_id=started.id))
    rows = translating.translations_of(letter)
    return render(
        "letters/translations.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        newest=newest,
        rows=rows,
        current={row.language for row in rows if newest is not None and row.version_id == newest.id},
        form=form,
        names=NAMES,
    )


@bp.route(ONE, methods=["GET", "POST"])
@action("letter.translate")
def edit(key: str, letter_id: int, translation_id: int) -> Response:
    """The letter on one side, the translation on the other. When somebody else saved first, theirs stands beside."""
    campaign, letter, translation = _find(key, letter_id, translation_id)
    content = sheet.frozen_content(translation.version)
    form = translation_form(content["blocks"], translation.title, translating.parts_of(translation), translation.number)
    other, status = None, 200
    if form.validate_on_submit():
        try:
            translating.save_translation(
                translation,
                title=form.title.data or "",
                parts=form.parts(),
                seen=form.seen.data or 0,
                by=current_person(),
            )
        except translating.ChangedMeanwhile as changed:
            other, status = changed.translation, 409
            show_rule(form, changed)
            form.seen.data = other.number
        else:
            flash(_("Saved. It is a draft until somebody else who speaks the language has checked it"), "good")
            return go(url_for(".edit", key=key, letter_id=letter_id, translation_id=translation_id))
    if form.errors and status == 200:
        status = 422
    return _page(campaign, letter, translation, form=form, status=status, other=other)


@bp.post(f"{ONE}/check")
@action("letter.translate")
def check(key: str, letter_id: int, translation_id: int) -> Response:
    """A second speaker says that it says the same as the letter."""
    campaign, letter, translation = _find(key, letter_id, translation_id)
    seen = request.form.get("seen", 0, type=int)
    try:
        translating.check_translation(translation, translation.version, seen=seen, by=current_person())
    except RuleBroken as broken:
        return _page(campaign, letter, translation, status=422, problem=broken.message)
    flash(_("Checked. Everybody who may read the letter can read it in this language now"), "good")
    return go(url_for(".index", key=key, letter_id=letter_id))


@bp.post(f"{ONE}/renewal")
@action("letter.translate")
def renew(key: str, letter_id: int, translation_id: int) -> Response:
    """Bring it to the newest version of the letter."""
    _campaign, letter, translation = _find(key, letter_id, translation_id)
    newest = newest_version(letter)
    assert newest is not None
    now = translating.renew_translation(translation, letter, newest, by=current_person())
    flash(_("What did not change came along. Translate the rest"), "good")
    return go(url_for(".edit", key=key, letter_id=letter_id, translation_id=now.id))


@bp.get(f"{ONE}/letter.pdf")
@action("letter.translate")
def paper(key: str, letter_id: int, translation_id: int) -> Response:
    """The translation as a PDF; `?print=large` sets it large."""
    campaign, letter, translation = _find(key, letter_id, translation_id)
    version = translation.version
    content = translating.translated_content(translation, version)
    data = sheet.letter_data(letter, version, large_print=request.args.get("print") == "large", content=content)
    data["note"] = what_counts(letter)
    try:
        pdf = typeset("letter", data, title=content["title"])
    except PaperError as error:
        problem = _("This letter cannot be put on paper: %(reason)s", reason=str(error))
        return _page(campaign, letter, translation, status=422, problem=problem)
    name = f"letter-{translation.language}.pdf"
    return make_response(
        pdf, 200, {"Content-Type": "application/pdf", "Content-Disposition": f'inline; filename="{name}"'}
    )


@bp.get(f"{ONE}/letter.txt")
@action("letter.translate")
def text(key: str, letter_id: int, translation_id: int) -> Response:
    """The translation as plain text that is easy to read."""
    _campaign, letter, translation = _find(key, letter_id, translation_id)
    content = translating.translated_content(translation, translation.version)
    return text_file(plain.letter_text(content, note=what_counts(letter)), f"letter-{translation.language}")


def what_counts(letter: Letter) -> str:
    """The sentence on every translation: which text is the one that people sign."""
    return _(
        "This is a translation. The text that counts, and that people sign, is the one in %(language)s.",
        language=NAMES.get(letter.language, letter.language),
    )


def _find(key: str, letter_id: int, translation_id: int) -> tuple[Campaign, Letter, Translation]:
    campaign = find_campaign(key, "letter.translate")
    letter = find_letter(campaign, letter_id)
    query: Any = (
        Translation.select(Translation, LetterVersion).join(LetterVersion).where(Translation.letter == letter.id)
    )
    return campaign, letter, get_or_404(query, Translation.id == translation_id)


def _page(campaign: Campaign, letter: Letter, translation: Translation, *, status: int = 200, **given: Any) -> Response:
    content = sheet.frozen_content(translation.version)
    form = given.pop("form", None) or translation_form(
        content["blocks"], translation.title, translating.parts_of(translation), translation.number
    )
    newest = newest_version(letter)
    other = given.get("other")
    return render(
        "letters/translation.html",
        status=status,
        campaign=campaign,
        letter=letter,
        translation=translation,
        content=content,
        form=form,
        theirs=translating.parts_of(other) if other is not None else None,
        language_name=NAMES.get(translation.language, translation.language),
        direction=direction_of(translation.language),
        is_old=newest is not None and translation.version_id != newest.id,
        missing=translating.missing(translation, translation.version),
        what_counts=what_counts(letter),
        **{"other": None, "problem": None, **given},
    )
