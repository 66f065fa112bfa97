"""One mail a day, at its hour, nothing twice and nothing lost, with few statements."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest

from portal import clock, outbox
from portal.outbox import OutgoingMail
from portal.reminders import queries
from portal.reminders.models import ReminderMark
from portal.reminders.operations import choose, forget_old_marks, remind, tell_some
from tests.builders import add_member, build_campaign, build_person
from tests.counting import count_sql
from tests.reminders.stage import TODAY, at, morning_mails, promise, told

DAY = timedelta(days=1)


def test_the_mail_of_the_day_waits_for_its_hour_and_never_comes_at_night(campaign, cast):
    promise(campaign, TODAY)
    for hour in (0, 7, 21, 23):
        with at(TODAY, hour):
            assert remind() == 0
    with at(TODAY, 20):
        assert remind() == 2


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)])
def test_eight_is_eight_on_the_wall_clock_in_winter_in_summer_and_on_the_days_between(campaign, cast, day):
    promise(campaign, day)
    with at(day, 7, 59):
        assert remind() == 0
    with at(day, 8, 0):
        assert remind() == 2


def test_what_comes_up_later_waits_for_the_next_morning_or_comes_at_once(campaign, cast):
    choose(cast.ben, "at_once")
    promise(campaign, TODAY + 5 * DAY)
    assert {mail.to for mail in morning_mails(TODAY)} == {cast.amina.email, cast.ben.email}
    promise(campaign, TODAY + 6 * DAY)
    with at(TODAY, 11):
        assert remind() == 1
    with at(TODAY, 12):
        assert remind() == 0
    said = {mail.to: mail.text.count("They promised") for mail in morning_mails(TODAY + DAY)}
    assert said == {cast.amina.email: 1}


def test_nothing_comes_to_somebody_who_wants_none_and_nothing_old_when_they_come_back(campaign, cast):
    choose(cast.amina, "none")
    promise(campaign, TODAY)
    assert told(TODAY, cast.amina) == ""
    choose(cast.amina, "daily")
    assert told(TODAY + 20 * DAY, cast.amina) == ""


def test_a_look_that_dies_before_its_end_leaves_nothing_and_the_next_one_tells_everything(campaign, cast):
    promise(campaign, TODAY)
    with at(TODAY):
        with patch.object(outbox, "add_all", side_effect=OSError("the disk is full")), pytest.raises(OSError):
            remind()
        assert not ReminderMark.select().exists() and not OutgoingMail.select().exists()
        assert remind() == 2
        assert remind() == 0


def test_two_looks_at_once_tell_each_thing_once(campaign, cast):
    promise(campaign, TODAY)
    with at(TODAY):
        both = queries.untold(clock.now())[0]
        assert [tell_some(both, clock.now()), tell_some(both, clock.now())] == [2, 0]
    assert OutgoingMail.select().count() == 2


def _crowd(campaigns: int, people: int) -> None:
    for _campaign in range(campaigns):
        lead = build_person()
        made = build_campaign(leads=[lead])
        for _person in range(people):
            add_member(made, build_person())
        promise(made, TODAY - DAY)
        promise(made, TODAY)


def test_the_statements_of_a_look_do_not_grow_with_people_campaigns_or_things(campaign, cast):
    promise(campaign, TODAY - DAY)
    with at(TODAY), count_sql() as few:
        assert remind() == 3
    _crowd(campaigns=12, people=5)
    with at(TODAY, 9), count_sql() as many:
        assert remind() == 12 * 6
    assert len(many) == len(few) <= 6, many


def test_many_people_are_told_batch_by_batch_and_nobody_is_cut_in_two(campaign, cast):
    _crowd(campaigns=3, people=2)
    seen, after_id = [], 0
    with at(TODAY):
        while after_id is not None:
            events, after_id = queries.untold(clock.now(), after_id=after_id, rows=4)
            seen += [(one.person_id, one.subject_id) for one in events]
        assert sorted(seen) == sorted((e.person_id, e.subject_id) for e in queries.untold(clock.now())[0])
        assert len(seen) == len(set(seen)) == 12


def test_the_marks_of_mails_and_of_people_who_left_for_good_go(campaign, cast):
    promise(campaign, TODAY)
    choose(cast.ben, "at_once")
    morning_mails(TODAY)
    cast.ben.closed_at = clock.now()
    cast.ben.save()
    with at(TODAY + 61 * DAY):
        forget_old_marks()
    assert {(mark.person_id, mark.kind) for mark in ReminderMark.select()} == {(cast.amina.id, "promise_soon")}
