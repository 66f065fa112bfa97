"""Putting right the day of a delivery or of an answer. Both days stay on record, and every clock follows."""

from datetime import date

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Activity
from portal.database import transaction
from portal.errors import RuleBroken
from portal.language import format_day
from portal.letters.deliveries.standing import standing_of
from portal.letters.models import Delivery, Letter
from portal.people.models import Person
from portal.responses.deadlines.keeping import hold_clocks, keep_deadlines
from portal.responses.deadlines.models import DayCorrection
from portal.responses.models import Response


def _check(day: date, why: str) -> None:
    if not why:
        raise RuleBroken(_("Say how you know, so that everybody can follow"), field="why")
    if day > clock.today():
        raise RuleBroken(_("The day must be today or earlier"), field="day")


def correct_delivery(delivery: Delivery, letter: Letter, *, day: date, why: str, by: Person) -> None:
    """The letter was posted or handed over on another day than we had.

    Raises RuleBroken for a mail that the portal sent itself, a day ahead, one after an answer, or without a reason.
    """
    _check(day, why)
    if delivery.mail_id is not None:
        raise RuleBroken(_("The portal sent this mail itself. Its day is certain"))
    with transaction():
        hold_clocks(letter)
        now = Delivery.get_by_id(delivery.id)
        standing = standing_of(letter, but=now.id)
        days = [one.happened_on for one in standing if one.happened_on is not None]
        # One that came back, or was only shown in public, has a day and starts nothing.
        days += [day] if now.stands else []
        sent_on = min(days, default=None)
        if sent_on is not None:
            _refuse_answers_before(letter, sent_on)
        _keep_both(letter, now.happened_on, day, why, by=by, delivery=now)
        Delivery.update(happened_on=day).where(Delivery.id == now.id).execute()
        Letter.update(sent_on=sent_on).where(Letter.id == letter.id).execute()
        sent = (Activity.verb == "letter_sent") & (Activity.subject_kind == "letter")
        Activity.update(happened_on=day).where(
            sent,
            Activity.campaign == letter.campaign_id,
            Activity.subject_id == letter.id,
            Activity.happened_on == now.happened_on,
            Activity.facts.contains(f'"channel": "{now.channel}"'),
        ).execute()
        letter.sent_on = sent_on
        keep_deadlines(letter, by=by)
        letter.campaign.touch()


def _refuse_answers_before(letter: Letter, sent_on: date) -> None:
    early = (
        Response.select()
        .where(Response.letter == letter.id, Response.received_on < sent_on, Response.channel != "noted")
        .first()
    )
    if early is not None:
        raise RuleBroken(
            _("An answer came on %(day)s. The letter cannot have gone out after it", day=format_day(early.received_on)),
            field="day",
        )


def correct_response(response: Response, letter: Letter, *, day: date, why: str, by: Person) -> None:
    """An answer came on another day than we had.

    Raises RuleBroken for a day ahead, one before the letter went out, or without a reason.
    """
    _check(day, why)
    if letter.sent_on is not None and day < letter.sent_on:
        raise RuleBroken(
            _("The letter went out on %(day)s. The answer cannot have come before", day=format_day(letter.sent_on)),
            field="day",
        )
    with transaction():
        hold_clocks(letter)
        now = Response.get_by_id(response.id)
        _keep_both(letter, now.received_on, day, why, by=by, response=now)
        Response.update(received_on=day).where(Response.id == now.id).execute()
        Activity.update(happened_on=day).where(
            Activity.verb == "response_logged", Activity.subject_kind == "response", Activity.subject_id == now.id
        ).execute()
        keep_deadlines(letter, by=by)
        letter.campaign.touch()


def _keep_both(
    letter: Letter,
    was_on: date | None,
    day: date,
    why: str,
    *,
    by: Person,
    delivery: Delivery | None = None,
    response: Response | None = None,
) -> None:
    if was_on == day:
        raise RuleBroken(_("That is the day we have"), field="day")
    DayCorrection.create(letter=letter, delivery=delivery, response=response, was_on=was_on, now_on=day, why=why, by=by)
