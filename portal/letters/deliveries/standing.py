"""Which deliveries count, and what follows for their letter when that changes."""

from collections.abc import Callable
from datetime import date, timedelta

import peewee

from portal.letters.models import Delivery, Letter
from portal.outbox import OutgoingMail

# Our own deadline where no rule is known: two weeks, said in the letter's covering words.
ANSWER_DAYS = 14

# Told, in the transaction, that a letter's deliveries are not what they were: later features keep clocks by them.
Watcher = Callable[[Letter], None]
_watchers: list[Watcher] = []


def watches(watcher: Watcher) -> Watcher:
    """Have a function told of every letter whose deliveries changed. It must be quick and must not fail."""
    _watchers.append(watcher)
    return watcher


def standing_of(letter: Letter, *, but: int = 0) -> list[Delivery]:
    """The deliveries that count as having reached them, oldest first, perhaps without one. One statement."""
    rows = (
        Delivery.select(Delivery, OutgoingMail.id, OutgoingMail.state)
        .join(OutgoingMail, peewee.JOIN.LEFT_OUTER)
        .where(Delivery.letter == letter.id, Delivery.id != but)
        .order_by(Delivery.happened_on, Delivery.id)
    )
    return [one for one in rows if one.stands]


def due_after(day: date) -> date:
    """Our own day for an answer to what reached them on `day`."""
    return day + timedelta(days=ANSWER_DAYS)


def reckon(letter: Letter) -> None:
    """Have the letter count from the earliest delivery that stands; when none does, it has not reached them.

    Call inside the transaction of the change. Clocks by rules follow within a second or so.
    """
    first = next(iter(standing_of(letter)), None)
    sent_on = first.happened_on if first is not None else None
    if sent_on != letter.sent_on:
        letter.sent_on, letter.answer_due_on = sent_on, due_after(sent_on) if sent_on else None
        Letter.update(sent_on=letter.sent_on, answer_due_on=letter.answer_due_on).where(
            Letter.id == letter.id
        ).execute()
    for watcher in _watchers:
        watcher(letter)
    letter.campaign.touch()
