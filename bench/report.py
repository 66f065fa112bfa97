"""Goals, what came of them, and how it is printed."""

import json
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.load import HAS_WRK
from bench.rounds import Spread


@dataclass
class Report:
    """What a run has found so far."""

    lines: list[tuple[str, str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    is_good: bool = True

    def goal(self, name: str, value: float | Spread, wanted: str, *, unit: str = "") -> None:
        """A figure with a goal such as ">= 0.55" or "<= 5". The middle of a spread decides."""
        sign, _space, limit = wanted.partition(" ")
        middle = value.middle if isinstance(value, Spread) else value
        reached = middle >= float(limit) if sign == ">=" else middle <= float(limit)
        self.is_good = self.is_good and reached
        self._add(
            name, value, f"{wanted.replace('>=', '≥').replace('<=', '≤')}{unit}", "yes" if reached else "NO", unit
        )

    def fact(self, name: str, value: float | Spread, *, unit: str = "") -> None:
        """A figure that is only told."""
        self._add(name, value, "", "", unit)

    def note(self, words: str) -> None:
        """A sentence for the reader."""
        self.notes.append(words)

    def fail(self, words: str) -> None:
        """Something that makes the run worthless, or a goal that has no figure."""
        self.is_good = False
        self.notes.append(f"FAILED: {words}")

    def _add(self, name: str, value: float | Spread, wanted: str, reached: str, unit: str) -> None:
        shown = str(value) if isinstance(value, Spread) else f"{value:.4g}"
        self.lines.append((name, f"{shown}{unit}", wanted, reached))
        self.figures[name] = vars(value) if isinstance(value, Spread) else value

    def text(self) -> str:
        """Everything as a table."""
        rows = [("measure", "result", "goal", "reached"), *self.lines]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        said = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([machine(), "", *said, "", *self.notes])

    def write(self, path: Path) -> None:
        """Everything as JSON."""
        path.write_text(
            json.dumps({"machine": machine(), "figures": self.figures, "notes": self.notes}, indent=1) + "\n"
        )


def _stolen() -> tuple[int, int]:
    """How long the host let this machine wait although it had work, and how long in all, in ticks of its processors."""
    ticks = [int(number) for number in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return ticks[7], sum(ticks)


_AT_FIRST = _stolen()


def machine() -> str:
    """What kind of machine this is, without its name, and how much of it was there since the run began."""
    stolen, passed = (now - then for now, then in zip(_stolen(), _AT_FIRST, strict=True))
    maker = "wrk" if HAS_WRK else "our own asyncio client: the client limits the figures, install wrk for better ones"
    return (
        f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, "
        f"busy to {os.getloadavg()[0]:.1f} at the end, {100 * stolen / max(passed, 1):.1f} % taken by the host; "
        f"load by {maker}"
    )
