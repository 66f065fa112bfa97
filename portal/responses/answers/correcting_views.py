"""Putting right what was logged by hand, and setting aside what was logged by mistake."""

import json
from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.errors import RuleBroken
from portal.responses import words
from portal.responses.answers import correcting, forms, queries
from portal.responses.answers.finding import Logged, find_answer
from portal.responses.models import Response as Answered
from portal.web import action, current_person, go, may, render, require, show_rule

bp = Blueprint("correcting", __name__)
PATH = "/campaigns/<key>/responses/<int:response_id>/corrections"


@bp.get(PATH)
@action("response.read")
def show(key: str, response_id: int) -> Response:
    """What was put right, and, for who logged it and for leads, the form to do so."""
    _campaign, response = find_answer(key, response_id, "response.read")
    return _page(response)


@bp.post(PATH)
@action("response.correct")
def correct(key: str, response_id: int) -> Response:
    """Put it right."""
    _campaign, response = find_answer(key, response_id, "response.read")
    require("response.correct", Logged(response))
    form = forms.CorrectAnswerForm()
    if form.validate_on_submit():
        try:
            correcting.correct_answer(
                response,
                channel=form.channel.data,
                from_name=form.from_name.data,
                text=form.text.data or "",
                received_on=form.received_on.data,
                why=form.why.data,
                by=current_person(),
            )
        except RuleBroken as broken:
            # The operation about days calls its field by another name.
            field = "received_on" if broken.field == "day" else broken.field
            show_rule(form, RuleBroken(broken.message, field=field))
        else:
            flash(_("It is put right. What stood there before stays on record"))
            return go(url_for(".show", key=key, response_id=response_id))
    return _page(response, 422, form=form)


@bp.post(f"{PATH}/mistake")
@action("response.correct")
def mistake(key: str, response_id: int) -> Response:
    """It should never have been logged."""
    _campaign, response = find_answer(key, response_id, "response.read")
    require("response.correct", Logged(response))
    form = forms.MistakeForm(prefix="mistake")
    if form.validate_on_submit():
        try:
            correcting.set_aside(response, why=form.why.data, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is set aside. A note of it stays, with your reason"))
            return go(url_for(".index", key=key))
    return _page(response, 422, wrong=form)


@bp.get("/campaigns/<key>/answers/set-aside")
@action("response.read")
def index(key: str) -> Response:
    """What was logged by mistake, newest first."""
    campaign = find_campaign(key, "response.read")
    rows = queries.set_aside_in(campaign)
    return render(
        "answers/set_aside.html",
        campaign=campaign,
        rows=[(row, json.loads(row.files)) for row in rows],
        channels=words.CHANNELS,
    )


def _page(response: Answered, status: int = 200, *, form: Any = None, wrong: Any = None) -> Response:
    is_mine = may("response.correct", Logged(response)) and correcting.is_by_hand(response)
    return render(
        "answers/corrections.html",
        status=status,
        campaign=response.campaign,
        response=response,
        letter=response.letter,
        history=correcting.history_of(response),
        is_by_hand=correcting.is_by_hand(response),
        is_mine=is_mine,
        form=form or forms.CorrectAnswerForm(formdata=None, obj=response),
        mistake_form=wrong or forms.MistakeForm(formdata=None, prefix="mistake"),
        channels=words.CHANNELS,
    )
