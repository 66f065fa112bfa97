"""A letter in the making: saves and what goes on beside them in the order of their hours, votes, and freezing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from portal.demo.acts import Circle
from portal.letters import blocks, freezing, operations
from portal.letters.models import Block, Letter
from portal.letters.votes import closing, opening, voting
from portal.letters.votes.models import Elector, SignOff, Vote
from portal.people.models import Person

# Something that somebody does at an hour.
Act = tuple[datetime, Callable[[], None]]


class Writing:
    """The text of one letter of a campaign."""

    def __init__(self, circle: Circle, letter: Letter) -> None:
        self.circle, self.stage, self.company = circle, circle.stage, circle.company
        self.id = letter.id
        self._named: dict[str, list[int]] = {}

    @property
    def letter(self) -> Letter:
        """The letter as it is now, with nothing remembered of before."""
        return Letter.get_by_id(self.id)

    def write(self, given: Sequence[dict[str, Any]], beside: Sequence[Act] = ()) -> None:
        """Write the parts as texts/ has them, save by save in the order of their hours, and let the acts `beside`
        happen between them.

        Each part: kind, perhaps a name for `part`, and `saves`: by, day, hour, text and what else it has. The first
        parts of a kind take the place of those that the letter began with; what is left of these is removed.
        """
        standing: dict[str, list[int]] = {}
        for block in self.letter.blocks.order_by(Block.position):
            standing.setdefault(block.kind, []).append(block.id)
        acts: list[Act] = []
        for part in given:
            ids = standing.get(part["kind"], [])
            target = [ids.pop(0)] if ids else []
            self._named[part.get("name", "")] = target
            acts += [self._save_act(part["kind"], save, target) for save in part["saves"]]
        first = min((save for part in given for save in part["saves"]), key=lambda one: (one["day"], one["hour"]))
        with self.stage.at(first["day"], first["hour"]):
            for kind in dict.fromkeys(part["kind"] for part in given):
                for block_id in standing.get(kind, []):
                    block = self.block(block_id)
                    blocks.remove_block(block, seen=block.version, by=self.company[first["by"]])
        self.live([*acts, *beside])

    def live(self, acts: Sequence[Act]) -> None:
        """Let things happen, each at its moment and in the order of these."""
        for moment, act in sorted(acts, key=lambda one: one[0]):
            with self.stage.at_moment(moment):
                act()

    def _save_act(self, kind: str, save: dict[str, Any], target: list[int]) -> Act:
        return self.stage.moment(save["day"], save["hour"]), lambda: self._save(kind, save, target)

    def _save(self, kind: str, save: dict[str, Any], target: list[int]) -> None:
        words, by = self.words(save), self.company[save["by"]]
        if not target:
            change = blocks.add_block(self.letter, kind, words, by=by)
            assert change.block is not None
            target.append(change.block.id)
            return
        block = self.block(target[0])
        # A save that began from an earlier text stands beside the newer one, until somebody chooses.
        with suppress(blocks.Clash):
            blocks.save_block(block, words, seen=block.version - save.get("behind", 0), by=by)

    def words(self, given: dict[str, Any]) -> blocks.Words:
        """What a part says, as texts/ has it."""
        by_on = self.stage.day(given["by_on"]) if "by_on" in given else None
        return blocks.Words(given["text"], given.get("test", ""), by_on, given.get("source", ""))

    def part(self, name: str) -> Block:
        """The part that was written under this name, or "demand 3": the third that stands of its kind."""
        if self._named.get(name):
            return self.block(self._named[name][0])
        kind, _space, number = name.partition(" ")
        standing = Block.select(Block.id).where(Block.letter == self.id, Block.kind == kind, Block.removed_at.is_null())
        return self.block(standing.order_by(Block.position)[int(number or 1) - 1].id)

    def block(self, block_id: int) -> Block:
        """A part as it is now."""
        block = Block.get_by_id(block_id)
        block.letter = self.letter
        return block

    def head(self, title: str, offset: int, hour: str, *, by: str, is_formal_complaint: bool = True) -> None:
        """Give it its headline."""
        with self.stage.at(offset, hour):
            self.rename(title, by=by, is_formal_complaint=is_formal_complaint)

    def rename(self, title: str, *, by: str, is_formal_complaint: bool = True) -> None:
        """Give it its headline now."""
        letter = self.letter
        operations.change_heading(
            letter,
            title=title,
            language=letter.language,
            is_formal_complaint=is_formal_complaint,
            seen_title=letter.title,
            by=self.company[by],
        )

    # ---- are we agreed? ----

    def open_vote(self, offset: int, hour: str, *, by: str, closes: int) -> SignOff:
        """A lead asks the circle; the vote closes on the day `closes` at the same hour."""
        with self.stage.at(offset, hour):
            letter = self.letter
            closes_at = self.stage.moment(closes, hour)
            return opening.open_vote(letter, seen=letter.version, closes_at=closes_at, by=self.company[by])

    def say(self, sign_off: SignOff, name: str, choice: str, offset: int, hour: str, reason: str = "") -> Vote:
        """A member votes."""
        with self.stage.at(offset, hour):
            now = SignOff.get_by_id(sign_off.id)
            return voting.cast_vote(now, choice=choice, reason=reason, by=self.company[name])

    def say_on_paper(
        self, sign_off: SignOff, name: str, choice: str, offset: int, *, typed: tuple[str, str], read: tuple[str, str]
    ) -> None:
        """Somebody ticked a paper: one types it in, another reads it, each (name, hour)."""
        with self.stage.at(offset, typed[1]):
            now = SignOff.get_by_id(sign_off.id)
            vote = voting.enter_paper(now, person=self.company[name], choice=choice, by=self.company[typed[0]])
        with self.stage.at(offset, read[1]):
            voting.check_paper(Vote.get_by_id(vote.id), choice=choice, by=self.company[read[0]])

    def reply(self, vote: Vote, answer: str, offset: int, hour: str, *, by: str) -> None:
        """A lead answers a worry or a "not yet"."""
        with self.stage.at(offset, hour):
            voting.answer_vote(Vote.get_by_id(vote.id), answer=answer, by=self.company[by])

    def count(self, sign_off: SignOff, offset: int, hour: str) -> None:
        """The hour of the vote has come."""
        with self.stage.at(offset, hour):
            closing.settle(SignOff.get_by_id(sign_off.id))

    def freeze(self, offset: int, *, asked_by: str, agreed_by: str) -> None:
        """Three days before, one lead asks; those with a job and most of the others agree; another freezes it."""
        opened = self.open_vote(offset - 3, "19:10", by=asked_by, closes=offset)
        electors = list(Elector.select(Elector, Person).join(Person).where(Elector.sign_off == opened.id))
        sure = [one for one in electors if one.is_core or one.person.name in {asked_by, agreed_by}]
        others = [one for one in electors if one not in sure]
        voters = [*sure, *(one for nth, one in enumerate(others) if nth % 4 != 3)]
        hours = list(evenings(offset - 2, len(voters)))
        for elector, (_day, hour) in zip(voters, hours, strict=True):
            self.say(opened, elector.person.name, "agree", offset - 2, hour)
        self.fix(offset, "19:40", by=agreed_by)

    def fix(self, offset: int, hour: str, *, by: str) -> None:
        """Freeze the text that the vote agreed to."""
        with self.stage.at(offset, hour):
            freezing.freeze(self.letter, by=self.company[by])


def evenings(offset: int, count: int, *, last: int = -1) -> Iterator[tuple[int, str]]:
    """Hours from that day on at which somebody has a minute, `count` of them, none after the day `last`."""
    hours = ("07:35", "08:20", "12:45", "16:05", "17:30", "18:15", "18:50", "19:20", "20:05", "20:40", "21:25", "22:10")
    days = list(range(offset, last + 1))
    for nth in range(count):
        place = nth * len(days) * len(hours) // count
        yield days[place // len(hours)], hours[place % len(hours)]
