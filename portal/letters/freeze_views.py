"""Freezing the text of a letter: what it means, asking, agreeing, and not yet."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters import freezing, sheet
from portal.letters.finding import find_letter
from portal.letters.models import Letter
from portal.letters.views import desk
from portal.web import action, current_person, go, render

bp = Blueprint("freezing", __name__)


@bp.get("/campaigns/<key>/letters/<int:letter_id>/freeze")
@action("letter.read")
def show(key: str, letter_id: int) -> Response:
    """What freezing means, what is still to do, and the question to the second lead."""
    campaign = find_campaign(key, "letter.read")
    return _page(campaign, find_letter(campaign, letter_id))


@bp.post("/campaigns/<key>/letters/<int:letter_id>/freeze")
@action("letter.freeze")
def ask(key: str, letter_id: int) -> Response:
    """Ask a second lead to agree that the text is finished."""

    def act(letter: Letter) -> None:
        freezing.ask_to_freeze(letter, seen=request.form.get("seen", 0, type=int), by=current_person())
        flash(_("You asked to freeze the text. Now a second lead has to agree"), "good")

    return _settle(key, letter_id, act)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/freeze/agreement")
@action("letter.freeze")
def agree(key: str, letter_id: int) -> Response:
    """Be the second lead: freeze the text."""

    def act(letter: Letter) -> None:
        version = freezing.agree_to_freeze(letter, by=current_person())
        flash(_("The text is frozen. Its fingerprint is %(code)s", code=version.fingerprint), "good")

    return _settle(key, letter_id, act)


@bp.post("/campaigns/<key>/letters/<int:letter_id>/freeze/withdrawal")
@action("letter.freeze")
def stop(key: str, letter_id: int) -> Response:
    """Take the question back, or say not yet."""

    def act(letter: Letter) -> None:
        freezing.stop_asking(letter, by=current_person())
        flash(_("The text stays open. Go on writing"))

    return _settle(key, letter_id, act)


def _settle(key: str, letter_id: int, act: Callable[[Letter], None]) -> Response:
    campaign = find_campaign(key, "letter.freeze")
    letter = find_letter(campaign, letter_id)
    try:
        act(letter)
    except RuleBroken as broken:
        return _page(campaign, find_letter(campaign, letter_id), status=422, problem=broken.message)
    if letter.is_frozen:
        return go(url_for("letters.show", key=key, letter_id=letter_id))
    return go(url_for(".show", key=key, letter_id=letter_id))


def _page(campaign: Campaign, letter: Letter, *, status: int = 200, **given: Any) -> Response:
    context = desk(campaign, letter, **given)
    stopping = [finding for finding in context["findings"] if finding.state == "stops"]
    if not letter.is_frozen:
        context["sheet"] = sheet.screen_sheet(letter, None, context["blocks"])
    return render("letters/freeze.html", status=status, stopping=stopping, **context)
