"""Running the portal: granian's web workers, and beside them the job worker and, where wanted, the mail listener.

One parent process starts them, starts again what dies, and stops them on SIGTERM and Ctrl-C. If the parent itself
is killed, its children notice within FOLLOW_SECONDS and end, so that nothing goes on serving or sending unseen.
"""

import _thread
import errno
import functools
import multiprocessing
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Any, Self

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from portal import settings
from portal.database import close_connection, open_connection

WEB_STOP_SECONDS = 10
JOBS_STOP_SECONDS = 15
FOLLOW_SECONDS = 0.5
# A worker that lived this long was well: its next death is a new trouble, not the same one again.
STEADY_SECONDS = 60
LONGEST_PAUSE = 30


def serve(host: str = "127.0.0.1", port: int = 8000, workers: int = 2, threads: int = 8) -> None:
    """Serve `wsgi:app` and run the job worker until SIGTERM, Ctrl-C or a closed terminal.

    `workers` are processes, `threads` are per process. Raises SystemExit with a plain message when the port cannot
    be had, and with status 1 when the app cannot be loaded.
    """
    with port_of_our_own(host, port):
        # Fresh processes, not forks: a fork would copy open connections and locks held by other threads.
        multiprocessing.set_start_method("spawn", force=True)
        # They ask how many they are.
        os.environ["WEB_WORKERS"] = str(workers)
        hangs_up = signal.getsignal(signal.SIGHUP)
        server = Server(
            "wsgi:app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=workers,
            blocking_threads=threads,
            respawn_failed_workers=True,
            workers_kill_timeout=WEB_STOP_SECONDS,
            # Its warnings also cry wolf: a worker that has just ended is now and then reported as one that would not.
            log_level=LogLevels.error,
        )
        takes_mail = bool(settings.load()["INBOUND_PORT"])
        with JobWorker() as jobs, MailListener() as mail:

            @server.on_startup
            def started() -> None:
                # granian takes a closed terminal for a wish to reload.
                stop_on([signal.SIGTERM, signal.SIGINT, signal.SIGHUP], server.signal_handler_interrupt)
                if hangs_up is signal.SIG_IGN:
                    # By nohup: it is to go on.
                    signal.signal(signal.SIGHUP, signal.SIG_IGN)
                jobs.start()
                if takes_mail:
                    mail.start()
                threading.Thread(target=_say_when_ready, args=(host, port), daemon=True).start()

            server.serve(target_loader=functools.partial(_load_app, os.getpid()), wrap_loader=False)


def stop_on(signals: list[signal.Signals], stop: Callable[[], None]) -> None:
    """Call `stop` when one of the signals comes, in a thread of its own.

    granian's handler wakes the main thread by an Event. A signal that comes just while the main thread begins to wait
    for that Event would find its lock taken by the very thread that it interrupts, and nobody would ever wake.
    """

    def stop_soon(_signal: int, _frame: FrameType | None) -> None:
        _thread.start_new_thread(stop, ())

    for one in signals:
        signal.signal(one, stop_soon)


class JobWorker:
    """The job worker's process, watched by a thread that starts it again when it dies and stops it in the end."""

    name = "job worker"
    command = "worker"

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name=f"{self.name}'s watcher", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()

    def start(self) -> None:
        """Start it. The end of the `with` block stops it."""
        self._watcher.start()

    def _watch(self) -> None:
        pause = 1
        while True:
            began = time.monotonic()
            process = _start_part(self.command)
            while process.poll() is None:
                if self._stopping.wait(0.2):
                    _stop(process, self.name)
                    return
            if time.monotonic() - began > STEADY_SECONDS:
                pause = 1
            _say(f"The {self.name} ended ({_how_it_ended(process.returncode)}). It starts again in {pause} s.")
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)


class MailListener(JobWorker):
    """The process that takes mail, watched and stopped in the same way. Only where INBOUND_PORT names its port."""

    name = "mail listener"
    command = "listen"


def be_part(command: str, parent: int) -> None:
    """Become the job worker or the mail listener of the server with process id `parent`, and end with it."""
    _follow(parent, patience=JOBS_STOP_SECONDS)
    sys.argv = ["portal", command]
    runpy.run_module("portal", run_name="__main__", alter_sys=True)


def _start_part(command: str) -> "subprocess.Popen[bytes]":
    code = f"from portal.server import be_part; be_part({command!r}, {os.getpid()})"
    # Out of Ctrl-C's reach too: it is stopped after the web workers, and finishes its job.
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=settings.ROOT, stdin=subprocess.DEVNULL, start_new_session=True
    )


def _stop(process: "subprocess.Popen[bytes]", name: str) -> None:
    process.terminate()
    try:
        process.wait(JOBS_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        _say(f"The {name} was still busy after {JOBS_STOP_SECONDS} s and was killed.")
        process.kill()
        process.wait()


def _how_it_ended(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _load_app(parent: int) -> Callable[..., Any]:
    """Runs inside each web worker: what it answers with."""
    # Out of Ctrl-C's reach: the parent stops it with SIGTERM, and granian hangs on two signals at once.
    os.setsid()
    _follow(parent, patience=0)
    from wsgi import app

    return app


def _follow(parent: int, patience: float) -> None:
    """End this process soon after its parent is gone: asked first, killed after `patience` seconds."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(FOLLOW_SECONDS)
        if patience:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(patience)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="follows its parent", daemon=True).start()


@contextmanager
def port_of_our_own(host: str, port: int) -> Iterator[None]:
    """Hold the port for this server alone. Raises SystemExit when another program has it.

    granian's workers share a port by SO_REUSEPORT, by which a second server would quietly share it too. Trying the
    port finds a server that runs; the held name finds one that is just starting.
    """
    with socket.socket(socket.AF_UNIX) as name:
        try:
            if sys.platform == "linux":
                name.bind(f"\0doorstep is served on port {port}")
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                attempt.bind((host, port))
        except (OSError, OverflowError) as error:
            raise SystemExit(_why_not(host, port, error)) from None
        yield


def _why_not(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken. Stop the program that has it, or choose another: bin/serve --port {port + 1}"
    return f"Cannot serve on {host} port {port}: {error}"


def _say_when_ready(host: str, port: int) -> None:
    """Say where the portal is once it answers."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while True:
        try:
            socket.create_connection((reachable, port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    config = settings.load()
    base = config["BASE_URL"]
    _say(f"\n{config['SITE_NAME']} is ready: {base}   (Ctrl-C stops it)")
    if config["DEVELOPMENT"]:
        _say(f"  Sign in:     {base}/sign-in")
        _say(f"  Its mail:    {base}/dev/mail   (nothing leaves this computer)")
        if _nobody_is_here():
            _say(f"  Nobody is here yet. To look round in made-up campaigns:  bin/serve --demo --port {port}")
        _say("")


def _nobody_is_here() -> bool:
    from portal.people.models import Person

    open_connection()
    try:
        return not Person.select().exists()
    finally:
        close_connection()


def _say(text: str) -> None:
    # When the terminal is gone there is nobody to tell.
    with suppress(OSError):
        print(text, flush=True)
