"""Pausing, closing by one or by two, and reopening."""

import pytest

from portal.campaigns import agreements, closing
from portal.campaigns.models import Activity, Agreement, Campaign, Closure
from portal.errors import RuleBroken
from tests.builders import build_campaign
from tests.counting import count_sql

STORY = {"outcome": "partly_won", "story": "The roof is mended. The lifts are not."}


@pytest.fixture
def led_by_one(cast):
    return build_campaign(leads=[cast.amina], members=[cast.cerys], organizer=cast.ola)


@pytest.fixture
def led_by_two(cast):
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)


@pytest.fixture
def on_a_page(app):
    """Asking another lead writes a mail with a link, which needs to know what site this is."""
    with app.test_request_context():
        yield


def url_of(campaign, rest="/closure"):
    return f"/campaigns/{campaign.key}{rest}"


def state_of(campaign):
    return Campaign.get_by_id(campaign.id).state


class TestPausing:
    def test_a_pause_has_a_reason_and_an_end(self, sign_in, cast, led_by_one):
        browser = sign_in(cast.amina)
        assert browser.send(url_of(led_by_one, "/pause"), {"reason": "We wait for the survey"}).status_code == 303
        assert state_of(led_by_one) == "paused"
        row = Activity.get(Activity.verb == "campaign_paused")
        assert "We wait for the survey" in row.facts and not row.is_public
        assert "Go on with the campaign" in browser.get(url_of(led_by_one, "/pause")).text
        assert browser.send(url_of(led_by_one, "/pause/removal")).status_code == 303
        assert state_of(led_by_one) == "gathering"

    def test_a_large_campaign_goes_on_as_active(self, cast, led_by_one):
        Campaign.update(member_count=5, state="paused").where(Campaign.id == led_by_one.id).execute()
        closing.resume_campaign(Campaign.get_by_id(led_by_one.id), by=cast.amina)
        assert state_of(led_by_one) == "active"

    def test_without_a_reason_it_goes_on(self, sign_in, cast, led_by_one):
        page = sign_in(cast.amina).send(url_of(led_by_one, "/pause"), {"reason": ""})
        assert page.status_code == 422 and "Write why" in page.text
        assert state_of(led_by_one) == "gathering"

    def test_what_is_closed_or_paused_cannot_be_paused_and_what_runs_cannot_be_resumed(self, cast, led_by_one):
        with pytest.raises(RuleBroken, match="not paused"):
            closing.resume_campaign(led_by_one, by=cast.amina)
        closing.pause_campaign(led_by_one, by=cast.amina, reason="Rest")
        with pytest.raises(RuleBroken, match="not running"):
            closing.pause_campaign(led_by_one, by=cast.amina, reason="Rest")
        assert Activity.select().where(Activity.verb == "campaign_paused").count() == 1


class TestClosingAlone:
    def test_a_single_lead_closes_at_once_with_a_story(self, sign_in, cast, led_by_one):
        browser = sign_in(cast.amina)
        assert "You are the only lead" in browser.get(url_of(led_by_one)).text
        assert browser.send(url_of(led_by_one), STORY).status_code == 303
        assert state_of(led_by_one) == "partly_won"
        page = browser.get(url_of(led_by_one)).text
        assert "We won part of it" in page and "The roof is mended." in page and "Reopen the campaign" in page
        assert Activity.get(Activity.verb == "campaign_closed").is_public

    @pytest.mark.parametrize(("typed", "said"), [({"story": ""}, "Write a few lines"), ({"outcome": "draw"}, "Choose")])
    def test_what_is_missing_is_said_and_the_rest_kept(self, sign_in, cast, led_by_one, typed, said):
        page = sign_in(cast.amina).send(url_of(led_by_one), {**STORY, **typed})
        assert page.status_code == 422 and said in page.text
        assert state_of(led_by_one) == "gathering"

    def test_twice_is_refused(self, cast, led_by_one):
        closing.close_campaign(led_by_one, by=cast.amina, **STORY)
        with pytest.raises(RuleBroken, match="closed already"):
            closing.close_campaign(led_by_one, by=cast.amina, **STORY)
        assert Closure.select().count() == 1

    def test_a_paused_campaign_can_be_closed(self, cast, led_by_one):
        closing.pause_campaign(led_by_one, by=cast.amina, reason="Rest")
        closing.close_campaign(led_by_one, by=cast.amina, **STORY)
        assert state_of(led_by_one) == "partly_won"


class TestClosingByTwo:
    def test_one_asks_and_another_agrees_to_exactly_those_words(self, sign_in, cast, led_by_two):
        sign_in(cast.amina).send(url_of(led_by_two), STORY)
        assert state_of(led_by_two) == "gathering"
        page = sign_in(cast.ben).get(url_of(led_by_two)).text
        assert "Amina Dirie asks this" in page and "The roof is mended." in page and "Agree and close" in page
        asked = Agreement.get()
        assert sign_in(cast.ben).send(url_of(led_by_two, f"/closure/agreements/{asked.id}")).status_code == 303
        assert state_of(led_by_two) == "partly_won"
        assert Closure.get().story == STORY["story"]

    def test_the_other_lead_gets_a_mail_that_names_no_campaign(self, sign_in, cast, led_by_two, outbox):
        sign_in(cast.amina).send(url_of(led_by_two), STORY)
        assert [mail.to for mail in outbox()] == [cast.ben.email]
        assert outbox()[0].link("closure") == url_of(led_by_two)
        assert "lifts" not in outbox()[0].text and "Larkspur" not in outbox()[0].text

    def test_whoever_asked_cannot_agree(self, sign_in, cast, led_by_two):
        browser = sign_in(cast.amina)
        browser.send(url_of(led_by_two), STORY)
        assert "Agree and close" not in browser.get(url_of(led_by_two)).text
        browser.send(url_of(led_by_two, f"/closure/agreements/{Agreement.get().id}"))
        assert state_of(led_by_two) == "gathering"

    @pytest.mark.parametrize("who", ["amina", "ben"])
    def test_either_can_say_not_yet_and_it_can_be_asked_again(self, sign_in, cast, led_by_two, who):
        sign_in(cast.amina).send(url_of(led_by_two), STORY)
        asked = Agreement.get()
        sign_in(getattr(cast, who)).send(url_of(led_by_two, f"/closure/agreements/{asked.id}/removal"))
        sign_in(cast.ben).send(url_of(led_by_two, f"/closure/agreements/{asked.id}"))
        assert state_of(led_by_two) == "gathering"
        assert sign_in(cast.ben).send(url_of(led_by_two), STORY).status_code == 303
        assert Agreement.select().count() == 2

    def test_asking_twice_is_refused(self, cast, led_by_two, on_a_page):
        closing.close_campaign(led_by_two, by=cast.amina, **STORY)
        with pytest.raises(RuleBroken, match="asked for this already"):
            closing.close_campaign(led_by_two, by=cast.ben, **STORY)

    def test_another_question_cannot_be_answered_as_if_it_were_this_one(self, sign_in, cast, led_by_two):
        asked = agreements.ask(led_by_two, "go_public", by=cast.amina, visibility="public")
        for rest in ("", "/removal"):
            sign_in(cast.ben).send(url_of(led_by_two, f"/closure/agreements/{asked.id}{rest}"))
        assert Agreement.get().is_open and state_of(led_by_two) == "gathering"


class TestReopening:
    def test_a_closing_can_be_taken_back_and_its_story_is_kept(self, sign_in, cast, led_by_one):
        closing.close_campaign(led_by_one, by=cast.amina, **STORY)
        assert sign_in(cast.amina).send(url_of(led_by_one, "/closure/removal")).status_code == 303
        assert state_of(led_by_one) == "gathering"
        assert Closure.get().reopened_at is not None
        closing.close_campaign(Campaign.get_by_id(led_by_one.id), by=cast.amina, outcome="won", story="All of it.")
        assert Closure.select().count() == 2 and state_of(led_by_one) == "won"

    def test_what_is_open_cannot_be_reopened(self, cast, led_by_one):
        with pytest.raises(RuleBroken, match="not closed"):
            closing.reopen_campaign(led_by_one, by=cast.amina)


def test_only_leads_pause_close_and_reopen(sign_in, cast, led_by_two):
    sign_in(cast.amina).send(url_of(led_by_two), STORY)
    one = f"/closure/agreements/{Agreement.get().id}"
    for rest in ("/pause", "/pause/removal", "/closure", "/closure/removal", one, f"{one}/removal"):
        for person, status in ((cast.cerys, 403), (cast.ola, 403), (cast.dov, 404)):
            assert sign_in(person).send(url_of(led_by_two, rest), {"reason": "x", **STORY}).status_code == status
    assert state_of(led_by_two) == "gathering"


def test_the_closing_page_asks_few_questions_of_the_database(sign_in, cast, led_by_two):
    sign_in(cast.amina).send(url_of(led_by_two), STORY)
    browser = sign_in(cast.ben)
    with count_sql() as seen:
        browser.get(url_of(led_by_two))
    assert len(seen) <= 5
