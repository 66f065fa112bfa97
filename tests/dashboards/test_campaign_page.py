"""The page of a campaign, for members, helpers, visitors and outsiders."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.agreements import ask
from portal.campaigns.models import Attachment, JoinRequest
from portal.database import transaction
from tests import builders
from tests.conftest import NOON
from tests.counting import count_sql


@pytest.fixture
def campaign(cast):
    return builders.build_campaign(
        leads=[cast.amina, cast.ben],
        members=[cast.cerys],
        floors=14,
        homes_per_floor=6,
        organizer=cast.ola,
        signature_count=143,
        signed_home_count=66,
        visibility="public",
    )


def send_letter(campaign, cast, *, days_ago: int, due_days_ago: int, **given):
    today = clock.today()
    letter = builders.build_letter(
        campaign,
        sent_on=today - timedelta(days=days_ago),
        answer_due_on=today - timedelta(days=due_days_ago),
        signature_count=143,
        signed_home_count=66,
        **given,
    )
    record(
        campaign,
        "letter_sent",
        by=cast.amina,
        about=letter,
        on=letter.sent_on,
        is_public=True,
        title=letter.title,
        channel="email",
        to="Philippa Stroud",
        signature_count=143,
        home_count=66,
    )
    return letter


def make_private(campaign):
    campaign.visibility = "circle"
    campaign.save()
    campaign.touch()


class TestWhoSeesIt:
    def test_a_circle_campaign_answers_strangers_like_a_missing_one(self, campaign, sign_in, client, cast):
        make_private(campaign)
        for browser in (client, sign_in(cast.nia)):
            private = browser.get(f"/campaigns/{campaign.key}")
            missing = browser.get("/campaigns/AAAAAAAAAAAAAAAAAAAAAA")
            assert (private.status_code, private.data) == (404, missing.data)

    def test_an_organizer_who_is_asked_reads_the_question_and_nothing_from_inside(self, campaign, sign_in, cast):
        make_private(campaign)
        send_letter(campaign, cast, days_ago=3, due_days_ago=-11)
        Attachment.create(campaign=campaign, person=cast.dov, asked_by=cast.amina)
        page = sign_in(cast.dov).get(f"/campaigns/{campaign.key}")
        assert page.status_code == 200
        assert "They ask you to help as an organizer" in page.text
        assert "We ask for dry walls" not in page.text and "Amina" not in page.text

    def test_members_and_organizers_see_the_inside(self, campaign, sign_in, cast):
        for person in (cast.amina, cast.cerys, cast.ola):
            assert "Everybody in the circle" in sign_in(person).get(f"/campaigns/{campaign.key}").text


class TestInside:
    def test_it_shows_where_it_stands_with_denominators(self, campaign, sign_in, cast):
        send_letter(campaign, cast, days_ago=30, due_days_ago=16)
        today = clock.today()
        for state, due in (
            ("kept", None),
            ("kept", None),
            ("kept", None),
            ("not_kept", -1),
            ("promised", -2),
            ("promised", -4),
            ("promised", 30),
        ):
            builders.build_commitment(campaign, state=state, due_on=today + timedelta(days=due) if due else None)
        page = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
        assert "66 of 84" in page and "homes signed the letter" in page
        assert "16 days" in page and "past the date for an answer" in page
        assert "3 of 7" in page and "promises kept, 3 past the date or not kept" in page
        assert "30 days, nothing" in page

    def test_a_promise_that_residents_do_not_agree_on_is_not_counted_as_not_kept(self, campaign, sign_in, cast):
        builders.build_commitment(campaign, state="disputed", due_on=clock.today() + timedelta(days=3))
        page = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
        assert "0 of 1" in page and "promise kept" in page and "or not kept" not in page

    def test_what_they_say_is_done_and_what_is_not_due_is_neither_late_nor_not_kept(self, campaign, sign_in, cast):
        today = clock.today()
        builders.build_commitment(campaign, due_on=today - timedelta(days=9), claimed_done_on=today)
        builders.build_commitment(campaign, state="not_kept", due_on=today + timedelta(days=3))
        page = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
        assert "0 of 2" in page and "or not kept" not in page and "1 being looked at" in page

    def test_the_three_facts_stand_apart(self, campaign, sign_in, cast):
        send_letter(campaign, cast, days_ago=3, due_days_ago=-11)
        page = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
        for words in ("Coming together", "Everybody can read it", "Waiting: an answer is due by"):
            assert words in page

    def test_there_is_one_next_step(self, campaign, sign_in, cast):
        page = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
        assert page.count('class="next"') == 1

    def test_who_can_not_do_it_reads_whom_to_ask(self, campaign, sign_in, cast):
        builders.build_demand(campaign)
        campaign.member_count = 8
        campaign.save()
        page = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
        assert "Next: write the letter" in page
        assert "This is for Amina Dirie or Ben Okafor to do. Ask them." in page
        assert "Start the letter" not in page
        assert "Start the letter" in sign_in(cast.amina).get(f"/campaigns/{campaign.key}").text

    def test_an_agreement_leads_to_its_page(self, campaign, sign_in, cast):
        letter = builders.build_letter(campaign, frozen=True)
        with transaction():
            ask(campaign, "send_letter", by=cast.ben, subject_id=letter.id)
        assert f"/letters/{letter.id}/sending" in sign_in(cast.amina).get(f"/campaigns/{campaign.key}").text
        assert "You asked. Now ask Amina Dirie" in sign_in(cast.ben).get(f"/campaigns/{campaign.key}").text

    def test_words_of_people_are_never_markup(self, campaign, sign_in, cast):
        record(campaign, "letter_started", by=cast.amina, title="<script>alert(1)</script>")
        builders.build_commitment(campaign, what="<b>soon</b>", due_on=clock.today() - timedelta(days=2))
        page = sign_in(cast.amina).get(f"/campaigns/{campaign.key}").text
        assert "<script>alert" not in page and "<b>soon" not in page
        assert "&lt;b&gt;soon" in page

    def test_older_lines_are_on_older_pages(self, campaign, sign_in, cast):
        for number in range(40):
            record(
                campaign,
                "meeting_called",
                by=cast.amina,
                on=clock.today() - timedelta(days=number),
                title=f"Meeting {number:02}",
            )
        browser = sign_in(cast.cerys)
        page = browser.get(f"/campaigns/{campaign.key}").text
        assert "Meeting 00" in page and "Meeting 35" not in page
        older = page.split('rel="next" href="')[1].split('"')[0]
        assert "Meeting 35" in browser.get(older).text

    def test_four_statements_however_much_there_is(self, campaign, sign_in, cast):
        browser = sign_in(cast.amina)
        browser.get(f"/campaigns/{campaign.key}")
        for _more in range(2):
            with count_sql() as seen:
                browser.get(f"/campaigns/{campaign.key}")
            assert len(seen) == 4, seen
            for _each in range(6):
                letter = send_letter(campaign, cast, days_ago=30, due_days_ago=16)
                builders.build_response(letter)
                builders.build_commitment(campaign, due_on=clock.today())
                builders.build_meeting(campaign)
                builders.add_member(campaign, builders.build_person(), "drafter")
                JoinRequest.create(campaign=campaign, person=builders.build_person())


class TestOutside:
    def test_the_public_page_holds_what_is_public_and_no_name_of_a_member(self, campaign, client, cast):
        send_letter(campaign, cast, days_ago=3, due_days_ago=-11)
        record(campaign, "member_joined", by=cast.cerys, about=None)
        record(campaign, "campaign_started", by=cast.amina, is_public=True)
        builders.build_demand(campaign, worst_acceptable="A fan in every kitchen")
        page = client.get(f"/campaigns/{campaign.key}").text
        assert "Read and sign the letter" in page and "Ask to join" in page
        assert "66 of 84" in page and "Mend the roof" in page
        for name in ("Amina", "Ben", "Cerys", "Ola", "joined", "A fan in every kitchen"):
            assert name not in page.split("<main")[1], name

    def test_drafts_unpublished_answers_and_private_promises_stay_inside(self, campaign, client, cast):
        letter = send_letter(campaign, cast, days_ago=20, due_days_ago=6)
        builders.build_letter(campaign, title="A draft of ours")
        response = builders.build_response(
            letter, received_on=clock.today() - timedelta(days=10), text="Secret words", kind="holding", read_at=NOON
        )
        record(campaign, "response_logged", by=cast.amina, about=response, on=response.received_on, channel="email")
        builders.build_commitment(campaign, what="A private promise")
        page = client.get(f"/campaigns/{campaign.key}").text
        for words in ("A draft of ours", "Secret words", "They wrote", "A private promise", "nothing"):
            assert words not in page.split("<main")[1], words
        assert "past the date we asked for" in page

    def test_an_unpublished_answer_keeps_the_page_from_calling_them_late(self, campaign, client, cast):
        letter = send_letter(campaign, cast, days_ago=20, due_days_ago=6)
        builders.build_response(letter)
        assert "late" not in client.get(f"/campaigns/{campaign.key}").text.split("<main")[1]

    def test_an_unpublished_answer_is_not_told_not_even_that_it_came(self, campaign, client, cast):
        letter = send_letter(campaign, cast, days_ago=20, due_days_ago=6)
        builders.build_response(letter, kind="refusal", read_at=NOON)
        page = client.get(f"/campaigns/{campaign.key}").text.split("<main")[1]
        assert "They said no" not in page and "late" not in page

    def test_only_public_promises_are_counted_outside(self, campaign, client):
        builders.build_commitment(campaign, state="kept", is_public=True)
        builders.build_commitment(campaign, state="not_kept")
        page = client.get(f"/campaigns/{campaign.key}").text
        assert "1 of 1" in page and "promise kept<" in page.replace("\n", "").replace("  ", "")

    def test_published_answers_and_promises_are_shown(self, campaign, client, cast):
        letter = send_letter(campaign, cast, days_ago=30, due_days_ago=16)
        response = builders.build_response(
            letter,
            received_on=clock.today() - timedelta(days=8),
            kind="commitment",
            read_at=NOON,
            published_at=NOON,
            public_words="They will mend the roof.",
        )
        record(
            campaign,
            "response_logged",
            by=cast.amina,
            about=response,
            on=response.received_on,
            is_public=True,
            channel="email",
        )
        builders.build_commitment(campaign, what="Mend the roof by spring", is_public=True)
        page = client.get(f"/campaigns/{campaign.key}").text
        for words in (
            "They will mend the roof.",
            "Mend the roof by spring",
            "They promised",
            "22 days, nothing",
            "0 of 1",
        ):
            assert words in page, words

    def test_small_counts_say_gathering(self, cast, client):
        campaign = builders.build_campaign(
            leads=[cast.amina], visibility="public", signature_count=9, signed_home_count=9, floors=3, homes_per_floor=4
        )
        builders.build_letter(campaign, frozen=True)
        page = client.get(f"/campaigns/{campaign.key}").text
        assert "Gathering" in page and "9 of 12" not in page

    def test_somebody_who_asked_to_join_is_told_so(self, campaign, sign_in, cast):
        JoinRequest.create(campaign=campaign, person=cast.nia)
        assert "You have asked to join" in sign_in(cast.nia).get(f"/campaigns/{campaign.key}").text

    def test_one_statement_once_it_is_ready_and_none_of_the_readers_own_things_in_it(
        self, campaign, client, sign_in, cast
    ):
        with count_sql() as seen:
            client.get(f"/campaigns/{campaign.key}")
        assert len(seen) <= 5
        with count_sql() as seen:
            client.get(f"/campaigns/{campaign.key}")
        assert len(seen) == 1
        assert "Nia Vaughan" in sign_in(cast.nia).get(f"/campaigns/{campaign.key}").text
        assert "Nia Vaughan" not in client.get(f"/campaigns/{campaign.key}").text

    def test_a_change_is_seen_at_once_and_an_unchanged_page_is_not_sent_again(self, campaign, client, cast):
        first = client.get(f"/campaigns/{campaign.key}")
        assert first.headers["Cache-Control"] == "private, no-cache"
        tag = {"If-None-Match": first.headers["ETag"]}
        again = client.get(f"/campaigns/{campaign.key}", headers=tag)
        assert (again.status_code, again.data) == (304, b"")
        record(campaign, "campaign_started", by=cast.amina, is_public=True)
        changed = client.get(f"/campaigns/{campaign.key}", headers=tag)
        assert changed.status_code == 200 and "We started" in changed.text

    def test_tomorrow_is_another_page(self, campaign, client, cast):
        send_letter(campaign, cast, days_ago=10, due_days_ago=0)
        tag = client.get(f"/campaigns/{campaign.key}").headers["ETag"]
        with clock.frozen_at(NOON + timedelta(days=1)):
            page = client.get(f"/campaigns/{campaign.key}", headers={"If-None-Match": tag})
            assert page.status_code == 200 and "1 day late" in page.text

    def test_robots_are_let_in_to_public_pages_only(self, campaign, client):
        page = client.get(f"/campaigns/{campaign.key}")
        assert "X-Robots-Tag" not in page.headers and "index, follow" in page.text
        campaign.visibility = "link"
        campaign.save()
        campaign.touch()
        page = client.get(f"/campaigns/{campaign.key}")
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow" and "index, follow" not in page.text
