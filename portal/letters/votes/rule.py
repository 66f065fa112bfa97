"""When a vote has passed: more than half agree, enough of those who run the campaign voted, and enough of us at all."""

from dataclasses import dataclass

FEWEST = 2
USUAL_LEAST = 3


@dataclass(frozen=True)
class Rule:
    """What it takes. Percentages are of the votes and of the core; `core_count` is how many the core are."""

    pass_percent: int
    core_percent: int
    least_voters: int
    core_count: int

    @property
    def core_needed(self) -> int:
        """How many of those who run the campaign must vote."""
        return -(-self.core_percent * self.core_count // 100)


@dataclass(frozen=True)
class Tally:
    """What was said, by how many; `core` is how many of those who run the campaign said something."""

    agree: int = 0
    worry: int = 0
    not_yet: int = 0
    core: int = 0

    @property
    def yes(self) -> int:
        """Who agrees, with a worry or without."""
        return self.agree + self.worry

    @property
    def voters(self) -> int:
        """How many votes count."""
        return self.yes + self.not_yet


def lacks(rule: Rule, tally: Tally) -> list[str]:
    """What is missing: "agreement", "core" and "people", or nothing when the vote has passed."""
    missing = []
    if tally.yes * 100 <= rule.pass_percent * tally.voters:
        missing.append("agreement")
    if tally.core < rule.core_needed:
        missing.append("core")
    if tally.voters < rule.least_voters:
        missing.append("people")
    return missing


def least_for(electors: int) -> int:
    """The fewest voters that a vote of so many asks for, unless a lead says otherwise: three, or two of two."""
    return max(FEWEST, min(USUAL_LEAST, electors))
