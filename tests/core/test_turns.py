"""Writers of several processes take turns: fairly, not for ever, and a killed one holds up nobody."""

import os
import signal
import subprocess
import sys
import time

import pytest

from portal.turns import NotOurTurn, Turns

# Takes the turn, says so and keeps it so long.
HOLDER = """
import sys, time
from portal.turns import Turns
with Turns(sys.argv[1]).take(5):
    print("mine", flush=True)
    time.sleep(float(sys.argv[2]))
print(time.monotonic(), flush=True)
"""


def holder(path, seconds):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "mine\n"
    return process


def test_one_waits_for_the_other_process(tmp_path):
    with holder(tmp_path / "turn", 0.3) as other, Turns(str(tmp_path / "turn")).take(10):
        had_it = time.monotonic()
        assert other.wait(10) == 0 and float(other.stdout.readline()) >= had_it - 0.05


def test_waiting_ends(tmp_path):
    with holder(tmp_path / "turn", 30) as other:
        with pytest.raises(NotOurTurn), Turns(str(tmp_path / "turn")).take(0.2):
            pytest.fail("two have the turn")
        other.kill()


def test_a_killed_process_holds_up_nobody(tmp_path):
    with holder(tmp_path / "turn", 30) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait(10)
        with Turns(str(tmp_path / "turn")).take(2):
            pass


def test_the_turn_is_free_after_an_error_and_after_giving_up(tmp_path):
    turns = Turns(str(tmp_path / "turn"))
    with pytest.raises(ZeroDivisionError), turns.take(1):
        raise ZeroDivisionError
    with holder(tmp_path / "turn", 30) as other:
        with pytest.raises(NotOurTurn), turns.take(0.1):
            pass
        other.kill()
    with turns.take(2):
        pass
