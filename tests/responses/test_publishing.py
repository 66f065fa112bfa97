"""Publishing an answer: exactly what the page shows, and nothing that tells who lives where."""

import pytest

from portal.responses.models import Commitment, Response
from portal.responses.operations import publish_response
from tests.builders import add_member, build_person
from tests.responses.stage import page_of, read


class TestPublishing:
    def test_the_page_shows_what_becomes_public_and_what_stays(self, letter, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no", excerpt="a secret copy")
        Commitment.create(campaign=letter.campaign, response=response, what="Fit fans", made_on=response.received_on)
        page = sign_in(cast.amina).get(page_of(response, "/publication")).text
        assert "Fit fans" in page and "What stays inside" in page and "a secret copy" not in page
        assert Response.get_by_id(response.id).published_at is None

    def test_a_press_publishes_and_another_takes_it_back(self, letter, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no")
        browser = sign_in(cast.amina)
        assert (
            browser.send(page_of(response, "/publication"), {"public_words": "They said yes to one."}).status_code
            == 303
        )
        assert "They said yes to one." in browser.get(page_of(response)).text
        assert browser.send(page_of(response, "/publication/removal")).status_code == 303
        assert Response.get_by_id(response.id).published_at is None

    @pytest.mark.parametrize("words", ["Flat 12 is wet", "They called on 11C", "Cerys was told", "Ring 020 7946 0018"])
    def test_words_that_tell_who_lives_where_are_held_until_somebody_has_looked(
        self, letter, response, sign_in, cast, words
    ):
        read(response, cast.amina, "yes", "no", "no")
        browser = sign_in(cast.amina)
        page = browser.send(page_of(response, "/publication"), {"public_words": words})
        assert page.status_code == 422 and "Take it out, or tick" in page.text and words in page.text
        assert Response.get_by_id(response.id).published_at is None
        looked = {"public_words": words, "is_checked": "y"}
        assert browser.send(page_of(response, "/publication"), looked).status_code == 303

    def test_a_promise_that_names_a_home_is_held_too(self, letter, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no")
        Commitment.create(campaign=letter.campaign, response=response, what="Dry out 2A", made_on=response.received_on)
        page = sign_in(cast.amina).send(page_of(response, "/publication"), {"public_words": "They promised one thing."})
        assert page.status_code == 422 and "2A" in page.text

    def test_no_words_are_asked_for(self, letter, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no")
        page = sign_in(cast.amina).send(page_of(response, "/publication"), {"public_words": ""})
        assert page.status_code == 422 and "Write what the public page should say" in page.text

    def test_what_nobody_has_read_cannot_be_published(self, response, sign_in, cast):
        page = sign_in(cast.amina).send(page_of(response, "/publication"), {"public_words": "Words"})
        assert page.status_code == 422 and Response.get_by_id(response.id).published_at is None

    def test_a_change_since_the_page_was_read_is_shown_before_anything_is_published(self, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no")
        browser = sign_in(cast.amina)
        seen = (
            browser.get(page_of(response, "/publication"))
            .text.split('name="seen"')[1]
            .split('value="')[1]
            .split('"')[0]
        )
        read(response, cast.ben, "no", "no", "no")
        typed = {"public_words": "They said yes to one.", "seen": seen}
        page = browser.send(page_of(response, "/publication"), typed)
        assert page.status_code == 422 and "Read this page again" in page.text
        assert Response.get_by_id(response.id).published_at is None
        again = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
        assert browser.send(page_of(response, "/publication"), {**typed, "seen": again}).status_code == 303

    def test_a_change_after_publishing_is_pointed_out(self, letter, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no")
        publish_response(response, by=cast.amina, public_words="Words")
        browser = sign_in(cast.amina)
        assert "have changed since" not in browser.get(page_of(response)).text
        read(response, cast.ben, "no", "no", "no")
        assert "have changed since" in browser.get(page_of(response)).text

    def test_only_leads_publish(self, letter, response, sign_in, cast):
        secretary = build_person()
        add_member(letter.campaign, secretary, "secretary")
        for rest in ("/publication", "/publication/removal"):
            for person, code in ((secretary, 403), (cast.cerys, 403), (cast.ola, 403), (cast.nia, 404)):
                assert sign_in(person).send(page_of(response, rest), {"public_words": "x"}).status_code == code
        assert sign_in(secretary).get(page_of(response, "/publication")).status_code == 403
