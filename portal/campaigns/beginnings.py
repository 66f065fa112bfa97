"""What somebody has typed on the way to starting a campaign, page by page, so that nothing is lost on the way."""

import json
from datetime import timedelta
from typing import Any

from portal import clock, jobs
from portal.campaigns.models import Beginning
from portal.database import transaction
from portal.people.models import Person

KEPT_DAYS = 30
LONGEST_ANSWER = 5000


def answers_of(person: Person) -> dict[str, Any]:
    """What `person` has answered so far, by field name."""
    row = Beginning.get_or_none(Beginning.person == person.id)
    return json.loads(row.answers) if row is not None else {}


def keep_answers(answers: dict[str, Any], *, by: Person) -> None:
    """Add the answers of one page to those kept, whether they are complete or not."""
    with transaction():
        kept = answers_of(by) | {name: (value or "")[:LONGEST_ANSWER] for name, value in answers.items()}
        text, now = json.dumps(kept, ensure_ascii=False), clock.now()
        Beginning.insert(person=by.id, answers=text, changed_at=now).on_conflict(
            conflict_target=[Beginning.person], update={Beginning.answers: text, Beginning.changed_at: now}
        ).execute()


def forget_answers(*, by: Person) -> None:
    """Forget what `by` has typed; they start afresh, or their campaign now exists."""
    with transaction():
        Beginning.delete().where(Beginning.person == by.id).execute()


@jobs.hourly
def forget_old_beginnings() -> int:
    """Delete what nobody came back to for KEPT_DAYS; returns how many."""
    return Beginning.delete().where(Beginning.changed_at < clock.now() - timedelta(days=KEPT_DAYS)).execute()
