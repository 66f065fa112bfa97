"""Which of our own addresses a message was sent to. No database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"(?:[^+]*\+)?r-([a-z0-9]{20,64})")
_ADDRESS = re.compile(r"[^\s<>@\",;]+@[A-Za-z0-9.-]+")
LONGEST = 320


@dataclass(frozen=True)
class Recipient:
    """An address of ours: one made for a letter (`token`), our sender's own, to which bounces come, or neither."""

    address: str
    token: str = ""
    takes_bounces: bool = False

    @property
    def key(self) -> str:
        """What makes two spellings of an address the same."""
        return f"r-{self.token}" if self.token else self.address


def read_recipient(typed: str, config: Mapping[str, Any]) -> Recipient | None:
    """The recipient that an envelope names, or None when it is no address of ours.

    The portal takes mail for REPLY_DOMAIN, and for MAIL_FROM with anything after a plus.
    """
    address = typed.strip().strip("<>").strip().lower()
    local, at, domain = address.rpartition("@")
    if not at or not local or len(address) > LONGEST:
        return None
    token = _TOKEN.fullmatch(local)
    own_local, _, own_domain = config["MAIL_FROM"].lower().rpartition("@")
    is_sender = domain == own_domain and local.partition("+")[0] == own_local
    if domain != config["REPLY_DOMAIN"].lower() and not is_sender:
        return None
    return Recipient(address, token[1] if token else "", takes_bounces=is_sender and not token)


def recipient_in_headers(headers: list[tuple[str, str]], config: Mapping[str, Any]) -> Recipient | None:
    """Where no envelope is told: the first address of ours in Delivered-To, X-Original-To, To or Cc, in this order."""
    found: list[Recipient] = []
    for wanted in ("delivered-to", "x-original-to", "envelope-to", "to", "cc"):
        for name, value in headers:
            if name == wanted:
                for one in _ADDRESS.findall(value[:4000]):
                    recipient = read_recipient(one, config)
                    if recipient is not None and recipient.token:
                        return recipient
                    if recipient is not None:
                        found.append(recipient)
    return found[0] if found else None


def domain_of(address: str) -> str:
    """The part after the @, in lower case; "" when there is none."""
    return address.rpartition("@")[2].strip().lower().rstrip(".") if "@" in address else ""
