"""An answer that came by itself: nobody logged it, so nobody stands for it but the mail system that proved it."""

from collections.abc import Iterable
from datetime import date

from portal import clock
from portal.campaigns import activity
from portal.database import transaction
from portal.letters.models import Letter
from portal.people.models import Person
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.models import Response, ResponseFile
from portal.storage import StoredFile

# A machine wrote these. They are read as soon as they come, and end no waiting.
BY_MACHINE = frozenset({"auto_reply", "bounce"})


def keep_arrival(
    letter: Letter,
    *,
    received_on: date,
    from_name: str,
    text: str,
    file: StoredFile,
    attachments: Iterable[StoredFile] = (),
    is_checked: bool = False,
    kind: str | None = None,
    by: Person | None = None,
) -> Response:
    """Keep a mail as an answer to a letter, private, with its files. Call inside the transaction that sorted it.

    `file` is the raw message. `kind` is None for an answer that waits to be read, or one of BY_MACHINE. `by` is the
    lead who said that it is from them, None when the portal took it by itself. Unlike an answer logged by hand it may
    come before anybody put on record how the letter went out.
    """
    now = clock.now()
    with transaction():
        response = Response.create(
            campaign=letter.campaign_id,
            letter=letter,
            received_on=received_on,
            channel="email",
            from_name=from_name,
            text=text,
            file=file,
            kind=kind,
            logged_by=by,
            read_at=now if kind in BY_MACHINE else None,
            sender_check="checked" if is_checked else "unchecked",
        )
        ResponseFile.create(response=response, file=file, role="original")
        for one in attachments:
            ResponseFile.create(response=response, file=one, role="attachment")
        activity.record(
            letter.campaign,
            "response_logged",
            by=by,
            about=response,
            on=received_on,
            channel="email",
            kind=kind or "",
            from_name=from_name,
            letter_id=letter.id,
            letter_title=letter.title,
        )
    return response


def call_an_answer(response: Response, *, by: Person) -> bool:
    """What was taken for a machine's is a real answer, says a lead: it waits to be read. False when it does already."""
    with transaction():
        response.campaign.touch()
        changed = (
            Response.update(kind=None, read_at=None)
            .where(Response.id == response.id, Response.kind.in_(sorted(BY_MACHINE)), Response.read_by.is_null())
            .execute()
        )
        if changed:
            response.kind, response.read_at = None, None
            keep_deadlines(response.letter, by=by)
    return bool(changed)
