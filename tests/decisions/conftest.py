"""A circle of four: two leads, a secretary, and Cerys, who has no job in it."""

from datetime import timedelta

import pytest

from portal import clock
from portal.decisions.opening import open_ballot
from tests.builders import add_member, build_campaign
from tests.cast import make_person


@pytest.fixture
def sal(app):
    return make_person("Sal Secretary")


@pytest.fixture
def campaign(cast, sal):
    campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)
    add_member(campaign, sal, "secretary")
    return campaign


@pytest.fixture
def ask(campaign, cast):
    """Amina asks everybody, for three days."""

    def asking(question="Do we go to the paper?", **given):
        given = {"closes_at": clock.now() + timedelta(hours=72), "by": cast.amina, **given}
        return open_ballot(campaign, question=question, **given)

    return asking
