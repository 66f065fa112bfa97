"""What each template needs: plain data, every text already in the language of the sheet.

Texts may hold anything a person typed. A blank line parts paragraphs in `text`; elsewhere line breaks become spaces.
"""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

Direction = Literal["ltr", "rtl"]
BlockKind = Literal["greeting", "fact", "harm", "demand", "question", "meeting", "closing"]


class Addressee(TypedDict):
    """Who the letter is for; leave out what is not known."""

    name: NotRequired[str]
    post: NotRequired[str]
    organization: str
    address: NotRequired[list[str]]


class Sender(TypedDict):
    """Who writes: the group, its place, and its homes in words (“84 homes”)."""

    group: str
    place: NotRequired[str]
    homes: NotRequired[str]


class Block(TypedDict):
    """One part of a letter. `test` and `due` (in words: “Mon 26 October”) belong to demands."""

    kind: BlockKind
    text: str
    test: NotRequired[str]
    due: NotRequired[str]


class Signed(TypedDict):
    """Who signed: a sentence with the counts, the names as each chose, then sentences about those without a name."""

    line: str
    names: list[str]
    more: NotRequired[list[str]]


class Evidence(TypedDict):
    """Something that facts rest on, and what else is said of it (“31 of 84 homes”, “reference 12”)."""

    title: str
    about: list[str]


class Named(TypedDict):
    """Somebody who agreed to be named to the addressee."""

    name: str
    home: str
    complaints: str


class Annex(TypedDict):
    """The sheet for the addressee alone: its title, a few sentences, and who is named."""

    title: str
    lines: list[str]
    people: list[Named]


class Letter(TypedDict):
    """An open letter. The headline is the `title` given to `typeset`; `date` is in words.

    `keywords` go into the document's properties, where a program finds the whole fingerprint.
    """

    lang: str
    dir: Direction
    to: Addressee
    sender: Sender
    date: str
    blocks: list[Block]
    reference: NotRequired[str]
    copies: NotRequired[list[str]]
    note: NotRequired[str]
    reply_to: NotRequired[str]
    signed: NotRequired[Signed]
    evidence: NotRequired[list[Evidence]]
    annex: NotRequired[Annex]
    keywords: NotRequired[list[str]]
    version: NotRequired[str]
    fingerprint: NotRequired[str]
    check_url: NotRequired[str]
    draft: NotRequired[bool]
    large_print: NotRequired[bool]
    words: NotRequired[Mapping[str, str]]


class Poster(TypedDict):
    """A poster. The headline is the `title`; `url` is printed as it is, `qr` is `qr_matrix` of the full address."""

    lang: str
    dir: Direction
    url: str
    qr: list[str]
    kicker: NotRequired[str]
    where: NotRequired[str]
    sentence: NotRequired[str]
    group: NotRequired[str]
    strips: NotRequired[bool]
    words: NotRequired[Mapping[str, str]]


class Decision(TypedDict):
    """What was decided, and in words how (“28 for, 2 against”)."""

    text: str
    vote: NotRequired[str]


class Action(TypedDict):
    """Who does what by when; `by` is a date in words."""

    what: str
    who: str
    by: str


class Minutes(TypedDict):
    """The minutes of a meeting. Its name is the `title`; `came` is a sentence (“41 people”), `names` are optional."""

    lang: str
    dir: Direction
    date: str
    place: str
    came: str
    names: NotRequired[list[str]]
    notes: NotRequired[str]
    decisions: list[Decision]
    actions: list[Action]
    next: NotRequired[str]
    large_print: NotRequired[bool]
    words: NotRequired[Mapping[str, str]]


class Fact(TypedDict):
    """What it is, and how it is."""

    what: str
    value: str


class Passage(TypedDict):
    """Several lines, and what they are."""

    what: str
    text: str


class Entry(TypedDict):
    """One thing in a part of a case file."""

    title: str
    facts: list[Fact]
    texts: list[Passage]


class Part(TypedDict):
    """A part of a case file, with a sentence where something has to be said."""

    title: str
    note: NotRequired[str]
    entries: list[Entry]


class CaseFile(TypedDict):
    """A case file. `mark` stands at the head of every page, `fingerprint` at its foot."""

    lang: str
    dir: Direction
    cover: list[Fact]
    parts: list[Part]
    fingerprint: str
    mark: NotRequired[str]
    note: NotRequired[str]
    words: NotRequired[Mapping[str, str]]


class Share(TypedDict):
    """The picture of a shared link, drawn and not printed. The headline is the `title`; the rest is short lines."""

    lang: str
    dir: Direction
    place: str
    count: str
    state: str
    site: str


#: Template name to what its data must have.
REQUIRED: dict[str, frozenset[str]] = {
    "letter": Letter.__required_keys__,
    "poster": Poster.__required_keys__,
    "minutes": Minutes.__required_keys__,
    "casefile": CaseFile.__required_keys__,
    "share": Share.__required_keys__,
}
