"""Signing in and out, and the page about yourself, through the front door."""

from datetime import timedelta

from portal import clock
from portal.people.models import Person, SignIn
from tests.conftest import NOON


class TestSigningInByLink:
    def test_a_new_person_gives_a_name_and_is_in(self, client, outbox):
        assert client.send("/sign-in", {"email": "Rosa@Example.org"}).status_code == 303
        link = outbox("rosa@example.org")[0].link("sign-in/link")
        assert "What shall we call you" in client.get(link).text
        assert client.send(link, {"name": "Rosa Maddox"}).headers["Location"] == "/"
        assert "Rosa Maddox" in client.get("/me").text

    def test_looking_at_the_link_signs_nobody_in(self, client, outbox, cast):
        client.send("/sign-in", {"email": cast.amina.email})
        link = outbox()[0].link()
        for _look in range(5):
            assert client.get(link).status_code == 200
        assert client.get("/me").status_code == 303
        assert SignIn.select().count() == 0

    def test_a_link_works_once(self, client, sign_in, outbox, cast):
        client.send("/sign-in", {"email": cast.amina.email})
        link = outbox()[0].link()
        assert client.send(link, {}).status_code == 303
        assert sign_in(None).send(link, {}).status_code == 410

    def test_a_link_dies_after_ten_minutes(self, client, outbox, cast):
        client.send("/sign-in", {"email": cast.amina.email})
        link = outbox()[0].link()
        with clock.frozen_at(NOON + timedelta(minutes=11)):
            assert client.get(link).status_code == 410

    def test_known_and_unknown_addresses_get_the_same_answer(self, client, cast):
        known = client.send("/sign-in", {"email": cast.amina.email})
        unknown = client.send("/sign-in", {"email": "nobody@example.org"})
        assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])

    def test_the_sixth_link_in_an_hour_is_not_mailed_but_answered_alike(self, client, outbox, cast):
        answers = {client.send("/sign-in", {"email": cast.amina.email}).status_code for _try in range(7)}
        assert answers == {303}
        assert len(outbox(cast.amina.email)) == 5

    def test_a_wrong_address_is_kept_and_explained(self, client):
        page = client.send("/sign-in", {"email": "rosa@@example"})
        assert page.status_code == 422
        assert "in the right form" in page.text and 'value="rosa@@example"' in page.text

    def test_it_leads_back_to_the_page_that_was_asked_for(self, client, outbox, cast):
        asked = client.get("/me/organizing")
        page = client.get(asked.headers["Location"])
        note = page.text.split('name="next"')[1].split('value="')[1].split('"')[0]
        client.send("/sign-in", {"email": cast.amina.email, "next": note})
        assert client.send(outbox()[0].link(), {}).headers["Location"] == "/me/organizing"

    def test_a_forged_way_back_leads_to_the_start_page(self, client, outbox, cast):
        client.send("/sign-in", {"email": cast.amina.email, "next": "https://evil.example/"})
        assert client.send(outbox()[0].link(), {}).headers["Location"] == "/"


class TestSigningInByPassword:
    def give_password(self, browser):
        assert browser.send("/me/password", {"password": "four words in a row"}).status_code == 303

    def test_the_right_password_opens(self, sign_in, cast, client):
        self.give_password(sign_in(cast.amina))
        answer = client.send("/sign-in/password", {"email": cast.amina.email, "password": "four words in a row"})
        assert answer.status_code == 303 and client.get("/me").status_code == 200

    def test_a_wrong_password_and_an_unknown_address_say_the_same(self, sign_in, cast, client):
        self.give_password(sign_in(cast.amina))
        wrong = client.send("/sign-in/password", {"email": cast.amina.email, "password": "something else entirely"})
        unknown = client.send("/sign-in/password", {"email": "no@example.org", "password": "something else entirely"})
        assert wrong.status_code == unknown.status_code == 422
        assert "do not fit together" in wrong.text and "do not fit together" in unknown.text
        assert "something else entirely" not in wrong.text

    def test_the_eleventh_try_must_wait(self, cast, client):
        tries = [
            client.send("/sign-in/password", {"email": cast.amina.email, "password": "guess after guess"}).status_code
            for _try in range(11)
        ]
        assert tries == [422] * 10 + [429]

    def test_a_short_or_own_name_password_is_refused(self, sign_in, cast):
        browser = sign_in(cast.amina)
        assert "12 characters" in browser.send("/me/password", {"password": "short"}).text
        assert "too easy" in browser.send("/me/password", {"password": "amina@example.org"}).text

    def test_a_new_password_signs_other_browsers_out(self, sign_in, cast):
        here, there = sign_in(cast.amina), sign_in(cast.amina)
        self.give_password(here)
        assert here.get("/me").status_code == 200
        assert there.get("/me").status_code == 303


class TestWhereYouAreSignedIn:
    def test_ending_one_from_another_browser_ends_it_at_once(self, sign_in, cast):
        here, lost = sign_in(cast.amina), sign_in(cast.amina)
        lost.get("/me")
        row = SignIn.select().order_by(SignIn.id.desc()).get()
        assert here.send(f"/me/sign-ins/{row.id}/end").status_code == 303
        assert lost.get("/me").status_code == 303

    def test_somebody_elses_is_not_there(self, sign_in, cast):
        sign_in(cast.ben)
        row = SignIn.select().order_by(SignIn.id.desc()).get()
        assert sign_in(cast.amina).send(f"/me/sign-ins/{row.id}/end").status_code == 404

    def test_signing_out_forgets_this_browser(self, sign_in, cast):
        browser = sign_in(cast.amina)
        answer = browser.send("/sign-out")
        assert "storage" in answer.headers["Clear-Site-Data"]
        assert browser.get("/me").status_code == 303

    def test_a_sign_in_asleep_for_two_weeks_is_over(self, sign_in, cast):
        browser = sign_in(cast.amina)
        with clock.frozen_at(NOON + timedelta(days=15)):
            assert browser.get("/me").status_code == 303


class TestYou:
    def test_a_name_is_changed(self, sign_in, cast):
        assert sign_in(cast.amina).send("/me/name", {"name": "Amina D."}).status_code == 303
        assert Person.get_by_id(cast.amina.id).name == "Amina D."

    def test_a_web_address_is_no_name(self, sign_in, cast):
        page = sign_in(cast.amina).send("/me/name", {"name": "Win at https://evil.example"})
        assert page.status_code == 422 and "without a web address" in page.text

    def test_an_organizer_declares_for_whom_they_work(self, sign_in, cast):
        browser = sign_in(cast.nia)
        assert browser.send("/me/organizing", {"declaration": "", "area": ""}).status_code == 422
        sent = {"declaration": "I work for the fund.", "area": "Ashmere", "is_meant": "y"}
        assert browser.send("/me/organizing", sent).status_code == 303
        assert "I work for the fund." in browser.get("/me").text
