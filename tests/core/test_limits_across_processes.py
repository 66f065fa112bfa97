"""A limit holds across processes: each act is one atomic statement."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, TRIES, MOST = 4, 50, 10

# As much of the portal as limits need: four whole ones would take seconds to start.
CROWD = """
import sys
from flask import Flask
from portal import clock, database, limits, settings
app = Flask("crowd")
app.config.from_mapping(settings.load())
database.set_up(app.config)
limits.set_up(app)
limit = limits.Limit("crowd", {most}, 3600)
with app.app_context():
    sys.stdin.readline()
    moment = clock.now().replace(minute=0, second=0)
    print(sum(limits.take(limit, "one street", at=moment) for _try in range({tries})), flush=True)
"""


@pytest.mark.slow
def test_of_two_hundred_at_once_exactly_ten_pass(tmp_path, database_url, request):
    on_postgres = request.config.getoption("--database") == "postgres"
    environment = {**os.environ, "ENVIRONMENT": "development", "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    if on_postgres:
        # The buckets' table is there: this run's app has migrated the same database.
        request.getfixturevalue("app")
        environment["DATABASE_URL"] = database_url
    code = CROWD.format(most=MOST, tries=TRIES)
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
            text=True,
        )
        for _process in range(PROCESSES)
    ]
    passed = [int(process.communicate("go\n", timeout=60)[0]) for process in crowd]
    assert sum(passed) == MOST, passed
