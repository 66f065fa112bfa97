"""Signing in and out, and the page about yourself."""

from typing import Any

from flask import Blueprint, Response, flash, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from portal import limits
from portal.errors import RuleBroken
from portal.people import forms, operations
from portal.people.models import OrganizerProfile, SignIn
from portal.web import action, current_person, get_or_404, go, read_next, render, require, show_rule

bp = Blueprint("people", __name__)


def _device() -> str:
    """A coarse name of the browser, so that its owner knows it again; nothing that tracks."""
    agent = request.user_agent.string
    system = next(
        (name for name in ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux") if name in agent), ""
    )
    browser = next((name for name in ("Firefox", "Edg", "Chrome", "Safari") if name in agent), "")
    words = {"Edg": "Edge", "Macintosh": "Mac"}
    return " on ".join(words.get(part, part) for part in (browser, system) if part) or _("A browser")


def _sign_in(sign_in: SignIn, to: str) -> Response:
    # A fresh session: nothing that was there before signing in may go on inside it.
    session.clear()
    session.permanent = True
    login_user(sign_in.person)
    return go(to)


@bp.route("/sign-in", methods=["GET", "POST"])
@action("site.sign_in")
def sign_in() -> Response:
    """Ask for a link by mail, or go on to the password."""
    if current_person() is not None and request.method == "GET":
        return go(read_next(request.args.get("next", "")))
    form = forms.AskForLinkForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if form.validate_on_submit():
        operations.ask_for_link(form.email.data, next_path=read_next(form.next.data or ""), network=limits.network())
        return go(url_for(".sign_in_sent"))
    return render("people/sign_in.html", "sign_in_form", status=422 if form.errors else 200, form=form)


@bp.get("/sign-in/sent")
@action("site.sign_in")
def sign_in_sent() -> Response:
    """The link is on its way."""
    return render("people/sign_in_sent.html", minutes=operations.LINK_MINUTES)


@bp.route("/sign-in/password", methods=["GET", "POST"])
@action("site.sign_in")
def sign_in_password() -> Response:
    """Sign in by password."""
    form = forms.PasswordSignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if form.validate_on_submit():
        found = operations.sign_in_by_password(
            form.email.data, form.password.data, device=_device(), network=limits.network()
        )
        if found is not None:
            return _sign_in(found, read_next(form.next.data or ""))
        form.password.errors = [_("The address and the password do not fit together")]
    return render("people/sign_in_password.html", "sign_in_form", status=422 if form.errors else 200, form=form)


@bp.route("/sign-in/link/<secret>", methods=["GET", "POST"])
@action("site.sign_in")
def sign_in_link(secret: str) -> Response:
    """GET shows a button, so that a mail scanner signs nobody in; POST signs in."""
    limits.spend(limits.CODE_TRY, limits.network())
    link = operations.find_link(secret)
    if link is None:
        return render("people/sign_in_old.html", status=410)
    form = forms.UseLinkForm()
    is_new = operations.is_new(link.email)
    if form.validate_on_submit():
        try:
            found, to = operations.use_link(secret, name=form.name.data or "", device=_device())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            return _sign_in(found, to or "/")
    return render("people/sign_in_link.html", status=422 if form.errors else 200, form=form, link=link, is_new=is_new)


@bp.post("/sign-out")
@action("account.use")
def sign_out() -> Response:
    """Sign this browser out and have it forget what it kept."""
    require("account.use")
    person = current_person()
    operations.end_sign_in(person.sign_in, by=person)
    logout_user()
    session.clear()
    response = go(url_for("dashboards.start"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _me(status: int = 200, **given: Any) -> Response:
    person = current_person()
    sign_ins = list(
        SignIn.select()
        .where(SignIn.person == person.id, SignIn.ended_at.is_null())
        .order_by(SignIn.last_seen_at.desc())
    )
    profile = OrganizerProfile.get_or_none(OrganizerProfile.person == person.id)
    context = {
        "person": person,
        "sign_ins": sign_ins,
        "profile": profile,
        "this_one": person.sign_in,
        "name_form": forms.NameForm(obj=person, formdata=None),
        "password_form": forms.PasswordForm(formdata=None),
        **given,
    }
    return render("people/me.html", status=status, **context)


@bp.get("/me")
@action("account.use")
def me() -> Response:
    """Name, password, where you are signed in, organizing."""
    require("account.use")
    return _me()


@bp.post("/me/name")
@action("account.use")
def change_name() -> Response:
    """Change the own name."""
    require("account.use")
    form = forms.NameForm()
    if form.validate_on_submit():
        operations.change_name(current_person(), form.name.data)
        flash(_("Your name is changed"))
        return go(url_for(".me"))
    return _me(422, name_form=form)


@bp.post("/me/password")
@action("account.use")
def set_password() -> Response:
    """Set or change the password."""
    require("account.use")
    form = forms.PasswordForm()
    if form.validate_on_submit():
        try:
            operations.set_password(current_person(), form.password.data)
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Your password is set. Every other browser is signed out"))
            return go(url_for(".me"))
    return _me(422, password_form=form)


@bp.post("/me/sign-ins/<int:sign_in_id>/end")
@action("account.use")
def end_sign_in(sign_in_id: int) -> Response:
    """Sign out one browser."""
    require("account.use")
    person = current_person()
    found = get_or_404(SignIn.select().where(SignIn.person == person.id), SignIn.id == sign_in_id)
    operations.end_sign_in(found, by=person)
    return go(url_for(".me"))


@bp.post("/me/sign-ins/end-others")
@action("account.use")
def end_other_sign_ins() -> Response:
    """Sign out every other browser."""
    require("account.use")
    person = current_person()
    operations.end_other_sign_ins(person, keep=person.sign_in)
    flash(_("Every other browser is signed out"))
    return go(url_for(".me"))


@bp.route("/me/organizing", methods=["GET", "POST"])
@action("account.use")
def organizing() -> Response:
    """Declare for whom you organize."""
    require("account.use")
    person = current_person()
    profile = OrganizerProfile.get_or_none(OrganizerProfile.person == person.id)
    form = forms.DeclarationForm(obj=profile)
    if form.validate_on_submit():
        operations.declare_interest(person, declaration=form.declaration.data, area=form.area.data or "")
        flash(_("Your declaration is saved. It stands beside your name wherever you help"))
        return go(url_for(".me"))
    return render("people/organizing.html", status=422 if form.errors else 200, form=form, profile=profile)
