"""Looking at the desk again and again, cheaply: one statement says whether anything changed since the last look.

A hundred people may look every second. So the statement is written once, and what they all see is read once for each
state of the desk and process.
"""

import threading
import zlib
from collections import OrderedDict
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign
from portal.database import as_stored
from portal.letters.finding import blocks_of
from portal.letters.models import Block, Letter
from portal.letters.talk.models import Presence
from portal.people.models import Person, SignIn
from portal.people.operations import SEEN_EVERY
from portal.places.models import Place
from portal.quick_statements import Written, blank, row_of
from portal.tokens import digest

KEPT_DESKS = 64
_desks: OrderedDict[tuple[str, int], "Desk"] = OrderedDict()
_lock, _reading = threading.Lock(), threading.Lock()


@dataclass(frozen=True)
class Glance:
    """What one look at the door tells: the campaign with what the person is in it, and the mark of the desk."""

    campaign: Campaign
    letter_id: int
    desk_version: int
    # Changes when somebody comes, goes, or turns to another part.
    presence: int

    @property
    def seen(self) -> str:
        """What the next look names, to be told only what is new."""
        return f"{self.desk_version}-{self.presence}"


@dataclass(frozen=True)
class Desk:
    """The letter and its parts at one state of the desk. All who look share it: nothing in it may be changed."""

    desk_version: int
    letter: Letter
    blocks: list[Block]
    removed: list[Block]
    # Of each part by its id.
    marks: dict[int, str]

    @cached_property
    def savers(self) -> dict[int, str]:
        """The first name of whoever saved each part last, by its id; nothing where that is not known."""
        return {block.id: block.edited_by.first_name if block.edited_by else "" for block in self.blocks}


def glance(key: str, letter_id: int, person: Person) -> Glance | None:
    """Look for the letter as `person`; None when there is none. One statement, no rows made into objects."""
    row = _GLANCE.run(
        key=key, letter=letter_id, person=person.id, now=as_stored(clock.now()), today=clock.today()
    ).fetchone()
    return None if row is None else _as_glance(row, key, letter_id, person)


def glance_by_sign_in(key: str, letter_id: int, secret: str) -> tuple[Glance, Person] | None:
    """The same for whoever is signed in with this cookie's secret and was seen a moment ago, with who that is (only the
    id is known); None when there is no such sign-in or no such letter. One statement for both."""
    now = clock.now()
    row = _GLANCE_BY_SIGN_IN.run(
        key=key,
        letter=letter_id,
        secret=digest(secret),
        recent=as_stored(now - SEEN_EVERY),
        now=as_stored(now),
        today=clock.today(),
    ).fetchone()
    if row is None:
        return None
    person = Person(id=row[0])
    return _as_glance(row[1:], key, letter_id, person), person


def _as_glance(row: Any, key: str, letter_id: int, person: Person) -> Glance:
    campaign_id, visibility, place_id, home_count, desk_version, presence, roles, organizer = row
    place = Place(id=place_id, home_count=home_count)
    campaign = Campaign(id=campaign_id, key=key, visibility=visibility, place=place)
    campaign.remember_parts(person, Campaign(role_words=roles, organizer_words=organizer))
    return Glance(campaign, letter_id, desk_version, int(presence))


def desk_at(seen: Glance) -> Desk:
    """The letter and its parts, at least as new as this glance. Two statements the first time, then none."""
    known = known_desk(seen)
    if known is not None:
        return known
    # One thread reads; those who came meanwhile find what it has read.
    with _reading:
        return known_desk(seen) or _read((seen.campaign.key, seen.letter_id))


def known_desk(seen: Glance) -> Desk | None:
    """What `desk_at` gives, where this process has read it already."""
    return _known((seen.campaign.key, seen.letter_id), seen.desk_version)


def desk_after_save(letter: Letter, saved: Block, *, before_it: int) -> Desk | None:
    """The desk as it is once the words of `saved`, whose letter this is, have been saved; nothing is asked where this
    process knew it as it was before that, and None where it did not.

    `before_it` is the letter's desk_version as it was read before the save: one that changed nothing raises none, and
    what lies between the desk that is known and this one is then somebody else's.
    """
    if letter.desk_version == before_it:
        return None
    place = (letter.campaign.key, letter.id)
    with _lock:
        before = _desks.get(place)
    if before is None or before.desk_version != letter.desk_version - 1:
        return None
    was = next((block for block in before.blocks if block.id == saved.id), None)
    if was is None:
        return None
    whole = Letter(**{**before.letter.__data__, "version": letter.version, "desk_version": letter.desk_version})
    whole.campaign = before.letter.campaign
    now = copy(saved)
    # Its letter knows the place: the card of a fact says how many homes there are.
    now.number, now.clash_by, now.items, now.letter = was.number, was.clash_by, was.items, whole
    blocks = [now if block is was else block for block in before.blocks]
    mark = mark_of(now, first=now is blocks[0], last=now is blocks[-1])
    after = replace(
        before, desk_version=letter.desk_version, letter=whole, blocks=blocks, marks={**before.marks, now.id: mark}
    )
    with _lock:
        if _desks.get(place) is before:
            _desks[place] = after
    return after


def _known(place: tuple[str, int], desk_version: int) -> Desk | None:
    with _lock:
        known = _desks.get(place)
        if known is None or known.desk_version < desk_version:
            return None
        _desks.move_to_end(place)
        return known


def _read(place: tuple[str, int]) -> Desk:
    row = _LETTER.run(letter=place[1]).fetchone()
    letter = row_of(Letter, row[:_OF_LETTER])
    letter.campaign = row_of(Campaign, row[_OF_LETTER : _OF_LETTER + _OF_CAMPAIGN])
    letter.campaign.place = row_of(Place, row[_OF_LETTER + _OF_CAMPAIGN :])
    rows = blocks_of(letter)
    blocks = [row for row in rows if row.removed_at is None]
    # The parts are read after the letter, so they are as new as it or newer, and what is newer is asked for again.
    fresh = Desk(
        letter.desk_version,
        letter,
        blocks,
        [row for row in rows if row.removed_at is not None],
        {block.id: mark_of(block, first=block is blocks[0], last=block is blocks[-1]) for block in blocks},
    )
    with _lock:
        _desks[place] = fresh
        while len(_desks) > KEPT_DESKS:
            _desks.popitem(last=False)
    return fresh


def mark_of(block: Block, *, first: bool, last: bool) -> str:
    """A short mark of all that a part's card shows, beginning with its version: another mark, another card."""
    rests_on = [(item.id, item.version, item.withdrawn_at) for item in block.items or ()]
    shown = {**block.__data__, "position": None, "rests_on": rests_on}
    return f"{block.version}-{_short((shown, block.number, first, last))}"


def removed_mark(removed: list[Block]) -> str:
    """A short mark of the parts that were taken out."""
    return _short([(block.id, block.version) for block in removed])


def _short(thing: Any) -> str:
    return f"{zlib.crc32(repr(thing).encode()):x}"


def _glance_query(person: Any, *columns: Any) -> Any:
    here = Presence.select(
        peewee.fn.COALESCE(peewee.fn.SUM(Presence.person * 7919 + peewee.fn.COALESCE(Presence.block, 0) * 31 + 1), 0)
    ).where(Presence.letter == Letter.id, Presence.until_at > blank("now"))
    place = (Campaign.id, Campaign.visibility, Place.id, Place.home_count, Letter.desk_version)
    return (
        Letter.select(*columns, *place, here, *Campaign.parts_columns(person, on=blank("today")))
        .join(Campaign)
        .join(Place)
        .where(Letter.id == blank("letter"), Campaign.key == blank("key"))
    )


_GLANCE = Written(lambda: _glance_query(blank("person")))
_GLANCE_BY_SIGN_IN = Written(
    lambda: (
        _glance_query(SignIn.person, SignIn.person)
        .join_from(Letter, SignIn, on=(SignIn.secret_hash == blank("secret")))
        .where(SignIn.ended_at.is_null(), SignIn.last_seen_at > blank("recent"))
    )
)
_OF_LETTER, _OF_CAMPAIGN = len(Letter._meta.sorted_fields), len(Campaign._meta.sorted_fields)
# With its place: a fact may say how many homes there are.
_LETTER = Written(
    lambda: (
        Letter.select(Letter, Campaign, Place)
        .join_from(Letter, Campaign)
        .join_from(Campaign, Place)
        .where(Letter.id == blank("letter"))
    )
)
