"""What to look at before the text is frozen. A list, not a gate: only what stands under `stops` keeps the text open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal import clock
from portal.letters import careful_words
from portal.letters.complaint import says_so
from portal.letters.models import Block, Letter
from portal.letters.templates import gaps_in, minutes_to_read

LONGEST_MINUTES = 4
# As in letters.sending: how long they have for an answer where no rule is known.
ANSWER_DAYS = 14
# Two demands that share this much of their words are taken for one said twice.
ALIKE = 0.8


@dataclass(frozen=True)
class Known:
    """What only the database knows: current leads, and readings of exactly this text (see letters.known)."""

    lead_count: int
    aloud_count: int
    second_count: int


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `kind` names it, `places` says where: (block or None for the headline, detail).

    `state` is "ok", "look" (worth another look) or "stops" (the text cannot be frozen with it).
    """

    kind: str
    state: str
    places: tuple[tuple[Any, str], ...] = ()
    count: int = 0


def look_over(letter: Letter, blocks: Sequence[Block], known: Known | None = None) -> list[Finding]:
    """Everything to look at, in the order of the letter. `blocks` are those in it, in their order.

    Without `known` what only the database can say is left out.
    """
    demands = [block for block in blocks if block.kind == "demand"]
    asks = [block for block in blocks if block.kind in ("demand", "question")]
    return [
        _target(letter),
        _gaps(letter, blocks),
        Finding("asks", "ok" if asks else "stops", count=len(asks)),
        _listed("demand_day", (block for block in demands if not block.by_on)),
        _placed("demand_soon", _too_soon(letter, demands)),
        _listed("demand_test", (block for block in demands if not block.test)),
        _placed("demand_twice", _alike(demands)),
        _listed("question_mark", (block for block in blocks if block.kind == "question" and not _asks(block.text))),
        _listed("claim", (block for block in blocks if block.kind == "fact" and _is_claim(block))),
        _placed("home_numbers", _everywhere(letter, blocks, careful_words.doors)),
        *_harmful(letter, blocks, known),
        _formal(letter, blocks),
        _reading(letter, blocks),
        *_readers(letter, known),
    ]


def stops(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep the text from being frozen."""
    return [finding for finding in findings if finding.state == "stops"]


def _target(letter: Letter) -> Finding:
    target = letter.target
    if target is None:
        return Finding("target", "stops")
    if not (target.person_name or target.post):
        return Finding("target_name", "look")
    if not (target.email or target.postal_address):
        return Finding("target_address", "look")
    return Finding("target_known", "ok")


def _gaps(letter: Letter, blocks: Sequence[Block]) -> Finding:
    places: list[tuple[Any, str]] = [(None, gap) for gap in gaps_in(letter.title)]
    places += [(block, gap) for block in blocks for gap in gaps_in(block.said, block.test, block.source)]
    return Finding("gaps", "stops" if places else "ok", tuple(places), len(places))


def _listed(kind: str, blocks: Any) -> Finding:
    return _placed(kind, ((block, "") for block in blocks))


def _placed(kind: str, places: Any) -> Finding:
    found = tuple(places)
    return Finding(kind, "look" if found else "ok", found, len(found))


def _too_soon(letter: Letter, demands: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Demands that are due before an answer is."""
    answer_on: date = letter.answer_due_on or clock.today() + timedelta(days=ANSWER_DAYS)
    for block in demands:
        if block.by_on is not None and block.by_on < answer_on:
            yield block, ""


def _alike(demands: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    seen: list[set[str]] = []
    for block in demands:
        words = {word.strip(".,;:“”").casefold() for word in block.text.split()}
        if any(len(words & other) >= ALIKE * len(words | other) for other in seen):
            yield block, ""
        seen.append(words)


def _asks(text: str) -> bool:
    return any(mark in text for mark in "?؟;՞፧") if text.strip() else True


def _is_claim(block: Block) -> bool:
    return not block.source and not block.items and not careful_words.is_hedged(block.text)


def _everywhere(letter: Letter, blocks: Sequence[Block], find: Any) -> Iterator[tuple[Any, str]]:
    texts: list[tuple[Any, str]] = [(None, letter.title)]
    texts += [(block, text) for block in blocks for text in (block.text, block.test, block.source)]
    return ((block, found) for block, text in texts for found in find(text))


def _harmful(letter: Letter, blocks: Sequence[Block], known: Known | None) -> list[Finding]:
    if letter.language != "en":
        return []
    target, place = letter.target, letter.campaign.place
    names = [target.person_name] if target is not None and target.person_name else []
    firms = [target.organization.name] if target is not None else []
    accused = tuple(_everywhere(letter, blocks, lambda text: careful_words.accusations(text, names)))
    # A second reader has looked at exactly these words.
    is_read = known is not None and known.second_count > 0
    found = _everywhere(letter, blocks, lambda text: careful_words.illnesses(text, names, [place.name, *firms]))
    return [
        Finding("accusation", "look" if accused and not is_read else "ok", accused, len(accused)),
        _placed("health", found),
    ]


def _formal(letter: Letter, blocks: Sequence[Block]) -> Finding:
    """Whether the tick "formal complaint" and the words of the letter say the same."""
    said = says_so(letter, [block.text for block in blocks])
    if said is None or said == letter.is_formal_complaint:
        return Finding("formal", "ok")
    return Finding("formal_words" if letter.is_formal_complaint else "formal_tick", "look")


def _reading(letter: Letter, blocks: Sequence[Block]) -> Finding:
    minutes = minutes_to_read([letter.title, *(block.said for block in blocks)])
    return Finding("reading", "ok" if minutes <= LONGEST_MINUTES else "look", count=minutes)


def _readers(letter: Letter, known: Known | None) -> list[Finding]:
    if known is None:
        return []
    second = [Finding("second_reader", "ok" if known.second_count else "stops", count=known.second_count)]
    return [
        Finding("reply_two", "ok" if known.lead_count >= 2 else "look", count=known.lead_count),
        Finding("aloud", "ok" if known.aloud_count else "look", count=known.aloud_count),
        *(second if letter.needs_second_reader else []),
    ]
