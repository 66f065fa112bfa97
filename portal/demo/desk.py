"""What goes on beside the text of a letter: remarks, suggestions and what became of them, what facts rest on, readings.

The acts stand in texts/, each with who, when and what; `acts_of` turns them into acts for `Writing.write`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from portal.database import transaction
from portal.demo.acts import Circle
from portal.demo.writing import Act, Writing
from portal.evidence import operations as register
from portal.evidence.models import EvidenceItem
from portal.letters import resting
from portal.letters.editions import readings
from portal.letters.editions.naming import name_revision
from portal.letters.models import Block
from portal.letters.operations import hold_open
from portal.letters.talk import comments, suggestions
from portal.letters.talk.models import Comment, Suggestion
from portal.people.models import Person


class Register:
    """The register of evidence of a campaign, its items by the keys that texts/ gives them."""

    def __init__(self, circle: Circle) -> None:
        self.circle = circle
        self.items: dict[str, int] = {}

    def fill(self, given: Sequence[dict[str, Any]]) -> None:
        """Write things down: by, day, hour, kind, title and what else is known of them."""
        stage = self.circle.stage
        for row in sorted(given, key=lambda one: (one["day"], one["hour"])):
            particulars = register.Particulars(
                kind=row["kind"],
                title=row["title"],
                reference=row.get("reference", ""),
                source=row.get("source", ""),
                home_count=row.get("homes"),
                from_on=stage.day(row["from"]) if "from" in row else None,
                to_on=stage.day(row["to"]) if "to" in row else None,
            )
            with stage.at(row["day"], row["hour"]):
                item = register.add_item(self.circle.campaign, particulars, by=self.circle.company[row["by"]])
            self.items[row.get("key", "")] = item.id

    def withdraw(self, key: str, offset: int, hour: str, *, by: str) -> None:
        """Rest nothing on it any more."""
        with self.circle.stage.at(offset, hour):
            register.withdraw_item(EvidenceItem.get_by_id(self.items[key]), by=self.circle.company[by])


class Desk:
    """Everything beside the text of one letter."""

    def __init__(self, writing: Writing, register: Register) -> None:
        self.writing, self.register = writing, register
        self._remarks: dict[str, int] = {}
        self._suggestions: dict[str, int] = {}

    def acts_of(self, given: Sequence[dict[str, Any]]) -> list[Act]:
        """The acts of a file in texts/: by, day, hour, `do` (one of `doings`) and what that asks for."""
        return [(self.writing.stage.moment(row["day"], row["hour"]), self._act(row)) for row in given]

    def _act(self, row: dict[str, Any]) -> Callable[[], None]:
        doings: dict[str, Callable[[dict[str, Any], Person], None]] = {
            "head": self._head,
            "name": self._name,
            "remark": self._remark,
            "answer": self._answer,
            "settle": self._settle,
            "suggest": self._suggest,
            "leave out": self._leave_out,
            "suggest part": self._suggest_part,
            "accept": self._accept,
            "merge": self._merge,
            "refuse": self._refuse,
            "rest": self._rest,
            "read": self._read,
        }
        return lambda: doings[row["do"]](row, self.writing.company[row["by"]])

    def _head(self, row: dict[str, Any], by: Person) -> None:
        self.writing.rename(row["title"], by=by.name)

    def _name(self, row: dict[str, Any], by: Person) -> None:
        with transaction():
            name_revision(hold_open(self.writing.letter), row["as"], by=by)

    # ---- remarks ----

    def _remark(self, row: dict[str, Any], by: Person) -> None:
        block = self.writing.part(row["part"]) if "part" in row else None
        remark = comments.say(self.writing.letter, block, row["text"], by=by)
        self._remarks[row.get("key", "")] = remark.id

    def _answer(self, row: dict[str, Any], by: Person) -> None:
        comments.answer(self._found(row["to"]), row["text"], by=by)

    def _settle(self, row: dict[str, Any], by: Person) -> None:
        comments.settle(self._found(row["to"]), by=by)

    def _found(self, key: str) -> Comment:
        remark = Comment.get_by_id(self._remarks[key])
        remark.letter = self.writing.letter
        return remark

    # ---- suggestions ----

    def _suggest(self, row: dict[str, Any], by: Person) -> None:
        block = self.writing.part(row["part"])
        remark = self._found(row["from"]) if "from" in row else None
        # What does not stand in texts/ stays as it is.
        kept = {"test": block.test, "source": block.source, **row}
        words = self.writing.words(kept) if "by_on" in row else self._same_day(block, kept)
        self._keep(
            row, suggestions.suggest_words(block, words, seen=block.version, why=row["why"], by=by, remark=remark)
        )

    def _same_day(self, block: Block, given: dict[str, Any]) -> Any:
        return suggestions.Words(given["text"], given["test"], block.by_on, given["source"])

    def _leave_out(self, row: dict[str, Any], by: Person) -> None:
        block = self.writing.part(row["part"])
        self._keep(row, suggestions.suggest_removal(block, seen=block.version, why=row["why"], by=by))

    def _suggest_part(self, row: dict[str, Any], by: Person) -> None:
        after, words = self.writing.part(row["after"]), self.writing.words(row)
        letter = self.writing.letter
        self._keep(row, suggestions.suggest_part(letter, row["kind"], words, after=after, why=row["why"], by=by))

    def _keep(self, row: dict[str, Any], made: Suggestion) -> None:
        self._suggestions[row.get("key", "")] = made.id

    def _waiting(self, key: str) -> Suggestion:
        suggestion = Suggestion.get_by_id(self._suggestions[key])
        suggestion.letter = self.writing.letter
        return suggestion

    def _accept(self, row: dict[str, Any], by: Person) -> None:
        suggestions.accept(self._waiting(row["what"]), by=by)

    def _merge(self, row: dict[str, Any], by: Person) -> None:
        suggestion = self._waiting(row["what"])
        seen, words = suggestion.block.version, self.writing.words(row)
        suggestions.merge(suggestion, words, seen=seen, answer=row["answer"], by=by)

    def _refuse(self, row: dict[str, Any], by: Person) -> None:
        suggestions.refuse(self._waiting(row["what"]), row["answer"], by=by)

    # ---- what facts rest on, and who has read it ----

    def _rest(self, row: dict[str, Any], by: Person) -> None:
        block = self.writing.part(row["part"])
        items, put_count = [self.register.items[key] for key in row["on"]], row.get("count", False)
        resting.rest_on(block, items, had=(), put_count=put_count, seen=block.version, by=by)

    def _read(self, row: dict[str, Any], by: Person) -> None:
        letter = self.writing.letter
        readings.note_reading(letter, kind=row["kind"], seen=letter.version, words=row.get("words", ""), by=by)
