"""Two who press at once: one version, and never a frozen text that nobody voted on."""

import json
import os
import subprocess
import sys

import pytest

from portal.settings import ROOT


@pytest.fixture(scope="module")
def raced(app, database_url, tmp_path_factory):
    """What tests/votes/racing.py found, on the database of this run."""
    folder = tmp_path_factory.mktemp("race")
    url = f"sqlite:///{folder / 'race.db'}"
    if not database_url.startswith("sqlite"):
        import psycopg

        url = database_url.replace("/postgres?", "/race?")
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE race")
    given = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "ENVIRONMENT": "development",
        "SECRET_KEY": "a key for tests, thirty-two long!",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.votes.racing"], cwd=ROOT, env=given, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


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
