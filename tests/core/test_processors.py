"""Each web worker keeps to a processor of its own, where there is one worker for each."""

import subprocess
import sys

import pytest

from portal.settings import ROOT

# The module alone: a worker of these tests needs no portal around it.
LOADED = f"""
import os, runpy, sys, threading
from pathlib import Path
stay_on_one = runpy.run_path({str(ROOT / "portal" / "processors.py")!r})["stay_on_one"]
"""
# Thinks that the machine has the processors it is told; says which it keeps to, and stays until its input ends.
WORKER = """
os.sched_getaffinity = lambda _process: set(map(int, sys.argv[3].split(",")))
os.sched_setaffinity = lambda _process, where: None
print(stay_on_one(Path(sys.argv[1]), int(sys.argv[2])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def start(tmp_path):
    """Starts a worker on a machine with these processors; returns it and which it keeps to."""
    started = []

    def begin(*, workers, processors="0,1"):
        process = subprocess.Popen(
            [sys.executable, "-c", LOADED + WORKER, str(tmp_path), str(workers), processors],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_each_worker_has_its_own_and_one_too_many_goes_anywhere(start):
    assert [start(workers=2)[1] for _worker in range(3)] == ["0", "1", "None"]


def test_who_comes_for_a_killed_worker_takes_its_place(start):
    first, _second = start(workers=2), start(workers=2)
    first[0].kill()
    first[0].wait(10)
    assert start(workers=2)[1] == "0"


@pytest.mark.parametrize(("workers", "processors"), [(2, "0,1,2"), (1, "0,1"), (2, "3")])
def test_where_there_is_no_worker_for_each_processor_nothing_is_changed(start, workers, processors):
    assert start(workers=workers, processors=processors)[1] == "None"


def test_the_threads_of_a_worker_stay_where_it_stays(tmp_path):
    code = """
here = os.sched_getaffinity(0)
where = stay_on_one(Path(sys.argv[1]), len(here))
seen = []
thread = threading.Thread(target=lambda: seen.append(os.sched_getaffinity(0)))
thread.start(); thread.join()
assert seen == [{where} if len(here) > 1 else here], (seen, where, here)
"""
    subprocess.run([sys.executable, "-c", LOADED + code, str(tmp_path)], check=True, timeout=30)
