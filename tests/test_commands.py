"""The commands in bin/ and the pinned libraries."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ["serve", "test", "check", "lock", "bench", "calendars"]
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
    for name, wanted in [("runtime", project["dependencies"]), ("dev", project["optional-dependencies"]["dev"])]:
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
    assert said.stderr.splitlines() == ["bin/serve: Python's venv is missing. On Debian: apt-get install python3-venv"]


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
