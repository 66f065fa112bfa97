"""The search index over public campaigns. One function asks it; the engines' differences end here."""

import re

import peewee

from portal.campaigns.models import Campaign
from portal.database import db, is_sqlite

# A very common word must not make one request read everything.
MOST_HITS = 1000


def index_campaign(campaign: Campaign) -> None:
    """Bring the index in step with a campaign: public ones are in it, others are not. Call inside the transaction."""
    remove_campaign(campaign)
    if not campaign.is_public:
        return
    organization = campaign.target.organization.name if campaign.target else ""
    words = (campaign.title, campaign.problem, campaign.place.full_name, organization)
    if is_sqlite():
        db.execute_sql(
            "INSERT INTO campaign_search (rowid, title, problem, place, organization) VALUES (?, ?, ?, ?, ?)",
            (campaign.id, *words),
        )
    else:
        db.execute_sql(
            "INSERT INTO campaign_search (rowid, document) VALUES (%s, to_tsvector('simple', %s))",
            (campaign.id, " ".join(words)),
        )


def remove_campaign(campaign: Campaign) -> None:
    """Take a campaign out of the index."""
    mark = "?" if is_sqlite() else "%s"
    db.execute_sql(f"DELETE FROM campaign_search WHERE rowid = {mark}", (campaign.id,))


def matching(typed: str) -> peewee.Node | None:
    """A condition on Campaign.id for what a person typed, every word by its beginning; None when no word is left.

    Query syntax in the typed text has no meaning: it can neither fail nor reach further.
    """
    words = re.findall(r"\w+", typed.casefold())[:8]
    if not words:
        return None
    if is_sqlite():
        query = " ".join(f'"{word}"*' for word in words)
        hits = peewee.SQL(
            "(SELECT rowid FROM campaign_search WHERE campaign_search MATCH ? ORDER BY rowid DESC LIMIT ?)",
            (query, MOST_HITS),
        )
    else:
        query = " & ".join(f"{word}:*" for word in words)
        hits = peewee.SQL(
            "(SELECT rowid FROM campaign_search WHERE document @@ to_tsquery('simple', %s)"
            " ORDER BY rowid DESC LIMIT %s)",
            (query, MOST_HITS),
        )
    return peewee.Expression(Campaign.id, "IN", hits, flat=True)
