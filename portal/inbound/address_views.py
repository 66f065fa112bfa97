"""A letter's reply address, whom its leads believe, and what came back."""

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.inbound import believing, forms, queries
from portal.inbound.addresses import domain_of
from portal.inbound.models import BelievedDomain, Bounce
from portal.inbound.sorting import believed_of
from portal.letters.models import Delivery, Letter
from portal.letters.sending import address_of
from portal.web import action, current_person, get_or_404, go, render, show_rule

bp = Blueprint("reply_addresses", __name__)
PATH = "/campaigns/<key>/letters/<int:letter_id>/mail"


def _find(key: str, letter_id: int, action_name: str) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, action_name)
    letter = get_or_404(queries.letter_with_target(campaign), Letter.id == letter_id)
    letter.campaign = campaign
    return campaign, letter


def _page(
    campaign: Campaign, letter_id: int, status: int = 200, form: forms.BelieveForm | None = None
) -> ResponseReturnValue:
    letter, rows = queries.letter_with_addresses(campaign, letter_id) or abort(404)
    letter.campaign = campaign
    addresses = [(row, address_of(row)) for row in rows]
    email = letter.target.email if letter.target else ""
    return render(
        "inbound/letter.html",
        status=status,
        campaign=campaign,
        letter=letter,
        open_address=next((address for row, address in addresses if row.closed_at is None), None),
        closed=[(row, address) for row, address in addresses if row.closed_at is not None],
        own=believed_of(email) if domain_of(email) else "",
        domains=queries.believed_domains(letter),
        bounces=queries.bounces_of(letter),
        form=form or forms.BelieveForm(formdata=None),
    )


@bp.get(PATH)
@action("inbound.read")
def show(key: str, letter_id: int) -> ResponseReturnValue:
    """Where they answer, whom we believe, and what mail systems report."""
    return _page(find_campaign(key, "inbound.read"), letter_id)


@bp.post(f"{PATH}/address/closing")
@action("inbound.handle")
def close(key: str, letter_id: int) -> ResponseReturnValue:
    """Close the reply address."""
    _campaign, letter = _find(key, letter_id, "inbound.handle")
    try:
        believing.close_address(letter, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("Closed. Mail to it now goes to the portal’s stewards"), "good")
    return go(url_for(".show", key=key, letter_id=letter_id))


@bp.post(f"{PATH}/address/renewal")
@action("inbound.handle")
def renew(key: str, letter_id: int) -> ResponseReturnValue:
    """Close it and make another."""
    _campaign, letter = _find(key, letter_id, "inbound.handle")
    try:
        believing.renew_address(letter, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("There is a new address. What you send from now on names it"), "good")
    return go(url_for(".show", key=key, letter_id=letter_id))


@bp.post(f"{PATH}/domains")
@action("inbound.handle")
def believe(key: str, letter_id: int) -> ResponseReturnValue:
    """Believe proved mail from another domain."""
    campaign, letter = _find(key, letter_id, "inbound.handle")
    form = forms.BelieveForm()
    if form.validate_on_submit():
        try:
            believing.believe(letter, form.domain.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("From now on, proved mail from there counts as theirs"), "good")
            return go(url_for(".show", key=key, letter_id=letter_id))
    return _page(campaign, letter_id, 422, form)


@bp.post(f"{PATH}/domains/<int:domain_id>/removal")
@action("inbound.handle")
def stop_believing(key: str, letter_id: int, domain_id: int) -> ResponseReturnValue:
    """Believe it no longer."""
    campaign, _letter = _find(key, letter_id, "inbound.handle")
    row = get_or_404(BelievedDomain.select(), BelievedDomain.campaign == campaign.id, BelievedDomain.id == domain_id)
    row.campaign = campaign
    believing.stop_believing(row, by=current_person())
    flash(_("Mail from there waits for a lead’s word again"), "good")
    return go(url_for(".show", key=key, letter_id=letter_id))


@bp.post(f"{PATH}/bounces/<int:bounce_id>")
@action("inbound.handle")
def settle(key: str, letter_id: int, bounce_id: int) -> ResponseReturnValue:
    """Whether a letter that was reported back arrived all the same."""
    _campaign, letter = _find(key, letter_id, "inbound.handle")
    rows = Bounce.select(Bounce, Delivery).join(Delivery).where(Delivery.letter == letter.id)
    bounce = get_or_404(rows, Bounce.id == bounce_id)
    arrived = request.form.get("arrived") == "yes"
    try:
        believing.settle_bounce(bounce, letter, arrived=arrived, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("Kept: it arrived") if arrived else _("Kept: it did not arrive. You can send it again"), "good")
    return go(url_for(".show", key=key, letter_id=letter_id))
