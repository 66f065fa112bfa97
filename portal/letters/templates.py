"""Letters to begin from. Each is a data file in `templates/`; wording is changed there, never here.

Words in braces fill themselves from the campaign, or name a field of the template. Words in [brackets] are gaps that
only the neighbours can fill: a field, and whatever the campaign does not know yet, becomes such a gap. `common.json`
holds fields and papers that several letters share.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Campaign, Demand
from portal.letters.models import BLOCK_KINDS

FOLDER = Path(__file__).with_name("templates")
COMMON = "common.json"
WORDS_A_MINUTE = 200
GAP = re.compile(r"\[[^\[\]\n]{1,200}\]")
FIELD_KINDS = ("text", "number", "day")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class BlockDraft:
    """A block that is not in a letter yet. `in_days` is how many days after the start a demand is due."""

    kind: str
    text: str
    test: str = ""
    by_on: date | None = None
    source: str = ""
    in_days: int | None = None


@dataclass(frozen=True)
class TemplateField:
    """Something that only the neighbours know. In the letter it stands as `gap` until it is filled.

    `kind` is "text", "number" or "day"; `in_days` suggests a day. One that is not required may be left out, with the
    sentence around it.
    """

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    required: bool = True
    in_days: int | None = None

    @property
    def gap(self) -> str:
        """How it stands in the letter while it is open."""
        return f"[{self.label}]"


@dataclass(frozen=True)
class LetterTemplate:
    """One letter to begin from. `key` is the name of its file, or "own-" and a number for a campaign's own.

    `papers` are the short texts that go with it, by name. `takes_demands` says whether what the campaign asks for
    already takes the place of the demands written here.
    """

    key: str
    position: int
    language: str
    name: str
    about: str
    campaign_kinds: tuple[str, ...]
    is_formal_complaint: bool
    headline: str
    blocks: tuple[BlockDraft, ...]
    fields: tuple[TemplateField, ...] = ()
    papers: Mapping[str, str] = field(default_factory=dict)
    needs_second_reader: bool = False
    takes_demands: bool = True
    note: str = ""

    @property
    def minutes(self) -> int:
        """How long it takes to read, in whole minutes, at least one."""
        return minutes_to_read(block.text for block in self.blocks)


@lru_cache(maxsize=1)
def all_templates() -> tuple[LetterTemplate, ...]:
    """Every template in its order, the empty page first. Raises ValueError for a file with something unknown in it."""
    found = [_read_file(path) for path in FOLDER.glob("*.json") if path.name != COMMON]
    return tuple(sorted(found, key=lambda template: template.position))


def find_template(key: str) -> LetterTemplate | None:
    """The template with this key, or None."""
    return next((template for template in all_templates() if template.key == key), None)


def suggested(campaign: Campaign) -> str:
    """The key of the template that fits the campaign's kind, or of the empty page."""
    fitting = (template.key for template in all_templates() if campaign.kind in template.campaign_kinds)
    return next(fitting, "empty")


def minutes_to_read(texts: Any) -> int:
    """How long some texts take to read, in whole minutes, at least one."""
    words = sum(len(text.split()) for text in texts)
    return max(1, -(-words // WORDS_A_MINUTE))


def gaps_in(*texts: str) -> list[str]:
    """The [gaps] that are still in some texts, brackets and all, in their order."""
    return [gap for text in texts for gap in GAP.findall(text)]


def filled(
    template: LetterTemplate, campaign: Campaign, demands: list[Demand], known: Mapping[str, str] | None = None
) -> tuple[str, list[BlockDraft]]:
    """Headline and blocks for this campaign. Demands it has settled already take the place of the template's own.

    `known` are fields of the template that are known already, by name, in words.
    """
    fields = {one.name: one.gap for one in template.fields} | fields_of(campaign) | dict(known or {})
    own = [BlockDraft("demand", demand.what, demand.test, demand.by_on) for demand in demands]
    own = own if template.takes_demands else []
    drafts = [
        BlockDraft(draft.kind, fill(draft.text, fields), fill(draft.test, fields), _day(draft), draft.source)
        for draft in template.blocks
        if draft.kind != "demand" or not own
    ]
    place = next((at for at, draft in enumerate(drafts) if order_of(draft.kind) > order_of("demand")), len(drafts))
    return fill(template.headline, fields), [*drafts[:place], *own, *drafts[place:]]


def order_of(kind: str) -> int:
    """Where blocks of this kind usually stand in a letter."""
    return BLOCK_KINDS.index(kind)


def fields_of(campaign: Campaign) -> dict[str, str]:
    """What fills itself from the campaign, by name; a gap where it does not know yet."""
    target, place = campaign.target, campaign.place
    return {
        "campaign": campaign.title,
        "place": place.name,
        "homes": str(place.home_count) if place.home_count else _("[how many homes there are]"),
        "person": (target and (target.person_name or target.post)) or _("[the name of the person who can say yes]"),
        "organization": target.organization.name if target else _("[who we are writing to]"),
        "asked": _("[what we asked for, and on which day]"),
    }


def fill(text: str, fields: Mapping[str, str]) -> str:
    """`text` with each {name} that is in `fields` filled in; others stay."""
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), text)


def read(data: Mapping[str, Any], key: str) -> LetterTemplate:
    """A template from its data, as a file holds it. Raises ValueError for an unknown kind of block or field."""
    common = _common()
    blocks = tuple(
        BlockDraft(
            block["kind"],
            block["text"],
            block.get("test", ""),
            source=block.get("source", ""),
            in_days=block.get("in_days"),
        )
        for block in data["blocks"]
    )
    given = [common["fields"][one] if isinstance(one, str) else one for one in data.get("fields", ())]
    fields = tuple(TemplateField(**one) for one in given)
    unknown = {block.kind for block in blocks} - set(BLOCK_KINDS) | {one.kind for one in fields} - set(FIELD_KINDS)
    if unknown:
        raise ValueError(f"{key} has parts or fields of an unknown kind: {', '.join(sorted(unknown))}")
    names = ("position", "language", "name", "about", "is_formal_complaint", "headline")
    return LetterTemplate(
        key=key,
        blocks=blocks,
        fields=fields,
        campaign_kinds=tuple(data["campaign_kinds"]),
        papers={**common["papers"], **data.get("papers", {})},
        needs_second_reader=data.get("needs_second_reader", False),
        takes_demands=data.get("takes_demands", True),
        note=data.get("note", ""),
        **{name: data[name] for name in names},
    )


@lru_cache(maxsize=1)
def _common() -> dict[str, Any]:
    data = json.loads((FOLDER / COMMON).read_text(encoding="utf-8"))
    return {"fields": {one["name"]: one for one in data["fields"]}, "papers": data["papers"]}


def _read_file(path: Path) -> LetterTemplate:
    return read(json.loads(path.read_text(encoding="utf-8")), path.stem)


def _day(draft: BlockDraft) -> date | None:
    return clock.today() + timedelta(days=draft.in_days) if draft.in_days else draft.by_on
