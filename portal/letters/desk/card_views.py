"""A part's card as everybody at the desk gets it: drawn once for all who may do the same, then handed out."""

import re
import threading
from collections import OrderedDict
from typing import Any, NamedTuple

from flask import render_template
from flask_wtf.csrf import generate_csrf

from portal import clock
from portal.campaigns.models import Campaign
from portal.language import current_language
from portal.letters.desk.looking import Desk
from portal.letters.models import Block, Letter
from portal.once import once_key
from portal.web import current_person

KEPT_CARDS = 2048
# Its words say how long ago a part was saved.
KEPT_SECONDS = 60
_TOKEN = "\x00token"
_ONCE = re.compile(r'name="once" value="[^"]*"')
_cards: OrderedDict[tuple[Any, ...], str] = OrderedDict()
_lock = threading.Lock()


def letter_for(desk: Desk, campaign: Campaign) -> Letter:
    """The letter of a shared desk as this request may use it: with a campaign that knows who is asking."""
    letter = Letter(**desk.letter.__data__)
    letter.campaign = campaign
    return letter


class Reader(NamedTuple):
    """What the cards of somebody depend on beside the letter."""

    parts: frozenset[str]
    language: str
    minute: int


def reader_of(campaign: Campaign, *, person: Any = None, language: str = "") -> Reader:
    """Whoever asks now, or `person` who reads `language`."""
    minute = int(clock.now().timestamp()) // KEPT_SECONDS
    parts = campaign.parts_of(person or current_person())
    return Reader(frozenset(parts), language or current_language(), minute)


def known_card(block: Block, mark: str, *, letter: Letter, reader: Reader, just_merged: bool = False) -> str | None:
    """What `card` gives, where it has been drawn already. Asks nothing of the request."""
    with _lock:
        return _cards.get(_key(block, mark, letter, reader, just_merged))


def card(
    block: Block,
    mark: str,
    *,
    letter: Letter,
    campaign: Campaign,
    reader: Reader,
    first: bool,
    last: bool,
    just_merged: bool = False,
) -> str:
    """The card of one part as HTML. It is the same for all whom `reader_of` tells alike, but for the forms' tokens.

    `just_merged` tells whoever saved it that somebody else's words are in it, too.
    """
    drawn = known_card(block, mark, letter=letter, reader=reader, just_merged=just_merged)
    if drawn is None:
        html = render_template(
            "letters/_block.html",
            campaign=campaign,
            letter=letter,
            block=block,
            first=first,
            last=last,
            mark_of=lambda *_given, **_named: mark,
            just_merged=just_merged,
        )
        drawn = html.replace(generate_csrf(), _TOKEN)
        with _lock:
            _cards[_key(block, mark, letter, reader, just_merged)] = drawn
            while len(_cards) > KEPT_CARDS:
                _cards.popitem(last=False)
    return drawn


def _key(block: Block, mark: str, letter: Letter, reader: Reader, just_merged: bool) -> tuple[Any, ...]:
    return block.id, mark, letter.id, letter.is_open_for_drafting, reader, just_merged


def handed_out(drawn: str, token: str) -> str:
    """What `card` gave, once or several times, for this very person: with their token, and a fresh key in each form."""
    return _ONCE.sub(_fresh_key, drawn).replace(_TOKEN, token)


def _fresh_key(_found: Any) -> str:
    return f'name="once" value="{once_key()}"'
