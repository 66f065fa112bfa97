"""From a broken promise to the letter that quotes it."""

from datetime import date

import pytest

from portal.campaigns.models import Campaign
from portal.letters.models import Block, Letter
from portal.responses.models import Commitment
from tests.builders import build_commitment, build_letter, build_response


@pytest.fixture
def promise(campaign):
    answered = build_response(build_letter(campaign, sent_on=date(2026, 10, 1)))
    return build_commitment(
        campaign, "Fit the fans", made_on=date(2026, 10, 9), due_on=date(2026, 11, 2), response=answered
    )


def at(promise, path="/letter"):
    return f"/campaigns/{promise.campaign.key}/promises/{promise.id}{path}"


@pytest.mark.parametrize("htmx", [False, True])
def test_the_letter_quotes_the_promise_and_what_it_answered(promise, sign_in, cast, htmx):
    browser = sign_in(cast.amina, htmx=htmx)
    assert "Write to them about it" in sign_in(cast.amina).get(at(promise, "")).text
    answer = browser.send(at(promise))
    letter = Letter.select().order_by(Letter.id.desc()).get()
    assert (answer.headers.get("Location") or answer.headers["HX-Redirect"]).endswith(f"/letters/{letter.id}")
    facts = " ".join(row.text for row in letter.blocks.where(Block.kind == "fact"))
    assert "On 9 October 2026 you wrote: “Fit the fans”. It was to be done by 2 November 2026." in facts
    assert "Survey every reported home" in facts and letter.chases_id == promise.response.letter_id


def test_a_kept_promise_is_not_chased(promise, sign_in, cast):
    Commitment.update(state="kept").execute()
    browser = sign_in(cast.amina)
    before = Letter.select().count()
    page = browser.get(browser.send(at(promise)).headers["Location"]).text
    assert "nothing to remind them of" in page and Letter.select().count() == before


def test_writers_start_it_and_nobody_else(promise, sign_in, cast):
    assert sign_in(cast.cerys).send(at(promise)).status_code == 403
    assert "Write to them about it" not in sign_in(cast.cerys).get(at(promise, "")).text
    Campaign.update(visibility="circle").execute()
    assert sign_in(cast.dov).send(at(promise)).status_code == 404
