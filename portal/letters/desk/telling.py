"""What a look at the desk is told: put together from what is drawn already, with nothing asked of the request.

The view `desk.live` draws what is missing; the short way before it (`quick_looks`) only hands out.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from portal.letters.desk.looking import Desk, Glance, removed_mark
from portal.letters.models import Block

MOST_MARKS = 250
MOST_DIGITS = 18
MOST_LISTS = 500
# In a crowd somebody turns to another part all the time: there the list may be this old.
CROWD, LIST_SECONDS = 20, 1.0
# Who is here, as it was drawn last, by campaign, letter and language.
_lists: dict[tuple[str, int, str], "HereList"] = {}
# What is said of a part that came, by name and language.
_news: dict[tuple[str, str], str] = {}


class NotDrawn(Exception):
    """Something that was asked for has not been drawn by this process yet."""


class HereList(NamedTuple):
    """The list of those who are here: the mark that it was drawn at, the parts it names, when, whether they are many,
    and itself."""

    presence: int
    order: tuple[int, ...]
    drawn_at: float
    is_crowd: bool
    html: str


@dataclass(frozen=True)
class Asked:
    """What a look asks for: the state it knows, the marks of the parts that it shows and of what was taken out, and the
    state that its checks and next step were drawn at, where it wants those anew."""

    seen: str
    have: dict[str, str]
    removed: str
    aside: int | None

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Asked":
        """From the names and values of an address."""
        aside, pairs = args.get("aside", ""), args.get("have", "").split(",")[:MOST_MARKS]
        return cls(
            args.get("seen", ""),
            dict(pair.split(":", 1) for pair in pairs if ":" in pair),
            args.get("removed", ""),
            int(aside) if aside.isascii() and aside.isdigit() and len(aside) <= MOST_DIGITS else None,
        )

    def wants_aside(self, seen: Glance) -> bool:
        """Whether the checks and the next step have to come along."""
        return self.aside is not None and self.aside != seen.desk_version


def told(
    seen: Glance,
    now: Desk,
    asked: Asked,
    *,
    here: HereList,
    removed: str,
    card_of: Callable[[Block], str],
    news: Mapping[str, str],
) -> str:
    """What is new, as HTML whose forms have no tokens yet. `card_of` gives a part's card, `news` what is said of a part
    by the name of whoever saved it, escaped."""
    # Named by what is sent: an older list is asked for again.
    seen = replace(seen, presence=here.presence)
    order = ",".join(str(number) for number in now.marks)
    closed = "" if now.letter.is_open_for_drafting else " data-closed"
    state = f'data-seen="{seen.seen}" data-desk="{seen.desk_version}" data-order="{order}"{closed}'
    pieces = [f'<div id="desk_state" {state}></div>', here.html]
    for block in now.blocks:
        if asked.have.get(str(block.id)) != now.marks[block.id]:
            said = news[now.savers[block.id]]
            pieces.append(f'<div data-part="{block.id}" data-news="{said}">{card_of(block)}</div>')
    pieces.append(removed)
    return "\n".join(pieces)


def news_of(now: Desk, language: str, draw: Callable[[str], str] | None = None) -> dict[str, str]:
    """What is said of a part that came, by the name of whoever saved it, escaped. `draw` says it the first time;
    without it, raises NotDrawn where something was not said before."""
    news = {}
    for name in set(now.savers.values()):
        words = _news.get((name, language))
        if words is None:
            if draw is None:
                raise NotDrawn
            if len(_news) > MOST_LISTS:
                _news.clear()
            words = _news[name, language] = draw(name)
        news[name] = words
    return news


def known_list(seen: Glance, now: Desk, language: str) -> HereList | None:
    """The list of who is here, where it has been drawn and is still true, or in a crowd nearly."""
    known = _lists.get((seen.campaign.key, seen.letter_id, language))
    if known is None or known.order != tuple(now.marks):
        return None
    is_young = known.is_crowd and time.monotonic() - known.drawn_at < LIST_SECONDS
    return known if known.presence == seen.presence or is_young else None


def remember_list(seen: Glance, now: Desk, language: str, html: str, *, count: int) -> HereList:
    """Keep the list of the `count` people who are here as it was drawn now."""
    if len(_lists) > MOST_LISTS:
        _lists.clear()
    fresh = HereList(seen.presence, tuple(now.marks), time.monotonic(), count > CROWD, html)
    _lists[seen.campaign.key, seen.letter_id, language] = fresh
    return fresh


def shows_removed(now: Desk, asked: Asked) -> bool:
    """Whether the page shows the parts that were taken out as they are."""
    return asked.removed == removed_mark(now.removed)
