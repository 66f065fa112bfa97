"""The short way of signing does what the long way does, or leaves it to the long way."""

import logging
from datetime import timedelta
from urllib.parse import urlencode

import itsdangerous.timed
import peewee
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import clock
from portal.campaigns.models import Campaign
from portal.database import claim_with
from portal.letters import quick_signing
from portal.letters.models import Letter, Signature
from portal.letters.quick_signing import QuickSigning
from portal.once import OnceKey
from portal.outbox import OutgoingMail
from portal.plain_posts import PlainPosts
from tests.builders import build_campaign, build_letter
from tests.conftest import NOON, _fill_buckets
from tests.examples import examples, shared
from tests.signing.two_ways import GOOD, Ways


def same(ways, form, *, short, **given):
    """Both ways give the same; returns it. `short` says whether the short way must have answered."""
    quick, slow = ways.both(form, **given)
    assert quick.was_short == short and not slow.was_short
    assert quick.seen == slow.seen
    return quick


class TestTheSame:
    def test_a_good_form_goes_the_short_way_and_gives_the_same_rows_and_answer(self, ways, letter):
        done = same(ways, ways.form(), short=True)
        assert done.status == 303 and done.headers["Location"] == f"/letters/{letter.key}/signed"
        assert len(done.rows) == 3

    @pytest.mark.parametrize(
        "headers",
        [
            {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://localhost"},
            {"HTTP_SEC_FETCH_SITE": "none"},
            {"HTTP_ORIGIN": "http://localhost"},
            {"HTTP_ACCEPT_LANGUAGE": "cy, en;q=0.5", "HTTP_ACCEPT_ENCODING": "gzip, br", "HTTP_REFERER": "http://x/"},
            {"REMOTE_ADDR": "2001:db8:1:2::3"},
            {"REMOTE_ADDR": None},
            {"HTTP_HOST": "localhost:80"},
            {"HTTP_HOST": "localhost:8000", "HTTP_ORIGIN": "http://localhost:8000"},
            {"wsgi.url_scheme": "https", "HTTP_REFERER": "https://localhost/letters/x", "HTTP_HOST": "localhost"},
        ],
    )
    def test_whatever_an_ordinary_browser_sends_along(self, ways, headers):
        assert same(ways, ways.form(), short=True, **headers).status == 303

    def test_with_every_header_that_https_brings(self, app, ways, monkeypatch):
        monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
        assert "Strict-Transport-Security" in same(ways, ways.form(), short=True).headers

    names = st.one_of(
        st.text(max_size=90), st.sampled_from(["Rosa", "  Zoë  Łuk ", "Amina\u200b", "www.x.com", "a" * 81])
    )
    emails = st.one_of(
        st.emails(),
        st.text(max_size=20),
        st.sampled_from(["ROSA@Example.org", " rosa@example.org", "Rosa+a@exämple.org", "a@b", "postmaster@x.org", ""]),
    )
    boxes = st.sampled_from([None, "y", "", "false", "on"])

    @settings(shared, max_examples=examples(120, at_once=15))
    @given(
        name=names,
        email=emails,
        home=st.one_of(st.none(), st.text(max_size=45)),
        display=st.sampled_from(["hidden", "resident", "first_name", "full", "", "everything", None]),
        ticks=st.tuples(st.sampled_from(["y", "y", "y", "", None]), boxes, boxes),
    )
    @example(name="Rosa", email="rosa@example.org", home=None, display="full", ticks=("y", "y", None))
    def test_any_form_at_all(self, ways, name, email, home, display, ticks):
        count_me, target, news = ticks
        form = ways.form(
            name=name.encode("utf-8", "replace"),
            email=email.encode("utf-8", "replace"),
            home_words=home if home is None else home.encode("utf-8", "replace"),
            display=display,
            count_me=count_me,
            show_to_target=target,
            wants_news=news,
        )
        quick, slow = ways.both(form)
        assert quick.seen == slow.seen
        assert not quick.was_short or quick.status == 303

    @settings(shared, max_examples=examples(80, at_once=15))
    @given(
        body=st.one_of(st.binary(max_size=60), st.text("abc=&%+;0é\n", max_size=40).map(str.encode)), tail=st.booleans()
    )
    def test_any_body_at_all(self, ways, body, tail):
        good = urlencode(ways.form()).encode()
        quick, slow = ways.both(good + b"&" + body if tail else body)
        assert quick.seen == slow.seen


class TestLeftToTheLongWay:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
            ({"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_ORIGIN": "http://localhost"}, 403),
            ({"HTTP_ORIGIN": "http://evil.example"}, 403),
            ({"HTTP_ORIGIN": "null"}, 403),
            ({"HTTP_COOKIE": None}, 400),
            ({"HTTP_COOKIE": "s=forged.aaaa.bbbb"}, 400),
            ({"CONTENT_TYPE": "text/plain"}, 400),
            ({"CONTENT_TYPE": None}, 400),
            ({"CONTENT_LENGTH": "0"}, 400),
            ({"CONTENT_LENGTH": None}, 400),
            ({"HTTP_HX_REQUEST": "true"}, 200),
            ({"QUERY_STRING": "a=b"}, 303),
            ({"REQUEST_METHOD": "PUT"}, 405),
            ({"wsgi.url_scheme": "https"}, 400),
            ({"wsgi.url_scheme": "https", "HTTP_REFERER": "https://evil.example/"}, 400),
            ({"SCRIPT_NAME": "/under"}, 303),
        ],
    )
    def test_what_is_not_plain_or_not_allowed(self, ways, headers, status):
        done = same(ways, ways.form(), short=False, **headers)
        assert done.status == status and (status in (200, 303) or done.rows == [])

    @pytest.mark.parametrize(
        ("field", "value", "status"),
        [
            ("csrf_token", None, 400),
            ("csrf_token", "forged", 400),
            ("once", None, 303),
            ("once", "x" * 65, 303),
            ("name", "", 422),
            ("name", "See https://evil.example", 422),
            ("email", "a@b", 422),
            ("home_words", "x" * 41, 422),
            ("display", "everything", 422),
            ("count_me", None, 422),
            ("name", "x" * 9000, 422),
        ],
    )
    def test_a_form_that_is_not_wholly_good(self, ways, field, value, status):
        assert same(ways, ways.form(**{field: value}), short=False).status == status

    def test_anothers_form_token(self, ways, sign_in):
        assert same(ways, ways.form(csrf_token=sign_in(None).token()), short=False).status == 400

    def test_a_field_given_twice(self, ways):
        form = [*ways.form().items(), ("name", "Somebody Else")]
        assert same(ways, form, short=False).status == 303

    def test_a_session_that_is_too_old(self, ways, monkeypatch):
        later = itsdangerous.timed.time.time() + timedelta(days=31).total_seconds()
        monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: later)
        assert same(ways, ways.form(), short=False).status == 400

    def test_a_body_shorter_than_was_said(self, ways):
        same(ways, ways.form(), short=False, CONTENT_LENGTH="4000")

    def test_somebody_signed_in(self, app, sign_in, cast, letter):
        ways = Ways(app, sign_in(cast.dov), f"/letters/{letter.key}/signatures")
        assert same(ways, ways.form(), short=False).status == 303

    def test_a_second_cookie(self, ways):
        assert same(ways, ways.form(), short=False, HTTP_COOKIE=f"a=b; s={ways.cookie}").status == 303

    @pytest.mark.parametrize(
        ("state", "status"), [("closed", 422), ("circle", 404), ("withdrawn", 404), ("draft", 404), ("missing", 404)]
    )
    def test_a_letter_that_takes_no_names(self, app, client, cast, state, status):
        campaign = build_campaign(leads=[cast.amina], visibility="circle" if state == "circle" else "public")
        letter = build_letter(campaign, frozen=state != "draft")
        if state == "closed":
            Campaign.update(state="won").where(Campaign.id == campaign.id).execute()
        if state == "withdrawn":
            Letter.update(withdrawn_at=NOON).where(Letter.id == letter.id).execute()
        key = "abcdefghijklmnopqrstuv" if state == "missing" else letter.key
        ways = Ways(app, client, f"/letters/{key}/signatures")
        done = same(ways, ways.form(), short=False)
        assert done.status == status and done.rows == []

    def test_a_letter_is_looked_at_anew_each_time(self, ways, letter):
        assert ways.go(ways.form()).was_short
        Campaign.update(visibility="circle").where(Campaign.id == letter.campaign_id).execute()
        assert ways.go(ways.form(email="other@example.org")).status == 404
        Campaign.update(visibility="public").where(Campaign.id == letter.campaign_id).execute()
        Letter.update(title="A new title").where(Letter.id == letter.id).execute()
        assert ways.go(ways.form(email="third@example.org")).was_short
        assert "A new title" in OutgoingMail.select().order_by(OutgoingMail.id.desc()).get().facts

    def test_a_letter_that_changed_since_this_process_saw_it(self, app, ways, letter):
        way = QuickSigning(app, ways.long)
        assert ways.go(ways.form(), way=way).was_short
        Letter.update(title="A new title").where(Letter.id == letter.id).execute()
        changed, after = (ways.go(ways.form(email=f"{n}@example.org"), way=way) for n in "ab")
        assert changed.status == after.status == 303 and (changed.was_short, after.was_short) == (False, True)
        mails = OutgoingMail.select().order_by(OutgoingMail.id)
        assert ["A new title" in mail.facts for mail in mails] == [False, True, True]
        for change, statuses in (
            ({"visibility": "circle"}, [404, 404]),
            ({"visibility": "public", "state": "won"}, [422, 422]),
            ({"state": "active"}, [303, 303]),
        ):
            Campaign.update(change).where(Campaign.id == letter.campaign_id).execute()
            done = [ways.go(ways.form(email=f"{statuses[0]}{n}@example.org"), way=way) for n in "ab"]
            assert [one.status for one in done] == statuses
        assert done[1].was_short and Signature.select().count() == OnceKey.select().count() == 5

    def test_a_host_that_is_not_ours(self, app, ways, monkeypatch):
        monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["doorstep.example"])
        for host in ("localhost", "evil.example", "doorstep.example.evil.example", "doorstep.example:0", None):
            assert PlainPosts(app).read(ways.environ(ways.form(), HTTP_HOST=host)) is None
        assert same(ways, ways.form(), short=True, HTTP_HOST="doorstep.example").status == 303

    @pytest.mark.parametrize("error", [peewee.OperationalError("database is locked"), KeyError(GOOD["email"])])
    def test_trouble_of_our_own(self, ways, monkeypatch, caplog, error):
        def failing(*args, **kwargs):
            monkeypatch.undo()
            raise error

        monkeypatch.setattr(quick_signing, "store_with_the_crowd", failing)
        done = ways.go(ways.form())
        assert done.status == 303 and not done.was_short and Signature.select().count() == 1
        assert type(error).__name__ in caplog.text and GOOD["email"] not in caplog.text


class TestWhoSignedBefore:
    @pytest.mark.parametrize("before", ["waiting", "confirmed", "withdrawn", "blocked"])
    def test_the_same_happens_and_nothing_can_be_told(self, ways, before):
        first = ways.go(ways.form())
        changes = {
            "waiting": {},
            "confirmed": {"state": "confirmed", "confirmed_at": NOON},
            "withdrawn": {"state": "withdrawn", "withdrawn_at": NOON, "name": "", "email": ""},
            "blocked": {"state": "withdrawn", "withdrawn_at": NOON, "is_blocked": True, "name": "", "email": ""},
        }[before]
        if changes:
            Signature.update(changes).execute()
        done = same(ways, ways.form(email="ROSA+x@example.org"), short=True)
        assert (done.status, done.headers, done.body) == (first.status, first.headers, first.body)

    def test_at_most_two_more_mails_a_day(self, ways):
        for _try in range(6):
            assert ways.go(ways.form()).was_short
        assert OutgoingMail.select().count() == 3 and Signature.select().count() == 1


class TestPressedTwice:
    def test_once_is_enough_by_any_way(self, ways):
        form = ways.form()
        first = ways.go(form)
        again = [ways.go({**form, "email": "other@example.org"}, short=short) for short in (True, False)]
        assert {done.headers["Location"] for done in again} == {first.headers["Location"]}
        assert Signature.select().count() == 1 and OnceKey.select().count() == 1

    def test_two_presses_at_once_sign_once(self, ways):
        form = ways.form()
        ways.go(form, short=False)  # Its key is not looked for: it is met where the second's is stored.
        done = ways.go({**form, "email": "other@example.org"})
        assert done.status == 303 and not done.was_short and Signature.select().count() == 1

    def test_a_second_press_uses_no_act_and_sends_no_mail(self, ways):
        form = ways.form()
        for _press in range(62):
            assert ways.go(form).status == 303
        assert Signature.select().count() == OutgoingMail.select().count() == OnceKey.select().count() == 1
        assert ways.go(ways.form(email="other@example.org")).was_short
        assert not Signature.select().where(Signature.is_held).exists()

    def test_a_claim_that_another_request_left_behind_is_nobodys(self, ways):
        claim_with(lambda: pytest.fail("claimed by somebody else"))
        assert ways.go(ways.form()).was_short and OnceKey.select().count() == 1

    def test_the_key_is_given_back_when_it_fails(self, ways, letter):
        form = ways.form()
        Campaign.update(state="won").where(Campaign.id == letter.campaign_id).execute()
        assert ways.go(form).status == 422 and OnceKey.select().count() == 0
        Campaign.update(state="active").where(Campaign.id == letter.campaign_id).execute()
        assert ways.go(form).status == 303


class TestManyFromOnePlace:
    def test_both_ways_fill_one_bucket(self, ways):
        for number in range(61):
            ways.go(ways.form(email=f"n{number}@example.org"), short=number % 2 == 0)
        held = [signature.email for signature in Signature.select().where(Signature.is_held)]
        assert held == ["n60@example.org"]

    def test_a_refusal_uses_nothing_up(self, ways, letter):
        Campaign.update(state="won").where(Campaign.id == letter.campaign_id).execute()
        for _try in range(60):
            ways.go(ways.form())
        Campaign.update(state="active").where(Campaign.id == letter.campaign_id).execute()
        ways.go(ways.form())
        assert not Signature.get().is_held

    def test_the_network_is_the_one_a_trusted_proxy_names(self, ways):
        ways.wrap = lambda application: ProxyFix(application, x_for=1, x_proto=1, x_host=1)
        here = same(ways, ways.form(), short=True, HTTP_X_FORWARDED_FOR="192.0.2.7, 198.51.100.9")
        there = same(ways, ways.form(), short=True, HTTP_X_FORWARDED_FOR="198.51.100.9, 192.0.2.7")
        assert here.rows[0]["network_key"] != there.rows[0]["network_key"]
        https = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "doorstep.example"}
        same(ways, ways.form(), short=True, **https, HTTP_REFERER="https://doorstep.example/letters/x")
        same(ways, ways.form(), short=False, **https, HTTP_REFERER="https://localhost/letters/x")


def test_nobody_learns_from_the_log(ways, caplog):
    caplog.set_level(logging.INFO)
    for form in (ways.form(), ways.form(csrf_token="forged"), ways.form(name="")):
        ways.go(form)
    assert not any(secret in caplog.text for secret in (GOOD["name"], GOOD["email"]))


def test_a_mail_written_later_says_what_was_true_when_it_happened(ways, letter):
    ways.go(ways.form())
    Letter.update(title="Something else").where(Letter.id == letter.id).execute()
    from tests.clients import written_mails

    with clock.frozen_at(NOON + timedelta(days=1)):
        (mail,) = written_mails()
    assert letter.title in mail.text and "Something else" not in mail.text
    _fill_buckets()
