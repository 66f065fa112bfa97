"""The pages of a question: five statements, nothing told too early, and who may press what."""

from datetime import timedelta

from portal import clock
from portal.decisions import closing, voting
from portal.decisions.models import Ballot, BallotVote
from portal.responses.models import Response
from tests.builders import add_member, build_letter, build_person, build_response
from tests.conftest import NOON
from tests.counting import count_sql

FORM = {"question": "Do we accept 20 December?", "kind": "yes_no", "why": "", "closes_at": "2026-11-26T12:00"}


def at(campaign, rest=""):
    return f"/campaigns/{campaign.key}/decisions{rest}"


def test_from_the_question_to_the_result(campaign, sign_in, cast, sal):
    amina = sign_in(cast.amina)
    assert amina.send(at(campaign, "/new"), FORM).status_code == 303
    ballot = Ballot.get()
    here = at(campaign, f"/{ballot.id}")
    assert "Next: vote on a question" in sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
    for person, choice in ((cast.amina, "0"), (cast.ben, "0"), (cast.cerys, "1")):
        assert sign_in(person).send(here + "/votes", {"choice": choice, "worry": ""}).status_code == 303
    with clock.frozen_at(NOON + timedelta(hours=73)):
        closing.close_due()
        page = sign_in(cast.cerys).get(here).text
        assert "We said yes." in page and "You wanted it otherwise" in page
        assert sign_in(cast.cerys).send(here + "/view", {"words": "I would wait"}).status_code == 303
        assert "I would wait" in sign_in(sal).get(here).text
        assert "We said yes" in sign_in(sal).get(f"/campaigns/{campaign.key}").text
        assert "We said yes." in sign_in(sal).get(at(campaign)).text


def test_several_answers_and_what_was_typed_is_kept(campaign, sign_in, cast):
    amina = sign_in(cast.amina)
    wrong = amina.send(at(campaign, "/new"), {**FORM, "kind": "choice", "option_1": "Wait", "why": "It snows"})
    assert wrong.status_code == 422
    assert "at least two answers" in wrong.text and "It snows" in wrong.text and 'value="Wait"' in wrong.text
    soon = amina.send(at(campaign, "/new"), {**FORM, "closes_at": "2026-11-23T20:00"})
    assert soon.status_code == 422 and "sleep on it" in soon.text
    small = {**FORM, "closes_at": "2026-11-23T20:00", "is_small": "y", "kind": "choice"}
    assert amina.send(at(campaign, "/new"), {**small, "option_1": "Red", "option_2": "Blue"}).status_code == 303
    assert "Blue" in amina.get(at(campaign, f"/{Ballot.get().id}")).text


def test_an_answer_of_theirs_is_what_it_is_about(campaign, sign_in, cast):
    response = build_response(build_letter(campaign, sent_on=clock.today() - timedelta(days=9)), kind="offer")
    amina = sign_in(cast.amina)
    asked = at(campaign, f"/new?response={response.id}")
    Response.update(read_at=clock.now()).execute()
    assert asked in amina.get(f"/campaigns/{campaign.key}/responses/{response.id}").text
    assert "Is their answer good enough" in amina.get(asked).text
    assert amina.send(asked, FORM).status_code == 303
    ballot = Ballot.get()
    assert (ballot.subject_kind, ballot.subject_id, ballot.is_strategy) == ("response", response.id, True)
    assert f"/responses/{response.id}" in amina.get(at(campaign, f"/{ballot.id}")).text
    assert amina.get(at(campaign, "/new?response=987654")).status_code == 404


def test_nothing_shows_before_one_has_voted_not_even_to_a_lead(campaign, ask, sign_in, cast):
    ballot = ask()
    voting.cast_vote(ballot, choice=1, worry="The lift is missing", by=cast.cerys)
    for url in (at(campaign, f"/{ballot.id}"), at(campaign), f"/campaigns/{campaign.key}"):
        for who in (cast.amina, cast.ola):
            assert "The lift is missing" not in sign_in(who).get(url).text
    page = sign_in(cast.amina).get(at(campaign, f"/{ballot.id}")).text
    assert "1 of 4 have voted" in page and "How we voted" not in page
    assert "The lift is missing" in sign_in(cast.cerys).get(at(campaign, f"/{ballot.id}")).text


def test_a_choice_that_is_not_there_is_no_vote(campaign, ask, sign_in, cast):
    here = at(campaign, f"/{ask().id}")
    for wrong in ({}, {"choice": "5"}, {"choice": "x"}):
        answer = sign_in(cast.cerys).send(here + "/votes", {**wrong, "worry": "Kept words"})
        assert answer.status_code == 422 and "Kept words" in answer.text
    assert not BallotVote.select().exists()


def test_who_may_not_is_told_so(campaign, ask, sign_in, cast):
    here = at(campaign, f"/{ask().id}")
    for rest, who, status in (
        ("/votes", cast.ola, 403),
        ("/stop", cast.cerys, 403),
        ("/nudges", cast.cerys, 403),
        ("/view", cast.ola, 403),
        ("/paper", cast.cerys, 403),
        ("/votes", cast.nia, 404),
        ("/stop", cast.dov, 404),
    ):
        assert sign_in(who).send(here + rest, {"choice": "0", "why": "x"}).status_code == status, rest
    assert Ballot.get().outcome is None


def test_a_lead_reminds_and_calls_off_with_a_reason(campaign, ask, sign_in, cast, outbox):
    here = at(campaign, f"/{ask().id}")
    ben = sign_in(cast.ben)
    assert ben.send(here + "/nudges").status_code == 303
    assert ben.send(here + "/stop", {"why": ""}).status_code == 422
    assert ben.send(here + "/stop", {"why": "They answered"}).status_code == 303
    assert "Ben called it off: “They answered”" in sign_in(cast.cerys).get(here).text
    assert ben.send(here + "/nudges").status_code == 422
    assert [mail.subject for mail in outbox(cast.cerys.email)] == [
        "A question for the members waits for your vote",
        "Your vote is missing",
        "A vote is over",
    ]


def test_papers_are_typed_in_by_one_and_read_by_another(campaign, ask, sign_in, cast, sal):
    ballot = ask()
    here = at(campaign, f"/{ballot.id}/paper")
    ben, keeper = sign_in(cast.ben), sign_in(sal)
    assert ben.send(here, {"choice": "1"}).status_code == 422
    assert ben.send(here, {"person": str(cast.cerys.id), "choice": "1", "worry": "Too soon"}).status_code == 303
    paper = BallotVote.get()
    page = keeper.get(here).text
    assert "Cerys Prosser" in page and "Too soon" not in page and "checked" not in page.split("<main")[1]
    assert ben.send(f"{here}/{paper.id}/check", {"choice": "1"}).status_code == 422
    assert keeper.send(f"{here}/{paper.id}/check", {"choice": "0"}).status_code == 422
    assert keeper.send(f"{here}/{paper.id}/check", {"choice": "1"}).status_code == 303
    assert keeper.send(f"{here}/{paper.id}/withdrawal").status_code == 422
    assert Ballot.get().voter_count == 1


def test_pages_ask_five_questions_however_many_we_are(campaign, ask, sign_in, cast, sal):
    ballots = [ask(f"Question {number}") for number in range(2)]
    for _number in range(6):
        add_member(campaign, build_person())
    ballots.append(ask("All of us"))
    amina, keeper = sign_in(cast.amina), sign_in(sal)
    voting.cast_vote(ballots[-1], choice=0, worry="x", by=cast.amina)
    for browser, url in (
        (amina, at(campaign)),
        (amina, at(campaign, f"/{ballots[0].id}")),
        (amina, at(campaign, f"/{ballots[-1].id}")),
        (keeper, at(campaign, f"/{ballots[-1].id}/paper")),
        (amina, at(campaign, "/new")),
        (amina, f"/campaigns/{campaign.key}"),
    ):
        browser.get(url)
        with count_sql() as seen:
            assert browser.get(url).status_code == 200
        assert len(seen) <= 5, (url, seen)
