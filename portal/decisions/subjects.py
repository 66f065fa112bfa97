"""What a question can be about, and who wants to know how it ended.

A feature that comes later says so here: where the page of its things is, and what follows from a vote about one.
"""

from collections.abc import Callable
from typing import Any

from portal.decisions.models import Ballot

Listener = Callable[[Ballot], Any]

# kind of subject → endpoint of its page below the campaign's, and the name of its id in the address
_pages: dict[str, tuple[str, str]] = {"response": ("responses.show", "response_id")}
_listeners: dict[str, list[Listener]] = {}


def has_page(kind: str, endpoint: str, id_name: str) -> None:
    """Say where things of this kind have their page."""
    _pages[kind] = (endpoint, id_name)


def page_of(ballot: Ballot) -> tuple[str, dict[str, int]] | None:
    """Endpoint and values of the page of what a question is about; None for a free one."""
    if ballot.subject_kind not in _pages:
        return None
    endpoint, id_name = _pages[ballot.subject_kind]
    return endpoint, {id_name: ballot.subject_id}


def when_decided(kind: str) -> Callable[[Listener], Listener]:
    """Declare what follows when a question about such a thing has ended, however it ended.

    Called inside the transaction that counts, with the ballot as it is now: both happen or neither.
    """

    def declare(listener: Listener) -> Listener:
        _listeners.setdefault(kind, []).append(listener)
        return listener

    return declare


def tell(ballot: Ballot) -> None:
    """Tell everybody who wants to know about this kind of subject."""
    for listener in _listeners.get(ballot.subject_kind, ()):
        listener(ballot)
