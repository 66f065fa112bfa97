"""The response clock as a picture: what stands where, what it finds, and what it never tells outside."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clock
from portal.deadlines import calendars
from portal.deadlines.operations import add_one_off_day
from portal.responses.deadlines import cards, operations, pictured, pictured_words
from portal.responses.deadlines.keeping import terms_of
from portal.responses.deadlines.models import Deadline
from portal.responses.deadlines.picture import Came, Picture, draw, working_days_after
from portal.responses.deadlines.queries import deadlines_of
from portal.responses.models import Response
from tests.builders import build_response
from tests.counting import count_sql
from tests.deadlines.stage import ACK, ANSWER, address, answer, clock_of, deliver, kept
from tests.responses.stage import read

TERMS = terms_of("generic.answer")
KNOWN = {name: calendars.shipped(name) for name in calendars.NAMES}


def picture_of(letter, today: date) -> Picture | None:
    with clock.frozen_at(clock.now().replace(year=today.year, month=today.month, day=today.day)):
        found = pictured.everything_of(letter)
        return pictured.picture_inside(
            letter, [cards.card_of(one, clock.now()) for one in deadlines_of(letter)], found, today
        )


def said(letter, today: date) -> str:
    picture = picture_of(letter, today)
    assert picture is not None
    return pictured_words.finding(picture)


@pytest.fixture
def running(letter):
    """Our own fourteen days, to Monday 30 November."""
    kept(letter)
    return letter


def test_the_finding_says_who_owes_what_in_days_and_working_days(running, cast):
    assert said(running, date(2026, 11, 23)) == "They have until Mon 30 Nov to answer: 7 days more."
    assert said(running, date(2026, 11, 30)) == "They owe us an answer today, to the end of the day."
    assert said(running, date(2026, 12, 7)) == (
        "They owe us an answer since Mon 30 Nov. They are 7 days late, which is 5 working days."
    )
    with clock.frozen_at(clock.now() + timedelta(days=20)):
        answer(running, "partial", date(2026, 12, 2), cast.amina)
    assert said(running, date(2026, 12, 13)) == "They answered on Wed 2 Dec: 2 days late, which is 2 working days."


def test_a_day_off_that_a_steward_added_is_no_working_day(letter, cast):
    deliver(letter, date(2026, 11, 2))
    operations.choose_rules(letter, [ANSWER], by=cast.amina)
    before = said(letter, date(2026, 12, 4))
    due = clock_of(letter, ANSWER).holds_on
    free = next(due + timedelta(days=n) for n in range(1, 9) if (due + timedelta(days=n)).weekday() < 5)
    add_one_off_day("gb-eng-wls", free, name="A day off", by=cast.amina)
    numbers = [int(re.search(r"is (\d+) working", words)[1]) for words in (before, said(letter, date(2026, 12, 4)))]
    assert numbers[0] - numbers[1] == 1


def test_each_clock_and_each_demand_has_a_lane_and_only_what_answers_ends_it(running, cast):
    operations.choose_rules(running, ["generic.answer", ACK], by=cast.amina)
    read(
        build_response(running, received_on=date(2026, 11, 17)),
        cast.amina,
        *["not_answered"] * 3,
        kind="acknowledgement",
    )
    read(
        build_response(running, received_on=date(2026, 11, 20)), cast.amina, "yes", "not_answered", "no", kind="partial"
    )
    picture = picture_of(running, date(2026, 11, 23))
    names = [pictured_words.name_of(lane, picture) for lane in picture.lanes]
    assert names == ["The letter", "Their word that they have it", "Demand 1", "Demand 2", "Question 1"]
    assert [mark.sign for mark in picture.main.marks] == ["sent", "ack", "answer"]
    assert [[mark.sign for mark in lane.marks] for lane in picture.lanes[2:]] == [["yes"], ["not_answered"], ["no"]]
    assert [mark.sign for mark in picture.lanes[1].marks] == ["ack"]
    assert pictured_words.standing_of(picture.lanes[1]) == "kept: Tue 17 Nov, due Mon 23 Nov"
    assert [lane.ended for lane in picture.lanes[2:]] == [date(2026, 11, 20), None, date(2026, 11, 20)]


def test_more_time_shows_both_dates(running, cast):
    asked = build_response(running, kind="holding", received_on=date(2026, 11, 20))
    one = clock_of(running)
    Deadline.update(extended_on=date(2026, 12, 9), extension_reason="Holidays", extended_by=asked).where(
        Deadline.id == one.id
    ).execute()
    lane = picture_of(running, date(2026, 12, 1)).main
    assert (lane.first_due, lane.due, lane.is_late) == (date(2026, 11, 30), date(2026, 12, 9), False)
    assert lane.start_at < lane.first_due_at < lane.due_at
    assert "first Mon 30 Nov, then Wed 9 Dec: they were given more time" in pictured_words.due_in_words(lane)


def test_nothing_is_drawn_before_the_letter_has_gone(letter):
    letter.sent_on = None
    assert picture_of(letter, date(2026, 11, 23)) is None


@settings(max_examples=50, deadline=None)
@given(
    came=st.lists(
        st.tuples(st.integers(0, 90), st.sampled_from(["holding", "partial", "", "acknowledgement"])), max_size=8
    ),
    due=st.integers(0, 60),
    today=st.integers(0, 90),
)
def test_every_place_is_inside_and_in_the_order_of_days(came, due, today):
    begin = date(2026, 3, 2)
    running = Deadline(id=1, awaits="answer", terms=TERMS, trigger_on=begin, due_on=begin + timedelta(days=due))
    now = clock.from_local(datetime(2026, 3, 2, 12)) + timedelta(days=today)
    events = sorted((Came(begin + timedelta(days=n), kind) for n, kind in came), key=lambda one: one.day)
    picture = draw(
        sent_on=begin,
        cards=[cards.card_of(running, now)],
        asks=[],
        came=[Came(begin, "sent"), *events],
        calendars=KNOWN,
        today=begin + timedelta(days=today),
    )
    lane = picture.main
    places = [lane.start_at, lane.due_at, picture.today_at, *(mark.at for mark in lane.marks)]
    assert all(0 < place < 100 for place in places)
    assert [mark.at for mark in lane.marks] == sorted(mark.at for mark in lane.marks)
    assert lane.late_days >= lane.late_working_days >= 0
    assert not lane.late_days or lane.late_to > lane.due_at
    pictured_words.finding(picture)


def test_working_days_after_leave_out_weekends_and_named_days():
    assert working_days_after(date(2026, 12, 24), date(2026, 12, 29), KNOWN["gb-eng-wls"]) == 1
    assert working_days_after(date(2026, 12, 24), date(2026, 12, 24), KNOWN["gb-eng-wls"]) == 0


def test_the_page_shows_it_with_a_sentence_and_a_table_within_five_statements(running, sign_in, cast):
    for on in (18, 19, 20):
        answer(running, "holding", date(2026, 11, on), cast.amina)
    browser = sign_in(cast.cerys)
    browser.get(address(running))
    with count_sql() as seen:
        page = browser.get(address(running)).text
    assert len(seen) <= 5, seen
    figure = page.split('<figure class="lanes"')[1].split("</figure>")[0]
    assert "They have until Mon 30 Nov" in figure and "Question 1" in figure and "<table" in figure
    assert "style=" not in figure


class TestOutside:
    @pytest.fixture
    def page(self, campaign, running, client):
        campaign.visibility = "public"
        campaign.public_at = clock.now()
        campaign.save()

        def get() -> str:
            campaign.touch()
            return client.get(f"/campaigns/{campaign.key}").text.split("<main")[1]

        return get

    def test_what_is_owed_is_shown_to_everybody(self, page):
        assert "How long they have taken" in page() and "They have until Mon 30 Nov" in page()

    def test_an_answer_is_drawn_only_once_it_is_published(self, page, running, cast):
        came = answer(running, "holding", date(2026, 11, 20), cast.amina)
        hidden = page()
        assert "They have until Mon 30 Nov" in hidden and "Fri 20 Nov" not in hidden
        Response.update(published_at=clock.now(), public_words="They look into it").where(
            Response.id == came.id
        ).execute()
        assert "Fri 20 Nov: They are looking into it" in page()

    def test_nothing_is_drawn_while_an_answer_that_ends_the_waiting_is_not_published(self, page, running, cast):
        answer(running, "partial", date(2026, 11, 20), cast.amina)
        assert "How long they have taken" not in page()

    def test_a_name_and_a_reason_of_ours_stay_inside(self, page, running, cast):
        operations.set_another_date(clock_of(running), on=date(2026, 12, 9), reason="Keisha asked", by=cast.amina)
        shown = page()
        assert "Wed 9 Dec" in shown and "Keisha asked" not in shown and "Amina" not in shown
