"""The start page, my portal, finding a campaign, and what the portal says of itself."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.agreements import ask
from portal.campaigns.models import Attachment, JoinRequest
from portal.campaigns.search import index_campaign
from portal.dashboards.browsing import PAGE
from portal.database import transaction
from portal.meetings.models import Undertaking
from tests import builders
from tests.counting import count_sql


def publish(cast, **given):
    campaign = builders.build_campaign(leads=[cast.amina], visibility="public", **given)
    index_campaign(campaign)
    return campaign


class TestStart:
    def test_signed_out_it_tells_the_thread_and_two_ways_on(self, client):
        page = client.get("/")
        assert page.status_code == 200
        for words in ("Start a campaign", "Find a campaign", "Residents look"):
            assert words in page.text

    @pytest.mark.parametrize("url", ["/", "/campaigns", "/about", "/privacy"])
    def test_robots_may_read_the_open_pages_of_nobody_in_particular(self, client, sign_in, cast, url):
        page = client.get(url)
        assert "X-Robots-Tag" not in page.headers and page.headers["Cache-Control"] == "private, no-cache"
        assert sign_in(cast.nia).get(url).headers["Cache-Control"] == "no-store"


class TestMyPortal:
    def test_somebody_new_is_shown_both_ways_on(self, sign_in, cast):
        page = sign_in(cast.nia).get("/").text
        assert "You are in no campaign yet" in page and "Start a campaign" in page

    def test_it_names_what_wants_me_and_leads_there(self, sign_in, cast):
        campaign = builders.build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys])
        other = builders.build_campaign(leads=[cast.ben], title="Our club stays")
        today = clock.today()
        letter = builders.build_letter(
            campaign, sent_on=today - timedelta(days=30), answer_due_on=today - timedelta(days=16)
        )
        with transaction():
            ask(campaign, "send_letter", by=cast.ben, subject_id=letter.id)
        builders.build_response(letter)
        builders.build_commitment(campaign, what="Fit the fans", due_on=today - timedelta(days=2))
        builders.build_meeting(campaign)
        JoinRequest.create(campaign=campaign, person=cast.nia)
        Undertaking.create(campaign=campaign, person=cast.amina, who="Amina", what="Ring the paper", by_on=today)
        Attachment.create(campaign=other, person=cast.amina, asked_by=cast.ben)
        pair = builders.build_pair(campaign, mentor=cast.ben, mentee=cast.amina, accepted=False)
        page = sign_in(cast.amina).get("/").text
        for words in (
            "Ben Okafor asks you to agree to send the letter",
            "Something came that has to be read",
            "Fit the fans",
            "Meeting of the block",
            "Nia Vaughan asks to come in",
            "Ring the paper",
            "help as an organizer",
            f"/mentoring/{pair.id}",
            "Our club stays",
            "Something came that we have to read",
        ):
            assert words in page, words

    def test_what_i_can_not_do_does_not_want_me(self, sign_in, cast):
        campaign = builders.build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys])
        letter = builders.build_letter(campaign, sent_on=clock.today())
        with transaction():
            ask(campaign, "send_letter", by=cast.ben, subject_id=letter.id)
        builders.build_response(letter)
        page = sign_in(cast.cerys).get("/").text
        assert "asks you to agree" not in page and "has to be read" not in page
        assert "Nothing waits for you today." in page
        assert "asks you to agree" not in sign_in(cast.ben).get("/").text

    def test_nothing_of_other_campaigns_is_shown(self, sign_in, cast):
        campaign = builders.build_campaign(leads=[cast.ben], title="Not yours")
        builders.build_meeting(campaign)
        builders.build_commitment(campaign, what="Fit the fans", due_on=clock.today())
        page = sign_in(cast.dov).get("/").text
        for words in ("Not yours", "Meeting of the block", "Fit the fans"):
            assert words not in page

    def test_a_campaign_i_left_is_gone(self, sign_in, cast):
        campaign = builders.build_campaign(leads=[cast.ben], title="I left this")
        membership = builders.add_member(campaign, cast.dov)
        membership.left_at = clock.now()
        membership.save()
        assert "I left this" not in sign_in(cast.dov).get("/").text

    def test_as_many_statements_for_many_campaigns_as_for_one(self, sign_in, cast):
        browser = sign_in(cast.amina)
        counts = []
        for _more in range(3):
            campaign = builders.build_campaign(leads=[cast.amina])
            letter = builders.build_letter(campaign, sent_on=clock.today())
            builders.build_response(letter)
            builders.build_pair(campaign, mentor=cast.amina, mentee=builders.build_person())
            browser.get("/")
            with count_sql() as seen:
                browser.get("/")
            counts.append(len(seen))
        assert counts == [4, 4, 4]


class TestBrowse:
    def test_only_public_campaigns_are_there(self, client, cast):
        publish(cast, title="Open to all")
        builders.build_campaign(leads=[cast.amina], title="By link only", visibility="link")
        builders.build_campaign(leads=[cast.amina], title="In the circle")
        page = client.get("/campaigns").text
        assert "Open to all" in page and "By link only" not in page and "In the circle" not in page

    def test_words_find_by_their_beginnings_in_any_order(self, client, cast):
        publish(cast, title="Dry walls, working lifts")
        publish(cast, title="Clear water", problem="Brown water from the tap")
        page = client.get("/campaigns?q=lift+dry").text
        assert "working lifts" in page and "Clear water" not in page

    @pytest.mark.parametrize("typed", ['"', "*", "a AND", "%", "' OR 1=1 --", ") (", "NEAR(", "\x00", "ü" * 300])
    def test_nothing_typed_can_break_it(self, client, cast, typed):
        publish(cast)
        assert client.get("/campaigns", query_string={"q": typed}).status_code == 200

    def test_kind_and_town_narrow_it(self, client, cast):
        damp = publish(cast, title="Mould", kind="damp")
        damp.place.town = "Pellan"
        damp.place.save()
        publish(cast, title="Lifts", kind="repairs")
        assert "Lifts" not in client.get("/campaigns?kind=damp").text
        page = client.get("/campaigns?town=Pellan").text
        assert "Mould" in page and "Lifts" not in page

    def test_a_choice_that_is_not_offered_is_no_choice(self, client, cast):
        publish(cast, title="Mould")
        page = client.get("/campaigns?kind=everything&town=Nowhere")
        assert page.status_code == 200 and "Mould" in page.text

    def test_nothing_found_says_what_to_do(self, client, cast):
        publish(cast)
        page = client.get("/campaigns?q=submarine").text
        assert "Nothing found" in page and "Show all campaigns" in page

    def test_an_empty_portal_invites_to_begin(self, client):
        assert "No campaign is public yet" in client.get("/campaigns").text

    def test_pages_follow_without_gap_or_repeat_and_keep_the_search(self, client, cast):
        for number in range(PAGE + 3):
            publish(cast, title=f"Campaign {number:03}", kind="water")
        first = client.get("/campaigns?kind=water").text
        older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        assert "kind=water" in older
        second = client.get(older).text
        for number in range(PAGE + 3):
            assert (f"Campaign {number:03}" in first) != (f"Campaign {number:03}" in second)

    def test_htmx_gets_the_list_alone(self, sign_in, cast):
        publish(cast, title="Mould")
        page = sign_in(None, htmx=True).get("/campaigns?q=mould").text
        assert page.strip().startswith('<section id="results"') and "Mould" in page

    def test_two_statements_however_long_the_list(self, client, cast):
        for _each in range(12):
            publish(cast)
        with count_sql() as seen:
            client.get("/campaigns")
        assert len(seen) == 2

    def test_small_counts_say_gathering(self, client, cast):
        publish(cast, signature_count=9, signed_home_count=8, floors=3, homes_per_floor=4)
        page = client.get("/campaigns").text
        assert "gathering" in page and "8 of 12" not in page


def test_the_privacy_page_says_whom_to_write_to(client):
    page = client.get("/privacy").text
    assert "portal@example.org" in page and "takes the server away" in page and "mail companies" in page
