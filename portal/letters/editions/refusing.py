"""Who tried to change a text that is frozen. Nothing changes; that it was tried is written down for the leads."""

from contextvars import ContextVar
from datetime import timedelta

from portal import clock
from portal.database import transaction
from portal.letters.editions.models import RefusedChange
from portal.people.models import Person

# One row for one person, route and minute tells as much as a thousand.
QUIET = timedelta(minutes=1)
A_PAGE = 30

_refused: ContextVar[int | None] = ContextVar("refused_letter", default=None)


def note(letter_id: int) -> None:
    """Remember that a change to this letter was refused. Its transaction is undone, so the row has to come later."""
    _refused.set(letter_id)


def taken() -> int | None:
    """The letter noted since this was last asked, or None."""
    letter_id = _refused.get()
    _refused.set(None)
    return letter_id


def keep(letter_id: int, *, what: str, by: Person | None) -> bool:
    """Write down that `what` (a route, never the words) was refused. False when that stands there since a minute."""
    with transaction():
        same = (RefusedChange.letter == letter_id) & (RefusedChange.what == what)
        same &= RefusedChange.by.is_null() if by is None else RefusedChange.by == by.id
        if RefusedChange.select().where(same, RefusedChange.at > clock.now() - QUIET).exists():
            return False
        RefusedChange.create(letter=letter_id, what=what, by=by)
        return True


def page_of(letter_id: int, *, before: int | None = None) -> tuple[list[RefusedChange], int | None]:
    """One page of refused changes with who tried, newest first, and the id to go on from. One statement."""
    query = RefusedChange.select(RefusedChange, Person).left_outer_join(Person).where(RefusedChange.letter == letter_id)
    if before is not None:
        query = query.where(RefusedChange.id < before)
    rows = list(query.order_by(RefusedChange.id.desc()).limit(A_PAGE + 1))
    return rows[:A_PAGE], rows[A_PAGE - 1].id if len(rows) > A_PAGE else None
