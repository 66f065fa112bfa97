"""The pages of promises, through the front door."""

from datetime import date

import pytest

from portal.responses.models import Answer, Commitment, CommitmentCheck
from portal.responses.promise_operations import cancel_promise, check_promise
from tests.builders import add_member, build_campaign, build_commitment, build_person, build_response
from tests.counting import count_sql
from tests.responses.stage import read

LATER, BEFORE = date(2026, 12, 4), date(2026, 11, 3)


@pytest.fixture
def promise(letter):
    return build_commitment(letter.campaign, due_on=BEFORE)


def promises_url(campaign, rest=""):
    return f"/campaigns/{campaign.key}/promises{rest}"


def page_of(promise, rest=""):
    return promises_url(promise.campaign, f"/{promise.id}{rest}")


class TestTheList:
    def test_it_says_what_they_promised_and_how_each_stands_today(self, letter, sign_in, cast):
        build_commitment(letter.campaign, "Fit the fans", due_on=BEFORE)
        build_commitment(letter.campaign, "Survey homes", due_on=LATER)
        build_commitment(letter.campaign, "Share the policy")
        build_commitment(letter.campaign, "Sweep the stairs", due_on=date(2026, 11, 28))
        page = sign_in(cast.cerys).get(promises_url(letter.campaign)).text
        assert "Due soon: 5 days to go." in page
        assert (
            "Of 4 promises, 0 are kept, and 1 past the date or not kept. 1 has no date." in page
            and "20 days past its date." in page
            and "11 days to go." in page
        )
        assert "no date given" in page

    def test_an_empty_list_says_where_promises_come_from(self, letter, sign_in, cast):
        page = sign_in(cast.amina).get(promises_url(letter.campaign)).text
        assert "They have promised nothing yet" in page and "Add a promise by hand" in page
        assert "Add a promise by hand" not in sign_in(cast.cerys).get(promises_url(letter.campaign)).text

    def test_it_takes_five_statements_however_long_and_goes_on_to_older_ones(self, letter, sign_in, cast):
        for number in range(35):
            build_commitment(letter.campaign, f"Promise {number}", due_on=LATER if number < 31 else None)
        browser = sign_in(cast.cerys)
        with count_sql() as seen:
            page = browser.get(promises_url(letter.campaign)).text
        assert len(seen) <= 5, seen
        assert page.count("<article") == 30
        older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        assert browser.get(older).text.count("<article") == 5

    def test_a_made_up_place_in_the_list_begins_anew(self, promise, sign_in, cast):
        for after in ("x", "2026-13-99.1", "-.", "2026-11-03.99999999999999999999999"):
            assert sign_in(cast.cerys).get(promises_url(promise.campaign, f"?after={after}")).status_code == 200

    def test_people_outside_learn_nothing(self, promise, sign_in, cast):
        for path in (promises_url(promise.campaign), page_of(promise)):
            for person, code in ((cast.ola, 200), (cast.nia, 404), (cast.dov, 404), (None, 303)):
                assert sign_in(person).get(path).status_code == code


class TestAdding:
    typed = {"what": "Working fans", "due_on": "", "made_on": "2026-11-03", "response": "0"}

    def test_a_promise_from_a_meeting_without_a_date(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        answer = browser.send(promises_url(letter.campaign, "/new"), self.typed)
        assert answer.status_code == 303
        assert "They named no day." in browser.get(answer.headers["Location"]).text

    def test_it_can_belong_to_a_logged_answer_which_is_chosen_already_when_one_comes_from_there(
        self, letter, sign_in, cast
    ):
        response = build_response(letter, received_on=BEFORE)
        browser = sign_in(cast.amina)
        page = browser.get(promises_url(letter.campaign, f"/new?response={response.id}")).text
        assert f'<option selected value="{response.id}">' in page and 'value="2026-11-03"' in page
        browser.send(promises_url(letter.campaign, "/new"), {**self.typed, "response": str(response.id)})
        assert Commitment.get().response == response

    def test_an_answer_of_another_campaign_is_not_a_choice(self, letter, sign_in, cast):
        from tests.builders import build_letter

        other = build_response(build_letter(build_campaign(leads=[cast.dov]), sent_on=BEFORE))
        page = sign_in(cast.amina).send(
            promises_url(letter.campaign, "/new"), {**self.typed, "response": str(other.id)}
        )
        assert page.status_code == 422 and not Commitment.select().exists()

    def test_mistakes_keep_what_was_typed(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        page = browser.send(promises_url(letter.campaign, "/new"), {**self.typed, "due_on": "1/11/2026"})
        assert page.status_code == 422 and "before they promised" in page.text and "Working fans" in page.text
        assert browser.send(promises_url(letter.campaign, "/new"), {**self.typed, "what": ""}).status_code == 422

    def test_members_do_not_add_strangers_know_nothing(self, letter, sign_in, cast):
        for person, code in ((cast.cerys, 403), (cast.ola, 403), (cast.nia, 404)):
            assert sign_in(person).get(promises_url(letter.campaign, "/new")).status_code == code
            assert sign_in(person).send(promises_url(letter.campaign, "/new"), self.typed).status_code == code


class TestKeepingARow:
    def address(self, letter, cast, **given):
        response = build_response(letter, received_on=BEFORE)
        read(response, cast.amina, "yes", "no", "no", **given)
        row = Answer.select().order_by(Answer.id).get()
        return f"/campaigns/{letter.campaign.key}/responses/{response.id}/answers/{row.id}/promise"

    def test_one_press_makes_the_promise_and_the_sheet_links_to_it(self, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        address = self.address(letter, cast, promised_on=LATER, excerpt="a survey")
        back = browser.send(address).headers["Location"]
        page = browser.get(back).text
        assert "See the promise" in page and "Keep it as a promise" not in page
        assert browser.send(address).status_code == 303
        assert Commitment.select().count() == 1 and "already" in browser.get(back).text

    def test_who_may_press(self, letter, sign_in, cast):
        address = self.address(letter, cast, promised_on=LATER)
        for person, code in ((cast.cerys, 403), (cast.ola, 403), (cast.nia, 404)):
            assert sign_in(person).send(address).status_code == code

    def test_a_row_of_another_answer_is_not_found(self, letter, sign_in, cast):
        address = self.address(letter, cast, promised_on=LATER)
        other = build_response(letter)
        wrong = address.replace(f"/responses/{Answer.get().response_id}/", f"/responses/{other.id}/")
        assert sign_in(cast.amina).send(wrong).status_code == 404


class TestChecking:
    @pytest.mark.parametrize("htmx", [False, True])
    def test_a_resident_says_what_they_found(self, promise, sign_in, cast, htmx):
        browser = sign_in(cast.cerys, htmx=htmx)
        answer = browser.send(page_of(promise, "/checks"), {"verdict": "not_fixed", "note": "Still <wet>"})
        page = answer.text if htmx else browser.get(answer.headers["Location"]).text
        assert (answer.status_code == 200 and "<html" not in page) if htmx else answer.status_code == 303
        assert (
            "Still &lt;wet&gt;" in page
            and "1 says not fixed, so it is open until" in page
            and "Change what I found" in page
        )

    def test_two_residents_make_it_kept(self, promise, sign_in, cast):
        for person in (cast.amina, cast.cerys):
            sign_in(person).send(page_of(promise, "/checks"), {"verdict": "fixed"})
        page = sign_in(cast.ben).get(page_of(promise)).text
        assert "mark-kept" in page and "2 residents say fixed. 2 are needed, so it is kept." in page

    @pytest.mark.parametrize("htmx", [False, True])
    def test_without_a_finding_it_asks_for_one_and_keeps_the_note(self, promise, sign_in, cast, htmx):
        page = sign_in(cast.cerys, htmx=htmx).send(page_of(promise, "/checks"), {"note": "Went to look"})
        assert page.status_code == 422 and "Say what you found" in page.text and "Went to look" in page.text

    def test_an_organizer_looks_on_and_a_stranger_knows_nothing(self, promise, sign_in, cast):
        for person, code in ((cast.ola, 403), (cast.nia, 404)):
            assert sign_in(person).send(page_of(promise, "/checks"), {"verdict": "fixed"}).status_code == code
        assert "Have you looked?" not in sign_in(cast.ola).get(page_of(promise)).text
        assert not CommitmentCheck.select().exists()

    def test_the_page_takes_five_statements_however_many_looked(self, promise, sign_in, cast):
        for _person in range(6):
            check_promise(promise, by=build_person(), verdict="partly")
        browser = sign_in(cast.cerys)
        with count_sql() as seen:
            assert "so it is kept in part" in browser.get(page_of(promise)).text
        assert len(seen) <= 5, seen


class TestWhatTheyClaim:
    def test_it_is_noted_and_taken_back(self, promise, sign_in, cast):
        Commitment.update(made_on=BEFORE).execute()
        browser = sign_in(cast.amina)
        assert browser.send(page_of(promise, "/claim"), {"claimed_done_on": "2026-11-20"}).status_code == 303
        assert "They say it is done since Fri 20 Nov." in browser.get(page_of(promise)).text
        browser.send(page_of(promise, "/claim"), {"claimed_done_on": ""})
        assert Commitment.get().claimed_done_on is None

    def test_a_wrong_day_is_explained(self, promise, sign_in, cast):
        for typed, words in (
            ("2027-01-01", "today or earlier"),
            ("2026-11-01", "before they promised"),
            ("x", "Enter a date"),
        ):
            page = sign_in(cast.amina).send(page_of(promise, "/claim"), {"claimed_done_on": typed})
            assert page.status_code == 422 and words in page.text

    def test_who_may_note_it(self, promise, sign_in, cast):
        for person, code in ((cast.cerys, 403), (cast.ola, 403), (cast.nia, 404)):
            assert sign_in(person).send(page_of(promise, "/claim"), {}).status_code == code


class TestCallingOff:
    def test_a_page_says_what_happens_and_a_press_does_it_and_it_can_come_back(self, promise, sign_in, cast):
        browser = sign_in(cast.amina)
        assert "a lead can bring it back" in browser.get(page_of(promise, "/cancellation")).text
        assert Commitment.get().state == "promised"
        assert browser.send(page_of(promise, "/cancellation")).status_code == 303
        page = browser.get(page_of(promise)).text
        assert "is called off" in page and "Have you looked?" not in page
        assert browser.send(page_of(promise, "/cancellation/removal")).status_code == 303
        assert Commitment.get().state == "promised"

    def test_a_second_press_elsewhere_is_told_so(self, promise, sign_in, cast):
        cancel_promise(promise, by=cast.ben)
        page = sign_in(cast.amina).send(page_of(promise, "/cancellation"))
        assert page.status_code == 422 and "was called off" in page.text

    def test_only_leads_call_off(self, promise, sign_in, cast):
        secretary = build_person()
        add_member(promise.campaign, secretary, "secretary")
        for rest in ("/cancellation", "/cancellation/removal"):
            for person, code in ((secretary, 403), (cast.cerys, 403), (cast.ola, 403), (cast.nia, 404)):
                assert sign_in(person).send(page_of(promise, rest)).status_code == code
