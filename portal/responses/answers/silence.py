"""When a day passes without an answer, the portal notes it, once for each clock; it takes back what proves wrong.

The note is a response of kind `silence` that nobody wrote: inside only, until a lead publishes it. It says no more than
that nothing came by that day which answers the letter. An answer that nobody has read yet is no silence.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from portal import clock, jobs
from portal.campaigns.activity import record
from portal.campaigns.models import Activity, Campaign
from portal.database import transaction
from portal.letters.models import Letter
from portal.responses.answers.models import Silence
from portal.responses.deadlines import keeping
from portal.responses.deadlines.models import Deadline
from portal.responses.deadlines.timing import standing
from portal.responses.models import Response
from portal.responses.reading import ENDS_WAITING

log = logging.getLogger("portal.answers")
CLOSED = ("won", "partly_won", "lost", "ended")
ANSWERING = tuple(kind for kind, ends in ENDS_WAITING.items() if ends != "no")
# The letter's own day, where no clock runs.
NO_CLOCK = 0


def why_untrue(deadline: Deadline | None, letter: Letter, answers: list[Response], *, now: datetime) -> str:
    """Why it cannot be said that they let the day pass: "answered", "moved" or "dropped"; "" when it can.

    `deadline` is the clock, or None for the letter's own day. `answers` are what came to the letter.
    """
    if deadline is None:
        due_on = letter.answer_due_on
        if due_on is None or due_on >= clock.to_local(now).date():
            return "moved"
    else:
        if deadline.dropped_at is not None:
            return "dropped"
        stands = standing(deadline, now).name
        if stands == "kept":
            return "answered"
        if stands not in {"late", "kept_late"}:
            return "moved"
        due_on = deadline.holds_on
    in_time = [one for one in answers if one.channel != "noted" and due_on is not None and one.received_on <= due_on]
    return "answered" if any(one.kind is None or one.kind in ANSWERING for one in in_time) else ""


def review(letter: Letter) -> None:
    """Look again at every silence noted for a letter: what is no longer true is taken back, what has moved is dated
    anew, and what was taken back and is true after all is noted again.

    Call inside the transaction of what changed. One statement when there is none.
    """
    noted = list(
        Silence.select(Silence, Deadline).join(Deadline, peewee.JOIN.LEFT_OUTER).where(Silence.letter == letter.id)
    )
    if not noted:
        return
    answers, now = _answers_to(letter), clock.now()
    for one in noted:
        if not one.clock_key and one.ended_at is None and _has_clock(letter):
            # A clock of its own says by now when the answer is due.
            _take_back(one, "dropped")
            continue
        why = why_untrue(one.deadline, letter, answers, now=now) if one.deadline or not one.clock_key else "dropped"
        due_on = one.deadline.holds_on if one.deadline is not None else letter.answer_due_on
        if one.ended_at is not None:
            if not why and (one.clock_key or not _has_clock(letter)):
                note_silence(letter, one.deadline)
        elif why:
            _take_back(one, why)
        elif due_on != one.due_on:
            _date_anew(one, due_on)


keeping.after_keeping(review)


def _has_clock(letter: Letter) -> bool:
    clocks = Deadline.select().where(
        Deadline.letter == letter.id, Deadline.awaits == "answer", Deadline.dropped_at.is_null()
    )
    return clocks.exists()


def _answers_to(letter: Letter) -> list[Response]:
    rows = Response.select(Response.id, Response.kind, Response.received_on, Response.channel)
    return list(rows.where(Response.letter == letter.id))


def _take_back(silence: Silence, why: str) -> None:
    """It was not so. What nobody outside has read goes; what was public leaves the public page and stays as it was."""
    Silence.update(ended_at=clock.now(), ended_why=why).where(Silence.id == silence.id).execute()
    response = Response.get_or_none(Response.id == silence.response_id)
    if response is None:
        return
    about = (Activity.subject_kind == "response") & (Activity.subject_id == response.id)
    if response.published_at is None and not response.public_words:
        Activity.delete().where(about).execute()
        response.delete_instance()
    else:
        Response.update(published_by=None, published_at=None, public_sheet="").where(
            Response.id == response.id
        ).execute()
        for line in Activity.select().where(about, Activity.verb == "silence_noted"):
            facts = line.facts[:-1] + f', "ended": "{why}"}}'
            Activity.update(is_public=False, facts=facts).where(Activity.id == line.id).execute()
    Campaign.update(version=Campaign.version + 1).where(Campaign.id == response.campaign_id).execute()


def _date_anew(silence: Silence, due_on: date | None) -> None:
    if due_on is None:
        return
    Silence.update(due_on=due_on).where(Silence.id == silence.id).execute()
    since = due_on + timedelta(days=1)
    # What the public reads names the old day: a lead looks at it again before it is shown again.
    Response.update(received_on=since, published_by=None, published_at=None, public_words="").where(
        Response.id == silence.response_id
    ).execute()
    about = (Activity.subject_kind == "response") & (Activity.subject_id == silence.response_id)
    Activity.update(happened_on=since, facts=f'{{"due_on": "{due_on}"}}', is_public=False).where(about).execute()


def note_silence(letter: Letter, deadline: Deadline | None) -> bool:
    """Note that the day passed, if that is so and is not noted. Returns whether anything was noted."""
    key = deadline.id if deadline is not None else NO_CLOCK
    with transaction():
        letter.campaign.touch()
        if why_untrue(deadline, letter, _answers_to(letter), now=clock.now()):
            return False
        due_on: Any = deadline.holds_on if deadline is not None else letter.answer_due_on
        known = Silence.get_or_none(Silence.letter == letter.id, Silence.clock_key == key)
        if known is not None and known.ended_at is None:
            return False
        response = Response.get_or_none(Response.id == known.response_id) if known is not None else None
        if response is None:
            response = Response.create(
                campaign=letter.campaign,
                letter=letter,
                channel="noted",
                kind="silence",
                received_on=due_on + timedelta(days=1),
                read_at=clock.now(),
                logged_by=None,
                sender_check="noted",
            )
        saved = {
            "deadline": deadline.id if deadline is not None else None,
            "response": response.id,
            "due_on": due_on,
            "noted_at": clock.now(),
            "ended_at": None,
            "ended_why": "",
        }
        Silence.insert(letter=letter.id, clock_key=key, **saved).on_conflict(
            conflict_target=[Silence.letter, Silence.clock_key], update=saved
        ).execute()
        about = (Activity.subject_kind == "response") & (Activity.subject_id == response.id)
        Activity.delete().where(about).execute()
        record(letter.campaign, "silence_noted", by=None, about=response, on=due_on + timedelta(days=1), due_on=due_on)
    return True


@jobs.hourly
def note_silences() -> None:
    """Note every day that has passed without an answer, and look again at what was noted before."""
    today = clock.today()
    going = Campaign.state.not_in(CLOSED) & Letter.withdrawn_at.is_null() & Letter.sent_on.is_null(False)
    active = Silence.select(Silence.id).where(
        Silence.letter == Letter.id, Silence.clock_key == Deadline.id, Silence.ended_at.is_null()
    )
    passed = (
        Deadline.select(Deadline, Letter, Campaign)
        .join_from(Deadline, Letter)
        .join_from(Letter, Campaign)
        .where(
            going,
            Deadline.awaits == "answer",
            Deadline.dropped_at.is_null(),
            Deadline.satisfied_on.is_null(),
            (Deadline.due_on <= today) | (Deadline.override_on <= today),
            ~peewee.fn.EXISTS(active),
        )
        .order_by(Deadline.id)
    )
    for deadline in list(passed):
        if standing(deadline, clock.now()).name == "late":
            _try(deadline.letter, deadline)
    clocks = Deadline.select(Deadline.id).where(
        Deadline.letter == Letter.id, Deadline.awaits == "answer", Deadline.dropped_at.is_null()
    )
    own = Silence.select(Silence.id).where(
        Silence.letter == Letter.id, Silence.clock_key == NO_CLOCK, Silence.ended_at.is_null()
    )
    alone = (
        Letter.select(Letter, Campaign)
        .join(Campaign)
        .where(going, Letter.answer_due_on < today, ~peewee.fn.EXISTS(clocks), ~peewee.fn.EXISTS(own))
    )
    for letter in list(alone.order_by(Letter.id)):
        _try(letter, None)
    open_ones = Silence.select(Silence.letter).where(Silence.ended_at.is_null())
    for letter in list(Letter.select(Letter, Campaign).join(Campaign).where(Letter.id.in_(open_ones))):
        with transaction():
            review(letter)


def _try(letter: Letter, deadline: Deadline | None) -> None:
    try:
        note_silence(letter, deadline)
    except Exception:
        # One letter with odd data must not hold up the rest.
        log.exception("the silence after letter %s could not be noted; the next hour tries again", letter.id)


def silence_of(response: Response) -> Silence | None:
    """What was noted with this response. One statement."""
    found: Silence | None = Silence.get_or_none(Silence.response == response.id)
    return found
