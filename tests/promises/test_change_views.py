"""Correcting, listing homes, another promise in its place and the history, through the front door."""

from datetime import date

import pytest

from portal.responses.checking.changing import correct_promise, renegotiate
from portal.responses.checking.looking import check_promise
from portal.responses.checking.passing import note_passed_days
from portal.responses.models import Commitment
from tests.builders import add_member, build_commitment, build_person, build_response

WRITING = ("/correction", "/reach")


@pytest.fixture
def promise(letter):
    return build_commitment(letter.campaign, made_on=date(2026, 11, 3), due_on=date(2026, 11, 22))


def page_of(promise, rest=""):
    return f"/campaigns/{promise.campaign.key}/promises/{promise.id}{rest}"


class TestCorrecting:
    def test_it_says_why_and_the_history_keeps_what_stood_there(self, promise, sign_in, cast):
        browser = sign_in(cast.amina)
        sent = {"what": "Fit 40 fans", "due_on": "2026-12-04", "why": "The letter says 40", "seen": 1}
        assert browser.send(page_of(promise, "/correction"), sent).status_code == 303
        page = browser.get(page_of(promise, "/history")).text
        assert "The words were corrected. Before: “Fit the fans”" in page and "“The letter says 40”" in page
        assert "from Sun 22 Nov to Fri 4 Dec" in page

    def test_without_a_reason_or_with_a_day_that_cannot_be_it_says_so(self, promise, sign_in, cast):
        for given, said in (
            ({"why": ""}, "Say what was wrong"),
            ({"why": "A slip", "due_on": "2026-11-01"}, "before they promised"),
        ):
            sent = {"what": "Fit 40 fans", "seen": 1, **given}
            page = sign_in(cast.amina).send(page_of(promise, "/correction"), sent)
            assert page.status_code == 422 and said in page.text and "Fit 40 fans" in page.text

    def test_whoever_comes_second_sees_both(self, promise, sign_in, cast):
        correct_promise(promise, by=cast.ben, what="Fit 31 fans", due_on=None, why="A slip", seen=1)
        sent = {"what": "Fit 40 fans", "why": "Mine", "seen": 1}
        browser = sign_in(cast.amina)
        page = browser.send(page_of(promise, "/correction"), sent)
        assert page.status_code == 409 and "Fit 31 fans" in page.text and "Fit 40 fans" in page.text
        seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
        assert browser.send(page_of(promise, "/correction"), {**sent, "seen": seen}).status_code == 303


class TestReach:
    def test_homes_are_listed_and_the_page_counts_by_them(self, promise, homes, sign_in, cast):
        browser = sign_in(cast.amina)
        sent = {"reach": "homes", "homes": [home.id for home in homes[:4]], "needed_share": "75"}
        assert browser.send(page_of(promise, "/reach"), sent).status_code == 303
        page = " ".join(browser.get(page_of(promise)).text.split())
        assert "0 of 4 homes say fixed. 3 are needed, so it is open." in page
        assert browser.get(page_of(promise, "/reach")).text.count(" checked") == 5

    def test_what_cannot_be_is_explained_and_the_ticks_stay(self, promise, homes, sign_in, cast):
        for given, said in (
            ({"reach": "homes"}, "Tick the homes"),
            ({"reach": "building", "needed_share": "0", "homes": [homes[0].id]}, "1 to 100"),
            ({}, "Choose whom it is about"),
        ):
            page = sign_in(cast.amina).send(page_of(promise, "/reach"), given)
            assert page.status_code == 422 and said in page.text
            assert page.text.count('name="homes" value="') == 8
            assert (f'value="{homes[0].id}" checked' in page.text) == ("homes" in given)


class TestAnew:
    def test_the_new_one_stands_and_each_leads_to_the_other(self, promise, letter, sign_in, cast):
        response = build_response(letter)
        browser = sign_in(cast.amina)
        assert "Fit the fans" in browser.get(page_of(promise, "/new-promise")).text
        sent = {"what": "Fit half", "made_on": "2026-11-23", "why": "Parts are short", "response": response.id}
        back = browser.send(page_of(promise, "/new-promise"), sent).headers["Location"]
        new = Commitment.get(Commitment.what == "Fit half")
        assert back.endswith(f"/promises/{new.id}") and new.response_id == response.id
        old = browser.get(page_of(promise)).text
        assert "They promise now: “Fit half”" in old and "Have you looked?" not in old
        assert "in the place of an earlier promise" in browser.get(f"{back}/history").text
        assert "Fit the fans" not in browser.get(f"/campaigns/{letter.campaign.key}/promises").text

    def test_what_is_missing_is_said(self, promise, sign_in, cast):
        sent = {"what": "Fit half", "made_on": "2026-11-02", "why": "Parts"}
        page = sign_in(cast.amina).send(page_of(promise, "/new-promise"), sent)
        assert page.status_code == 422 and "before the first promise" in page.text and "Fit half" in page.text
        page = sign_in(cast.amina).send(page_of(promise, "/new-promise"), {"what": "Fit half"})
        assert page.status_code == 422 and "Say why we take it" in page.text

    def test_only_leads_take_another(self, promise, sign_in, cast):
        secretary = build_person()
        add_member(promise.campaign, secretary, "secretary")
        for person, code in ((secretary, 403), (cast.cerys, 403), (cast.ola, 403), (cast.nia, 404)):
            assert sign_in(person).send(page_of(promise, "/new-promise")).status_code == code


def test_who_may_change_what_is_written(promise, sign_in, cast):
    secretary = build_person()
    add_member(promise.campaign, secretary, "secretary")
    for rest in WRITING:
        assert sign_in(secretary).get(page_of(promise, rest)).status_code == 200
        for person, code in ((cast.cerys, 403), (cast.ola, 403), (cast.nia, 404)):
            assert sign_in(person).send(page_of(promise, rest)).status_code == code
    assert sign_in(cast.ola).get(page_of(promise, "/history")).status_code == 200


class TestThePicture:
    def test_each_standing_has_a_row_that_leads_to_its_promises(self, promise, letter, sign_in, cast):
        build_commitment(letter.campaign, "Share the policy")
        build_commitment(letter.campaign, "Mend it", state="disputed", fixed_count=1, not_fixed_count=1)
        browser = sign_in(cast.cerys)
        page = browser.get(f"/campaigns/{letter.campaign.key}/promises").text
        assert "?only=late" in page and 'fill="url(#stand-unsure)"' in page and "?only=kept" not in page
        only = browser.get(f"/campaigns/{letter.campaign.key}/promises?only=unsure").text
        assert "Mend it" in only and "Share the policy" not in only and "Show all of them" in only


class TestOutside:
    def test_everybody_sees_how_published_promises_stand_and_no_small_numbers(self, letter, client):
        campaign = letter.campaign
        type(campaign).update(visibility="public").execute()
        given = {"state": "not_kept", "is_public": True, "due_on": date(2026, 11, 22)}
        build_commitment(campaign, "Fit fans", fixed_count=27, not_fixed_count=9, **given)
        build_commitment(campaign, "Mend it", fixed_count=3, not_fixed_count=1, **given)
        build_commitment(campaign, "A private promise", state="kept")
        page = client.get(f"/campaigns/{campaign.key}").text
        assert "Of 2 promises, 0 are kept, and 2 past the date or not kept." in page
        assert "27 say it is fixed. 9 say it is not." in page
        assert "Fewer than 5 say it is fixed. Fewer than 5 say it is not." in page and "A private promise" not in page


def test_what_they_say_is_done_is_to_be_looked_at_on_my_portal(promise, sign_in, cast):
    Commitment.update(due_on=date(2026, 12, 4)).execute()
    browser = sign_in(cast.cerys)
    assert "Did they keep it?" not in browser.get("/").text
    Commitment.update(claimed_done_on=date(2026, 11, 23)).execute()
    assert "Did they keep it?" in browser.get("/").text
    check_promise(promise, by=cast.cerys, verdict="cannot_tell")
    assert "Did they keep it?" not in browser.get("/").text


def test_the_timeline_says_that_a_day_passed_that_it_broke_again_and_what_came_instead(promise, sign_in, cast):
    note_passed_days()
    for person in (cast.amina, cast.ben):
        check_promise(promise, by=person, verdict="fixed")
    check_promise(promise, by=cast.cerys, verdict="not_fixed", again="broke")
    renegotiate(promise, by=cast.amina, what="Fit half", made_on=date(2026, 11, 23), why="Parts")
    page = sign_in(cast.cerys).get(f"/campaigns/{promise.campaign.key}").text
    for words in ("The day of a promise passed", "It broke again", "They promised anew: “Fit half”"):
        assert words in page
