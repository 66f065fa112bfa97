"""Organizers of a campaign: asking one in, their answer, the end of their help."""

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext as _

from portal.campaigns import circle_queries, organizers
from portal.campaigns.circle_forms import AskOrganizerForm, ConfirmForm
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Attachment, Campaign
from portal.errors import RuleBroken
from portal.people.models import OrganizerProfile
from portal.web import action, current_person, go, may, render, show_rule

bp = Blueprint("organizers", __name__)


@bp.get("/campaigns/<key>/organizers")
@action("campaign.read_organizers")
def index(key: str) -> Response:
    """Who helps, for whom they work, and how to ask somebody. Somebody who was asked is led to their answer."""
    campaign = find_campaign(key, "campaign.read_organizers")
    if not may("campaign.read_inside", campaign):
        return go(url_for(".answer", key=key))
    return _page(campaign, AskOrganizerForm(formdata=None))


def _page(campaign: Campaign, form: AskOrganizerForm) -> Response:
    helpers = circle_queries.around(campaign).helpers
    return render(
        "organizers/index.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        form=form,
        helpers=helpers,
        me=current_person(),
    )


@bp.post("/campaigns/<key>/organizers")
@action("campaign.attach_organizer")
def ask(key: str) -> Response:
    """Ask somebody to help."""
    campaign = find_campaign(key, "campaign.attach_organizer")
    form = AskOrganizerForm()
    if form.validate_on_submit():
        try:
            organizers.ask_organizer(campaign, form.email.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            # The same words whether or not the address has an account: the page gives away no strangers.
            flash(_("We wrote to %(to)s. You see them here once they have declared", to=form.email.data), "good")
            return go(url_for(".index", key=key))
    return _page(campaign, form)


@bp.post("/campaigns/<key>/organizers/<int:attachment_id>/end")
@action("campaign.attach_organizer")
def end(key: str, attachment_id: int) -> Response:
    """A lead ends the help, or takes the question back."""
    campaign = find_campaign(key, "campaign.attach_organizer")
    attachment = find_in(campaign, Attachment, attachment_id)
    organizers.end_attachment(attachment, by=current_person())
    flash(_("%(name)s does not help this campaign any more", name=attachment.person.display_name), "good")
    return go(url_for(".index", key=key))


def _own_attachment(campaign: Campaign) -> Attachment:
    person = current_person()
    attachment = Attachment.get_or_none(
        Attachment.campaign == campaign.id, Attachment.person == person.id, Attachment.ended_at.is_null()
    )
    if attachment is None:
        abort(404)
    attachment.campaign, attachment.person = campaign, person
    return attachment


@bp.route("/campaigns/<key>/organizers/answer", methods=["GET", "POST"])
@action("campaign.answer_attachment")
def answer(key: str) -> Response:
    """What is asked of the organizer, and yes."""
    campaign = find_campaign(key, "campaign.answer_attachment")
    attachment = _own_attachment(campaign)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            organizers.accept_asking(attachment, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("You help this campaign now. Its members see your declaration beside your name"), "good")
            return go(url_for("dashboards.campaign", key=key))
    profile = OrganizerProfile.get_or_none(OrganizerProfile.person == attachment.person_id)
    return render(
        "organizers/answer.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        attachment=attachment,
        profile=profile,
        form=form,
    )


@bp.post("/campaigns/<key>/organizers/answer/no")
@action("campaign.answer_attachment")
def stop(key: str) -> Response:
    """The organizer says no, or stops helping."""
    campaign = find_campaign(key, "campaign.answer_attachment")
    attachment = _own_attachment(campaign)
    was_helping = attachment.accepted_at is not None
    organizers.end_attachment(attachment, by=current_person())
    said = _("You do not help this campaign any more") if was_helping else _("You have said no. Nobody asks why")
    flash(said, "good")
    return go(url_for("dashboards.start"))
