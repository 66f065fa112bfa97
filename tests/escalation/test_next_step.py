"""What the page of a campaign proposes when the plan, or a question for the members, asks for something."""

from datetime import timedelta

import pytest

from portal.dashboards.next_step import next_step
from portal.dashboards.thread import BallotFacts, RungFacts
from tests.dashboards.test_next_step import LEAD, MEMBER, ready
from tests.dashboards.test_thread import NOW, sent

QUESTION = BallotFacts(5, "Do we go to the paper?", True, NOW + timedelta(days=2))


def proposed(state, reader=LEAD, **given):
    rung = RungFacts(3, "Tell the Echo.", state, "They said no.", ballot_id=5)
    return next_step(ready(letters=(sent(),), rung=rung, **given), reader, listable_at=5)


@pytest.mark.parametrize(
    ("state", "name", "endpoint"),
    [
        ("unlocked", "rung_ask", "escalation_steps.show"),
        ("voting", "rung_voting", "decisions.show"),
        ("agreed", "rung_begin", "escalation_steps.show"),
    ],
)
def test_the_plan_comes_before_what_a_late_answer_would_suggest(app, state, name, endpoint):
    step = proposed(state)
    assert (step.name, step.endpoint) == (name, endpoint)
    words = app.jinja_env.get_template("dashboards/_steps.html").module
    assert words.title(step) and words.label(step)
    assert "Tell the Echo" in app.jinja_env.get_template("dashboards/_step_texts.html").module.text(step)


def test_a_step_under_way_leaves_room_for_everything_else():
    assert proposed("started").name == "chase"


def test_a_member_is_told_whom_to_ask():
    step = proposed("unlocked", MEMBER)
    assert not step.is_mine and step.who == ("Amina Dirie", "Ben Okafor")


def test_a_question_that_waits_for_me_comes_first(app):
    step = proposed("voting", ballots=(QUESTION,))
    assert (step.name, step.values) == ("ballot", {"key": "k", "ballot_id": 5})
    assert "Do we go to the paper?" in app.jinja_env.get_template("dashboards/_step_texts.html").module.text(step)


def test_before_a_letter_has_left_the_plan_is_quiet():
    rung = RungFacts(3, "Tell the Echo", "unlocked")
    assert next_step(ready(rung=rung), LEAD, listable_at=5).name == "write"
