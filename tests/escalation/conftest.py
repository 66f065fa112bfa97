"""A circle of three with a letter that went out on 12 October, and a plan of two steps."""

from datetime import date, timedelta

import pytest

from portal import clock
from portal.decisions import closing, voting
from portal.decisions.models import Ballot
from portal.escalation import climbing
from portal.escalation.operations import Terms, add_step
from tests.builders import build_campaign, build_letter
from tests.conftest import NOON


@pytest.fixture
def campaign(cast):
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)


@pytest.fixture
def letter(campaign):
    return build_letter(campaign, sent_on=date(2026, 10, 12))


@pytest.fixture
def step(campaign, cast):
    """step(trigger) adds a step to the plan."""

    def add(trigger="refusal", what="Tell the Echo", kind="press", **given):
        return add_step(campaign, Terms(kind=kind, what=what, trigger=trigger, **given), by=cast.amina)

    return add


@pytest.fixture
def decide(cast):
    """decide(rung, yes=3) has the members vote, and the vote end three days later."""

    def voted(rung, *, yes=3):
        ballot = climbing.ask_members(rung, closes_at=clock.now() + timedelta(hours=72), by=cast.amina)
        for place, person in enumerate((cast.amina, cast.ben, cast.cerys)):
            voting.cast_vote(ballot, choice=0 if place < yes else 1, by=person)
        with clock.frozen_at(NOON + timedelta(hours=73)):
            closing.settle(ballot)
        return Ballot.get_by_id(ballot.id)

    return voted
