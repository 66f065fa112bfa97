"""Putting right what somebody logged by hand. What stood there before stays beside it, and so does who changed it.

Mail that came through the portal is never changed: it is what they sent.
"""

import json
from datetime import date

from flask_babel import gettext as _

from portal.campaigns.models import Activity
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.people.models import Person
from portal.responses.answers.models import Reader, SetAside, WordCorrection
from portal.responses.answers.silence import review
from portal.responses.deadlines.corrections import correct_response
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.deadlines.models import DayCorrection, Deadline
from portal.responses.models import Answer, Commitment, Response, ResponseFile
from portal.responses.words import BY_HAND
from portal.storage import StoredFile

WORDS = ("channel", "from_name", "text")


def is_by_hand(response: Response) -> bool:
    """Whether a person entered it, so that it can be put right."""
    return response.sender_check == "by_hand" and response.channel in BY_HAND


def _refuse_mail(response: Response) -> None:
    if not is_by_hand(response):
        raise RuleBroken(_("This came through the portal itself. It stays as it came"))


def correct_answer(
    response: Response, *, channel: str, from_name: str, text: str, received_on: date, why: str, by: Person
) -> None:
    """Put right how, from whom, when it came, and its typed words. Both stay; clocks follow the day.

    Raises RuleBroken for mail that the portal received, without a reason, when nothing changed, when neither words nor
    file are left, or for a day that cannot be.
    """
    _refuse_mail(response)
    if not why:
        raise RuleBroken(_("Say how you know, so that everybody can follow"), field="why")
    with transaction():
        response.campaign.touch()
        now = Response.get_by_id(response.id)
        new = {"channel": channel, "from_name": from_name, "text": text}
        changed = [name for name in WORDS if getattr(now, name) != new[name]]
        if not changed and now.received_on == received_on:
            raise RuleBroken(_("Nothing is different from what we have"))
        if not text and now.file_id is None:
            raise RuleBroken(_("Without the words and without a file there is no answer"), field="text")
        for name in changed:
            WordCorrection.create(response=now, what=name, was=getattr(now, name), now=new[name], why=why, by=by)
        if changed:
            Response.update(**{name: new[name] for name in changed}).where(Response.id == now.id).execute()
            _tell_timeline(now, new)
        if now.received_on != received_on:
            letter: Letter = response.letter
            letter.campaign = response.campaign
            correct_response(now, letter, day=received_on, why=why, by=by)


def _tell_timeline(response: Response, new: dict[str, str]) -> None:
    lines = Activity.select().where(
        Activity.verb == "response_logged", Activity.subject_kind == "response", Activity.subject_id == response.id
    )
    for line in lines:
        facts = {**json.loads(line.facts), "channel": new["channel"]}
        Activity.update(facts=json.dumps(facts, ensure_ascii=False, sort_keys=True)).where(
            Activity.id == line.id
        ).execute()


def set_aside(response: Response, *, why: str, by: Person) -> None:
    """It was logged by mistake: it goes, and a note of it stays, with the reason. Its files' bytes stay where they are.

    Raises RuleBroken for mail that the portal received, without a reason, or when something rests on it: a reading, a
    promise, a clock, or the public page.
    """
    _refuse_mail(response)
    if not why:
        raise RuleBroken(_("Say why it was a mistake"), field="why")
    with transaction():
        response.campaign.touch()
        now = Response.get_or_none(Response.id == response.id)
        if now is None:
            raise RuleBroken(_("It was set aside already"))
        if _rests_on(now):
            raise RuleBroken(_("Something rests on it already: a reading, a promise or a clock. Put it right instead"))
        files = [
            {"id": row.file_id, "name": row.file.name, "sha256": row.file.sha256}
            for row in ResponseFile.select(ResponseFile, StoredFile)
            .join(StoredFile)
            .where(ResponseFile.response == now.id)
        ]
        SetAside.create(
            campaign=now.campaign_id,
            letter=now.letter_id,
            channel=now.channel,
            received_on=now.received_on,
            from_name=now.from_name,
            text=now.text,
            files=json.dumps(files, ensure_ascii=False),
            why=why,
            logged_by=now.logged_by_id,
            logged_at=now.logged_at,
            by=by,
        )
        Activity.delete().where(Activity.subject_kind == "response", Activity.subject_id == now.id).execute()
        now.delete_instance()
        letter: Letter = response.letter
        letter.campaign = response.campaign
        keep_deadlines(letter, by=by)
        review(letter)


def _rests_on(response: Response) -> bool:
    if response.read_at is not None or response.published_at is not None:
        return True
    here = response.id
    return any(
        found.exists()
        for found in (
            Answer.select().where(Answer.response == here),
            Reader.select().where(Reader.response == here, Reader.read_at.is_null(False)),
            Commitment.select().where(Commitment.response == here),
            Deadline.select().where((Deadline.extended_by == here) | (Deadline.satisfied_by == here)),
        )
    )


def history_of(response: Response) -> list[WordCorrection | DayCorrection]:
    """What was put right, the newest first, words and days together, with who did it. Two statements."""
    words = WordCorrection.select(WordCorrection, Person).left_outer_join(Person, on=(WordCorrection.by == Person.id))
    days = DayCorrection.select(DayCorrection, Person).left_outer_join(Person, on=(DayCorrection.by == Person.id))
    found = [*words.where(WordCorrection.response == response.id), *days.where(DayCorrection.response == response.id)]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)
