"""Sending a letter by e-mail, and being the second lead of any delivery."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns import agreements
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Agreement, Campaign
from portal.errors import RuleBroken
from portal.letters import papers, sending, sheet
from portal.letters.deliveries import outcomes, words
from portal.letters.finding import find_letter
from portal.letters.models import Delivery, Letter
from portal.letters.sending_forms import SendByMailForm
from portal.storage import StoredFile
from portal.web import absolute, action, current_person, download, get_or_404, go, render, show_rule

bp = Blueprint("sending", __name__)
PATH = "/campaigns/<key>/letters/<int:letter_id>/sending"


def _find(key: str, letter_id: int) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, "letter.send")
    return campaign, find_letter(campaign, letter_id)


def _mail_form(letter: Letter, again: Delivery | None) -> SendByMailForm:
    """The form with what is known filled in; `again` is a mail that did not arrive and is written anew."""
    form = SendByMailForm(formdata=None)
    target = letter.target
    form.to_name.data = target.addressee if target else ""
    form.to_address.data = target.email if target else ""
    form.subject.data = letter.title
    link = absolute(url_for("signing.show", letter_key=letter.key))
    if again is not None:
        form.to_name.data, form.to_address.data, form.subject.data = (
            again.to_name,
            again.to_address,
            again.mail.subject,
        )
    form.words.data = papers.paper_of("covering", letter, sheet.content_of(letter, []), link=link).text
    return form


def _page(campaign: Campaign, letter: Letter, status: int = 200, **given: Any) -> Response:
    asking = agreements.open_one(campaign, "send_letter", letter.id)
    terms = sending.terms_of(asking) if asking else {}
    happened_on = date.fromisoformat(terms["happened_on"]) if terms.get("happened_on") else None
    deliveries = sending.deliveries_of(letter)
    again = [one for one in deliveries if one.channel == "email" and str(one.id) == request.args.get("again")]
    context = {
        "campaign": campaign,
        "letter": letter,
        "asking": asking,
        "asker": asking.asked_by if asking else None,
        "terms": terms,
        "happened_on": happened_on,
        "happened_at": datetime.fromisoformat(terms["happened_at"]) if terms.get("happened_at") else None,
        "deliveries": deliveries,
        "again": next(iter(again), None),
        "mail_form": _mail_form(letter, next(iter(again), None)),
        "ways": words,
        "person": current_person(),
        **given,
    }
    return render("sending/show.html", status=status, **context)


@bp.get(PATH)
@action("letter.send")
def show(key: str, letter_id: int) -> Response:
    """How it reached them so far, and the ways to send it."""
    return _page(*_find(key, letter_id))


@bp.post(f"{PATH}/by-mail")
@action("letter.send")
def ask_by_mail(key: str, letter_id: int) -> Response:
    """Ask a second lead to agree to send it by e-mail."""
    campaign, letter = _find(key, letter_id)
    form = SendByMailForm()
    if form.validate_on_submit():
        try:
            sending.ask_to_send(
                letter,
                by=current_person(),
                channel="email",
                to_name=form.to_name.data,
                to_address=form.to_address.data,
                subject=form.subject.data,
                words=form.words.data,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Asked. It is sent when a second lead agrees"), "good")
            return go(url_for(".show", key=key, letter_id=letter_id))
    return _page(campaign, letter, 422, mail_form=form)


@bp.post(f"{PATH}/<int:agreement_id>/agreement")
@action("letter.send")
def agree(key: str, letter_id: int, agreement_id: int) -> Response:
    """Be the second lead."""
    campaign, letter = _find(key, letter_id)
    asking = _asking(campaign, letter, agreement_id)
    try:
        delivery = sending.agree_to_send(asking, letter, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
        return _page(campaign, letter, 422)
    sent = (
        _("Agreed. The letter is on its way") if delivery.channel == "email" else _("Agreed. The delivery is on record")
    )
    flash(sent, "good")
    return go(url_for(".show", key=key, letter_id=letter_id))


@bp.post(f"{PATH}/<int:agreement_id>/withdrawal")
@action("letter.send")
def withdraw(key: str, letter_id: int, agreement_id: int) -> Response:
    """Take the question back, or say not yet."""
    campaign, letter = _find(key, letter_id)
    asking = _asking(campaign, letter, agreement_id)
    try:
        agreements.withdraw(asking, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
        return _page(campaign, letter, 422)
    flash(_("Nothing was sent"))
    return go(url_for(".show", key=key, letter_id=letter_id))


@bp.post(f"{PATH}/deliveries/<int:delivery_id>/doubt")
@action("letter.send")
def settle(key: str, letter_id: int, delivery_id: int) -> Response:
    """Somebody found out whether a mail in doubt arrived."""
    campaign, letter = _find(key, letter_id)
    delivery = _delivery(letter, delivery_id)
    try:
        outcomes.settle_doubt(delivery, arrived=request.form.get("arrived") == "yes", by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
        return _page(campaign, letter, 422)
    return go(url_for(".show", key=key, letter_id=letter_id))


@bp.get(f"{PATH}/deliveries/<int:delivery_id>/<any(paper, proof):which>")
@action("letter.send")
def file(key: str, letter_id: int, delivery_id: int, which: str) -> Response:
    """The PDF exactly as it was sent, or the proof of posting; as a download only."""
    _campaign, letter = _find(key, letter_id)
    delivery = _delivery(letter, delivery_id)
    stored = get_or_404(
        StoredFile.select(), StoredFile.id == (delivery.paper_id if which == "paper" else delivery.proof_id)
    )
    return download(stored)


def _asking(campaign: Campaign, letter: Letter, agreement_id: int) -> Agreement:
    asking = get_or_404(
        Agreement.select(),
        Agreement.id == agreement_id,
        Agreement.campaign == campaign.id,
        Agreement.kind == "send_letter",
        Agreement.subject_id == letter.id,
    )
    asking.campaign = campaign
    return asking


def _delivery(letter: Letter, delivery_id: int) -> Delivery:
    delivery = get_or_404(Delivery.select().where(Delivery.letter == letter.id), Delivery.id == delivery_id)
    delivery.letter = letter
    return delivery
