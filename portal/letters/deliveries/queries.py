"""Reads of what became known of deliveries."""

from typing import Any

import peewee

from portal.letters.deliveries.models import DeliveryChange
from portal.letters.models import Delivery
from portal.people.models import Person


def history_of(delivery: Delivery) -> list[Any]:
    """What became known of a delivery, oldest first, with who said so. One statement."""
    return list(
        DeliveryChange.select(DeliveryChange, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(DeliveryChange.by == Person.id), attr="by")
        .where(DeliveryChange.delivery == delivery.id)
        .order_by(DeliveryChange.id)
    )
