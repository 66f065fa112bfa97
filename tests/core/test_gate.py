"""The gate: headers on every answer, nothing from other sites, nothing lost when a page grew old."""

from types import SimpleNamespace

import pytest

from portal import features
from portal.people.models import Person
from portal.settings import SettingWrong, load

EVERY = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")


@pytest.mark.parametrize("url", ["/", "/sign-in", "/nothing-here", "/me", "/healthz", "/campaigns/none-like-it"])
def test_every_answer_carries_the_security_headers(client, url):
    answer = client.get(url)
    assert all(name in answer.headers for name in EVERY)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_static_files_carry_them_too_and_are_kept_for_a_year(client):
    page = client.get("/sign-in").text
    url = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(url, buffered=True)
    assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
    assert all(name in answer.headers for name in EVERY)


def test_pages_for_people_are_never_stored_or_indexed(sign_in, cast):
    answer = sign_in(cast.amina).get("/me")
    assert answer.headers["Cache-Control"] == "no-store" and "noindex" in answer.headers["X-Robots-Tag"]


def test_missing_pages_look_alike(client):
    one, other = client.get("/campaigns/abcdefghijklmnopqrstuv"), client.get("/letters/abcdefghijklmnopqrstuv")
    assert one.status_code == other.status_code == 404
    assert one.data == other.data


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_a_form_on_another_site_acts_in_nobodys_name(sign_in, cast, headers):
    browser = sign_in(cast.amina)
    assert browser.send("/me/name", {"name": "Stolen"}, headers=headers).status_code == 403
    assert Person.get_by_id(cast.amina.id).name == "Amina Dirie"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("url", ["/", "/nothing-here", "/static/css/none.css", "/healthz"])
def test_a_name_that_is_not_ours_gets_a_plain_no(app, client, monkeypatch, method, url):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["doorstep.example"])
    answer = client.open(url, method=method, base_url="http://evil.example", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 400 and answer.mimetype == "text/plain"
    assert "does not answer to this name" in answer.text and "evil" not in answer.text
    assert all(name in answer.headers for name in EVERY)
    assert client.get("/sign-in", base_url="http://doorstep.example").status_code == 200


def test_a_post_without_a_token_changes_nothing_and_keeps_the_words(sign_in, cast):
    browser = sign_in(cast.amina)
    page = browser.post("/me/name", data={"name": "My long typed name"})
    assert page.status_code == 400 and "My long typed name" in page.text
    assert Person.get_by_id(cast.amina.id).name == "Amina Dirie"


def test_the_token_that_stands_on_a_page_is_taken(sign_in, cast):
    member, visitor = sign_in(cast.amina), sign_in(None)
    pages = [browser.get(page).text for browser, page in ((member, "/me"), (visitor, "/sign-in/password"))]
    first, second = (page.split('name="csrf_token" value="')[1].split('"')[0] for page in pages)
    assert member.post("/me/name", data={"csrf_token": first, "once": "k", "name": "Amina D."}).status_code == 303
    assert visitor.post("/sign-in", data={"csrf_token": second, "email": "rosa@example.org"}).status_code == 303
    assert visitor.post("/sign-in", data={"csrf_token": first, "email": "rosa@example.org"}).status_code == 400
    assert Person.get_by_id(cast.amina.id).name == "Amina D."


def test_a_form_sent_after_the_session_ended_keeps_the_words_but_no_password(client, cast):
    page = client.send("/me/name", {"name": "Typed for an hour", "password": "secret words here"})
    assert page.status_code == 401
    assert "Typed for an hour" in page.text and "secret words here" not in page.text


def test_a_form_key_alone_is_no_licence(client, cast):
    assert client.post("/me/name", data={"name": "x", "once": "k"}).status_code == 401


def test_get_never_changes_anything(sign_in, cast):
    assert sign_in(cast.amina).get("/me/name").status_code == 405


def test_htmx_without_a_session_is_sent_to_sign_in_not_swapped_into_the_page(sign_in):
    answer = sign_in(None, htmx=True).get("/me")
    assert answer.status_code == 401 and answer.headers["HX-Redirect"].startswith("/sign-in")
    assert "HX-Request" in answer.headers["Vary"]


class TestSettings:
    GOOD = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "x" * 40,
        "BASE_URL": "https://doorstep.example.org",
        "TRUSTED_HOSTS": "doorstep.example.org",
    }

    def test_production_starts_with_what_it_needs(self):
        settings = load(self.GOOD)
        assert settings["SESSION_COOKIE_NAME"] == "__Host-s" and settings["SESSION_COOKIE_SECURE"]

    @pytest.mark.parametrize("missing", ["SECRET_KEY", "BASE_URL", "TRUSTED_HOSTS"])
    def test_production_refuses_to_start_without(self, missing):
        with pytest.raises(SettingWrong, match=missing):
            load({name: value for name, value in self.GOOD.items() if name != missing})

    def test_a_short_key_is_refused(self):
        with pytest.raises(SettingWrong, match="32 characters"):
            load({**self.GOOD, "SECRET_KEY": "short"})

    def test_development_on_a_real_address_is_refused(self):
        with pytest.raises(SettingWrong, match="ENVIRONMENT=production"):
            load({"BASE_URL": "https://doorstep.example.org"})

    @pytest.mark.parametrize(
        ("name", "value"), [("PORT", "eight"), ("ENVIRONMENT", "prod"), ("BASE_URL", "doorstep.example.org")]
    )
    def test_nonsense_names_the_setting(self, name, value):
        with pytest.raises(SettingWrong, match=name):
            load({name: value})


def test_a_route_without_an_action_stops_the_start(app):
    from portal import gate

    app.view_functions["bare"] = lambda: "x"
    try:
        with pytest.raises(RuntimeError, match="bare"):
            gate.check_routes(app)
    finally:
        del app.view_functions["bare"]


def test_production_shows_no_development_pages():
    production = SimpleNamespace(config={"PRODUCTION": True})
    names = {blueprint.name for blueprint in features.blueprints(production)}
    assert names and not names & {"development", "styleguide"}
