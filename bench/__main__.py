"""python -m bench: see bin/bench."""

import argparse
import sys
import time
from pathlib import Path

from bench import data, database, letters, reads, signs, weight
from bench.load import HAS_WRK, NotValid
from bench.report import Report
from bench.servers import free_port, kept_bare_flask, production, running


def main() -> int:
    """Measure what was asked for, print it, and say by the status whether all is good."""
    asked = _arguments()
    report, began = Report(), time.monotonic()
    if not HAS_WRK:
        report.note("wrk is missing: on Debian, apt-get install wrk")
    try:
        if asked.what in ("weight", "all"):
            with database.place(asked.db) as place:
                weight.measure(report, place)
        if asked.what in ("reads", "signs", "all"):
            _over_http(asked, report)
        if asked.what in ("letters", "all"):
            _writing(asked, report)
    except NotValid as error:
        report.fail(str(error))
    report.note(f"Took {time.monotonic() - began:.0f} s.")
    print(report.text())
    if asked.json:
        report.write(asked.json)
    return 0 if report.is_good else 1


def _over_http(asked: argparse.Namespace, report: Report) -> None:
    how = {"rounds": asked.rounds, "seconds": asked.secs}
    with database.place(asked.db) as place:
        app = data.fresh_app(place.folder, place.url)
        small, large, cookie = data.fill(app)
        settings = production(place.folder, free_port(), place.url)
        with running("wsgi:app", settings, ready="/readyz") as portal, running("bench.yardstick:app", {}) as bare:
            if asked.what in ("reads", "all"):
                reads.measure(report, portal, bare, small, large, cookie, **how)
            if asked.what in ("signs", "all"):
                with kept_bare_flask(place.folder / "kept") as kept:
                    signs.measure(report, app, portal, (bare, kept), large, place.folder, **how)


def _writing(asked: argparse.Namespace, report: Report) -> None:
    letters.measure_merge(report, rounds=asked.rounds)
    with database.place(asked.db) as place:
        app = data.fresh_app(place.folder, place.url)
        room = letters.fill(app)
        with running("wsgi:app", production(place.folder, free_port(), place.url), ready="/readyz") as portal:
            # Everybody saves about every ten seconds, so a few seconds would tell nothing.
            letters.measure(report, app, portal, room, seconds=max(15, 3 * asked.rounds * asked.secs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=["reads", "signs", "weight", "letters", "all"])
    parser.add_argument("--rounds", type=int, default=5, help="how many times each thing is measured")
    parser.add_argument("--secs", type=float, default=2, help="how long each time, in seconds")
    parser.add_argument("--db", default="sqlite", choices=["sqlite", "postgres"])
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
