"""What a text for the public is warned about."""

import pytest

from portal.responses.naming import find_homes, find_names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Flat 12B is wet", ["Flat 12B"]),
        ("They came to 11C and 2A", ["11C", "2A"]),
        ("write to a.b@example.org", ["a.b@example.org"]),
        ("ring 020 7946 0018 now", ["020 7946 0018"]),
        ("near SE15 4AA", ["SE15 4AA"]),
    ],
)
def test_homes_addresses_and_numbers_are_found(text, found):
    assert find_homes(text) == found


@pytest.mark.parametrize("text", ["31 of 84 homes", "by Fri 4 December 2026", "ten per cent", "a survey of 12 homes"])
def test_plain_counts_and_dates_are_left_alone(text):
    assert find_homes(text) == []


def test_a_part_of_a_name_is_enough():
    assert find_names("Dot’s ceiling and Élodie-Anne too", ["Dot Maddox", "Élodie-Anne Roy", "Li Wu"]) == [
        "Dot",
        "Élodie-Anne",
    ]


def test_the_same_letters_inside_a_word_are_no_name():
    assert find_names("Dotted lines, a bench", ["Dot Maddox", "ben okafor"]) == []
