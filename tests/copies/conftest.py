"""A campaign of 84 homes with a letter, and the same letter frozen with its real text."""

import json

import pytest

from portal.letters.canonical import canonical_text, fingerprint_of
from portal.letters.finding import blocks_of
from portal.letters.models import Letter, LetterVersion
from portal.letters.sheet import content_of
from tests.builders import build_campaign, build_letter


@pytest.fixture
def campaign(cast):
    return build_campaign(
        leads=[cast.amina, cast.ben],
        members=[cast.cerys, cast.nia],
        organizer=cast.ola,
        floors=6,
        homes_per_floor=14,
        visibility="public",
    )


@pytest.fixture
def letter(campaign):
    return build_letter(campaign)


def freeze(letter):
    """A next version of the letter as it stands, without anybody's vote."""
    content = content_of(letter, [block for block in blocks_of(letter) if block.removed_at is None])
    canonical = canonical_text(content)
    number = letter.versions.count() + 1
    Letter.update(frozen_at=letter.created_at).where(Letter.id == letter.id).execute()
    letter.frozen_at = letter.created_at
    return LetterVersion.create(
        letter=letter,
        number=number,
        canonical_text=canonical,
        sha256=fingerprint_of(canonical),
        content=json.dumps(content),
    )


@pytest.fixture
def frozen(letter):
    freeze(letter)
    return letter
