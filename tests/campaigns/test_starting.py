"""Starting a campaign: page by page, nothing lost, nothing made before the end."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns import beginnings, operations
from portal.campaigns.models import Activity, Beginning, Campaign, Demand, Membership, Role
from portal.campaigns.search import index_campaign, matching
from portal.campaigns.similar import public_organizations, similar_to
from portal.errors import RuleBroken
from portal.targets.models import Organization, Target
from tests.builders import build_campaign, build_target
from tests.conftest import NOON
from tests.counting import count_sql

PROBLEM = {"problem": "Mould since March.", "title": "Dry walls at Larkspur Point", "kind": "damp"}
PLACE = {"place_name": "Larkspur Point", "town": "Ashmere", "country": "gb-sct"}
TARGET = {
    "organization": "Meridale Homes",
    "sector": "social_housing",
    "post": "Director of homes",
    "person_name": "Philippa Stroud",
    "email": "complaints@meridale.example",
    "postal_address": "1 Quay Street",
    "demand": "Survey every home",
}


def fill(browser, problem=PROBLEM, place=PLACE, target=TARGET):
    browser.send("/campaigns/new", problem)
    browser.send("/campaigns/new/place", place)
    return browser.send("/campaigns/new/target", target)


class TestThePages:
    def test_four_pages_lead_to_a_campaign_in_the_circle(self, sign_in, cast):
        browser = sign_in(cast.nia)
        assert browser.send("/campaigns/new", PROBLEM).headers["Location"] == "/campaigns/new/place"
        assert browser.send("/campaigns/new/place", PLACE).headers["Location"] == "/campaigns/new/target"
        assert browser.send("/campaigns/new/target", TARGET).headers["Location"] == "/campaigns/new/check"
        assert Campaign.select().count() == 0
        page = browser.get("/campaigns/new/check").text
        assert "Dry walls at Larkspur Point" in page and "Larkspur Point, Ashmere" in page and "Scotland" in page
        answer = browser.send("/campaigns/new/check")
        campaign = Campaign.get()
        assert answer.status_code == 303
        assert (campaign.visibility, campaign.state, campaign.member_count) == ("circle", "gathering", 1)
        assert campaign.parts_of(cast.nia) >= {"member", "lead"}
        assert campaign.parts_of(cast.dov) == set()
        assert campaign.place.country == "gb-sct"
        assert campaign.target.addressee == "Philippa Stroud, Director of homes, Meridale Homes"
        assert (Demand.get().what, Demand.get().who) == ("Survey every home", "Director of homes")

    def test_a_headline_and_a_place_are_enough(self, sign_in, cast):
        browser = sign_in(cast.nia)
        fill(browser, {"title": "Warm homes"}, {"place_name": "Tern House"}, {})
        assert browser.get("/campaigns/new/check").text.count("You can add it later") == 4
        browser.send("/campaigns/new/check")
        campaign = Campaign.get()
        assert campaign.target is None and not Demand.select().exists()

    @pytest.mark.parametrize(
        ("url", "typed", "said"),
        [
            ("/campaigns/new", {"title": "", "problem": "It is cold"}, "Enter a headline"),
            ("/campaigns/new", {"title": "x" * 121, "problem": "It is cold"}, "120 characters or fewer"),
            ("/campaigns/new/place", {"place_name": "", "town": "It is cold"}, "Enter the name of the building"),
            ("/campaigns/new/target", {"organization": "It is cold", "email": "dot@"}, "in the right form"),
            ("/campaigns/new/target", {"organization": "", "post": "It is cold"}, "they belong to"),
        ],
    )
    def test_what_cannot_be_is_explained_and_kept(self, sign_in, cast, url, typed, said):
        page = sign_in(cast.nia).send(url, typed)
        assert page.status_code == 422
        assert said in page.text and "It is cold" in page.text and "There is a problem" in page.text

    def test_going_back_loses_nothing_even_when_it_is_not_complete(self, sign_in, cast):
        browser = sign_in(cast.nia)
        browser.send("/campaigns/new", PROBLEM)
        back = browser.send("/campaigns/new/place", {"place_name": "", "town": "Ashmere", "back": "yes"})
        assert back.headers["Location"] == "/campaigns/new"
        assert "Mould since March." in browser.get("/campaigns/new").text
        assert 'value="Ashmere"' in browser.get("/campaigns/new/place").text

    def test_another_browser_goes_on_where_the_first_one_stopped(self, sign_in, cast):
        sign_in(cast.nia).send("/campaigns/new", PROBLEM)
        assert "Mould since March." in sign_in(cast.nia).get("/campaigns/new").text
        assert "Mould since March." not in sign_in(cast.dov).get("/campaigns/new").text

    def test_changing_one_answer_leads_back_to_the_check(self, sign_in, cast):
        browser = sign_in(cast.nia)
        fill(browser)
        answer = browser.send("/campaigns/new/place?to=check", {**PLACE, "town": "Rookhaven"})
        assert answer.headers["Location"] == "/campaigns/new/check"
        assert "Rookhaven" in browser.get("/campaigns/new/check").text

    def test_the_check_cannot_be_reached_past_an_answer_that_is_wrong(self, sign_in, cast):
        browser = sign_in(cast.nia)
        assert browser.get("/campaigns/new/check").headers["Location"] == "/campaigns/new"
        fill(browser, target={**TARGET, "email": "dot@"})
        assert browser.send("/campaigns/new/check").headers["Location"] == "/campaigns/new/target"
        fill(browser, problem={**PROBLEM, "kind": "weather"})
        assert browser.send("/campaigns/new/check").headers["Location"] == "/campaigns/new"
        assert Campaign.select().count() == 0

    def test_starting_afresh_forgets_what_was_typed(self, sign_in, cast):
        browser = sign_in(cast.nia)
        browser.send("/campaigns/new", PROBLEM)
        assert browser.send("/campaigns/new/removal").status_code == 303
        assert "Mould since March." not in browser.get("/campaigns/new").text

    def test_starting_twice_from_two_windows_makes_one_campaign(self, sign_in, cast):
        browser = sign_in(cast.nia)
        fill(browser)
        browser.send("/campaigns/new/check")
        assert browser.send("/campaigns/new/check").headers["Location"] == "/campaigns/new"
        assert Campaign.select().count() == 1

    @pytest.mark.parametrize("page", ["", "/place", "/target", "/check"])
    def test_whoever_is_signed_out_is_sent_to_sign_in(self, client, page):
        assert "/sign-in" in client.get(f"/campaigns/new{page}").headers["Location"]

    def test_the_eleventh_campaign_in_a_day_must_wait(self, sign_in, cast):
        browser = sign_in(cast.nia)
        for _number in range(10):
            operations.start_campaign(by=cast.nia, title="One more", place_name="Somewhere")
        fill(browser)
        assert browser.send("/campaigns/new/check").status_code == 429
        assert Beginning.select().count() == 1

    def test_the_check_asks_few_questions_of_the_database(self, sign_in, cast):
        browser = sign_in(cast.nia)
        for _number in range(6):
            index_campaign(build_campaign(leads=[cast.amina], visibility="public"))
        fill(browser)
        with count_sql() as seen:
            browser.get("/campaigns/new/check")
        assert len(seen) <= 4


class TestSimilarCampaigns:
    def test_public_ones_about_the_same_place_or_organization_are_shown_with_a_way_on(self, sign_in, cast):
        index_campaign(build_campaign(leads=[cast.amina], visibility="public", title="Lifts that work"))
        browser = sign_in(cast.nia)
        fill(browser, place={**PLACE, "place_name": "Heron House"})
        page = browser.get("/campaigns/new/check").text
        assert "Lifts that work" in page and "None of these is mine: start the campaign" in page
        assert browser.send("/campaigns/new/check").status_code == 303
        assert Campaign.select().where(Campaign.started_by == cast.nia).count() == 1

    @pytest.mark.parametrize("visibility", ["circle", "link"])
    def test_others_are_never_shown(self, sign_in, cast, visibility):
        hidden = build_campaign(leads=[cast.amina], visibility=visibility, title="Lifts that work")
        index_campaign(hidden)
        browser = sign_in(cast.nia)
        fill(browser)
        assert "Lifts that work" not in browser.get("/campaigns/new/check").text

    def test_one_that_left_the_public_is_not_shown_even_if_the_index_still_has_it(self, cast):
        campaign = build_campaign(leads=[cast.amina], visibility="public")
        index_campaign(campaign)
        Campaign.update(visibility="circle").where(Campaign.id == campaign.id).execute()
        assert similar_to(organization="Meridale Homes", place_name="Larkspur Point") == []
        index_campaign(Campaign.get_by_id(campaign.id))
        assert not Campaign.select().where(matching("larkspur")).exists()

    def test_an_unrelated_one_is_not_similar(self, cast):
        index_campaign(build_campaign(leads=[cast.amina], visibility="public"))
        assert similar_to(organization="Tern Water", place_name="Heron House") == []
        assert similar_to(organization="", place_name="?!") == []
        assert len(similar_to(organization="meridale", place_name="Larkspur Point")) == 1

    def test_only_organizations_of_public_campaigns_are_offered(self, sign_in, cast):
        build_campaign(leads=[cast.amina], visibility="public")
        build_campaign(leads=[cast.amina], visibility="circle", target=build_target("Secret Lettings"))
        assert public_organizations() == ["Meridale Homes"]
        assert "Secret" not in sign_in(cast.nia).get("/campaigns/new/target").text


class TestStartCampaign:
    def test_an_organization_is_found_again_whatever_its_spelling(self, cast):
        build_target("Meridale Homes")
        addressee = operations.Addressee(organization="  meridale   HOMES", sector="water")
        campaign = operations.start_campaign(by=cast.nia, title="Dry", place_name="Here", addressee=addressee)
        assert Organization.select().count() == 1
        assert campaign.target.organization.name == "Meridale Homes"
        assert campaign.target.organization.sector == "social_housing"

    def test_each_campaign_has_a_target_of_its_own(self, cast):
        addressee = operations.Addressee(organization="Meridale Homes")
        first = operations.start_campaign(by=cast.nia, title="Dry", place_name="Here", addressee=addressee)
        second = operations.start_campaign(by=cast.dov, title="Warm", place_name="There", addressee=addressee)
        assert first.target_id != second.target_id

    def test_the_lead_leads_for_half_a_year(self, cast):
        operations.start_campaign(by=cast.nia, title="Dry", place_name="Here")
        assert Role.get().until_on == clock.today() + timedelta(days=182)
        assert Membership.get().how == "started"

    def test_it_stands_on_the_timeline_without_the_starters_name(self, cast):
        campaign = operations.start_campaign(by=cast.nia, title="Dry", place_name="Here")
        row = Activity.get()
        assert (row.verb, row.subject_id, row.is_public) == ("campaign_started", campaign.id, True)
        assert "Nia" not in row.facts

    def test_a_person_without_an_organization_is_refused_and_nothing_is_left(self, cast):
        with pytest.raises(RuleBroken, match="belong to"):
            operations.start_campaign(
                by=cast.nia, title="Dry", place_name="Here", addressee=operations.Addressee(person_name="Philippa")
            )
        assert not Campaign.select().exists() and not Target.select().exists()

    def test_what_nobody_came_back_to_is_forgotten_after_a_month(self, cast):
        beginnings.keep_answers({"title": "Dry"}, by=cast.nia)
        assert beginnings.forget_old_beginnings() == 0
        with clock.frozen_at(NOON + timedelta(days=31)):
            assert beginnings.forget_old_beginnings() == 1
