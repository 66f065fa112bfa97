"""Real servers on loopback: the portal and the yardstick, by the same granian with the same settings."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.settings import ROOT

WORKERS, THREADS = 2, 8
START_SECONDS = 60
SECRET = "only-for-measuring-" * 3
# What portal/server.py asks of granian, in the words of its command line.
GRANIAN = (
    sys.executable,
    "-m",
    "granian",
    "--interface",
    "wsgi",
    "--http",
    "1",
    "--no-ws",
    "--host",
    "127.0.0.1",
    "--workers",
    str(WORKERS),
    "--blocking-threads",
    str(THREADS),
    "--log-level",
    "error",
)


class Server:
    """A running server: where it is, and what it has cost."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    @property
    def base(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Processor time of all its processes since they started."""
        return sum(_ticks(pid) for pid in _tree(self.process.pid)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(target: str, env: dict[str, str], *, ready: str = "/") -> Iterator[Server]:
    """Serve `target` (module:name) until the end of the block. Raises RuntimeError when it does not answer in time."""
    port = int(env.get("PORT") or free_port())
    process = subprocess.Popen(
        [*GRANIAN, "--port", str(port), target], cwd=ROOT, env={**os.environ, **env}, start_new_session=True
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}{ready}", process)
        yield Server(process, port)
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process that leads a session of its own, with everything it started."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def production(data_dir: Path, port: int, database_url: str) -> dict[str, str]:
    """The settings of a portal in production behind one proxy, so that each made-up signer can have a network."""
    return {
        "ENVIRONMENT": "production",
        "SECRET_KEY": SECRET,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "TRUSTED_HOSTS": "127.0.0.1",
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "PROXY_COUNT": "1",
        "WEB_WORKERS": str(WORKERS),
        "MAIL_FROM": "portal@example.org",
        "SMTP_HOST": "",
    }


@contextmanager
def kept_bare_flask(folder: Path) -> Iterator[Server]:
    """The yardstick whose workers are kept to a processor each."""
    folder.mkdir()
    with running("bench.yardstick_kept:app", {"DATA_DIR": str(folder), "WEB_WORKERS": str(WORKERS)}) as kept:
        yield kept


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode} before it answered")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} did not answer in {START_SECONDS} s")


def _tree(root: int) -> Iterator[int]:
    """`root` and everything below it."""
    yield root
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _tree(int(child))


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])
