"""The words of a letter as they stand now, as they would be frozen."""

from portal.letters.canonical import canonical_text, fingerprint_of
from portal.letters.finding import blocks_of
from portal.letters.models import Letter
from portal.letters.sheet import content_of


def text_now(letter: Letter) -> tuple[str, dict]:
    """The canonical text and the content of the letter as it stands."""
    blocks = [block for block in blocks_of(letter) if block.removed_at is None]
    content = content_of(letter, blocks)
    return canonical_text(content), content


def sha256_now(letter: Letter) -> str:
    """The fingerprint that the letter would have if it were frozen now."""
    return fingerprint_of(text_now(letter)[0])
