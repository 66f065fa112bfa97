"""The spine: order, silence, and what people outside may read."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.activity import VERBS, record
from portal.dashboards.page_cache import PageCache
from portal.dashboards.timeline import Entry, Facts, find_timeline, read_key, with_silences
from tests import builders
from tests.dashboards.test_thread import TODAY, day


def entry(verb: str, back: int, *, about: int = 0, is_public: bool = True) -> Entry:
    kind = "response" if verb.startswith("response") else "letter" if verb.startswith("letter") else "meeting"
    return Entry(verb, VERBS[verb], day(back), id=100 - back, subject_kind=kind, subject_id=about, is_public=is_public)


def drawn(found, *, since=None, silent_since=None, is_inside=True):
    shown = with_silences(found, since=since or {}, is_inside=is_inside, silent_since=silent_since, today=TODAY)
    return [(one.verb, one.days, one.is_busy) if one.verb == "silence" else one.verb for one in shown]


class TestSilence:
    def test_it_lasts_until_today_while_nothing_comes(self):
        assert drawn([entry("letter_sent", 23)], silent_since=day(23)) == [("silence", 23, False), "letter_sent"]

    def test_a_few_days_are_no_silence(self):
        assert drawn([entry("letter_sent", 6)], silent_since=day(6)) == ["letter_sent"]

    def test_it_stands_between_our_letter_and_their_answer(self):
        found = [entry("response_logged", 5, about=1), entry("letter_sent", 27)]
        assert drawn(found, since={1: day(27)}) == ["response_logged", ("silence", 22, False), "letter_sent"]

    def test_what_we_did_meanwhile_makes_it_nothing_from_them(self):
        found = [entry("response_logged", 5, about=1), entry("meeting_closed", 9), entry("letter_sent", 27)]
        assert ("silence", 22, True) in drawn(found, since={1: day(27)})

    def test_a_promise_at_a_meeting_breaks_it(self):
        found = [entry("commitment_made", 20), entry("letter_sent", 27)]
        assert drawn(found, silent_since=day(27))[0] == ("silence", 20, False)

    def test_outside_nobody_is_told_nothing_came_when_it_is_only_not_published(self):
        found = [entry("response_logged", 20, about=1, is_public=False), entry("letter_sent", 27)]
        assert drawn(found, silent_since=day(27), is_inside=False) == ["letter_sent"]


class TestOutside:
    def test_only_public_lines_are_shown(self):
        found = [entry("member_joined", 1, is_public=False), entry("letter_sent", 2)]
        assert drawn(found, is_inside=False) == ["letter_sent"]

    def test_names_stay_inside(self):
        told = Facts(
            {"name": "Cerys Prosser", "person": "Cerys", "from_name": "Grant Oakes", "to": "x@y", "title": "Dry walls"}
        )
        assert Entry("letter_sent", "ours", TODAY, facts=told, by="Amina").outside().facts == {"title": "Dry walls"}
        assert Entry("letter_sent", "ours", TODAY, facts=told, by="Amina").outside().by == ""


def test_small_numbers_of_people_stay_inside():
    told = Facts({"signature_count": 31, "home_count": 9, "came_count": 4, "decision_count": 2})
    outside = Entry("letter_sent", "ours", TODAY, facts=told).outside()
    assert outside.facts == {"signature_count": 31, "decision_count": 2}


@pytest.mark.parametrize("stored", ["", "[]", "null", "{", '{"a": null}'])
def test_facts_that_make_no_sense_are_empty(stored):
    facts = Facts.read(stored)
    assert (facts.text("a"), facts.count("a"), facts.day("a"), facts.moment("a")) == ("", 0, None, None)


def test_facts_of_the_wrong_kind_are_empty():
    facts = Facts.read('{"a": -3, "b": ["x"], "c": "soon", "d": true}')
    assert (facts.count("a"), facts.text("b"), facts.day("c"), facts.text("d")) == (0, "", None, "")


@pytest.mark.parametrize(
    "typed", ["", "2026-11-23", "2026-13-01.4", "x.1", "2026-11-23.99999999999", "2026-11-23.1; DROP"]
)
def test_a_key_that_is_none_is_not_read(typed):
    assert read_key(typed) is None


def test_older_pages_follow_without_gap_or_repeat(cast):
    campaign = builders.build_campaign(leads=[cast.amina])
    for number in range(25):
        record(campaign, "meeting_called", by=cast.amina, on=TODAY - timedelta(days=number // 3), title=str(number))
    seen, before = [], ""
    while True:
        page = find_timeline(campaign, before=before, is_inside=True, today=clock.today(), entries=10)
        seen += [one.facts.text("title") for one in page.entries]
        before = page.older
        if not before:
            break
    assert len(seen) == 25 and len(set(seen)) == 25


def test_every_verb_has_a_sentence_even_without_facts(app):
    templates = [
        app.jinja_env.get_template(f"timeline/{name}.html").module
        for name in ("campaigns", "decisions", "letters", "promises", "meetings")
    ]
    for verb, side in VERBS.items():
        macro = next(getattr(module, verb) for module in templates if hasattr(module, verb))
        for is_inside in (True, False):
            place = {"key": "k", "is_inside": is_inside, "letter_keys": {}, "published": {}}
            with app.test_request_context():
                words = macro(Entry(verb, side, TODAY), Facts(), place)
            title = words.split("<h3>")[1].split("</h3>")[0]
            assert len(title) > 5 and "“”" not in words and "None" not in words, verb


class TestPageCache:
    def test_a_page_is_made_once(self):
        made = []
        cache = PageCache(100)
        for _look in range(3):
            cache.get("a", lambda: made.append(1) or "page")
        assert made == [1]

    def test_it_never_holds_more_than_its_bytes(self):
        cache = PageCache(100)
        for number in range(50):
            cache.get(number, lambda: "é" * 20)
            assert cache.used_bytes <= 100

    def test_what_was_not_asked_for_longest_goes_first(self):
        cache = PageCache(100)
        for name in "abcade":
            cache.get(name, lambda: "x" * 30)
        made = []
        for name in "ade":
            cache.get(name, lambda: made.append(1) or "x" * 30)
        assert not made

    def test_a_page_larger_than_everything_is_not_kept(self):
        cache = PageCache(10)
        assert cache.get("a", lambda: "x" * 30) == "x" * 30
        assert cache.used_bytes == 0
