"""The job queue and its worker.

huey loses a task when it is killed, so no promise rests on it: work that must happen is a row first, and a sweep
finds it again. Tasks take ids, never names or addresses: the queue's file is not a place for people.
"""

import functools
import logging
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from huey import SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer

from portal.database import after_commit, close_connection, open_connection

log = logging.getLogger("portal.jobs")
_tasks: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []
_app: Flask | None = None
_huey: Huey | None = None
_bound: dict[str, Any] = {}
_sweeps: list[Callable[[], Any]] = []
_hourly: list[Callable[[], Any]] = []
SWEEP_SECONDS = 1
# One wake-up of a kind from one process is enough for this long: the sweep finds what came after it.
WAKE_SECONDS = 0.5


class Job:
    """A function that the worker runs. `.later(...)` queues it after the transaction commits."""

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        self._woke = -WAKE_SECONDS
        _tasks.append((self.name, function, options))

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)

    def later(self, *args: Any) -> None:
        """Queue a run once the transaction around it has committed. Raises RuntimeError outside one."""
        after_commit(_queue, self.name, *args)

    def soon(self) -> None:
        """Like `later`, for a job that a sweep does as well: many asks in a moment become one."""
        after_commit(self.wake)

    def wake(self) -> None:
        """Queue a run now, for what is committed already. Once in WAKE_SECONDS is enough: the sweep does the rest."""
        now = time.monotonic()
        if now - self._woke >= WAKE_SECONDS:
            self._woke = now
            _queue(self.name)


def job(**options: Any) -> Callable[[Callable[..., Any]], Job]:
    """Declare a job. Options go to huey: retries, retry_delay (seconds). It takes ids and can run twice."""
    return lambda function: Job(function, options)


def set_up(app: Flask) -> Huey:
    """Make the queue for this app: a file of its own on SQLite, the same database on PostgreSQL."""
    global _app, _huey
    _app = app
    url = app.config["DATABASE_URL"]
    immediate = app.config["TESTING"]
    if url.startswith("sqlite") or immediate:
        path = app.config["DATA_DIR"] / "jobs.db"
        path.parent.mkdir(parents=True, exist_ok=True)
        _huey = SqliteHuey("doorstep", filename=str(path), immediate=immediate, results=False)
    else:
        from huey import PostgresHuey

        # Its tables are made by `make_tables`, under the migrations' lock: several processes start at once.
        _huey = PostgresHuey("doorstep", dsn=url, results=False, create_tables=False)
    _bound.clear()
    for name, function, options in _tasks:
        _bound[name] = _huey.task(name=name.replace(".", "_"), **options)(_in_app(function))
    _huey.periodic_task(crontab(minute="7", hour="*/1"), name="hourly")(lambda: _run_all(_hourly))
    return _huey


def make_tables(url: str) -> None:
    """Make the queue's own tables on PostgreSQL. Call with the migrations, so that one process does it."""
    if not url.startswith("sqlite"):
        from huey import PostgresHuey

        PostgresHuey("doorstep", dsn=url, results=False, create_tables=True)


def _in_app(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(*args: Any) -> None:
        assert _app is not None
        if _app.config["TESTING"]:
            function(*args)
            return
        with _app.app_context():
            open_connection()
            try:
                function(*args)
            finally:
                close_connection()

    return run


def _queue(name: str, *args: Any) -> None:
    if current_app.config.get("JOBS_HELD"):
        return
    try:
        _bound[name](*args)
    except Exception:
        # The row is committed and the sweep will find it; the person must not see an error for a lost wake-up.
        if current_app.config["TESTING"]:
            raise
        log.warning("a job could not be queued; the sweep will do it", exc_info=True)


def sweep(function: Callable[[], Any]) -> Callable[[], Any]:
    """Declare work that runs at the worker's start and every SWEEP_SECONDS: it finds what a lost wake-up left."""
    _sweeps.append(function)
    return function


def hourly(function: Callable[[], Any]) -> Callable[[], Any]:
    """Declare housekeeping that runs once an hour."""
    _hourly.append(function)
    return function


def _run_all(functions: list[Callable[[], Any]]) -> None:
    for function in functions:
        try:
            _in_app(function)()
        except Exception:
            log.exception("%s failed; it runs again later", function.__name__)


class _Worker(Consumer):
    """huey's consumer, with sweeps of its own so that a wake-up that is lost or spared costs SWEEP_SECONDS."""

    def start(self) -> None:
        super().start()
        self._stop_sweeping = threading.Event()
        threading.Thread(target=self._sweep_often, daemon=True, name="sweep").start()

    def _sweep_often(self) -> None:
        while not self._stop_sweeping.wait(SWEEP_SECONDS):
            _run_all(_sweeps)


def run_worker() -> None:
    """Run the job worker in the foreground until SIGTERM or Ctrl-C. Finishes the running job first."""
    assert _huey is not None, "create_app must run first"
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="worker: %(message)s")
    _run_all(_sweeps)
    logging.getLogger("huey").setLevel(logging.WARNING)
    _Worker(
        _huey,
        workers=2,
        periodic=True,
        initial_delay=0.1,
        backoff=1.15,
        max_delay=1.0,
        # huey takes SIGTERM as "drop everything" unless told; the server waits a little longer than this.
        graceful_signal="TERM",
        shutdown_timeout=12,
    ).run()
