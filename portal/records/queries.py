"""Reading an organization's public record: each question in one statement, however much there is.

Only campaigns that anybody may read count here. Days come as text, which both engines write alike.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from portal import clock
from portal.campaigns.listing import page_of
from portal.campaigns.models import Campaign
from portal.database import db, is_sqlite
from portal.places.models import Place
from portal.records.facts import Address, Holder, Known, Other, Promises, SentLetter
from portal.records.finding import listed, writes_to
from portal.records.models import RecordChange, RecordProposal
from portal.responses.reading import ENDS_WAITING
from portal.targets.models import Organization, OrganizationName

PAGE = 20
MOST_LETTERS = 500
MOST_ROWS = 100
_ANSWERS = ", ".join(f"'{kind}'" for kind, ends in ENDS_WAITING.items() if ends != "no")

_HERE = """
WITH here (org, today) AS (SELECT CAST(? AS INTEGER), CAST(? AS TEXT)),
theirs AS (SELECT target.id FROM target, here WHERE organization_id = here.org),
shown AS (
  SELECT id, target_id FROM campaign WHERE visibility = 'public' AND (
    target_id IN (SELECT id FROM theirs) OR id IN (
      SELECT campaign_id FROM letter
      WHERE target_id IN (SELECT id FROM theirs) AND sent_on IS NOT NULL AND withdrawn_at IS NULL
    )
  )
)
"""
_LISTED = """
EXISTS (
  SELECT 1 FROM campaign WHERE visibility = 'public' AND (
    target_id IN (SELECT id FROM target WHERE organization_id = organization.id)
    OR id IN (
      SELECT campaign_id FROM letter WHERE sent_on IS NOT NULL AND withdrawn_at IS NULL
        AND target_id IN (SELECT id FROM target WHERE organization_id = organization.id)
    )
  )
)
"""
# Columns: part, id, words, more, third, n, a, b.
_KNOWN = f"""
{_HERE}
SELECT * FROM (
  SELECT 'name' AS part, id, name AS words, '' AS more, '' AS third, 0 AS n,
    CAST(NULL AS TEXT) AS a, CAST(NULL AS TEXT) AS b
  FROM organization_name, here WHERE organization_id = here.org ORDER BY name LIMIT {MOST_ROWS}
) AS names
UNION ALL
SELECT * FROM (
  SELECT 'address', id, value, purpose, way, 0, CAST(verified_on AS TEXT), CAST(valid_from AS TEXT)
  FROM organization_address, here
  WHERE organization_id = here.org AND (valid_until IS NULL OR CAST(valid_until AS TEXT) >= here.today)
    AND (valid_from IS NULL OR CAST(valid_from AS TEXT) <= here.today)
  ORDER BY purpose, way, id LIMIT {MOST_ROWS}
) AS addresses
UNION ALL
SELECT * FROM (
  SELECT 'domain', id, domain, '', '', 0, NULL, NULL FROM mail_domain, here
  WHERE organization_id = here.org ORDER BY domain LIMIT {MOST_ROWS}
) AS domains
UNION ALL
SELECT * FROM (
  SELECT 'holder', id, name, post, '', 0, CAST(since_on AS TEXT), NULL FROM post_holder, here
  WHERE organization_id = here.org AND (until_on IS NULL OR CAST(until_on AS TEXT) >= here.today)
  ORDER BY post, name LIMIT {MOST_ROWS}
) AS holders
UNION ALL
SELECT * FROM (
  SELECT DISTINCT 'target', 0, person_name, post, '', 0, CAST(NULL AS TEXT), CAST(NULL AS TEXT) FROM target
  WHERE person_name <> '' AND id IN (SELECT id FROM theirs) AND id IN (SELECT target_id FROM shown)
  ORDER BY 4, 3 LIMIT {MOST_ROWS}
) AS written_to
UNION ALL
SELECT 'parent', organization.id, name, '', '', CASE WHEN {_LISTED} THEN 1 ELSE 0 END, NULL, NULL FROM organization
WHERE organization.id = (SELECT parent_id FROM organization AS own, here WHERE own.id = here.org)
UNION ALL
SELECT * FROM (
  SELECT 'part', organization.id, name, '', '', 1, NULL, NULL FROM organization, here
  WHERE parent_id = here.org AND merged_into_id IS NULL AND {_LISTED} ORDER BY name LIMIT {MOST_ROWS}
) AS parts
UNION ALL
SELECT 'campaigns', 0, '', '', '', COUNT(*), NULL, NULL FROM shown
UNION ALL
SELECT 'proposals', 0, '', '', '', COUNT(*), NULL, NULL FROM record_proposal, here
WHERE organization_id = here.org AND state = 'open'
UNION ALL
SELECT 'promises', 0, bucket, '', '', COUNT(*), NULL, NULL FROM (
  SELECT CASE
    WHEN commitment.state = 'kept' THEN 'kept'
    WHEN commitment.state = 'not_kept' THEN 'broken'
    WHEN commitment.state = 'renegotiated' THEN 'renegotiated'
    WHEN due_on IS NULL THEN 'undated'
    WHEN CAST(due_on AS TEXT) < here.today THEN 'late'
    ELSE 'not_due' END AS bucket
  FROM commitment JOIN shown ON shown.id = commitment.campaign_id
    LEFT JOIN response ON response.id = response_id LEFT JOIN letter ON letter.id = response.letter_id, here
  WHERE commitment.is_public AND commitment.state <> 'cancelled'
    AND COALESCE(letter.target_id, shown.target_id) IN (SELECT id FROM theirs)
) AS promises GROUP BY bucket
"""
# An answer to a letter that asks again answers the first one. `first_any` counts what is not published, too: where that
# came earlier, or nobody has read it yet, nothing is told.
_LETTERS = f"""
{_HERE},
answers AS (
  SELECT COALESCE(letter.chases_id, letter.id) AS root,
    MIN(CASE WHEN read_at IS NULL OR kind IN ({_ANSWERS}) THEN CAST(received_on AS TEXT) END) AS first_any,
    MIN(CASE WHEN published_at IS NOT NULL AND kind IN ({_ANSWERS}) THEN CAST(received_on AS TEXT) END) AS first_shown
  FROM response JOIN letter ON letter.id = letter_id
  WHERE letter.target_id IN (SELECT id FROM theirs) GROUP BY COALESCE(letter.chases_id, letter.id)
)
SELECT letter.title, letter.key, campaign.title, campaign.key, CAST(letter.sent_on AS TEXT), first_any, first_shown,
  CASE WHEN campaign.state IN ('gathering','active','paused') THEN 1 ELSE 0 END
FROM letter JOIN campaign ON campaign.id = letter.campaign_id LEFT JOIN answers ON answers.root = letter.id
WHERE campaign.visibility = 'public' AND letter.target_id IN (SELECT id FROM theirs) AND letter.sent_on IS NOT NULL
  AND letter.withdrawn_at IS NULL AND letter.chases_id IS NULL
ORDER BY letter.sent_on DESC, letter.id DESC LIMIT {MOST_LETTERS}
"""


def _ask(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    return db.execute_sql(sql if is_sqlite() else sql.replace("?", "%s"), given).fetchall()


def _day(text: Any) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def find_known(organization: Organization) -> Known:
    """What the record holds today, how many public campaigns write there, and how promises stand. One statement."""
    known = Known()
    buckets: dict[str, int] = {}
    written_to: list[Holder] = []
    for part, id_, words, more, third, n, a, b in _ask(_KNOWN, organization.id, clock.today().isoformat()):
        if part == "name":
            known.names.append(words)
        elif part == "address":
            known.addresses.append(Address(id_, words, more, third, _day(a), _day(b)))
        elif part == "domain":
            known.domains.append((id_, words))
        elif part == "holder":
            known.holders.append(Holder(id_, words, more, _day(a)))
        elif part == "target":
            written_to.append(Holder(0, words, more))
        elif part == "parent":
            known.parent = Other(id_, words, bool(n))
        elif part == "part":
            known.parts.append(Other(id_, words, True))
        elif part == "campaigns":
            known.campaign_count = n
        elif part == "proposals":
            known.open_proposals = n
        else:
            buckets[words] = n
    known.promises = Promises(**buckets)
    there = {holder.name.casefold() for holder in known.holders}
    known.holders += [holder for holder in written_to if holder.name.casefold() not in there]
    return known


def find_letters(organization: Organization) -> list[SentLetter]:
    """The letters that public campaigns sent them, newest first, and when an answer came. One statement."""
    found = []
    for title, key, campaign, campaign_key, sent, first_any, shown, is_open in _ask(
        _LETTERS, organization.id, clock.today().isoformat()
    ):
        sent_on = _day(sent)
        assert sent_on is not None
        answered_on = _day(shown) if shown and shown == first_any else None
        is_waiting = first_any is None and bool(is_open)
        found.append(SentLetter(title, key, campaign, campaign_key, sent_on, answered_on, is_waiting))
    return found


@dataclass(frozen=True)
class Page:
    """A page of a list, and the key of the next."""

    rows: list[Any]
    older: str = ""


def find_campaigns(organization: Organization, *, before: str = "") -> Page:
    """The public campaigns that write to it or wrote to it, newest first. One statement."""
    query = Campaign.listed().select(Campaign, Place).join_from(Campaign, Place).where(writes_to(organization.id))
    return Page(*page_of(query, before=before, size=PAGE))


def find_organizations(*, words: str = "", after: str = "") -> Page:
    """Organizations that public campaigns write to, by name, `PAGE` at a time. One statement.

    `words` may stand anywhere in one of their names; `after` is the name-key that a page ended with.
    """
    typed = Organization.key_of(words)
    count = Campaign.select(peewee.fn.COUNT(Campaign.id)).where(
        Campaign.visibility == "public", writes_to(Organization.id)
    )
    query = (
        Organization.select(Organization.id, Organization.name, Organization.name_key, Organization.sector)
        .select_extend(count.alias("campaign_count"))
        .where(listed(Organization.id), Organization.merged_into.is_null())
        .order_by(Organization.name_key)
        .limit(PAGE + 1)
    )
    if typed:
        also = OrganizationName.select(OrganizationName.organization).where(OrganizationName.name_key.contains(typed))
        query = query.where(Organization.name_key.contains(typed) | Organization.id.in_(also))
    if after:
        query = query.where(Organization.name_key > after)
    rows: list[Any] = list(query)
    older = rows[PAGE - 1].name_key if len(rows) > PAGE else ""
    return Page(rows[:PAGE], older)


def find_history(organization: Organization, *, before: int | None) -> tuple[list[Any], list[Any]]:
    """What waits for a decision (the first `MOST_ROWS`), and `PAGE` changes, newest first. Two statements."""
    waiting = (
        RecordProposal.select()
        .where(RecordProposal.organization == organization.id, RecordProposal.state == "open")
        .order_by(RecordProposal.id)
        .limit(MOST_ROWS)
    )
    changes = (
        RecordChange.select()
        .where(RecordChange.organization == organization.id)
        .order_by(RecordChange.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        changes = changes.where(RecordChange.id < before)
    return list(waiting), list(changes)
