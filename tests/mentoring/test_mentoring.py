"""Mentor pairs: proposed, accepted by both, read by the two alone, ended in one press."""

from datetime import timedelta

import pytest

from portal.campaigns.models import Membership
from portal.errors import RuleBroken
from portal.mentoring import operations
from portal.mentoring.models import First, MentorPair, OneToOne, PlanStep
from tests.builders import add_member, build_campaign, build_pair, build_person
from tests.conftest import NOON
from tests.counting import count_sql

CHAT = {
    "chat-held_on": "2026-11-22",
    "chat-where": "On the stairs",
    "chat-cares_about": "The children’s chests",
    "chat-next_step": "Bring Hassan along",
    "chat-next_on": "2026-11-30",
}


@pytest.fixture
def campaign(cast):
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola, visibility="public")


@pytest.fixture
def pair(campaign, cast):
    return build_pair(campaign, mentor=cast.ola, mentee=cast.cerys)


class TestProposing:
    def propose(self, browser, campaign, mentor, mentee, **given):
        sent = {"mentor": str(mentor.id), "mentee": str(mentee.id), "purpose": "Chairing", "rhythm": "weekly", **given}
        return browser.send(f"/campaigns/{campaign.key}/mentoring/new", sent)

    def test_an_organizer_proposes_themselves_and_the_other_accepts(self, sign_in, cast, campaign, outbox):
        assert self.propose(sign_in(cast.ola), campaign, cast.ola, cast.cerys).status_code == 303
        pair = MentorPair.get()
        assert pair.is_proposed and len(outbox(cast.cerys.email)) == 1 and outbox(cast.ola.email) == []
        cerys = sign_in(cast.cerys)
        assert "Would you like that?" in cerys.get(f"/mentoring/{pair.id}").text
        assert cerys.send(f"/mentoring/{pair.id}/acceptance").status_code == 303
        assert MentorPair.get().is_active

    def test_a_lead_proposes_two_others_and_both_must_say_yes(self, sign_in, cast, campaign):
        self.propose(sign_in(cast.amina), campaign, cast.ben, cast.cerys)
        pair = MentorPair.get()
        sign_in(cast.ben).send(f"/mentoring/{pair.id}/acceptance")
        assert MentorPair.get().is_proposed
        sign_in(cast.cerys).send(f"/mentoring/{pair.id}/acceptance")
        assert MentorPair.get().is_active

    def test_no_is_taken_without_a_reason(self, sign_in, cast, campaign):
        self.propose(sign_in(cast.ola), campaign, cast.ola, cast.cerys)
        pair = MentorPair.get()
        cerys = sign_in(cast.cerys)
        assert cerys.send(f"/mentoring/{pair.id}/refusal").status_code == 303
        assert cerys.send(f"/mentoring/{pair.id}/acceptance").status_code == 422

    @pytest.mark.parametrize("mail_part", ["subject", "text"])
    def test_the_mail_names_no_campaign(self, sign_in, cast, campaign, outbox, mail_part):
        self.propose(sign_in(cast.ola), campaign, cast.ola, cast.cerys)
        assert campaign.title not in getattr(outbox(cast.cerys.email)[0], mail_part)

    def test_the_same_two_are_asked_once(self, sign_in, cast, campaign):
        browser = sign_in(cast.ola)
        self.propose(browser, campaign, cast.ola, cast.cerys)
        answer = self.propose(browser, campaign, cast.ola, cast.cerys)
        assert answer.status_code == 422 and "a pair already" in answer.text

    def test_four_are_enough_for_one(self, cast, campaign):
        for _number in range(4):
            person = build_person()
            add_member(campaign, person)
            build_pair(campaign, mentor=cast.ola, mentee=person)
        with pytest.raises(RuleBroken, match="enough for one"):
            operations.propose_pair(campaign, mentor=cast.ola, mentee=cast.cerys, purpose="x", rhythm="", by=cast.ola)

    def test_nobody_is_their_own_mentor(self, sign_in, cast, campaign):
        answer = self.propose(sign_in(cast.amina), campaign, cast.ben, cast.ben)
        assert answer.status_code == 422 and "two different people" in answer.text and "Chairing" in answer.text

    def test_people_from_elsewhere_can_not_be_chosen(self, sign_in, cast, campaign):
        answer = self.propose(sign_in(cast.amina), campaign, cast.dov, cast.cerys)
        assert answer.status_code == 422 and MentorPair.select().count() == 0

    def test_members_do_not_propose_and_strangers_find_a_public_campaign_but_no_way_in(self, sign_in, cast, campaign):
        assert self.propose(sign_in(cast.cerys), campaign, cast.ben, cast.cerys).status_code == 403
        assert self.propose(sign_in(cast.dov), campaign, cast.ben, cast.cerys).status_code == 403


class TestNobodyElse:
    @pytest.mark.parametrize("who", ["amina", "ben", "dov", "nia"])
    def test_sees_that_there_is_a_pair(self, sign_in, cast, pair, who):
        browser = sign_in(getattr(cast, who))
        missing = browser.get("/mentoring/999999")
        for url in ("", "/acceptance", "/refusal", "/end", "/steps", "/firsts", "/one-to-ones"):
            path = f"/mentoring/{pair.id}{url}"
            answer = browser.get(path) if not url else browser.send(path, CHAT)
            assert answer.status_code == 404
        assert browser.get(f"/mentoring/{pair.id}").data == missing.data
        assert "Cerys" not in browser.get("/mentoring").text

    def test_not_even_a_steward(self, sign_in, cast, pair):
        cast.nia.is_steward = True
        cast.nia.save()
        assert sign_in(cast.nia).get(f"/mentoring/{pair.id}").status_code == 404


class TestTheBook:
    def test_both_read_what_either_writes(self, sign_in, cast, pair):
        ola, cerys = sign_in(cast.ola), sign_in(cast.cerys)
        assert ola.send(f"/mentoring/{pair.id}/one-to-ones", CHAT).status_code == 303
        assert (
            cerys.send(f"/mentoring/{pair.id}/steps", {"step-text": "Chair ten minutes", "step-by_on": ""}).status_code
            == 303
        )
        sent = {"first-what": "Knocked on the first door", "first-on": "2026-11-20"}
        assert cerys.send(f"/mentoring/{pair.id}/firsts", sent).status_code == 303
        for browser in (ola, cerys):
            page = browser.get(f"/mentoring/{pair.id}").text
            assert all(
                words in page
                for words in ("The children’s chests", "Bring Hassan along", "Chair ten minutes", "first door")
            )

    def test_the_next_step_of_a_chat_is_in_the_plan(self, sign_in, cast, pair):
        sign_in(cast.ola).send(f"/mentoring/{pair.id}/one-to-ones", CHAT)
        step = PlanStep.get()
        assert (step.text, step.by_on.isoformat()) == ("Bring Hassan along", "2026-11-30")

    def test_a_step_is_ticked_and_unticked(self, sign_in, cast, pair):
        step = operations.add_step(pair, text="Chair", by_on=None, by=cast.ola)
        cerys = sign_in(cast.cerys)
        cerys.send(f"/mentoring/{pair.id}/steps/{step.id}/done")
        assert PlanStep.get().done_at == NOON
        cerys.send(f"/mentoring/{pair.id}/steps/{step.id}/again")
        assert PlanStep.get().done_at is None

    def test_a_step_of_another_pair_is_not_there(self, sign_in, cast, campaign, pair):
        other = build_pair(campaign, mentor=cast.ola, mentee=cast.ben)
        step = operations.add_step(other, text="Secret", by_on=None, by=cast.ola)
        assert sign_in(cast.cerys).send(f"/mentoring/{pair.id}/steps/{step.id}/done").status_code == 404

    @pytest.mark.parametrize(
        ("part", "sent", "says"),
        [
            ("one-to-ones", {**CHAT, "chat-held_on": "2026-11-24"}, "today or earlier"),
            ("one-to-ones", {**CHAT, "chat-cares_about": ""}, "Write what they care about"),
            ("one-to-ones", {**CHAT, "chat-next_step": ""}, "Write the next step"),
            ("steps", {"step-text": ""}, "Write the next step"),
            ("firsts", {"first-what": "Spoke", "first-on": "soon"}, "Enter a date like"),
        ],
    )
    def test_wrong_input_is_explained_and_kept(self, sign_in, cast, pair, part, sent, says):
        answer = sign_in(cast.ola).send(f"/mentoring/{pair.id}/{part}", sent)
        assert answer.status_code == 422 and says in answer.text
        kept = [value for name, value in sent.items() if value and name.endswith(("next_step", "what"))]
        assert all(value in answer.text for value in kept)
        assert OneToOne.select().count() == PlanStep.select().count() == First.select().count() == 0

    def test_a_long_book_costs_as_little_as_a_short_one(self, sign_in, cast, pair):
        browser = sign_in(cast.ola)
        with count_sql() as short:
            browser.get(f"/mentoring/{pair.id}")
        for number in range(30):
            operations.add_step(pair, text=f"Step {number}", by_on=None, by=cast.ola)
        with count_sql() as long:
            browser.get(f"/mentoring/{pair.id}")
        assert len(long) == len(short) <= 5


class TestEnding:
    @pytest.mark.parametrize("who", ["ola", "cerys"])
    def test_either_ends_it_in_one_press_and_both_still_read_it(self, sign_in, cast, pair, who):
        operations.add_step(pair, text="Chair ten minutes", by_on=None, by=cast.ola)
        assert sign_in(getattr(cast, who)).send(f"/mentoring/{pair.id}/end").status_code == 303
        for person in (cast.ola, cast.cerys):
            page = sign_in(person).get(f"/mentoring/{pair.id}").text
            assert "has ended" in page and "Chair ten minutes" in page

    def test_nothing_is_added_after_the_end(self, sign_in, cast, pair):
        operations.end_pair(pair, by=cast.cerys)
        answer = sign_in(cast.ola).send(f"/mentoring/{pair.id}/steps", {"step-text": "One more"})
        assert answer.status_code == 422 and PlanStep.select().count() == 0

    def test_pressing_twice_keeps_the_first_end(self, cast, pair):
        operations.end_pair(pair, by=cast.cerys)
        operations.end_pair(pair, by=cast.ola)
        assert MentorPair.get().ended_by_id == cast.cerys.id


def test_leaving_the_campaign_does_not_hide_a_persons_own_book(sign_in, cast, pair):
    Membership.update(left_at=NOON + timedelta(0)).where(Membership.person == cast.cerys.id).execute()
    assert sign_in(cast.cerys).get(f"/mentoring/{pair.id}").status_code == 200
