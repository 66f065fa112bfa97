"""The words of a letter as they stand now, as they would be frozen."""

from portal.letters.canonical import canonical_text, fingerprint_of
from portal.letters.finding import standing_blocks
from portal.letters.models import Letter
from portal.letters.sheet import content_of


def text_now(letter: Letter) -> tuple[str, dict]:
    """The canonical text and the content of the letter as it stands."""
    blocks = standing_blocks(letter)
    content = content_of(letter, blocks)
    return canonical_text(content), content


def sha256_now(letter: Letter) -> str:
    """The fingerprint that the letter would have if it were frozen now."""
    return fingerprint_of(text_now(letter)[0])
