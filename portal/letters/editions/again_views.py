"""A signer's own page for a new version: what changed, one press to stand under it, one to take the name off."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.letters import sheet, signing
from portal.letters.editions import again, comparing
from portal.letters.finding import newest_version
from portal.letters.models import LetterVersion, Signature
from portal.web import action, go, render

bp = Blueprint("again", __name__)


@bp.get("/signatures/<token>/again")
@action("site.read")
def show(token: str) -> Response:
    """The new words beside those that were signed. Opening it changes nothing."""
    return _page(token)


@bp.post("/signatures/<token>/again")
@action("site.read")
def sign(token: str) -> Response:
    """Put the name to the new words, too."""
    signature = signing.by_manage_token(token)
    if signature is None:
        return render("signing/old_link.html", status=410)
    try:
        again.sign_again(signature)
    except RuleBroken as broken:
        return _page(token, 422, problem=broken.message)
    flash(_("Your name stands under the new words now. Thank you"), "good")
    return go(url_for("signatures.manage", token=token))


def _page(token: str, status: int = 200, **given: Any) -> Response:
    signature: Signature | None = signing.by_manage_token(token)
    if signature is None:
        return render("signing/old_link.html", status=410)
    letter = signature.letter
    newest: LetterVersion | None = newest_version(letter)
    assert newest is not None
    old, new = sheet.frozen_content(signature.version), sheet.frozen_content(newest)
    context: dict[str, Any] = {
        "signature": signature,
        "letter": letter,
        "token": token,
        "newest": newest,
        "is_done": signature.version_id == newest.id,
        "is_open": letter.is_open_for_signing and not letter.campaign.is_closed,
        "changes": comparing.differences(old, new),
        "problem": None,
        **given,
    }
    return render("editions/again.html", status=status, **context)
