"""The history of the whole letter: everything that changed, any two states side by side, going back."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.letters import sheet
from portal.letters.editions import restoring, states
from portal.letters.editions.history_forms import NameForm, RestoreForm
from portal.letters.finding import find_letter
from portal.letters.models import Letter
from portal.letters.views import tell
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("history", __name__)

HISTORY = "/campaigns/<key>/letters/<int:letter_id>/history"


@bp.get(HISTORY)
@action("letter.read")
def index(key: str, letter_id: int) -> Response:
    """Everything that changed, newest first. `?named=yes` keeps the states that have a name."""
    campaign, letter = _find(key, letter_id, "letter.read")
    return _list(campaign, letter, NameForm(formdata=None, data={"seen": letter.version}))


@bp.get(HISTORY + "/<int:number>")
@action("letter.read")
def show(key: str, letter_id: int, number: int) -> Response:
    """The letter as it was after one change."""
    campaign, letter = _find(key, letter_id, "letter.read")
    return _past(campaign, letter, number, RestoreForm(formdata=None, data={"seen": letter.version}))


@bp.get(HISTORY + "/compare")
@action("letter.read")
def compare(key: str, letter_id: int) -> Response:
    """What lies between two states, `?from=` and `?to=`; the last two when the address does not say."""
    campaign, letter = _find(key, letter_id, "letter.read")
    new = _number("to", letter.version)
    old = _number("from", max(1, new - 1))
    found = states.states_of(letter, {old, new})
    if old not in found or new not in found:
        abort(404)
    return render(
        "history/compare.html",
        campaign=campaign,
        letter=letter,
        old=found[old],
        new=found[new],
        between=states.between(found[old], found[new]),
    )


@bp.post(HISTORY + "/<int:number>/restoring")
@action("letter.edit")
def restore(key: str, letter_id: int, number: int) -> Response:
    """Make the letter say what it said then. 409 when the text changed since the page was seen."""
    campaign, letter = _find(key, letter_id, "letter.edit")
    form = RestoreForm()
    status = 422
    if form.validate_on_submit():
        try:
            change = restoring.restore_letter(
                letter, number, seen=form.seen_version, by=current_person(), why=form.why.data or ""
            )
        except restoring.MovedOn as broken:
            show_rule(form, broken)
            form.seen.moved_on_to(find_letter(campaign, letter_id).version)
            status = 409
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            tell(change)
            flash(_("The letter says again what it said then. What stood here is kept in the history"), "good")
            return go(url_for("letters.show", key=key, letter_id=letter_id))
    return _past(campaign, letter, number, form, status=status)


@bp.post(HISTORY + "/names")
@action("letter.edit")
def name(key: str, letter_id: int) -> Response:
    """Name the letter as it stands now: outline, or proposed."""
    campaign, letter = _find(key, letter_id, "letter.edit")
    form = NameForm()
    status = 422
    if form.validate_on_submit():
        try:
            restoring.name_state(letter, form.name.data, seen=form.seen_version, by=current_person())
        except restoring.MovedOn as broken:
            show_rule(form, broken)
            form.seen.moved_on_to(find_letter(campaign, letter_id).version)
            status = 409
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("The letter as it stands has a name now. You find it again on this page"), "good")
            return go(url_for(".index", key=key, letter_id=letter_id))
    return _list(campaign, letter, form, status=status)


def _find(key: str, letter_id: int, asked: str) -> tuple[Campaign, Letter]:
    campaign = find_campaign(key, asked)
    return campaign, find_letter(campaign, letter_id)


def _number(which: str, otherwise: int) -> int:
    number = request.args.get(which, otherwise, type=int)
    return number if 0 < number < 2**31 else otherwise


def _list(campaign: Campaign, letter: Letter, form: Any, *, status: int = 200) -> Response:
    only_named = request.args.get("named") == "yes"
    before = request.args.get("before", type=int)
    changes, older = states.changes_of(letter, before=before, only_named=only_named)
    return render(
        "history/index.html",
        status=status,
        campaign=campaign,
        letter=letter,
        changes=changes,
        older=older,
        before=before,
        only_named=only_named,
        form=form,
    )


def _past(campaign: Campaign, letter: Letter, number: int, form: Any, *, status: int = 200) -> Response:
    state = states.states_of(letter, [number]).get(number)
    if state is None:
        abort(404)
    title, letter.title = letter.title, state.title
    shown = sheet.screen_sheet(letter, None, states.as_read(letter, state))  # type: ignore[arg-type]
    # Dated as it was then: with today's day it would look like a letter of today.
    shown = replace(shown, dated=clock.to_local(state.revision.at).date())
    letter.title = title
    return render(
        "history/show.html", status=status, campaign=campaign, letter=letter, state=state, sheet=shown, form=form
    )
