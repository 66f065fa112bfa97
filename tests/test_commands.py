"""The commands in bin/, the pinned libraries, and the server as an operator meets it."""

import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal import server

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ["serve", "test", "check", "lock"]
PINS = ["runtime", "dev"]
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
LINE = re.compile(
    r"""
    ([a-z0-9._-]+==\S+(\ ;\ [^/]+)?\ \\)      # a pin, perhaps with a condition
    | (\ {4}--hash=sha256:[0-9a-f]{64}(\ \\)?)
    | (\ *\#[^:/@]*(-c\ requirements/runtime\.txt|bin/lock)?[^/@]*)
    """,
    re.VERBOSE,
)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text()))


# ---- pinned libraries ----


@pytest.mark.parametrize("name", PINS)
def test_the_pins_hold_no_address_no_option_and_no_folder(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []


@pytest.mark.parametrize("name", PINS)
def test_every_pin_carries_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=\S+==)", text)[1:]
    assert len(blocks) > 20
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_development_pins_include_the_others_at_the_same_versions() -> None:
    assert pins("runtime").items() <= pins("dev").items()


def test_every_library_the_project_names_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for name, wanted in [
        ("runtime", project["dependencies"]),
        ("dev", project["optional-dependencies"]["dev"]),
    ]:
        names = {re.split(r"[\[<>=;]", requirement)[0] for requirement in wanted}
        assert names - pins(name).keys() == set()


# ---- bin/ ----


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_can_be_run_and_says_what_it_does(command: str) -> None:
    assert os.access(ROOT / "bin" / command, os.X_OK)
    said = run(ROOT, command, "--help")
    assert said.returncode == 0
    assert said.stdout.startswith(f"bin/{command}")
    assert len(said.stdout.splitlines()) > 2


@pytest.mark.parametrize("words", [["--port"], ["--port", "80x"], ["--port="], ["--prot", "8001"]])
def test_serve_refuses_what_it_does_not_understand(words: list[str]) -> None:
    said = run(ROOT, "serve", *words)
    assert said.returncode == 1
    assert said.stderr.startswith("bin/serve: ")
    assert len(said.stderr.splitlines()) == 1


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which nothing was ever run."""
    for folder in ("bin", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def run(checkout: Path, command: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "bin" / command, *words],
        env={"PATH": os.environ["PATH"], "HOME": str(checkout), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def script(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def test_a_missing_python_is_named_in_one_line(checkout: Path) -> None:
    said = run(checkout, "serve", PYTHON="no-such-python")
    assert said.returncode == 1
    assert said.stderr.splitlines() == [
        "bin/serve: no-such-python is missing. On Debian: apt-get install python3 python3-venv"
    ]


def test_an_old_python_is_named_in_one_line(checkout: Path) -> None:
    old = script(checkout / "old", 'case $1 in -V) echo "Python 3.9.2" ;; *) exit 1 ;; esac')
    said = run(checkout, "test", PYTHON=str(old))
    assert said.returncode == 1
    assert said.stderr.startswith(f"bin/test: Python 3.11 or later is needed; {old} is Python 3.9.2.")
    assert len(said.stderr.splitlines()) == 1


def test_a_python_without_venv_is_named_in_one_line(checkout: Path) -> None:
    bare = script(
        checkout / "bare",
        'case $2 in *ensurepip*) echo "No module named ensurepip" >&2; exit 1 ;; esac',
        f'exec {sys.executable} "$@"',
    )
    said = run(checkout, "serve", PYTHON=str(bare))
    assert said.returncode == 1
    assert said.stderr.splitlines() == [
        "bin/serve: Python's venv is missing. On Debian: apt-get install python3-venv"
    ]


def test_a_failed_installation_is_told_and_tried_again(checkout: Path) -> None:
    script(
        checkout / ".venv/bin/python",
        'case "$*" in',
        '*"pip install"*) echo x >>tries; echo "Collecting flask==1"; echo "ERROR: the network is down"; exit 1 ;;',
        f'-I*) exec {sys.executable} "$@" ;;',
        "esac",
    )
    for tries in (1, 2):
        said = run(checkout, "serve")
        assert said.returncode == 1
        assert "ERROR: the network is down" in said.stderr
        assert "bin/serve: could not install the libraries" in said.stderr
        assert (checkout / "tries").read_text().count("x") == tries


def test_libraries_are_installed_again_only_when_their_pins_change(checkout: Path) -> None:
    script(
        checkout / ".venv/bin/python",
        'case "$*" in',
        '*"pip install"*) echo x >>tries ;;',
        f'-I*) exec {sys.executable} "$@" ;;',
        "esac",
    )
    tries = checkout / "tries"
    for _ in range(2):
        assert run(checkout, "test").returncode == 0
    assert tries.read_text().count("x") == 1

    assert run(checkout, "serve").returncode == 0
    assert tries.read_text().count("x") == 1, "what bin/test installed holds what bin/serve needs"

    with (checkout / "requirements/runtime.txt").open("a") as file:
        file.write("# another pin\n")
    assert run(checkout, "serve").returncode == 0
    assert tries.read_text().count("x") == 2
    assert run(checkout, "test").returncode == 0
    assert tries.read_text().count("x") == 3, "a new runtime may have replaced what bin/test had installed"


# ---- the server ----


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
        return [
            int(pid) for pid in pids if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]

    def status_of(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as response:
            return int(response.status)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[Running]:
    port = free_port()
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    subprocess.run(
        [sys.executable, "-m", "portal", "migrate"], cwd=ROOT, env=env, check=True, capture_output=True
    )
    with subprocess.Popen(
        [sys.executable, "-m", "portal", "serve"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            running = Running(process, port)
            running.wait_until_said("Nobody is here yet")
            yield running
        finally:
            # Its children follow: see the test of a killed server.
            process.kill()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("portal")) as running:
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
        with (
            pytest.raises(SystemExit, match=f"Port {port} is taken"),
            server.port_of_our_own("127.0.0.1", port),
        ):
            pass


def test_an_address_of_another_machine_is_refused_with_its_reason() -> None:
    with (
        pytest.raises(SystemExit, match=r"Cannot serve on 192\.0\.2\.1 port"),
        server.port_of_our_own("192.0.2.1", free_port()),
    ):
        pass


@pytest.mark.parametrize("stop", ["SIGTERM", "a closed terminal", "Ctrl-C"])
def test_a_stop_ends_the_web_and_the_jobs_and_counts_as_success(stop: str, tmp_path: Path) -> None:
    with serving(tmp_path) as running:
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
        rest, _ = running.process.communicate(timeout=60)
        assert running.process.returncode == 0
        assert "refused to gracefully stop" not in rest
        assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def test_a_killed_server_leaves_nothing_behind(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
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

    def start() -> subprocess.Popen[bytes]:
        dies = not workers
        workers.append(subprocess.Popen(["sh", "-c", "exit 7"] if dies else ["sleep", "60"]))
        if not dies:
            started_again.set()
        return workers[-1]

    monkeypatch.setattr(server, "_start_job_worker", start)
    with server.JobWorker() as jobs:
        jobs.start()
        assert started_again.wait(20)
    assert [worker.returncode for worker in workers] == [7, -signal.SIGTERM]
    assert "The job worker ended (status 7). It starts again in 1 s." in capfd.readouterr().out
