"""Changing what a campaign is about, and who it writes to."""

import pytest

from portal.campaigns import operations
from portal.campaigns.gaps import missing_of
from portal.campaigns.models import Campaign
from portal.campaigns.search import index_campaign, matching
from portal.errors import RuleBroken
from portal.targets.models import Organization, Target
from tests.builders import build_campaign, build_demand, build_target

EDITED = {
    "title": "Warm walls",
    "problem": "Cold since May.",
    "kind": "energy",
    "place_name": "Heron House",
    "town": "Pellan",
    "country": "gb-wls",
}


@pytest.fixture
def campaign(cast):
    return build_campaign(leads=[cast.amina], members=[cast.cerys], organizer=cast.ola)


class TestEditing:
    def test_a_lead_changes_title_problem_and_place(self, sign_in, cast, campaign):
        answer = sign_in(cast.amina).send(f"/campaigns/{campaign.key}/edit", EDITED)
        assert answer.status_code == 303
        found = Campaign.get_by_id(campaign.id)
        assert (found.title, found.problem, found.kind) == ("Warm walls", "Cold since May.", "energy")
        assert (found.place.full_name, found.place.country) == ("Heron House, Pellan", "gb-wls")
        assert found.version > campaign.version

    def test_the_form_shows_what_stands_and_what_is_missing(self, sign_in, cast, campaign):
        page = sign_in(cast.amina).get(f"/campaigns/{campaign.key}/edit").text
        assert 'value="Dry walls, working lifts"' in page and "Mould in thirty homes." in page
        assert "Still missing" in page and "The list of homes" in page and "address for complaints" not in page

    def test_without_a_headline_nothing_changes_and_what_was_typed_stays(self, sign_in, cast, campaign):
        page = sign_in(cast.amina).send(f"/campaigns/{campaign.key}/edit", {**EDITED, "title": ""})
        assert page.status_code == 422 and "Enter a headline" in page.text and "Cold since May." in page.text
        assert Campaign.get_by_id(campaign.id).title == "Dry walls, working lifts"

    def test_a_public_campaign_is_found_by_its_new_words_and_no_longer_by_the_old(self, cast):
        campaign = build_campaign(leads=[cast.amina], visibility="public")
        index_campaign(campaign)
        operations.edit_campaign(campaign, by=cast.amina, **EDITED)
        assert Campaign.select().where(matching("heron")).exists()
        assert not Campaign.select().where(matching("larkspur")).exists()

    @pytest.mark.parametrize("page", ["edit", "target"])
    def test_only_leads_may(self, sign_in, cast, campaign, page):
        url = f"/campaigns/{campaign.key}/{page}"
        for person, status in ((cast.cerys, 403), (cast.ola, 403), (cast.dov, 404)):
            assert sign_in(person).get(url).status_code == status
            assert sign_in(person).send(url, EDITED).status_code == status


class TestTarget:
    def send(self, browser, campaign, **typed):
        known = {"organization": "Meridale Homes", "sector": "other", "post": "Director of homes"}
        return browser.send(f"/campaigns/{campaign.key}/target", {**known, **typed})

    def test_the_form_shows_who_it_is_now(self, sign_in, cast, campaign):
        page = sign_in(cast.amina).get(f"/campaigns/{campaign.key}/target").text
        assert 'value="Meridale Homes"' in page and 'value="Philippa Stroud"' in page

    def test_a_correction_changes_the_target_that_drafts_already_use(self, sign_in, cast, campaign):
        assert self.send(sign_in(cast.amina), campaign, email="homes@meridale.example").status_code == 303
        assert Target.get_by_id(campaign.target_id).email == "homes@meridale.example"
        assert Target.select().count() == 1

    def test_another_organization_is_another_target_and_the_first_stays_as_it_was(self, sign_in, cast, campaign):
        before = campaign.target_id
        assert self.send(sign_in(cast.amina), campaign, organization="Tern Water").status_code == 303
        after = Campaign.get_by_id(campaign.id).target
        assert after.id != before and after.organization.name == "Tern Water"
        assert Target.get_by_id(before).organization.name == "Meridale Homes"

    def test_one_campaign_cannot_rewrite_the_organization_others_share(self, sign_in, cast, campaign):
        self.send(sign_in(cast.amina), campaign, organization="MERIDALE homes", sector="water")
        shared = Organization.get()
        assert (shared.name, shared.sector) == ("Meridale Homes", "social_housing")

    def test_no_organization_is_refused_in_words(self, sign_in, cast, campaign):
        page = self.send(sign_in(cast.amina), campaign, organization="", post="Head of repairs")
        assert page.status_code == 422 and "Head of repairs" in page.text
        assert "Enter the name of the landlord" in page.text

    def test_a_campaign_without_a_target_gets_one(self, cast):
        campaign = build_campaign(leads=[cast.amina])
        Campaign.update(target=None).where(Campaign.id == campaign.id).execute()
        campaign.target = None
        operations.change_target(campaign, operations.Addressee(organization="Tern Water"), by=cast.amina)
        assert Campaign.get_by_id(campaign.id).target.organization.name == "Tern Water"
        with pytest.raises(RuleBroken):
            operations.change_target(campaign, operations.Addressee(post="Somebody"), by=cast.amina)


class TestWhatIsMissing:
    def test_it_is_named_in_the_order_to_mend_it(self, cast):
        campaign = build_campaign(leads=[cast.amina], problem="")
        campaign.target = None
        assert missing_of(campaign, []) == ["problem", "target", "demand", "homes"]

    def test_an_address_and_details_can_be_missing_too(self, cast):
        target = build_target(email="")
        campaign = build_campaign(leads=[cast.amina], floors=1, homes_per_floor=1, target=target)
        assert missing_of(campaign, [build_demand(campaign, test="")]) == ["address", "details"]

    def test_nothing_is_missing_when_all_is_there(self, cast):
        campaign = build_campaign(leads=[cast.amina], floors=1, homes_per_floor=1)
        assert missing_of(campaign, [build_demand(campaign, home_count=1, first_win="A date")]) == []
