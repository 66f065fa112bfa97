"""Pictures of published times, what comes after what, until when a body helps, long histories, and the timeline."""

import io
from datetime import date, timedelta

import pytest

from portal import clock, storage
from portal.campaigns.models import Activity, Campaign
from portal.responses.deadlines import afterwards, cards, operations, passing
from portal.responses.deadlines.models import Deadline, DeadlineChange
from portal.responses.deadlines.queries import deadlines_of
from tests.builders import build_response
from tests.counting import count_sql
from tests.deadlines.stage import ACK, ANSWER, address, answer, clock_of, kept

PICTURE = b"\x89PNG\r\n\x1a\n a page of theirs"
PROMISE = {
    "label": "Answer to a complaint",
    "n": "8",
    "unit": "wd",
    "awaits": "answer",
    "url": "https://meridale.example",
}


def verbs(campaign) -> list[str]:
    return [one.verb for one in Activity.select().where(Activity.campaign == campaign.id).order_by(Activity.id)]


class TestAPictureOfTheirPage:
    def upload(self, browser, letter, data=PICTURE, **given):
        file = {"file": (io.BytesIO(data), "their page.png")}
        return browser.send(
            address(letter, "/promises/new"), PROMISE | file | given, content_type="multipart/form-data"
        )

    def test_it_is_kept_byte_for_byte_and_only_the_circle_downloads_it(self, letter, sign_in, client, cast):
        assert self.upload(sign_in(cast.amina), letter).status_code == 303
        one = clock_of(letter, "local.1")
        assert storage.read(one.proof) == PICTURE
        link = address(letter, f"/{one.id}/proof")
        browser = sign_in(cast.cerys)
        assert link in browser.get(address(letter)).text
        got = browser.get(link, buffered=True)
        assert got.data == PICTURE and got.headers["Content-Disposition"].startswith("attachment")
        assert sign_in(cast.nia).get(link).status_code == 404

    def test_without_one_there_is_no_link_and_nothing_to_download(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        browser.send(address(letter, "/promises/new"), PROMISE)
        one = clock_of(letter, "local.1")
        assert "/proof" not in browser.get(address(letter)).text
        assert browser.get(address(letter, f"/{one.id}/proof")).status_code == 404

    def test_an_empty_file_is_refused_and_what_was_typed_stays(self, letter, sign_in, cast):
        answered = self.upload(sign_in(cast.amina), letter, data=b"")
        assert answered.status_code == 422 and "Answer to a complaint" in answered.text
        assert not Deadline.select().where(Deadline.rule_id == "local.1").exists()


class TestWhatComesAfterWhat:
    def cards(self, letter):
        return [cards.card_of(one, clock.now()) for one in deadlines_of(letter)]

    def test_the_steps_of_a_procedure_say_where_we_are(self, letter, cast):
        operations.choose_rules(letter, [ACK, ANSWER], by=cast.amina)
        answer(letter, "acknowledgement", date(2026, 11, 18), cast.amina)
        (steps,) = afterwards.chains_of(self.cards(letter))
        assert [step.state for step in steps] == ["done", "next", "later", "later", "later"]
        assert steps[0].on == date(2026, 11, 18) and steps[1].note.startswith("due ")
        assert steps[2].note == "not chosen for this letter yet" and steps[4].title == "Housing Ombudsman Service"

    def test_when_all_that_was_chosen_is_done_the_step_after_it_is_next(self, letter, cast):
        operations.choose_rules(letter, [ANSWER], by=cast.amina)
        answer(letter, "partial", date(2026, 11, 20), cast.amina)
        (steps,) = afterwards.chains_of(self.cards(letter))
        # Nobody chose the first step, and it is behind us.
        assert [step.state for step in steps] == ["done", "next", "later", "later"]
        assert steps[1].note == "not chosen for this letter yet"

    def test_our_own_deadline_belongs_to_no_procedure(self, letter):
        kept(letter)
        assert afterwards.chains_of(self.cards(letter)) == [] == afterwards.limits_of(self.cards(letter), {})

    def test_a_body_helps_for_a_year_from_the_final_answer_and_the_page_says_until_when(self, letter, sign_in, cast):
        operations.choose_rules(letter, [ACK, ANSWER], by=cast.amina)
        browser = sign_in(cast.amina)
        page = browser.get(address(letter)).text
        assert "for 12 months from the landlord’s or company’s final answer." in page
        assert "Say when their final answer came" in page
        operations.note_event(letter, event="final_response", day=date(2026, 11, 20), by=cast.amina)
        assert "for 12 months from then: until Sat 20 Nov 2027." in browser.get(address(letter)).text
        with clock.frozen_at(clock.now() + timedelta(days=400)):
            assert "ended Sat 20 Nov" in sign_in(cast.cerys).get(address(letter)).text

    def test_a_body_that_counts_from_when_we_knew_gets_no_date_of_ours(self, in_scotland, cast):
        operations.choose_rules(in_scotland, ["sct.spso.s1"], by=cast.amina)
        operations.note_event(in_scotland, event="notice_date", day=date(2026, 11, 20), by=cast.amina)
        for limit in afterwards.limits_of(self.cards(in_scotland), {"notice_date": date(2026, 11, 20)}):
            assert limit.until is None


class TestALongHistory:
    def test_it_is_paged_and_no_line_is_lost(self, letter, sign_in, cast):
        one = kept(letter)
        rows = [{"deadline": one.id, "what": "recomputed", "why": f"line {n:03}"} for n in range(230)]
        DeadlineChange.insert_many(rows).execute()
        browser, url, seen = sign_in(cast.cerys), address(letter, "/history"), ""
        for _page in range(3):
            with count_sql() as statements:
                page = browser.get(url).text
            assert len(statements) <= 5
            seen += page
            url = page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""
        assert not url
        assert [seen.count(f"line {n:03}") for n in range(230)] == [1] * 230


class TestTheTimeline:
    def test_a_rules_clock_that_begins_is_told_and_our_own_is_not(self, letter, campaign, cast):
        kept(letter)
        assert verbs(campaign) == []
        operations.choose_rules(letter, [ANSWER], by=cast.amina)
        assert verbs(campaign) == ["clock_started"]

    def test_another_date_and_more_time_are_told_with_their_reasons_inside_only(
        self, letter, campaign, sign_in, client, cast
    ):
        Campaign.update(visibility="public", public_at=clock.now()).where(Campaign.id == campaign.id).execute()
        one = kept(letter)
        asked = build_response(letter, kind="holding", received_on=date(2026, 11, 20))
        day = date(2026, 12, 9)
        operations.give_more_time(one, response=asked, on=day, reason="The surveyor is ill", by=cast.amina)
        operations.set_another_date(one, on=date(2026, 12, 4), reason="We agreed to wait", by=cast.amina)
        inside = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
        assert "They were given more time" in inside and "From Mon 30 Nov to Wed 9 Dec" in inside
        assert "Amina Dirie set another date" in inside and "We agreed to wait" in inside
        assert f"/letters/{letter.id}/deadlines" in inside
        outside = client.get(f"/campaigns/{campaign.key}").text
        assert "The surveyor is ill" not in outside and "We agreed to wait" not in outside

    def test_a_date_that_goes_by_is_told_once_and_another_date_again(self, letter, campaign, sign_in, cast):
        one = kept(letter)
        assert passing.note_what_passed() == 0
        with clock.frozen_at(clock.now() + timedelta(days=8)):
            assert [passing.note_what_passed(), passing.note_what_passed()] == [1, 0]
            (line,) = Activity.select().where(Activity.verb == "clock_passed")
            assert line.happened_on == date(2026, 12, 1) and not line.is_public
            page = sign_in(cast.cerys).get(f"/campaigns/{campaign.key}").text
            assert "A date went by without an answer" in page and "It was Mon 30 Nov." in page
            operations.set_another_date(one, on=date(2026, 12, 4), reason="We agreed to wait", by=cast.amina)
        with clock.frozen_at(clock.now() + timedelta(days=13)):
            assert [passing.note_what_passed(), passing.note_what_passed()] == [1, 0]

    @pytest.mark.parametrize("change", ["answered", "paused"])
    def test_nothing_goes_by_where_it_was_answered_or_the_campaign_rests(self, letter, campaign, cast, change):
        kept(letter)
        if change == "answered":
            answer(letter, "partial", date(2026, 11, 20), cast.amina)
        else:
            Campaign.update(state="paused").where(Campaign.id == campaign.id).execute()
        with clock.frozen_at(clock.now() + timedelta(days=30)):
            assert passing.note_what_passed() == 0
