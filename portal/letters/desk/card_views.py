"""A part's card as everybody at the desk gets it: drawn once for all who may do the same, then handed out."""

import re
import threading
from collections import OrderedDict
from typing import Any

from flask import render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

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


def reader_of(campaign: Campaign) -> tuple[frozenset[str], str, int]:
    """What the cards of this request depend on beside the letter: what the person is there, the language, and the
    minute."""
    now = int(clock.now().timestamp()) // KEPT_SECONDS
    return frozenset(campaign.parts_of(current_person())), current_language(), now


def card(
    block: Block,
    mark: str,
    *,
    letter: Letter,
    campaign: Campaign,
    reader: tuple[frozenset[str], str, int],
    first: bool,
    last: bool,
    just_merged: bool = False,
) -> str:
    """The card of one part as HTML. It is the same for all whom `reader_of` tells alike, but for the forms' tokens.

    `just_merged` tells whoever saved it that somebody else's words are in it, too.
    """
    key = (campaign.key, block.id, mark, reader, letter.is_open_for_drafting, just_merged)
    with _lock:
        drawn = _cards.get(key)
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
            _cards[key] = drawn
            while len(_cards) > KEPT_CARDS:
                _cards.popitem(last=False)
    return drawn


def handed_out(drawn: str) -> Markup:
    """What `card` gave, once or several times, for this very person: with their token, and a fresh key in each form."""
    return Markup(_ONCE.sub(_fresh_key, drawn).replace(_TOKEN, generate_csrf()))


def _fresh_key(_found: Any) -> str:
    return f'name="once" value="{once_key()}"'
