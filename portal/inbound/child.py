"""Taking a message apart where it can do no harm: in a process of its own that may die, hang or fill its memory."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.inbound.apart.mime import Part, Report, Taken

SECONDS = 30
_START = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('apart', run_name='__main__')"


class CannotBeTakenApart(Exception):
    """The message killed or hung its child, or is over a limit. The text says which, in one word."""


@dataclass
class Opened:
    """A message taken apart, and the folder in which its files lie, named by their place."""

    taken: Taken
    folder: Path

    def path(self, place: int) -> Path:
        """Where the bytes of the file at this place are."""
        return self.folder / str(place)


@contextmanager
def opened(raw: Path, *, seconds: float = SECONDS) -> Iterator[Opened]:
    """The message in this file, taken apart; its files go with the end of the block. Raises CannotBeTakenApart."""
    folder = Path(tempfile.mkdtemp(prefix="doorstep-mail-"))
    try:
        yield Opened(_ask_child(raw, folder, seconds), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ask_child(raw: Path, folder: Path, seconds: float) -> Taken:
    here = str(Path(__file__).resolve().parent)
    try:
        with raw.open("rb") as source:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _START, here, str(folder)],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                env={},
            )
    except subprocess.TimeoutExpired:
        raise CannotBeTakenApart("hung") from None
    if done.returncode not in (0, 3):
        raise CannotBeTakenApart("died")
    try:
        found = json.loads(done.stdout)
        return _taken(found) if done.returncode == 0 else _refuse(found)
    except (ValueError, KeyError, TypeError) as error:
        raise CannotBeTakenApart("died") from error


def _refuse(found: dict[str, Any]) -> Taken:
    raise CannotBeTakenApart(f"too_much_{found['too_much']}")


def _taken(found: dict[str, Any]) -> Taken:
    return Taken(
        headers=[(str(name), str(value)) for name, value in found["headers"]],
        authors=found["authors"],
        text=found["text"],
        content_type=found["content_type"],
        report_type=found["report_type"],
        reports=[Report(**one) for one in found["reports"]],
        returned=found["returned"],
        files=[Part(**one) for one in found["files"]],
        left_out=found["left_out"],
    )
