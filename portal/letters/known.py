"""What only the database knows about a letter before it is frozen: who leads, and who has read these very words."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Membership, Role
from portal.letters.checks import Known
from portal.letters.editions.models import Reading
from portal.letters.models import Letter

NAMES = ("lead_count", "aloud_count", "second_count")


def known_columns(*, on: Any = None) -> tuple[Any, ...]:
    """Three columns for a query over letters, so that `known_of` needs no statement of its own."""
    leads = (
        Membership.select(peewee.fn.COUNT(Membership.person.distinct()))
        .join(Role)
        .where(
            Membership.campaign == Letter.campaign,
            Membership.left_at.is_null(),
            Role.name == "lead",
            Role.ended_at.is_null(),
            Role.until_on >= (on or clock.today()),
        )
    )
    return leads.alias("lead_count"), _readings("aloud").alias("aloud_count"), _readings("second").alias("second_count")


def known_of(letter: Letter) -> Known:
    """From a letter that was selected with `known_columns()`; otherwise one statement."""
    row: Any = letter
    if not hasattr(letter, NAMES[0]):
        row = Letter.select(Letter.id, *known_columns()).where(Letter.id == letter.id).get()
    return Known(*(getattr(row, name) or 0 for name in NAMES))


def _readings(kind: str) -> Any:
    """Readings of the text as it stands. A second reader is somebody else than the one who leads the letter."""
    query = Reading.select(peewee.fn.COUNT(Reading.id)).where(
        Reading.letter == Letter.id, Reading.kind == kind, Reading.number == Letter.version
    )
    if kind == "second":
        query = query.where(Letter.lead_author.is_null() | (Reading.person != Letter.lead_author))
    return query
