"""One statement for everything that is to be told now, to whom, in the order of people."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from portal import clock
from portal.database import db, is_sqlite
from portal.reminders.sources import OWN_DAYS, PAST_DAYS, SOON_DAYS, SOURCES, UNREAD_DAYS, days_before

ROWS = 5000
HEAD = """
WITH here (today, soon, own_soon, past, now, unread_3, unread_10, unread_24, unread_last, hour, after_id) AS (
  SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT),
    CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS INTEGER)
),
running (id) AS (SELECT id FROM campaign WHERE state IN ('gathering', 'active')),
here_now (campaign_id, person_id) AS (
  SELECT campaign_id, person_id FROM membership WHERE left_at IS NULL AND campaign_id IN (SELECT id FROM running)
),
keeper (campaign_id, person_id) AS (
  SELECT DISTINCT membership.campaign_id, membership.person_id
  FROM membership JOIN role ON role.membership_id = membership.id, here
  WHERE membership.left_at IS NULL AND membership.campaign_id IN (SELECT id FROM running)
    AND role.name IN ('lead', 'drafter', 'secretary') AND role.ended_at IS NULL
    AND CAST(role.until_on AS TEXT) >= here.today
),
found (person_id, kind, subject_id, step, campaign_id, words, more, ref, since, day) AS (
"""
TAIL = """
)
SELECT person.id, person.email, person.name, COALESCE(choice.way, 'daily'), found.kind, found.subject_id, found.step,
  found.words, found.more, found.ref, found.since, found.day, campaign.key, campaign.title
FROM found JOIN campaign ON campaign.id = found.campaign_id AND campaign.state IN ('gathering', 'active')
  JOIN person ON person.id = found.person_id LEFT JOIN reminder_choice AS choice ON choice.person_id = person.id, here
WHERE person.id > here.after_id AND person.closed_at IS NULL AND COALESCE(choice.way, 'daily') <> 'none'
  AND NOT EXISTS (
    SELECT 1 FROM reminder_mark AS told WHERE told.person_id = person.id AND told.kind = found.kind
      AND told.subject_id = found.subject_id AND told.step = found.step)
  AND NOT EXISTS (
    SELECT 1 FROM reminder_mark AS mailed WHERE mailed.person_id = person.id AND mailed.kind = 'mail'
      AND mailed.subject_id = 0 AND mailed.step = CASE WHEN choice.way = 'at_once' THEN here.hour ELSE here.today END)
ORDER BY person.id, campaign.id, found.day, found.kind, found.subject_id LIMIT 
"""


class Event(NamedTuple):
    """One event for one person that was not told yet."""

    person_id: int
    email: str
    name: str
    way: str
    kind: str
    subject_id: int
    step: str
    words: str
    more: str
    ref: int
    since: date | None
    day: date | None
    campaign_key: str
    campaign_title: str


def hour_of(now: datetime) -> str:
    """The local hour as a mark names it: "2026-11-26 09"."""
    return f"{clock.to_local(now):%Y-%m-%d %H}"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _logged_before(today: date, days: int) -> str:
    """The first moment that is too young: what came in on the day `days` ago or before is old enough."""
    return _stored(clock.from_local(datetime.combine(today - timedelta(days=days - 1), time.min)))


def _is_time(event: Event, today: date) -> bool:
    """Whether a clock's date is near enough for the length of its run. Other kinds were chosen by the statement."""
    if event.kind != "deadline_soon" or event.day is None:
        return True
    run = (event.day - (event.since or event.day)).days
    return (event.day - today).days <= days_before(run)


def untold(now: datetime, *, after_id: int = 0, rows: int = ROWS) -> tuple[list[Event], int | None]:
    """Events not told yet to people with ids above `after_id`, whole people only, and the id to go on after.

    None instead of the id when there is nothing more. One statement, however many people and campaigns there are.
    """
    today = clock.to_local(now).date()
    given: tuple[Any, ...] = (
        today.isoformat(),
        (today + timedelta(days=SOON_DAYS)).isoformat(),
        (today + timedelta(days=OWN_DAYS)).isoformat(),
        (today - timedelta(days=PAST_DAYS)).isoformat(),
        _stored(now),
        *(_logged_before(today, days) for days in UNREAD_DAYS),
        _logged_before(today, UNREAD_DAYS[-1] + PAST_DAYS),
        hour_of(now),
        after_id,
    )
    sql = f"{HEAD}{' UNION ALL '.join(SOURCES)}{TAIL.rstrip()} {rows}"
    found = [
        Event._make([*columns[:10], _day(columns[10]), _day(columns[11]), *columns[12:]])
        for columns in db.execute_sql(sql if is_sqlite() else sql.replace("?", "%s"), given).fetchall()
    ]
    go_on = None
    if len(found) == rows:
        last = found[-1].person_id
        whole = [event for event in found if event.person_id != last]
        # Somebody with more than all the rows is told what fits; the rest comes with their next mail.
        found, go_on = (whole, whole[-1].person_id) if whole else (found, last)
    return [event for event in found if _is_time(event, today)], go_on
