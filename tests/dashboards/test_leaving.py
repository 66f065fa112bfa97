"""Leaving for good: nothing that says who it was is left, and nothing in common is lost."""

from datetime import timedelta

from portal import clock, once
from portal import outbox as post
from portal.campaigns.models import Campaign, Membership
from portal.letters import signing
from portal.letters.models import Signature
from portal.mentoring.models import MentorPair
from portal.outbox import OutgoingMail
from portal.people import operations as people
from portal.people.models import Person, SignIn
from tests.builders import add_member, build_campaign, build_letter, build_pair, build_signature
from tests.conftest import NOON


class TestLeavingForGood:
    def test_the_person_is_gone_everywhere_at_once(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys])
        pair = build_pair(campaign, mentor=cast.amina, mentee=cast.cerys)
        here, there = sign_in(cast.cerys), sign_in(cast.cerys)
        answer = here.send("/me/leaving")
        assert answer.status_code == 303 and "storage" in answer.headers["Clear-Site-Data"]
        gone = Person.get_by_id(cast.cerys.id)
        assert (gone.name, gone.password_hash) == ("", None) and gone.email.endswith("@invalid")
        assert not SignIn.select().where(SignIn.person == gone.id).exists()
        assert there.get("/me").status_code == 303
        assert Membership.get(Membership.person == gone.id).left_at and MentorPair.get_by_id(pair.id).ended_at
        assert Campaign.get_by_id(campaign.id).member_count == 2

    def test_others_see_a_former_member(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        build_pair(campaign, mentor=cast.amina, mentee=cast.cerys)
        sign_in(cast.cerys).send("/me/leaving")
        page = sign_in(cast.amina).get("/mentoring").text
        assert "a former member" in page and "Cerys" not in page

    def test_a_last_lead_must_find_another_first_and_loses_nothing(self, sign_in, cast):
        campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
        other = build_campaign(leads=[cast.ben], title="Another one")
        add_member(other, cast.amina)
        page = sign_in(cast.amina).send("/me/leaving")
        assert page.status_code == 422 and campaign.title in page.text.replace("&#39;", "'")
        assert Person.get_by_id(cast.amina.id).name == "Amina Dirie"
        assert Membership.select().where(Membership.person == cast.amina.id, Membership.left_at.is_null()).count() == 2

    def test_looking_at_the_page_deletes_nothing(self, sign_in, cast):
        assert sign_in(cast.nia).get("/me/leaving").status_code == 200
        assert Person.get_by_id(cast.nia.id).name == "Nia Vaughan"

    def test_the_address_can_begin_anew(self, sign_in, cast, client, outbox):
        sign_in(cast.nia).send("/me/leaving")
        client.send("/sign-in", {"email": "nia@example.org"})
        client.send(outbox("nia@example.org")[-1].link(), {"name": "Nia Again"})
        assert Person.get(Person.email == "nia@example.org").id != cast.nia.id


class TestForgettingByTime:
    def test_those_who_never_confirmed_are_forgotten_after_two_weeks(self, cast):
        letter = build_letter(build_campaign(leads=[cast.amina]), frozen=True)
        waiting = build_signature(letter, "Rosa Maddox", state="pending")
        kept = build_signature(letter, "Theo Lin")
        with clock.frozen_at(NOON + timedelta(days=13)):
            assert signing.forget_unconfirmed() == 0
        with clock.frozen_at(NOON + timedelta(days=15)):
            assert signing.forget_unconfirmed() == 1
        gone = Signature.get_by_id(waiting.id)
        assert (gone.state, gone.name, gone.email) == ("expired", "", "")
        assert Signature.get_by_id(kept.id).name == "Theo Lin"

    def test_notices_go_after_a_month_and_letters_stay(self, app):
        for number, is_letter in enumerate((False, True)):
            OutgoingMail.create(
                kind="x",
                to="a@example.org",
                subject="x",
                source=b"x",
                message_id=str(number),
                dedupe_key=str(number),
                state="sent",
                is_letter=is_letter,
            )
        with clock.frozen_at(NOON + timedelta(days=31)):
            assert post.forget_old_post() == 1
        assert OutgoingMail.get().is_letter

    def test_dead_links_and_ended_sign_ins_go(self, client, sign_in, cast):
        client.send("/sign-in", {"email": cast.amina.email})
        sign_in(cast.amina).send("/sign-out")
        with clock.frozen_at(NOON + timedelta(days=31)):
            assert people.forget_old_sign_ins() == 2

    def test_form_keys_go_after_a_week(self, sign_in, cast):
        sign_in(cast.amina).send("/me/name", {"name": "Amina"})
        with clock.frozen_at(NOON + timedelta(days=8)):
            assert once.forget_old() == 1
