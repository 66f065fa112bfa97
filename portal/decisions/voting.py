"""Voting on a question, and changing one's mind; votes on paper, entered by two; the view of those who disagree."""

from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.decisions import closing, telling
from portal.decisions.models import Ballot, BallotElector, BallotVote
from portal.errors import RuleBroken
from portal.people.models import Person


def cast_vote(ballot: Ballot, *, choice: int, worry: str = "", by: Person) -> BallotVote:
    """Say which answer you want, or change what you said: the last word counts, the earlier ones are kept.

    When everybody has voted and the question is cool, it is counted in the same transaction. Raises RuleBroken when it
    is over or `by` is not among those who can vote; ValueError for an option that is not there.
    """
    with transaction():
        now = _hold_open(ballot, choice)
        _elector(now, by)
        last = _last(now, by)
        if last is not None and last.entered_by_id is None and (last.choice, last.worry) == (choice, worry):
            return last
        vote = _add(now, by, choice, worry)
        closing.settle(now)
    return vote


def enter_paper(ballot: Ballot, *, person: Person, choice: int, worry: str = "", by: Person) -> BallotVote:
    """Type in a vote that somebody made on paper. It counts when another one has read the paper, too.

    Raises RuleBroken as `cast_vote` does, and when the person has voted or is the one who types.
    """
    if person.id == by.id:
        raise RuleBroken(_("Your own vote goes on the page of the vote"), field="person")
    with transaction():
        now = _hold_open(ballot, choice)
        _elector(now, person)
        if _last(now, person) is not None:
            raise RuleBroken(
                _("%(name)s has voted already, or a paper of theirs waits", name=person.first_name), field="person"
            )
        return _add(now, person, choice, worry, entered_by=by)


def check_paper(vote: BallotVote, *, choice: int, by: Person) -> None:
    """Read a paper that somebody else typed in, and say what is ticked on it. It counts when both read the same.

    Raises RuleBroken when `by` typed it in or it is their own, both read it differently, or it does not wait any more.
    """
    if vote.entered_by_id == by.id:
        raise RuleBroken(_("It takes two. Somebody else has to read the paper"))
    if vote.person_id == by.id:
        raise RuleBroken(_("This is your own vote. Somebody else has to read the paper"))
    with transaction():
        now = _hold_open(vote.ballot, choice)
        if choice != vote.choice:
            raise RuleBroken(_("The two of you read it differently. Look at the paper together"), field="choice")
        taken = (
            BallotVote.update(checked_by=by.id, checked_at=clock.now())
            .where(BallotVote.id == vote.id, BallotVote.checked_at.is_null(), BallotVote.replaced_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This paper does not wait any more. Look at the page again"))
        telling.tell_paper_counted(vote)
        _recount(now)
        closing.settle(now)


def take_back_paper(vote: BallotVote) -> None:
    """Drop a paper that was typed in wrong, before it counts. Raises RuleBroken when it counts or is gone."""
    with transaction():
        _hold_open(vote.ballot, vote.choice)
        taken = (
            BallotVote.update(replaced_at=clock.now())
            .where(
                BallotVote.id == vote.id,
                BallotVote.entered_by.is_null(False),
                BallotVote.checked_at.is_null(),
                BallotVote.replaced_at.is_null(),
            )
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This paper does not wait any more. Look at the page again"))


def leave_view(ballot: Ballot, *, words: str, by: Person) -> None:
    """Somebody who voted otherwise leaves words that stand beside the result; empty words take them away.

    Raises RuleBroken while it is open, when it was called off, or when `by` did not vote or voted as it went.
    """
    with transaction():
        now = closing.settle(ballot)
        if now.outcome is None or now.outcome == "cancelled":
            raise RuleBroken(_("The vote has no result yet. Until it has, write what worries you with your vote"))
        is_other = (BallotVote.choice != now.winner) if now.winner is not None else (BallotVote.choice >= 0)
        left = (
            BallotVote.update(other_view=words, viewed_at=clock.now() if words else None)
            .where(
                BallotVote.id.in_(closing.counting(now).select(BallotVote.id).where(BallotVote.person == by.id)),
                is_other,
            )
            .execute()
        )
        if not left:
            raise RuleBroken(_("Those who voted for something else can leave words here"))
        now.campaign.touch()


def _hold_open(ballot: Ballot, choice: int) -> Ballot:
    now = closing.hold(ballot)
    if not 0 <= choice < closing.options_in(now):
        raise ValueError(choice)
    if not now.is_open:
        raise RuleBroken(_("This vote is over. Look at the page again"))
    return now


def _elector(ballot: Ballot, person: Person) -> None:
    is_there = BallotElector.select().where(BallotElector.ballot == ballot.id, BallotElector.person == person.id)
    if not is_there.exists() or not ballot.campaign.has_member(person):
        sentence = (
            _("Those vote who were in the circle when the vote opened, and still are")
            if ballot.electorate == "members"
            else _("Those of the circle vote who came to the meeting")
        )
        raise RuleBroken(sentence, field="person")


def _last(ballot: Ballot, person: Person) -> BallotVote | None:
    return BallotVote.get_or_none(
        BallotVote.ballot == ballot.id, BallotVote.person == person.id, BallotVote.replaced_at.is_null()
    )


def _add(ballot: Ballot, person: Person, choice: int, worry: str, *, entered_by: Person | None = None) -> BallotVote:
    BallotVote.update(replaced_at=clock.now()).where(
        BallotVote.ballot == ballot.id, BallotVote.person == person.id, BallotVote.replaced_at.is_null()
    ).execute()
    count = BallotVote.select().where(BallotVote.ballot == ballot.id, BallotVote.person == person.id).count()
    vote = BallotVote.create(
        ballot=ballot, person=person, number=count + 1, choice=choice, worry=worry, entered_by=entered_by
    )
    _recount(ballot)
    return vote


def _recount(ballot: Ballot) -> None:
    """Bring the counter in step with the rows, inside the transaction that changed one."""
    ballot.voter_count = closing.counting(ballot).count()
    Ballot.update(voter_count=ballot.voter_count).where(Ballot.id == ballot.id).execute()
