"""Keeping a letter moving: offered, taken on, declined, taken up after a quiet week; and who wrote it."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.models import Role
from portal.errors import RuleBroken
from portal.letters.blocks import Words, save_block
from portal.letters.models import Letter
from portal.letters.talk import lead
from portal.letters.talk.models import CoAuthor
from tests.conftest import NOON
from tests.counting import count_sql
from tests.talk.conftest import at, part

pytestmark = pytest.mark.usefixtures("in_a_request")


def leads(letter):
    return Letter.get_by_id(letter.id).lead_author


def again(letter):
    now = Letter.get_by_id(letter.id)
    now.campaign = letter.campaign
    return now


class TestHandingOver:
    def test_it_changes_hands_by_an_offer_and_a_yes(self, letter, cast, dee, outbox):
        lead.offer_lead(letter, dee, by=cast.amina)
        assert leads(letter) == cast.amina
        assert "asks you to keep a letter moving" in outbox("dee@example.org")[0].text
        lead.accept_lead(again(letter), by=dee)
        assert leads(letter) == dee
        assert Letter.get_by_id(letter.id).lead_offered_to is None
        assert CoAuthor.get(CoAuthor.person == dee.id).how == "took_lead"
        assert "Dee said yes" in outbox("amina@example.org")[0].text.replace("Dee Drafter", "Dee")

    def test_a_no_leaves_it_and_is_told(self, letter, cast, dee, outbox):
        lead.offer_lead(letter, dee, by=cast.amina)
        lead.stop_offering(again(letter), by=dee)
        assert leads(letter) == cast.amina and Letter.get_by_id(letter.id).lead_offered_to is None
        assert "cannot take the letter over now" in outbox("amina@example.org")[0].text
        with pytest.raises(RuleBroken):
            lead.accept_lead(again(letter), by=dee)

    def test_only_whoever_has_it_offers_it_and_only_to_writers(self, letter, cast, dee):
        for to, by in ((dee, cast.ben), (cast.cerys, cast.amina), (cast.amina, cast.amina)):
            with pytest.raises(RuleBroken):
                lead.offer_lead(letter, to, by=by)

    def test_nobody_else_answers(self, letter, cast, dee):
        lead.offer_lead(letter, dee, by=cast.amina)
        with pytest.raises(RuleBroken):
            lead.accept_lead(again(letter), by=cast.ben)
        with pytest.raises(RuleBroken):
            lead.stop_offering(again(letter), by=cast.ben)


class TestTakingUp:
    def test_not_before_seven_quiet_days(self, letter, cast, dee):
        with clock.frozen_at(NOON + timedelta(days=6, hours=23)), pytest.raises(RuleBroken):
            lead.take_lead(letter, by=dee)

    def test_after_seven_quiet_days(self, letter, cast, dee, outbox):
        with clock.frozen_at(NOON + timedelta(days=7)):
            lead.take_lead(letter, by=dee)
        assert leads(letter) == dee
        assert "Nothing was saved for a week" in outbox("amina@example.org")[0].text

    def test_a_save_begins_the_week_anew(self, letter, cast, dee):
        with clock.frozen_at(NOON + timedelta(days=5)):
            save_block(part(letter, "closing"), Words("New"), seen=1, by=cast.ben)
        with clock.frozen_at(NOON + timedelta(days=8)), pytest.raises(RuleBroken):
            lead.take_lead(letter, by=dee)

    def test_at_once_when_the_one_who_had_it_no_longer_writes(self, letter, cast, dee):
        Role.update(ended_at=clock.now()).where(Role.membership.in_(cast.amina.memberships)).execute()
        letter.campaign.__dict__.pop("_parts", None)
        lead.take_lead(letter, by=dee)
        assert leads(letter) == dee

    def test_two_at_once_is_one(self, letter, cast, dee):
        mine = again(letter)
        with clock.frozen_at(NOON + timedelta(days=9)):
            lead.take_lead(letter, by=dee)
            with pytest.raises(RuleBroken):
                lead.take_lead(mine, by=cast.ben)
        assert leads(letter) == dee


class TestThePage:
    def test_it_names_who_wrote_and_offers_what_each_may_do(self, letter, cast, dee, sign_in):
        CoAuthor.create(letter=letter, person=cast.amina, how="started")
        CoAuthor.create(letter=letter, person=cast.cerys, how="suggested")
        browser = sign_in(cast.amina)
        with count_sql() as seen:
            page = browser.get(at(letter, "/authors")).text
        assert len(seen) <= 5
        assert "Cerys Prosser" in page and "Hand it over" in page
        answer = browser.send(at(letter, "/authors/offer"), {"person": dee.id})
        assert answer.status_code == 303
        other = sign_in(dee)
        assert "Will you keep it moving?" in other.get(at(letter, "/authors")).text
        assert "You are asked to keep it moving" in other.get(at(letter)).text
        assert other.send(at(letter, "/authors/offer/answer/yes")).status_code == 303
        assert leads(letter) == dee
        assert other.send(at(letter, "/authors/offer/answer/yes")).status_code == 409

    def test_an_offer_to_nobody_is_a_sentence(self, letter, cast, dee, sign_in):
        page = sign_in(cast.amina).send(at(letter, "/authors/offer"), {})
        assert page.status_code == 422 and "Choose one of them" in page.text

    def test_a_refusal_and_taking_up_by_the_page(self, letter, cast, dee, sign_in):
        sign_in(cast.amina).send(at(letter, "/authors/offer"), {"person": dee.id})
        assert sign_in(dee).send(at(letter, "/authors/offer/answer/no")).status_code == 303
        assert sign_in(dee).send(at(letter, "/authors/taking-over")).status_code == 409
        with clock.frozen_at(NOON + timedelta(days=8)):
            browser = sign_in(dee)
            assert "Nothing was saved for seven days" in browser.get(at(letter, "/authors")).text
            assert browser.send(at(letter, "/authors/taking-over")).status_code == 303
        assert leads(letter) == dee

    @pytest.mark.parametrize("path", ["/authors/offer", "/authors/offer/answer/yes", "/authors/taking-over"])
    def test_members_may_not_and_strangers_know_nothing(self, letter, cast, sign_in, path):
        assert sign_in(cast.cerys).send(at(letter, path)).status_code == 403
        assert sign_in(cast.nia).send(at(letter, path)).status_code == 404

    @pytest.mark.parametrize(
        ("names", "words"),
        [(1, "Written by <bdi>Amina</bdi>."), (2, "<bdi>Amina</bdi> and <bdi>Ben</bdi>."), (4, "and 2 others.")],
    )
    def test_the_desk_says_who_wrote_it(self, letter, cast, sign_in, names, words):
        for person in (cast.amina, cast.ben, cast.cerys, cast.ola)[:names]:
            CoAuthor.create(letter=letter, person=person)
        browser = sign_in(cast.cerys)
        with count_sql() as seen:
            page = browser.get(at(letter)).text
        assert len(seen) <= 5
        assert words in " ".join(page.split())
