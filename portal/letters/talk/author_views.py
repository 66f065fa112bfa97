"""Who wrote the letter and who keeps it moving: offering that, taking it on, saying no."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters.finding import find_letter
from portal.letters.models import Letter
from portal.letters.talk import forms, lead
from portal.web import action, current_person, go, may, render, show_rule

bp = Blueprint("authors", __name__)

LEAD = "/campaigns/<key>/letters/<int:letter_id>/authors"


@bp.get(LEAD)
@action("letter.read")
def show(key: str, letter_id: int) -> Response:
    """Those whose words are in the letter, and who keeps it moving."""
    campaign = find_campaign(key, "letter.read")
    return _page(campaign, find_letter(campaign, letter_id))


@bp.post(LEAD + "/offer")
@action("letter.take_lead")
def offer(key: str, letter_id: int) -> Response:
    """Ask another writer to keep it moving."""
    campaign, letter = _find(key, letter_id)
    writers = lead.writers_of(campaign)
    form = _offer_form(writers)
    if form.validate_on_submit():
        chosen = next(one for one in writers if str(one.id) == form.person.data)
        try:
            lead.offer_lead(letter, chosen, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("%(name)s is asked by mail. Until the answer comes, it stays with you", name=chosen.first_name))
            return go(url_for(".show", key=key, letter_id=letter_id))
    return _page(campaign, letter, form=form, writers=writers, status=422)


@bp.post(LEAD + "/offer/answer/<any(yes,no):answer>")
@action("letter.take_lead")
def answer(key: str, letter_id: int, answer: str) -> Response:
    """Say yes or no to an offer; whoever offered may take it back."""
    campaign, letter = _find(key, letter_id)
    try:
        if answer == "yes":
            lead.accept_lead(letter, by=current_person())
            flash(_("You keep this letter moving from now on"), "good")
        else:
            lead.stop_offering(letter, by=current_person())
            flash(_("It stays as it was"), "good")
    except RuleBroken as broken:
        return _page(campaign, find_letter(campaign, letter_id), problem=broken.message, status=409)
    return go(url_for(".show", key=key, letter_id=letter_id))


@bp.post(LEAD + "/taking-over")
@action("letter.take_lead")
def take(key: str, letter_id: int) -> Response:
    """Take it up without an offer, when it lies still."""
    campaign, letter = _find(key, letter_id)
    try:
        lead.take_lead(letter, by=current_person())
    except RuleBroken as broken:
        return _page(campaign, find_letter(campaign, letter_id), problem=broken.message, status=409)
    flash(_("You keep this letter moving from now on"), "good")
    return go(url_for(".show", key=key, letter_id=letter_id))


def _find(key: str, letter_id: int) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, "letter.take_lead")
    return campaign, find_letter(campaign, letter_id)


def _offer_form(writers: list) -> forms.OfferForm:
    form = forms.OfferForm()
    me = current_person().id
    form.person.choices = [(str(one.id), one.display_name) for one in writers if one.id != me]
    return form


def _page(
    campaign: Campaign,
    letter: Letter,
    *,
    form: forms.OfferForm | None = None,
    writers: list | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    writers = lead.writers_of(campaign) if writers is None else writers
    me = current_person()
    author_writes = letter.lead_author_id in {one.id for one in writers}
    return render(
        "authors/show.html",
        status=status,
        campaign=campaign,
        letter=letter,
        form=form or _offer_form(writers),
        others=[one for one in writers if one.id != me.id],
        names=letter.author_names,
        saved_at=lead.last_saved(letter),
        quiet=lead.is_quiet(letter),
        may_take=may("letter.take_lead", letter)
        and lead.may_take_over(letter, me, quiet=lead.is_quiet(letter), author_writes=author_writes),
        problem=problem,
    )
