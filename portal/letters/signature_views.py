"""What a signer does by their own link, without an account."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.letters import signing
from portal.letters.finding import newest_version
from portal.letters.models import Signature
from portal.letters.signing_forms import HowShownForm
from portal.web import action, go, render

bp = Blueprint("signatures", __name__)


def _no_good() -> Response:
    return render("signing/old_link.html", status=410)


@bp.route("/signatures/confirm/<token>", methods=["GET", "POST"])
@action("site.read")
def confirm(token: str) -> Response:
    """GET shows a button, so that a mail scanner confirms nothing; POST counts."""
    signature = signing.by_confirm_token(token)
    if signature is None or signature.state == "withdrawn":
        return _no_good()
    problem = ""
    if request.method == "POST":
        try:
            signing.confirm(signature)
        except RuleBroken as broken:
            problem = broken.message
        else:
            flash(_("Your signature counts. Thank you"), "good")
            return go(url_for(".manage", token=signing.manage_token(signature)))
    status = 422 if problem else 200
    return render("signing/confirm.html", status=status, signature=signature, letter=signature.letter, problem=problem)


@bp.get("/signatures/<token>")
@action("site.read")
def manage(token: str) -> Response:
    """The signer's own page: how the name is shown, and the way out."""
    signature = signing.by_manage_token(token)
    if signature is None:
        return _no_good()
    form = HowShownForm(obj=signature, formdata=None)
    return _manage_page(signature, form, token)


@bp.post("/signatures/<token>/display")
@action("site.read")
def change_display(token: str) -> Response:
    """Show the name otherwise."""
    signature = signing.by_manage_token(token)
    if signature is None:
        return _no_good()
    form = HowShownForm()
    if form.validate_on_submit():
        signing.change_display(
            signature,
            display=form.display.data,
            show_to_target=form.show_to_target.data,
            wants_news=form.wants_news.data,
        )
        flash(_("Saved. It shows from now on; copies already handed over stay as they were"), "good")
        return go(url_for(".manage", token=token))
    return _manage_page(signature, form, token, status=422)


def _manage_page(signature: Signature, form: HowShownForm, token: str, status: int = 200) -> Response:
    letter = signature.letter
    version = newest_version(letter)
    newest = version.number if version is not None else 0
    return render(
        "signing/manage.html", status=status, signature=signature, letter=letter, form=form, token=token, newest=newest
    )


@bp.post("/signatures/<token>/withdrawal")
@action("site.read")
def withdraw(token: str) -> Response:
    """Take the name off."""
    signature = signing.by_manage_token(token)
    if signature is None:
        return _no_good()
    signing.withdraw(signature)
    return go(url_for(".manage", token=token))


@bp.route("/signatures/<token>/not-me", methods=["GET", "POST"])
@action("site.read")
def not_me(token: str) -> Response:
    """Somebody else typed this address: one press and it is never asked again for this letter."""
    signature = signing.by_manage_token(token)
    if signature is None:
        return _no_good()
    if request.method == "POST":
        signing.not_me(signature)
        return go(url_for(".not_me", token=token))
    return render("signing/not_me.html", signature=signature, letter=signature.letter, token=token)
