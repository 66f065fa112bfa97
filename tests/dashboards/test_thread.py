"""The reply line and its clock, worked out from plain facts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.dashboards.thread import (
    DECIDING,
    LetterFacts,
    PromiseFacts,
    ReplyFacts,
    Thread,
    current_letter,
    reply_line,
    silences,
)
from portal.responses.models import KINDS
from portal.responses.reading import ENDS_WAITING

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def day(back: int) -> date:
    return TODAY - timedelta(days=back)


def thread(*letters: LetterFacts, replies: tuple[ReplyFacts, ...] = ()) -> Thread:
    return Thread(TODAY, NOW, letters=letters, replies=replies)


def sent(back: int = 20, *, id: int = 1, due_back: int | None = 6, **given) -> LetterFacts:
    due = None if due_back is None else day(due_back)
    return LetterFacts(id, "We ask", is_frozen=True, sent_on=day(back), answer_due_on=due, **given)


def reply(kind: str = "", back: int = 3, *, id: int = 1, to: int = 1, is_published: bool = False) -> ReplyFacts:
    return ReplyFacts(id, to, day(back), kind, is_published)


def test_without_a_letter_nothing_is_written():
    assert reply_line(thread()).line == "not_written"


def test_a_frozen_letter_that_has_not_left_waits_for_nobody():
    assert reply_line(thread(LetterFacts(1, "We ask", is_frozen=True))).line == "not_written"


@pytest.mark.parametrize(
    ("due_back", "line", "days"), [(-1, "waiting", 0), (0, "waiting", 0), (1, "late", 1), (16, "late", 16)]
)
def test_an_answer_is_late_from_the_day_after_its_date(due_back, line, days):
    found = reply_line(thread(sent(30, due_back=due_back)))
    assert (found.line, found.days_late) == (line, days)


def test_without_a_date_nothing_is_ever_late():
    assert reply_line(thread(sent(400, due_back=None))).line == "waiting"


def test_a_reply_nobody_has_read_comes_before_lateness():
    assert reply_line(thread(sent(), replies=(reply(),))).line == "needs_reading"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in DECIDING])
def test_a_word_that_is_no_answer_leaves_the_clock_running(kind):
    found = reply_line(thread(sent(), replies=(reply(kind),)))
    assert (found.line, found.silent_since) == ("late", day(3))


@pytest.mark.parametrize(
    ("kind", "line"),
    [("commitment", "promised"), ("refusal", "refused"), ("partial", "answered"), ("offer", "answered")],
)
def test_an_answer_stops_the_clock(kind, line):
    found = reply_line(thread(sent(), replies=(reply(kind),)))
    assert (found.line, found.days_late, found.silent_since) == (line, 0, None)


def test_the_answer_sheet_and_the_thread_agree_on_what_ends_the_waiting():
    assert set(DECIDING) == {kind for kind, ends in ENDS_WAITING.items() if ends != "no"}


def test_the_newest_answer_counts():
    replies = (reply("refusal", 10, id=1), reply("commitment", 2, id=2), reply("acknowledgement", 1, id=3))
    assert reply_line(thread(sent(), replies=replies)).line == "promised"


def test_an_answer_to_the_chaser_answers_the_letter():
    chaser = sent(3, id=2, chases_id=1, due_back=-11)
    assert reply_line(thread(sent(), chaser, replies=(reply("refusal", 1, to=2),))).line == "refused"


def test_a_chaser_does_not_restart_the_clock():
    found = reply_line(thread(sent(30, due_back=16), sent(3, id=2, chases_id=1, due_back=-11)))
    assert (found.line, found.days_late) == ("late", 16)


def test_a_late_letter_is_current_even_beside_a_newer_draft():
    found = thread(sent(30, due_back=16), LetterFacts(2, "Another"))
    assert current_letter(found).id == 1


def test_an_answered_letter_gives_way_to_the_newer_draft_but_keeps_the_reply_line():
    found = thread(sent(), LetterFacts(2, "Another"), replies=(reply("commitment"),))
    assert current_letter(found).id == 2
    assert reply_line(found).line == "promised"


class TestSilences:
    def test_each_reply_ends_the_stretch_since_the_letter_or_the_word_before(self):
        replies = (reply("holding", 20, id=1), reply("refusal", 12, id=2), reply("offer", 1, id=3))
        assert silences(thread(sent(30), replies=replies), is_inside=True) == {1: day(30), 2: day(20)}

    def test_outside_no_stretch_touches_an_unpublished_reply(self):
        replies = (reply("holding", 20, id=1), reply("refusal", 12, id=2, is_published=True))
        assert silences(thread(sent(30), replies=replies), is_inside=False) == {}

    def test_outside_published_replies_end_their_stretches(self):
        replies = (reply("holding", 20, id=1, is_published=True), reply("refusal", 12, id=2, is_published=True))
        assert silences(thread(sent(30), replies=replies), is_inside=False) == {1: day(30), 2: day(20)}


@pytest.mark.parametrize(
    ("state", "due_back", "standing"),
    [
        ("promised", 1, "late"),
        ("promised", 0, "not_due"),
        ("promised", -3, "not_due"),
        ("promised", None, "undated"),
        ("partly_kept", 1, "partly"),
        ("partly_kept", -3, "not_due"),
        ("kept", 9, "kept"),
        ("not_kept", 1, "broken"),
        ("not_kept", -3, "not_due"),
        ("disputed", 1, "late"),
    ],
)
def test_a_promise_stands_where_its_date_and_the_residents_put_it(state, due_back, standing):
    due = None if due_back is None else day(due_back)
    assert PromiseFacts(1, "Fit the fans", due, state).standing(TODAY) == standing
