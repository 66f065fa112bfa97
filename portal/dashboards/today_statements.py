"""What My portal asks: the campaigns of a person, and everything in them that waits for somebody."""

MY_CAMPAIGNS = """
WITH here (person, today) AS (SELECT CAST(? AS INTEGER), CAST(? AS TEXT)),
mine (campaign_id, part, role) AS (
  SELECT membership.campaign_id, 'member', COALESCE(role.name, '')
  FROM membership JOIN here ON membership.person_id = here.person
    LEFT JOIN role ON role.membership_id = membership.id AND role.ended_at IS NULL
      AND CAST(role.until_on AS TEXT) >= here.today
  WHERE membership.left_at IS NULL
  UNION ALL
  SELECT attachment.campaign_id, 'organizer', '' FROM attachment JOIN here ON attachment.person_id = here.person
  WHERE attachment.ended_at IS NULL AND attachment.accepted_at IS NOT NULL
)
SELECT campaign.id, campaign.key, campaign.title, campaign.state, campaign.visibility, place.name,
  COALESCE(organization.name, ''), campaign.signature_count, campaign.signed_home_count, place.home_count,
  mine.part, mine.role
FROM mine JOIN campaign ON campaign.id = mine.campaign_id JOIN place ON place.id = campaign.place_id
  LEFT JOIN target ON target.id = campaign.target_id LEFT JOIN organization ON organization.id = target.organization_id
ORDER BY campaign.id DESC LIMIT 300
"""

# Columns as in portal.dashboards.queries, and the campaign's id at the end.
WAITING = """
WITH here (person, today, now, soon, later, past) AS (
  SELECT CAST(? AS INTEGER), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT)
),
mine (id) AS (
  SELECT campaign_id FROM membership, here WHERE person_id = here.person AND left_at IS NULL
  UNION
  SELECT campaign_id FROM attachment, here
  WHERE person_id = here.person AND ended_at IS NULL AND accepted_at IS NOT NULL
)
SELECT * FROM (
  SELECT 'letter' AS part, letter.id, COALESCE(chases_id, 0) AS ref, title AS words, key AS more, signature_count AS n,
    signed_home_count AS m, CAST(frozen_at AS TEXT) AS a, CAST(sent_on AS TEXT) AS b, CAST(answer_due_on AS TEXT) AS c,
    campaign_id
  FROM letter JOIN mine ON mine.id = campaign_id WHERE withdrawn_at IS NULL ORDER BY letter.id DESC LIMIT 200
) AS letters
UNION ALL
SELECT * FROM (
  SELECT 'reply', response.id, letter_id, CASE WHEN read_at IS NULL THEN '' ELSE COALESCE(kind, '') END, '', 0, 0,
    CAST(received_on AS TEXT), NULL, NULL, campaign_id
  FROM response JOIN mine ON mine.id = campaign_id WHERE channel <> 'noted'
  ORDER BY received_on DESC, response.id DESC LIMIT 300
) AS replies
UNION ALL
SELECT * FROM (
  SELECT 'agreement', agreement.id, subject_id, kind, person.name, 0, 0, NULL, NULL, NULL, campaign_id
  FROM agreement JOIN mine ON mine.id = campaign_id JOIN person ON person.id = asked_by_id, here
  WHERE agreed_at IS NULL AND withdrawn_at IS NULL AND asked_by_id <> here.person ORDER BY agreement.id LIMIT 40
) AS agreements
UNION ALL
SELECT * FROM (
  SELECT 'vote', sign_off.id, letter_id, letter.title, COALESCE(outcome, ''),
    CASE WHEN EXISTS (SELECT 1 FROM elector WHERE sign_off_id = sign_off.id AND person_id = here.person)
      AND NOT EXISTS (
        SELECT 1 FROM vote WHERE sign_off_id = sign_off.id AND person_id = here.person AND replaced_at IS NULL
          AND (entered_by_id IS NULL OR checked_at IS NOT NULL)
      ) THEN 1 ELSE 0 END,
    0, CAST(closes_at AS TEXT), NULL, NULL, campaign_id
  FROM sign_off JOIN letter ON letter.id = letter_id JOIN mine ON mine.id = campaign_id, here
  WHERE letter.withdrawn_at IS NULL AND (frozen_at IS NULL OR reopened_at IS NOT NULL)
    AND ((outcome IS NULL AND CAST(closes_at AS TEXT) > here.now)
      OR (outcome = 'passed' AND number = letter.version))
  ORDER BY sign_off.id LIMIT 20
) AS votes
UNION ALL
SELECT * FROM (
  SELECT 'requests', 0, 0, MIN(person.name), '', COUNT(*), 0, NULL, NULL, NULL, campaign_id
  FROM join_request JOIN mine ON mine.id = campaign_id JOIN person ON person.id = person_id
  WHERE decided_at IS NULL GROUP BY campaign_id LIMIT 40
) AS requests
UNION ALL
SELECT * FROM (
  SELECT 'mail', 0, 0, '', '', COUNT(*), 0, MAX(CAST(received_at AS TEXT)), NULL, NULL, campaign_id
  FROM inbound_mail JOIN mine ON mine.id = campaign_id
  WHERE sort = 'unverified' AND handled_at IS NULL AND response_id IS NULL GROUP BY campaign_id LIMIT 40
) AS mails
UNION ALL
SELECT * FROM (
  SELECT 'promise', commitment.id, 0, what, state, 0, 0, CAST(due_on AS TEXT), NULL, NULL, campaign_id
  FROM commitment JOIN mine ON mine.id = campaign_id, here
  WHERE state IN ('promised', 'partly_kept', 'disputed')
    AND (CAST(due_on AS TEXT) <= here.today OR claimed_done_on IS NOT NULL)
    AND NOT EXISTS (
      SELECT 1 FROM commitment_check WHERE commitment_id = commitment.id AND person_id = here.person
        AND (reopened_at IS NULL OR at >= reopened_at))
  ORDER BY due_on, commitment.id LIMIT 20
) AS promises
UNION ALL
SELECT * FROM (
  SELECT 'meeting', meeting.id, 0, title, key, yes_count, 0, CAST(starts_at AS TEXT), CAST(ends_at AS TEXT), "where",
    campaign_id
  FROM meeting JOIN mine ON mine.id = campaign_id, here
  WHERE cancelled_at IS NULL AND closed_at IS NULL AND CAST(ends_at AS TEXT) >= here.now
    AND CAST(starts_at AS TEXT) < here.later
  ORDER BY starts_at LIMIT 20
) AS meetings
UNION ALL
SELECT * FROM (
  SELECT 'undertaking', undertaking.id, COALESCE(meeting_id, 0), what, COALESCE(meeting.key, ''), 0, 0,
    CAST(by_on AS TEXT), NULL, NULL, undertaking.campaign_id
  FROM undertaking JOIN mine ON mine.id = undertaking.campaign_id LEFT JOIN meeting ON meeting.id = meeting_id, here
  WHERE person_id = here.person AND done_at IS NULL AND (by_on IS NULL OR CAST(by_on AS TEXT) <= here.soon)
  ORDER BY by_on, undertaking.id LIMIT 20
) AS undertakings
UNION ALL
SELECT * FROM (
  SELECT 'clock', owed.id, letter_id, title, awaits, 0, 0, day, CAST(trigger_on AS TEXT), NULL, owed.campaign_id
  FROM (
    SELECT deadline.id, letter_id, deadline.campaign_id, awaits, trigger_on, letter.title,
      CAST(COALESCE(override_on, CASE WHEN extended_on > due_on THEN extended_on ELSE due_on END) AS TEXT) AS day
    FROM deadline JOIN letter ON letter.id = letter_id
    WHERE due_on IS NOT NULL AND satisfied_on IS NULL AND dropped_at IS NULL AND withdrawn_at IS NULL
  ) AS owed JOIN mine ON mine.id = owed.campaign_id, here
  WHERE day BETWEEN here.past AND here.soon ORDER BY day, owed.id LIMIT 20
) AS clocks
UNION ALL
SELECT * FROM (
  SELECT 'step', plan_step.id, pair_id, text, '', 0, 0, CAST(by_on AS TEXT), NULL, NULL, mentor_pair.campaign_id
  FROM plan_step JOIN mentor_pair ON mentor_pair.id = pair_id, here
  WHERE (mentor_id = here.person OR mentee_id = here.person) AND mentor_accepted_at IS NOT NULL
    AND mentee_accepted_at IS NOT NULL AND ended_at IS NULL AND done_at IS NULL AND CAST(by_on AS TEXT) <= here.soon
  ORDER BY by_on, plan_step.id LIMIT 20
) AS steps
UNION ALL
SELECT * FROM (
  SELECT 'asked', attachment.id, 0, campaign.title, campaign.key, 0, 0, NULL, NULL, NULL, campaign_id
  FROM attachment JOIN campaign ON campaign.id = campaign_id, here
  WHERE person_id = here.person AND ended_at IS NULL AND accepted_at IS NULL ORDER BY attachment.id LIMIT 20
) AS askings
UNION ALL
SELECT * FROM (
  SELECT 'reading', reader.response_id, 0, '', person.name, 0, 0, CAST(received_on AS TEXT), NULL, NULL,
    response.campaign_id
  FROM reader JOIN response ON response.id = reader.response_id JOIN mine ON mine.id = response.campaign_id
    JOIN person ON person.id = asked_by_id, here
  WHERE reader.person_id = here.person AND reader.read_at IS NULL AND declined_at IS NULL ORDER BY reader.id LIMIT 20
) AS readings
UNION ALL
SELECT * FROM (
  SELECT 'giving', info_request.response_id, 0, what, '', 0, 0, CAST(by_on AS TEXT), NULL, NULL, response.campaign_id
  FROM info_request JOIN response ON response.id = info_request.response_id
    JOIN mine ON mine.id = response.campaign_id, here
  WHERE info_request.person_id = here.person AND done_at IS NULL ORDER BY by_on, info_request.id LIMIT 20
) AS givings
"""
