"""The load makers: wrk where it is installed, otherwise a small client of our own, which is slower than the servers."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from portal.settings import ROOT

CONNECTIONS = 16
HAS_WRK = shutil.which("wrk") is not None


class NotValid(Exception):
    """A measurement that means nothing; the text says why."""


@dataclass(frozen=True)
class Load:
    """What one stretch of requests came to. Times in milliseconds."""

    requests: int
    seconds: float
    bytes: int
    refused: int
    broken: int
    p50: float
    p99: float
    longest: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds

    def check(self, what: str) -> "Load":
        """Itself. Raises NotValid when anything was refused or broke."""
        if self.refused or self.broken or not self.requests:
            raise NotValid(f"{what}: {self.requests} answers, {self.refused} refused, {self.broken} broken connections")
        return self


def read(url: str, *, seconds: float, connections: int = CONNECTIONS, cookie: str = "") -> Load:
    """Read `url` for so many seconds from so many connections."""
    if not HAS_WRK:
        return _own("read", url, seconds, connections, cookie)
    headers = ["-H", f"Cookie: {cookie}"] if cookie else []
    return _parsed(_start_wrk(url, seconds, connections, "read.lua", headers))


def sign(url: str, *, pages: Path, run: str, seconds: float, connections: int = CONNECTIONS) -> Load:
    """Post the form of a letter at `url` for so many seconds, each time as somebody else."""
    return finish(start_signing(url, pages=pages, run=run, seconds=seconds, connections=connections))


def start_signing(
    url: str, *, pages: Path, run: str, seconds: float, connections: int = CONNECTIONS
) -> "subprocess.Popen[str]":
    """Begin to sign, to do something else meanwhile. `finish` waits for it."""
    if not HAS_WRK:
        return _start_own("sign", url, seconds, connections, str(pages), run)
    return _start_wrk(url, seconds, connections, "sign.lua", [], str(pages), run)


def finish(process: "subprocess.Popen[str]") -> Load:
    """Wait for a load to end."""
    return _parsed(process)


def _start_wrk(
    url: str, seconds: float, connections: int, script: str, options: list[str], *arguments: str
) -> "subprocess.Popen[str]":
    # One thread is enough to keep the servers busy, and leaves them the processor.
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    command += [*options, "-s", f"bench/lua/{script}", url, "--", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _start_own(*arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.client", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _own(*arguments: object) -> Load:
    return _parsed(_start_own(*arguments))


def _parsed(process: "subprocess.Popen[str]") -> Load:
    said, _nothing = process.communicate()
    found = re.search(r"^\{.*\}$", said, re.MULTILINE)
    if process.returncode or not found:
        raise NotValid(f"the load maker ended with status {process.returncode}: {said[-300:]}")
    return Load(**json.loads(found[0]))
