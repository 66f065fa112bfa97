"""The people's page, roles, leaving, and the door, as a browser meets them."""

from datetime import timedelta
from html import unescape

import pytest

from portal import clock
from portal.campaigns import circle_queries
from portal.campaigns.models import Campaign, JoinRequest, Membership, Role
from portal.people.models import Person
from tests.builders import add_member, build_campaign, build_person
from tests.conftest import NOON
from tests.counting import count_sql


def people(campaign: Campaign, more: str = "") -> str:
    return f"/campaigns/{campaign.key}/people{more}"


def membership_of(campaign: Campaign, person: Person) -> Membership:
    return Membership.get(Membership.campaign == campaign.id, Membership.person == person.id)


class TestThePeople:
    def test_a_member_reads_names_roles_and_how_they_came(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        Membership.update(invited_by=cast.amina.id).where(Membership.person == cast.cerys.id).execute()
        page = sign_in(cast.cerys).get(people(campaign)).text
        assert "Amina Dirie" in page and "24 May 2027" in page
        assert "invited by Amina Dirie" in page
        assert "One lead; a second makes it possible to go public" in page
        assert "3 more neighbours, and the campaign can be listed" in page

    def test_the_organizer_reads_it_with_the_declaration_beside_the_name(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
        page = sign_in(cast.ola).get(people(campaign)).text
        assert "I work for the Neighbour Organising Fund." in page and "Amina Dirie" in page
        assert "Leave the circle" not in page and "Invite a neighbour" not in page

    def test_strangers_are_told_nothing(self, sign_in, client, cast):
        campaign = build_campaign(leads=[cast.amina])
        assert client.get(people(campaign)).status_code == 303
        private = sign_in(cast.dov).get(people(campaign))
        missing = sign_in(cast.dov).get("/campaigns/not-a-campaign/people")
        assert private.status_code == missing.status_code == 404

    def test_a_public_campaign_still_keeps_its_people_inside(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], visibility="public")
        assert sign_in(cast.nia).get(people(campaign)).status_code == 403

    def test_a_hundred_members_cost_no_more_statements_than_one(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        browser = sign_in(cast.amina)
        for _each in range(60):
            add_member(campaign, build_person(), "drafter")
        JoinRequest.create(campaign=campaign, person=cast.nia, words="Nia from 4B")
        with count_sql() as seen:
            assert browser.get(people(campaign)).status_code == 200
        assert len(seen) <= 5

    def test_long_lists_are_paged_there_and_back(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        for _each in range(circle_queries.PAGE):
            add_member(campaign, build_person())
        browser = sign_in(cast.amina)
        first = browser.get(people(campaign)).text
        assert "Older" in first and "Newer" not in first
        last_id = Membership.select().order_by(Membership.id).get().id
        second = browser.get(people(campaign, f"?before={last_id + 1}")).text
        assert "Newer" in second and "started the campaign" not in first
        back = browser.get(people(campaign, f"?after={last_id}")).text
        assert "Neighbour" in back and "Older" in back


class TestRoles:
    def test_a_lead_gives_one(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        url = people(campaign, f"/{membership_of(campaign, cast.cerys).id}")
        browser = sign_in(cast.amina)
        assert "Letter writer" in browser.get(url).text
        assert browser.send(url, {"role": "drafter"}).status_code == 303
        assert "drafter" in Campaign.get_by_id(campaign.id).parts_of(cast.cerys)

    def test_nothing_chosen_is_said(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        page = sign_in(cast.amina).send(people(campaign, f"/{membership_of(campaign, cast.cerys).id}"))
        assert page.status_code == 422 and "Choose a role" in page.text

    def test_only_leads_give_them(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        url = people(campaign, f"/{membership_of(campaign, cast.cerys).id}")
        assert sign_in(cast.cerys).send(url, {"role": "lead"}).status_code == 403
        assert sign_in(cast.dov).send(url, {"role": "lead"}).status_code == 404
        assert not Role.select().where(Role.name == "lead").offset(1).exists()

    def test_a_member_of_another_campaign_is_not_there(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        other = build_campaign(leads=[cast.dov])
        url = people(campaign, f"/{membership_of(other, cast.dov).id}")
        assert sign_in(cast.amina).send(url, {"role": "drafter"}).status_code == 404

    def test_it_is_handed_back_in_one_press_by_its_holder_only(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys])
        role = Role.select().join(Membership).where(Membership.person == cast.ben.id).get()
        url = people(campaign, f"/roles/{role.id}/return")
        assert sign_in(cast.cerys).send(url).status_code == 403
        assert sign_in(cast.dov).send(url).status_code == 404
        assert sign_in(cast.ben).send(url).status_code == 303
        assert "lead" not in Campaign.get_by_id(campaign.id).parts_of(cast.ben)

    @pytest.mark.parametrize("act", ["end", "renewal"])
    def test_leads_renew_and_end_members_do_not(self, act, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys])
        role = Role.select().join(Membership).where(Membership.person == cast.ben.id).get()
        url = people(campaign, f"/roles/{role.id}/{act}")
        assert sign_in(cast.cerys).send(url).status_code == 403
        assert sign_in(cast.dov).send(url).status_code == 404
        with clock.frozen_at(NOON + timedelta(days=30)):
            assert sign_in(cast.amina).send(url).status_code == 303
        role = Role.get_by_id(role.id)
        if act == "end":
            assert role.ended_at is not None
        else:
            assert role.until_on == (NOON + timedelta(days=212)).date()

    def test_a_no_is_said_on_the_next_page(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        browser = sign_in(cast.amina)
        browser.send(people(campaign, f"/roles/{Role.get().id}/return"))
        assert "There is no other lead" in browser.get(people(campaign)).text

    def test_when_nobody_leads_the_page_offers_it_to_members(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        with clock.frozen_at(NOON + timedelta(days=200)):
            browser = sign_in(cast.cerys)
            assert "Nobody leads at the moment" in browser.get(people(campaign)).text
            assert browser.send(people(campaign, "/lead")).status_code == 303
            assert "lead" in Campaign.get_by_id(campaign.id).parts_of(cast.cerys)


class TestLeaving:
    def test_a_page_in_words_then_one_press(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        browser = sign_in(cast.cerys)
        assert "Your roles end at once" in browser.get(people(campaign, "/leaving")).text
        assert browser.send(people(campaign, "/leaving")).headers["Location"] == "/"
        assert browser.get(people(campaign)).status_code == 404

    def test_the_last_lead_reads_why_not(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        page = sign_in(cast.amina).send(people(campaign, "/leaving"))
        assert page.status_code == 422 and "There is no other lead" in page.text

    def test_an_organizer_does_not_leave_by_this_door(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
        assert sign_in(cast.ola).send(people(campaign, "/leaving")).status_code == 403

    def test_a_lead_takes_somebody_out_a_member_does_not(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys, cast.nia])
        url = people(campaign, f"/{membership_of(campaign, cast.cerys).id}/removal")
        assert sign_in(cast.nia).send(url).status_code == 403
        assert sign_in(cast.dov).send(url).status_code == 404
        browser = sign_in(cast.amina)
        assert "They get a mail that says you did it" in browser.get(url).text
        assert browser.send(url).status_code == 303
        assert not Campaign.get_by_id(campaign.id).has_member(cast.cerys)

    def test_another_lead_is_not_taken_out(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina, cast.ben])
        page = sign_in(cast.amina).send(people(campaign, f"/{membership_of(campaign, cast.ben).id}/removal"))
        assert page.status_code == 422 and "They lead this campaign" in page.text


class TestAskingToJoin:
    def test_somebody_asks_a_member_vouches_and_they_are_told(self, sign_in, cast, outbox):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys], visibility="link")
        asker = sign_in(cast.nia)
        url = f"/campaigns/{campaign.key}/joining"
        assert asker.send(url, {"words": "Nia from 4B, I know Cerys"}).status_code == 303
        assert "Your question waits" in asker.get(url).text
        assert len(outbox(cast.amina.email)) == 1 and campaign.title not in outbox(cast.amina.email)[0].text
        member = sign_in(cast.cerys)
        page = member.get(people(campaign)).text
        assert "Nia from 4B, I know Cerys" in page and "Not now" not in page
        vouching = people(campaign, f"/requests/{JoinRequest.get().id}/vouching")
        assert member.send(vouching).status_code == 303
        assert asker.get(people(campaign)).status_code == 200
        assert "Cerys Prosser vouched for you" in outbox(cast.nia.email)[0].text
        member.send(vouching)
        assert "decided this already" in member.get(people(campaign)).text

    def test_who_they_are_must_be_said(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], visibility="link")
        page = sign_in(cast.nia).send(f"/campaigns/{campaign.key}/joining", {"words": "x" * 401})
        assert page.status_code == 422 and "400 characters or less" in page.text and "x" * 401 in page.text

    def test_a_campaign_in_the_circle_cannot_be_asked(self, sign_in, client, cast):
        campaign = build_campaign(leads=[cast.amina])
        assert sign_in(cast.nia).send(f"/campaigns/{campaign.key}/joining", {"words": "Nia"}).status_code == 404

    def test_a_lead_says_not_now_without_a_mail_and_a_month_must_pass(self, sign_in, cast, outbox):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys], visibility="public")
        url = f"/campaigns/{campaign.key}/joining"
        asker = sign_in(cast.nia)
        asker.send(url, {"words": "Nia"})
        refusal = people(campaign, f"/requests/{JoinRequest.get().id}/refusal")
        assert sign_in(cast.cerys).send(refusal).status_code == 403
        assert sign_in(cast.nia).send(refusal).status_code == 403
        assert sign_in(cast.amina).send(refusal).status_code == 303
        assert not outbox(cast.nia.email)
        again = asker.send(url, {"words": "Nia again"})
        assert again.status_code == 422 and "a short while ago" in again.text
        with clock.frozen_at(NOON + timedelta(days=31)):
            assert sign_in(cast.nia).send(url, {"words": "Nia again"}).status_code == 303

    def test_two_presses_make_one_request(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], visibility="public")
        for _press in range(2):
            sign_in(cast.nia).send(f"/campaigns/{campaign.key}/joining", {"words": "Nia"})
        assert JoinRequest.select().count() == 1

    def test_strangers_vouch_for_nobody(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], visibility="public")
        sign_in(cast.nia).send(f"/campaigns/{campaign.key}/joining", {"words": "Nia"})
        url = people(campaign, f"/requests/{JoinRequest.get().id}/vouching")
        assert sign_in(cast.nia).send(url).status_code == 403
        assert not Campaign.get_by_id(campaign.id).has_member(cast.nia)


def test_names_are_shown_as_typed_never_as_markup(sign_in, cast):
    campaign = build_campaign(leads=[cast.amina], members=[build_person("<b>Bobby</b>")])
    page = sign_in(cast.amina).get(people(campaign)).text
    assert "<b>Bobby</b>" not in page and "<b>Bobby</b>" in unescape(page)
