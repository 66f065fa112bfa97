"""An organization says that something is wrong, without an account: confirmed by mail, logged, private, put right."""

import io
from datetime import date, timedelta

import pytest

from portal import clock, limits
from portal.campaigns.models import Activity, Campaign
from portal.dashboards.queries import find_public_thread, find_thread
from portal.dashboards.thread import reply_line
from portal.records import corrections
from portal.records.models import Correction, RecordProposal
from portal.responses.models import Response
from portal.responses.operations import publish_response
from portal.storage import StoredFile
from portal.targets.models import Organization
from tests import builders
from tests.cast import make_person
from tests.conftest import NOON
from tests.counting import count_sql

TYPED = {
    "statement": "31 of our 84 homes have mould.",
    "right": "We count 12.",
    "name": "Grant Oakes",
    "post": "Head of repairs",
    "email": "grant@meridale.example",
}


@pytest.fixture
def campaign(cast):
    return builders.build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public")


@pytest.fixture
def letter(campaign):
    return builders.build_letter(campaign, sent_on=date(2026, 10, 12))


def url_of(campaign):
    return f"/campaigns/{campaign.key}/corrections/new"


def tell(client, outbox, url, **typed):
    """Fill the form in and press the button that the mail leads to."""
    sent = client.send(url, {**TYPED, **typed})
    assert sent.status_code == 303 and sent.headers["Location"] == "/corrections/told"
    link = outbox({**TYPED, **typed}["email"])[-1].link("/corrections/confirm/")
    assert "Was it you?" in client.get(link).text
    assert client.send(link).status_code == 303
    return link


class TestTelling:
    def test_it_is_logged_as_an_answer_when_the_address_is_confirmed(self, campaign, letter, client, outbox, cast):
        url = url_of(campaign)
        assert "You need no account" in client.get(url).text
        client.send(url, TYPED)
        assert not Response.select().exists() and not outbox(cast.amina.email)
        link = outbox(TYPED["email"])[-1].link("/corrections/confirm/")
        client.get(link)
        assert Correction.get().state == "pending", "looking confirms nothing: mail scanners look"
        client.send(link)
        answer = Response.get()
        assert (answer.kind, answer.channel, answer.letter_id) == ("correction", "web", letter.id)
        assert (answer.sender_check, answer.published_at, answer.logged_by_id) == ("checked", None, None)
        assert "31 of our 84" in answer.text and "We count 12." in answer.text
        assert answer.from_name == "Grant Oakes, Head of repairs"
        assert not Activity.get(Activity.verb == "response_logged").is_public
        for person in (cast.amina, cast.ben):
            (mail,) = outbox(person.email)
            assert f"/responses/{answer.id}" in mail.text and "Meridale" not in mail.text
        assert "We count 12" not in client.get(f"/campaigns/{campaign.key}").text

    def test_pressing_twice_logs_it_once(self, campaign, letter, client, outbox):
        link = tell(client, outbox, url_of(campaign))
        assert client.send(link).status_code == 303
        assert Response.select().count() == 1
        assert "It is handed on" in client.get(link).text

    def test_an_address_that_is_not_theirs_is_marked(self, campaign, letter, client, outbox):
        tell(client, outbox, url_of(campaign), email="grant@gmail.com")
        assert Response.get().sender_check == "unchecked"

    def test_it_belongs_to_the_letter_on_whose_page_it_began(self, campaign, letter, client, outbox):
        newer = builders.build_letter(campaign, sent_on=date(2026, 11, 2), title="Newer")
        page = client.get(f"/letters/{letter.key}").text
        assert f"/letters/{letter.key}/corrections/new" in page
        tell(client, outbox, f"/letters/{letter.key}/corrections/new")
        assert Response.get().letter_id == letter.id
        tell(client, outbox, url_of(campaign))
        assert {row.letter_id for row in Response.select()} == {letter.id, newer.id}

    def test_it_stops_no_clock_and_hides_no_lateness(self, campaign, letter, client, outbox, cast):
        letter.answer_due_on = clock.today() - timedelta(days=3)
        letter.save()
        tell(client, outbox, url_of(campaign), email="stranger@else.example")
        assert reply_line(find_thread(campaign, cast.amina.id)).line == "late"
        assert reply_line(find_public_thread(campaign)[0]).line == "late"
        assert "past the date" in client.get(f"/campaigns/{campaign.key}").text

    def test_a_lead_can_publish_it(self, campaign, letter, client, outbox, cast, sign_in):
        tell(client, outbox, url_of(campaign))
        answer = Response.get()
        page = sign_in(cast.amina).get(f"/campaigns/{campaign.key}/responses/{answer.id}").text
        assert "We count 12." in page and "<h1>They say a fact is wrong</h1>" in page and "not read" not in page
        publish_response(answer, by=cast.amina, public_words="They count 12 homes.")
        assert "They count 12 homes." in client.get(f"/campaigns/{campaign.key}").text

    def test_a_file_comes_with_it(self, campaign, letter, client, outbox):
        data = {**TYPED, "file": (io.BytesIO(b"%PDF-1.7 survey"), "survey.pdf")}
        client.send(url_of(campaign), data, content_type="multipart/form-data")
        client.send(outbox(TYPED["email"])[-1].link("/corrections/confirm/"))
        assert Response.get().file.name == "survey.pdf"

    def test_what_is_missing_is_said_and_what_was_typed_is_kept(self, campaign, client, outbox):
        answer = client.send(url_of(campaign), {**TYPED, "email": "no address", "name": ""})
        assert answer.status_code == 422
        for words in ("Enter your name", "in the right form", "We count 12.", "31 of our 84"):
            assert words in answer.text, words
        assert not Correction.select().exists() and not outbox()

    def test_the_mail_carries_nothing_of_what_was_typed_but_the_name(self, campaign, client, outbox):
        client.send(url_of(campaign), {**TYPED, "right": "Buy at shop.example"})
        assert "Buy at" not in outbox()[-1].text and "Grant Oakes" in outbox()[-1].text

    def test_a_program_that_fills_in_everything_tells_nobody(self, campaign, client, outbox):
        assert client.send(url_of(campaign), {**TYPED, "homepage": "x"}).headers["Location"] == "/corrections/told"
        assert not Correction.select().exists() and not outbox()

    def test_too_many_from_one_network_are_refused_and_one_address_gets_three_mails(
        self, campaign, client, outbox, monkeypatch
    ):
        for _number in range(4):
            assert client.send(url_of(campaign), TYPED).status_code == 303
        assert len(outbox()) == 3
        monkeypatch.setattr(limits, "CORRECTION_NETWORK", limits.Limit("correction-network", 4, 86400))
        assert client.send(url_of(campaign), TYPED).status_code == 429

    def test_links_that_are_old_or_made_up_do_nothing(self, campaign, client, outbox):
        client.send(url_of(campaign), TYPED)
        link = outbox()[-1].link("/corrections/confirm/")
        assert client.get(f"{link}x").status_code == 410
        with clock.frozen_at(NOON + timedelta(days=8)):
            assert client.send(link).status_code == 410
        assert Correction.get().state == "pending"

    def test_what_nobody_confirmed_is_forgotten_with_its_file(self, campaign, client):
        data = {**TYPED, "file": (io.BytesIO(b"%PDF-1.7 forgotten"), "x.pdf")}
        client.send(url_of(campaign), data, content_type="multipart/form-data")
        with clock.frozen_at(NOON + timedelta(days=13)):
            assert corrections.forget_unconfirmed() == 0
        with clock.frozen_at(NOON + timedelta(days=15)):
            assert corrections.forget_unconfirmed() == 1
        assert not Correction.select().exists() and not StoredFile.select().exists()

    @pytest.mark.parametrize("visibility", ["circle", "link"])
    def test_who_may_not_read_the_page_is_told_it_is_missing(self, campaign, letter, client, visibility):
        Campaign.update(visibility=visibility).where(Campaign.id == campaign.id).execute()
        wanted = 404 if visibility == "circle" else 200
        for url in (url_of(campaign), f"/letters/{letter.key}/corrections/new"):
            assert client.get(url).status_code == wanted
        assert client.send(url_of(campaign), TYPED).status_code in (404, 303)
        assert Correction.select().exists() == (visibility == "link")


class TestWithoutALetter:
    def test_it_waits_on_a_page_of_its_own(self, campaign, client, outbox, cast, sign_in):
        tell(client, outbox, url_of(campaign))
        assert not Response.select().exists()
        (mail,) = outbox(cast.amina.email)
        page = mail.link("/corrections")
        lead = sign_in(cast.amina).get(page).text
        assert "We count 12." in lead and "grant@meridale.example" in lead
        member = sign_in(cast.cerys).get(page).text
        assert "We count 12." in member and "grant@meridale.example" not in member
        assert sign_in(cast.nia).get(page).status_code == 403
        browser = sign_in(cast.ben)
        with count_sql() as seen:
            browser.get(page)
        assert len(seen) <= 5

    def test_a_lead_notes_what_was_done(self, campaign, client, outbox, cast, sign_in):
        tell(client, outbox, url_of(campaign))
        url = f"/campaigns/{campaign.key}/corrections/{Correction.get().id}/handling"
        assert sign_in(cast.cerys).send(url, {"note": "x"}).status_code == 403
        browser = sign_in(cast.amina)
        refused = browser.send(url, {"note": ""})
        assert refused.status_code == 422 and "Write what you did" in refused.text
        assert browser.send(url, {"note": "We mended the page"}).status_code == 303
        assert "We mended the page" in browser.get(f"/campaigns/{campaign.key}/corrections").text
        assert browser.send(url, {"note": "Again"}).status_code == 422
        assert Correction.get().handled_note == "We mended the page"


class TestTheRecord:
    def test_it_becomes_a_proposal_and_stewards_are_told(self, campaign, client, outbox, sign_in):
        steward = make_person("Stef Steward")
        steward.is_steward = True
        steward.save()
        organization = campaign.target.organization
        url = f"/organizations/{organization.id}/corrections/new"
        tell(client, outbox, url, subject="website", right="https://meridale.example/")
        made = RecordProposal.get()
        assert (made.subject, made.becomes, made.by_id) == ("website", "https://meridale.example/", None)
        assert Organization.get_by_id(organization.id).website == ""
        page = sign_in(steward).get(outbox(steward.email)[0].link("/proposals/")).text
        assert "an address of theirs" in page and "Grant Oakes, Head of repairs" in page
        assert TYPED["email"] not in page

    def test_words_that_are_no_value_wait_as_words(self, campaign, client, outbox):
        url = f"/organizations/{campaign.target.organization_id}/corrections/new"
        tell(client, outbox, url, subject="website", right="We have none any more", email="x@else.example")
        made = RecordProposal.get()
        assert (made.subject, made.becomes, made.was) == ("words", "We have none any more", TYPED["statement"])
        assert Correction.get().sender_check == "unchecked"
