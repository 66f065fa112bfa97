"""The page of a campaign says whose date it is by which an answer is owed: a rule's, their own, or ours."""

from datetime import date

import pytest

from portal.responses.deadlines import operations
from tests.builders import build_campaign, build_letter
from tests.clients import words_of
from tests.deadlines.stage import ANSWER, clock_of, deliver

TITLE = "Complaint Handling Code, stage 1"


@pytest.fixture
def letter(cast):
    campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public")
    return build_letter(campaign, sent_on=date(2026, 11, 16))


def page(letter, browser) -> str:
    return words_of(browser.get(f"/campaigns/{letter.campaign.key}").text)


def test_while_we_wait_the_rule_is_named_inside_and_outside(letter, sign_in, client, cast):
    deliver(letter, date(2026, 11, 16))
    operations.choose_rules(letter, [ANSWER], by=cast.amina)
    due = clock_of(letter, ANSWER).holds_on
    inside, outside = page(letter, sign_in(cast.cerys)), page(letter, client)
    assert f"They owe an answer by {due:%a} {due.day} {due:%b}. So says “{TITLE}”" in inside
    assert f"the date for an answer. The rule: {TITLE}" in inside and f"The rule: {TITLE}" in outside


def test_once_it_is_late_the_rule_is_named_inside(letter, sign_in, cast):
    deliver(letter, date(2026, 10, 19))
    operations.choose_rules(letter, [ANSWER], by=cast.amina)
    inside = page(letter, sign_in(cast.cerys))
    assert f"The rule: {TITLE}" in inside and "They owed an answer by" in inside


def test_the_earliest_clock_of_an_answer_is_the_one_that_counts(letter, sign_in, cast):
    deliver(letter, date(2026, 10, 19))
    operations.choose_rules(letter, ["generic.answer", ANSWER], by=cast.amina)
    # Our own fourteen days end on 2 November, the rule's time a week later.
    inside = page(letter, sign_in(cast.cerys))
    assert "21 days past the date for an answer, Mon 2 Nov" in inside and TITLE not in inside


def test_a_date_that_we_set_ourselves_is_no_rules(letter, sign_in, cast):
    deliver(letter, date(2026, 11, 16))
    operations.choose_rules(letter, [ANSWER], by=cast.amina)
    operations.set_another_date(clock_of(letter, ANSWER), on=date(2026, 12, 24), reason="We agreed", by=cast.amina)
    inside = page(letter, sign_in(cast.cerys))
    assert "We asked for an answer by Thu 24 Dec" in inside and "So says" not in inside
