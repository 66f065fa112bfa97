"""A letter that four people of a circle vote on: two leads, a letter writer, and Cerys, who has no job in it."""

from datetime import timedelta

import pytest

from portal import clock
from portal.letters.votes.models import SignOff
from portal.letters.votes.opening import open_vote
from tests.builders import add_member, build_campaign, build_letter
from tests.cast import make_person


@pytest.fixture
def dee(app):
    return make_person("Dee Drafter")


@pytest.fixture
def letter(cast, dee):
    campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)
    add_member(campaign, dee, "drafter")
    return build_letter(campaign)


@pytest.fixture
def vote(letter, cast):
    """An open vote, three days long."""
    return open_vote(letter, seen=1, closes_at=clock.now() + timedelta(hours=72), by=cast.amina)


@pytest.fixture
def now_of():
    """The row of a vote as it is now."""
    return lambda vote: SignOff.get_by_id(vote.id)
