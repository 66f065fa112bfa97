"""Coming into a circle and going out of it."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns import agreements, circle, invitations, organizers, publicity, roles
from portal.campaigns.models import Activity, Campaign, JoinRequest, Membership, Role
from portal.errors import RuleBroken
from tests.builders import add_member, build_campaign, build_person
from tests.cast import Cast
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("in_a_request")


def fresh(campaign: Campaign) -> Campaign:
    return Campaign.get_by_id(campaign.id)


class TestComingIn:
    def test_a_neighbour_becomes_a_member_and_is_counted(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina])
        assert circle.let_in(campaign, cast.cerys, how="invitation", invited_by=cast.amina)
        assert fresh(campaign).member_count == 2
        membership = Membership.get(Membership.person == cast.cerys.id)
        assert (membership.how, membership.invited_by) == ("invitation", cast.amina)

    def test_coming_in_twice_counts_once(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina])
        circle.let_in(campaign, cast.cerys, how="invitation", invited_by=cast.amina)
        assert not circle.let_in(campaign, cast.cerys, how="vouched", invited_by=cast.amina)
        assert fresh(campaign).member_count == 2
        assert Activity.select().where(Activity.verb == "member_joined").count() == 1

    def test_it_stands_on_the_timeline_for_members_only(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina])
        circle.let_in(campaign, cast.cerys, how="invitation", invited_by=cast.amina)
        line = Activity.get(Activity.verb == "member_joined")
        assert line.by == cast.cerys and not line.is_public

    def test_somebody_who_left_can_come_back_without_the_old_roles(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina, cast.ben])
        circle.leave(campaign, by=cast.ben)
        assert circle.let_in(campaign, cast.ben, how="invitation", invited_by=cast.amina)
        assert fresh(campaign).member_count == 2
        assert fresh(campaign).parts_of(cast.ben) == {"signed_in", "member"}

    def test_the_fifth_neighbour_makes_a_gathering_campaign_active(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.ben, cast.cerys])
        circle.let_in(campaign, cast.dov, how="invitation", invited_by=cast.amina)
        assert fresh(campaign).state == "gathering"
        circle.let_in(campaign, cast.nia, how="invitation", invited_by=cast.amina)
        assert fresh(campaign).state == "active"

    def test_a_paused_campaign_stays_paused_when_people_come_in(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[build_person() for _each in range(5)], state="paused")
        circle.let_in(campaign, cast.nia, how="invitation", invited_by=cast.amina)
        assert fresh(campaign).state == "paused"

    def test_an_organizer_who_helps_cannot_also_be_a_member(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
        with pytest.raises(RuleBroken, match="organizer"):
            circle.let_in(campaign, cast.ola, how="invitation", invited_by=cast.amina)
        assert fresh(campaign).member_count == 1

    def test_coming_in_by_a_link_settles_the_question_that_waited(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], visibility="public")
        JoinRequest.create(campaign=campaign, person=cast.nia, words="Nia from 4B")
        circle.let_in(campaign, cast.nia, how="invitation", invited_by=cast.amina)
        assert JoinRequest.get().was_let_in


class TestLeaving:
    def test_roles_end_at_once_and_the_count_goes_down(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina, cast.ben])
        circle.leave(campaign, by=cast.ben)
        assert fresh(campaign).member_count == 1
        assert fresh(campaign).parts_of(cast.ben) == set()
        assert Role.select().where(Role.ended_at.is_null(False)).count() == 1

    def test_leaving_twice_counts_once(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        circle.leave(campaign, by=cast.cerys)
        circle.leave(campaign, by=cast.cerys)
        assert fresh(campaign).member_count == 1

    def test_the_last_lead_cannot_leave_the_others_behind(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        with pytest.raises(RuleBroken, match="no other lead"):
            circle.leave(campaign, by=cast.amina)
        assert fresh(campaign).has_member(cast.amina)

    def test_the_last_one_out_takes_the_campaign_off_the_public_pages(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], visibility="public")
        circle.leave(campaign, by=cast.amina)
        assert (fresh(campaign).visibility, fresh(campaign).public_at) == ("circle", None)

    def test_links_of_somebody_who_left_are_dead(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        token = invitations.token_of(invitations.make_invitation(campaign, by=cast.cerys))
        assert invitations.find_invitation(token)
        circle.leave(campaign, by=cast.cerys)
        assert invitations.find_invitation(token) is None

    def test_what_a_lead_asked_is_taken_back_when_they_leave(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina, cast.ben])
        publicity.ask_to_go(campaign, "link", by=cast.ben)
        circle.leave(campaign, by=cast.ben)
        assert agreements.open_one(campaign, "go_public") is None


class TestTakingSomebodyOut:
    def test_they_are_out_and_told_by_whom(self, cast: Cast, outbox) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        circle.remove(circle.membership_of(campaign, cast.cerys), by=cast.amina)
        assert not fresh(campaign).has_member(cast.cerys)
        (mail,) = outbox(cast.cerys.email)
        assert "Amina Dirie" in mail.text and campaign.title not in mail.text

    def test_a_lead_must_first_stop_being_one(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina, cast.ben])
        with pytest.raises(RuleBroken, match="End that role first"):
            circle.remove(circle.membership_of(campaign, cast.ben), by=cast.amina)

    def test_nobody_takes_themselves_out_this_way(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina, cast.ben])
        with pytest.raises(RuleBroken, match="That is you"):
            circle.remove(circle.membership_of(campaign, cast.amina), by=cast.amina)


class TestRoles:
    def test_a_role_runs_for_half_a_year_and_its_holder_is_told(self, cast: Cast, outbox) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        role = roles.give_role(circle.membership_of(campaign, cast.cerys), "drafter", by=cast.amina)
        assert role.until_on == clock.today() + timedelta(days=182)
        assert "drafter" in fresh(campaign).parts_of(cast.cerys)
        (mail,) = outbox(cast.cerys.email)
        assert "Letter writer" in mail.text and "Mon 24 May 2027" in mail.text
        assert campaign.title not in mail.text + mail.subject and "Meridale" not in mail.text

    def test_it_ends_by_itself(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        roles.give_role(circle.membership_of(campaign, cast.cerys), "drafter", by=cast.amina)
        with clock.frozen_at(NOON + timedelta(days=182)):
            assert "drafter" in fresh(campaign).parts_of(cast.cerys)
        with clock.frozen_at(NOON + timedelta(days=183)):
            assert "drafter" not in fresh(campaign).parts_of(cast.cerys)

    def test_renewing_runs_from_today(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        role = roles.give_role(circle.membership_of(campaign, cast.cerys), "secretary", by=cast.amina)
        with clock.frozen_at(NOON + timedelta(days=100)):
            roles.renew_role(role, by=cast.amina)
        with clock.frozen_at(NOON + timedelta(days=280)):
            assert "secretary" in fresh(campaign).parts_of(cast.cerys)

    def test_a_role_that_is_over_cannot_be_renewed(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        role = roles.give_role(circle.membership_of(campaign, cast.cerys), "secretary", by=cast.amina)
        roles.end_role(role, by=cast.amina)
        with pytest.raises(RuleBroken, match="over"):
            roles.renew_role(role, by=cast.amina)

    def test_the_same_role_is_not_given_twice(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        membership = circle.membership_of(campaign, cast.cerys)
        roles.give_role(membership, "drafter", by=cast.amina)
        with pytest.raises(RuleBroken, match="already"):
            roles.give_role(membership, "drafter", by=cast.amina)

    def test_one_who_left_gets_no_role(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        membership = circle.membership_of(campaign, cast.cerys)
        circle.leave(campaign, by=cast.cerys)
        with pytest.raises(RuleBroken, match="left"):
            roles.give_role(membership, "drafter", by=cast.amina)

    def test_a_single_starter_appoints_the_second_lead_alone(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.ben])
        roles.give_role(circle.membership_of(campaign, cast.ben), "lead", by=cast.amina)
        assert [lead.name for lead in roles.current_leads(campaign)] == ["Amina Dirie", "Ben Okafor"]

    def test_no_lead_is_made_or_ended_behind_another_leads_back(self, cast: Cast, outbox) -> None:
        campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys])
        role = roles.give_role(circle.membership_of(campaign, cast.cerys), "lead", by=cast.amina)
        roles.end_role(role, by=cast.amina)
        made, ended = outbox(cast.ben.email)
        assert "Amina Dirie made Cerys Prosser a lead" in made.text
        assert "Amina Dirie ended the lead role of Cerys Prosser" in ended.text
        assert not outbox(cast.amina.email)

    def test_the_last_lead_cannot_hand_the_lead_back(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        role = Role.get(Role.name == "lead")
        role.membership.campaign = campaign
        with pytest.raises(RuleBroken, match="no other lead"):
            roles.end_role(role, by=cast.amina)
        assert "lead" in fresh(campaign).parts_of(cast.amina)

    def test_a_lead_who_hands_back_takes_their_open_question_along(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina, cast.ben])
        publicity.ask_to_go(campaign, "link", by=cast.ben)
        role = Role.select().join(Membership).where(Membership.person == cast.ben.id).get()
        roles.end_role(role, by=cast.ben)
        assert agreements.open_one(campaign, "go_public") is None


class TestWhenNobodyLeads:
    def test_a_member_takes_it_up_and_those_before_are_told(self, cast: Cast, outbox) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        with clock.frozen_at(NOON + timedelta(days=200)):
            roles.take_up_lead(campaign, by=cast.cerys)
            assert [lead.name for lead in roles.current_leads(campaign)] == ["Cerys Prosser"]
        (mail,) = outbox(cast.amina.email)
        assert "Cerys Prosser leads now" in mail.text

    def test_nobody_takes_it_from_a_lead(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        with pytest.raises(RuleBroken, match="leads already"):
            roles.take_up_lead(campaign, by=cast.cerys)


class TestOrganizers:
    def test_a_declared_organizer_is_asked_and_sees_inside_only_after_yes(self, cast: Cast, outbox) -> None:
        campaign = build_campaign(leads=[cast.amina])
        attachment = organizers.ask_organizer(campaign, cast.ola.email.upper(), by=cast.amina)
        assert fresh(campaign).parts_of(cast.ola) == {"signed_in", "invited_organizer"}
        organizers.accept_asking(attachment, by=cast.ola)
        assert fresh(campaign).parts_of(cast.ola) == {"signed_in", "organizer"}
        assert Activity.select().where(Activity.verb == "organizer_attached").count() == 1
        (mail,) = outbox(cast.ola.email)
        assert campaign.title not in mail.text + mail.subject

    def test_asking_twice_makes_one_asking_and_one_mail(self, cast: Cast, outbox) -> None:
        campaign = build_campaign(leads=[cast.amina])
        first = organizers.ask_organizer(campaign, cast.ola.email, by=cast.amina)
        assert organizers.ask_organizer(campaign, cast.ola.email, by=cast.amina) == first
        assert len(outbox(cast.ola.email)) == 1

    def test_without_a_declaration_the_mail_says_how_and_nothing_is_attached(self, cast: Cast, outbox) -> None:
        campaign = build_campaign(leads=[cast.amina])
        assert organizers.ask_organizer(campaign, cast.nia.email, by=cast.amina) is None
        assert outbox(cast.nia.email)[0].link() == "/me/organizing"
        assert fresh(campaign).parts_of(cast.nia) == set()

    def test_a_member_cannot_be_the_organizer(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina])
        add_member(campaign, cast.ola)
        with pytest.raises(RuleBroken, match="in the circle"):
            organizers.ask_organizer(campaign, cast.ola.email, by=cast.amina)

    def test_a_no_leaves_no_line_on_the_timeline(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina])
        attachment = organizers.ask_organizer(campaign, cast.ola.email, by=cast.amina)
        organizers.end_attachment(attachment, by=cast.ola)
        assert fresh(campaign).parts_of(cast.ola) == set()
        assert not Activity.select().exists()

    def test_a_question_taken_back_cannot_be_accepted(self, cast: Cast) -> None:
        campaign = build_campaign(leads=[cast.amina])
        attachment = organizers.ask_organizer(campaign, cast.ola.email, by=cast.amina)
        organizers.end_attachment(attachment, by=cast.amina)
        with pytest.raises(RuleBroken, match="took the question back"):
            organizers.accept_asking(attachment, by=cast.ola)

    def test_a_lead_ends_the_help_once_and_the_organizer_is_told(self, cast: Cast, outbox) -> None:
        campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
        attachment = campaign.attachments.get()
        for _press in range(2):
            organizers.end_attachment(attachment, by=cast.amina)
        assert Activity.select().where(Activity.verb == "organizer_left").count() == 1
        assert len(outbox(cast.ola.email)) == 1
