"""How one version of a letter came from another, part by part and word by word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.letters.canonical import numbered
from portal.letters.differences import word_changes


@dataclass(frozen=True)
class Difference:
    """One part that is not as it was. `kind` is a block's kind, "title", "to" or "order"; `how` is changed, added or
    removed.

    `fields` are what is different in it: "text", "test", "by_on" or "source", each with its word changes.
    """

    kind: str
    number: int | None
    how: str
    fields: list[tuple[str, list[tuple[str, str]]]]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What is different in `new`, in its order, then what was taken out. Contents as in `sheet.content_of`."""
    found = []
    heads = (("title", old["title"], new["title"]), ("to", _to(old), _to(new)))
    for kind, was, now in heads:
        if was != now:
            found.append(Difference(kind, None, "changed", [("text", word_changes(was, now))]))
    before = {block["id"]: block for block in old["blocks"]}
    numbers = numbered(block["kind"] for block in new["blocks"])
    for block, number in zip(new["blocks"], numbers, strict=True):
        earlier = before.pop(block["id"], None)
        fields = _fields(earlier or {}, block)
        if fields or earlier is None:
            found.append(Difference(block["kind"], number, "changed" if earlier else "added", fields))
    old_numbers = numbered(block["kind"] for block in old["blocks"])
    for block, number in zip(old["blocks"], old_numbers, strict=True):
        if block["id"] in before:
            found.append(Difference(block["kind"], number, "removed", _fields(block, {})))
    if not found and [b["id"] for b in old["blocks"]] != [b["id"] for b in new["blocks"]]:
        found.append(Difference("order", None, "changed", []))
    return found


def _to(content: Mapping[str, Any]) -> str:
    to = content["to"]
    return ", ".join(to[name] for name in ("name", "post", "organization") if to.get(name))


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    pairs = [(name, str(old.get(name) or ""), str(new.get(name) or "")) for name in ("text", "test", "by_on", "source")]
    return [(name, word_changes(was, now)) for name, was, now in pairs if was != now]
