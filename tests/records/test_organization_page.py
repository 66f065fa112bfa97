"""The public page of an organization: only what is public counts, and every number says of what."""

from datetime import date, timedelta

import pytest

from portal import clock
from portal.campaigns.models import Campaign
from portal.records.facts import SentLetter, times_of
from portal.targets.models import Organization, OrganizationAddress, OrganizationName, PostHolder, Target
from tests import builders
from tests.clients import words_of
from tests.conftest import NOON
from tests.counting import count_sql

SENT = date(2026, 10, 1)


@pytest.fixture
def campaign(cast):
    return builders.build_campaign(leads=[cast.amina, cast.ben], visibility="public")


@pytest.fixture
def organization(campaign):
    return campaign.target.organization


def answered(campaign, *, after: int, published: bool = True, kind: str = "partial", **given):
    letter = builders.build_letter(campaign, sent_on=SENT, **given)
    builders.build_response(
        letter,
        received_on=SENT + timedelta(days=after),
        kind=kind,
        read_at=NOON,
        published_at=NOON if published else None,
    )
    return letter


def page_of(client, organization):
    answer = client.get(f"/organizations/{organization.id}")
    assert answer.status_code == 200
    return " ".join(answer.text.split("<main")[1].split())


def hide(campaign, visibility="circle"):
    Campaign.update(visibility=visibility).where(Campaign.id == campaign.id).execute()


def test_it_tells_campaigns_letters_times_and_promises(campaign, organization, client):
    for days in (10, 20, 60):
        answered(campaign, after=days)
    builders.build_letter(campaign, sent_on=clock.today() - timedelta(days=5), title="Still waiting")
    for state, due in (("kept", None), ("not_kept", None), ("promised", date(2026, 11, 1)), ("promised", None)):
        builders.build_commitment(campaign, state=state, due_on=due, is_public=True)
    builders.build_commitment(campaign, state="kept")
    page = page_of(client, organization)
    for words in (
        "From 1 public campaign on this portal",
        "<strong>4 letters</strong>",
        "<strong>20 days</strong> until half of their 3 answers had come",
        "<strong>1</strong> letter waits for an answer",
        "<strong>1 of 4</strong> promises kept",
        "after 60 days",
        "waiting for 5 days",
        "Philippa Stroud",
    ):
        assert words in page, words


def test_two_answers_are_listed_and_not_averaged(campaign, organization, client):
    answered(campaign, after=3)
    answered(campaign, after=30)
    page = page_of(client, organization)
    assert "3 and 30 days" in page and "half of" not in page


def test_nothing_is_told_of_a_letter_whose_first_answer_is_not_published(campaign, organization, client):
    letter = answered(campaign, after=4, published=False)
    builders.build_response(
        letter, received_on=SENT + timedelta(days=30), kind="refusal", read_at=NOON, published_at=NOON
    )
    answered(campaign, after=5, published=False, kind="holding")
    page = page_of(client, organization)
    assert "after 30 days" not in page and "after 4 days" not in page and "not on show" in page
    assert "waiting for 53 days" in page


def test_an_answer_to_the_letter_that_asks_again_answers_the_first_one(campaign, organization, client):
    letter = builders.build_letter(campaign, sent_on=SENT)
    chaser = builders.build_letter(campaign, sent_on=SENT + timedelta(days=20), chases=letter)
    builders.build_response(
        chaser, received_on=SENT + timedelta(days=25), kind="offer", read_at=NOON, published_at=NOON
    )
    page = page_of(client, organization)
    assert "<strong>1 letter</strong>" in page and "after 25 days" in page


@pytest.mark.parametrize("visibility", ["circle", "link"])
def test_campaigns_that_are_not_public_neither_show_nor_count(campaign, organization, client, cast, visibility):
    answered(campaign, after=10)
    other = builders.build_campaign(
        leads=[cast.dov], title="A secret campaign", target=builders.build_target(person_name="Secret Name")
    )
    hide(other, visibility)
    answered(other, after=99, title="A secret letter")
    builders.build_commitment(other, is_public=True, what="A secret promise", state="kept")
    page = page_of(client, organization)
    assert "From 1 public campaign" in page and "<strong>1 letter</strong>" in page
    # Keys in addresses are random, and may hold any two digits.
    words = words_of(page)
    assert "ecret" not in page and "99" not in words and "kept" not in words.split("What counts here")[0]
    index = client.get("/organizations").text
    assert "1 public campaign" in index


@pytest.mark.parametrize("visibility", ["circle", "link"])
def test_an_organization_that_no_public_campaign_writes_to_is_missing(
    campaign, organization, client, sign_in, cast, visibility
):
    hide(campaign, visibility)
    missing = client.get("/organizations/987654")
    here = client.get(f"/organizations/{organization.id}")
    assert (here.status_code, here.data) == (404, missing.data)
    assert dict(here.headers) == dict(missing.headers)
    assert sign_in(cast.nia).get(f"/organizations/{organization.id}").status_code == 404
    assert "Meridale" not in client.get("/organizations").text
    # Its own people see the record they write to.
    assert "No public campaign writes to them yet" in sign_in(cast.amina).get(f"/organizations/{organization.id}").text


def test_a_campaign_that_turned_to_somebody_else_still_counts_with_the_letter_it_sent(campaign, organization, client):
    answered(campaign, after=12)
    campaign.target = builders.build_target("Castle Homes")
    campaign.save()
    assert "after 12 days" in page_of(client, organization)
    assert "after 12 days" not in page_of(client, campaign.target.organization)


def test_the_record_shows_what_holds_today(organization, client, cast):
    today = clock.today()
    OrganizationAddress.create(organization=organization, value="now@meridale.example", verified_on=today)
    OrganizationAddress.create(
        organization=organization, value="old@meridale.example", valid_until=today - timedelta(days=1)
    )
    PostHolder.create(organization=organization, name="Rae New", post="chief executive", since_on=today)
    PostHolder.create(organization=organization, name="Len Old", until_on=today - timedelta(days=1))
    OrganizationName.create(organization=organization, name="Meridian", name_key="meridian")
    group = Organization.create(name="Group of Nobody", name_key="group of nobody")
    organization.parent = group
    organization.save()
    page = page_of(client, organization)
    assert "now@meridale.example" in page and "Rae New" in page and "Meridian" in page and "Group of Nobody" in page
    assert "old@meridale.example" not in page and "Len Old" not in page
    # The group is written to by nobody: its name is public, a page of its own is not.
    assert f'href="/organizations/{group.id}"' not in page


def test_five_statements_however_much_there_is(campaign, organization, client, sign_in, cast):
    browser = sign_in(cast.nia)
    for rounds in (1, 4):
        for _number in range(rounds):
            more = builders.build_campaign(leads=[cast.dov], visibility="public")
            answered(more, after=7)
            builders.build_commitment(more, is_public=True)
            Target.create(organization=organization, person_name="Somebody Else")
        for asker in (client, browser):
            for url in (f"/organizations/{organization.id}", "/organizations?q=meri"):
                with count_sql() as seen:
                    asker.get(url)
                assert len(seen) <= 5, seen


def test_the_list_is_found_by_any_name_and_paged_by_key(campaign, organization, client, monkeypatch):
    monkeypatch.setattr("portal.records.queries.PAGE", 2)
    for name in ("Alder Water", "Castle Homes", "Zed & Sons"):
        builders.build_campaign(target=builders.build_target(name), visibility="public")
    OrganizationName.create(organization=organization, name="Old 100% Homes", name_key="old 100% homes")
    first = client.get("/organizations").text
    assert "Alder Water" in first and "Castle Homes" in first and "Meridale" not in first
    second = client.get("/organizations?after=castle+homes").text
    assert "Meridale Homes" in second and "Zed &amp; Sons" in second and "Alder" not in second
    assert "Meridale Homes" in client.get("/organizations?q=100%25").text
    assert "Nothing found" in client.get("/organizations?q=_____").text


def test_robots_are_let_in_and_the_page_names_itself(organization, client, sign_in, cast):
    answer = client.get(f"/organizations/{organization.id}")
    assert "X-Robots-Tag" not in answer.headers and "index, follow" in answer.text
    assert f'rel="canonical" href="http://localhost/organizations/{organization.id}"' in answer.text
    assert sign_in(cast.nia).get(f"/organizations/{organization.id}").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("days", "middle"), [((), None), ((4, 9), None), ((9, 4, 100), 9), ((1, 2, 3, 10), 2.5), ((0, 0, 0), 0)]
)
def test_the_middle_needs_three(days, middle):
    letters = [SentLetter("", "", "", "", SENT, SENT + timedelta(days=count)) for count in days]
    assert times_of(letters).median == middle
