"""How fast pages are read, beside a bare Flask on the same server."""

import socket
import time
from statistics import median

from bench.data import Filled
from bench.http import ask, expect
from bench.load import read
from bench.report import Report
from bench.rounds import Rounds, Spread, Target
from bench.servers import Server

SILENT = 32


def measure(
    report: Report,
    portal: Server,
    bare: Server,
    small: Filled,
    large: Filled,
    cookie: str,
    *,
    rounds: int,
    seconds: float,
) -> None:
    """The page of a campaign signed out, signed in, and by the number of names; a letter; silent connections."""
    pages = {
        "campaign page, signed out": (large.campaign_path, large.title, ""),
        "campaign page, signed in": (large.campaign_path, "What has happened", cookie),
        "the same of a campaign with fewer names": (small.campaign_path, small.title, ""),
        "letter page": (large.letter_path, "Sign with us", ""),
    }
    targets = {"bare Flask": Target(bare, lambda s: read(f"{bare.base}/", seconds=s))}
    for name, (path, marker, who) in pages.items():
        expect(ask(portal, path, headers={"Cookie": who} if who else {}), 200, marker, name)
        targets[name] = Target(
            portal, lambda s, path=path, who=who: read(f"{portal.base}{path}", seconds=s, cookie=who)
        )
    seen = Rounds(targets, rounds=rounds, seconds=seconds)
    for name, (path, marker, who) in pages.items():
        expect(ask(portal, path, headers={"Cookie": who} if who else {}), 200, marker, f"{name}, afterwards")
    _tell(report, seen)
    with_silent = _with_silent_connections(portal, large.campaign_path)
    report.goal(f"GET with {SILENT} silent connections ÷ without", with_silent, "<= 1.5")


def _tell(report: Report, seen: Rounds) -> None:
    first, small = "campaign page, signed out", "the same of a campaign with fewer names"
    report.fact("bare Flask, answers a second", seen.rate("bare Flask"))
    report.goal("campaign page signed out ÷ bare Flask", seen.ratio(first, "bare Flask"), ">= 0.55")
    report.fact("campaign page signed in ÷ bare Flask", seen.ratio("campaign page, signed in", "bare Flask"))
    report.fact("letter page with its form ÷ bare Flask", seen.ratio("letter page", "bare Flask"))
    report.fact("campaign page signed out, server processor time", seen.cpu(first), unit=" ms")
    report.fact("the same at 10,000 names ÷ at 1,000", seen.cpu_ratio(first, small))
    report.fact("campaign page signed out, p99", Spread.of([one.load.p99 for one in seen.seen[first]]), unit=" ms")
    if warning := seen.swing("bare Flask"):
        report.note(warning)


def _with_silent_connections(portal: Server, path: str) -> float:
    """How much longer a page takes while others hold connections open and say nothing."""
    without = _time_of_one(portal, path)
    silent = [socket.create_connection(("127.0.0.1", portal.port)) for _ in range(SILENT)]
    try:
        return _time_of_one(portal, path) / without
    finally:
        for one in silent:
            one.close()


def _time_of_one(portal: Server, path: str) -> float:
    times = []
    for _ in range(50):
        began = time.monotonic()
        ask(portal, path)
        times.append(time.monotonic() - began)
    return median(times)
