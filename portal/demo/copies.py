"""Copies of a frozen letter: in other languages, for the addressee with those who want to be named, to begin from."""

from collections.abc import Sequence
from typing import Any

from portal.demo.post import Post
from portal.letters import sending
from portal.letters.copies import complainants, own_templates, translating
from portal.letters.copies.models import Translation
from portal.letters.copies.own_templates import with_gaps
from portal.letters.models import Block


def translate(
    post: Post, language: str, given: dict[str, Any], *, by: str, started: tuple[int, str], saved: tuple[int, str]
) -> Translation:
    """Somebody translates the newest version; `given` has its title and its parts, in the order of the letter. Parts
    that are empty there wait for somebody."""
    version, person = sending.newest_version(post.letter), post.company[by]
    with post.stage.at(*started):
        translation = translating.start_translation(post.letter, version, language, by=person)
    empty = translating.parts_of(translation)
    parts = [{**blank, **part} for blank, part in zip(empty, given["parts"], strict=True)]
    with post.stage.at(*saved):
        translating.save_translation(translation, title=given["title"], parts=parts, seen=translation.number, by=person)
    return Translation.get_by_id(translation.id)


def check_translation(translation: Translation, post: Post, when: tuple[int, str], *, by: str) -> None:
    """Somebody else who speaks the language says that it says the same."""
    with post.stage.at(*when):
        translating.check_translation(
            translation, sending.newest_version(post.letter), seen=translation.number, by=post.company[by]
        )


def name_themselves(post: Post, rows: Sequence[tuple[tuple[int, str], str, str, str]]) -> None:
    """Members agree to be named to the addressee: (when, who, home, their complaints)."""
    for when, name, home, complaints in rows:
        with post.stage.at(*when):
            complainants.name_me(
                post.letter, name=name, home_words=home, complaints=complaints, person=post.company[name]
            )


def keep_as_template(post: Post, when: tuple[int, str], *, by: str, name: str, about: str) -> None:
    """Somebody keeps the letter to begin from again, with gaps where names and days stood."""
    letter, campaign = post.letter, post.circle.campaign
    standing = letter.blocks.where(Block.removed_at.is_null()).order_by(Block.position)
    parts = [
        {"kind": block.kind, "text": with_gaps(block.text, campaign), "test": with_gaps(block.test, campaign)}
        for block in standing
    ]
    with post.stage.at(*when):
        own_templates.keep_template(
            campaign,
            letter,
            name=name,
            about=about,
            headline=with_gaps(letter.title, campaign),
            parts=parts,
            by=post.company[by],
        )
