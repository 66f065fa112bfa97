"""How one version of a letter came from another, part by part and word by word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.letters.canonical import numbered
from portal.letters.differences import word_changes


@dataclass(frozen=True)
class Difference:
    """One part that is not as it was. `kind` is a block's kind, "title" or "to"; `how` is changed, added or removed.

    `words` are the word changes of everything that the part says, line by line.
    """

    kind: str
    number: int | None
    how: str
    words: list[tuple[str, str]]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What is different in `new`, in its order, then what was taken out. Contents as in `sheet.content_of`."""
    found = []
    heads = (("title", old["title"], new["title"]), ("to", _to(old), _to(new)))
    for kind, was, now in heads:
        if was != now:
            found.append(Difference(kind, None, "changed", word_changes(was, now)))
    before = {block["id"]: block for block in old["blocks"]}
    numbers = numbered(block["kind"] for block in new["blocks"])
    for block, number in zip(new["blocks"], numbers, strict=True):
        earlier = before.pop(block["id"], None)
        was, now = _said(earlier) if earlier else "", _said(block)
        if was != now:
            found.append(Difference(block["kind"], number, "changed" if earlier else "added", word_changes(was, now)))
    old_numbers = numbered(block["kind"] for block in old["blocks"])
    for block, number in zip(old["blocks"], old_numbers, strict=True):
        if block["id"] in before:
            found.append(Difference(block["kind"], number, "removed", word_changes(_said(block), "")))
    if not found and [b["id"] for b in old["blocks"]] != [b["id"] for b in new["blocks"]]:
        found.append(Difference("order", None, "changed", []))
    return found


def _to(content: Mapping[str, Any]) -> str:
    to = content["to"]
    return ", ".join(to[name] for name in ("name", "post", "organization") if to.get(name))


def _said(block: Mapping[str, Any]) -> str:
    return "\n".join(str(block[name]) for name in ("text", "test", "by_on", "source") if block.get(name))
