"""The holding pen: mail for no letter that we know of. Stewards see its headers, never its words."""

import re

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.inbound import forms, operations, queries, words
from portal.inbound.addresses import read_recipient
from portal.inbound.models import InboundMail
from portal.letters.models import Letter, ReplyAddress
from portal.storage import StoredFile
from portal.web import action, current_person, get_or_404, go, render, require, show_rule

bp = Blueprint("holding_pen", __name__)
PATH = "/holding-pen"


def _find(held_id: int) -> InboundMail:
    require("inbound.steward")
    rows = InboundMail.select(InboundMail, StoredFile).join(StoredFile).where(InboundMail.letter.is_null())
    return get_or_404(rows, InboundMail.id == held_id, InboundMail.sort == "held")


def _page(mail: InboundMail, status: int = 200, form: forms.HandOverForm | None = None) -> ResponseReturnValue:
    form = form or forms.HandOverForm(formdata=None)
    return render("inbound/held.html", status=status, mail=mail, whys=words.WHYS, form=form)


@bp.get(PATH)
@action("inbound.steward")
def index() -> ResponseReturnValue:
    """Everything that is held, newest first."""
    require("inbound.steward")
    before = request.args.get("before", type=int)
    mails, older = queries.held_mails(before=before)
    return render("inbound/pen.html", mails=mails, older=older, before=before, whys=words.WHYS)


@bp.get(f"{PATH}/<int:held_id>")
@action("inbound.steward")
def show(held_id: int) -> ResponseReturnValue:
    """One held mail: from whom, to which address, when, why."""
    return _page(_find(held_id))


@bp.post(f"{PATH}/<int:held_id>/letter")
@action("inbound.steward")
def hand_over(held_id: int) -> ResponseReturnValue:
    """Give it to the letter that it was meant for."""
    mail = _find(held_id)
    form = forms.HandOverForm()
    if form.validate_on_submit():
        try:
            operations.hand_over(mail, _letter_named(form.where.data), by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Handed over. The leads of that letter look at it next"), "good")
            return go(url_for(".index"))
    return _page(mail, 422, form)


def _letter_named(typed: str) -> Letter:
    """The letter of a reply address, open or closed, or of a public page. Raises RuleBroken when there is none."""
    recipient = read_recipient(typed, current_app.config)
    keys = re.findall(r"[A-Za-z0-9_-]{16,32}", typed.rpartition("://")[2])
    letter = None
    if recipient is not None and recipient.token:
        letter = Letter.select().join(ReplyAddress).where(ReplyAddress.token == recipient.token).first()
    elif keys:
        letter = Letter.select().where(Letter.key.in_(keys[:5])).first()
    if letter is None:
        raise RuleBroken(
            _("No letter has that address. Copy it from the letter’s page, or from the paper"), field="where"
        )
    return letter


@bp.post(f"{PATH}/<int:held_id>/removal")
@action("inbound.steward")
def delete(held_id: int) -> ResponseReturnValue:
    """Delete it for good."""
    mail = _find(held_id)
    try:
        operations.delete_held(mail, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("Deleted, with its file"), "good")
    return go(url_for(".index"))
