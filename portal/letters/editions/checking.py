"""Which frozen letter a text or a PDF is: told from its words, never from the fingerprint that it claims."""

import json
import re
from dataclasses import dataclass
from typing import Any

import peewee

from portal.campaigns.models import Attachment, Campaign, Membership
from portal.letters import sheet
from portal.letters.canonical import FORMAT, composed, fingerprint_of
from portal.letters.differences import word_changes
from portal.letters.editions.matching import Claims, Match, claims_of, match
from portal.letters.models import Letter, LetterVersion
from portal.paper.reading import PdfWords
from portal.people.models import Person

# How many versions are compared when the text names none.
MOST_COMPARED = 300
# Below this share of its parts a text is not that letter, but another one.
LEAST_SHARE = 0.34
_FOOT = re.compile(r"[0-9a-f]{4} [0-9a-f]{4}")


@dataclass(frozen=True)
class Found:
    """What a text is. `how` is "exact" (byte for byte), "words" (the same words) or "differs".

    `claimed` is the version that the text says it is, where its words are not those. `diff` shows what is different.
    """

    version: LetterVersion
    how: str
    match: Match | None = None
    diff: list[tuple[str, str]] | None = None
    is_claimed: bool = False


def check_text(text: str, *, person: Person | None) -> Found | None:
    """Which frozen version this text is, among those `person` may see; None when it is none. Two statements."""
    canonical = _as_canonical(text)
    claims = claims_of(text)
    named = _visible(person, claims).where(_is_named(claims, fingerprint_of(canonical)))
    candidates = list(named.limit(50))
    exact = next((one for one in candidates if one.canonical_text == canonical), None)
    if exact is not None:
        return Found(exact, "exact")
    known = {one.id for one in candidates}
    newest = _visible(person, claims).order_by(LetterVersion.id.desc()).limit(MOST_COMPARED)
    candidates += [one for one in newest if one.id not in known]
    return _best(candidates, text, claims, is_canonical=canonical.startswith(FORMAT))


def check_pdf(words: PdfWords, *, person: Person | None) -> Found | None:
    """Which frozen version this PDF is. The text itself is compared; a printed fingerprint is only a claim."""
    pages = [_without_foot(page) for page in words.pages]
    return check_text("\n".join([*pages, words.keywords, *words.pages[-1:]]), person=person)


def _without_foot(page: str) -> str:
    """A page without its last line, where that is our foot: it would part the words of a paragraph."""
    lines = page.rstrip().split("\n")
    return "\n".join(lines[:-1] if _FOOT.search(lines[-1].casefold()) else lines)


def _as_canonical(text: str) -> str:
    lines = [line.rstrip() if line.strip() == "" else line for line in composed(text).strip("\n").split("\n")]
    # An empty line of a letter is set in by two spaces, which mail programs like to drop.
    return "\n".join(line if line else "  " for line in lines) + "\n"


def _visible(person: Person | None, claims: Claims) -> Any:
    may_see = (Campaign.visibility == "public") | (
        (Campaign.visibility == "link") & Letter.key.in_(list(claims.keys) or [""])
    )
    if person is not None:
        mine = Membership.select(Membership.campaign).where(
            Membership.person == person.id, Membership.left_at.is_null()
        )
        helped = Attachment.select(Attachment.campaign).where(
            Attachment.person == person.id, Attachment.ended_at.is_null(), Attachment.accepted_at.is_null(False)
        )
        may_see |= Campaign.id.in_(mine) | Campaign.id.in_(helped)
    return (
        LetterVersion.select(LetterVersion, Letter, Campaign)
        .join(Letter)
        .join(Campaign)
        .where(may_see, Letter.withdrawn_at.is_null())
    )


def _is_named(claims: Claims, sha256: str) -> Any:
    short = [peewee.fn.SUBSTR(LetterVersion.sha256, 1, 8) == one for one in sorted(claims.short)]
    found = LetterVersion.sha256.in_([sha256, *claims.full])
    for one in short:
        found |= one
    return found | Letter.key.in_(list(claims.keys) or [""])


def _best(candidates: list[LetterVersion], text: str, claims: Claims, *, is_canonical: bool) -> Found | None:
    scored = [(match(sheet.frozen_content(one), text), one) for one in candidates]
    # Of two that fit alike, the one whose headline is there, then the one that the text names, then the newer one.
    scored.sort(
        key=lambda pair: (pair[0].is_same, pair[0].share, pair[0].has_title, _is_claimed(pair[1], claims), pair[1].id),
        reverse=True,
    )
    if not scored:
        return None
    best, version = scored[0]
    claimed = next((one for _match, one in scored if _is_claimed(one, claims)), None)
    if best.is_same and not is_canonical:
        return Found(version, "words", best)
    if best.share >= LEAST_SHARE:
        return Found(version, "differs", best, _difference(version, text, is_canonical), version is claimed)
    if claimed is not None:
        own = next(found for found, one in scored if one == claimed)
        return Found(claimed, "differs", own, _difference(claimed, text, is_canonical), True)
    return None


def _is_claimed(version: LetterVersion, claims: Claims) -> bool:
    return version.sha256 in claims.full or version.sha256[:8] in claims.short


def _difference(version: LetterVersion, text: str, is_canonical: bool) -> list[tuple[str, str]]:
    if is_canonical:
        return word_changes(version.canonical_text, composed(text))
    return word_changes(_plain(version), " ".join(text.split()))


def _plain(version: LetterVersion) -> str:
    content = json.loads(version.content)
    parts = [content.get("title", "")]
    for block in content["blocks"]:
        parts += [str(block[name]) for name in ("text", "by_on", "test") if block.get(name)]
    return " ".join(" ".join(part.split()) for part in parts if part)
