"""The letter as plain data: kept with a frozen version, shown on the screen, printed on paper."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.language import direction_of, format_day
from portal.letters.canonical import FORMAT, composed, fingerprint_of, numbered
from portal.letters.copies.words import annex_of
from portal.letters.editions.models import SignedVersion
from portal.letters.models import Block, Letter, LetterVersion, Signature
from portal.paper import words


@dataclass(frozen=True)
class Signatories:
    """Who signed, as far as it may be shown: names as each chose, and counts that hold everybody."""

    names: tuple[str, ...] = ()
    resident_count: int = 0
    count: int = 0
    home_count: int = 0

    @property
    def unnamed_count(self) -> int:
        """How many are counted and not shown in any form."""
        return max(0, self.count - len(self.names) - self.resident_count)


@dataclass(frozen=True)
class Sheet:
    """What the screen needs to draw a letter. `runs` are blocks of one kind that stand together: (kind, blocks)."""

    content: dict[str, Any]
    runs: list[tuple[str, list[dict[str, Any]]]]
    direction: str
    dated: date
    to: str
    sender: str
    version: str = ""
    fingerprint: str = ""
    signatories: Signatories = field(default_factory=Signatories)


def content_of(letter: Letter, blocks: Sequence[Block]) -> dict[str, Any]:
    """The letter as it stands now. `blocks` are those in it, in their order; its campaign and target are loaded.

    {"title", "language", "to": {name, post, organization, address: [lines]}, "from": {group, place, homes},
    "date", "blocks": [{id, kind, text, test, by_on, source, number}], "evidence": [{title, kind, homes, days,
    reference, facts}]}; days are ISO texts, so that it passes through JSON unchanged.
    """
    target, place = letter.target, letter.campaign.place
    homes = place.home_count
    numbers = list(zip(blocks, numbered(block.kind for block in blocks), strict=True))
    to = {"name": "", "post": "", "organization": "", "address": []}
    if target is not None:
        to = {
            "name": composed(target.person_name),
            "post": composed(target.post),
            "organization": composed(target.organization.name),
            "address": [line.strip() for line in composed(target.postal_address).split("\n") if line.strip()],
        }
    return {
        "title": composed(letter.title),
        "language": letter.language,
        "to": to,
        "from": {
            "group": _("The people of %(place)s", place=place.name),
            "place": place.town if place.town != place.name else "",
            "homes": homes,
        },
        "date": clock.today().isoformat(),
        "blocks": [
            {
                "id": block.id,
                "kind": block.kind,
                "number": number,
                "text": composed(block.said),
                "test": composed(block.test),
                "by_on": block.by_on.isoformat() if block.by_on else None,
                "source": composed(block.source),
            }
            for block, number in numbers
        ],
        "evidence": annex_of([(number or 0, item) for block, number in numbers for item in block.items or ()], homes),
    }


def frozen_content(version: LetterVersion) -> dict[str, Any]:
    """The content of a frozen version, whole even where an older version knew less."""
    bare: dict[str, Any] = {
        "title": "",
        "language": "en",
        "date": clock.to_local(version.frozen_at).date().isoformat(),
        "to": {"name": "", "post": "", "organization": "", "address": []},
        "from": {"group": "", "place": "", "homes": 0},
        "evidence": [],
    }
    content = {**bare, **json.loads(version.content)}
    numbers = numbered(block["kind"] for block in content["blocks"])
    empty = {"test": "", "by_on": None, "source": ""}
    content["blocks"] = [
        {**empty, **block, "number": number} for block, number in zip(content["blocks"], numbers, strict=True)
    ]
    return content


def screen_sheet(
    letter: Letter,
    version: LetterVersion | None,
    blocks: Sequence[Block] = (),
    signatories: Signatories | None = None,
    content: dict[str, Any] | None = None,
) -> Sheet:
    """The letter for `letters/_sheet.html`: a frozen version, or the blocks as they stand when there is none.

    `content` is a translation of the version, to be shown in its place.
    """
    if content is None:
        content = frozen_content(version) if version is not None else content_of(letter, blocks)
    to = content["to"]
    sender = content["from"]
    together = groupby(content["blocks"], key=lambda block: block["kind"])
    runs = [(kind, [_dated(block) for block in run]) for kind, run in together]
    return Sheet(
        content=content,
        runs=runs,
        direction=direction_of(content["language"]),
        dated=date.fromisoformat(content["date"]),
        to="\n".join(line for line in (to["name"], to["post"], to["organization"], *to["address"]) if line),
        sender="\n".join(line for line in (sender["group"], sender["place"], homes_in_words(sender["homes"])) if line),
        version=str(version.number) if version is not None else "",
        fingerprint=version.fingerprint if version is not None else "",
        signatories=signatories or Signatories(),
    )


def letter_data(
    letter: Letter,
    version: LetterVersion | None,
    *,
    signatories: Signatories | None = None,
    blocks: Sequence[Block] = (),
    large_print: bool = False,
    content: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The letter for `typeset("letter", …, title=letter.title)`.

    With a frozen `version` it is that text with its fingerprint and `signatories`; without one it is a draft
    of `blocks`, marked as such. `signatories_of` reads who may be named. `content` is a translation of the version.
    """
    if content is None:
        content = frozen_content(version) if version is not None else content_of(letter, blocks)
    to, sender = content["to"], content["from"]
    data: dict[str, Any] = {
        "lang": content["language"],
        "dir": direction_of(content["language"]),
        "to": {name: value for name, value in to.items() if value or name == "organization"},
        "sender": {"group": sender["group"], "place": sender["place"], "homes": homes_in_words(sender["homes"])},
        "date": day_in_words(date.fromisoformat(content["date"])),
        "blocks": [
            {
                "kind": block["kind"],
                "text": block["text"],
                "test": block["test"],
                "due": day_in_words(date.fromisoformat(block["by_on"])) if block["by_on"] else "",
            }
            for block in content["blocks"]
        ],
        "large_print": large_print,
        "words": words("letter", _),
        "evidence": evidence_on_paper(content),
    }
    if version is None:
        return {**data, "draft": True}
    data["version"] = str(version.number)
    data["fingerprint"] = version.sha256
    # Not to be seen, and found again when somebody asks whether a file is this letter.
    data["keywords"] = [FORMAT, f"version {version.number}", version.sha256]
    data["check_url"] = public_address(letter)
    if signatories is not None and signatories.count:
        data["signed"] = {
            "line": count_in_words(signatories),
            "names": list(signatories.names),
            "more": more_in_words(letter, signatories),
        }
    return data


def signatories_of(letter: Letter, version: LetterVersion, *, for_target: bool = False) -> Signatories:
    """Who confirmed their signature under `version`, as each chose to be shown. One statement.

    On the members' and public copy: full name, first name, or as a resident; hidden ones are only counted. On the copy
    `for_target` only those who agreed to be named to the addressee are named, in full. Held ones are counted nowhere.
    """
    rows: Any = (
        Signature.select(Signature.name, Signature.display, Signature.show_to_target)
        .where(
            Signature.letter == letter.id,
            Signature.id.in_(SignedVersion.select(SignedVersion.signature).where(SignedVersion.version == version.id)),
            Signature.state == "confirmed",
            Signature.is_held == False,  # noqa: E712
        )
        .order_by(Signature.confirmed_at, Signature.id)
        .tuples()
    )
    names: list[str] = []
    residents, count = 0, 0
    for name, display, to_target in rows:
        count += 1
        if for_target:
            names += [name] if to_target else []
        elif display == "full":
            names.append(name)
        elif display == "first_name":
            names.append(name.split()[0] if name.split() else name)
        elif display == "resident":
            residents += 1
    return Signatories(tuple(names), residents, count, version.signed_home_count)


def public_address(letter: Letter) -> str:
    """The address of the letter's public page, also where there is no request, such as in the job worker."""
    path = current_app.url_map.bind("").build("signing.show", {"letter_key": letter.key}, force_external=False)
    return f"{current_app.config['BASE_URL']}{path}"


def evidence_on_paper(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The evidence list of a letter's content, for the paper: nothing of who counted or where it is kept."""
    rows = []
    for item in content["evidence"]:
        facts = ", ".join(str(number) for number in item["facts"])
        about = [item["kind"], item["homes"], item["days"]]
        about.append(_("reference %(reference)s", reference=item["reference"]) if item["reference"] else "")
        about.append(ngettext("for fact %(facts)s", "for facts %(facts)s", len(item["facts"]), facts=facts))
        rows.append({"title": item["title"], "about": [part for part in about if part]})
    return rows


def count_in_words(signatories: Signatories) -> str:
    """ "31 people from 20 homes signed"."""
    people = ngettext("%(num)d person", "%(num)d people", signatories.count)
    if not signatories.home_count:
        return _("Signed by %(people)s", people=people)
    homes = homes_in_words(signatories.home_count)
    return _("Signed by %(people)s from %(homes)s", people=people, homes=homes)


def more_in_words(letter: Letter, signatories: Signatories) -> list[str]:
    """Sentences about those whose name is not shown."""
    lines = []
    if signatories.resident_count:
        lines.append(
            ngettext(
                "%(num)d resident of %(place)s.",
                "%(num)d residents of %(place)s.",
                signatories.resident_count,
                place=letter.campaign.place.name,
            )
        )
    if signatories.unnamed_count:
        lines.append(
            ngettext(
                "%(num)d person who signed without showing their name.",
                "%(num)d people who signed without showing their names.",
                signatories.unnamed_count,
            )
        )
    return lines


def homes_in_words(count: int) -> str:
    """ "84 homes", or nothing when it is not known."""
    return ngettext("%(num)d home", "%(num)d homes", count) if count else ""


def day_in_words(day: date) -> str:
    """ "Mon 7 Dec 2026": on paper the year always stands there."""
    words_ = format_day(day)
    return words_ if str(day.year) in words_ else f"{words_} {day.year}"


def is_whole(version: LetterVersion) -> bool:
    """Whether the stored text still has the fingerprint that it was frozen with."""
    return fingerprint_of(version.canonical_text) == version.sha256


def _dated(block: dict[str, Any]) -> dict[str, Any]:
    return {**block, "by_on": date.fromisoformat(block["by_on"]) if block["by_on"] else None}
