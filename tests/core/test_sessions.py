"""The session cookie: renewed once a day, not with every answer, and as hard to forge as Flask's."""

from datetime import timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface

from portal import clock
from portal.people.models import SignIn


@pytest.fixture
def browser(cast, sign_in, monkeypatch):
    """Signed in now, with a cookie that outlives the browser."""
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: clock.now().timestamp())
    browser = sign_in(cast.amina)
    with browser.session_transaction() as kept:
        kept.permanent, kept["csrf_token"] = True, "x" * 40
    return browser


def cookie_of(browser):
    return browser.get_cookie("s").value


def days_later(days):
    return clock.frozen_at(clock.now() + timedelta(days=days))


def test_a_fresh_cookie_does_not_come_again(browser):
    with days_later(0.9):
        answer = browser.get("/me")
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers


def test_after_a_day_it_is_signed_anew_and_lives_on(browser):
    for days in (13, 26, 39):
        with days_later(days):
            answer = browser.get("/me")
            assert answer.status_code == 200 and "Set-Cookie" in answer.headers
            assert "Set-Cookie" not in browser.get("/me").headers


def test_after_thirty_days_without_a_visit_it_is_worth_nothing(browser):
    SignIn.update(last_seen_at=clock.now() + timedelta(days=31)).execute()
    with days_later(29):
        assert browser.get("/me").status_code == 200
    with days_later(29 + 31):
        assert browser.get("/me").status_code == 303


def test_a_forged_one_is_worth_nothing(browser):
    name, _dot, rest = cookie_of(browser).partition(".")
    browser.set_cookie("s", f"{name}.{rest[:-2]}xx")
    assert browser.get("/me").status_code == 303


def test_flask_itself_reads_it_and_the_other_way_round(app, browser):
    flasks = SecureCookieSessionInterface().get_signing_serializer(app)
    ours = app.session_interface.get_signing_serializer(app)
    assert flasks.loads(cookie_of(browser)) == ours.loads(cookie_of(browser))
    assert ours.loads(flasks.dumps({"_user_id": "x"})) == {"_user_id": "x"}


def test_keys_that_were_given_up_still_open(app, monkeypatch):
    old = app.session_interface.get_signing_serializer(app).dumps({"a": 1})
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [app.secret_key])
    monkeypatch.setattr(app, "secret_key", "another key for tests, as long!!")
    assert app.session_interface.get_signing_serializer(app).loads(old) == {"a": 1}
