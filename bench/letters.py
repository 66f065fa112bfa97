"""A hundred people write one letter at once: how long a save takes, when the others see it, and whether any is lost."""

import random
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask

from bench.editors import BLOCKS, POLL_SECONDS, Tally, write_together
from bench.load import NotValid
from bench.report import Report
from bench.rounds import Spread
from bench.servers import Server
from portal.database import close_connection, db, is_sqlite, open_connection, transaction
from portal.letters import blocks
from portal.letters.merging import Conflict, merge
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.operations import start_letter
from portal.people import operations
from tests import builders

EDITORS = 100
WORDS_IN_A_PART = 90
WORDS_TO_MERGE = 5_000


@dataclass(frozen=True)
class Room:
    """The letter, where it is, and a session cookie for each who writes it."""

    letter_id: int
    path: str
    cookies: list[str]


def fill(app: Flask) -> Room:
    """Make a campaign with a hundred letter writers, each signed in, and one letter of twenty parts."""
    with app.test_request_context():
        with transaction():
            people = [builders.build_person() for _ in range(EDITORS)]
            campaign = builders.build_campaign(leads=people[:2])
            for person in people[2:]:
                builders.add_member(campaign, person, "drafter")
            letter = start_letter(campaign, template_name="empty", by=people[0])
            Block.delete().where(Block.letter == letter.id).execute()
            for number in range(BLOCKS):
                kind = ("fact", "harm", "demand", "question")[number % 4]
                text = " ".join(f"p{number}w{at}" for at in range(WORDS_IN_A_PART))
                blocks.add_block(letter, kind, blocks.Words(text), by=people[0])
            secrets = [operations._begin(person, device="Bench", way="link").secret for person in people]
        keeper: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookies = [keeper.dumps({"_user_id": secret, "_fresh": True, "_permanent": True}) for secret in secrets]
    close_connection()
    return Room(letter.id, f"/campaigns/{campaign.key}/letters/{letter.id}", [f"s={cookie}" for cookie in cookies])


def measure(report: Report, app: Flask, portal: Server, room: Room, *, seconds: float) -> None:
    """Let them write for so long, then look whether all is there."""
    spent: list[float] = []
    tally = write_together(
        portal.port, room.path, room.cookies, seconds=seconds, begin=lambda: spent.append(portal.cpu_seconds())
    )
    spent.append(portal.cpu_seconds())
    if not tally.saves or tally.broken:
        raise NotValid(f"{len(tally.saves)} saves, {len(tally.broken)} answers that were none: {tally.broken[:3]}")
    late = tally.seen_after()
    saves = sorted(save.took * 1000 for save in tally.saves)
    looks = sorted(took * 1000 for took in tally.looks)
    report.goal("save of a part, p99", _at(saves, 0.99), "<= 50", unit=" ms")
    report.fact("save of a part, p50", _at(saves, 0.5), unit=" ms")
    report.goal("seen by all others, p99", _at(late, 0.99) * 1000, f"<= {POLL_SECONDS * 1000 + 150:.0f}", unit=" ms")
    report.fact("seen by all others, p50", _at(late, 0.5) * 1000, unit=" ms")
    report.fact("looking again, p50", _at(looks, 0.5), unit=" ms")
    report.fact("looking again, p99", _at(looks, 0.99), unit=" ms")
    report.fact(
        "processor time of the servers while they write", (spent[1] - spent[0]) / seconds * 100, unit=" % of one"
    )
    report.goal("acknowledged saves lost", _lost(app, room, tally), "<= 0")
    merged, clashes = (sum(getattr(save, name) for save in tally.saves) for name in ("merged", "clashed"))
    report.note(
        f"{EDITORS} people in {BLOCKS} parts for {seconds:.0f} s: {len(tally.saves)} saves, {merged} of them put "
        f"together with another's, {clashes} kept beside for a choice; {len(tally.looks)} looks."
    )


def measure_merge(report: Report, *, rounds: int) -> None:
    """Two people who each changed one word in fifty of a whole letter. In processor time: it waits for nothing."""
    chance = random.Random(1)
    base = [
        chance.choice(("mould", "lift", "roof", "homes", "we", "ask", "heat", "the")) for _ in range(WORDS_TO_MERGE)
    ]
    mine, theirs = list(base), list(base)
    for at in range(0, WORDS_TO_MERGE, 50):
        mine[at], theirs[at + 25] = f"m{at}", f"t{at}"
    texts = [" ".join(words) for words in (base, mine, theirs)]
    times = []
    for _round in range(rounds):
        began = time.thread_time()
        merged = merge(*texts)
        times.append((time.thread_time() - began) * 1000)
        if isinstance(merged, Conflict):
            raise NotValid("changes that lie apart did not go together")
    report.goal(f"putting two letters of {WORDS_TO_MERGE:,} words together", Spread.of(times), "<= 150", unit=" ms")


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def _lost(app: Flask, room: Room, tally: Tally) -> int:
    """How many acknowledged saves are in no revision. Raises NotValid when versions or counters do not add up."""
    with app.app_context():
        open_connection()
        parts = list(Block.select().where(Block.letter == room.letter_id))
        rows = list(BlockRevision.select().join(Block).where(Block.letter == room.letter_id))
        for part in parts:
            versions = sorted(row.version for row in rows if row.block_id == part.id and not row.is_beside)
            if versions != list(range(1, part.version + 1)):
                raise NotValid(f"part {part.id} is at version {part.version} and has written down {versions[-5:]}")
            waiting = sum(row.block_id == part.id and row.is_beside and row.settled_at is None for row in rows)
            if waiting != part.clash_count:
                raise NotValid(f"part {part.id} says that {part.clash_count} texts wait, and {waiting} do")
        letter = Letter.get_by_id(room.letter_id)
        if letter.revisions.count() != letter.version:
            raise NotValid(f"the letter is at version {letter.version}; {letter.revisions.count()} are written down")
        if is_sqlite() and db.execute_sql("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise NotValid("the database is not whole")
        close_connection()
    # A save that went in stands in a revision of its own; one that clashed stands beside.
    standing = " ".join(row.text for row in rows if not row.is_beside).split()
    beside = " ".join(row.text for row in rows if row.is_beside).split()
    known = {True: set(beside), False: set(standing)}
    return sum(save.word not in known[save.clashed] for save in tally.saves)
