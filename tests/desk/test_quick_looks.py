"""The short way of looking at the desk tells what the long way tells, or leaves it to the long way."""

import gzip
import queue
import re
import threading
from datetime import timedelta
from urllib.parse import urlencode

import peewee
import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from portal import clock
from portal.campaigns.models import Membership
from portal.letters.blocks import Words, remove_block, save_block
from portal.letters.desk.giving_way import GivingWay
from portal.letters.desk.quick_looks import QuickLooks
from portal.letters.models import Block, Letter
from portal.people.models import SignIn
from tests.builders import add_member, build_campaign, build_letter, build_person

HIDDEN = re.compile(r'(name="(?:once|csrf_token)") value="[^"]*"')


@pytest.fixture
def letter(cast):
    return build_letter(
        build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola, floors=1)
    )


class Ways:
    """One browser's looks, by the short way where that answers and by the long way."""

    def __init__(self, app, browser, letter):
        self.quick = app.wsgi_app
        while not isinstance(self.quick, QuickLooks):
            self.quick = self.quick.application
        self.browser, self.letter = browser, letter
        browser.token()
        self.asked = {"seen": "", "have": "", "removed": ""}
        self.cookie = "s=" + browser.get_cookie("s").value

    def environ(self, **given):
        path = f"/campaigns/{self.letter.campaign.key}/letters/{self.letter.id}/live"
        made = EnvironBuilder(path=path, query_string=urlencode(self.asked)).get_environ()
        return {**made, "HTTP_COOKIE": self.cookie, **given}

    def short(self, **given):
        """What the short way answers, or None where it does not."""
        went_on = []

        def go_on(_environ, start_response):
            went_on.append(True)
            start_response("200 OK", [])
            return []

        own, self.quick.application = self.quick.application, go_on
        try:
            answer = _read(run_wsgi_app(self.quick, self.environ(**given)))
        finally:
            self.quick.application = own
        return None if went_on else answer

    def long(self, **given):
        """What the view answers."""
        with self.browser.application.app_context():
            return _read(run_wsgi_app(self.quick.application, self.environ(**given)))

    def know(self, body):
        """Look from now on as a page that shows this."""
        self.asked["seen"] = re.search(r'data-seen="([^"]*)"', body)[1]
        marks = dict(re.findall(r'id="block_(\d+)"[^>]*? data-mark="([^"]*)"', body))
        self.asked["have"] = ",".join(f"{number}:{mark}" for number, mark in marks.items())
        removed = re.search(r'id="removed"[^>]*? data-mark="([^"]*)"', body)
        self.asked["removed"] = removed[1] if removed else self.asked["removed"]


def _read(answer):
    body, status, headers = answer
    kept = {name: value for name, value in headers.items() if name not in ("Content-Length", "Vary")}
    kept["Vary"] = sorted(headers["Vary"].split(", ")) if "Vary" in headers else []
    return status.upper(), kept, HIDDEN.sub(r"\1", b"".join(body).decode())


@pytest.fixture
def ways(app, sign_in, cast, letter):
    ways = Ways(app, sign_in(cast.amina), letter)
    ways.know(ways.long()[2])
    return ways


class TestTheSame:
    def test_that_nothing_is_new(self, ways):
        assert ways.short() == ways.long() and ways.short()[0].startswith("204")

    def test_a_part_that_somebody_saved_once_it_has_been_drawn(self, ways, letter, cast):
        block = letter.blocks.where(Block.kind == "fact").get()
        save_block(block, Words("34 homes have <mould>."), seen=1, by=cast.ben)
        assert ways.short() is None
        drawn = ways.long()
        assert ways.short() == drawn and "34 homes" in drawn[2] and "Ben saved this part" in drawn[2]

    def test_each_with_buttons_and_tokens_of_their_own(self, app, ways, sign_in, cast, letter):
        member = Ways(app, sign_in(cast.cerys), letter)
        member.asked["removed"] = ways.asked["removed"]
        ways.asked |= {"seen": "", "have": ""}
        pages = [ways.long()[2], member.long()[2]]
        assert [ways.short()[2], member.short()[2]] == pages
        assert "Move or remove" in pages[0] and "Move or remove" not in pages[1]

    def test_drawn_once_for_a_lead_and_a_drafter_who_may_do_the_same(self, app, ways, sign_in, cast, letter):
        drafter = build_person("Dara Obi")
        add_member(letter.campaign, drafter, "drafter")
        other = Ways(app, sign_in(drafter), letter)
        other.asked["removed"] = ways.asked["removed"]
        ways.asked |= {"seen": "", "have": ""}
        drawn = ways.long()[2]
        assert other.short()[2] == drawn

    def test_what_only_the_saver_is_told_is_not_in_the_card_of_the_others(self, ways, letter, cast):
        block = letter.blocks.where(Block.kind == "fact").get()
        save_block(block, Words("Damp in 34 homes. The lift is dead."), seen=1, by=cast.ben)
        save_block(block, Words("Damp in 34 homes. The lift is dead. Since May."), seen=2, by=cast.ben)
        save = {"text": "Damp in 40 homes. The lift is dead.", "seen": "2"}
        path = f"/campaigns/{letter.campaign.key}/letters/{letter.id}/blocks/{block.id}"
        answer = ways.browser.send(path, save, headers={"HX-Request": "true"}).text
        assert "Somebody else saved this part" in answer and "See what was put together" in answer
        seen_by_others = ways.long()[2]
        assert "40 homes" in seen_by_others and "Somebody else saved this part" not in seen_by_others

    def test_a_token_that_comes_this_way_is_good(self, ways, letter):
        ways.asked |= {"seen": "", "have": ""}
        ways.long()
        body = b"".join(run_wsgi_app(ways.quick, ways.environ())[0]).decode()
        token, key = (re.search(rf'name="{name}" value="([^"]+)"', body)[1] for name in ("csrf_token", "once"))
        block = letter.blocks.where(Block.kind == "closing").get()
        sent = {"csrf_token": token, "once": key, "step": "up"}
        path = f"/campaigns/{letter.campaign.key}/letters/{letter.id}/blocks/{block.id}/move"
        assert ways.browser.post(path, data=sent).status_code == 303

    def test_packed_for_a_browser_that_unpacks(self, ways):
        ways.asked |= {"seen": "", "have": ""}
        plain = ways.long()[2]
        body, _status, headers = run_wsgi_app(ways.quick, ways.environ(HTTP_ACCEPT_ENCODING="gzip, br"))
        assert headers["Content-Encoding"] == "gzip"
        assert HIDDEN.sub(r"\1", gzip.decompress(b"".join(body)).decode()) == plain

    def test_beside_other_cookies(self, ways):
        assert ways.short(HTTP_COOKIE=f"lang=cy; {ways.cookie}; x=s=1") == ways.long()


class TestLeftToTheLongWay:
    @pytest.mark.parametrize(
        "given",
        [
            {"HTTP_HX_REQUEST": "true"},
            {"HTTP_COOKIE": ""},
            {"HTTP_COOKIE": "s=forged.a.b"},
            {"HTTP_HOST": "lo calhost"},
            {"REQUEST_METHOD": "HEAD"},
        ],
    )
    def test_what_is_not_plain(self, ways, given):
        assert ways.short(**given) is None

    def test_a_cookie_twice(self, ways):
        assert ways.short(HTTP_COOKIE=f"{ways.cookie}; {ways.cookie}") is None

    def test_another_host_than_ours(self, app, ways, monkeypatch):
        monkeypatch.setattr(ways.quick.sessions, "_trusted", ("doorstep.example.org",))
        assert ways.short() is None

    def test_checks_and_next_step(self, ways):
        ways.asked["aside"] = "0"
        assert ways.short() is None

    def test_nonsense_in_the_address(self, ways):
        for aside in ("9" * 5000, "-1", "٣", "x"):
            ways.asked["aside"] = aside
            assert ways.long()[0].startswith("204") and ways.short() == ways.long()

    def test_the_list_of_what_was_taken_out(self, ways, letter, cast):
        remove_block(letter.blocks.where(Block.kind == "closing").get(), seen=1, by=cast.ben)
        ways.long()
        assert ways.short() is None and "One part was taken out" in ways.long()[2]

    def test_a_sign_in_that_has_ended(self, ways):
        SignIn.update(ended_at=clock.now()).execute()
        assert ways.short() is None and not ways.long()[0].startswith("20")

    def test_one_that_was_not_seen_for_a_while(self, ways):
        with clock.frozen_at(clock.now() + timedelta(minutes=11)):
            assert ways.short() is None and ways.long()[0].startswith("20")

    def test_whoever_left(self, ways, cast):
        Membership.update(left_at=clock.now()).where(Membership.person == cast.amina.id).execute()
        assert ways.short() is None and ways.long()[0].startswith("404")

    def test_whoever_is_a_stranger(self, app, sign_in, cast, letter):
        for name in ("nia", "dov"):
            ways = Ways(app, sign_in(getattr(cast, name)), letter)
            assert ways.short() is None and ways.long()[0].startswith("404")

    def test_a_letter_of_another_campaign(self, ways, cast):
        other = build_letter(build_campaign(leads=[cast.amina]))
        other.campaign.key = ways.letter.campaign.key
        ways.letter = other
        assert ways.short() is None and ways.long()[0].startswith("404")

    def test_a_letter_that_was_frozen_meanwhile(self, ways, letter):
        Letter.update(frozen_at=clock.now(), desk_version=2).where(Letter.id == letter.id).execute()
        assert ways.short() is None
        assert ways.long() == ways.short() and "data-closed" in ways.long()[2]

    def test_a_database_that_fails(self, ways, monkeypatch, caplog):
        def fail(*_given):
            raise peewee.OperationalError("database is locked")

        monkeypatch.setattr("portal.letters.desk.quick_looks.glance_by_sign_in", fail)
        assert ways.short() is None and "OperationalError" in caplog.text and "locked" not in caplog.text


class TestGivingWay:
    LOOK = {"REQUEST_METHOD": "GET", "PATH_INFO": "/campaigns/k/letters/1/live"}
    OPEN = {"REQUEST_METHOD": "GET", "PATH_INFO": "/campaigns/k/letters/1/blocks/2"}
    SAVE = {"REQUEST_METHOD": "POST", "PATH_INFO": "/campaigns/k/letters/1/blocks/2"}
    ELSEWHERE = {"REQUEST_METHOD": "GET", "PATH_INFO": "/campaigns/k/letters/1"}

    @pytest.fixture
    def patient(self, monkeypatch):
        monkeypatch.setattr("portal.letters.desk.giving_way.MOST_SECONDS", (30, 30, 30))

    def test_one_after_the_other_saves_first_and_looks_last(self, patient, monkeypatch):
        may_end, asking, done = threading.Event(), queue.Queue(), []
        is_turn_of = GivingWay._is_turn_of
        monkeypatch.setattr(GivingWay, "_is_turn_of", lambda way, what: asking.put(what) or is_turn_of(way, what))

        def application(environ, _start):
            may_end.wait(30)
            done.append(environ)
            return []

        way = GivingWay(application)
        asked = (self.SAVE, self.LOOK, self.OPEN, self.SAVE)
        threads = [threading.Thread(target=way, args=(what, None)) for what in asked]
        for thread in threads:
            thread.start()
            asking.get(timeout=30)
        assert done == []
        may_end.set()
        for thread in threads:
            thread.join(30)
        assert done == [self.SAVE, self.SAVE, self.OPEN, self.LOOK]

    def test_only_so_many_looks_wait_at_once(self, patient, monkeypatch):
        monkeypatch.setattr("portal.letters.desk.giving_way.MOST_LOOKS", 0)
        assert self.within_a_save(self.LOOK) == [b"done"]

    @pytest.mark.parametrize("what", [LOOK, OPEN, SAVE])
    def test_nobody_waits_for_ever(self, what, monkeypatch):
        monkeypatch.setattr("portal.letters.desk.giving_way.MOST_SECONDS", (0, 0, 0))
        assert self.within_a_save(what) == [b"done"]

    def test_other_pages_do_not_wait(self, patient):
        assert self.within_a_save(self.ELSEWHERE) == [b"done"]

    def test_a_save_that_fails_is_over_too(self, patient):
        def application(environ, _start):
            if environ is self.SAVE:
                raise ValueError
            return [b"done"]

        way = GivingWay(application)
        with pytest.raises(ValueError):
            way(self.SAVE, None)
        assert way(self.LOOK, None) == [b"done"]

    def within_a_save(self, what):
        outer = dict(self.SAVE)
        way = GivingWay(lambda environ, start: way(what, start) if environ is outer else [b"done"])
        return way(outer, None)
