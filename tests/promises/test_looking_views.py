"""Looking, entering for a home, talking, photos and the list for the doors, through the front door."""

import io
from datetime import date

import pytest

from portal.responses.checking.changing import choose_reach
from portal.responses.checking.looking import check_promise, enter_for_home
from portal.responses.models import Commitment, CommitmentCheck
from tests.builders import add_member, build_commitment, build_person
from tests.clients import words_of
from tests.counting import count_sql

JPEG = b"\xff\xd8\xff a picture"


@pytest.fixture
def promise(letter, homes, cast):
    """Fans in the first five homes, due yesterday."""
    made = build_commitment(letter.campaign, due_on=date(2026, 11, 22))
    choose_reach(made, by=cast.amina, reach="homes", homes=[home.id for home in homes[:5]])
    return made


def page_of(promise, rest=""):
    return f"/campaigns/{promise.campaign.key}/promises/{promise.id}{rest}"


class TestThePage:
    def test_it_says_the_rule_with_the_count(self, promise, homes, sign_in, cast):
        for home, verdict in zip(homes[:4], ("fixed", "fixed", "not_fixed", "not_fixed"), strict=True):
            enter_for_home(promise, by=cast.ben, home=home, verdict=verdict, how="beside")
        page = " ".join(sign_in(cast.cerys).get(page_of(promise)).text.split())
        assert "2 of 5 homes say fixed. 3 are needed; 2 say not fixed, so it is not kept." in page
        assert "Home 1A" in page and "Entered by Ben Okafor, who was there with them." in page
        assert "When does a promise count as kept?" in page and "I have talked to them" not in page
        assert "I have talked to them" in sign_in(cast.amina).get(page_of(promise)).text

    @pytest.mark.parametrize("htmx", [False, True])
    def test_whoever_names_no_home_is_asked_for_it_and_keeps_photo_and_words(self, promise, homes, sign_in, cast, htmx):
        browser = sign_in(cast.cerys, htmx=htmx)
        sent = {"verdict": "partly", "note": "Hums", "photo": (io.BytesIO(JPEG), "fan.jpg")}
        page = browser.send(page_of(promise, "/checks"), sent)
        assert page.status_code == 422 and "Choose the home you live in" in page.text
        assert "Hums" in page.text and "We have kept your photo: fan.jpg" in page.text
        kept = page.text.split('name="kept_photo"')[1].split('value="')[1].split('"')[0]
        again = {"verdict": "partly", "note": "Hums", "kept_photo": kept, "home": homes[0].id}
        answer = browser.send(page_of(promise, "/checks"), again)
        assert answer.status_code == (200 if htmx else 303)
        check = CommitmentCheck.get()
        assert (check.photo.name, check.home_id) == ("fan.jpg", homes[0].id)

    def test_a_home_is_remembered_for_the_next_promise(self, promise, homes, sign_in, cast):
        check_promise(promise, by=cast.cerys, verdict="fixed", home=homes[1])
        other = build_commitment(promise.campaign)
        choose_reach(other, by=cast.amina, reach="building")
        assert f'<option selected value="{homes[1].id}">' in sign_in(cast.cerys).get(page_of(other)).text

    def test_of_a_kept_promise_it_asks_whether_it_broke_again(self, letter, sign_in, cast):
        promise = build_commitment(letter.campaign)
        for person in (cast.amina, cast.ben):
            check_promise(promise, by=person, verdict="fixed")
        browser = sign_in(cast.cerys)
        assert "did it break again?" in browser.get(page_of(promise)).text
        page = browser.send(page_of(promise, "/checks"), {"verdict": "not_fixed"})
        assert page.status_code == 422 and "Say whether it broke again or was never done" in page.text
        browser.send(page_of(promise, "/checks"), {"verdict": "not_fixed", "again": "broke"})
        assert "It broke again once." in browser.get(page_of(promise)).text

    def test_the_third_failure_is_offered_as_a_fact(self, letter, sign_in, cast):
        promise = build_commitment(letter.campaign, "Mend the lift", reopened_count=3)
        browser = sign_in(cast.amina)
        page = browser.get(page_of(promise)).text
        link = page.split("/evidence/new?")[1].split('"')[0].replace("&amp;", "&")
        asked = browser.get(f"/campaigns/{promise.campaign.key}/evidence/new?{link}").text
        assert "broken again 3 times" in asked.split('name="title"')[1][:300]

    def test_without_a_date_the_words_that_ask_for_one_are_there(self, letter, sign_in, cast):
        promise = build_commitment(letter.campaign, "Share the policy")
        page = sign_in(cast.cerys).get(page_of(promise)).text
        assert "By which day will it be done?" in page and "Write the day down" not in page

    def test_it_takes_five_statements_however_many_looked(self, promise, homes, sign_in, cast):
        for home in homes[:5]:
            enter_for_home(promise, by=cast.ben, home=home, verdict="not_fixed", how="phone")
        browser = sign_in(cast.cerys)
        for rest in ("", "/door-list", "/door-list/answers", "/checks/for-a-home", "/history"):
            with count_sql() as seen:
                assert browser.get(page_of(promise, rest)).status_code == 200
            assert len(seen) <= 5, seen


class TestForAHome:
    def test_a_neighbour_enters_it_and_their_name_stands_beside(self, promise, homes, sign_in, cast):
        browser = sign_in(cast.cerys)
        sent = {"home": homes[2].id, "verdict": "fixed", "how": "phone", "note": "Runs <well>"}
        assert browser.send(page_of(promise, "/checks/for-a-home"), sent).status_code == 303
        page = browser.get(page_of(promise)).text
        assert "Entered by Cerys Prosser, told on the phone." in page and "Runs &lt;well&gt;" in page

    def test_what_is_missing_is_said_and_what_was_typed_is_kept(self, promise, homes, sign_in, cast):
        check_promise(promise, by=cast.ben, verdict="fixed", home=homes[0])
        browser = sign_in(cast.cerys)
        for given, said in (
            ({"how": "phone"}, "Say what they found"),
            ({"verdict": "fixed", "home": homes[1].id}, "Say how you know"),
            ({"verdict": "fixed", "how": "phone", "home": 0}, "Choose the home"),
            ({"verdict": "fixed", "how": "phone", "home": homes[0].id}, "has said it themselves"),
            ({"verdict": "fixed", "how": "phone", "home": homes[7].id}, "Choose one of the answers"),
        ):
            page = browser.send(page_of(promise, "/checks/for-a-home"), {"note": "At the door", **given})
            assert page.status_code == 422 and said in page.text and "At the door" in page.text

    def test_who_may_enter(self, promise, sign_in, cast):
        for rest in ("/checks/for-a-home", "/door-list", "/door-list/answers"):
            for person, code in ((cast.ola, 403), (cast.nia, 404)):
                assert sign_in(person).get(page_of(promise, rest)).status_code == code


class TestTalking:
    @pytest.fixture
    def no(self, promise, homes, cast):
        enter_for_home(promise, by=cast.ben, home=homes[0], verdict="not_fixed", how="beside")
        return CommitmentCheck.get()

    def test_what_they_say_after_counts(self, promise, no, sign_in, cast):
        browser = sign_in(cast.amina)
        address = page_of(promise, f"/checks/{no.id}/talk")
        assert "You have talked to 1A" in browser.get(address).text
        page = browser.send(address, {"verdict": "fixed"})
        assert page.status_code == 422 and "Write what came of it" in page.text
        assert browser.send(address, {"verdict": "fixed", "note": "The switch was off"}).status_code == 303
        assert "Amina Dirie talked to them" in browser.get(page_of(promise)).text
        assert Commitment.get_by_id(promise.id).fixed_count == 1

    def test_only_leads_and_only_of_this_promise(self, promise, no, sign_in, cast):
        secretary = build_person()
        add_member(promise.campaign, secretary, "secretary")
        address = page_of(promise, f"/checks/{no.id}/talk")
        for person, code in ((secretary, 403), (cast.ola, 403), (cast.nia, 404)):
            assert sign_in(person).send(address, {"verdict": "fixed", "note": "x"}).status_code == code
        other = build_commitment(promise.campaign)
        assert sign_in(cast.amina).get(page_of(other, f"/checks/{no.id}/talk")).status_code == 404


class TestPhotos:
    def test_the_circle_gets_it_as_a_download_and_whoever_added_it_or_a_lead_deletes_it(self, letter, sign_in, cast):
        promise = build_commitment(letter.campaign)
        sent = {"verdict": "partly", "photo": (io.BytesIO(JPEG), "fan.jpg")}
        sign_in(cast.ben).send(page_of(promise, "/checks"), sent)
        address = page_of(promise, f"/checks/{CommitmentCheck.get().id}/photo")
        found = sign_in(cast.ola).get(address, buffered=True)
        assert found.data == JPEG and "attachment" in found.headers["Content-Disposition"]
        assert sign_in(cast.nia).get(address).status_code == 404
        assert sign_in(cast.ola).send(f"{address}/removal").status_code == 403
        browser = sign_in(cast.cerys)
        browser.send(f"{address}/removal")
        assert CommitmentCheck.get().photo_id and "or a lead" in browser.get(page_of(promise)).text
        sign_in(cast.ben).send(f"{address}/removal")
        assert CommitmentCheck.get().photo_id is None and browser.get(address).status_code == 404

    def test_a_file_that_is_no_photo_is_refused(self, letter, sign_in, cast):
        promise = build_commitment(letter.campaign)
        sent = {"verdict": "fixed", "photo": (io.BytesIO(b"%PDF-1.7"), "fan.jpg")}
        page = sign_in(cast.cerys).send(page_of(promise, "/checks"), sent)
        assert (
            page.status_code == 422 and "Choose a photo as JPG" in page.text and not CommitmentCheck.select().exists()
        )


class TestTheListForTheDoors:
    def test_it_has_a_row_for_each_home_floor_by_floor_and_leaves_out_who_asked_for_it(
        self, promise, homes, sign_in, cast
    ):
        type(homes[0]).update(status="do_not_contact").where(type(homes[0]).id == homes[0].id).execute()
        page = sign_in(cast.cerys).get(page_of(promise, "/door-list")).text
        assert page.index("Floor 3") < page.index("Floor 2") < page.index("Floor 1")
        assert page.count('scope="row"') == 4 and "1 home asked not to be called on" in page
        assert "Nobody in" in page and "4A" not in words_of(page)

    @pytest.mark.parametrize("htmx", [False, True])
    def test_each_row_is_saved_by_itself_and_twice_is_once(self, promise, homes, sign_in, cast, htmx):
        browser = sign_in(cast.cerys, htmx=htmx)
        address = page_of(promise, f"/door-list/answers/{homes[1].id}")
        for _press in range(2):
            answer = browser.send(address, {"verdict": "fixed"})
        if htmx:
            assert "1 of 5 homes entered." in answer.text and "<html" not in answer.text
        else:
            assert answer.headers["Location"].endswith(f"/door-list/answers#home-{homes[1].id}")
        assert [(row.how, row.verdict) for row in CommitmentCheck.select()] == [("door_list", "fixed")]
        browser.send(page_of(promise, f"/door-list/answers/{homes[2].id}"), {"verdict": "nobody_in"})
        page = sign_in(cast.cerys).get(page_of(promise, "/door-list/answers")).text
        assert "2 of 5 homes entered." in page
        assert "Nobody was in at: 2A." in sign_in(cast.cerys).get(page_of(promise)).text

    @pytest.mark.parametrize("htmx", [False, True])
    def test_an_empty_row_says_what_to_do(self, promise, homes, sign_in, cast, htmx):
        address = page_of(promise, f"/door-list/answers/{homes[1].id}")
        page = sign_in(cast.cerys, htmx=htmx).send(address, {})
        assert page.status_code == 422 and "Choose what is ticked on the paper" in page.text

    def test_a_home_that_spoke_for_itself_has_no_boxes(self, promise, homes, sign_in, cast):
        check_promise(promise, by=cast.ben, verdict="fixed", home=homes[0])
        page = sign_in(cast.cerys).get(page_of(promise, "/door-list/answers")).text
        assert "has said it themselves" in page
        address = page_of(promise, f"/door-list/answers/{homes[0].id}")
        refused = sign_in(cast.cerys).send(address, {"verdict": "not_fixed"})
        assert refused.status_code == 422

    def test_a_home_that_is_not_on_the_list_is_not_found(self, promise, homes, sign_in, cast):
        address = page_of(promise, f"/door-list/answers/{homes[7].id}")
        assert sign_in(cast.cerys).send(address, {"verdict": "fixed"}).status_code == 404
        for person, code in ((cast.ola, 403), (cast.nia, 404)):
            row = page_of(promise, f"/door-list/answers/{homes[0].id}")
            assert sign_in(person).send(row, {"verdict": "fixed"}).status_code == code
