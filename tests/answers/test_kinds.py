"""What each kind of answer stops: every kind against every thing that a clock can wait for."""

import pytest

from portal.deadlines import rulebook
from portal.letters.models import Delivery
from portal.responses.deadlines.keeping import keep_deadlines, start_clock
from portal.responses.deadlines.models import Deadline
from portal.responses.models import KINDS
from portal.responses.reading import ENDS_WAITING
from tests.builders import build_response
from tests.responses.stage import SENT

SAYS_THEY_HAVE_IT = {
    "acknowledgement",
    "holding",
    "request_info",
    "vague_promise",
    "refusal",
    "partial",
    "offer",
    "commitment",
    "done_claimed",
    "meeting_agreed",
}
ANSWERS = {"refusal", "partial", "offer", "commitment", "done_claimed"}
STOPS = {"generic.ack": SAYS_THEY_HAVE_IT, "generic.answer": ANSWERS, "generic.meeting": {"meeting_agreed"}}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_stops_what_its_words_say_and_nothing_else(letter, kind):
    Delivery.create(
        campaign=letter.campaign, letter=letter, version=letter.versions.get(), channel="hand", happened_on=SENT
    )
    for rule_id in STOPS:
        start_clock(letter, rule_id, by=None)
    build_response(letter, kind=kind, read_at=letter.frozen_at, received_on=SENT)
    keep_deadlines(letter)
    stopped = {one.rule_id for one in Deadline.select() if one.satisfied_on}
    assert stopped == {rule_id for rule_id, kinds in STOPS.items() if kind in kinds}
    if ENDS_WAITING[kind] == "yes":
        assert "generic.answer" in stopped
    if ENDS_WAITING[kind] == "no":
        assert "generic.answer" not in stopped


def test_no_shipped_rule_takes_less_than_an_answer_for_one():
    allowed = {"acknowledgement": SAYS_THEY_HAVE_IT, "answer": ANSWERS, "information": ANSWERS}
    for name in rulebook.SETS:
        for rule in rulebook.shipped(name).rules:
            if rule.awaits in allowed:
                assert set(rule.satisfied_by) <= allowed[rule.awaits], rule.id
