"""Two who press at once: one version, and never a frozen text that nobody voted on."""

import pytest

from tests.apart import found_by


@pytest.fixture(scope="module")
def raced(app, database_url, tmp_path_factory):
    """What tests/votes/racing.py found, on the database of this run."""
    return found_by("tests.votes.racing", folder=tmp_path_factory.mktemp("race"), database_url=database_url)


def test_two_leads_who_freeze_at_once_make_one_version(raced):
    for got, versions in raced["freezes"]:
        assert sorted(word == "done" for word in got) == [False, True] and len(versions) == 1
        assert any("frozen" in word for word in got)


def test_a_save_and_a_freeze_at_once_never_freeze_other_words(raced):
    for (froze, saved), versions, stands in raced["save and freeze"]:
        # Exactly one of the two came through, and what is frozen is what was voted on.
        assert (froze == "done") != (saved == "done"), (froze, saved)
        assert versions == ([False] if froze == "done" else [])
        assert stands == (saved == "done")


def test_a_vote_and_a_save_at_once_leave_the_vote_cancelled_and_the_counter_right(raced):
    for (cast, saved), outcome, count in raced["votes and save"]:
        assert (saved, outcome) == ("done", "cancelled")
        assert count == (cast == "done")
