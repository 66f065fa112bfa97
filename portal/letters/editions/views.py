"""A letter written anew, a typo mended by two, a letter withdrawn; who read it, and who tried to change it."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.database import claim_with
from portal.errors import RuleBroken
from portal.letters import sheet
from portal.letters.checks import look_over, stops
from portal.letters.editions import comparing, forms, later, readings, refusing, withdrawing
from portal.letters.finding import find_letter, newest_version, standing_blocks
from portal.letters.models import Letter
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("editions", __name__)

HERE = "/campaigns/<key>/letters/<int:letter_id>"


# ---- changes to a fixed text, refused ----


@bp.before_app_request
def _begin_clean() -> None:
    refusing.taken()


@bp.after_app_request
def _keep_refused(response: Response) -> Response:
    """A post that tried to change a fixed text was answered; now it is written down, in a transaction of its own."""
    letter_id = refusing.taken()
    if letter_id is not None and request.method == "POST" and response.status_code >= 400:
        # The press failed, so its key stays free; this row must not use it up.
        claim_with(None)
        refusing.keep(letter_id, what=request.endpoint or "", by=current_person())
    return response


@bp.get(f"{HERE}/refused")
@action("letter.read_refused")
def refused(key: str, letter_id: int) -> Response:
    """Who tried to change the frozen text, and by which way."""
    campaign, letter = _find(key, letter_id, "letter.read_refused")
    rows, more = refusing.page_of(letter.id, before=request.args.get("before", type=int))
    return render("editions/refused.html", campaign=campaign, letter=letter, rows=rows, more=more)


# ---- a later version ----


@bp.route(f"{HERE}/reopening", methods=["GET", "POST"])
@action("letter.reopen")
def reopen(key: str, letter_id: int) -> Response:
    """Write a frozen letter anew: what it means, and why."""
    campaign, letter = _find(key, letter_id, "letter.reopen")
    form = forms.ReopenForm()
    if form.validate_on_submit():
        try:
            later.reopen(letter, by=current_person(), why=form.why.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("You can write now. The frozen version stands until you freeze the next one"), "good")
            return _to_letter(key, letter_id)
    status = 422 if form.errors else 200
    return render("editions/reopen.html", status=status, campaign=campaign, letter=letter, form=form)


@bp.post(f"{HERE}/reopening/end")
@action("letter.reopen")
def keep(key: str, letter_id: int) -> Response:
    """Keep the frozen text as it is after all."""
    campaign, letter = _find(key, letter_id, "letter.reopen")
    try:
        later.keep_frozen(letter, by=current_person())
    except RuleBroken as broken:
        return _typo_page(campaign, letter, 422, problem=broken.message)
    flash(_("The frozen text stays as it is"), "good")
    return _to_letter(key, letter_id)


@bp.get(f"{HERE}/typo")
@action("letter.freeze")
def typo(key: str, letter_id: int) -> Response:
    """What is different from the frozen version; and the question whether it is only a typo."""
    return _typo_page(*_find(key, letter_id, "letter.freeze"))


@bp.post(f"{HERE}/typo")
@action("letter.freeze")
def ask_typo(key: str, letter_id: int) -> Response:
    """Ask a second lead to agree that it is only a typo."""
    campaign, letter = _find(key, letter_id, "letter.freeze")
    form = forms.TypoForm()
    if form.validate_on_submit():
        try:
            later.ask_typo(letter, seen=form.seen.data or 0, note=form.note.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("You asked. Now a second lead has to agree that it is only a typo"), "good")
            return go(url_for(".typo", key=key, letter_id=letter_id))
    form.seen.data = letter.version
    return _typo_page(campaign, letter, 422, form=form)


@bp.post(f"{HERE}/typo/agreement")
@action("letter.freeze")
def agree_typo(key: str, letter_id: int) -> Response:
    """Be the second lead: freeze the mended words, with every name."""

    def act(letter: Letter) -> None:
        version = later.agree_typo(letter, by=current_person())
        flash(_("The mended text is frozen. Its fingerprint is %(code)s", code=version.fingerprint), "good")

    return _settle(key, letter_id, "letter.freeze", act)


@bp.post(f"{HERE}/asking/withdrawal")
@action("letter.freeze")
def stop_asking(key: str, letter_id: int) -> Response:
    """Take a question to the second lead back, or say not yet."""

    def act(letter: Letter) -> None:
        later.stop_asking(letter, by=current_person())
        flash(_("The question is taken back"))

    return _settle(key, letter_id, "letter.freeze", act)


# ---- withdrawing ----


@bp.route(f"{HERE}/withdrawal", methods=["GET", "POST"])
@action("letter.reopen")
def withdraw(key: str, letter_id: int) -> Response:
    """Withdraw a letter that was not sent, with a reason."""
    campaign, letter = _find(key, letter_id, "letter.reopen")
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        try:
            asked = withdrawing.withdraw_letter(letter, why=form.why.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("You asked. Now a second lead has to agree") if asked else _("The letter is withdrawn"))
            return go(url_for(".withdraw" if asked else "letters.show", key=key, letter_id=letter_id))
    return _withdraw_page(campaign, letter, 422 if form.errors else 200, form=form)


@bp.post(f"{HERE}/withdrawal/agreement")
@action("letter.reopen")
def agree_to_withdraw(key: str, letter_id: int) -> Response:
    """Be the second lead: withdraw a letter that people signed."""
    campaign, letter = _find(key, letter_id, "letter.reopen")
    try:
        withdrawing.agree_to_withdraw(letter, by=current_person())
    except RuleBroken as broken:
        return _withdraw_page(campaign, find_letter(campaign, letter_id), 422, problem=broken.message)
    flash(_("The letter is withdrawn. Everybody who signed gets a mail"))
    return _to_letter(key, letter_id)


# ---- reading ----


@bp.route(f"{HERE}/readings", methods=["GET", "POST"])
@action("letter.talk")
def reading(key: str, letter_id: int) -> Response:
    """Read the text as a second reader, or aloud, and say so."""
    campaign, letter = _find(key, letter_id, "letter.talk")
    form = forms.ReadingForm()
    problem = None
    if form.validate_on_submit():
        kind = form.kind.data if form.kind.data in readings.KINDS else "second"
        try:
            readings.note_reading(
                letter, kind=kind, seen=form.seen.data or 0, words=form.words.data or "", by=current_person()
            )
        except RuleBroken as broken:
            problem = broken.message
        else:
            flash(_("Written down. It holds until a word changes"), "good")
            return go(url_for(".reading", key=key, letter_id=letter_id))
    form.seen.data = letter.version
    blocks = standing_blocks(letter)
    return render(
        "editions/readings.html",
        status=422 if form.errors or problem else 200,
        campaign=campaign,
        letter=letter,
        form=form,
        problem=problem,
        readings=readings.readings_of(letter),
        sheet=sheet.screen_sheet(letter, None, blocks),
    )


def _find(key: str, letter_id: int, name: str) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, name)
    return campaign, find_letter(campaign, letter_id)


def _to_letter(key: str, letter_id: int) -> Response:
    return go(url_for("letters.show", key=key, letter_id=letter_id))


def _settle(key: str, letter_id: int, name: str, act: Callable[[Letter], None]) -> Response:
    campaign, letter = _find(key, letter_id, name)
    try:
        act(letter)
    except RuleBroken as broken:
        return _typo_page(campaign, find_letter(campaign, letter_id), 422, problem=broken.message)
    return _to_letter(key, letter_id)


def _terms(letter: Letter, about: str) -> dict[str, Any]:
    terms = json.loads(letter.asking.terms) if letter.asking is not None else {}
    return terms if terms.get("about") == about else {}


def _typo_page(campaign: Campaign, letter: Letter, status: int = 200, **given: Any) -> Response:
    blocks = standing_blocks(letter)
    version = newest_version(letter)
    changes = []
    if version is not None and letter.reopened_at is not None:
        changes = comparing.differences(sheet.frozen_content(version), sheet.content_of(letter, blocks))
    context: dict[str, Any] = {
        "campaign": campaign,
        "letter": letter,
        "version": version,
        "changes": changes,
        "stopping": stops(look_over(letter, blocks)),
        "terms": _terms(letter, "typo"),
        "form": forms.TypoForm(formdata=None, data={"seen": letter.version}),
        "problem": None,
        **given,
    }
    return render("editions/typo.html", status=status, **context)


def _withdraw_page(campaign: Campaign, letter: Letter, status: int = 200, **given: Any) -> Response:
    context: dict[str, Any] = {
        "campaign": campaign,
        "letter": letter,
        "terms": _terms(letter, "withdraw"),
        "form": forms.WithdrawForm(formdata=None),
        "needs_two": withdrawing.needs_two(letter),
        "problem": None,
        **given,
    }
    return render("editions/withdraw.html", status=status, **context)
