"""How fast a letter is signed: the posted form, the row, the mail and the durable commit."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from flask import Flask

from bench import database
from bench.data import Filled
from bench.http import ask, expect, page_of_form
from bench.load import CONNECTIONS, Load, NotValid, finish, read, sign, start_signing
from bench.report import Report
from bench.rounds import Rounds, Spread, Target
from bench.servers import Server
from portal import tokens
from portal.campaigns.models import Campaign
from portal.database import close_connection, db, is_sqlite, open_connection
from portal.letters.models import Letter, Signature
from portal.letters.signing import confirm_token
from portal.outbox import OutgoingMail

PAGES, CONFIRMED = 64, 40


class Signing:
    """Signs one letter in many short runs, and remembers how often it was told that it had signed."""

    def __init__(self, portal: Server, letter: Filled, pages: Path) -> None:
        self.portal, self.letter, self.pages = portal, letter, pages
        self.acknowledged = self.runs = 0
        networks = [f"172.16.{number}.9" for number in range(PAGES)]
        opened = [page_of_form(portal, letter.letter_path, network=network) for network in networks]
        pages.write_text("".join(f"{cookie}\t{token}\n" for cookie, token in opened))

    def __call__(self, seconds: float) -> Load:
        """Sign for so many seconds."""
        return self.counted(sign(self.url, pages=self.pages, run=self.next_run(), seconds=seconds))

    @property
    def url(self) -> str:
        """Where the form goes."""
        return f"{self.portal.base}{self.letter.letter_path}/signatures"

    def next_run(self) -> str:
        """A name that no earlier run had, so that nobody signs twice."""
        self.runs += 1
        return f"{secrets.token_hex(4)}{self.runs}"

    def counted(self, load: Load) -> Load:
        """Remember what was acknowledged. Raises NotValid when something was refused."""
        self.acknowledged += load.check("signing").requests
        return load


def measure(
    report: Report,
    app: Flask,
    portal: Server,
    yardsticks: tuple[Server, Server],
    letter: Filled,
    folder: Path,
    *,
    rounds: int,
    seconds: float,
) -> None:
    """Signing beside a bare Flask and raw commits, a page meanwhile, and whether the books are right afterwards.

    `yardsticks` are a bare Flask, and one that is kept to its processors as the portal is.
    """
    signing = Signing(portal, letter, folder / "pages.txt")
    raw: list[float] = []
    bare, kept = yardsticks
    targets = {
        "bare Flask": Target(bare, lambda s: read(f"{bare.base}/", seconds=s)),
        "kept bare Flask": Target(kept, lambda s: read(f"{kept.base}/", seconds=s)),
        "signing": Target(portal, signing),
    }
    if is_sqlite():
        raw = [database.raw_commits(folder, seconds=min(1.0, seconds)) for _ in range(rounds)]
    seen = Rounds(targets, rounds=rounds, seconds=seconds)
    report.goal("signing ÷ bare Flask", seen.ratio("signing", "bare Flask"), ">= 0.25")
    report.fact("signing ÷ bare Flask kept to its processors", seen.ratio("signing", "kept bare Flask"))
    report.fact("signatures a second", seen.rate("signing"))
    report.fact("signing, server processor time", seen.cpu("signing"), unit=" ms")
    report.fact("signing, longest", Spread.of([one.load.longest for one in seen.seen["signing"]]), unit=" ms")
    if raw:
        commits = Spread.of(raw)
        report.fact("raw durable commits a second, one writer", commits)
        report.fact("signing ÷ raw durable commits", seen.rate("signing").middle / commits.middle)
        most = commits.middle / seen.rate("bare Flask").middle
        report.fact("raw durable commits ÷ bare Flask: the ceiling of signing", most)
    if warning := seen.swing("bare Flask"):
        report.note(warning)
    _page_meanwhile(report, signing, f"{portal.base}{letter.campaign_path}", rounds=rounds, seconds=seconds)
    _check_books(report, app, signing)


def _page_meanwhile(report: Report, signing: Signing, url: str, *, rounds: int, seconds: float) -> None:
    """Reading a page while eight sign as fast as they can. Two readers, so that waiting is seen, not queueing."""
    alone, meanwhile = [], []
    for _round in range(rounds):
        alone.append(read(url, seconds=seconds, connections=2).check("page alone").p99)
        signers = start_signing(
            signing.url, pages=signing.pages, run=signing.next_run(), seconds=seconds + 1, connections=8
        )
        meanwhile.append(read(url, seconds=seconds, connections=2).check("page while signing").p99)
        signing.counted(finish(signers))
    report.fact("campaign page p99, two readers alone", Spread.of(alone), unit=" ms")
    report.fact("campaign page p99 while eight sign", Spread.of(meanwhile), unit=" ms")


def _check_books(report: Report, app: Flask, signing: Signing) -> None:
    """Raises NotValid unless every acknowledged signature is there once, with its mail, and all counters are right."""
    letter_id = signing.letter.letter_id
    with app.app_context():
        open_connection()
        fresh = Signature.select().where(Signature.letter == letter_id, Signature.state == "pending")
        count, mails = _when_all_is_written(fresh)
        held = fresh.where(Signature.is_held == True).count()  # noqa: E712
        # Cut off in the middle of an answer: stored, and never told. At most one for each connection of each run.
        cut_off = count - signing.acknowledged
        if not 0 <= cut_off <= signing.runs * CONNECTIONS:
            raise NotValid(f"{signing.acknowledged} signatures were acknowledged and {count} are there")
        if held or mails != count:
            raise NotValid(f"{count} signatures, {held} of them held by a limit, {mails} mails")
        some = list(fresh.limit(CONFIRMED))
        links = [f"/signatures/confirm/{confirm_token(signature)}" for signature in some]
    with ThreadPoolExecutor(8) as eight:
        list(eight.map(lambda link: _confirm(signing.portal, link), links))
    with app.app_context():
        close_connection()
        open_connection()
        confirmed = Signature.select().where(Signature.letter == letter_id, Signature.state == "confirmed").count()
        letter = Letter.get_by_id(letter_id)
        campaign = Campaign.get_by_id(letter.campaign_id)
        if not letter.signature_count == campaign.signature_count == confirmed:
            raise NotValid(
                f"{confirmed} are confirmed; the counters say {letter.signature_count}, {campaign.signature_count}"
            )
        if is_sqlite():
            (words,) = db.execute_sql("PRAGMA integrity_check").fetchone()
            if words != "ok" or db.execute_sql("PRAGMA foreign_key_check").fetchall():
                raise NotValid(f"the database is not whole: {words}")
        close_connection()
    report.note(
        f"Books: {signing.acknowledged} signatures acknowledged, all there once with their mail ({cut_off} more were "
        f"cut off as a run ended); {len(links)} confirmed at once; counters equal the rows; the database is whole."
    )


def _when_all_is_written(fresh: Any) -> tuple[int, int]:
    """How many signatures and mails there are, once the servers are done with what was cut off."""
    mails = OutgoingMail.select().where(OutgoingMail.kind == "confirm")
    now, before = (fresh.count(), mails.count()), None
    while now != before:
        time.sleep(0.3)
        now, before = (fresh.count(), mails.count()), now
    return now


def _confirm(portal: Server, link: str) -> None:
    network = f"172.17.{secrets.randbelow(256)}.9"
    cookie, token = page_of_form(portal, link, network=network)
    form = {"csrf_token": token, "once": tokens.new_key()}
    answer = ask(portal, link, form=form, headers={"Cookie": cookie, "X-Forwarded-For": network})
    expect(answer, 303, "", link)
