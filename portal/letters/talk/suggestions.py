"""Suggestions: other words for a part, a new part, or leaving one out. Those who write the letter decide.

Taking a suggestion goes through the ordinary save, over the version its author read: nobody's words are overwritten
unseen. Decisions are settled by one conditional update, so that two who press at once decide once.
"""

from typing import Any

from flask_babel import gettext as _

from portal import clock, outbox
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters import blocks
from portal.letters.blocks import Words
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.operations import Change, desk_changed, hold_open
from portal.letters.talk import emails
from portal.letters.talk.counting import count_talk, hold
from portal.letters.talk.models import Comment, Suggestion
from portal.letters.talk.people import add_author
from portal.people.models import Person


class Decided(RuleBroken):
    """Somebody else decided first, or the author withdrew it."""

    def __init__(self) -> None:
        super().__init__(_("Somebody decided on this a moment ago. This is how it ended"))


class Stale(RuleBroken):
    """The part has moved on since the suggestion, or the reading of it. `block` is how it stands now."""

    def __init__(self, block: Block) -> None:
        super().__init__(_("The part has changed since. Look at both texts, then decide"))
        self.block = block


def suggest_words(
    block: Block, words: Words, *, seen: int, why: str, by: Person, remark: Comment | None = None
) -> Suggestion:
    """Suggest other words for a part, read at version `seen`. `remark` is the one that it grew out of.

    Raises RuleBroken when the text is frozen, the part is out of the letter, or the words are those that were read.
    """
    words = words.fit(block.kind)
    with transaction():
        hold_open(block.letter)
        now, old = _read(block, seen)
        if words == old:
            raise RuleBroken(_("These are the words that stand there. Change something first"), field="text")
        return _keep("replace", now, block.kind, words, old, seen=seen, why=why, by=by, remark=remark)


def suggest_removal(block: Block, *, seen: int, why: str, by: Person, remark: Comment | None = None) -> Suggestion:
    """Suggest to leave a part out. Raises RuleBroken when the text is frozen or the part is out already."""
    with transaction():
        hold_open(block.letter)
        now, old = _read(block, seen)
        return _keep("remove", now, block.kind, Words(""), old, seen=seen, why=why, by=by, remark=remark)


def suggest_part(
    letter: Letter, kind: str, words: Words, *, after: Block | None, why: str, by: Person, remark: Comment | None = None
) -> Suggestion:
    """Suggest a new part of a kind, to stand after another one; first in the letter when that is None.

    Raises RuleBroken when the text is frozen.
    """
    with transaction():
        hold_open(letter)
        seen = after.version if after is not None else 0
        words = words.fit(kind)
        return _keep("insert", after, kind, words, Words(""), seen=seen, why=why, by=by, remark=remark, letter=letter)


def accept(suggestion: Suggestion, *, by: Person) -> Change:
    """Take a suggestion as it is.

    Raises Decided when somebody decided first, Stale when its part says something else by now, RuleBroken when frozen.
    """
    with transaction():
        hold_open(suggestion.letter)
        _decide(suggestion, "accepted", by=by)
        change = _apply(suggestion, Words.of(suggestion), seen=suggestion.based_on, by=by)
        _thank(suggestion, by=by)
    return change


def merge(suggestion: Suggestion, words: Words, *, seen: int, answer: str, by: Person) -> Change:
    """Take a suggestion in words of one's own, written over version `seen` of its part.

    Raises Decided when somebody decided first, Stale when the part was saved after `seen`, RuleBroken when frozen.
    """
    with transaction():
        hold_open(suggestion.letter)
        _decide(suggestion, "merged", by=by, answer=answer)
        change = _apply(suggestion, words, seen=seen, by=by)
        _thank(suggestion, by=by)
    return change


def refuse(suggestion: Suggestion, answer: str, *, by: Person) -> None:
    """Say no, and why. Raises Decided when somebody decided first, RuleBroken without a reason."""
    if not answer.strip():
        raise RuleBroken(_("Say why not. The author reads it"), field="answer")
    with transaction():
        hold(suggestion.letter)
        _decide(suggestion, "refused", by=by, answer=answer)
        _tell_author(suggestion, by=by)


def withdraw(suggestion: Suggestion, *, by: Person) -> None:
    """Take one's own suggestion back. Raises Decided when it no longer waits, RuleBroken when it is not one's own."""
    if suggestion.by_id != by.id:
        raise RuleBroken(_("Only the author can take a suggestion back"))
    with transaction():
        hold(suggestion.letter)
        _decide(suggestion, "withdrawn", by=by)


def rebase(suggestion: Suggestion, words: Words, *, seen: int, by: Person) -> Suggestion:
    """Bring an open suggestion up to date: its words, as they are meant now, over version `seen` of its part.

    Raises Decided when it no longer waits, Stale when the part was saved after `seen`, RuleBroken when the text is
    frozen, the part is out of the letter, or says the same already.
    """
    with transaction():
        hold_open(suggestion.letter)
        now, old = _read(suggestion.block, seen)
        if now.version != seen:
            raise Stale(now)
        words = words.fit(suggestion.block_kind) if suggestion.kind == "replace" else Words("")
        if suggestion.kind == "replace" and words == old:
            raise RuleBroken(_("The part says this already. Then the suggestion can be taken back"), field="text")
        changed = (
            Suggestion.update(based_on=seen, **vars(words), **_old(old))
            .where(Suggestion.id == suggestion.id, Suggestion.state == "open")
            .execute()
        )
        if not changed:
            raise Decided()
        desk_changed(suggestion.letter)
    return Suggestion.get_by_id(suggestion.id)


def close_open(letter: Letter, *, by: Person) -> int:
    """Close what nobody decided on, because the text is being frozen; returns how many.

    Call inside the transaction that freezes. Each author is told.
    """
    waiting = list(Suggestion.select().where(Suggestion.letter == letter.id, Suggestion.state == "open"))
    for suggestion in waiting:
        suggestion.letter = letter
        _decide(suggestion, "refused", by=None, answer=_("The text was frozen before anybody decided"))
        if suggestion.by_id is not None:
            _tell(suggestion, suggestion.by, by=by, was_decided=False)
    return len(waiting)


def _read(block: Block, seen: int) -> tuple[Block, Words]:
    """The part as it is, and what it said when it was read."""
    now = Block.get_by_id(block.id)
    now.letter = block.letter
    if now.removed_at is not None:
        raise RuleBroken(_("This part was taken out of the letter. Put it back first"))
    row = BlockRevision.get_or_none(
        BlockRevision.block == block.id,
        BlockRevision.version == seen,
        BlockRevision.is_beside == False,  # noqa: E712
    )
    return now, Words.of(row if row is not None else now)


def _old(words: Words) -> dict[str, Any]:
    return {f"old_{name}": value for name, value in vars(words).items()}


def _keep(
    what: str,
    block: Block | None,
    block_kind: str,
    words: Words,
    old: Words,
    *,
    seen: int,
    why: str,
    by: Person,
    remark: Comment | None,
    letter: Letter | None = None,
) -> Suggestion:
    letter = letter if letter is not None else block.letter  # type: ignore[union-attr]
    suggestion = Suggestion.create(
        letter=letter,
        kind=what,
        block=block,
        block_kind=block_kind,
        based_on=seen,
        why=why,
        by=by,
        made_at=clock.now(),
        **vars(words),
        **_old(old),
    )
    count_talk(letter, suggestion.block_id, suggestions=1)
    if remark is not None:
        _grow_from(remark, suggestion, by=by)
    return suggestion


def _grow_from(remark: Comment, suggestion: Suggestion, *, by: Person) -> None:
    """The remark is answered by the suggestion: its thread is settled, and the two lead to each other."""
    Comment.update(suggestion=suggestion.id).where(Comment.id == remark.id, Comment.suggestion.is_null()).execute()
    first = remark.thread_id or remark.id
    settled = (
        Comment.update(settled_by=by.id, settled_at=clock.now())
        .where(Comment.id == first, Comment.settled_at.is_null())
        .execute()
    )
    if settled:
        count_talk(suggestion.letter, remark.block_id, comments=-1)


def _decide(suggestion: Suggestion, state: str, *, by: Person | None, answer: str = "") -> None:
    taken = (
        Suggestion.update(state=state, decided_by=by.id if by else None, decided_at=clock.now(), answer=answer.strip())
        .where(Suggestion.id == suggestion.id, Suggestion.state == "open")
        .execute()
    )
    if not taken:
        raise Decided()
    suggestion.state, suggestion.answer = state, answer.strip()
    count_talk(suggestion.letter, suggestion.block_id, suggestions=-1)


def _apply(suggestion: Suggestion, words: Words, *, seen: int, by: Person) -> Change:
    letter, block = suggestion.letter, suggestion.block
    told: dict[str, Any] = {"change": "suggested", "why": suggestion.why, "by": by}
    if suggestion.kind == "insert":
        return blocks.add_block(letter, suggestion.block_kind, words, after=suggestion.block_id or 0, **told)
    now = Block.get_by_id(block.id)
    now.letter = letter
    if suggestion.kind == "remove":
        if now.version != seen or now.removed_at is not None:
            raise Stale(now)
        return blocks.remove_block(now, seen=seen, **told)
    try:
        return blocks.save_block(now, words, seen=seen, **told)
    except blocks.Clash as clash:
        # The suggestion keeps its words by itself, so what the save kept beside is rolled back with the decision.
        raise Stale(clash.block) from None


def _thank(suggestion: Suggestion, *, by: Person) -> None:
    """The author, and whoever made the remark it grew from, are named as authors and told."""
    if suggestion.by_id is not None:
        is_new = add_author(suggestion.letter, suggestion.by_id, how="suggested")
        _tell_author(suggestion, by=by, is_new=is_new)
    remark = Comment.get_or_none(Comment.suggestion == suggestion.id, Comment.by.is_null(False))
    if remark is not None and remark.by_id != suggestion.by_id:
        is_new = add_author(suggestion.letter, remark.by_id, how="suggested")
        _tell(suggestion, remark.by, by=by, is_new=is_new, had_remarked=True)


def _tell_author(suggestion: Suggestion, *, by: Person, is_new: bool = False) -> None:
    if suggestion.by_id is not None:
        _tell(suggestion, suggestion.by, by=by, is_new=is_new)


def _tell(
    suggestion: Suggestion,
    person: Person,
    *,
    by: Person,
    is_new: bool = False,
    had_remarked: bool = False,
    was_decided: bool = True,
) -> None:
    """One mail about what became of it, to somebody who is still in the circle and did not decide it alone."""
    is_own = person.id == by.id and was_decided
    if is_own or person.closed_at is not None or not suggestion.letter.campaign.has_member(person):
        return
    message = emails.suggestion_decided(
        suggestion, person, by=by, is_new_author=is_new, had_remarked=had_remarked, was_decided=was_decided
    )
    outbox.enqueue(message, kind="suggestion_decided", about=f"{suggestion.id}:{person.id}")
