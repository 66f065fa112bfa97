"""Showing some of their own words to everybody: look, black out, press."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.inbound import excerpts, forms
from portal.inbound.models import PublicExcerpt
from portal.inbound.redaction import black_out
from portal.responses.models import Response as Answered
from portal.responses.queries import responses_of
from portal.web import action, current_person, get_or_404, go, render, show_rule

bp = Blueprint("excerpts", __name__)
PATH = "/campaigns/<key>/responses/<int:response_id>/their-words"


def _find(key: str, response_id: int) -> tuple[Campaign, Answered]:
    campaign = find_campaign(key, "response.publish")
    response = get_or_404(responses_of(campaign), Answered.id == response_id)
    response.campaign = response.letter.campaign = campaign
    return campaign, response


def _page(
    response: Answered, form: forms.ExcerptForm, status: int = 200, shown: PublicExcerpt | None = None
) -> ResponseReturnValue:
    neighbours = excerpts.neighbours_of(response.campaign)
    form.offer(neighbours.marks(form.text.data or ""))
    return render(
        "inbound/excerpt.html",
        status=status,
        campaign=response.campaign,
        response=response,
        form=form,
        is_shown=shown is not None,
    )


@bp.get(PATH)
@action("response.publish")
def edit(key: str, response_id: int) -> ResponseReturnValue:
    """Their words, with what may tell who lives where marked for you."""
    _campaign, response = _find(key, response_id)
    shown = excerpts.excerpt_of(response)
    words = shown.text if shown is not None else response.folded.fresh
    return _page(response, forms.ExcerptForm(formdata=None, data={"text": words}), shown=shown)


@bp.post(PATH)
@action("response.publish")
def show(key: str, response_id: int) -> ResponseReturnValue:
    """Black out what is ticked and look again; or show exactly this text."""
    campaign, response = _find(key, response_id)
    form = forms.ExcerptForm()
    ticked = form.pieces.data or []
    if request.form.get("do") == "black":
        form.text.data = black_out(form.text.data or "", ticked)
        again = forms.ExcerptForm(formdata=None, data={"text": form.text.data})
        return _page(response, again, shown=excerpts.excerpt_of(response))
    form.offer(excerpts.neighbours_of(campaign).marks(form.text.data or ""))
    if form.validate_on_submit():
        try:
            excerpts.show_excerpt(
                response, form.text.data, is_checked=form.is_checked.data and not ticked, by=current_person()
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Their words stand on the public page, below yours"), "good")
            return go(url_for("responses.show", key=key, response_id=response_id))
    return _page(response, form, 422, shown=excerpts.excerpt_of(response))


@bp.post(f"{PATH}/removal")
@action("response.publish")
def take_back(key: str, response_id: int) -> ResponseReturnValue:
    """Take their words off the public page."""
    _campaign, response = _find(key, response_id)
    try:
        excerpts.take_back(response, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("Their words are no longer public. Whoever has read them may remember them"), "good")
    return go(url_for("responses.show", key=key, response_id=response_id))
