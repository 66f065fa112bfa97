"""What follows from an answer: a fact that they dispute, and what they ask us for."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.models import Activity, Campaign
from portal.campaigns.publishing.operations import pause_publishing
from portal.responses.answers.models import FactReview, InfoRequest
from portal.responses.models import Response
from tests.responses.stage import page_of, read


class TestAFactIsWrong:
    note = {"note-note": "We wrote 31 homes. It is 29."}
    found = {"verdict": "right", "words": "Two were counted twice"}

    @pytest.fixture
    def disputed(self, response, cast):
        read(response, cast.amina, "no", "no", "no", kind="correction")
        Campaign.update(visibility="public").execute()
        return Response.get_by_id(response.id)

    def test_if_they_are_right_a_lead_says_so_in_public_and_can_take_it_back(self, disputed, sign_in, cast):
        browser = sign_in(cast.amina)
        assert "Look at the fact" in browser.get(page_of(disputed)).text
        assert browser.send(page_of(disputed, "/fact"), self.found).status_code == 303
        assert browser.send(page_of(disputed, "/fact/note"), self.note).status_code == 303
        campaign = f"/campaigns/{disputed.campaign.key}"
        assert "We wrote 31 homes. It is 29." in sign_in(None).get(campaign).text
        assert "Two were counted twice" not in sign_in(None).get(campaign).text
        assert browser.send(page_of(disputed, "/fact/note/removal")).status_code == 303
        assert "It is 29." not in sign_in(None).get(campaign).text
        assert "Two were counted twice" in sign_in(cast.cerys).get(page_of(disputed, "/fact")).text

    def test_the_note_stands_by_the_answer_on_the_letters_public_page(self, disputed, sign_in, cast):
        browser = sign_in(cast.amina)
        browser.send(page_of(disputed, "/fact"), self.found)
        browser.send(page_of(disputed, "/fact/note"), self.note)
        alone = sign_in(None).get(f"/letters/{disputed.letter.key}/answers").text
        assert "It is 29." in alone and "They say a fact is wrong" not in alone
        browser.send(page_of(disputed, "/publication"), {"public_words": "They dispute our count."})
        page = sign_in(None).get(f"/letters/{disputed.letter.key}/answers").text
        assert "They dispute our count." in page and "It is 29." in page

    def test_publishing_twice_leaves_one_line_and_a_pause_refuses_it(self, disputed, sign_in, cast):
        browser = sign_in(cast.amina)
        browser.send(page_of(disputed, "/fact"), self.found)
        for _ in range(2):
            browser.send(page_of(disputed, "/fact/note"), self.note)
        assert Activity.select().where(Activity.verb == "fact_corrected").count() == 1
        pause_publishing(disputed.campaign, by=cast.ben)
        page = browser.send(page_of(disputed, "/fact/note"), {"note-note": "More words"})
        assert page.status_code == 422 and "More words" in page.text

    @pytest.mark.parametrize("verdict", ["wrong", "unsure"])
    def test_unless_they_are_right_there_is_no_note(self, disputed, sign_in, cast, verdict):
        browser = sign_in(cast.amina)
        browser.send(page_of(disputed, "/fact"), {**self.found, "verdict": verdict})
        assert browser.send(page_of(disputed, "/fact/note"), self.note).status_code == 422
        assert FactReview.get().published_at is None

    def test_names_and_homes_are_kept_out_of_the_note(self, disputed, sign_in, cast):
        browser = sign_in(cast.amina)
        browser.send(page_of(disputed, "/fact"), self.found)
        page = browser.send(page_of(disputed, "/fact/note"), {"note-note": "Cerys of flat 12B was counted twice"})
        assert page.status_code == 422 and "flat 12B" in page.text and "Cerys" in page.text

    def test_who_may_not_and_what_is_missing(self, disputed, sign_in, cast):
        page = sign_in(cast.amina).send(page_of(disputed, "/fact"), {"words": "these words stay"})
        assert page.status_code == 422 and "these words stay" in page.text
        for rest in ("/fact", "/fact/note", "/fact/note/removal"):
            assert sign_in(cast.cerys).send(page_of(disputed, rest)).status_code == 403
            assert sign_in(cast.nia).send(page_of(disputed, rest)).status_code == 403
        Campaign.update(visibility="circle").execute()
        assert sign_in(cast.nia).send(page_of(disputed, "/fact")).status_code == 404


class TestTheyAskForSomething:
    @pytest.fixture
    def asking(self, response, cast):
        read(response, cast.amina, "no", "no", "no", kind="request_info")
        return Response.get_by_id(response.id)

    def typed(self, person, days=7):
        return {"what": "Photos of the mould", "person": person.id, "by_on": clock.today() + timedelta(days=days)}

    def test_a_member_sees_to_it_gets_one_mail_and_says_when_it_is_done(self, asking, sign_in, cast, outbox):
        browser = sign_in(cast.amina)
        for _ in range(2):
            assert browser.send(page_of(asking, "/request"), self.typed(cast.cerys)).status_code == 303
        (mail,) = outbox(cast.cerys.email)
        assert "Photos of the mould" in mail.text
        cerys = sign_in(cast.cerys)
        assert "you see to it: Photos of the mould" in cerys.get("/").text
        assert "They have it now" in cerys.get(mail.link("/request")).text
        assert cerys.send(page_of(asking, "/request/done")).status_code == 303
        assert InfoRequest.get().done_by_id == cast.cerys.id
        assert "They have it now" not in cerys.get(page_of(asking, "/request")).text

    def test_a_day_that_is_past_and_what_is_missing_say_so(self, asking, sign_in, cast):
        page = sign_in(cast.amina).send(page_of(asking, "/request"), self.typed(cast.cerys, days=-1))
        assert page.status_code == 422 and "today or later" in page.text and "Photos of the mould" in page.text
        page = sign_in(cast.amina).send(page_of(asking, "/request"), {"what": "Photos"})
        assert page.status_code == 422 and "Choose somebody" in page.text

    def test_only_who_sees_to_it_and_those_who_read_in_may_say_that_it_is_done(self, asking, sign_in, cast):
        sign_in(cast.amina).send(page_of(asking, "/request"), self.typed(cast.ben))
        for rest in ("/request", "/request/done"):
            assert sign_in(cast.cerys).send(page_of(asking, rest)).status_code == 403
            assert sign_in(cast.nia).send(page_of(asking, rest)).status_code == 404

    def test_an_answer_that_asks_for_nothing_has_nothing_to_give(self, response, sign_in, cast):
        read(response, cast.amina, "no", "no", "no", kind="refusal")
        assert sign_in(cast.amina).send(page_of(response, "/request"), self.typed(cast.cerys)).status_code == 422
        assert not InfoRequest.select().exists()
