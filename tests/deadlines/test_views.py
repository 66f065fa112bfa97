"""The pages of clocks, through the front door."""

from datetime import date

import pytest

from portal.deadlines.models import OneOffDay
from portal.responses.deadlines import keeping, operations
from portal.responses.deadlines.models import DayCorrection, Deadline, LetterEvent
from tests.counting import count_sql
from tests.deadlines.stage import ACK, ANSWER, address, answer, clock_of, deliver, due_of, kept
from tests.responses.stage import page_of

REACHED, OWN = date(2026, 11, 16), date(2026, 11, 30)


@pytest.fixture
def running(letter, cast):
    """The two clocks of stage 1 and our own deadline run."""
    operations.choose_rules(letter, [ACK, ANSWER, "generic.answer"], by=cast.amina)
    return letter


class TestThePage:
    def test_each_clock_says_how_it_stands_and_why(self, running, sign_in, cast):
        page = sign_in(cast.cerys).get(address(running)).text
        assert "due Mon 23 Nov, today" in page and "due Mon 30 Nov, in 7 days" in page
        assert "First day that counts: Tue 17 Nov." in page and "Skipped: 21–22 Nov (weekend)." in page
        assert "10 working days: due Mon 7 Dec, to the end of that day." in page
        assert "We have no day on record for this" in page
        assert "https://www.housing-ombudsman.org.uk/" in page and "We last looked on 23 Nov" in page
        assert "This is not legal advice" in page and "Ring 999" in page

    def test_scotlands_working_names_its_holiday(self, in_scotland, sign_in, cast):
        operations.choose_rules(in_scotland, ["sct.spso.s1", "sct.foi"], by=cast.amina)
        page = sign_in(cast.cerys).get(address(in_scotland)).text
        assert "30 Nov (Saint Andrew’s Day)" in page and "21–22, 28–29 Nov, 5–6 and 12–13 Dec (weekends)" in page

    def test_late_ones_say_how_late_and_where_to_turn(self, letter, sign_in, cast):
        deliver(letter, date(2026, 11, 2))
        operations.choose_rules(letter, [ACK], by=cast.amina)
        page = sign_in(cast.cerys).get(address(letter)).text
        assert "14 days late: it was due Mon 9 Nov" in page and "Housing Ombudsman Service" in page

    def test_before_and_just_after_sending_it_says_what_will_be(self, letter, campaign, sign_in, cast):
        from tests.builders import build_letter

        browser = sign_in(cast.cerys)
        assert "The clocks start in a moment" in browser.get(address(letter)).text
        assert "No clock runs yet" in browser.get(address(build_letter(campaign))).text

    def test_it_takes_five_statements_however_many_clocks_and_answers(self, running, sign_in, cast):
        for on in (18, 19, 20):
            answer(running, "holding", date(2026, 11, on), cast.amina)
        browser = sign_in(cast.amina)
        for rest in ("", "/rules", "/history"):
            with count_sql() as seen:
                assert browser.get(address(running, rest)).status_code == 200
            assert len(seen) <= 5, (rest, seen)

    def test_an_answers_page_shows_the_clocks_within_five_statements(self, running, sign_in, cast):
        came = answer(running, "acknowledgement", date(2026, 11, 18), cast.amina)
        browser = sign_in(cast.cerys)
        with count_sql() as seen:
            page = browser.get(page_of(came)).text
        assert len(seen) <= 5, seen
        assert "kept: Wed 18 Nov, due Mon 23 Nov" in page and "Why these dates?" in page

    def test_the_history_tells_who_did_what(self, running, delivery, sign_in, cast):
        browser = sign_in(cast.amina)
        browser.send(address(running, f"/deliveries/{delivery.id}/day"), {"day": "2026-11-17", "why": "The receipt"})
        page = browser.get(address(running, "/history")).text
        assert "From Mon 30 Nov to Tue 1 Dec." in page and "Amina Dirie" in page and "“The receipt”" in page

    def test_what_people_typed_is_text(self, letter, sign_in, cast):
        hostile = "<script>alert(1)</script>"
        operations.set_another_date(kept(letter), on=date(2026, 12, 4), reason=hostile, by=cast.amina)
        for rest in ("", "/history"):
            page = sign_in(cast.cerys).get(address(letter, rest)).text
            assert hostile not in page and "&lt;script&gt;alert(1)" in page


class TestChoosing:
    def test_the_rules_that_fit_are_offered_with_what_we_know_of_them(self, letter, sign_in, cast):
        page = sign_in(cast.amina).get(address(letter, "/rules")).text
        assert f'value="{ANSWER}"' in page and "planned: does not run yet" in page and "not legal advice" in page
        assert 'value="eng.awaab.phase2"' not in page and 'value="sct.spso.s1"' not in page
        assert page.count(" checked aria") == 1 and "Keeping the home in repair" in page
        assert page.index(f'value="{ANSWER}"') < page.index("Rules for others") < page.index('value="eng.private.pets"')

    def test_elsewhere_only_our_own_deadlines_are_offered(self, letter, sign_in, cast):
        letter.campaign.place.country = "other"
        letter.campaign.place.save()
        page = sign_in(cast.amina).get(address(letter, "/rules")).text
        assert 'value="generic.answer"' in page and 'value="eng.' not in page and 'value="energy' not in page

    def test_ticked_ones_run(self, letter, sign_in, cast):
        answer_ = sign_in(cast.amina).send(address(letter, "/rules"), {"rules": [ACK, ANSWER]})
        assert answer_.status_code == 303 and due_of(letter) == date(2026, 12, 7)
        assert {one.rule_id for one in Deadline.select()} == {ACK, ANSWER}

    def test_none_or_a_planned_one_is_refused_and_the_ticks_stay(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        assert "Tick at least one" in browser.send(address(letter, "/rules"), {}).text
        page = browser.send(address(letter, "/rules"), {"rules": [ACK, "eng.awaab.phase2"]})
        assert page.status_code == 422 and "does not run yet. Look at the list again" in page.text
        assert f'value="{ACK}" checked' in page.text and not Deadline.select().exists()

    def test_their_own_promise_is_typed_in_with_its_link(self, letter, sign_in, cast):
        typed = {"label": "Service standard", "n": "5", "unit": "wd", "awaits": "answer", "url": "https://m.example/s"}
        browser = sign_in(cast.sal)
        assert browser.send(address(letter, "/promises/new"), typed).status_code == 303
        page = browser.get(address(letter)).text
        assert "their own promise" in page and "https://m.example/s" in page and "due Mon 23 Nov" in page
        assert 'value="local.1" checked' in browser.get(address(letter, "/rules")).text

    @pytest.mark.parametrize(("name", "value"), [("url", "javascript:alert(1)"), ("n", "0"), ("n", ""), ("label", "")])
    def test_a_promise_with_a_mistake_comes_back_as_typed(self, letter, sign_in, cast, name, value):
        typed = {"label": "Standard", "n": "5", "unit": "wd", "awaits": "answer", "url": "https://m.example/standard"}
        page = sign_in(cast.amina).send(address(letter, "/promises/new"), {**typed, name: value})
        assert page.status_code == 422 and "There is a problem" in page.text
        assert not Deadline.select().exists() and ("https://m.example/standard" in page.text or name == "url")


class TestChanging:
    def test_another_date_is_set_with_both_in_sight_and_taken_back(self, letter, sign_in, cast):
        browser, one = sign_in(cast.amina), kept(letter)
        sent = {"on": "2026-12-04", "reason": "We agreed to wait"}
        assert browser.send(address(letter, f"/{one.id}/date"), sent).status_code == 303
        page = browser.get(address(letter)).text
        assert "due Fri 4 Dec" in page and "The rule gives Mon 30 Nov." in page and "We agreed to wait" in page
        assert browser.send(address(letter, f"/{one.id}/date/removal")).status_code == 303
        assert due_of(letter) == OWN
        assert "holds already" in browser.send(address(letter, f"/{one.id}/date/removal"), follow_redirects=True).text

    def test_without_a_reason_it_comes_back_as_typed(self, letter, sign_in, cast):
        page = sign_in(cast.amina).send(address(letter, f"/{kept(letter).id}/date"), {"on": "2026-12-04", "reason": ""})
        assert page.status_code == 422 and "Say why" in page.text and 'value="2026-12-04"' in page.text
        sent = {"on": "2026-11-15", "reason": "Sooner"}
        page = sign_in(cast.amina).send(address(letter, f"/{kept(letter).id}/date"), sent)
        assert page.status_code == 422 and "The clock began on Mon 16 Nov" in page.text and "Sooner" in page.text

    def test_more_time_names_the_answer_in_which_they_asked(self, running, holding, sign_in, cast):
        browser, one = sign_in(cast.amina), clock_of(running, ANSWER)
        there = address(running, f"/{one.id}/extension")
        assert "They are looking into it" in browser.get(there).text
        sent = {"response": holding.id, "on": "2026-12-14", "reason": "A survey of all homes"}
        far = browser.send(there, {**sent, "on": "2027-02-01"})
        assert far.status_code == 422 and "Mon 21 Dec at most" in far.text and "A survey of all homes" in far.text
        assert browser.send(there, sent).status_code == 303
        page = browser.get(address(running)).text
        assert "The first date was Mon 7 Dec." in page and "due Mon 14 Dec" in page

    def test_more_time_from_another_letters_answer_is_refused(self, running, campaign, sign_in, cast):
        from tests.builders import build_letter, build_response

        other = build_response(build_letter(campaign, sent_on=REACHED))
        sent = {"response": other.id, "on": "2026-12-14", "reason": "A survey"}
        one = clock_of(running, ANSWER)
        assert sign_in(cast.amina).send(address(running, f"/{one.id}/extension"), sent).status_code == 422
        assert clock_of(running, ANSWER).extended_on is None

    def test_work_that_was_done_stops_its_clock_and_can_run_on(self, letter, sign_in, cast):
        operations.choose_rules(letter, ["eng.awaab.investigate"], by=cast.amina)
        browser, one = sign_in(cast.sal), clock_of(letter, "eng.awaab.investigate")
        assert browser.send(address(letter, f"/{one.id}/done"), {"on": "2026-12-30"}).status_code == 422
        assert browser.send(address(letter, f"/{one.id}/done"), {"on": "2026-11-20"}).status_code == 303
        assert "kept: Fri 20 Nov" in browser.get(address(letter)).text
        assert browser.send(address(letter, f"/{one.id}/done/removal")).status_code == 303
        assert clock_of(letter, one.rule_id).satisfied_on is None

    def test_an_emergency_starts_with_its_moment(self, letter, sign_in, cast):
        operations.choose_rules(letter, ["eng.awaab.emergency"], by=cast.amina)
        browser = sign_in(cast.amina)
        assert "waits for the moment they knew of it" in browser.get(address(letter)).text
        sent = {"event": "aware", "day": "2026-11-22", "moment": "2026-11-22T15:00"}
        assert browser.send(address(letter, "/events/new"), sent).status_code == 303
        page = browser.get(address(letter)).text
        assert "due Mon 23 Nov, 15:00" in page and "24 hours later, nights and weekends counted" in page

    def test_an_event_with_a_mistake_is_not_kept(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        for sent in (
            {"event": "", "day": "2026-11-20"},
            {"event": "request", "day": "2026-12-20"},
            {"event": "posted"},
        ):
            assert browser.send(address(letter, "/events/new"), sent).status_code == 422
        assert not LetterEvent.select().exists()

    def test_the_day_of_an_answer_is_put_right(self, running, sign_in, cast):
        came = answer(running, "acknowledgement", date(2026, 11, 18), cast.amina)
        there = address(running, f"/responses/{came.id}/day")
        browser = sign_in(cast.sal)
        assert browser.send(there, {"day": "2026-11-19", "why": ""}).status_code == 422
        assert browser.send(there, {"day": "2026-11-19", "why": "The stamp"}).status_code == 303
        assert clock_of(running, ANSWER).due_on == date(2026, 12, 3) and DayCorrection.get().response_id == came.id

    def test_only_leads_writers_and_secretaries_change_and_strangers_learn_nothing(
        self, running, delivery, sign_in, cast
    ):
        came = answer(running, "acknowledgement", date(2026, 11, 18), cast.amina)
        one = clock_of(running).id
        paths = (
            "/rules",
            "/promises/new",
            f"/{one}/date",
            f"/{one}/extension",
            f"/{one}/done",
            "/events/new",
            f"/deliveries/{delivery.id}/day",
            f"/responses/{came.id}/day",
        )
        before = Deadline.get_by_id(one).__data__
        for person, code in ((cast.cerys, 403), (cast.ola, 403), (cast.nia, 404)):
            browser = sign_in(person)
            for path in paths:
                assert browser.send(address(running, path)).status_code == code, (person.name, path)
        assert sign_in(cast.nia).get(address(running)).status_code == 404
        assert sign_in(cast.ola).get(address(running)).status_code == 200
        assert Deadline.get_by_id(one).__data__ == before

    def test_a_clock_of_another_letter_is_missing(self, letter, campaign, sign_in, cast):
        from tests.builders import build_letter

        other = build_letter(campaign, sent_on=REACHED)
        deliver(other, REACHED)
        one = kept(other)
        assert sign_in(cast.amina).get(address(letter, f"/{one.id}/date")).status_code == 404


class TestDaysOff:
    sent = {"calendar": "gb-eng-wls", "day": "2026-11-20", "name": "A day of mourning"}

    @pytest.fixture
    def steward(self, cast, sign_in):
        cast.nia.is_steward = True
        cast.nia.save()
        return sign_in(cast.nia)

    def test_a_steward_adds_one_and_takes_it_off(self, running, steward):
        assert "/calendars" in steward.get("/me").text
        assert steward.send("/calendars", self.sent).status_code == 303
        assert "A day of mourning" in steward.get("/calendars").text
        keeping.sweep_clocks()
        assert clock_of(running, ACK).due_on == date(2026, 11, 24)
        assert steward.send(f"/calendars/days/{OneOffDay.get().id}/removal").status_code == 303
        assert not OneOffDay.select().exists()

    @pytest.mark.parametrize(
        ("day", "said"),
        [("2026-11-21", "a Saturday or a Sunday"), ("2026-12-25", "already: Christmas Day"), ("", "Enter the day")],
    )
    def test_a_day_that_is_free_anyway_is_refused(self, steward, day, said):
        page = steward.send("/calendars", {**self.sent, "day": day})
        assert page.status_code == 422 and said in page.text and "A day of mourning" in page.text

    def test_the_same_day_twice_is_refused(self, steward):
        steward.send("/calendars", self.sent)
        assert "Somebody has added that day already" in steward.send("/calendars", self.sent).text

    def test_nobody_else_may(self, cast, sign_in):
        for person in (cast.amina, cast.ola):
            assert sign_in(person).get("/calendars").status_code == 403
            assert "/calendars" not in sign_in(person).get("/me").text
            assert sign_in(person).send("/calendars", self.sent).status_code == 403
        assert not OneOffDay.select().exists()


class TestInPublic:
    @pytest.fixture
    def late(self, campaign, letter):
        """Handed over five weeks ago, and nothing came; the campaign is public."""
        campaign.visibility = "public"
        campaign.save()
        deliver(letter, date(2026, 10, 19))
        letter.sent_on = date(2026, 10, 19)
        letter.save()
        return letter

    def page(self, letter, client):
        return client.get(f"/campaigns/{letter.campaign.key}").text.split("<main")[1]

    def test_a_date_that_a_rule_gives_is_told_with_its_rule(self, late, client, cast):
        operations.choose_rules(late, [ANSWER], by=cast.amina)
        with count_sql() as seen:
            page = self.page(late, client)
        assert len(seen) <= 5, seen
        assert "past the date for an answer" in page and "Complaint Handling Code, stage 1" in page
        assert "Mon 9 Nov" in page

    def test_our_own_date_and_one_we_set_are_told_as_ours_without_our_reasons(self, late, client, cast):
        assert "past the date we asked for" in (kept(late) and self.page(late, client))
        one = clock_of(late)
        operations.set_another_date(one, on=date(2026, 11, 5), reason="Keisha spoke to Grant", by=cast.amina)
        page = self.page(late, client)
        assert "past the date we asked for" in page and "Thu 5 Nov" in page and "Keisha spoke" not in page

    def test_their_own_promise_is_told_with_its_link_but_not_in_the_words_we_typed(self, late, client, cast):
        operations.choose_rules(late, [ACK], by=cast.amina)
        operations.add_their_promise(
            late,
            by=cast.amina,
            label="What Grant told Keisha",
            n=3,
            unit="day",
            url="https://m.example/s",
            place=late.campaign.place,
        )
        page = self.page(late, client)
        assert "They promise it themselves:" in page and 'href="https://m.example/s"' in page
        assert "What Grant told" not in page
