"""Asking an organizer in, and who can see the campaign, as a browser meets them."""

import re

import pytest

from portal.campaigns.models import Agreement, Attachment, Campaign
from tests.builders import build_campaign, build_demand, build_person
from tests.counting import count_sql


def build_ready(cast, **given) -> Campaign:
    members = [cast.cerys, build_person(), build_person()]
    return build_campaign(leads=[cast.amina, cast.ben], members=members, **given)


def visibility(campaign: Campaign, more: str = "") -> str:
    return f"/campaigns/{campaign.key}/visibility{more}"


class TestOrganizers:
    def test_asked_read_accepted_and_shown(self, sign_in, cast, outbox):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        url = f"/campaigns/{campaign.key}/organizers"
        assert sign_in(cast.amina).send(url, {"email": cast.ola.email}).status_code == 303
        organizer = sign_in(cast.ola)
        assert organizer.get(url).headers["Location"] == f"{url}/answer"
        answer = outbox(cast.ola.email)[0].link()
        page = organizer.get(answer).text
        assert campaign.title in page and "I work for the Neighbour Organising Fund." in page
        assert organizer.send(answer).status_code == 303
        assert "I work for the Neighbour Organising Fund." in sign_in(cast.cerys).get(url).text
        assert organizer.get(url).status_code == 200

    def test_saying_no_needs_no_reason(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        sign_in(cast.amina).send(f"/campaigns/{campaign.key}/organizers", {"email": cast.ola.email})
        organizer = sign_in(cast.ola)
        assert organizer.send(f"/campaigns/{campaign.key}/organizers/answer/no").status_code == 303
        assert organizer.get(f"/campaigns/{campaign.key}/organizers/answer").status_code == 404

    def test_known_and_unknown_addresses_are_answered_alike(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        browser = sign_in(cast.amina)
        url = f"/campaigns/{campaign.key}/organizers"
        said = []
        for address in (cast.nia.email, "nobody@example.org"):
            browser.send(url, {"email": address})
            page = browser.get(url).text.replace(address, "…")
            said.append(re.search(r"We wrote to[^<]+", page).group())
        assert said[0] == said[1]

    def test_a_wrong_address_is_kept_and_explained(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        page = sign_in(cast.amina).send(f"/campaigns/{campaign.key}/organizers", {"email": "ola@@"})
        assert page.status_code == 422 and 'value="ola@@"' in page.text

    def test_only_leads_ask_and_end(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys], organizer=cast.ola)
        url = f"/campaigns/{campaign.key}/organizers"
        end = f"{url}/{Attachment.get().id}/end"
        for person, status in ((cast.cerys, 403), (cast.ola, 403), (cast.dov, 404)):
            assert sign_in(person).send(url, {"email": "x@example.org"}).status_code == status
            assert sign_in(person).send(end).status_code == status
        assert sign_in(cast.amina).send(end).status_code == 303
        assert Attachment.get().ended_at is not None

    def test_nobody_else_answers_for_the_organizer(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        sign_in(cast.amina).send(f"/campaigns/{campaign.key}/organizers", {"email": cast.ola.email})
        url = f"/campaigns/{campaign.key}/organizers/answer"
        assert sign_in(cast.amina).send(url).status_code == 403
        assert sign_in(cast.nia).send(url).status_code == 404
        assert Attachment.get().accepted_at is None

    def test_the_organizer_stops_in_one_press(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
        organizer = sign_in(cast.ola)
        assert organizer.send(f"/campaigns/{campaign.key}/organizers/answer/no").status_code == 303
        assert organizer.get(f"/campaigns/{campaign.key}/people").status_code == 404


class TestGoingPublic:
    def test_the_page_says_what_is_missing(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        page = sign_in(cast.amina).get(visibility(campaign)).text
        assert "3 more neighbours in the circle" in page and "A second lead" in page
        assert "Ask to make it public" not in page

    def test_the_preview_shows_the_words_and_no_names(self, sign_in, cast):
        campaign = build_ready(cast)
        build_demand(campaign, worst_acceptable="Half the windows")
        page = sign_in(cast.cerys).get(visibility(campaign)).text
        preview = page.split("As the landlord would see it")[1]
        for words in ("Dry walls, working lifts", "Larkspur Point, Ashmere", "Mould in thirty homes.", "Mend the roof"):
            assert words in preview
        assert "Half the windows" not in page and "Amina" not in preview and "meridale.example" not in preview

    def test_it_costs_five_statements(self, sign_in, cast):
        campaign = build_ready(cast)
        browser = sign_in(cast.amina)
        browser.send(visibility(campaign, "/public/asking"))
        with count_sql() as seen:
            browser.get(visibility(campaign))
        assert len(seen) <= 5

    def agree(self, browser, campaign):
        page = browser.get(visibility(campaign)).text
        seen = re.search(r'name="seen" value="([^"]+)"', page).group(1)
        url = visibility(campaign, f"/askings/{Agreement.get().id}/agreement")
        return browser.send(url, {"seen": seen})

    @pytest.mark.parametrize("second", ["ben", "ola"])
    def test_a_lead_asks_and_a_second_person_agrees(self, second, sign_in, cast, client):
        campaign = build_ready(cast, organizer=cast.ola)
        asker = sign_in(cast.amina)
        assert asker.send(visibility(campaign, "/public/asking")).status_code == 303
        page = asker.get(visibility(campaign)).text
        assert "Take the question back" in page and "Agree and make it public" not in page
        assert self.agree(sign_in(getattr(cast, second)), campaign).status_code == 303
        assert Campaign.get().is_public

    def test_the_asker_does_not_agree(self, sign_in, cast):
        campaign = build_ready(cast)
        asker = sign_in(cast.amina)
        asker.send(visibility(campaign, "/public/asking"))
        page = asker.send(visibility(campaign, f"/askings/{Agreement.get().id}/agreement"), {"seen": "x"})
        assert page.status_code == 422
        assert not Campaign.get().is_public

    def test_words_changed_meanwhile_are_shown_again(self, sign_in, cast):
        campaign = build_ready(cast)
        sign_in(cast.amina).send(visibility(campaign, "/public/asking"))
        url = visibility(campaign, f"/askings/{Agreement.get().id}/agreement")
        page = sign_in(cast.ben).send(url, {"seen": "what stood there before"})
        assert page.status_code == 422 and "changed while you read" in page.text
        Campaign.update(title="Burn it down").execute()
        assert "were changed after it was asked" in sign_in(cast.ben).get(visibility(campaign)).text

    def test_members_and_strangers_neither_ask_nor_agree(self, sign_in, cast):
        campaign = build_ready(cast, organizer=cast.ola)
        ask = visibility(campaign, "/public/asking")
        for person, status in ((cast.cerys, 403), (cast.ola, 403), (cast.dov, 404)):
            assert sign_in(person).send(ask).status_code == status
        sign_in(cast.amina).send(ask)
        for act in ("agreement", "withdrawal"):
            url = visibility(campaign, f"/askings/{Agreement.get().id}/{act}")
            for person, status in ((cast.cerys, 403), (cast.dov, 404)):
                assert sign_in(person).send(url).status_code == status
        assert Agreement.get().is_open and not Campaign.get().is_public

    def test_an_agreement_about_something_else_is_not_answered_here(self, sign_in, cast):
        campaign = build_ready(cast)
        other = Agreement.create(campaign=campaign, kind="close_campaign", asked_by=cast.amina)
        for act in ("agreement", "withdrawal"):
            assert sign_in(cast.ben).send(visibility(campaign, f"/askings/{other.id}/{act}")).status_code == 404
        assert Agreement.get().is_open

    def test_not_yet_and_taking_back(self, sign_in, cast):
        campaign = build_ready(cast)
        for answerer in (cast.ben, cast.amina):
            sign_in(cast.amina).send(visibility(campaign, "/link/asking"))
            newest = Agreement.select().order_by(Agreement.id.desc()).get()
            url = visibility(campaign, f"/askings/{newest.id}/withdrawal")
            assert sign_in(answerer).send(url).status_code == 303
        assert not Agreement.select().where(Agreement.withdrawn_at.is_null()).exists()

    def test_too_early_is_said_in_words(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        page = sign_in(cast.amina).send(visibility(campaign, "/public/asking"))
        assert page.status_code == 422 and "Still missing" in page.text

    def test_a_step_that_does_not_exist_is_not_there(self, sign_in, cast):
        campaign = build_ready(cast)
        assert sign_in(cast.amina).send(visibility(campaign, "/nowhere/asking")).status_code == 404

    def test_any_lead_takes_it_back_after_a_warning(self, sign_in, cast, client):
        campaign = build_ready(cast, visibility="public")
        url = visibility(campaign, "/circle/return")
        assert sign_in(cast.cerys).send(url).status_code == 403
        assert sign_in(cast.nia).send(url).status_code == 403
        browser = sign_in(cast.ben)
        assert "may have been copied" in browser.get(url).text
        assert Campaign.get().is_public
        assert browser.send(url).status_code == 303
        assert Campaign.get().visibility == "circle"
