"""Remarks on a part or on the whole letter: said, answered, settled, opened again, taken back."""

from collections.abc import Collection

from flask_babel import gettext as _

from portal import clock, limits, outbox
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.models import Block, Letter
from portal.letters.operations import desk_changed
from portal.letters.talk import emails
from portal.letters.talk.counting import count_talk, hold
from portal.letters.talk.models import Comment, Mention
from portal.letters.talk.people import circle_of, named_in
from portal.people.models import Person


def say(letter: Letter, block: Block | None, text: str, *, by: Person, tell: Collection[int] = ()) -> Comment:
    """Begin a thread of remarks, on a part or (None) on the whole letter.

    `tell` are ids of people who get one mail each; whoever is not in the circle is left out. “@Name” in the text works
    as well. Raises RuleBroken when the letter is withdrawn, or when `by` has caused `limits.NAMED_MAIL` mails today.
    """
    with transaction():
        hold(letter)
        if Letter.get_by_id(letter.id).withdrawn_at is not None:
            raise RuleBroken(_("This letter is withdrawn. Nothing more is said about it here"))
        comment = Comment.create(letter=letter, block=block, by=by, text=text, made_at=clock.now())
        count_talk(letter, comment.block_id, comments=1)
        _mention(comment, tell, by=by)
    return comment


def answer(first: Comment, text: str, *, by: Person, tell: Collection[int] = ()) -> Comment:
    """Answer under the first remark of a thread. `tell` as in `say`. Raises RuleBroken when the thread is settled."""
    with transaction():
        hold(first.letter)
        if Comment.get_by_id(first.id).settled_at is not None:
            raise RuleBroken(_("This was settled. Open it again before you answer"))
        comment = Comment.create(
            letter=first.letter, block=first.block_id, thread=first.id, by=by, text=text, made_at=clock.now()
        )
        desk_changed(first.letter)
        _mention(comment, tell, by=by)
    return comment


def settle(first: Comment, *, by: Person) -> None:
    """Say that a thread is done with. Twice is once."""
    with transaction():
        hold(first.letter)
        _settle(first, by=by)


def reopen(first: Comment, *, by: Person) -> None:
    """Open a settled thread again. Twice is once. Raises RuleBroken when all its words were taken back."""
    with transaction():
        hold(first.letter)
        if not _words_left(first):
            raise RuleBroken(_("Nothing is left of this. Begin a new remark"))
        opened = (
            Comment.update(settled_by=None, settled_at=None)
            .where(Comment.id == first.id, Comment.settled_at.is_null(False))
            .execute()
        )
        if opened:
            count_talk(first.letter, first.block_id, comments=1)


def take_back(comment: Comment, *, by: Person) -> None:
    """Take one's own words back: they are gone, the place in the thread stays. Twice is once.

    A thread of which nothing is left is settled. Raises RuleBroken when the words are somebody else's.
    """
    if comment.by_id != by.id:
        raise RuleBroken(_("Only who wrote a remark can take it back"))
    with transaction():
        hold(comment.letter)
        taken = (
            Comment.update(text="", taken_back_at=clock.now())
            .where(Comment.id == comment.id, Comment.taken_back_at.is_null())
            .execute()
        )
        if not taken:
            return
        desk_changed(comment.letter)
        first = Comment.get_by_id(comment.thread_id or comment.id)
        first.letter = comment.letter
        if not _words_left(first):
            _settle(first, by=by)


def _settle(first: Comment, *, by: Person) -> None:
    settled = (
        Comment.update(settled_by=by.id, settled_at=clock.now())
        .where(Comment.id == first.id, Comment.settled_at.is_null())
        .execute()
    )
    if settled:
        count_talk(first.letter, first.block_id, comments=-1)


def _words_left(first: Comment) -> bool:
    thread = (Comment.id == first.id) | (Comment.thread == first.id)
    return Comment.select().where(thread, Comment.taken_back_at.is_null()).exists()


def _mention(comment: Comment, tell: Collection[int], *, by: Person) -> None:
    circle = circle_of(comment.letter.campaign)
    wanted = ({one.id for one in circle} & set(tell)) | named_in(comment.text, circle)
    if not all(limits.take(limits.NAMED_MAIL, str(by.id)) for _one in wanted - {by.id}):
        raise RuleBroken(
            _(
                "You have told %(num)d people by mail today, which is the most for one day. Take the names out and send"
                " it without a mail, or wait until tomorrow",
                num=limits.NAMED_MAIL.most,
            ),
            field="text",
        )
    for person in Person.select().where(Person.id.in_(wanted - {by.id})).order_by(Person.id):
        Mention.create(comment=comment, person=person)
        outbox.enqueue(emails.mentioned(comment, person, by=by), kind="mentioned", about=f"{comment.id}:{person.id}")
