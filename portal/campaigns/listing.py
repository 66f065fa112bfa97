"""A list of public campaigns, newest first, page by page: by day and id, so that nothing moves while somebody reads."""

import re
from datetime import UTC, datetime
from typing import Any

from portal.campaigns.models import Campaign


def page_of(query: Any, *, before: str, size: int) -> tuple[list[Campaign], str]:
    """`size` campaigns of the query, newest first, and the key of the page after them ("" when there is none).

    `before` is such a key; anything else begins at the newest. One statement.
    """
    query = query.order_by(Campaign.public_at.desc(), Campaign.id.desc()).limit(size + 1)
    place = read_key(before)
    if place is not None:
        at, campaign_id = place
        query = query.where((Campaign.public_at < at) | ((Campaign.public_at == at) & (Campaign.id < campaign_id)))
    rows: list[Any] = list(query)
    older = f"{rows[size - 1].public_at:%Y%m%d%H%M%S}.{rows[size - 1].id}" if len(rows) > size else ""
    return rows[:size], older


def read_key(typed: str) -> tuple[datetime, int] | None:
    """The place in the list that a key of `page_of` names, or None for anything else."""
    found = re.fullmatch(r"(\d{14})\.(\d{1,9})", typed)
    if not found:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC), int(found[2])
    except ValueError:
        return None
