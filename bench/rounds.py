"""Rounds: every target once a round, in shuffled order; ratios inside a round, so that a slow minute harms nobody."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from bench.load import Load
from bench.servers import Server

# A yardstick that swings this much within one run says that the machine was busy with something else.
MOST_SWING = 3.0


@dataclass(frozen=True)
class Target:
    """One thing to load: by which call, and on which server."""

    server: Server
    load: Callable[[float], Load]


@dataclass(frozen=True)
class Seen:
    """What one target came to in one round."""

    rate: float
    # Processor milliseconds of the server for one answer.
    cpu: float
    load: Load


@dataclass(frozen=True)
class Spread:
    """The middle of several rounds, and the least and the most."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """From one value or more."""
        return cls(median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{self.middle:.3g} ({self.least:.3g}–{self.most:.3g})"


class Rounds:
    """What every target came to in every round."""

    def __init__(self, targets: Mapping[str, Target], *, rounds: int, seconds: float) -> None:
        self.seen: dict[str, list[Seen]] = {name: [] for name in targets}
        for name, target in targets.items():
            _measure(name, target, min(1.0, seconds))
        order = list(targets)
        for _round in range(rounds):
            random.shuffle(order)
            for name in order:
                self.seen[name].append(_measure(name, targets[name], seconds))

    def ratio(self, name: str, yardstick: str) -> Spread:
        """Answers a second of one target as a share of another's."""
        pairs = zip(self.seen[name], self.seen[yardstick], strict=True)
        return Spread.of([one.rate / other.rate for one, other in pairs])

    def cpu_ratio(self, name: str, yardstick: str) -> Spread:
        """Processor time of one answer as a multiple of another's."""
        pairs = zip(self.seen[name], self.seen[yardstick], strict=True)
        return Spread.of([one.cpu / other.cpu for one, other in pairs])

    def rate(self, name: str) -> Spread:
        """Answers a second."""
        return Spread.of([one.rate for one in self.seen[name]])

    def cpu(self, name: str) -> Spread:
        """Processor milliseconds of the server for one answer."""
        return Spread.of([one.cpu for one in self.seen[name]])

    def swing(self, yardstick: str) -> str | None:
        """A warning when the machine was too uneven to trust the figures, otherwise None."""
        spread = self.rate(yardstick)
        if spread.most <= MOST_SWING * spread.least:
            return None
        return f"{yardstick} swung {spread.most / spread.least:.1f}-fold: the machine was busy, measure again"


def _measure(name: str, target: Target, seconds: float) -> Seen:
    before = target.server.cpu_seconds()
    load = target.load(seconds).check(name)
    spent = target.server.cpu_seconds() - before
    return Seen(load.rate, spent * 1000 / load.requests, load)
