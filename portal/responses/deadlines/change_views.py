"""Changing a clock: another date, more time, done; and saying when things happened."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal import clock
from portal.errors import RuleBroken
from portal.language import format_day
from portal.letters.models import Delivery, Letter
from portal.responses import words
from portal.responses.deadlines import cards, corrections, forms, operations
from portal.responses.deadlines.finding import find, find_deadline
from portal.responses.deadlines.models import Deadline
from portal.responses.deadlines.pictured import everything_of
from portal.responses.models import Response as Answered
from portal.web import action, current_person, get_or_404, go, render, show_rule

bp = Blueprint("clocks", __name__)
PATH = "/campaigns/<key>/letters/<int:letter_id>/deadlines"
ONE = f"{PATH}/<int:deadline_id>"


def _form_page(letter: Letter, form: Any, template: str, act: Callable[[], None], said: str, **given: Any) -> Response:
    """The one way of every form here: a page, one operation, and back to the clocks."""
    to = url_for("deadlines.show", key=letter.campaign.key, letter_id=letter.id)
    if form.validate_on_submit():
        try:
            act()
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(said)
            return go(to)
    status = 422 if form.errors else 200
    return render(
        f"deadlines/{template}.html", status=status, campaign=letter.campaign, letter=letter, form=form, to=to, **given
    )


def _pressed(letter: Letter, act: Callable[[], None], said: str) -> Response:
    try:
        act()
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(said)
    return go(url_for("deadlines.show", key=letter.campaign.key, letter_id=letter.id))


def _card(deadline: Deadline) -> cards.Card:
    return cards.card_of(deadline, clock.now())


@bp.route(f"{ONE}/date", methods=["GET", "POST"])
@action("deadline.override")
def override(key: str, letter_id: int, deadline_id: int) -> Response:
    """Set another date, with the reason; the computed one stays beside it."""
    letter, deadline = find_deadline(key, letter_id, deadline_id, "deadline.override")
    form = forms.OverrideForm()

    def act() -> None:
        operations.set_another_date(deadline, on=form.on.data, reason=form.reason.data, by=current_person())

    return _form_page(
        letter, form, "override", act, _("Your date holds. The other one stays in sight"), card=_card(deadline)
    )


@bp.post(f"{ONE}/date/removal")
@action("deadline.override")
def back_to_rule(key: str, letter_id: int, deadline_id: int) -> Response:
    """The date of the rule holds again."""
    letter, deadline = find_deadline(key, letter_id, deadline_id, "deadline.override")
    return _pressed(
        letter, lambda: operations.go_back_to_rule(deadline, by=current_person()), _("The date of the rule holds again")
    )


@bp.route(f"{ONE}/extension", methods=["GET", "POST"])
@action("deadline.override")
def extend(key: str, letter_id: int, deadline_id: int) -> Response:
    """They asked for more time with a reason and a new date, and the rule allows it once."""
    letter, deadline = find_deadline(key, letter_id, deadline_id, "deadline.override")
    form = forms.ExtensionForm()
    answers = [one for one in everything_of(letter).happened if one.what == "response"]
    form.response.choices = [
        (one.id, f"{format_day(one.day)}, {words.KINDS[one.kind][0] if one.kind else _('not read yet')}, {one.who}")
        for one in answers
    ]

    def act() -> None:
        response = Answered.get_by_id(form.response.data)
        operations.give_more_time(
            deadline, response=response, on=form.on.data, reason=form.reason.data, by=current_person()
        )

    said = _("The new date holds. The first one stays in sight")
    return _form_page(letter, form, "extension", act, said, card=_card(deadline), answers=answers)


@bp.route(f"{ONE}/done", methods=["GET", "POST"])
@action("deadline.correct")
def settle(key: str, letter_id: int, deadline_id: int) -> Response:
    """Say that what a clock waits for was done, and when."""
    letter, deadline = find_deadline(key, letter_id, deadline_id, "deadline.correct")
    form = forms.SettleForm()
    return _form_page(
        letter,
        form,
        "settle",
        lambda: operations.settle(deadline, on=form.on.data, by=current_person()),
        _("Noted. This clock has stopped"),
        card=_card(deadline),
    )


@bp.post(f"{ONE}/done/removal")
@action("deadline.correct")
def unsettle(key: str, letter_id: int, deadline_id: int) -> Response:
    """It was not done after all."""
    letter, deadline = find_deadline(key, letter_id, deadline_id, "deadline.correct")
    return _pressed(letter, lambda: operations.unsettle(deadline, by=current_person()), _("The clock runs on"))


@bp.route(f"{PATH}/events/new", methods=["GET", "POST"])
@action("deadline.correct")
def event(key: str, letter_id: int) -> Response:
    """Say when something happened that starts a clock."""
    _campaign, letter = find(key, letter_id, "deadline.correct")
    form = forms.EventForm()

    def act() -> None:
        moment = form.moment.utc
        day = clock.to_local(moment).date() if moment is not None else form.day.data
        operations.note_event(letter, event=form.event.data, day=day, moment=moment, by=current_person())

    return _form_page(letter, form, "event", act, _("Noted. The clocks that wait for it run"))


@bp.route(f"{PATH}/deliveries/<int:delivery_id>/day", methods=["GET", "POST"])
@action("deadline.correct")
def delivery(key: str, letter_id: int, delivery_id: int) -> Response:
    """The letter reached them on another day."""
    _campaign, letter = find(key, letter_id, "deadline.correct")
    row = get_or_404(Delivery.select().where(Delivery.letter == letter.id), Delivery.id == delivery_id)
    form = forms.CorrectionForm()

    def act() -> None:
        corrections.correct_delivery(row, letter, day=form.day.data, why=form.why.data, by=current_person())

    said = _("The day is put right, and every clock with it")
    return _form_page(letter, form, "correction", act, said, was_on=row.happened_on, is_answer=False)


@bp.route(f"{PATH}/responses/<int:response_id>/day", methods=["GET", "POST"])
@action("deadline.correct")
def response(key: str, letter_id: int, response_id: int) -> Response:
    """An answer came on another day."""
    _campaign, letter = find(key, letter_id, "deadline.correct")
    row = get_or_404(Answered.select().where(Answered.letter == letter.id), Answered.id == response_id)
    form = forms.CorrectionForm()

    def act() -> None:
        corrections.correct_response(row, letter, day=form.day.data, why=form.why.data, by=current_person())

    said = _("The day is put right, and every clock with it")
    return _form_page(letter, form, "correction", act, said, was_on=row.received_on, is_answer=True)
