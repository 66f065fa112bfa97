"""Mentor pairs: proposed, accepted by both, ended by either in one press. A shared plan, firsts, and proper chats."""

from datetime import date

import peewee
from flask_babel import gettext as _

from portal import clock, outbox
from portal.campaigns.models import Attachment, Campaign, Membership
from portal.database import transaction
from portal.errors import RuleBroken
from portal.mentoring import emails
from portal.mentoring.models import MOST_MENTEES, First, MentorPair, OneToOne, PlanStep
from portal.people.models import Person


def candidates(campaign: Campaign) -> list[Person]:
    """Members and accepted organizers of a campaign, by name: the people who can be one of a pair."""
    members = Membership.select(Membership.person).where(
        Membership.campaign == campaign.id, Membership.left_at.is_null()
    )
    organizers = Attachment.select(Attachment.person).where(
        Attachment.campaign == campaign.id, Attachment.accepted_at.is_null(False), Attachment.ended_at.is_null()
    )
    return list(
        Person.select().where(Person.id.in_(members) | Person.id.in_(organizers)).order_by(Person.name, Person.id)
    )


def propose_pair(
    campaign: Campaign, *, mentor: Person, mentee: Person, purpose: str, rhythm: str, by: Person
) -> MentorPair:
    """Propose that one brings the other on. Whoever proposes and is one of the two has said yes with it.

    Raises RuleBroken when they are one person, either is not in the campaign, a pair of the two is open already, or the
    mentor has four already.
    """
    if mentor.id == mentee.id:
        raise RuleBroken(_("Choose two different people"), field="mentee")
    known = {person.id for person in candidates(campaign)}
    if mentor.id not in known or mentee.id not in known:
        raise RuleBroken(_("Choose people who are in the campaign"))
    now = clock.now()
    with transaction():
        # The mentor's row first, so that two proposals at once are counted one after the other.
        Person.update(name=Person.name).where(Person.id == mentor.id).execute()
        open_ones = MentorPair.ended_at.is_null() & MentorPair.declined_at.is_null()
        if (
            MentorPair.select()
            .where(open_ones, MentorPair.mentor == mentor.id, MentorPair.mentee == mentee.id)
            .exists()
        ):
            raise RuleBroken(_("These two are a pair already, or have been asked"))
        if MentorPair.select().where(open_ones, MentorPair.mentor == mentor.id).count() >= MOST_MENTEES:
            raise RuleBroken(
                _(
                    "%(name)s has %(most)s people to bring on already. That is enough for one",
                    name=mentor.display_name,
                    most=MOST_MENTEES,
                ),
                field="mentor",
            )
        pair = MentorPair.create(
            campaign=campaign,
            mentor=mentor,
            mentee=mentee,
            proposed_by=by,
            purpose=purpose,
            rhythm=rhythm,
            mentor_accepted_at=now if by.id == mentor.id else None,
            mentee_accepted_at=now if by.id == mentee.id else None,
        )
        for person in (mentor, mentee):
            if person.id != by.id:
                outbox.enqueue(emails.pair_proposed(pair, person, by=by), kind="pair", about=f"{pair.id}:{person.id}")
    return pair


def accept_pair(pair: MentorPair, *, by: Person) -> None:
    """Say yes. The pair begins when both have. Raises RuleBroken when it was declined or ended meanwhile."""
    field = MentorPair.mentor_accepted_at if by.id == pair.mentor_id else MentorPair.mentee_accepted_at
    with transaction():
        changed = (
            MentorPair.update({field: clock.now()})
            .where(MentorPair.id == pair.id, MentorPair.declined_at.is_null(), MentorPair.ended_at.is_null())
            .execute()
        )
        if not changed:
            raise RuleBroken(_("This is over already"))


def decline_pair(pair: MentorPair, *, by: Person) -> None:
    """Say no. No reason is asked for. Raises RuleBroken when it had begun or ended."""
    with transaction():
        both = MentorPair.mentor_accepted_at.is_null(False) & MentorPair.mentee_accepted_at.is_null(False)
        changed = (
            MentorPair.update(declined_at=clock.now())
            .where(MentorPair.id == pair.id, MentorPair.declined_at.is_null(), MentorPair.ended_at.is_null(), ~both)
            .execute()
        )
        if not changed:
            raise RuleBroken(_("This has begun already. You can end it"))


def end_pair(pair: MentorPair, *, by: Person) -> None:
    """End it: one press, no reason. Pressing again changes nothing."""
    with transaction():
        MentorPair.update(ended_at=clock.now(), ended_by=by).where(
            MentorPair.id == pair.id, MentorPair.ended_at.is_null()
        ).execute()


def _needs_to_be_active(pair: MentorPair) -> None:
    """The row itself is asked, inside the transaction: the other one may just have ended it."""
    now = MentorPair.get_by_id(pair.id)
    if not now.is_active:
        raise RuleBroken(_("The pair is not running, so nothing can be added"))


def add_step(pair: MentorPair, *, text: str, by_on: date | None, by: Person) -> PlanStep:
    """Add a next step to the plan that both read. Raises RuleBroken when the pair is not running."""
    with transaction():
        _needs_to_be_active(pair)
        return PlanStep.create(pair=pair, text=text, by_on=by_on, added_by=by)


def finish_step(step: PlanStep, *, by: Person, done: bool = True) -> None:
    """Tick a step, or take the tick back. Raises RuleBroken when the pair is not running."""
    with transaction():
        _needs_to_be_active(step.pair)
        PlanStep.update(done_at=clock.now() if done else None).where(PlanStep.id == step.id).execute()


def add_first(pair: MentorPair, *, what: str, on: date, by: Person) -> First:
    """Note something done for the first time. Raises RuleBroken for a day ahead, or when the pair is not running."""
    if on > clock.today():
        raise RuleBroken(_("The day must be today or earlier"), field="on")
    with transaction():
        _needs_to_be_active(pair)
        return First.create(pair=pair, what=what, on=on, added_by=by)


def log_one_to_one(
    pair: MentorPair, *, held_on: date, where: str, cares_about: str, next_step: str, next_on: date | None, by: Person
) -> OneToOne:
    """Log a proper chat: what they care about, and a next step. The other one reads it too.

    Raises RuleBroken for a day that lies ahead, or when the pair is not running.
    """
    if held_on > clock.today():
        raise RuleBroken(_("The day must be today or earlier"), field="held_on")
    with transaction():
        _needs_to_be_active(pair)
        row = OneToOne.create(
            pair=pair,
            logged_by=by,
            held_on=held_on,
            where=where,
            cares_about=cares_about,
            next_step=next_step,
            next_on=next_on,
        )
        if next_step:
            PlanStep.create(pair=pair, text=next_step, by_on=next_on, added_by=by)
        return row


def pairs_of(person: Person) -> list[MentorPair]:
    """Every pair the person is or was one of, newest first, with both people and the campaign. One statement."""
    mentor, mentee = Person.alias("mentor"), Person.alias("mentee")
    return list(
        MentorPair.select(MentorPair, mentor, mentee, Campaign)
        .join_from(MentorPair, mentor, on=(MentorPair.mentor == mentor.id), attr="mentor")
        .join_from(MentorPair, mentee, on=(MentorPair.mentee == mentee.id), attr="mentee")
        .join_from(MentorPair, Campaign)
        .where((MentorPair.mentor == person.id) | (MentorPair.mentee == person.id))
        .order_by(MentorPair.id.desc())
        .limit(200)
    )


def book_of(pair: MentorPair) -> dict[str, list[tuple[date | None, str, str, int, bool]]]:
    """Everything the two wrote, by kind, in one statement: step, first and chat rows as (day, text, more, id, done)."""
    steps = PlanStep.select(
        peewee.Value("step"),
        PlanStep.by_on,
        PlanStep.text,
        peewee.Value(""),
        PlanStep.id,
        PlanStep.done_at.is_null(False),
    ).where(PlanStep.pair == pair.id)
    firsts = First.select(
        peewee.Value("first"), First.on, First.what, peewee.Value(""), First.id, First.id.is_null()
    ).where(First.pair == pair.id)
    chats = OneToOne.select(
        peewee.Value("chat"),
        OneToOne.held_on,
        OneToOne.cares_about,
        OneToOne.next_step,
        OneToOne.id,
        OneToOne.id.is_null(),
    ).where(OneToOne.pair == pair.id)
    found: dict[str, list[tuple[date | None, str, str, int, bool]]] = {"step": [], "first": [], "chat": []}
    for kind, day, text, more, row_id, done in (steps | firsts | chats).tuples():
        when = date.fromisoformat(day) if isinstance(day, str) else day
        found[kind].append((when, text, more, row_id, bool(done)))
    late = date.max
    found["step"].sort(key=lambda row: (row[4], row[0] or late, row[3]))
    for kind in ("first", "chat"):
        found[kind].sort(key=lambda row: (row[0] or late, row[3]), reverse=True)
    return found
