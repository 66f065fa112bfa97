"""What a campaign's page asks, in one statement: letters, answers, clocks, promises, meetings, people, the plan."""

from portal.dashboards.plan_facts import PLAN

# Columns: part, id, ref, words, more, n, m, a, b, c. The first part names and types them.
_HERE = """
WITH here (campaign, person, today, now) AS (
  SELECT CAST(? AS INTEGER), CAST(? AS INTEGER), CAST(? AS TEXT), CAST(? AS TEXT)
)
"""
_LETTERS = """
SELECT * FROM (
  SELECT 'letter' AS part, id, COALESCE(chases_id, 0) AS ref, title AS words, key AS more, signature_count AS n,
    signed_home_count AS m, CAST(frozen_at AS TEXT) AS a, CAST(sent_on AS TEXT) AS b, CAST(answer_due_on AS TEXT) AS c
  FROM letter, here
  WHERE campaign_id = here.campaign AND withdrawn_at IS NULL ORDER BY id DESC LIMIT 20
) AS letters
"""
_REPLIES = """
SELECT * FROM (
  SELECT 'reply', id, letter_id, CASE WHEN read_at IS NULL THEN '' ELSE COALESCE(kind, '') END,
    CASE WHEN published_at IS NULL THEN '' ELSE public_words || COALESCE((
      SELECT '\x1f' || public_excerpt.text FROM public_excerpt WHERE response_id = response.id AND taken_back_at IS NULL
    ), '') END,
    CASE WHEN published_at IS NULL THEN 0 ELSE 1 END, 0, CAST(received_on AS TEXT), NULL, NULL
  FROM response, here
  WHERE campaign_id = here.campaign AND channel <> 'noted' ORDER BY received_on DESC, id DESC LIMIT 200
) AS replies
"""
_TALLY = """
SELECT 'tally', 0, 0, bucket, '', COUNT(*), 0, NULL, NULL, NULL FROM (
  SELECT CASE
    WHEN state = 'kept' THEN 'kept'
    WHEN state = 'not_kept' AND (claimed_done_on IS NOT NULL OR CAST(due_on AS TEXT) < here.today) THEN 'late'
    WHEN claimed_done_on IS NOT NULL OR (state = 'partly_kept' AND CAST(due_on AS TEXT) < here.today)
      OR (state = 'disputed' AND fixed_count > 0 AND (due_on IS NULL OR CAST(due_on AS TEXT) < here.today))
      THEN 'looking'
    WHEN due_on IS NULL THEN 'undated'
    WHEN CAST(due_on AS TEXT) < here.today THEN 'late'
    ELSE 'not_due' END AS bucket
  FROM commitment, here
  WHERE campaign_id = here.campaign AND state NOT IN ('cancelled', 'renegotiated') {public_only}
) AS promises GROUP BY bucket
"""
_DUE = """
SELECT * FROM (
  SELECT 'due', commitment.id, 0, what, state,
    CASE WHEN EXISTS (
      SELECT 1 FROM commitment_check WHERE commitment_id = commitment.id AND person_id = here.person
    ) THEN 1 ELSE 0 END, 0, CAST(due_on AS TEXT), CAST(settled_at AS TEXT), NULL
  FROM commitment, here
  WHERE campaign_id = here.campaign AND state IN ('promised', 'partly_kept') AND due_on IS NOT NULL
  ORDER BY due_on, commitment.id LIMIT 20
) AS due
"""
_BROKEN = """
SELECT * FROM (
  SELECT 'broken', id, 0, what, state, 0, 0, CAST(due_on AS TEXT), CAST(settled_at AS TEXT), NULL
  FROM commitment, here
  WHERE campaign_id = here.campaign AND state IN ('not_kept', 'disputed')
    AND (claimed_done_on IS NOT NULL OR CAST(due_on AS TEXT) < here.today)
  ORDER BY settled_at DESC, id DESC LIMIT 1
) AS broken
"""
_MEETINGS = """
SELECT * FROM (
  SELECT 'meeting', id, 0, title, key, yes_count, 0, CAST(starts_at AS TEXT), CAST(ends_at AS TEXT), "where"
  FROM meeting, here
  WHERE campaign_id = here.campaign AND cancelled_at IS NULL AND closed_at IS NULL AND CAST(ends_at AS TEXT) >= here.now
  ORDER BY starts_at LIMIT 1
) AS coming
UNION ALL
SELECT * FROM (
  SELECT 'ended', id, 0, title, key, yes_count, 0, CAST(starts_at AS TEXT), CAST(ends_at AS TEXT), "where"
  FROM meeting, here
  WHERE campaign_id = here.campaign AND cancelled_at IS NULL AND closed_at IS NULL AND CAST(ends_at AS TEXT) < here.now
  ORDER BY ends_at DESC LIMIT 1
) AS ended
"""
_PEOPLE = """
SELECT * FROM (
  SELECT 'agreement', agreement.id, subject_id, kind, person.name, asked_by_id, 0, NULL, NULL, NULL
  FROM agreement JOIN person ON person.id = asked_by_id, here
  WHERE campaign_id = here.campaign AND agreed_at IS NULL AND withdrawn_at IS NULL ORDER BY agreement.id LIMIT 5
) AS agreements
UNION ALL
SELECT * FROM (
  SELECT 'vote', sign_off.id, letter_id, letter.title, COALESCE(outcome, ''),
    CASE WHEN EXISTS (SELECT 1 FROM elector WHERE sign_off_id = sign_off.id AND person_id = here.person)
      AND NOT EXISTS (
        SELECT 1 FROM vote WHERE sign_off_id = sign_off.id AND person_id = here.person AND replaced_at IS NULL
          AND (entered_by_id IS NULL OR checked_at IS NOT NULL)
      ) THEN 1 ELSE 0 END,
    0, CAST(closes_at AS TEXT), NULL, NULL
  FROM sign_off JOIN letter ON letter.id = letter_id, here
  WHERE campaign_id = here.campaign AND letter.withdrawn_at IS NULL AND (frozen_at IS NULL OR reopened_at IS NOT NULL)
    AND ((outcome IS NULL AND CAST(closes_at AS TEXT) > here.now)
      OR (outcome = 'passed' AND number = letter.version))
  ORDER BY sign_off.id LIMIT 20
) AS votes
UNION ALL
SELECT 'requests', 0, 0, COALESCE(MIN(person.name), ''), '', COUNT(*), 0, NULL, NULL, NULL
FROM join_request JOIN person ON person.id = person_id, here
WHERE campaign_id = here.campaign AND decided_at IS NULL
UNION ALL
SELECT * FROM (
  SELECT 'holder', person.id, 0, person.name, role.name, 0, 0, NULL, NULL, NULL
  FROM role JOIN membership ON membership.id = membership_id JOIN person ON person.id = person_id, here
  WHERE campaign_id = here.campaign AND left_at IS NULL AND ended_at IS NULL AND CAST(until_on AS TEXT) >= here.today
  ORDER BY role.since_at, role.id LIMIT 40
) AS holders
UNION ALL
SELECT * FROM (
  SELECT 'organizer', person.id, 0, person.name, COALESCE(declaration, ''), 0, 0, CAST(accepted_at AS TEXT), NULL, NULL
  FROM attachment JOIN person ON person.id = attachment.person_id
    LEFT JOIN organizer_profile ON organizer_profile.person_id = person.id, here
  WHERE campaign_id = here.campaign AND ended_at IS NULL ORDER BY attachment.id LIMIT 5
) AS organizers
UNION ALL
SELECT 'demands', 0, 0, '', '', COUNT(*), 0, NULL, NULL, NULL
FROM demand, here WHERE campaign_id = here.campaign AND withdrawn_at IS NULL
"""
# Clocks of answers that are still owed; the day that counts is chosen as Deadline.holds_on chooses it. Our own deadline
# and days that people set are no rule's.
_REASONS = """
SELECT * FROM (
  SELECT 'reason', deadline.id, letter_id, '', terms, CASE WHEN override_on IS NULL THEN 0 ELSE 1 END, 0,
    CAST(COALESCE(override_on, CASE WHEN extended_on > due_on THEN extended_on ELSE due_on END) AS TEXT),
    CAST(trigger_on AS TEXT), NULL
  FROM deadline, here
  WHERE campaign_id = here.campaign AND awaits = 'answer' AND dropped_at IS NULL AND satisfied_on IS NULL
    AND due_on IS NOT NULL
  ORDER BY deadline.id DESC LIMIT 20
) AS reasons
"""
_PUBLIC_PROMISES = """
SELECT * FROM (
  SELECT 'promise', id, 0, what, state, fixed_count, not_fixed_count, CAST(due_on AS TEXT), CAST(settled_at AS TEXT),
    CAST(claimed_done_on AS TEXT)
  FROM commitment, here
  WHERE campaign_id = here.campaign AND state NOT IN ('cancelled', 'renegotiated') AND is_public
  ORDER BY due_on, id LIMIT 30
) AS shown
"""

INSIDE = _HERE + " UNION ALL ".join(
    (_LETTERS, _REPLIES, _REASONS, _TALLY.format(public_only=""), _DUE, _BROKEN, _MEETINGS, _PEOPLE, PLAN)
)
OUTSIDE = _HERE + " UNION ALL ".join(
    (_LETTERS, _REPLIES, _REASONS, _TALLY.format(public_only="AND is_public"), _PUBLIC_PROMISES)
)
