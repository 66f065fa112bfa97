"""The pages of the plan: five statements, what each shows, and who may press what."""

from datetime import date, timedelta

import pytest

from portal import clock
from portal.escalation import catalogue, climbing
from portal.escalation.models import Rung
from portal.letters.models import Block, Letter
from portal.responses.deadlines.keeping import keep_deadlines
from tests.builders import build_commitment, build_response
from tests.conftest import NOON
from tests.counting import count_sql
from tests.deadlines.stage import deliver

STEP = {"kind": "press", "what": "Tell the Echo", "who": "", "trigger": "refusal", "letter": "", "consent": "vote"}


def at(campaign, rest=""):
    return f"/campaigns/{campaign.key}/plan{rest}"


@pytest.fixture
def broken(campaign, letter):
    """A promise that residents found not kept."""
    return build_commitment(
        campaign,
        "Fit the fans in forty homes.",
        due_on=date(2026, 11, 10),
        made_on=date(2026, 10, 20),
        state="not_kept",
        settled_at=clock.now(),
        not_fixed_count=2,
    )


def test_from_a_broken_promise_to_what_came_of_it(campaign, broken, step, decide, sign_in, cast):
    rung = step("broken", what="Tell the Echo")
    home, here = f"/campaigns/{campaign.key}", at(campaign, f"/steps/{rung.id}")
    amina, cerys = sign_in(cast.amina), sign_in(cast.cerys)
    page = amina.get(home).text
    assert "They broke a promise: “Fit the fans in forty homes”." in page
    assert "The plan’s next step is: Tell the Echo. Ask the members." in page and here in page
    assert amina.send(here + "/start").status_code == 422
    assert cerys.send(here + "/start").status_code == 403
    decide(rung)
    assert "Now somebody begins" in amina.get(home).text
    assert amina.send(here + "/start").status_code == 303
    assert amina.send(here + "/outcome", {"came_of_it": "Half a page"}).status_code == 422
    assert amina.send(here + "/outcome", {"came_of_it": "Half a page", "has_helped": "yes"}).status_code == 303
    assert "Half a page" in cerys.get(at(campaign)).text
    assert "Done: Tell the Echo" in cerys.get(home).text


def test_a_lead_asks_from_the_page_of_the_step(campaign, broken, step, sign_in, cast, outbox):
    here = at(campaign, f"/steps/{step('broken').id}")
    amina = sign_in(cast.amina)
    soon = amina.send(here + "/vote", {"closes_at": "2026-11-23T20:00", "why": "Because it rains"})
    assert soon.status_code == 422 and "sleep on it" in soon.text and "Because it rains" in soon.text
    assert amina.send(here + "/vote", {"closes_at": "2026-11-26T12:00", "why": ""}).status_code == 303
    assert "Do we take this step: “Tell the Echo”?" in sign_in(cast.cerys).get(here.split("/plan")[0]).text
    assert len(outbox()) == 3
    assert amina.send(here + "/vote", {"closes_at": "2026-11-26T12:00", "why": ""}).status_code == 422


def test_an_empty_plan_offers_the_one_that_fits(campaign, sign_in, cast):
    amina = sign_in(cast.amina)
    assert "Begin from this plan" in amina.get(at(campaign)).text
    assert "Begin from this plan" not in sign_in(cast.cerys).get(at(campaign)).text
    assert amina.send(at(campaign, "/adoption"), {"plan": "nonsense"}).status_code == 422
    assert amina.send(at(campaign, "/adoption"), {"plan": "social_housing"}).status_code == 303
    assert "Housing Ombudsman" in amina.get(at(campaign)).text
    assert amina.send(at(campaign, "/adoption"), {"plan": "utility"}).status_code == 422


def test_a_step_is_written_changed_moved_and_taken_out(campaign, letter, sign_in, cast):
    amina = sign_in(cast.amina)
    wrong = amina.send(at(campaign, "/steps/new"), {**STEP, "trigger": "silence"})
    assert wrong.status_code == 422 and "after how many days" in wrong.text and "Tell the Echo" in wrong.text
    who = f"person:{cast.cerys.id}"
    typed = {**STEP, "trigger": "silence", "days": "14", "letter": str(letter.id), "who": who}
    for what in ("Tell the Echo", "Call an MP"):
        assert amina.send(at(campaign, "/steps/new"), {**typed, "what": what}).status_code == 303
    first, second = Rung.select().order_by(Rung.id)
    assert (first.days, first.letter_id, first.who_id) == (14, letter.id, cast.cerys.id)
    here = at(campaign, f"/steps/{first.id}")
    seen = amina.get(here + "/edit").text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    changed = {**typed, "what": "Tell the Herald", "who": "role:spokesperson", "seen": seen}
    assert amina.send(here + "/edit", changed).status_code == 303
    clash = amina.send(here + "/edit", {**changed, "what": "Tell nobody"})
    assert clash.status_code == 409 and "Tell nobody" in clash.text and "Tell the Herald" in clash.text
    assert amina.send(here + "/move", {"way": "down"}).status_code == 303
    page = amina.get(at(campaign)).text
    assert page.index("Call an MP") < page.index("Tell the Herald") and "Spokesperson" in page
    assert amina.send(here + "/removal").status_code == 303
    assert "Put it back" in amina.get(at(campaign)).text
    assert amina.send(here + "/removal/undo").status_code == 303
    assert amina.send(here + "/skip", {"why": ""}).status_code == 422
    assert amina.send(here + "/skip", {"why": "Elections"}).status_code == 303
    assert "Skipped: Elections" in amina.get(here).text
    assert second.id != first.id


class TestWords:
    def test_they_quote_the_promise_and_leave_gaps_for_what_only_we_know(self, campaign, broken, step, sign_in, cast):
        here = at(campaign, f"/steps/{step('broken').id}")
        page = sign_in(cast.cerys).get(here).text
        assert "What Meridale Homes promised: “Fit the fans in forty homes”." in page
        assert (
            "How we worked out" not in page and "[the name of the paper]" in page and "{" not in page.split("<main")[1]
        )
        assert "Fit the fans" in sign_in(cast.cerys).get(here + "/paper").text

    def test_they_show_how_a_missed_date_was_worked_out(self, campaign, letter, step, sign_in, cast):
        deliver(letter, letter.sent_on)
        keep_deadlines(letter)
        rung = step("deadline", kind="ombudsman", what="Send our file")
        with clock.frozen_at(NOON + timedelta(days=90)):
            page = sign_in(cast.cerys).get(at(campaign, f"/steps/{rung.id}")).text
        assert "To Housing Ombudsman Service" in page and "How we worked out the date:" in page

    @pytest.mark.parametrize("kind", [kind.key for kind in catalogue.kinds().values() if kind.text])
    def test_every_kind_has_words_even_with_nothing_known(self, campaign, step, sign_in, cast, kind):
        rung = step("day", kind=kind, on_day=clock.today())
        page = sign_in(cast.cerys).get(at(campaign, f"/steps/{rung.id}")).text
        assert "Words to begin from" in page and "{" not in page.split("<main")[1]

    def test_a_letter_can_be_started_from_a_second_stage(self, campaign, letter, step, sign_in, cast):
        build_response(letter, kind="refusal", received_on=date(2026, 11, 2))
        rung = step("refusal", kind="stage_two", what="Second stage")
        here = at(campaign, f"/steps/{rung.id}/letter")
        assert sign_in(cast.cerys).send(here).status_code == 403
        assert sign_in(cast.amina).send(here).status_code == 303
        made = Letter.select().order_by(Letter.id.desc()).get()
        words = " ".join(block.text for block in Block.select().where(Block.letter == made.id))
        assert made.chases_id == letter.id and made.is_formal_complaint and "On 2 November 2026 they said no." in words
        press = at(campaign, f"/steps/{step('refusal').id}/letter")
        assert sign_in(cast.amina).send(press).status_code == 422


def test_who_may_not_is_told_so(campaign, broken, step, decide, sign_in, cast):
    rung = step("broken")
    decide(rung)
    here = at(campaign, f"/steps/{rung.id}")
    for rest in ("/start", "/vote", "/skip", "/outcome", "/move", "/removal", "/removal/undo"):
        assert sign_in(cast.cerys).send(here + rest).status_code == 403, rest
        assert sign_in(cast.dov).send(here + rest).status_code == 404, rest
    assert Rung.get_by_id(rung.id).started_at is None


def test_pages_ask_five_questions_however_long_the_plan_is(campaign, letter, step, sign_in, cast):
    deliver(letter, letter.sent_on)
    keep_deadlines(letter)
    rungs = [step("deadline", what=f"Step {number}") for number in range(5)]
    for number in range(4):
        build_response(letter, kind="refusal")
        build_commitment(campaign, f"Promise {number}", due_on=date(2026, 11, 1), state="not_kept")
    with clock.frozen_at(NOON + timedelta(days=60)):
        amina = sign_in(cast.amina)
        climbing.ask_members(Rung.get_by_id(rungs[0].id), closes_at=clock.now() + timedelta(days=2), by=cast.amina)
        for rest in ("", "/steps/new", f"/steps/{rungs[1].id}", f"/steps/{rungs[1].id}/edit"):
            amina.get(at(campaign, rest))
            with count_sql() as seen:
                assert amina.get(at(campaign, rest)).status_code == 200
            assert len(seen) <= 5, (rest, seen)
        with count_sql() as seen:
            assert "Next: vote on a question" in amina.get(f"/campaigns/{campaign.key}").text
        assert len(seen) <= 5
