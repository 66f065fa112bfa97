"""The steps of a shared plan that come due, told to the two whose plan it is. What a step says stays on their page."""

from flask_babel import gettext as _

from portal.reminders.sources import Kind, Line, Place, add_source
from portal.reminders.words import when

# Only while both said yes and nobody ended it, and while each of them is still there: in the circle, or helping.
STEPS = """
SELECT ours.person_id, CASE WHEN CAST(plan_step.by_on AS TEXT) < here.today THEN 'step_late' ELSE 'step_soon' END,
  plan_step.id, CAST(plan_step.by_on AS TEXT), ours.campaign_id, '', ours.other_name, ours.pair_id, NULL,
  CAST(plan_step.by_on AS TEXT)
FROM plan_step JOIN (
  SELECT mentor_pair.id AS pair_id, campaign_id, mentor_id AS person_id, mentee.name AS other_name
  FROM mentor_pair JOIN person AS mentee ON mentee.id = mentee_id
  WHERE mentor_accepted_at IS NOT NULL AND mentee_accepted_at IS NOT NULL AND ended_at IS NULL
  UNION ALL
  SELECT mentor_pair.id, campaign_id, mentee_id, mentor.name
  FROM mentor_pair JOIN person AS mentor ON mentor.id = mentor_id
  WHERE mentor_accepted_at IS NOT NULL AND mentee_accepted_at IS NOT NULL AND ended_at IS NULL
) AS ours ON ours.pair_id = plan_step.pair_id, here
WHERE done_at IS NULL AND CAST(plan_step.by_on AS TEXT) BETWEEN here.past AND here.own_soon
  AND (EXISTS (
    SELECT 1 FROM here_now WHERE here_now.campaign_id = ours.campaign_id AND here_now.person_id = ours.person_id)
  OR EXISTS (
    SELECT 1 FROM attachment WHERE attachment.campaign_id = ours.campaign_id AND attachment.person_id = ours.person_id
      AND accepted_at IS NOT NULL AND ended_at IS NULL))
"""


def _soon(line: Line) -> str:
    return _("A step in your plan is due %(when)s.", when=when(line.day))


def _late(line: Line) -> str:
    return _("A step in your plan was due %(day)s. Tick it off, or give it another day.", day=when(line.day))


def _place(line: Line) -> Place:
    heading = _("Your plan with %(name)s", name=line.more) if line.more else _("Your plan together")
    return Place(heading, "mentoring.show", {"pair_id": line.ref})


add_source(STEPS, {"step_soon": Kind(_soon, "pair", _place), "step_late": Kind(_late, "pair", _place)})
