"""Ways to have something due, and to look at what was told."""

from datetime import date, datetime, timedelta
from typing import Any

from portal import clock
from portal.campaigns.models import Campaign
from portal.letters.models import Letter
from portal.reminders.operations import remind
from portal.responses.deadlines.models import Deadline
from tests.builders import build_commitment, build_letter
from tests.clients import Mail, written_mails
from tests.deadlines.stage import deliver, kept

TODAY = date(2026, 11, 23)


def at(day: date, hour: int = 8, minute: int = 7) -> Any:
    """Hold the clock at a local time of day in London."""
    return clock.frozen_at(clock.from_local(datetime(day.year, day.month, day.day, hour, minute)))


def morning_mails(day: date, to: str | None = None) -> list[Mail]:
    """Run the morning's look on a day; the mails it wrote."""
    before = {mail.row.id for mail in written_mails()}
    with at(day):
        remind()
        return [mail for mail in written_mails(to) if mail.row.id not in before]


def told(day: date, person: Any) -> str:
    """The text of the one mail that a person gets on a morning, or ""."""
    mails = morning_mails(day, person.email)
    assert len(mails) <= 1
    return mails[0].text if mails else ""


def sent_letter(campaign: Campaign, reached: date = date(2026, 11, 16)) -> Letter:
    """A letter that reached them; our own fourteen days run to 30 November."""
    letter = build_letter(campaign, sent_on=reached)
    deliver(letter, reached)
    return letter


def clock_until(campaign: Campaign, due: date) -> Deadline:
    """A clock of a fortnight that ends on a day."""
    return kept(sent_letter(campaign, due - timedelta(days=14)))


def promise(campaign: Campaign, due: date, **given: Any) -> Any:
    return build_commitment(campaign, "Fit the fans", due_on=due, **given)
