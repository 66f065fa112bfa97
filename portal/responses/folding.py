"""A long mail folded for the screen: the new words in front, what they quote and sign with behind a press.

Only how it is shown. The text is kept whole, and the original byte for byte.
"""

import re
from dataclasses import dataclass

# What programs put above the letter that they quote. The line may go over two.
_INTROS = re.compile(
    r"^\s*(?:"
    r"on .{4,200}\bwrote:|am .{4,200}\bschrieb\b.{0,100}:|le .{4,200}\ba écrit\s*:|el .{4,200}\bescribió:|"
    r"op .{4,200}\bschreef\b.{0,100}:|il .{4,200}\bha scritto:|"
    r"-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d’origine)\s*-{2,}|"
    r"_{20,}"
    r")\s*$",
    re.IGNORECASE | re.DOTALL,
)
_FROM = re.compile(r"^\s*\*?(?:from|von|de|van|da):\*?\s+\S", re.IGNORECASE)
_SENT = re.compile(
    r"^\s*\*?(?:sent|date|to|subject|gesendet|an|betreff|envoyé|à|objet|enviado|para|asunto):", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^--\s?$")
_DEVICE = re.compile(r"^(?:sent from my|von meinem .{2,30} gesendet|envoyé de mon|get outlook for)\b", re.IGNORECASE)
LEAST_NEW = 2


@dataclass(frozen=True)
class Folded:
    """The new words, and the rest. Together they are the text."""

    fresh: str
    rest: str = ""


def fold(text: str) -> Folded:
    """Part a mail where its history or its signature begins. A text with nothing new in front stays whole.

    Words below or between what is quoted are an answer line by line: such a text stays whole too.
    """
    lines = text.split("\n")
    cut = next((at for at in range(len(lines)) if _begins_rest(lines, at)), len(lines))
    fresh, rest = "\n".join(lines[:cut]).rstrip(), "\n".join(lines[cut:]).strip()
    if not rest or len(fresh.strip()) < LEAST_NEW or _is_answered_below(lines[cut:]):
        return Folded(text)
    return Folded(fresh, rest)


def _begins_rest(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _SIGNATURE.match(line) or _DEVICE.match(line.strip()):
        return True
    after = lines[at + 1] if at + 1 < len(lines) else ""
    if _INTROS.match(line) or (
        after and len(line) < 200 and _INTROS.match(f"{line} {after}") and not _INTROS.match(after)
    ):
        return True
    if _FROM.match(line) and sum(bool(_SENT.match(one)) for one in lines[at + 1 : at + 6]) >= 2:
        return True
    # A stretch that is quoted to the end, or nearly.
    return line.startswith(">") and all(one.startswith(">") or not one.strip() for one in lines[at : at + 4])


def _is_answered_below(rest: list[str]) -> bool:
    """Whether unquoted words stand after quoted ones: then order matters, and nothing is folded."""
    quoted = [at for at, line in enumerate(rest) if line.startswith(">")]
    if not quoted or any(_FROM.match(line) for line in rest[: quoted[0] + 1]):
        return False
    tail = rest[quoted[-1] + 1 :]
    between = [line for line in rest[quoted[0] : quoted[-1]] if line.strip() and not line.startswith(">")]
    signed = next(
        (at for at, line in enumerate(tail) if _SIGNATURE.match(line) or _DEVICE.match(line.strip())), len(tail)
    )
    below = [line for line in tail[:signed] if line.strip()]
    return bool(below or between)
