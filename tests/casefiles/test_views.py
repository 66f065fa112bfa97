"""Only leads make case files; one with private details takes two, and the second has read what would be in it."""

import json

import pytest

from portal import clock
from portal.campaigns.models import Activity, Agreement, Campaign, Membership, Role
from portal.casefiles import making, operations
from portal.casefiles.models import CaseFile
from portal.letters.models import Letter
from tests.casefiles.stage import made, public_case, secretive
from tests.counting import count_sql


@pytest.fixture(autouse=True)
def quick_paper(monkeypatch):
    monkeypatch.setattr(making, "typeset", lambda template, data, *, title: b"%PDF-1.7 " + template.encode())


@pytest.fixture
def letter(cast):
    return secretive(cast)


@pytest.fixture
def page(letter):
    return f"/campaigns/{letter.campaign.key}/case-files"


@pytest.fixture
def amina(sign_in, cast):
    return sign_in(cast.amina)


@pytest.fixture
def ben(sign_in, cast):
    return sign_in(cast.ben)


def wanted(letter, parts="public", **given):
    return {"letters": str(letter.id), "from_on": "", "until_on": "", "parts": parts, **given}


def seen_in(text):
    return text.split('name="seen" value="')[1].split('"')[0]


class TestPublic:
    def test_it_is_made_by_the_worker_and_the_page_looks_again_without_script(self, amina, page, letter):
        answer = amina.send(f"{page}/new", wanted(letter))
        here = answer.headers["Location"]
        waiting = amina.get(here)
        assert answer.status_code == 303 and waiting.headers["Refresh"] == "2" and "<progress" in waiting.text
        case = made(CaseFile.get())
        ready = amina.get(here)
        assert "Refresh" not in ready.headers and case.archive.sha256 in ready.text and "1 delivery" not in ready.text
        for part, stored in (("archive", case.archive), ("paper", case.paper)):
            file = amina.get(f"{here}/{part}", buffered=True)
            assert "attachment" in file.headers["Content-Disposition"] and len(file.data) == stored.size

    def test_asking_twice_while_it_is_made_makes_one(self, amina, page, letter):
        assert [amina.send(f"{page}/new", wanted(letter)).status_code for _twice in range(2)] == [303, 303]
        assert CaseFile.select().count() == 1

    def test_a_day_has_room_for_so_many(self, amina, page, letter, monkeypatch):
        monkeypatch.setattr(operations, "MOST_A_DAY", 1)
        CaseFile.create(campaign=letter.campaign, state="failed")
        answer = amina.send(f"{page}/new", wanted(letter))
        assert answer.status_code == 422 and "Wait until tomorrow" in answer.text

    def test_that_it_was_made_is_on_record_inside(self, amina, page, letter):
        amina.send(f"{page}/new", wanted(letter))
        line = Activity.get(Activity.verb == "casefile_made")
        assert not line.is_public and not json.loads(line.facts)["is_private"]

    def test_one_whose_files_are_gone_is_made_anew_of_the_same(self, amina, cast, page, letter):
        case = public_case(letter, cast)
        CaseFile.update(state="swept", archive=None, paper=None).execute()
        shown = amina.get(f"{page}/{case.id}").text
        again = shown.split('href="')[1:]
        link = next(part.split('"')[0] for part in again if "/new?" in part).replace("&amp;", "&")
        assert "checked" in amina.get(link).text
        assert amina.get(f"{page}/{case.id}/archive").status_code == 404

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"letters": []}, "Choose at least one letter"),
            ({"letters": "999999"}, "Choose one of the answers"),
            ({"parts": ""}, "Choose how much"),
            ({"from_on": "2026-11-10", "until_on": "2026-11-09"}, "must not be before the first"),
            ({"until_on": "never"}, "Enter a date like"),
        ],
    )
    def test_wrong_input_is_explained_and_kept(self, amina, page, letter, given, says):
        answer = amina.send(f"{page}/new", wanted(letter, **{"from_on": "2026-11-08", **given}))
        assert answer.status_code == 422 and says in answer.text and CaseFile.select().count() == 0
        assert f'value="{given.get("from_on", "2026-11-08")}"' in answer.text


class TestPrivate:
    @pytest.fixture
    def asking(self, amina, page, letter):
        answer = amina.send(f"{page}/new", wanted(letter, "private"))
        assert answer.status_code == 303 and CaseFile.select().count() == 0
        return answer.headers["Location"]

    def test_the_list_of_what_would_be_in_is_shown_to_both(self, amina, ben, asking):
        for browser in (amina, ben):
            shown = browser.get(asking).text
            assert "1 person who agreed to be named" in shown and "1 answer that is not published" in shown
        assert "It waits for a second lead" in amina.get(asking).text

    def test_it_waits_on_the_other_lead_s_own_page_and_on_the_campaign_s(self, ben, asking, page, letter):
        assert "case file with private details" in ben.get("/").text
        assert page in ben.get(f"/campaigns/{letter.campaign.key}").text

    def test_the_second_lead_agrees_and_it_is_made_and_logged(self, ben, asking, cast):
        answer = ben.send(f"{asking}/agreement", {"seen": seen_in(ben.get(asking).text)})
        case = made(CaseFile.get())
        assert answer.status_code == 303 and case.is_private and case.state == "done"
        assert (case.asked_by_id, case.agreed_by_id) == (cast.amina.id, cast.ben.id)
        line = Activity.get(Activity.verb == "casefile_made")
        assert line.by_id == cast.ben.id and not line.is_public and "Amina" in line.facts
        assert "contains private details" in ben.get(answer.headers["Location"]).text

    def test_the_one_who_asked_cannot_agree(self, amina, ben, asking):
        answer = amina.send(f"{asking}/agreement", {"seen": seen_in(ben.get(asking).text)})
        assert answer.status_code == 422 and "It takes two" in answer.text and CaseFile.select().count() == 0

    def test_what_was_added_meanwhile_has_to_be_read_first(self, ben, asking, letter):
        from tests.builders import build_response

        seen = seen_in(ben.get(asking).text)
        build_response(letter, text="Another one")
        answer = ben.send(f"{asking}/agreement", {"seen": seen})
        assert answer.status_code == 422 and "Something was added" in answer.text
        assert "2 answers that are not published" in answer.text and CaseFile.select().count() == 0
        assert ben.send(f"{asking}/agreement", {"seen": seen_in(answer.text)}).status_code == 303

    def test_not_yet_makes_nothing_and_cannot_be_agreed_to_later(self, ben, asking):
        seen = seen_in(ben.get(asking).text)
        assert ben.send(f"{asking}/withdrawal").status_code == 303
        assert ben.send(f"{asking}/agreement", {"seen": seen}).status_code == 422
        assert CaseFile.select().count() == 0 and "taken back" in ben.get(asking).text

    def test_one_who_leads_no_more_has_asked_for_nothing(self, ben, asking, cast):
        seen = seen_in(ben.get(asking).text)
        Role.update(ended_at=clock.now()).where(
            Role.membership.in_(Membership.select().where(Membership.person == cast.amina.id))
        ).execute()
        answer = ben.send(f"{asking}/agreement", {"seen": seen})
        assert answer.status_code == 422 and "no lead any more" in answer.text and CaseFile.select().count() == 0

    def test_a_second_press_makes_it_once(self, ben, asking):
        seen = seen_in(ben.get(asking).text)
        assert [ben.send(f"{asking}/agreement", {"seen": seen}).status_code for _twice in range(2)] == [303, 422]
        assert CaseFile.select().count() == 1

    def test_one_asking_waits_at_a_time_and_what_was_chosen_is_kept(self, ben, asking, page, letter):
        answer = ben.send(f"{page}/new", wanted(letter, "private", from_on="2026-11-02"))
        assert answer.status_code == 422 and "asked for this already" in answer.text and "2026-11-02" in answer.text
        assert Agreement.select().count() == 1


class TestWhoMay:
    def test_only_leads(self, sign_in, cast, amina, page, letter):
        amina.send(f"{page}/new", wanted(letter, "private"))
        case = public_case(letter, cast)
        asking = f"/askings/{Agreement.get().id}"
        Campaign.update(visibility="circle").where(Campaign.id == letter.campaign_id).execute()
        for person, status in ((cast.cerys, 403), (cast.dov, 404)):
            browser = sign_in(person)
            for rest in ("", "/new", f"/{case.id}", f"/{case.id}/archive", f"/{case.id}/paper", asking):
                assert browser.get(page + rest).status_code == status, rest
            for rest in ("/new", f"{asking}/agreement", f"{asking}/withdrawal"):
                assert browser.send(page + rest, wanted(letter)).status_code == status, rest

    def test_another_campaign_s_is_missing(self, sign_in, cast, letter):
        from tests.builders import build_campaign

        case = public_case(letter, cast)
        other = build_campaign(leads=[cast.nia], title="Somewhere else")
        assert sign_in(cast.nia).get(f"/campaigns/{other.key}/case-files/{case.id}").status_code == 404

    def test_a_letter_that_can_still_change_is_not_offered(self, amina, page, letter):
        from tests.builders import build_letter

        build_letter(letter.campaign, title="Still being written")
        assert "Still being written" not in amina.get(f"{page}/new").text


def test_pages_cost_five_statements_however_much_there_is(amina, cast, page, letter):
    amina.send(f"{page}/new", wanted(letter, "private"))
    asking = f"{page}/askings/{Agreement.get().id}"
    counts = []
    for _more in range(2):
        case = public_case(letter, cast)
        found = []
        for url in (page, f"{page}/new", f"{page}/{case.id}", asking):
            with count_sql() as seen:
                assert amina.get(url).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 5, counts


def test_a_long_list_goes_on_by_key(amina, page, letter):
    for _one in range(21):
        CaseFile.create(campaign=letter.campaign, letters="[]", state="failed", problem="x")
    first = amina.get(page).text
    link = next(part.split('"')[0] for part in first.split('href="') if "before=" in part.split('"')[0])
    assert first.count("<h2>") == 20 and amina.get(link).text.count("<h2>") == 1
    assert Letter.select().count()
