"""Links into the circle: making them, passing them on, coming in by one."""

from flask import Blueprint, Response, abort, current_app, flash, make_response, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal import clock, paper
from portal.campaigns import circle, invitations
from portal.campaigns.circle_forms import ConfirmForm, InvitationForm, MailInvitationForm
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign, Invitation
from portal.errors import RuleBroken
from portal.language import current_language, direction_of
from portal.people.models import Person
from portal.web import absolute, action, current_person, go, remember_next, render, require, show_rule

bp = Blueprint("invitations", __name__)
PAGE = 50


def _link(invitation: Invitation) -> str:
    return absolute(url_for("invitations.accept", token=invitations.token_of(invitation)))


def _open_links(campaign: Campaign, person: Person, before: int | None) -> list[Invitation]:
    """The open links that this person may close: their own, or everybody's for a lead."""
    rows = (
        Invitation.select(Invitation, Person)
        .join(Person, on=(Invitation.made_by == Person.id))
        .where(Invitation.campaign == campaign.id, Invitation.closed_at.is_null(), Invitation.expires_at > clock.now())
        .order_by(Invitation.id.desc())
        .limit(PAGE + 1)
    )
    if "lead" not in campaign.parts_of(person):
        rows = rows.where(Invitation.made_by == person.id)
    if before is not None:
        rows = rows.where(Invitation.id < before)
    return list(rows)


@bp.route("/campaigns/<key>/invitations", methods=["GET", "POST"])
@action("campaign.invite")
def index(key: str) -> Response:
    """Your links, and a new one."""
    campaign = find_campaign(key, "campaign.invite")
    person = current_person()
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            is_poster = "poster" in request.form
            made = invitations.make_invitation(campaign, by=person, note=form.note.data or "", is_poster=is_poster)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return go(url_for(".show", key=key, invitation_id=made.id))
    links = _open_links(campaign, person, request.args.get("before", type=int))
    older_url = f"{url_for('.index', key=key)}?before={links[PAGE - 1].id}" if len(links) > PAGE else None
    return render(
        "invitations/index.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        form=form,
        links=links[:PAGE],
        older_url=older_url,
        me=person,
        link_days=invitations.LINK_DAYS,
        poster_days=invitations.POSTER_DAYS,
    )


def _find_own(campaign: Campaign, invitation_id: int) -> Invitation:
    invitation: Invitation = find_in(campaign, Invitation, invitation_id)
    if invitation.made_by_id != current_person().id:
        abort(404)
    return invitation


@bp.route("/campaigns/<key>/invitations/<int:invitation_id>", methods=["GET", "POST"])
@action("campaign.invite")
def show(key: str, invitation_id: int) -> Response:
    """One link to copy, to show as a code, or to send by mail."""
    campaign = find_campaign(key, "campaign.invite")
    invitation = _find_own(campaign, invitation_id)
    form = MailInvitationForm()
    if form.validate_on_submit():
        try:
            invitations.mail_invitation(invitation, form.email.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The invitation is on its way to %(email)s", email=form.email.data), "good")
            return go(url_for(".show", key=key, invitation_id=invitation.id))
    link = _link(invitation)
    is_open = invitations.is_open(invitation)
    code = Markup(paper.qr_svg(link, title=_("The link as a code for a phone"))) if is_open else None
    return render(
        "invitations/show.html",
        status=422 if form.errors else 200,
        campaign=campaign,
        invitation=invitation,
        form=form,
        link=link,
        code=code,
        is_open=is_open,
    )


@bp.post("/campaigns/<key>/invitations/<int:invitation_id>/closure")
@action("campaign.invite")
def close(key: str, invitation_id: int) -> Response:
    """Kill a link."""
    campaign = find_campaign(key, "campaign.invite")
    invitation = find_in(campaign, Invitation, invitation_id)
    try:
        invitations.close_invitation(invitation, by=current_person())
    except RuleBroken:
        abort(403)
    flash(_("The link is closed. It lets nobody in any more"), "good")
    return go(url_for(".index", key=key))


@bp.get("/campaigns/<key>/poster.pdf")
@action("campaign.invite")
def poster(key: str) -> Response:
    """The newest open poster link on a sheet to print."""
    campaign = find_campaign(key, "campaign.invite")
    invitation = invitations.open_poster(campaign)
    if invitation is None:
        flash(_("There is no poster yet. Make one here"))
        return go(url_for(".index", key=key))
    link = _link(invitation)
    language = current_language()
    sheet = {
        "lang": language,
        "dir": direction_of(language),
        "url": link,
        "qr": paper.qr_matrix(link),
        "kicker": _("For everybody who lives here"),
        "where": campaign.place.full_name,
        "sentence": _("We are neighbours, and we are doing something about it together. Scan the square to join us."),
        "group": current_app.config["SITE_NAME"],
        # Nobody types sixty signs off a strip of paper.
        "strips": False,
        "words": paper.words("poster", _),
    }
    response = make_response(paper.typeset("poster", sheet, title=campaign.title))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = "inline; filename=poster.pdf"
    return response


@bp.get("/join/<token>")
@action("site.read")
def accept(token: str) -> Response:
    """What somebody is invited to, before they say yes. Looking joins nothing."""
    return _landing(token)


@bp.post("/join/<token>")
@action("campaign.accept_invitation")
def join(token: str) -> Response:
    """Come in."""
    require("campaign.accept_invitation")
    invitation = invitations.find_invitation(token)
    if invitation is None:
        return render("invitations/dead.html", status=410)
    form = ConfirmForm()
    try:
        is_new = invitations.accept_invitation(invitation, by=current_person())
    except RuleBroken as broken:
        show_rule(form, broken)
        return _landing(token, form=form)
    if is_new:
        flash(_("You are in. Nobody outside the circle can see your name"), "good")
    return go(url_for("dashboards.campaign", key=invitation.campaign.key))


def _landing(token: str, form: ConfirmForm | None = None) -> Response:
    invitation = invitations.find_invitation(token)
    if invitation is None:
        return render("invitations/dead.html", status=410)
    person = current_person()
    is_in = person is not None and circle.membership_of(invitation.campaign, person) is not None
    return render(
        "invitations/accept.html",
        status=422 if form is not None and form.errors else 200,
        invitation=invitation,
        campaign=invitation.campaign,
        token=token,
        form=form or ConfirmForm(),
        is_in=is_in,
        next=remember_next(),
    )
