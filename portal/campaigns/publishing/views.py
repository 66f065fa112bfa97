"""Publishing nothing new for a while, and going on."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.campaigns import roles
from portal.campaigns.finding import find_campaign
from portal.campaigns.publishing import forms, operations
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("publishing", __name__)
PATH = "/campaigns/<key>/publishing"


@bp.route(PATH, methods=["GET", "POST"])
@action("campaign.stop_publishing")
def show(key: str) -> Response:
    """Whether anything new may become public; and the press that stops it at once."""
    campaign = find_campaign(key, "campaign.stop_publishing")
    form = forms.PausePublishingForm()
    if form.validate_on_submit():
        try:
            operations.pause_publishing(campaign, by=current_person(), why=form.why.data or "")
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Nothing new of this campaign becomes public from now on"))
            return go(url_for(".show", key=key))
    pause = operations.pause_of(campaign)
    asked_by = Person.get_or_none(Person.id == pause.lift_asked_by_id) if pause and pause.lift_asked_by_id else None
    return render(
        "publishing/show.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        form=form,
        pause=pause,
        begun_by=Person.get_or_none(Person.id == pause.begun_by_id) if pause else None,
        asked_by=asked_by,
        is_mine=asked_by is not None and asked_by.id == current_person().id,
        takes_two=pause is not None and len(roles.current_leads(campaign)) > 1,
    )


@bp.post(f"{PATH}/going-on")
@action("campaign.stop_publishing")
def go_on(key: str) -> Response:
    """Ask to publish again, or agree to it."""
    campaign = find_campaign(key, "campaign.stop_publishing")
    try:
        is_on = operations.ask_to_go_on(campaign, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("The campaign can publish again") if is_on else _("You asked. Another lead has to agree"))
    return go(url_for(".show", key=key))
