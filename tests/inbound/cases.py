"""A message with what it should be sorted as, and ways to write its raw lines."""

from dataclasses import dataclass

from tests.inbound.stage import PROVED


@dataclass(frozen=True)
class Case:
    """A message, its envelope's sender, and what it is."""

    name: str
    raw: bytes
    sort: str
    says: str = ""
    sender: str | None = "g.oakes@meridale.example"
    files: tuple[str, ...] = ()
    why: str = ""


def lines(*given: str) -> bytes:
    return "\r\n".join(given).encode("utf-8")


def proved(*given: str) -> bytes:
    """Raw lines of a message that our receiver proved."""
    return lines(f"Authentication-Results: {PROVED}", "From: g.oakes@meridale.example", *given)
