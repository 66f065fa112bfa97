"""Counting: every date that was checked by hand, and the laws that hold for all of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.deadlines import calendars, rulebook
from portal.deadlines.calendars import Calendar
from portal.deadlines.engine import LONDON, Start, count, due_by, end_of, latest_extension, newest, receipt, start_of
from portal.deadlines.rulebook import Moment, Period

EW, SC, NI, UNION = "gb-eng-wls", "gb-sct", "gb-nir", "gb-union"
DAYS = st.dates(date(2024, 1, 1), date(2031, 6, 30))
CALENDARS = st.sampled_from(calendars.NAMES).map(calendars.shipped)
few = settings(max_examples=60, deadline=None)


def wd(day, n, calendar, **more):
    return count(Start(day), Period(n, "wd", **more), calendars.shipped(calendar))


def rule(rule_id):
    return rulebook.versions_of(rule_id)[0]


def run(rule_id, **events):
    """The due day of a shipped rule, by the days on which things happened."""
    calendar = calendars.shipped(rule(rule_id).calendar)
    found = newest(rulebook.versions_of(rule_id), {name: Start(day) for name, day in events.items()}, calendar)
    return found[3].on if found else None


# rule, what happened, due. Each was worked out with two libraries and looked at by a person.
VECTORS = [
    ("water.eng.complaint", {"received": date(2026, 12, 17)}, date(2027, 1, 5)),
    ("water.eng.complaint", {"received": date(2026, 11, 28)}, date(2026, 12, 11)),
    ("eng.social.complaint.s1.ack", {"received": date(2027, 3, 22)}, date(2027, 3, 31)),
    (
        "eng.social.complaint.s1.answer",
        {"received": date(2027, 3, 22), "acknowledged": date(2027, 3, 31)},
        date(2027, 4, 14),
    ),
    ("eng.social.complaint.s1.answer", {"received": date(2027, 3, 22)}, date(2027, 4, 14)),
    ("sct.spso.s1", {"received": date(2027, 3, 22)}, date(2027, 3, 30)),
    ("sct.spso.s2.answer", {"stage_two_asked": date(2026, 6, 1)}, date(2026, 6, 30)),
    ("nir.council.s2.answer", {"stage_two_asked": date(2026, 7, 6)}, date(2026, 8, 4)),
    ("eng.foi", {"received": date(2026, 11, 16)}, date(2026, 12, 15)),
    ("eng.awaab.investigate", {"aware": date(2026, 12, 18)}, date(2027, 1, 6)),
    ("eng.awaab.investigate", {"received": date(2026, 12, 18)}, date(2027, 1, 6)),
    ("eng.awaab.summary", {"investigation_concluded": date(2027, 1, 4)}, date(2027, 1, 7)),
    ("eng.awaab.safety", {"investigation_concluded": date(2027, 1, 4)}, date(2027, 1, 11)),
    ("sct.damp.investigate", {"aware": date(2026, 11, 24)}, date(2026, 12, 9)),
    ("sct.spso.s1", {"received": date(2026, 12, 30)}, date(2027, 1, 8)),
    ("energy.gb.deadlock", {"received": date(2026, 11, 2)}, date(2026, 12, 28)),
    ("telecoms.adr", {"received": date(2026, 4, 8)}, date(2026, 5, 20)),
    ("telecoms.adr", {"received": date(2026, 4, 7)}, date(2026, 6, 2)),
    ("generic.answer", {"delivered": date(2026, 11, 23)}, date(2026, 12, 7)),
]


@pytest.mark.parametrize(("rule_id", "events", "due"), VECTORS)
def test_every_checked_date_comes_out(rule_id, events, due):
    assert run(rule_id, **events) == due


@pytest.mark.parametrize(
    ("start", "n", "calendar", "due"),
    [
        (date(2026, 6, 1), 20, EW, date(2026, 6, 29)),
        (date(2026, 11, 16), 20, EW, date(2026, 12, 14)),
        (date(2026, 12, 30), 5, EW, date(2027, 1, 7)),
    ],
)
def test_the_same_days_elsewhere_end_on_another_day(start, n, calendar, due):
    assert wd(start, n, calendar).on == due


def test_a_posted_letter_of_claim_counts_from_the_second_working_day():
    claim, england = rule("eng.protocol.reply"), calendars.shipped(EW)
    got = receipt(date(2026, 12, 14), "post", claim, england)
    assert got.day == date(2026, 12, 16)
    assert due_by(claim, {"claim_sent": got}, england)[2].on == date(2027, 1, 18)


def test_an_emergency_is_over_after_24_hours_weekend_or_not():
    aware = datetime(2026, 12, 18, 15, 0, tzinfo=LONDON)
    due = due_by(rule("eng.awaab.emergency"), {"aware": Start(aware.date(), aware)}, calendars.shipped(EW))[2]
    assert due.at.astimezone(LONDON) == datetime(2026, 12, 19, 15, 0, tzinfo=LONDON) and due.ends_at == due.at


@pytest.mark.parametrize(
    ("begins", "ends"), [("2026-03-28 15:00", "2026-03-29 16:00"), ("2026-10-24 15:00", "2026-10-25 14:00")]
)
def test_a_day_of_23_or_25_hours_is_still_24_hours_long_for_a_clock_in_hours(begins, ends):
    at = datetime.fromisoformat(begins).replace(tzinfo=LONDON)
    due = count(Start(at.date(), at), Period(24, "hour", "elapsed"), calendars.shipped(EW))
    assert due.at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") == ends


def test_a_day_ends_at_its_own_last_minute_in_summer_and_winter():
    assert end_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    assert end_of(date(2026, 12, 1)) == datetime(2026, 12, 1, 23, 59, tzinfo=UTC)


def test_without_the_moment_a_rule_in_hours_does_not_run():
    assert run("eng.awaab.emergency", aware=date(2026, 12, 18)) is None
    with pytest.raises(ValueError, match="moment"):
        count(Start(date(2026, 12, 18)), Period(24, "hour", "elapsed"), calendars.shipped(EW))


def test_planned_rules_and_rules_not_yet_in_force_never_run():
    for planned in (one for one in rulebook.every_rule() if one.status == "planned"):
        events = {event: date(2030, 1, 7) for event in ("received", "aware", "delivered", "request")}
        assert run(planned.id, **events) is None
    assert run("sct.damp.investigate", aware=date(2026, 10, 5)) is None
    assert run("sct.damp.investigate", aware=date(2026, 10, 6)) is not None


def test_months_stop_at_the_end_of_a_shorter_one_and_whichever_is_later_counts():
    assert count(Start(date(2027, 1, 31)), Period(1, "month"), calendars.shipped(EW)).on == date(2027, 2, 28)
    asked, ended = date(2027, 1, 31), date(2026, 6, 30)
    assert run("eng.lease.summary", request=asked, period_end=ended) == date(2027, 2, 28)
    assert run("eng.lease.summary", request=asked, period_end=date(2026, 12, 31)) == date(2027, 6, 30)
    assert run("eng.lease.summary", request=asked) is None


def test_an_acknowledgement_that_came_late_gives_no_more_time_and_an_early_one_counts():
    sent = date(2027, 3, 22)
    assert run("eng.social.complaint.s1.answer", received=sent, acknowledged=date(2027, 6, 1)) == date(2027, 4, 14)
    assert run("eng.social.complaint.s1.answer", received=sent, acknowledged=date(2027, 3, 23)) == date(2027, 4, 8)


def test_the_first_day_may_be_the_day_itself():
    assert wd(date(2026, 11, 16), 1, EW, first_day="same_day").on == date(2026, 11, 16)
    assert wd(date(2026, 11, 14), 1, EW, first_day="same_day").on == date(2026, 11, 16)
    assert count(Start(date(2026, 11, 16)), Period(3, "day", "same_day"), calendars.shipped(EW)).on == date(
        2026, 11, 18
    )


def test_the_working_names_every_day_that_was_skipped():
    working = wd(date(2026, 11, 16), 12, SC).working
    assert working["first_day"] == "2026-11-17" and working["due"] == "2026-12-03"
    assert [(one["from"], one["to"], one["why"]) for one in working["skipped"]] == [
        ("2026-11-21", "2026-11-22", "weekend"),
        ("2026-11-28", "2026-11-29", "weekend"),
        ("2026-11-30", "2026-11-30", "named"),
    ]
    assert "Andrew" in working["skipped"][2]["name"]


def test_beyond_the_last_known_year_the_working_says_so():
    assert wd(date(2032, 12, 20), 10, EW).working["beyond"] == "2032-12-31"
    assert "beyond" not in wd(date(2032, 12, 1), 10, EW).working


def test_a_way_that_a_rule_does_not_take_starts_nothing():
    generic = rulebook.rule_from(
        {**rule("generic.answer").data, "deemed_receipt": {"post": None}}, set_name="generic", calendar="none"
    )
    none = calendars.shipped("none")
    assert receipt(date(2026, 11, 2), "post", generic, none) is None
    assert receipt(date(2026, 11, 2), "hand", generic, none) == Start(date(2026, 11, 2))


def test_an_extension_has_an_end_where_the_rule_names_one():
    england = calendars.shipped(EW)
    assert latest_extension(date(2027, 4, 14), rule("eng.social.complaint.s1.answer"), england) == date(2027, 4, 28)
    assert latest_extension(date(2027, 4, 14), rule("generic.answer"), england) is None


class TestLaws:
    @few
    @given(DAYS, st.integers(1, 90), CALENDARS, st.sampled_from(["day_after", "same_day"]))
    def test_working_days_never_end_on_a_day_without_work(self, day, n, calendar, first_day):
        assert calendar.is_working(count(Start(day), Period(n, "wd", first_day), calendar).on)

    @few
    @given(DAYS, st.integers(0, 40), st.integers(0, 60), st.sampled_from(["day", "wd", "week", "month"]), CALENDARS)
    def test_a_later_start_is_never_due_earlier(self, day, later, n, unit, calendar):
        first, second = (count(Start(at), Period(n, unit), calendar).on for at in (day, day + timedelta(days=later)))
        assert first <= second

    @few
    @given(DAYS, st.integers(0, 60), st.sampled_from(["day", "wd", "week", "month"]), CALENDARS)
    def test_more_time_is_never_due_earlier(self, day, n, unit, calendar):
        assert count(Start(day), Period(n, unit), calendar).on <= count(Start(day), Period(n + 1, unit), calendar).on

    @few
    @given(DAYS, st.integers(1, 40), CALENDARS)
    def test_the_working_accounts_for_every_day(self, day, n, calendar):
        due = count(Start(day), Period(n, "wd"), calendar)
        skipped = sum(
            (date.fromisoformat(one["to"]) - date.fromisoformat(one["from"])).days + 1 for one in due.working["skipped"]
        )
        assert (due.on - day).days == n + skipped

    @few
    @given(DAYS, st.integers(1, 30), CALENDARS, st.integers(1, 40))
    def test_one_more_free_day_never_makes_anything_due_earlier(self, day, n, calendar, ahead):
        extra = calendar.with_days({day + timedelta(days=ahead): "A day of mourning"})
        assert count(Start(day), Period(n, "wd"), calendar).on <= count(Start(day), Period(n, "wd"), extra).on

    @few
    @given(st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1)), st.integers(1, 400))
    def test_hours_are_elapsed_time_whatever_the_clocks_do(self, naive, n):
        at = naive.replace(tzinfo=LONDON, second=0, microsecond=0)
        due = count(Start(at.date(), at), Period(n, "hour", "elapsed"), Calendar("none"))
        assert due.at - at.astimezone(UTC) == timedelta(hours=n)


def test_a_fallback_stands_in_only_while_the_event_is_not_logged():
    ack = Moment("acknowledged", fallback=Moment("received", Period(5, "wd")))
    england = calendars.shipped(EW)
    got = {"received": Start(date(2027, 3, 22))}
    assert start_of(ack, got, england)[1].day == date(2027, 3, 31)
    assert start_of(ack, {**got, "acknowledged": Start(date(2027, 6, 1))}, england)[1].day == date(2027, 6, 1)
    assert start_of(ack, {}, england) is None
