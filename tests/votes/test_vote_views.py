"""The pages of a vote: five statements, nothing told before one has voted, and who may press what."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.models import Campaign
from portal.letters.models import Letter
from portal.letters.votes import closing, voting
from portal.letters.votes.models import SignOff, Vote
from tests.builders import build_campaign, build_letter, build_person
from tests.conftest import NOON
from tests.counting import count_sql

LATER = NOON + timedelta(hours=73)


def at(letter, rest=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}/vote{rest}"


OPEN = {"closes_at": "2026-11-26T12:00", "pass_percent": "50", "core_percent": "50", "least_voters": "3", "seen": "1"}


def test_from_the_question_to_the_frozen_text(letter, sign_in, cast, dee):
    amina = sign_in(cast.amina)
    assert amina.send(at(letter), OPEN).status_code == 303
    assert "Read it and vote" in sign_in(cast.cerys).get(at(letter)[:-5]).text
    for person in (cast.amina, cast.ben, cast.cerys, dee):
        assert sign_in(person).send(at(letter, "/votes"), {"choice": "agree"}).status_code == 303
    page = amina.get(at(letter)).text
    assert "4 of 4 agree." in page and "Close the vote now and count" in page
    assert amina.send(at(letter, "/closing")).status_code == 303
    assert "We are agreed" in amina.get(at(letter)).text
    assert amina.send(at(letter)[:-5] + "/freeze").status_code == 303
    assert Letter.get_by_id(letter.id).is_fixed


class TestHiddenResults:
    REASON = "The lift is missing"

    @pytest.fixture
    def said(self, vote, cast):
        return voting.cast_vote(vote, choice="not_yet", reason=self.REASON, by=cast.cerys)

    def test_nothing_shows_before_one_has_voted_not_even_to_a_lead(self, said, letter, sign_in, cast):
        for who in (cast.amina, cast.ben, cast.ola):
            browser = sign_in(who)
            for url in (at(letter), at(letter)[:-5], f"/campaigns/{letter.campaign.key}", "/me"):
                page = browser.get(url).text
                assert self.REASON not in page and " agree." not in page, url
            assert "1 of 4 have voted" in sign_in(cast.amina).get(at(letter)).text

    def test_it_shows_once_one_has_voted(self, said, vote, letter, sign_in, cast):
        voting.cast_vote(vote, choice="agree", by=cast.ben)
        page = sign_in(cast.ben).get(at(letter)).text
        assert self.REASON in page and "1 of 2 agree." in page and "Answer Cerys" in page

    def test_it_shows_to_everybody_when_it_is_over_also_before_anybody_counted(self, said, letter, sign_in, cast):
        with clock.frozen_at(LATER):
            page = sign_in(cast.ben).get(at(letter)).text
        assert self.REASON in page and "We are not agreed yet" in page and "0 of 1 agree." in page

    def test_a_paper_is_not_shown_to_its_second_reader(self, vote, letter, sign_in, cast):
        voting.enter_paper(vote, person=cast.cerys, choice="not_yet", reason=self.REASON, by=cast.ben)
        page = sign_in(cast.amina).get(at(letter, "/paper")).text
        assert "Cerys Prosser" in page and self.REASON not in page and "checked" not in page.split("<main")[1]


class TestWhatWasWrongStaysTyped:
    def test_opening(self, letter, sign_in, cast):
        page = sign_in(cast.amina).send(at(letter), {**OPEN, "closes_at": "soon", "least_voters": "7"})
        assert page.status_code == 422 and "like 26/11/2026 19:00" in page.text and 'value="7"' in page.text

    def test_a_rule_that_nobody_can_meet(self, letter, sign_in, cast):
        page = sign_in(cast.amina).send(at(letter), {**OPEN, "least_voters": "7"})
        assert page.status_code == 422 and "cannot take more" in page.text

    def test_voting(self, vote, letter, sign_in, cast):
        browser = sign_in(cast.cerys)
        assert "Choose what you say" in browser.send(at(letter, "/votes"), {"reason": "Kept words"}).text
        page = browser.send(at(letter, "/votes"), {"choice": "not_yet", "reason": ""})
        assert page.status_code == 422 and "what should change" in page.text

    def test_answering(self, vote, letter, sign_in, cast):
        said = voting.cast_vote(vote, choice="worry", reason="It is long", by=cast.cerys)
        voting.cast_vote(vote, choice="agree", by=cast.ben)
        url = at(letter, f"/votes/{said.id}/answer")
        browser = sign_in(cast.ben)
        assert "Write what you answer" in browser.send(url, {"answer": " "}).text
        assert browser.send(url, {"answer": "We cut it"}).status_code == 303
        assert "We cut it" in browser.get(at(letter)).text

    def test_paper(self, vote, letter, sign_in, cast):
        ben, amina = sign_in(cast.ben), sign_in(cast.amina)
        wrong = ben.send(at(letter, "/paper"), {"reason": "Kept words", "person": ""})
        assert wrong.status_code == 422 and "Kept words" in wrong.text and "Choose whose paper" in wrong.text
        assert ben.send(at(letter, "/paper"), {"person": str(cast.cerys.id), "choice": "agree"}).status_code == 303
        paper = Vote.get()
        check = at(letter, f"/paper/{paper.id}/check")
        assert "Choose what is ticked" in amina.send(check).text
        assert "read it differently" in amina.send(check, {"choice": "worry"}).text
        assert amina.send(check, {"choice": "agree"}).status_code == 303
        assert SignOff.get().voter_count == 1
        assert ben.send(at(letter, f"/paper/{paper.id}/withdrawal")).status_code == 422

    def test_stopping(self, vote, letter, sign_in, cast):
        browser = sign_in(cast.ben)
        assert "Say why" in browser.send(at(letter, "/stop")).text
        assert browser.send(at(letter, "/stop"), {"why": "We forgot the lifts"}).status_code == 303
        assert "Ben stopped the vote: “We forgot the lifts”" in browser.get(at(letter)).text


POSTS = [
    ("", OPEN, "lead"),
    ("/nudges", {}, "lead"),
    ("/closing", {}, "lead"),
    ("/stop", {"why": "x"}, "lead"),
    ("/paper", {}, "keeper"),
    ("/votes", {"choice": "agree"}, "member"),
]


class TestWhoMay:
    def test_members_vote_and_press_nothing_else(self, vote, letter, sign_in, cast):
        for path, sent, who in POSTS:
            wanted = 303 if who == "member" else 403
            assert sign_in(cast.cerys).send(at(letter, path), sent).status_code == wanted, path

    def test_an_organizer_reads_and_never_votes(self, vote, letter, sign_in, cast):
        assert "The members vote" in sign_in(cast.ola).get(at(letter)).text
        for path, sent, _who in POSTS:
            assert sign_in(cast.ola).send(at(letter, path), sent).status_code == 403, path

    def test_whoever_is_not_in_it_finds_nothing(self, vote, letter, sign_in, cast):
        assert Campaign.get_by_id(letter.campaign_id).visibility == "circle"
        assert sign_in(cast.nia).get(at(letter)).status_code == 404
        for path, sent, _who in POSTS:
            assert sign_in(cast.nia).send(at(letter, path), sent).status_code == 404, path

    def test_a_vote_of_another_letter_is_not_here(self, vote, letter, sign_in, cast):
        said = voting.cast_vote(vote, choice="worry", reason="x", by=cast.cerys)
        other = build_letter(letter.campaign)
        assert sign_in(cast.ben).send(at(other, f"/votes/{said.id}/answer"), {"answer": "x"}).status_code == 404


def test_the_page_takes_five_statements_however_many_vote(sign_in, cast):
    people = [build_person() for _ in range(30)]
    letter = build_letter(build_campaign(leads=[cast.amina], members=people))
    vote = closing.SignOff.create(letter=letter, number=1, sha256="0" * 64, closes_at=LATER, elector_count=31)
    from portal.letters.votes.models import Elector

    for person in [cast.amina, *people]:
        Elector.create(sign_off=vote, person=person)
    from portal.letters.wording import sha256_now

    SignOff.update(sha256=sha256_now(Letter.get_by_id(letter.id))).execute()
    for person in people[:20]:
        Vote.create(sign_off=vote, person=person, choice="worry", reason="Why so long?", answered_by=cast.amina)
    Vote.create(sign_off=vote, person=cast.amina, choice="agree")
    browser = sign_in(cast.amina)
    for path in ("", "/paper"):
        with count_sql() as seen:
            page = browser.get(at(letter, path))
        assert page.status_code == 200 and len(seen) <= 5, "\n".join(seen)
