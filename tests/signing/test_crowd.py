"""Many who sign in one moment: each is stored once, with a mail of their own, whoever does it for them."""

import pytest

from tests.apart import found_by
from tests.signing.crowding import FROM_ONE_NETWORK, FROM_OTHERS

PEOPLE = FROM_ONE_NETWORK + FROM_OTHERS


@pytest.fixture(scope="module")
def crowd(app, database_url, tmp_path_factory):
    """What tests/signing/crowding.py found, on the database of this run."""
    return found_by("tests.signing.crowding", folder=tmp_path_factory.mktemp("crowd"), database_url=database_url)


def test_everybody_is_answered_alike(crowd):
    assert len(crowd["answers"]) == PEOPLE + 2 and len(set(crowd["answers"])) == 1
    assert crowd["answers"][0].startswith("303 /letters/") and crowd["answers"][0].endswith("/signed")


def test_everybody_is_stored_once_also_who_pressed_twice(crowd):
    assert crowd["signatures"] == crowd["people"] == PEOPLE


def test_who_comes_after_sixty_of_one_network_is_held_and_nobody_else(crowd):
    assert crowd["held"] == ["n"] * (FROM_ONE_NETWORK - 60)


def test_each_has_a_mail_and_who_typed_an_address_again_causes_one_more(crowd):
    assert crowd["mails"] == crowd["keys"] == PEOPLE + 1


def test_the_letter_is_signed_as_it_is_and_not_as_the_process_saw_it_before(crowd):
    assert crowd["old titles"] == 1
