"""A step: what to do, where, whose it is and whom to ask. Made from the permission table: it never offers a 403."""

from dataclasses import dataclass, field
from typing import Any

from portal.dashboards.thread import AgreementFacts, Thread
from portal.permissions import ACTIONS


@dataclass(frozen=True)
class Reader:
    """The person who looks at the page, and what they are in this campaign."""

    person_id: int
    parts: frozenset[str]

    def may(self, action: str) -> bool:
        """Whether the permission table lets them."""
        return bool(ACTIONS[action] & self.parts)


@dataclass(frozen=True)
class Step:
    """What to do now, where, and who may.

    `who` names people who may do it, for readers who may not; empty when everybody in the circle may.
    """

    name: str
    endpoint: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    is_mine: bool = True
    who: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    # A second thing that helps: a word for the button, and where it leads. Only for those who may.
    also: tuple[tuple[str, str, dict[str, Any]], ...] = ()


AGREEMENTS = {
    "go_public": ("campaign.agree_to_go_public", "publicity.show"),
    "freeze_letter": ("letter.freeze", "letters.show"),
    "send_letter": ("letter.send", "sending.show"),
    "close_campaign": ("campaign.close", "closing.new"),
    "casefile_private": ("casefile.make", "casefiles.index"),
}


# Pages with an address of their own; every other one is below the campaign's.
OWN_ADDRESS = frozenset({"signing.show", "meetings.show"})


class Steps:
    """Makes steps for one reader: fills in whether it is theirs, and whom to ask otherwise."""

    def __init__(self, thread: Thread, reader: Reader) -> None:
        self.thread, self.reader = thread, reader

    def names(self, action: str, *, but: int = 0) -> tuple[str, ...]:
        """People other than the reader whose role lets them, each once."""
        parts = ACTIONS[action]
        found = {h.person_id: h.name for h in self.thread.holders if h.role in parts or "member" in parts}
        if "organizer" in parts:
            found |= {o.person_id: o.name for o in self.thread.organizers if o.has_accepted}
        return tuple(name for person_id, name in found.items() if person_id not in {but, self.reader.person_id})

    def values(self, endpoint: str, given: dict[str, Any] | None) -> dict[str, Any]:
        """What the address of a page needs."""
        here = {} if endpoint in OWN_ADDRESS else {"key": self.thread.key}
        return {**here, **(given or {})}

    def step(self, name: str, action: str, endpoint: str, /, also: Any = (), values: Any = None, **facts: Any) -> Step:
        """A step behind `action`; `also` lists (name, action, endpoint, values) of what helps too."""
        helps = tuple((word, to, self.values(to, given)) for word, needed, to, given in also if self.reader.may(needed))
        return Step(
            name,
            endpoint,
            self.values(endpoint, values),
            is_mine=self.reader.may(action),
            who=self.names(action),
            facts=facts,
            also=helps,
        )

    def agree(self, asked: AgreementFacts) -> Step:
        """Somebody asked; a second person is needed, who is not the one who asked."""
        action, endpoint = AGREEMENTS[asked.kind]
        values = {"letter_id": asked.subject_id} if asked.kind in {"freeze_letter", "send_letter"} else {}
        letter = self.thread.letter(asked.subject_id) if values else None
        is_own = asked.asked_by_id == self.reader.person_id
        return Step(
            f"agree_{asked.kind}",
            endpoint,
            self.values(endpoint, values),
            is_mine=self.reader.may(action) and not is_own,
            who=self.names(action, but=asked.asked_by_id),
            facts={"asked_by": asked.asked_by, "is_own": is_own, "title": letter.title if letter else ""},
        )
