"""The answer sheet: what was asked, what each reader finds in the answer, and what that adds up to.

Nothing here reads or writes the database. Two readers may differ; that is shown, never averaged.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

ASK_KINDS = ("demand", "question")
ANSWERED = frozenset({"yes", "partly", "no"})

# Whether an answer of this kind ends the waiting: "yes", "no", or "part" of it.
ENDS_WAITING = {
    "acknowledgement": "no",
    "holding": "no",
    "request_info": "no",
    "refusal": "yes",
    "partial": "yes",
    "offer": "yes",
    "meeting_agreed": "part",
    "commitment": "yes",
    "vague_promise": "no",
    "done_claimed": "part",
    "legal_threat": "no",
    "auto_reply": "no",
    "bounce": "no",
    "silence": "no",
    "correction": "no",
}


@dataclass(frozen=True)
class Ask:
    """One demand or question of the frozen letter, numbered as on its paper."""

    block_id: int
    kind: str
    number: int
    text: str
    test: str = ""
    by_on: date | None = None


@dataclass(frozen=True)
class Reading:
    """What one reader finds the answer says to one ask."""

    answer_id: int
    reader_id: int | None
    reader_name: str
    verdict: str
    excerpt: str
    promised_on: date | None
    confidence: str = ""
    page: int | None = None


@dataclass(frozen=True)
class Settled:
    """What a lead says the readers agree on, after they talked it over."""

    verdict: str
    words: str
    name: str


@dataclass(frozen=True)
class Note:
    """Why somebody reads a row as they do."""

    person_id: int
    name: str
    text: str


@dataclass
class SheetRow:
    """One row of the sheet: the ask, everybody's reading of it (first reader first), and the promises made of it."""

    ask: Ask
    readings: list[Reading] = field(default_factory=list)
    promises: list[Any] = field(default_factory=list)
    settled: Settled | None = None
    notes: list[Note] = field(default_factory=list)

    @property
    def verdict(self) -> str | None:
        """The one that counts: what was settled, else what all readers find. None while they differ, or nobody read."""
        if self.settled is not None:
            return self.settled.verdict
        found = {reading.verdict for reading in self.readings}
        return found.pop() if len(found) == 1 else None

    @property
    def first(self) -> Reading | None:
        """The reading of whoever read first."""
        return self.readings[0] if self.readings else None

    @property
    def others(self) -> list[Reading]:
        """Readings that differ from the first."""
        return [r for r in self.readings[1:] if r.verdict != self.readings[0].verdict]

    @property
    def is_disputed(self) -> bool:
        """Whether readers differ, and nothing has been settled."""
        return bool(self.others) and self.settled is None

    @property
    def is_answered(self) -> bool:
        """Whether everybody who read it finds an answer, be it yes, partly or no; or that was settled."""
        if self.settled is not None:
            return self.settled.verdict in ANSWERED
        return bool(self.readings) and all(r.verdict in ANSWERED for r in self.readings)

    def reading_of(self, person_id: int) -> Reading | None:
        """What this person found, if they have read it."""
        return next((r for r in self.readings if r.reader_id == person_id), None)


def kind_that_counts(kinds: list[str], *, now: str | None, settled: str | None = None) -> str | None:
    """What kind of answer it is, by its readers' kinds: what was settled, else what they all say.

    While they differ the one that stands (`now`) goes on, so that a second reader moves no clock by surprise.
    """
    if settled:
        return settled
    if len(set(kinds)) == 1:
        return kinds[0]
    return now if now in kinds else next(iter(kinds), now)


@dataclass(frozen=True)
class Counts:
    """What the headline says: of so many demands and questions, so many were answered."""

    demands: int
    questions: int
    answered: int
    # How many asks have each verdict. Those on which readers differ have none.
    verdicts: dict[str, int]

    @property
    def asked(self) -> int:
        """Demands and questions together."""
        return self.demands + self.questions


def asks_in(content: str) -> list[Ask]:
    """The demands and questions of a frozen text (the JSON of a LetterVersion), in its order, each kind numbered."""
    blocks = json.loads(content).get("blocks", []) if content else []
    asks: list[Ask] = []
    so_far: Counter[str] = Counter()
    for block in blocks:
        kind, day = block["kind"], block.get("by_on")
        if kind not in ASK_KINDS:
            continue
        so_far[kind] += 1
        by_on = date.fromisoformat(str(day)[:10]) if day else None
        asks.append(Ask(block["id"], kind, so_far[kind], block["text"], block.get("test") or "", by_on))
    return asks


def count(rows: list[SheetRow]) -> Counts:
    """Add a sheet up."""
    kinds = Counter(row.ask.kind for row in rows)
    return Counts(
        demands=kinds["demand"],
        questions=kinds["question"],
        answered=sum(row.is_answered for row in rows),
        verdicts=dict(Counter(row.verdict for row in rows if row.verdict)),
    )


def readers_of(rows: list[SheetRow]) -> list[str]:
    """The names of everybody who read, whoever read first in front."""
    first: dict[tuple[int | None, str], int] = {}
    for row in rows:
        for reading in row.readings:
            who = (reading.reader_id, reading.reader_name)
            first[who] = min(first.get(who, reading.answer_id), reading.answer_id)
    return [name for _reader, name in sorted(first, key=lambda who: first[who])]


def public_sheet(rows: list[SheetRow]) -> str:
    """The verdicts as they are published (JSON): the asks are public already, the verdicts are ours; no excerpts.

    More than one verdict says that readers differ. "readers" is there when more than one read it.
    """
    return json.dumps([_public_row(row) for row in rows], ensure_ascii=False)


def _public_row(row: SheetRow) -> dict[str, Any]:
    said = list(dict.fromkeys(reading.verdict for reading in row.readings))
    shown = {
        "kind": row.ask.kind,
        "number": row.ask.number,
        "text": row.ask.text,
        "answered": row.is_answered,
        "verdicts": said if row.verdict is None else [row.verdict],
    }
    return {**shown, "readers": len(row.readings)} if len(row.readings) > 1 else shown
