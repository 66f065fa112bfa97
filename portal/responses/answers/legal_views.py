"""Stop and think: the page for a threat of legal action."""

from flask import Blueprint, Response, abort, flash, url_for

from portal.errors import RuleBroken
from portal.responses import words
from portal.responses.answers import legal
from portal.responses.answers.finding import find_answer
from portal.web import action, current_person, go, render

bp = Blueprint("legal", __name__)
PATH = "/campaigns/<key>/responses/<int:response_id>/legal"


@bp.get(PATH)
@action("response.read")
def show(key: str, response_id: int) -> Response:
    """What such a letter usually wants, what to do in which order, and what has been done."""
    campaign, response = find_answer(key, response_id, "response.read")
    return render(
        "answers/legal.html",
        campaign=campaign,
        response=response,
        letter=response.letter,
        steps=legal.STEPS,
        is_threat=legal.is_threat(response),
        done=legal.steps_of(response),
        channels=words.CHANNELS,
    )


@bp.post(f"{PATH}/<step>")
@action("response.settle")
def tick(key: str, response_id: int, step: str) -> Response:
    """A lead has seen to it that this is done."""
    _campaign, response = find_answer(key, response_id, "response.settle")
    if step not in legal.STEPS:
        abort(404)
    try:
        legal.tick_step(response, step, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    return go(url_for(".show", key=key, response_id=response_id, _anchor=step))


@bp.post(f"{PATH}/<step>/removal")
@action("response.settle")
def untick(key: str, response_id: int, step: str) -> Response:
    """It is not done after all."""
    _campaign, response = find_answer(key, response_id, "response.settle")
    if step not in legal.STEPS:
        abort(404)
    legal.untick_step(response, step, by=current_person())
    return go(url_for(".show", key=key, response_id=response_id, _anchor=step))
