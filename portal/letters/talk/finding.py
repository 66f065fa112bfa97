"""How the views find suggestions, remarks, and a part with all that is said about it."""

from flask import abort

from portal.letters.models import Block, Letter
from portal.letters.talk import queries
from portal.letters.talk.models import Comment, Suggestion
from portal.letters.talk.people import Neighbour


def find_suggestion(letter: Letter, suggestion_id: int) -> Suggestion:
    """The suggestion with this id in the letter, or 404."""
    return queries.suggestion_of(letter, suggestion_id) or abort(404)


def find_comment(letter: Letter, comment_id: int) -> Comment:
    """The remark with this id in the letter, or 404."""
    row = Comment.select().where(Comment.letter == letter.id, Comment.id == comment_id).first()
    if row is None:
        abort(404)
    row.letter = letter
    return row


def find_part(letter: Letter, block_id: int) -> tuple[Block, list[queries.Shown], list[Neighbour]]:
    """A part with its suggestions and everybody in the circle, or 404."""
    return queries.part_of(letter, block_id) or abort(404)
