"""A part's card as everybody at the desk gets it: drawn once for all who may do the same, then handed out."""

import re
import threading
from collections import OrderedDict
from typing import Any, NamedTuple

from flask import render_template
from flask_wtf.csrf import generate_csrf

from portal import clock, permissions
from portal.campaigns.models import Campaign
from portal.language import current_language
from portal.letters.desk.looking import Desk
from portal.letters.models import Block, Letter
from portal.once import once_key
from portal.web import current_person

KEPT_CARDS = 2048
# Its words say how long ago a part was saved.
KEPT_SECONDS = 60
_TOKEN, _NOTICE = "\x00token", "\x00notice"
# All that a card asks of who reads it. Another question would be another card: it is refused.
_ASKED = ("letter.edit", "letter.suggest")
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

    may: frozenset[str]
    language: str
    minute: int


def reader_of(campaign: Campaign, *, person: Any = None, language: str = "") -> Reader:
    """Whoever asks now, or `person` who reads `language`."""
    minute = int(clock.now().timestamp()) // KEPT_SECONDS
    who = person or current_person()
    may = frozenset(name for name in _ASKED if permissions.can(who, name, campaign))
    return Reader(may, language or current_language(), minute)


def known_card(block: Block, mark: str, *, letter: Letter, reader: Reader) -> str | None:
    """What `card` gives, where it has been drawn already. Asks nothing of the request."""
    with _lock:
        return _cards.get(_key(block, mark, letter, reader))


def card(
    block: Block, mark: str, *, letter: Letter, campaign: Campaign, reader: Reader, first: bool, last: bool
) -> str:
    """The card of one part as HTML. It is the same for all whom `reader_of` tells alike, but for what `handed_out` puts
    in."""
    drawn = known_card(block, mark, letter=letter, reader=reader)
    if drawn is None:
        html = render_template(
            "letters/_block.html",
            campaign=campaign,
            letter=letter,
            block=block,
            first=first,
            last=last,
            mark_of=lambda *_given, **_named: mark,
            may=lambda name, _thing: {asked: asked in reader.may for asked in _ASKED}[name],
            notice=_NOTICE,
        )
        drawn = html.replace(generate_csrf(), _TOKEN)
        with _lock:
            _cards[_key(block, mark, letter, reader)] = drawn
            while len(_cards) > KEPT_CARDS:
                _cards.popitem(last=False)
    return drawn


def _key(block: Block, mark: str, letter: Letter, reader: Reader) -> tuple[Any, ...]:
    return block.id, mark, letter.id, letter.is_open_for_drafting, reader


def handed_out(drawn: str, token: str, *, notice: str = "") -> str:
    """What `card` gave, once or several times, for this very person: with their token, a fresh key in each form, and
    what is said to them alone, as HTML."""
    return _ONCE.sub(_fresh_key, drawn).replace(_TOKEN, token).replace(_NOTICE, notice)


def _fresh_key(_found: Any) -> str:
    return f'name="once" value="{once_key()}"'
