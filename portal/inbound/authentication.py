"""Who the receiving mail system could prove a message was from.

Only what our own receiver wrote counts, and only its top-most word: anybody can put such a header into a message.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal.inbound.addresses import domain_of
from portal.inbound.apart.mime import Taken
from portal.inbound.apart.text import header_text

_SPEC = r"[^\s<>@\"(),:;\[\]]{1,64}@[A-Za-z0-9.-]{1,250}"
# "Name <address>" or the address alone; a comment may stand after either.
_AUTHOR = re.compile(rf"(?:(?P<name>[^<>]*)<\s*(?P<framed>{_SPEC})\s*>|(?P<bare>{_SPEC}))\s*(?:\([^()]*\))?")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_CROOKED = re.compile(r"[,;:\"]")
_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"^\s*([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header\.(?:from|d|i)|policy\.[a-z-]+)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Sender:
    """Whom a message says it is from."""

    name: str = ""
    address: str = ""

    @property
    def domain(self) -> str:
        """The domain of the address."""
        return domain_of(self.address)


def sender_of(taken: Taken) -> Sender:
    """The one author of a message. None, several, or a crooked header give no address: nobody can be proved by it."""
    if len(taken.authors) != 1:
        return Sender(name=header_text(", ".join(taken.authors))[:200])
    found = _AUTHOR.fullmatch(taken.authors[0].strip())
    if found is None or _CROOKED.search(_QUOTED.sub("", found["name"] or "")):
        return Sender(name=header_text(taken.authors[0])[:200])
    name = header_text((found["name"] or "").strip().strip('"').replace('\\"', '"'))
    return Sender(name[:200], (found["framed"] or found["bare"]).lower()[:320])


def proved_domain(taken: Taken, trusted: Iterable[str]) -> str:
    """The domain of the author that our receiver proved: DMARC passed, or a DKIM signature of that domain did.

    "" when nothing of the kind was said by a receiver in `trusted`.
    """
    domain = sender_of(taken).domain
    words = _trusted_words(taken, {name.lower() for name in trusted})
    if not domain or words is None:
        return ""
    is_signed = False
    for method, result, said in words:
        if method == "dmarc":
            about = said.get("header.from", "")
            return domain if result == "pass" and (domain_of(about) or about) == domain else ""
        if method == "dkim" and result == "pass":
            signer = said.get("header.d") or domain_of(said.get("header.i", ""))
            is_signed |= is_aligned(signer, domain)
    return domain if is_signed else ""


def is_aligned(signer: str, domain: str) -> bool:
    """Whether a signature by `signer` speaks for `domain`: the same, or one above it that is no bare top level."""
    signer = signer.lower().strip(".")
    return bool(signer) and (signer == domain or ("." in signer and domain.endswith(f".{signer}")))


def is_marked_spam(taken: Taken, trusted: Iterable[str]) -> bool:
    """Whether our own receiver took it for spam. Without a word of its own, such marks are the sender's."""
    if _trusted_words(taken, {name.lower() for name in trusted}) is None:
        return False
    flag = taken.first("x-spam-flag").strip().lower()
    status = taken.first("x-spam-status").strip().lower()
    return flag.startswith("yes") or status.startswith("yes") or taken.first("x-spam").strip().lower() == "yes"


Words = list[tuple[str, str, dict[str, str]]]


def _trusted_words(taken: Taken, trusted: set[str]) -> Words | None:
    """What the top-most Authentication-Results says, when it is one of `trusted` that wrote it; else None."""
    for value in taken.all("authentication-results"):
        name, words = _read(value)
        if name in trusted:
            return words
    return None


def _read(value: str) -> tuple[str, Words]:
    plain = value
    while (shorter := _COMMENT.sub(" ", plain)) != plain:
        plain = shorter
    first, *results = plain.split(";")
    name = (first.split() or [""])[0].lower()
    words: Words = []
    for result in results[:50]:
        found = _METHOD.match(result)
        if found:
            said = {key.lower(): value.lower() for key, value in _PROPERTY.findall(result)}
            words.append((found[1].lower(), found[2].lower(), said))
    return name, words
