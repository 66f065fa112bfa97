"""Voting, and changing one's mind; answering what somebody worries about; votes on paper, entered by two."""

from flask_babel import gettext as _

from portal import clock, outbox
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.letters.operations import desk_changed
from portal.letters.votes import closing, emails
from portal.letters.votes.models import CHOICES, Elector, SignOff, Vote
from portal.letters.wording import sha256_now
from portal.people.models import Person


def cast_vote(sign_off: SignOff, *, choice: str, reason: str = "", by: Person) -> Vote:
    """Say what you think of the text, or change what you said: the last word counts, the earlier ones are kept.

    Raises RuleBroken when the vote is over, the text is no longer the one that is voted on, `by` was not in the circle
    when it opened, or "not yet" comes without a reason; ValueError for an unknown choice.
    """
    _refuse_empty(choice, reason)
    with transaction():
        changed = not _hold_open(sign_off)
        if not changed:
            _elector(sign_off, by)
            last = _last(sign_off, by)
            same = last is not None and last.entered_by_id is None and (last.choice, last.reason) == (choice, reason)
            if same and last is not None:
                return last
            vote = _add(sign_off, by, choice, reason)
    if changed:
        raise RuleBroken(_("The text is not the one that is voted on any more. The vote has ended"))
    return vote


def enter_paper(sign_off: SignOff, *, person: Person, choice: str, reason: str = "", by: Person) -> Vote:
    """Type in a vote that somebody made on paper. It counts when another one has read the paper, too.

    Raises RuleBroken as `cast_vote` does, and when the person has voted or is the one who types.
    """
    _refuse_empty(choice, reason)
    if person.id == by.id:
        raise RuleBroken(_("Your own vote goes on the page of the vote"), field="person")
    with transaction():
        if not _hold_open(sign_off):
            changed = True
        else:
            changed = False
            _elector(sign_off, person)
            if _last(sign_off, person) is not None:
                raise RuleBroken(
                    _("%(name)s has voted already, or a paper of theirs waits", name=person.first_name), field="person"
                )
            vote = _add(sign_off, person, choice, reason, entered_by=by)
    if changed:
        raise RuleBroken(_("The text is not the one that is voted on any more. The vote has ended"))
    return vote


def check_paper(vote: Vote, *, choice: str, by: Person) -> None:
    """Read a paper that somebody else typed in, and say what is ticked on it. It counts when both read the same.

    Raises RuleBroken when `by` typed it in, both read it differently, or it does not wait any more.
    """
    if vote.entered_by_id == by.id:
        raise RuleBroken(_("It takes two. Somebody else has to read the paper"))
    if vote.person_id == by.id:
        raise RuleBroken(_("This is your own vote. Somebody else has to read the paper"))
    with transaction():
        if not _hold_open(vote.sign_off):
            return
        if choice != vote.choice:
            raise RuleBroken(_("The two of you read it differently. Look at the paper together"), field="choice")
        taken = (
            Vote.update(checked_by=by.id, checked_at=clock.now())
            .where(Vote.id == vote.id, Vote.checked_at.is_null(), Vote.replaced_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This paper does not wait any more. Look at the page again"))
        recount(vote.sign_off)
        outbox.enqueue(emails.paper_vote_counted(vote), kind="paper-vote", about=str(vote.id))


def take_back_paper(vote: Vote) -> None:
    """Drop a paper that was typed in wrong, before it counts. Raises RuleBroken when it counts or is gone."""
    with transaction():
        _hold_open(vote.sign_off)
        taken = (
            Vote.update(replaced_at=clock.now())
            .where(
                Vote.id == vote.id,
                Vote.entered_by.is_null(False),
                Vote.checked_at.is_null(),
                Vote.replaced_at.is_null(),
            )
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This paper does not wait any more. Look at the page again"))


def answer_vote(vote: Vote, *, answer: str, by: Person) -> None:
    """Answer a worry or a "not yet" on the page of the vote. The voter is told by mail, and may change the vote.

    Raises RuleBroken when `by` may not see the vote yet, it is one's own, or it was changed meanwhile.
    """
    sign_off = vote.sign_off
    with transaction():
        # An open vote is answered under its letter's row, so that nobody changes it at the same moment.
        desk_changed(sign_off.letter)
        now = closing.hold(sign_off)
        if now.is_open and not closing.counting(now).where(Vote.person == by.id).exists():
            raise RuleBroken(_("Vote first. Until then you do not see what others said"))
        if vote.person_id == by.id:
            raise RuleBroken(_("This is your own vote. Another lead has to answer it"))
        taken = (
            Vote.update(answer=answer, answered_by=by.id, answered_at=clock.now())
            .where(Vote.id == vote.id, Vote.replaced_at.is_null(), Vote.choice != "agree", Vote.answer == "")
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This was answered or changed a moment ago. Look at the page again"))
        vote.answer = answer
        outbox.enqueue(emails.vote_answered(vote, by=by), kind="vote-answered", about=str(vote.id))


def recount(sign_off: SignOff) -> None:
    """Bring the counters in step with the rows, inside the transaction that changed one."""
    tally = closing.tally_of(sign_off)
    SignOff.update(voter_count=tally.voters, core_voter_count=tally.core).where(SignOff.id == sign_off.id).execute()
    sign_off.voter_count, sign_off.core_voter_count = tally.voters, tally.core


def _refuse_empty(choice: str, reason: str) -> None:
    if choice not in CHOICES:
        raise ValueError(choice)
    if choice == "not_yet" and not reason.strip():
        raise RuleBroken(_("Say what should change first, so that somebody can answer"), field="reason")


def _hold_open(sign_off: SignOff) -> bool:
    """Take the letter's and the vote's row. False when the words changed behind everybody's back: then the vote is
    cancelled, and the caller says so after the commit. Raises RuleBroken when it is over."""
    desk_changed(sign_off.letter)
    now = closing.hold(sign_off)
    if not now.is_open:
        raise RuleBroken(_("This vote is over. Look at the page again"))
    letter = Letter.get_by_id(sign_off.letter_id)
    if letter.version == now.number and sha256_now(letter) == now.sha256:
        return True
    closing.cancel_for_other_words(now)
    return False


def _elector(sign_off: SignOff, person: Person) -> Elector:
    elector = Elector.get_or_none(Elector.sign_off == sign_off.id, Elector.person == person.id)
    if elector is None or not sign_off.letter.campaign.has_member(person):
        raise RuleBroken(_("Those vote who were in the circle when the vote opened, and still are"), field="person")
    return elector


def _last(sign_off: SignOff, person: Person) -> Vote | None:
    return Vote.get_or_none(Vote.sign_off == sign_off.id, Vote.person == person.id, Vote.replaced_at.is_null())


def _add(sign_off: SignOff, person: Person, choice: str, reason: str, *, entered_by: Person | None = None) -> Vote:
    Vote.update(replaced_at=clock.now()).where(
        Vote.sign_off == sign_off.id, Vote.person == person.id, Vote.replaced_at.is_null()
    ).execute()
    count = Vote.select().where(Vote.sign_off == sign_off.id, Vote.person == person.id).count()
    vote = Vote.create(
        sign_off=sign_off,
        person=person,
        number=count + 1,
        choice=choice,
        reason=reason if choice != "agree" else "",
        entered_by=entered_by,
    )
    recount(sign_off)
    return vote
