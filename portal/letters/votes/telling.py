"""Who is told about a vote by mail: everybody when it opens, those who have not voted before it closes, and how it
ended. No mail says how anybody voted while the vote is open."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal import clock, jobs, outbox
from portal.campaigns.models import Campaign, Membership
from portal.database import transaction
from portal.letters.models import Letter
from portal.letters.votes import emails
from portal.letters.votes.models import Elector, SignOff, Vote
from portal.people.models import Person

NUDGE_HOURS = 24
# A vote of a day or less is too short for a reminder of its last day.
SHORTEST_NUDGED_HOURS = 30
TOLD_DAYS = 2


def opening_mails(
    letter: Letter, people: Iterable[Person], *, by: Person, closes_at: datetime
) -> dict[int, outbox.OutgoingMail]:
    """The mails that tell each of them, by person, written before the transaction that needs them."""
    moment = f"{letter.id}:{letter.version}:{int(clock.now().timestamp())}"
    return {
        person.id: outbox.written(
            emails.vote_opened(letter, person, by=by, closes_at=closes_at),
            kind="vote-opened",
            about=f"{moment}:{person.id}",
        )
        for person in people
    }


def waiting(sign_off: SignOff) -> list[Elector]:
    """Electors who have said nothing yet that counts, still in the circle, with their person. One statement."""
    is_whole = Vote.entered_by.is_null() | Vote.checked_at.is_null(False)
    voted = Vote.select(Vote.person).where(Vote.sign_off == sign_off.id, Vote.replaced_at.is_null(), is_whole)
    here = Membership.select(Membership.person).where(
        Membership.campaign == sign_off.letter.campaign_id, Membership.left_at.is_null()
    )
    return list(
        Elector.select(Elector, Person)
        .join(Person)
        .where(Elector.sign_off == sign_off.id, Elector.person.not_in(voted), Elector.person.in_(here))
        .order_by(Person.name, Person.id)
    )


def nudge(sign_off: SignOff) -> int:
    """Remind those who have not voted, each at most once in a day; returns how many were reminded now."""
    with transaction():
        told = 0
        for elector in waiting(sign_off):
            taken = (
                Elector.update(nudged_at=clock.now())
                .where(
                    Elector.id == elector.id,
                    Elector.nudged_at.is_null() | (Elector.nudged_at <= clock.now() - timedelta(days=1)),
                )
                .execute()
            )
            if taken:
                message = emails.vote_nudge(sign_off, elector.person)
                outbox.enqueue(message, kind="vote-nudge", about=f"{elector.id}:{int(clock.now().timestamp())}")
                told += 1
        return told


@jobs.hourly
def nudge_before_the_end() -> int:
    """Once, in the last day of a vote, remind those who have not voted; returns how many."""
    now = clock.now()
    ending = list(
        SignOff.select(SignOff, Letter, Campaign)
        .join(Letter)
        .join(Campaign)
        .where(
            SignOff.outcome.is_null(), SignOff.closes_at > now, SignOff.closes_at <= now + timedelta(hours=NUDGE_HOURS)
        )
    )
    told = 0
    for sign_off in ending:
        if sign_off.closes_at - sign_off.opened_at < timedelta(hours=SHORTEST_NUDGED_HOURS):
            continue
        last_day = sign_off.closes_at - timedelta(hours=NUDGE_HOURS)
        with transaction():
            for elector in waiting(sign_off):
                # Whoever a lead reminded within the last day of the vote has had their reminder.
                taken = (
                    Elector.update(nudged_at=now)
                    .where(Elector.id == elector.id, Elector.nudged_at.is_null() | (Elector.nudged_at < last_day))
                    .execute()
                )
                if taken:
                    outbox.enqueue(
                        emails.vote_nudge(sign_off, elector.person), kind="vote-nudge", about=f"{elector.id}:last"
                    )
                    told += 1
    return told


@jobs.job()
def tell_how_it_ended(sign_off_id: int) -> None:
    """Write to everybody who could vote how the vote ended. Twice is once."""
    sign_off = (
        SignOff.select(SignOff, Letter, Campaign)
        .join(Letter)
        .join(Campaign)
        .where(SignOff.id == sign_off_id, SignOff.outcome.is_null(False))
        .first()
    )
    if sign_off is None:
        return
    here = Membership.select(Membership.person).where(
        Membership.campaign == sign_off.letter.campaign_id, Membership.left_at.is_null()
    )
    electors = list(
        Elector.select(Elector, Person).join(Person).where(Elector.sign_off == sign_off.id, Elector.person.in_(here))
    )
    about = {f"vote-ended:{sign_off.id}:{elector.person_id}": elector for elector in electors}
    Mail = outbox.OutgoingMail
    told = {key for (key,) in Mail.select(Mail.dedupe_key).where(Mail.dedupe_key.in_(list(about))).tuples()}
    for key, elector in about.items():
        if key not in told:
            message = emails.vote_ended(sign_off, elector.person)
            outbox.enqueue(message, kind="vote-ended", about=f"{sign_off.id}:{elector.person_id}")


@jobs.hourly
def tell_what_was_missed() -> None:
    """Votes that ended a while ago and whose mails a lost wake-up left unwritten."""
    since = clock.now() - timedelta(days=TOLD_DAYS)
    for (sign_off_id,) in SignOff.select(SignOff.id).where(SignOff.closed_at >= since).tuples():
        tell_how_it_ended(sign_off_id)
