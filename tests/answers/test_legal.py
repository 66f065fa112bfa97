"""A threat of legal action: stop and think, tick what is done, publish nothing new."""

import pytest

from portal.campaigns import publicity
from portal.campaigns.models import Agreement, Campaign
from portal.campaigns.publishing import operations as publishing
from portal.errors import RuleBroken
from portal.letters import freezing
from portal.responses.answers.models import LegalStep
from portal.responses.models import Response
from portal.responses.operations import publish_response
from tests.builders import build_campaign, build_letter, pass_vote
from tests.responses.stage import block_ids, page_of, read


class TestStopAndThink:
    def test_reading_it_as_a_threat_leads_there_and_stops_no_waiting(self, letter, response, sign_in, cast):
        typed = {"kind": "legal_threat", **{f"verdict_{one}": "not_answered" for one in block_ids(letter)}}
        browser = sign_in(cast.amina)
        answer = browser.send(page_of(response, "/reading"), typed)
        assert answer.headers["Location"].endswith(page_of(response, "/legal"))
        page = browser.get(page_of(response, "/legal")).text
        assert "Stop and think" in page and "Citizens Advice" in page and "no legal advice" in page
        assert "http" not in page.split("<main")[1].split("</main")[0]
        assert page_of(response, "/legal") in browser.get(page_of(response)).text

    def test_leads_tick_with_their_name_and_the_day_and_a_second_press_changes_nothing(self, response, sign_in, cast):
        read(response, cast.amina, "no", "no", "no", kind="legal_threat")
        browser = sign_in(cast.ben)
        for _ in range(2):
            assert browser.send(page_of(response, "/legal/keep")).status_code == 303
        assert LegalStep.select().count() == 1
        page = sign_in(cast.cerys).get(page_of(response, "/legal")).text
        assert "1 of 6 done" in page and "Ben Okafor" in page and "This is done" not in page
        assert browser.send(page_of(response, "/legal/keep/removal")).status_code == 303
        assert not LegalStep.select().exists()

    def test_who_may_not(self, response, sign_in, cast):
        read(response, cast.amina, "no", "no", "no", kind="legal_threat")
        for rest in ("/legal/keep", "/legal/keep/removal"):
            assert sign_in(cast.cerys).send(page_of(response, rest)).status_code == 403
            assert sign_in(cast.nia).send(page_of(response, rest)).status_code == 404
            assert sign_in(cast.amina).send(page_of(response, rest.replace("keep", "sue"))).status_code == 404

    def test_no_step_is_ticked_on_what_nobody_reads_as_a_threat(self, response, sign_in, cast):
        read(response, cast.amina, "no", "no", "no", kind="refusal")
        assert "Nobody reads this answer" in (
            sign_in(cast.amina).send(page_of(response, "/legal/keep"), follow_redirects=True).text
        )
        assert not LegalStep.select().exists()


class TestPublishingNothingNew:
    def address(self, campaign, rest=""):
        return f"/campaigns/{campaign.key}/publishing{rest}"

    def test_nothing_new_becomes_public_and_what_is_public_stays(self, letter, response, sign_in, cast):
        Campaign.update(visibility="public").execute()
        read(response, cast.amina, "no", "no", "no")
        response = Response.get_by_id(response.id)
        publish_response(response, by=cast.amina, public_words="They wrote.")
        browser = sign_in(cast.ben)
        assert browser.send(self.address(letter.campaign), {"why": "Their solicitor"}).status_code == 303
        with pytest.raises(RuleBroken):
            publish_response(Response.get_by_id(response.id), by=cast.amina, public_words="More.")
        page = browser.send(page_of(response, "/publication"), {"public_words": "Other words"})
        assert page.status_code == 422 and "publishes nothing new" in page.text and "Other words" in page.text
        assert "They wrote." in sign_in(None).get(f"/letters/{letter.key}/answers").text
        assert "publishes nothing new since" in sign_in(cast.cerys).get(f"/campaigns/{letter.campaign.key}").text
        assert "publishes nothing new" not in sign_in(None).get(f"/campaigns/{letter.campaign.key}").text

    def test_no_letter_is_frozen_that_everybody_reads_but_one_of_the_circle_may(self, cast):
        campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public")
        letter = build_letter(campaign)
        pass_vote(letter, cast.amina, cast.ben, cast.cerys)
        publishing.pause_publishing(campaign, by=cast.amina)
        with pytest.raises(RuleBroken, match="publishes nothing new"):
            freezing.keep_version(letter, "text", {}, kind="first", by=cast.amina)
        Campaign.update(visibility="circle").execute()
        letter.campaign = Campaign.get_by_id(campaign.id)
        assert freezing.keep_version(letter, "text", {}, kind="first", by=cast.amina)

    def test_the_campaign_is_not_opened_to_more_people(self, letter, cast):
        publishing.pause_publishing(letter.campaign, by=cast.amina)
        with pytest.raises(RuleBroken, match="publishes nothing new"):
            publicity.ask_to_go(letter.campaign, "link", by=cast.amina)
        waiting = Agreement.create(campaign=letter.campaign, kind="go_public", asked_by=cast.ben)
        with pytest.raises(RuleBroken, match="publishes nothing new"):
            publicity.agree_to_go(waiting, by=cast.amina, seen="")

    def test_going_on_takes_two_leads(self, letter, sign_in, cast):
        here = self.address(letter.campaign)
        publishing.pause_publishing(letter.campaign, by=cast.amina)
        amina, ben = sign_in(cast.amina), sign_in(cast.ben)
        for _ in range(2):
            amina.send(f"{here}/going-on")
        assert Campaign.get_by_id(letter.campaign_id).publishing_paused_at
        assert "Amina Dirie asks to publish again" in ben.get(here).text
        assert ben.send(f"{here}/going-on").status_code == 303
        assert Campaign.get_by_id(letter.campaign_id).publishing_paused_at is None
        assert "Publish nothing new" in ben.get(here).text

    def test_who_leads_alone_goes_on_alone(self, cast):
        campaign = build_campaign(leads=[cast.amina])
        publishing.pause_publishing(campaign, by=cast.amina)
        with pytest.raises(RuleBroken):
            publishing.pause_publishing(campaign, by=cast.amina)
        assert publishing.ask_to_go_on(campaign, by=cast.amina)

    def test_who_may_not(self, letter, sign_in, cast):
        for rest in ("", "/going-on"):
            assert sign_in(cast.cerys).send(self.address(letter.campaign, rest)).status_code == 403
            assert sign_in(cast.nia).send(self.address(letter.campaign, rest)).status_code == 404
        page = sign_in(cast.amina).send(self.address(letter.campaign), {"why": "x" * 301})
        assert page.status_code == 422 and "x" * 301 in page.text
