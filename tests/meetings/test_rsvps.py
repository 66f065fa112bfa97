"""One answer per address and per person; the count is people; nobody changes somebody else's."""

from datetime import timedelta

import pytest

from portal import clock
from portal.errors import RuleBroken, TooFast
from portal.meetings import rsvps
from portal.meetings.models import Meeting, Rsvp
from portal.meetings.rsvps import Coming
from tests.builders import build_campaign, build_meeting
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def meeting(app, cast):
    return build_meeting(build_campaign(leads=[cast.amina], members=[cast.cerys]))


def say(meeting, name="Rosa", answer="yes", email="", brings=0, network="192.0.2"):
    return rsvps.answer_without_account(meeting, Coming(answer, brings), name=name, email=email, network=network)


def count(meeting):
    return Meeting.get_by_id(meeting.id).yes_count


def test_the_count_is_people_with_those_they_bring(meeting, cast):
    say(meeting, brings=2)
    rsvps.answer_as(meeting, Coming("yes", 1), by=cast.cerys)
    say(meeting, "Maybe", "maybe", brings=5)
    assert count(meeting) == 5


def test_the_same_address_again_changes_the_answer(meeting, outbox):
    say(meeting, email="rosa@example.org", brings=3)
    say(meeting, email="Rosa+x@Example.org", answer="maybe")
    assert Rsvp.select().count() == 1 and count(meeting) == 0
    assert "you said maybe" in outbox()[-1].text


def test_a_member_who_answers_again_has_one_answer(meeting, cast):
    rsvps.answer_as(meeting, Coming("yes", 4), by=cast.cerys)
    rsvps.answer_as(meeting, Coming("no", 4), by=cast.cerys)
    row = Rsvp.get()
    assert (row.answer, row.brings_count, count(meeting)) == ("no", 0, 0)


def test_an_answer_given_before_signing_in_becomes_the_members_own(meeting, cast):
    say(meeting, "Cerys P.", email=cast.cerys.email)
    rsvps.answer_as(meeting, Coming("yes"), by=cast.cerys)
    row = Rsvp.get()
    assert row.person == cast.cerys and row.email == "" and count(meeting) == 1


def test_a_stranger_who_types_a_members_address_changes_nothing(meeting, cast, outbox):
    rsvps.answer_as(meeting, Coming("yes"), by=cast.cerys)
    assert say(meeting, "Mallory", "no", email=cast.cerys.email) is None
    row = Rsvp.get()
    assert (row.answer, row.name, count(meeting)) == ("yes", "Cerys Prosser", 1)
    assert "We changed nothing" in outbox(cast.cerys.email)[0].text


def test_an_address_is_mailed_a_few_times_a_day_and_never_changed_silently(meeting, outbox):
    for answer in ("yes", "no", "maybe"):
        say(meeting, email="rosa@example.org", answer=answer)
    with pytest.raises(RuleBroken, match="a few times today"):
        say(meeting, email="rosa@example.org", answer="no")
    assert len(outbox("rosa@example.org")) == 3 and Rsvp.get().answer == "maybe"


def test_one_network_answers_sixty_times_a_day(meeting):
    for number in range(60):
        say(meeting, f"Neighbour {number}")
    with pytest.raises(TooFast):
        say(meeting, "One more")
    say(meeting, "Next door", network="198.51.100")
    assert count(meeting) == 61


def test_an_own_link_changes_and_deletes(meeting):
    own = say(meeting, brings=1)
    found = rsvps.by_token(rsvps.token_of(own))
    rsvps.change_answer(found, Coming("yes", 3, "A crèche"), name="Rosa M.")
    assert count(meeting) == 4 and Rsvp.get().needs == "A crèche"
    rsvps.take_back(found)
    rsvps.take_back(found)
    assert count(meeting) == 0 and not Rsvp.select().exists()
    with pytest.raises(RuleBroken, match="taken back"):
        rsvps.change_answer(found, Coming("yes"), name="Rosa")


def test_a_link_made_up_or_altered_finds_nothing(meeting):
    token = rsvps.token_of(say(meeting))
    assert rsvps.by_token(token[:-2] + "xx") is None and rsvps.by_token("nonsense") is None


@pytest.mark.parametrize("state", ["cancelled_at", "closed_at", "over"])
def test_a_meeting_that_is_off_or_over_takes_no_answers(meeting, cast, state):
    own = say(meeting)
    if state != "over":
        Meeting.update(**{state: clock.now()}).where(Meeting.id == meeting.id).execute()
    with clock.frozen_at(NOON + timedelta(days=4 if state == "over" else 0)):
        for act in (
            lambda: say(meeting, "Late"),
            lambda: rsvps.answer_as(meeting, Coming("yes"), by=cast.cerys),
            lambda: rsvps.change_answer(rsvps.by_token(rsvps.token_of(own)), Coming("no"), name="Rosa"),
        ):
            with pytest.raises(RuleBroken, match="no answers any more"):
                act()
    assert count(meeting) == 1
