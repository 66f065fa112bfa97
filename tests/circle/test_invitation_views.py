"""Links into the circle: made, passed on, used, closed."""

import re
from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns import circle, invitations
from portal.campaigns.models import Campaign, Invitation, Membership
from portal.errors import RuleBroken
from tests.builders import build_campaign
from tests.conftest import NOON
from tests.counting import count_sql


def make_link(campaign: Campaign, by, **given) -> str:
    return f"/join/{invitations.token_of(invitations.make_invitation(campaign, by=by, **given))}"


class TestMakingLinks:
    def test_any_member_makes_one_and_gets_it_to_copy_and_as_a_code(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        browser = sign_in(cast.cerys)
        made = browser.send(f"/campaigns/{campaign.key}/invitations", {"note": "Fourth floor"})
        assert made.status_code == 303
        page = browser.get(made.headers["Location"]).text
        link = re.search(r'value="http://localhost(/join/[^"]+)"', page)
        assert link and "<svg" in page and "Fourth floor" in page and "Mon 7 Dec" in page
        assert campaign.title in sign_in(None).get(link.group(1)).text

    def test_a_note_too_long_is_kept_and_explained(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        page = sign_in(cast.amina).send(f"/campaigns/{campaign.key}/invitations", {"note": "n" * 61})
        assert page.status_code == 422 and "60 characters or less" in page.text and "n" * 61 in page.text

    def test_organizers_and_strangers_make_none(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
        url = f"/campaigns/{campaign.key}/invitations"
        assert sign_in(cast.ola).send(url).status_code == 403
        assert sign_in(cast.dov).send(url).status_code == 404
        assert not Invitation.select().exists()

    def test_a_member_sees_own_links_a_lead_everybodys(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        invitations.make_invitation(campaign, by=cast.amina, note="From Amina")
        invitations.make_invitation(campaign, by=cast.cerys, note="From Cerys")
        url = f"/campaigns/{campaign.key}/invitations"
        assert "From Amina" not in sign_in(cast.cerys).get(url).text
        page = sign_in(cast.amina).get(url).text
        assert "From Cerys" in page and "made by Cerys Prosser" in page

    def test_the_list_costs_four_statements(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        for _each in range(10):
            invitations.make_invitation(campaign, by=cast.amina)
        browser = sign_in(cast.amina)
        with count_sql() as seen:
            browser.get(f"/campaigns/{campaign.key}/invitations")
        assert len(seen) <= 5

    def test_somebody_elses_link_is_not_shown_in_full_even_to_a_lead(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        theirs = invitations.make_invitation(campaign, by=cast.cerys)
        assert sign_in(cast.amina).get(f"/campaigns/{campaign.key}/invitations/{theirs.id}").status_code == 404

    def test_twenty_open_links_are_enough(self, cast):
        campaign = build_campaign(leads=[cast.amina])
        for _each in range(invitations.MOST_OPEN):
            invitations.make_invitation(campaign, by=cast.amina)
        with pytest.raises(RuleBroken, match="20 open links"):
            invitations.make_invitation(campaign, by=cast.amina)


class TestSendingByMail:
    def test_the_mail_names_who_invites_and_gives_nothing_else_away(self, sign_in, cast, outbox):
        campaign = build_campaign(leads=[cast.amina])
        made = invitations.make_invitation(campaign, by=cast.amina, note="Fourth floor")
        url = f"/campaigns/{campaign.key}/invitations/{made.id}"
        for _press in range(2):
            assert sign_in(cast.amina).send(url, {"email": "rosa@example.org"}).status_code == 303
        (mail,) = outbox("rosa@example.org")
        assert "Amina Dirie invites you" in mail.text
        everything = bytes(mail.row.source).decode() + mail.text
        for secret in (campaign.title, "Larkspur", "Ashmere", "Meridale", "Fourth", campaign.key):
            assert secret not in everything
        assert sign_in(None).get(mail.link("/join/")).status_code == 200

    def test_a_wrong_address_is_kept_and_explained(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        made = invitations.make_invitation(campaign, by=cast.amina)
        page = sign_in(cast.amina).send(f"/campaigns/{campaign.key}/invitations/{made.id}", {"email": "rosa@@"})
        assert page.status_code == 422 and 'value="rosa@@"' in page.text

    def test_a_closed_link_is_not_mailed(self, sign_in, cast, outbox):
        campaign = build_campaign(leads=[cast.amina])
        made = invitations.make_invitation(campaign, by=cast.amina)
        invitations.close_invitation(made, by=cast.amina)
        url = f"/campaigns/{campaign.key}/invitations/{made.id}"
        assert sign_in(cast.amina).send(url, {"email": "rosa@example.org"}).status_code == 422
        assert not outbox("rosa@example.org")

    def test_after_forty_mails_in_a_day_it_must_wait(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        made = invitations.make_invitation(campaign, by=cast.amina)
        browser = sign_in(cast.amina)
        url = f"/campaigns/{campaign.key}/invitations/{made.id}"
        answers = [browser.send(url, {"email": f"n{each}@example.org"}).status_code for each in range(41)]
        assert answers == [303] * 40 + [429]


class TestComingInByALink:
    def test_a_visitor_reads_first_signs_in_comes_back_and_joins(self, client, cast, outbox):
        campaign = build_campaign(leads=[cast.amina])
        link = make_link(campaign, cast.amina)
        landing = client.get(link)
        for words in (campaign.title, "Larkspur Point, Ashmere", "Amina Dirie invites you", "1 neighbour is in"):
            assert words in landing.text
        to_sign_in = re.search(r'href="(/sign-in\?next=[^"]+)"', landing.text).group(1)
        note = re.search(r'name="next"[^>]*value="([^"]+)"', client.get(to_sign_in).text).group(1)
        client.send("/sign-in", {"email": "rosa@example.org", "next": note})
        back = client.send(outbox("rosa@example.org")[0].link(), {"name": "Rosa Maddox"})
        assert back.headers["Location"] == link
        assert client.send(link).headers["Location"] == f"/campaigns/{campaign.key}"
        membership = Membership.select().order_by(Membership.id.desc()).get()
        assert (membership.person.name, membership.invited_by) == ("Rosa Maddox", cast.amina)
        assert Invitation.get().use_count == 1

    def test_looking_joins_nobody(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        sign_in(cast.nia).get(make_link(campaign, cast.amina))
        assert not campaign.has_member(cast.nia)

    def test_joining_twice_is_harmless_and_counts_once(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        link = make_link(campaign, cast.amina)
        browser = sign_in(cast.nia)
        assert browser.send(link).status_code == browser.send(link).status_code == 303
        assert Invitation.get().use_count == 1 and Campaign.get().member_count == 2
        assert "You are in this circle already" in browser.get(link).text

    def test_somebody_who_left_comes_back_by_a_link(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        circle.leave(campaign, by=cast.cerys)
        assert sign_in(cast.cerys).send(make_link(campaign, cast.amina)).status_code == 303
        assert Campaign.get().has_member(cast.cerys) and Campaign.get().member_count == 2

    def test_dead_closed_and_altered_links_look_the_same(self, client, cast):
        campaign = build_campaign(leads=[cast.amina])
        old = make_link(campaign, cast.amina)
        closed = invitations.make_invitation(campaign, by=cast.amina)
        invitations.close_invitation(closed, by=cast.amina)
        links = (f"/join/{invitations.token_of(closed)}", "/join/nonsense", old + "x")
        answers = [client.get(link) for link in links]
        with clock.frozen_at(NOON + timedelta(days=14)):
            answers.append(client.get(old))
        assert {answer.status_code for answer in answers} == {410}
        assert len({answer.text for answer in answers}) == 1
        assert "does not work any more" in answers[0].text

    def test_a_dead_link_lets_nobody_in(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        link = make_link(campaign, cast.amina)
        Invitation.update(closed_at=clock.now()).execute()
        assert sign_in(cast.nia).send(link).status_code == 410
        assert not Campaign.get().has_member(cast.nia)

    def test_a_link_closed_in_the_last_second_lets_nobody_in(self, cast):
        campaign = build_campaign(leads=[cast.amina])
        made = invitations.make_invitation(campaign, by=cast.amina)
        Invitation.update(closed_at=clock.now()).execute()
        with pytest.raises(RuleBroken, match="does not work any more"):
            invitations.accept_invitation(made, by=cast.nia)

    def test_a_token_made_for_something_else_opens_nothing(self, client, cast):
        from portal.tokens import sign

        campaign = build_campaign(leads=[cast.amina])
        made = invitations.make_invitation(campaign, by=cast.amina)
        assert client.get(f"/join/{sign('next', made.nonce)}").status_code == 410
        assert client.get(f"/join/{sign('invitation', [made.id])}").status_code == 410

    def test_the_organizer_reads_why_they_do_not_join(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
        page = sign_in(cast.ola).send(make_link(campaign, cast.amina))
        assert page.status_code == 422 and "cannot be a member too" in page.text
        assert Invitation.get().use_count == 0


class TestClosingLinks:
    def test_its_maker_or_a_lead_closes_it_others_do_not(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys, cast.nia])
        for closer, status in ((cast.nia, 403), (cast.dov, 404), (cast.cerys, 303), (cast.amina, 303)):
            made = invitations.make_invitation(campaign, by=cast.cerys)
            answer = sign_in(closer).send(f"/campaigns/{campaign.key}/invitations/{made.id}/closure")
            assert answer.status_code == status
            assert (Invitation.get_by_id(made.id).closed_at is not None) == (status == 303)


class TestPosters:
    def test_a_poster_is_made_and_printed_and_lives_ninety_days(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        browser = sign_in(cast.cerys)
        made = browser.send(f"/campaigns/{campaign.key}/invitations", {"note": "", "poster": "yes"})
        assert "poster.pdf" in browser.get(made.headers["Location"]).text
        sheet = browser.get(f"/campaigns/{campaign.key}/poster.pdf")
        assert sheet.headers["Content-Type"] == "application/pdf" and sheet.data.startswith(b"%PDF")
        with clock.frozen_at(NOON + timedelta(days=89)):
            assert invitations.open_poster(campaign) is not None
        with clock.frozen_at(NOON + timedelta(days=90)):
            assert invitations.open_poster(campaign) is None

    def test_without_one_it_leads_to_where_it_is_made(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina])
        invitations.make_invitation(campaign, by=cast.amina)
        answer = sign_in(cast.amina).get(f"/campaigns/{campaign.key}/poster.pdf")
        assert answer.headers["Location"] == f"/campaigns/{campaign.key}/invitations"

    def test_strangers_and_organizers_get_none(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
        invitations.make_invitation(campaign, by=cast.amina, is_poster=True)
        url = f"/campaigns/{campaign.key}/poster.pdf"
        assert sign_in(cast.dov).get(url).status_code == 404
        assert sign_in(cast.ola).get(url).status_code == 403
