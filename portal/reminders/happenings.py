"""What this feature finds by itself: clocks of letters, answers nobody has read, promises, and what people took on."""

from portal.reminders import words
from portal.reminders.sources import Kind, add_source

# The day that counts is chosen as Deadline.holds_on chooses it.
DEADLINES = """
SELECT keeper.person_id, CASE WHEN owed.is_late = 1 THEN 'deadline_late' ELSE 'deadline_soon' END AS kind,
  owed.id AS subject_id, owed.day AS step, owed.campaign_id, owed.title AS words, owed.awaits AS more,
  owed.letter_id AS ref, owed.since, owed.day
FROM (
  SELECT dated.*, CASE WHEN dated.day < here.today OR dated.at_hour < here.now THEN 1 ELSE 0 END AS is_late
  FROM (
    SELECT deadline.id, deadline.campaign_id, deadline.letter_id, deadline.awaits, letter.title,
      CAST(deadline.trigger_on AS TEXT) AS since,
      CAST(COALESCE(override_on, CASE WHEN extended_on > due_on THEN extended_on ELSE due_on END) AS TEXT) AS day,
      CASE WHEN override_on IS NULL AND extended_on IS NULL THEN CAST(due_at AS TEXT) END AS at_hour
    FROM deadline JOIN letter ON letter.id = deadline.letter_id
    WHERE due_on IS NOT NULL AND satisfied_on IS NULL AND dropped_at IS NULL AND letter.withdrawn_at IS NULL
  ) AS dated, here
) AS owed JOIN keeper ON keeper.campaign_id = owed.campaign_id, here
WHERE owed.day BETWEEN here.past AND here.soon
"""
UNREAD = """
SELECT keeper.person_id, 'unread', response.id,
  CASE WHEN CAST(logged_at AS TEXT) < here.unread_24 THEN '24'
    WHEN CAST(logged_at AS TEXT) < here.unread_10 THEN '10' ELSE '3' END,
  response.campaign_id, letter.title, '', response.id, NULL, CAST(received_on AS TEXT)
FROM response JOIN letter ON letter.id = response.letter_id
  JOIN keeper ON keeper.campaign_id = response.campaign_id, here
WHERE read_at IS NULL AND response.kind IS NULL AND CAST(logged_at AS TEXT) < here.unread_3
  AND CAST(logged_at AS TEXT) >= here.unread_last
"""
PROMISES = """
SELECT keeper.person_id, CASE WHEN CAST(due_on AS TEXT) < here.today THEN 'promise_late' ELSE 'promise_soon' END,
  commitment.id, CAST(due_on AS TEXT), commitment.campaign_id, what, '', commitment.id, NULL, CAST(due_on AS TEXT)
FROM commitment JOIN keeper ON keeper.campaign_id = commitment.campaign_id, here
WHERE state IN ('promised', 'partly_kept') AND CAST(due_on AS TEXT) BETWEEN here.past AND here.soon
"""
# Whoever keeps a campaign moving is told of it anyway; whoever has looked need not look again.
TO_LOOK_AT = """
SELECT here_now.person_id, 'promise_look', commitment.id, CAST(due_on AS TEXT), commitment.campaign_id, what, '',
  commitment.id, NULL, CAST(due_on AS TEXT)
FROM commitment JOIN here_now ON here_now.campaign_id = commitment.campaign_id, here
WHERE state IN ('promised', 'partly_kept') AND CAST(due_on AS TEXT) >= here.past AND CAST(due_on AS TEXT) < here.today
  AND NOT EXISTS (
    SELECT 1 FROM keeper WHERE keeper.campaign_id = commitment.campaign_id AND keeper.person_id = here_now.person_id)
  AND NOT EXISTS (
    SELECT 1 FROM commitment_check AS looked
    WHERE looked.commitment_id = commitment.id AND looked.person_id = here_now.person_id)
"""
UNDERTAKINGS = """
SELECT here_now.person_id,
  CASE WHEN CAST(by_on AS TEXT) < here.today THEN 'undertaking_late' ELSE 'undertaking_soon' END,
  undertaking.id, CAST(by_on AS TEXT), undertaking.campaign_id, what, '', undertaking.id, NULL, CAST(by_on AS TEXT)
FROM undertaking JOIN here_now
  ON here_now.campaign_id = undertaking.campaign_id AND here_now.person_id = undertaking.person_id, here
WHERE done_at IS NULL AND CAST(by_on AS TEXT) BETWEEN here.past AND here.own_soon
"""

add_source(
    DEADLINES,
    {"deadline_soon": Kind(words.deadline_soon, "keeper"), "deadline_late": Kind(words.deadline_late, "keeper")},
)
add_source(UNREAD, {"unread": Kind(words.unread, "keeper")})
add_source(
    PROMISES, {"promise_soon": Kind(words.promise_soon, "keeper"), "promise_late": Kind(words.promise_late, "keeper")}
)
add_source(TO_LOOK_AT, {"promise_look": Kind(words.promise_look, "member")})
add_source(
    UNDERTAKINGS,
    {"undertaking_soon": Kind(words.undertaking_soon, "own"), "undertaking_late": Kind(words.undertaking_late, "own")},
)
