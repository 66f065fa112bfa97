"""Other ways than mail, and what became of each delivery."""

from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, request, url_for
from flask_babel import gettext as _

from portal import clock, storage
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Agreement, Campaign
from portal.errors import RuleBroken
from portal.letters import sending
from portal.letters.deliveries import outcomes, words
from portal.letters.deliveries.finding import find_delivery
from portal.letters.deliveries.forms import FORMS, CameBackForm, StandsForm
from portal.letters.deliveries.queries import history_of
from portal.letters.finding import find_letter
from portal.letters.models import Delivery, Letter
from portal.storage import StoredFile
from portal.web import action, current_person, download, get_or_404, go, render, show_rule

bp = Blueprint("deliveries", __name__)
PATH = "/campaigns/<key>/letters/<int:letter_id>/sending"
ONE = f"{PATH}/deliveries/<int:delivery_id>"
# What of a mail's headers says where it went and when.
HEADERS = ("From", "To", "Reply-To", "Date", "Subject", "Message-ID")


def _find(key: str, letter_id: int) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, "letter.send")
    return campaign, find_letter(campaign, letter_id)


def _find_one(key: str, letter_id: int, delivery_id: int) -> tuple[Campaign, Letter, Delivery]:
    campaign, letter = _find(key, letter_id)
    return campaign, letter, find_delivery(letter, delivery_id)


def _moment(form: Any) -> datetime | None:
    """The hour that was typed, on its day, as a moment."""
    time = form.time.data if "time" in form else None
    return clock.from_local(datetime.combine(form.happened_on.data, time)) if time else None


def _typed(form: Any, name: str) -> str:
    return (form[name].data or "") if name in form else ""


@bp.route(f"{PATH}/by/<any(post,hand,web,public):channel>", methods=["GET", "POST"])
@action("letter.send")
def record(key: str, letter_id: int, channel: str) -> Response:
    """Ask a second lead to agree that it went this way."""
    campaign, letter = _find(key, letter_id)
    form: Any = FORMS[channel](formdata=None) if request.method == "GET" else FORMS[channel]()
    if request.method == "GET" and letter.target is not None and "to_name" in form:
        known = {"post": letter.target.addressee, "web": letter.target.organization.name}
        form.to_name.data = known.get(channel, "")
        form.to_address.data = ", ".join(letter.target.postal_address.splitlines()) if channel == "post" else ""
    if form.validate_on_submit():
        try:
            given = form.file.data
            proof = storage.keep(given.stream, name=given.filename) if given and given.filename else None
            sending.ask_to_send(
                letter,
                by=current_person(),
                channel=channel,
                to_name=_typed(form, "to_name"),
                to_address=form.to_address.data,
                happened_on=form.happened_on.data,
                happened_at=_moment(form),
                proof=proof,
                **{name: _typed(form, name) for name in ("note", "reference", "pasted", "manner")},
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Asked. It is on record when a second lead agrees"), "good")
            return go(url_for("sending.show", key=key, letter_id=letter_id))
    status = 422 if form.is_submitted() else 200
    return render("sending/record.html", status=status, campaign=campaign, letter=letter, form=form, channel=channel)


@bp.get(f"{PATH}/<int:agreement_id>/proof")
@action("letter.send")
def asked_proof(key: str, letter_id: int, agreement_id: int) -> Response:
    """The proof that somebody added to what they ask a second lead to agree to."""
    campaign, letter = _find(key, letter_id)
    asking = get_or_404(
        Agreement.select().where(Agreement.campaign == campaign.id, Agreement.kind == "send_letter"),
        Agreement.id == agreement_id,
        Agreement.subject_id == letter.id,
    )
    return download(get_or_404(StoredFile.select(), StoredFile.id == sending.terms_of(asking)["proof"]))


@bp.get(ONE)
@action("letter.send")
def show(key: str, letter_id: int, delivery_id: int) -> Response:
    """Everything that is known of one delivery."""
    return _page(*_find_one(key, letter_id, delivery_id))


def _page(campaign: Campaign, letter: Letter, delivery: Delivery, status: int = 200) -> Response:
    headers: list[tuple[str, str]] = []
    if delivery.mail_id is not None:
        message = message_from_bytes(bytes(delivery.mail.source), policy=default)
        headers = [(name, str(message[name])) for name in HEADERS if message[name]]
    return render(
        "sending/delivery.html",
        status=status,
        campaign=campaign,
        letter=letter,
        delivery=delivery,
        headers=headers,
        history=history_of(delivery),
        words=words,
    )


@bp.get(f"{ONE}/source")
@action("letter.send")
def source(key: str, letter_id: int, delivery_id: int) -> Response:
    """The mail as it was handed over, byte for byte, as a download only."""
    _campaign, _letter, delivery = _find_one(key, letter_id, delivery_id)
    if delivery.mail_id is None:
        abort(404)
    answer = make_response(bytes(delivery.mail.source))
    answer.headers["Content-Type"] = "message/rfc822"
    answer.headers["Content-Disposition"] = f'attachment; filename="letter-{delivery.id}.eml"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@bp.post(f"{ONE}/calling-off")
@action("letter.send")
def call_off(key: str, letter_id: int, delivery_id: int) -> Response:
    """Keep a mail from leaving while it still waits."""
    campaign, letter, delivery = _find_one(key, letter_id, delivery_id)
    try:
        outcomes.call_off(delivery, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
        return _page(campaign, letter, delivery, 422)
    flash(_("Called off. Nothing left"), "good")
    return go(url_for("sending.show", key=key, letter_id=letter_id))


@bp.route(f"{ONE}/return", methods=["GET", "POST"])
@action("letter.send")
def came_back(key: str, letter_id: int, delivery_id: int) -> Response:
    """Say that it came back."""
    campaign, letter, delivery = _find_one(key, letter_id, delivery_id)
    form = CameBackForm()
    if form.validate_on_submit():
        try:
            outcomes.delivery_came_back(delivery, on=form.on.data, why=form.why.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("On record. It does not count as having reached them"), "good")
            return go(url_for("sending.show", key=key, letter_id=letter_id))
    return _say(campaign, letter, delivery, form, "came_back")


@bp.route(f"{ONE}/standing", methods=["GET", "POST"])
@action("letter.send")
def stands(key: str, letter_id: int, delivery_id: int) -> Response:
    """Say that it did reach them after all."""
    campaign, letter, delivery = _find_one(key, letter_id, delivery_id)
    form = StandsForm()
    if form.validate_on_submit():
        try:
            outcomes.stands_again(delivery, why=form.why.data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("On record. It counts as having reached them"), "good")
            return go(url_for("sending.show", key=key, letter_id=letter_id))
    return _say(campaign, letter, delivery, form, "stands")


def _say(campaign: Campaign, letter: Letter, delivery: Delivery, form: Any, what: str) -> Response:
    return render(
        "sending/came_back.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        letter=letter,
        delivery=delivery,
        form=form,
        what=what,
        words=words,
    )
