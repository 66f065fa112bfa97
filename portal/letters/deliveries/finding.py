"""How the views of deliveries find one."""

import peewee
from flask import abort

from portal.letters.models import Delivery, Letter, LetterVersion
from portal.outbox import OutgoingMail
from portal.people.models import Person


def find_delivery(letter: Letter, delivery_id: int) -> Delivery:
    """The delivery of the letter with this id, with its mail, version and who recorded it; or 404. One statement."""
    left = peewee.JOIN.LEFT_OUTER
    delivery = (
        Delivery.select(Delivery, OutgoingMail, LetterVersion, Person)
        .join_from(Delivery, OutgoingMail, left)
        .join_from(Delivery, LetterVersion)
        .join_from(Delivery, Person, left, on=(Delivery.recorded_by == Person.id))
        .where(Delivery.letter == letter.id, Delivery.id == delivery_id)
        .first()
    )
    if delivery is None:
        abort(404)
    delivery.letter = letter
    return delivery
