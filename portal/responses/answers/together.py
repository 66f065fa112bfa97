"""Two read the same answer: asking somebody, reading blind, talking a difference over, and settling it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from portal import clock, outbox
from portal.campaigns.models import Membership
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.responses import reading
from portal.responses.answers import emails
from portal.responses.answers.models import Reader, RowNote, SettledRow
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.models import Answer, Response

# The row of a settlement about the kind of the whole answer.
WHOLE = 0


def ask_reader(response: Response, person: Person, *, by: Person) -> None:
    """Ask a member by name to read an answer too, before they see what others found. They get one mail.

    Raises RuleBroken when nobody has read it yet, or they are no member, or asked already, or have read it.
    """
    is_member = Membership.select().where(
        Membership.campaign == response.campaign_id, Membership.person == person.id, Membership.left_at.is_null()
    )
    with transaction():
        response.campaign.touch()
        if not is_member.exists():
            raise RuleBroken(_("Only somebody in the circle can read it"), field="person")
        known = Reader.get_or_none(Reader.response == response.id, Reader.person == person.id)
        if known is not None and known.read_at is not None:
            raise RuleBroken(_("%(name)s has read it already", name=person.name), field="person")
        if known is not None and known.declined_at is None:
            raise RuleBroken(_("%(name)s has been asked already", name=person.name), field="person")
        now = clock.now()
        asked = {"asked_by": by.id, "asked_at": now, "declined_at": None}
        Reader.insert(response=response.id, person=person.id, **asked).on_conflict(
            conflict_target=[Reader.response, Reader.person], update=asked
        ).execute()
        if person.id != by.id and known is None:
            message = emails.asked_to_read(response, person, by=by)
            outbox.enqueue(message, kind="asked_to_read", about=f"{response.id}:{person.id}")


def decline_reading(response: Response, *, by: Person) -> None:
    """Somebody who was asked does not read it: from now on they see what the others found.

    Raises RuleBroken when they were not asked, or have read it.
    """
    with transaction():
        declined = (
            Reader.update(declined_at=clock.now())
            .where(
                Reader.response == response.id,
                Reader.person == by.id,
                Reader.read_at.is_null(),
                Reader.declined_at.is_null(),
            )
            .execute()
        )
        if not declined:
            raise RuleBroken(_("Nobody waits for your reading of this answer"))
        response.campaign.touch()


def save_kind(response: Response, kind: str, *, by: Person) -> str:
    """Keep what kind this reader finds it is, and bring up to date which counts. Call inside the reading's transaction.

    Returns the kind that counts.
    """
    now = clock.now()
    Reader.insert(response=response.id, person=by.id, kind=kind, read_at=now).on_conflict(
        conflict_target=[Reader.response, Reader.person],
        update={Reader.kind: kind, Reader.read_at: now, Reader.declined_at: None},
    ).execute()
    return _count_kind(response)


def _count_kind(response: Response) -> str:
    kinds = [
        kind
        for (kind,) in Reader.select(Reader.kind)
        .where(Reader.response == response.id, Reader.read_at.is_null(False), Reader.kind.is_null(False))
        .order_by(Reader.id)
        .tuples()
    ]
    settled = SettledRow.get_or_none(SettledRow.response == response.id, SettledRow.row_key == WHOLE)
    stands = Response.select(Response.kind).where(Response.id == response.id).scalar()
    found = reading.kind_that_counts(kinds, now=stands, settled=settled.verdict if settled else None)
    Response.update(kind=found).where(Response.id == response.id).execute()
    return found or ""


def unsettle_changed(response: Response, verdicts: Mapping[int, str], kind: str, *, by: Person) -> None:
    """What was settled about a row no longer holds once one of its readers reads it otherwise, or a new one comes."""
    own = Answer.select(Answer.block, Answer.verdict).where(Answer.response == response.id, Answer.reader == by.id)
    before: dict[int, str] = {block: verdict for block, verdict in own.tuples()}
    changed = [block for block, verdict in verdicts.items() if before.get(block) != verdict]
    mine = Reader.select(Reader.kind).where(Reader.response == response.id, Reader.person == by.id).scalar()
    if mine != kind:
        changed.append(WHOLE)
    if changed:
        SettledRow.delete().where(SettledRow.response == response.id, SettledRow.row_key.in_(changed)).execute()


def say_why(response: Response, block_id: int, *, text: str, by: Person) -> None:
    """A reader says in a sentence why they read a row as they do. Saying it again replaces it; nothing takes it away.

    Raises RuleBroken when they have not read it.
    """
    with transaction():
        if not Answer.select().where(Answer.response == response.id, Answer.reader == by.id).exists():
            raise RuleBroken(_("Read it into your own sheet first"))
        if not text:
            RowNote.delete().where(
                RowNote.response == response.id, RowNote.block == block_id, RowNote.person == by.id
            ).execute()
            return
        saved: dict[Any, Any] = {"text": text, "at": clock.now()}
        RowNote.insert(response=response.id, block=block_id, person=by.id, **saved).on_conflict(
            conflict_target=[RowNote.response, RowNote.block, RowNote.person], update=saved
        ).execute()


def settle_row(response: Response, row_key: int, *, verdict: str, words: str, by: Person) -> None:
    """A lead says what the readers agree on, for one row or, with `WHOLE`, for the kind of the whole answer.

    Everybody's own reading stays. Raises RuleBroken when the readers do not differ there.
    """
    with transaction():
        response.campaign.touch()
        if not _differ(response, row_key):
            raise RuleBroken(_("The readers do not differ here. There is nothing to settle"))
        saved = {"verdict": verdict, "words": words, "by": by.id, "at": clock.now()}
        SettledRow.insert(response=response.id, row_key=row_key, **saved).on_conflict(
            conflict_target=[SettledRow.response, SettledRow.row_key], update=saved
        ).execute()
        if row_key == WHOLE:
            response.kind = _count_kind(response)
            response.letter.campaign = response.campaign
            keep_deadlines(response.letter, by=by)


def _differ(response: Response, row_key: int) -> bool:
    found: Any
    if row_key == WHOLE:
        found = Reader.select(Reader.kind).where(Reader.response == response.id, Reader.read_at.is_null(False))
    else:
        found = Answer.select(Answer.verdict).where(Answer.response == response.id, Answer.block == row_key)
    return len({one for (one,) in found.tuples() if one}) > 1
