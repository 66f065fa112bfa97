"""What every change of the talk begins and ends with: the letter's row, and the counters of what is open."""

from portal.letters.models import Block, Letter
from portal.letters.operations import desk_changed


def hold(letter: Letter) -> None:
    """Take the letter's row until the transaction ends, whatever state it is in."""
    Letter.update(version=Letter.version).where(Letter.id == letter.id).execute()


def count_talk(letter: Letter, block_id: int | None, *, suggestions: int = 0, comments: int = 0) -> None:
    """Keep the counters of open talk in step, inside the transaction that changed it, and move the desk on."""
    if block_id is not None:
        Block.update(
            suggestion_count=Block.suggestion_count + suggestions, comment_count=Block.comment_count + comments
        ).where(Block.id == block_id).execute()
    elif comments:
        Letter.update(comment_count=Letter.comment_count + comments).where(Letter.id == letter.id).execute()
    desk_changed(letter, talk=suggestions + comments)
