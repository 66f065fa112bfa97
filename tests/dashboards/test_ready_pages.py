"""Pages kept for visitors without a cookie: the same bytes, never older than the last change, nobody else's."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.models import Campaign
from portal.dashboards.ready_pages import ReadyPages
from tests import builders
from tests.conftest import NOON
from tests.counting import count_sql


@pytest.fixture
def campaign(cast):
    return builders.build_campaign(leads=[cast.amina, cast.ben], visibility="public", title="Dry walls")


@pytest.fixture
def path(campaign):
    return f"/campaigns/{campaign.key}"


def test_the_second_visitor_gets_the_same_answer_for_one_short_question(app, path):
    first = app.test_client().get(path)
    with count_sql() as seen:
        second = app.test_client().get(path)
    assert second.data == first.data and dict(second.headers) == dict(first.headers)
    assert len(seen) == 1


def test_a_change_is_seen_at_once(app, campaign, path):
    assert "Dry walls" in app.test_client().get(path).text
    Campaign.update(title="Warm rooms").where(Campaign.id == campaign.id).execute()
    campaign.touch()
    assert "Warm rooms" in app.test_client().get(path).text


def test_a_campaign_that_left_the_public_is_missing_at_once(app, campaign, path):
    assert app.test_client().get(path).status_code == 200
    Campaign.update(visibility="circle").where(Campaign.id == campaign.id).execute()
    assert app.test_client().get(path).status_code == 404


def test_who_is_signed_in_never_gets_the_page_of_visitors(app, path, cast, sign_in):
    app.test_client().get(path)
    assert "Amina Dirie" in sign_in(cast.amina).get(path).text
    assert "Amina Dirie" not in app.test_client().get(path).text


def test_days_are_named_anew_when_the_day_changes(app, path):
    app.test_client().get(path)
    with clock.frozen_at(NOON + timedelta(days=1)), count_sql() as seen:
        app.test_client().get(path)
    assert len(seen) > 1


def test_a_browser_that_has_the_page_is_told_so(app, path):
    tag = app.test_client().get(path).headers["ETag"]
    assert app.test_client().get(path, headers={"If-None-Match": tag}).status_code == 304


def test_pages_with_a_form_are_never_kept(app, campaign):
    letter = builders.build_letter(campaign, frozen=True)
    pages = [app.test_client().get(f"/letters/{letter.key}").text for _visitor in range(2)]
    assert pages[0] != pages[1]


def test_an_answer_that_sets_a_cookie_is_not_kept():
    def application(environ, start_response):
        from portal.dashboards.ready_pages import OFFER, Offer

        environ[OFFER] = Offer("SELECT 1", (), (1,))
        start_response("200 OK", [("Set-Cookie", "s=1")])
        return [b"mine"]

    ready = ReadyPages(application)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    assert b"".join(ready(environ, lambda *given: None)) == b"mine"
    assert ready.kept.used_bytes == 0
