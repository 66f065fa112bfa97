"""A campaign's own letters to begin from, made of letters it wrote. Nobody outside the campaign sees them."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.language import format_day
from portal.letters.careful_words import HOME_NUMBER
from portal.letters.copies.models import OwnTemplate
from portal.letters.models import Block, Letter
from portal.letters.templates import LetterTemplate, read
from portal.people.models import Person

MOST = 20
PREFIX = "own-"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# "3 March 2026", "3 March", "3/3/2026", "2026-03-03".
DAY = re.compile(rf"\b(?:\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?|\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{4}}-\d\d-\d\d)\b")


def own_templates(campaign: Campaign) -> list[OwnTemplate]:
    """The campaign's own, newest first. One statement."""
    rows = list(
        OwnTemplate.select()
        .where(OwnTemplate.campaign == campaign.id, OwnTemplate.removed_at.is_null())
        .order_by(OwnTemplate.id.desc())
    )
    for row in rows:
        row.campaign = campaign
    return rows


def as_template(row: OwnTemplate) -> LetterTemplate:
    """One of them in the shape of every other letter to begin from."""
    data = {**json.loads(row.content), "name": row.name, "about": row.about, "position": 100, "campaign_kinds": []}
    return read(data, f"{PREFIX}{row.id}")


def find_own(campaign: Campaign, key: str) -> LetterTemplate | None:
    """The campaign's own template with this key, or None."""
    number = key.removeprefix(PREFIX)
    if not key.startswith(PREFIX) or not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    row = OwnTemplate.get_or_none(
        OwnTemplate.campaign == campaign.id, OwnTemplate.id == int(number), OwnTemplate.removed_at.is_null()
    )
    return as_template(row) if row is not None else None


def asked_of(chased: Letter | None) -> dict[str, str]:
    """What a letter that chases another can quote from it, as a field of the template."""
    if chased is None or chased.sent_on is None:
        return {}
    first = (
        Block.select(Block.text)
        .where(Block.letter == chased.id, Block.kind == "demand", Block.removed_at.is_null())
        .order_by(Block.position, Block.id)
        .first()
    )
    day = format_day(chased.sent_on, weekday=False)
    day = day if str(chased.sent_on.year) in day else f"{day} {chased.sent_on.year}"
    words = _("On %(day)s we sent you our open letter “%(title)s”.", day=day, title=chased.title)
    if first is not None:
        words += " " + _("In it we asked: “%(demand)s”", demand=first.text)
    return {"asked": words}


def with_gaps(text: str, campaign: Campaign) -> str:
    """`text` with what is of this campaign and this time only turned into fields and gaps, as far as we can tell."""
    target, place = campaign.target, campaign.place
    known: list[tuple[str, str]] = [(place.name, "{place}")]
    if target is not None:
        known += [(target.person_name, "{person}"), (target.organization.name, "{organization}")]
    if place.home_count:
        known += [(f"{place.home_count} homes", "{homes} homes")]
    text = HOME_NUMBER.sub(lambda found: found[0] if found[0][-1] in "pm" else _("[a home]"), text)
    text = DAY.sub(_("[the day]"), text)
    for words, name in sorted(known, key=lambda pair: -len(pair[0])):
        if words.strip():
            text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", name, text)
    return text


def keep_template(
    campaign: Campaign,
    letter: Letter,
    *,
    name: str,
    about: str,
    headline: str,
    parts: Sequence[Mapping[str, Any]],
    by: Person,
) -> OwnTemplate:
    """Keep a letter to begin from again. `parts` are {kind, text, test} as a member checked them; empty ones drop out.

    Raises RuleBroken when nothing is left, or the campaign keeps MOST already.
    """
    kept = [dict(part) for part in parts if part["text"].strip()]
    if not kept:
        raise RuleBroken(_("Keep at least one part"))
    with transaction():
        campaign.touch()
        if len(own_templates(campaign)) >= MOST:
            raise RuleBroken(_("You keep 20 already. Remove one before you keep another"), field="name")
        content = {
            "language": letter.language,
            "is_formal_complaint": letter.is_formal_complaint,
            "needs_second_reader": letter.needs_second_reader,
            "headline": headline,
            "blocks": kept,
        }
        return OwnTemplate.create(
            campaign=campaign, name=name, about=about, content=json.dumps(content, ensure_ascii=False), made_by=by
        )


def remove_template(row: OwnTemplate, *, by: Person) -> None:
    """Offer it no longer. Letters that began from it stay as they are. Twice is once."""
    with transaction():
        OwnTemplate.update(removed_at=clock.now()).where(
            OwnTemplate.id == row.id, OwnTemplate.removed_at.is_null()
        ).execute()
