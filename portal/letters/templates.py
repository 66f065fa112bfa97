"""Letters to begin from. Each is a data file in `templates/`; wording is changed there, never here.

Words in braces fill themselves from the campaign. Words in [brackets] are gaps that only the neighbours can fill; a
field that the campaign does not know yet becomes such a gap too.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from portal.campaigns.models import Campaign, Demand
from portal.letters.models import BLOCK_KINDS

FOLDER = Path(__file__).with_name("templates")
WORDS_A_MINUTE = 200
GAP = re.compile(r"\[[^\[\]\n]{1,200}\]")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class BlockDraft:
    """A block that is not in a letter yet."""

    kind: str
    text: str
    test: str = ""
    by_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class LetterTemplate:
    """One letter to begin from. `key` is the name of its file."""

    key: str
    position: int
    language: str
    name: str
    about: str
    campaign_kinds: tuple[str, ...]
    is_formal_complaint: bool
    headline: str
    blocks: tuple[BlockDraft, ...]

    @property
    def minutes(self) -> int:
        """How long it takes to read, in whole minutes, at least one."""
        return minutes_to_read(block.text for block in self.blocks)


@lru_cache(maxsize=1)
def all_templates() -> tuple[LetterTemplate, ...]:
    """Every template in its order, the empty page first. Raises ValueError for a file with an unknown kind of block."""
    found = [_read(path) for path in FOLDER.glob("*.json")]
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


def filled(template: LetterTemplate, campaign: Campaign, demands: list[Demand]) -> tuple[str, list[BlockDraft]]:
    """Headline and blocks for this campaign. Demands it has settled already take the place of the template's own."""
    fields = _fields_of(campaign)
    own = [BlockDraft("demand", demand.what, demand.test, demand.by_on) for demand in demands]
    drafts = [
        BlockDraft(draft.kind, _fill(draft.text, fields), draft.test)
        for draft in template.blocks
        if draft.kind != "demand" or not own
    ]
    place = next((at for at, draft in enumerate(drafts) if order_of(draft.kind) > order_of("demand")), len(drafts))
    return _fill(template.headline, fields), [*drafts[:place], *own, *drafts[place:]]


def order_of(kind: str) -> int:
    """Where blocks of this kind usually stand in a letter."""
    return BLOCK_KINDS.index(kind)


def _fields_of(campaign: Campaign) -> dict[str, str]:
    target, place = campaign.target, campaign.place
    return {
        "campaign": campaign.title,
        "place": place.name,
        "homes": str(place.home_count) if place.home_count else _("[how many homes there are]"),
        "person": (target and (target.person_name or target.post)) or _("[the name of the person who can say yes]"),
        "organization": target.organization.name if target else _("[who we are writing to]"),
    }


def _fill(text: str, fields: dict[str, str]) -> str:
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), text)


def _read(path: Path) -> LetterTemplate:
    data = json.loads(path.read_text(encoding="utf-8"))
    blocks = tuple(BlockDraft(block["kind"], block["text"], block.get("test", "")) for block in data["blocks"])
    unknown = {block.kind for block in blocks} - set(BLOCK_KINDS)
    if unknown:
        raise ValueError(f"{path.name} has blocks of an unknown kind: {', '.join(sorted(unknown))}")
    return LetterTemplate(
        key=path.stem,
        blocks=blocks,
        campaign_kinds=tuple(data["campaign_kinds"]),
        **{name: data[name] for name in ("position", "language", "name", "about", "is_formal_complaint", "headline")},
    )
