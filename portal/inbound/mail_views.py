"""What a lead says of one message."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.inbound import forms, operations
from portal.inbound.models import InboundMail
from portal.inbound.views import ONE, find_mail, show_mail
from portal.web import action, current_person, go

bp = Blueprint("mail", __name__)


@bp.post(f"{ONE}/theirs")
@action("inbound.handle")
def theirs(key: str, inbound_id: int) -> ResponseReturnValue:
    """This is from them: keep it as an answer."""
    campaign, mail = find_mail(key, inbound_id, "inbound.handle")
    form = forms.TheirsForm()
    if form.validate_on_submit():
        try:
            response = operations.take_as_answer(mail, by=current_person(), believe_domain=form.believe_domain.data)
        except RuleBroken as broken:
            flash(broken.message, "warn")
            return go(url_for("inbound.show", key=key, inbound_id=mail.id))
        flash(_("It is kept as an answer. Only people in the circle see it"), "good")
        return go(url_for("responses.show", key=key, response_id=response.id))
    return show_mail(campaign, mail, 422, form)


@bp.post(f"{ONE}/aside")
@action("inbound.handle")
def set_aside(key: str, inbound_id: int) -> ResponseReturnValue:
    """It is not from them: keep it out of the way."""
    _campaign, mail = find_mail(key, inbound_id, "inbound.handle")
    return _say(key, operations.set_aside, mail, _("Set aside. It is kept, and you can bring it back"))


@bp.post(f"{ONE}/back")
@action("inbound.handle")
def bring_back(key: str, inbound_id: int) -> ResponseReturnValue:
    """It was set aside too soon."""
    _campaign, mail = find_mail(key, inbound_id, "inbound.handle")
    return _say(key, operations.bring_back, mail, _("It waits for a word again"))


@bp.post(f"{ONE}/real")
@action("inbound.handle")
def real(key: str, inbound_id: int) -> ResponseReturnValue:
    """It looked like a machine's, and is an answer."""
    _campaign, mail = find_mail(key, inbound_id, "inbound.handle")
    return _say(key, operations.call_real, mail, _("It waits to be read into the sheet"))


def _say(key: str, operation: Callable[..., Any], mail: InboundMail, said: str) -> ResponseReturnValue:
    try:
        operation(mail, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(said, "good")
    return go(url_for("inbound.show", key=key, inbound_id=mail.id))
