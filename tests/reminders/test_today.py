"""My portal and the mail speak of the same things."""

from datetime import timedelta

from portal.mentoring.models import PlanStep
from tests.builders import build_pair
from tests.clients import words_of
from tests.reminders.stage import TODAY, at, clock_until

DAY = timedelta(days=1)


def words(browser) -> str:
    return words_of(browser.get("/").text)


def test_a_clock_near_its_date_wants_those_who_keep_the_campaign_moving(campaign, cast, sign_in):
    letter = clock_until(campaign, TODAY + 3 * DAY).letter
    browser = sign_in(cast.amina)
    page = words(browser)
    assert "Their answer to “We ask for dry walls”" in page and "by Thu 26 Nov" in page
    assert f"/letters/{letter.id}/deadlines" in browser.get("/").text
    assert "Their answer to" not in sign_in(cast.cerys).get("/").text


def test_one_that_is_far_or_long_past_does_not(campaign, cast, sign_in):
    clock_until(campaign, TODAY + 4 * DAY)
    clock_until(campaign, TODAY - 15 * DAY)
    assert "Their answer to" not in sign_in(cast.amina).get("/").text


def test_a_step_of_a_plan_wants_its_two_and_nobody_else(campaign, cast, sign_in):
    pair = build_pair(campaign, mentor=cast.ben, mentee=cast.cerys)
    PlanStep.create(pair=pair, text="Chair ten minutes", by_on=TODAY - DAY)
    for person in (cast.ben, cast.cerys):
        page = words(sign_in(person))
        assert "In your plan: Chair ten minutes" in page and "was due Sun 22 Nov" in page
    with at(TODAY):
        assert "Chair ten minutes" not in sign_in(cast.amina).get("/").text
