"""The working in words, as a tenant reads it."""

from datetime import UTC, date, datetime

import pytest

from portal.deadlines import calendars, engine, rulebook, words
from portal.deadlines.engine import Start
from portal.deadlines.rulebook import Period


def told(start, n, calendar, event="received"):
    due = engine.count(Start(start), Period(n, "wd"), calendars.shipped(calendar))
    due.working["event"] = event
    return words.working_in_words(due.working)


def told_of(rule_id, **events):
    versions = rulebook.versions_of(rule_id)
    found = engine.newest(versions, events, calendars.shipped(versions[0].calendar))
    return words.working_in_words(found[3].working)


@pytest.mark.usefixtures("app")
class TestWords:
    def test_every_skipped_day_is_named_and_months_are_said_once(self):
        assert told(date(2026, 11, 16), 12, "gb-sct") == [
            "They received it: Mon 16 Nov.",
            "First day that counts: Tue 17 Nov.",
            "Skipped: 21–22 and 28–29 Nov (weekends), 30 Nov (Saint Andrew’s Day).",
            "12 working days: due Thu 3 Dec, to the end of that day.",
        ]

    def test_a_weekend_over_the_end_of_a_month(self):
        assert "Skipped: 31 Oct – 1 Nov (weekend)." in told(date(2026, 10, 28), 3, "gb-nir")

    def test_nothing_skipped_is_not_mentioned(self):
        assert not [step for step in told(date(2026, 11, 16), 3, "none") if "Skipped" in step]

    def test_beyond_the_known_years_it_warns(self):
        assert "not known yet" in told(date(2032, 12, 20), 10, "gb-eng-wls")[-1]

    def test_post_an_event_that_is_missing_and_hours_are_explained(self):
        england = calendars.shipped("gb-eng-wls")
        ack = rulebook.versions_of("eng.social.complaint.s1.ack")[0]
        posted = engine.receipt(date(2026, 11, 13), "post", ack, england)
        assert told_of(ack.id, received=posted)[:2] == [
            "It left by post on Fri 13 Nov. By the rule it counts as received 2 working days later: Tue 17 Nov.",
            "Skipped: 14–15 Nov (weekend).",
        ]
        answer = told_of("eng.social.complaint.s1.answer", received=Start(date(2026, 11, 16)))
        assert answer[0].startswith("We have no day on record for this: the day they say that they have it.")
        assert answer[1] == "They received it: Mon 16 Nov." and answer[2] == "5 working days from then: Mon 23 Nov."
        late = {"received": Start(date(2026, 11, 2)), "acknowledged": Start(date(2026, 11, 20))}
        assert "came late" in told_of("eng.social.complaint.s1.answer", **late)[0]
        knew = datetime(2026, 7, 3, 14, 0, tzinfo=UTC)
        assert told_of("eng.awaab.emergency", aware=Start(knew.date(), knew)) == [
            "They knew of it: Fri 3 Jul, 15:00.",
            "24 hours later, nights and weekends counted: due Sat 4 Jul, 15:00.",
        ]

    def test_whichever_is_later_names_both(self):
        both = {"request": Start(date(2027, 1, 31)), "period_end": Start(date(2026, 6, 30))}
        steps = told_of("eng.lease.summary", **both)
        assert steps[2] == "Whichever is later counts." and "Sun 28 Feb 2027" in steps[3]
