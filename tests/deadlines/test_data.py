"""The shipped files: calendars equal their library, rules are in the form, and a wrong file says where."""

import copy
import json
from datetime import date

import pytest

from portal.deadlines import calendar_making, calendars, rulebook, shape, words

GIVEN = json.loads((rulebook.FOLDER / "gb-eng.json").read_text())


@pytest.mark.parametrize("name", calendars.NAMES)
def test_a_calendar_file_is_what_its_library_gives_for_the_years_covered(name):
    days = {day: words for day, words in calendars.shipped(name).free_days.items()}
    assert days == calendar_making.days_of(name)


def test_the_calendars_know_what_is_easy_to_get_wrong():
    scotland, england = calendars.shipped("gb-sct"), calendars.shipped("gb-eng-wls")
    # Scotland: one day of 2026 only, and St Andrew's Day; no Easter Monday. England: Easter Monday, late August.
    assert not scotland.is_working(date(2026, 6, 15)) and scotland.is_working(date(2027, 3, 29))
    assert not scotland.is_working(date(2026, 11, 30)) and england.is_working(date(2026, 11, 30))
    assert not england.is_working(date(2027, 3, 29)) and not england.is_working(date(2026, 8, 31))
    assert not calendars.shipped("gb-nir").is_working(date(2027, 7, 12))
    assert calendars.shipped("none").is_working(date(2026, 12, 25))


def test_the_union_is_free_whenever_any_nation_is():
    parts = [calendars.shipped(name).free_days for name in calendars.PARTS_OF_UNION]
    assert set(calendars.shipped("gb-union").free_days) == set().union(*parts)


def test_every_rule_says_where_it_is_written_and_when_we_looked():
    for rule in rulebook.every_rule():
        assert rule.plain and rule.source.title and rule.source.checked <= date(2026, 11, 30), rule.id
        assert rule.source.url or rule.set == "generic", rule.id
        assert rule.confidence == "unverified" or rule.status != "planned", rule.id
        assert set(rule.suggestions) <= set(words.SUGGESTIONS), rule.id
        assert rule.body is None or rulebook.body_of(rule), rule.id


def test_no_two_versions_of_a_rule_hold_on_the_same_day():
    for rule in rulebook.every_rule():
        for other in rulebook.versions_of(rule.id):
            if other is not rule and rule.set == other.set:
                first, second = sorted((rule, other), key=lambda one: one.valid_from or date.min)
                assert first.valid_to and first.valid_to < second.valid_from, rule.id


def test_words_know_every_event_and_every_calendar():
    assert set(words.EVENTS) == set(shape.EVENTS)
    assert set(words.CALENDARS) == set(calendars.NAMES) == shape.CALENDARS
    assert set(words.STATUSES) == shape.STATUSES and set(words.CONFIDENCES) == shape.CONFIDENCES


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rules: rules["rules"][0].update(status="maybe"), "s1.ack, status: 'maybe'"),
        (lambda rules: rules["rules"][0]["period"].update(n=-1), "period: n must be a whole number"),
        (lambda rules: rules["rules"][0]["period"].update(unit="fortnight"), "'fortnight' is none of"),
        (lambda rules: rules["rules"][0]["period"].update(first_day="elapsed"), "only hours are"),
        (lambda rules: rules["rules"][0].update(code="exec()"), "unknown: code"),
        (lambda rules: rules["rules"][0]["trigger"].update(event="full moon"), "'full moon'"),
        (lambda rules: rules["rules"][0].update(valid_from="yesterday"), "not a date"),
        (lambda rules: rules["rules"][0]["source"].update(url="javascript:1"), "https://"),
        (lambda rules: rules["rules"][0].update(not_satisfied_by=["holding"]), "both satisfied_by"),
        (lambda rules: rules["rules"][0].pop("plain"), "plain must be there"),
        (lambda rules: rules["rules"].append(rules["rules"][0]), "stands there twice"),
        (lambda rules: rules["chains"][0]["steps"].append("nowhere"), "'nowhere'"),
        (lambda rules: rules.update(schema=2), "schema 2 is unknown"),
    ],
)
def test_a_file_that_is_not_in_the_form_is_refused_with_the_place(change, said):
    rules = copy.deepcopy(GIVEN)
    change(rules)
    with pytest.raises(shape.RuleFileWrong, match="gb-eng") as refused:
        rulebook.rule_set_from(rules)
    assert said in str(refused.value)
