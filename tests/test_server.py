"""The server as an operator meets it: real processes on a free port, with an empty portal."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal import server

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parent.parent


class Running:
    """A real server on a free port with an empty portal."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port
        self.output: list[str] = []

    def wait_until_said(self, words: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            if words in line:
                return
        pytest.fail(f"the server ended without saying {words!r}:\n{''.join(self.output)}")

    def children(self) -> list[int]:
        """Its web workers and its job worker, but not multiprocessing's own helper."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [pid for task in tasks for pid in task.read_text().split()]
        return [int(pid) for pid in pids if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def status_of(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as response:
            return int(response.status)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    env = {name: os.environ[name] for name in ("PATH", "TEMPLATE_CACHE")}
    return env | {"DATA_DIR": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"}


@contextmanager
def serving(folder: Path, *, hang_up: signal.Handlers = signal.SIG_DFL) -> Iterator[Running]:
    """Serve the portal in `folder`, whose database is migrated already, until the block ends.

    `hang_up` is what becomes of SIGHUP in whoever starts it; nohup has it ignored.
    """
    port = free_port()
    env = environment(folder, port)
    # Inherited, and these tests themselves may run under nohup.
    before = signal.signal(signal.SIGHUP, hang_up)
    process = subprocess.Popen(
        [sys.executable, "-m", "portal", "serve"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    signal.signal(signal.SIGHUP, before)
    with process:
        try:
            running = Running(process, port)
            running.wait_until_said("Nobody is here yet")
            yield running
        finally:
            # Its children follow: see the test of a killed server.
            process.kill()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty portal. A server that will be stopped gets a copy, so that each is a fresh one."""
    folder = tmp_path_factory.mktemp("migrated")
    subprocess.run(
        [sys.executable, "-m", "portal", "migrate"],
        cwd=ROOT,
        env=environment(folder, free_port()),
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def empty_portal(migrated: Path, tmp_path: Path) -> Path:
    """An empty portal of the test's own."""
    return shutil.copytree(migrated, tmp_path / "portal")


@pytest.fixture(scope="module")
def portal(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(shutil.copytree(migrated, tmp_path_factory.mktemp("served") / "portal")) as running:
        yield running


def test_the_server_says_where_it_is_once_it_answers(portal: Running) -> None:
    assert f"is ready: http://127.0.0.1:{portal.port} " in "".join(portal.output)
    assert portal.status_of("/sign-in") == 200


def test_an_empty_portal_says_where_to_sign_in_and_how_to_see_the_demo(portal: Running) -> None:
    assert f"bin/serve --demo --port {portal.port}\n" in "".join(portal.output)
    assert f"http://127.0.0.1:{portal.port}/sign-in" in "".join(portal.output)
    assert f"http://127.0.0.1:{portal.port}/dev/mail" in "".join(portal.output)


def test_a_second_server_on_the_same_port_is_refused_in_one_line(portal: Running) -> None:
    with (
        pytest.raises(SystemExit, match=f"Port {portal.port} is taken.*--port {portal.port + 1}"),
        server.port_of_our_own("127.0.0.1", portal.port),
    ):
        pass


def test_a_server_that_is_only_starting_holds_its_port_already() -> None:
    port = free_port()
    with server.port_of_our_own("127.0.0.1", port):
        with socket.socket() as still_free:
            still_free.bind(("127.0.0.1", port))
        with pytest.raises(SystemExit, match=f"Port {port} is taken"), server.port_of_our_own("127.0.0.1", port):
            pass


def test_an_address_of_another_machine_is_refused_with_its_reason() -> None:
    with (
        pytest.raises(SystemExit, match=r"Cannot serve on 192\.0\.2\.1 port"),
        server.port_of_our_own("192.0.2.1", free_port()),
    ):
        pass


@pytest.mark.parametrize("stop", ["SIGTERM", "a closed terminal", "Ctrl-C"])
def test_a_stop_ends_the_web_and_the_jobs_and_counts_as_success(stop: str, empty_portal: Path) -> None:
    with serving(empty_portal) as running:
        children = running.children()
        assert len(children) == 3
        if stop == "SIGTERM":
            running.process.terminate()
        elif stop == "a closed terminal":
            running.process.send_signal(signal.SIGHUP)
        else:
            # A terminal sends it to the whole group. Only the parent may get it: two signals make granian hang.
            assert [pid for pid in children if os.getpgid(pid) == running.process.pid] == []
            os.killpg(running.process.pid, signal.SIGINT)
        running.process.communicate(timeout=60)
        assert running.process.returncode == 0
        assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def test_under_nohup_a_closed_terminal_changes_nothing(empty_portal: Path) -> None:
    with serving(empty_portal, hang_up=signal.SIG_IGN) as running:
        said = Path(f"/proc/{running.process.pid}/status").read_text()
        (ignored,) = [int(line.split()[1], 16) for line in said.splitlines() if line.startswith("SigIgn:")]
        assert ignored & 1 << (signal.SIGHUP - 1)


def test_a_stop_that_comes_just_as_the_server_begins_to_wait_is_not_lost() -> None:
    woken = threading.Event()
    before = signal.getsignal(signal.SIGUSR1)
    try:
        server.stop_on([signal.SIGUSR1], woken.set)
        # What an Event holds for a moment as one begins to wait for it.
        with woken._cond:  # type: ignore[attr-defined]
            os.kill(os.getpid(), signal.SIGUSR1)
        assert woken.wait(20)
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_killed_server_leaves_nothing_behind(empty_portal: Path) -> None:
    with serving(empty_portal) as running:
        children = [os.pidfd_open(pid) for pid in running.children()]
        assert len(children) == 3
        running.process.kill()
        for child in children:
            # A pidfd becomes readable when its process ends.
            assert select.select([child], [], [], 20)[0], "a child goes on without its server"
            os.close(child)


def test_a_job_worker_that_dies_is_started_again(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    started_again = threading.Event()
    workers: list[subprocess.Popen[bytes]] = []

    def start(command: str) -> subprocess.Popen[bytes]:
        assert command == "worker"
        dies = not workers
        workers.append(subprocess.Popen(["sh", "-c", "exit 7"] if dies else ["sleep", "60"]))
        if not dies:
            started_again.set()
        return workers[-1]

    monkeypatch.setattr(server, "_start_part", start)
    with server.JobWorker() as jobs:
        jobs.start()
        assert started_again.wait(20)
    assert [worker.returncode for worker in workers] == [7, -signal.SIGTERM]
    assert "The job worker ended (status 7). It starts again in 1 s." in capfd.readouterr().out
