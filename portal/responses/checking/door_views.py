"""The list for the doors: printed, ticked by hand, and entered row by row."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from portal.errors import RuleBroken
from portal.responses import promise_queries, words
from portal.responses.checking import looking, queries
from portal.responses.checking.finding import find_promise
from portal.responses.checking.forms import RowForm
from portal.responses.models import Commitment
from portal.web import action, current_person, done, go, render, wants_fragment

bp = Blueprint("door_lists", __name__)

PATH = "/campaigns/<key>/promises/<int:commitment_id>/door-list"
# Rows on one page of the form: a large block is entered in several.
PAGE = 42


@bp.get(PATH)
@action("commitment.check")
def paper(key: str, commitment_id: int) -> Response:
    """The list to print: floor by floor, in large letters, with a box for each answer."""
    commitment = find_promise(key, commitment_id, "commitment.check")
    doors = queries.doors_for(commitment, current_person())
    called = [door for door in doors if door.may_be_called_on]
    return render(
        "promises/door_list.html",
        campaign=commitment.campaign,
        promise=commitment,
        floors=queries.by_floor(called),
        count=len(called),
        left_out=len(doors) - len(called),
        ticked=words.TICKED,
    )


@bp.get(f"{PATH}/answers")
@action("commitment.check")
def enter(key: str, commitment_id: int) -> Response:
    """Enter what is ticked on the paper, one row for each home."""
    commitment = find_promise(key, commitment_id, "commitment.check")
    return _page(commitment, start=request.args.get("from", 0, type=int))


@bp.post(f"{PATH}/answers/<int:home_id>")
@action("commitment.check")
def save(key: str, commitment_id: int, home_id: int) -> Response:
    """Save one row. The same row again replaces it."""
    commitment = find_promise(key, commitment_id, "commitment.check")
    start = request.form.get("from", 0, type=int)
    doors = queries.doors_for(commitment, current_person())
    door = next((door for door in doors if door.home.id == home_id), None)
    if door is None:
        abort(404)
    form = RowForm()
    if form.validate_on_submit():
        try:
            if form.verdict.data == "nobody_in":
                looking.note_nobody_in(commitment, by=current_person(), home=door.home)
            else:
                looking.enter_for_home(
                    commitment, by=current_person(), home=door.home, verdict=form.verdict.data, how="door_list"
                )
        except RuleBroken as broken:
            form.verdict.errors = [broken.message]
    if form.errors:
        mistakes = {home_id: list(form.verdict.errors)}
        return _page(commitment, start=start, status=422, mistakes=mistakes, only=home_id)
    to = _enter_url(commitment, start)
    if not wants_fragment():
        return go(f"{to}#home-{home_id}")
    return done("promises/door_entry_row.html", ["row", "tally"], to=to, **_context(commitment, start, only=home_id))


def _enter_url(commitment: Commitment, start: int) -> str:
    given: dict[str, Any] = {"from": start} if start else {}
    return url_for(".enter", key=commitment.campaign.key, commitment_id=commitment.id, **given)


def _page(commitment: Commitment, *, start: int, status: int = 200, **given: Any) -> Response:
    only = given.pop("only", 0)
    if only and wants_fragment():
        context = _context(commitment, start, only=only, **given)
        return render("promises/door_entry_row.html", "row", status=status, **context)
    return render(
        "promises/door_entry.html", status=status, page_error=status != 200, **_context(commitment, start, **given)
    )


def _context(
    commitment: Commitment, start: int, *, mistakes: dict[int, list[str]] | None = None, only: int = 0
) -> dict[str, Any]:
    doors = [door for door in queries.doors_for(commitment, current_person()) if door.may_be_called_on]
    checks = promise_queries.checks_of(commitment)
    rows = queries.rows_of(commitment, doors, checks)
    start = start if 0 <= start < len(rows) else 0
    return {
        "campaign": commitment.campaign,
        "promise": commitment,
        "rows": rows[start : start + PAGE],
        "row": next((row for row in rows if row.door.home.id == only), None),
        "done_count": sum(row.is_entered for row in rows),
        "count": len(rows),
        "start": start,
        "earlier": _enter_url(commitment, max(0, start - PAGE)) if start else None,
        "later": _enter_url(commitment, start + PAGE) if start + PAGE < len(rows) else None,
        "ticked": words.TICKED,
        "mistakes": mistakes or {},
    }
