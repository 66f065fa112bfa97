"""What many people cause at the same moment shares one durable commit.

A commit costs a wait for the disk, whether it holds one signature or five, and a thread that writes gives the
interpreter away and waits for it again with each statement. So whoever comes first stores what came meanwhile for all,
through one connection that knows the file's pages, and only after the commit is anybody answered.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import peewee

from portal.database import (
    common_database,
    db,
    forget_common_database,
    is_in_transaction,
    is_sqlite,
    our_turn,
    transaction,
)
from portal.quick_rows import Execute

Given = TypeVar("Given")
# A connection has errors of its own. Everybody here knows peewee's.
_IN_PEEWEES_WORDS = peewee.ExceptionWrapper(peewee.EXCEPTIONS)  # type: ignore[attr-defined]


class _Job(Generic[Given]):
    """What one thread wants to have stored, and what came of it."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.error: BaseException | None = None
        self.is_done = False
        # Taken until somebody has done the work, or leaves the lead to this one.
        self.called = threading.Lock()
        self.called.acquire()


class Together(Generic[Given]):
    """One kind of work. `store_all(execute, givens)` stores what several threads gave, in the transaction of `execute`.

    It may be asked again for the same: when it fails for several, all is undone and it is asked for each alone. So
    whatever it does elsewhere must come last, when nothing can fail any more but the commit.
    """

    def __init__(self, store_all: Callable[[Execute, Sequence[Given]], None]) -> None:
        self._store_all = store_all
        self._door = threading.Lock()
        self._waiting: list[_Job[Given]] = []
        self._is_led = False

    def store(self, given: Given) -> None:
        """Have it stored, and return once that is durable. Another thread may do it; failing undoes only its own.

        Raises what `store_all` raises for it, or peewee.OperationalError when the shared commit failed: then nobody's
        was kept. Inside a transaction it is a part of that; on PostgreSQL, which gathers commits by itself, it is a
        transaction of its own.
        """
        if is_in_transaction() or db.in_transaction() or not is_sqlite():
            with transaction():
                self._store_all(db.execute_sql, [given])
            return
        job = _Job(given)
        with self._door:
            self._waiting.append(job)
            leads, self._is_led = not self._is_led, True
        if not leads:
            job.called.acquire()
        if not job.is_done:
            self._lead(job)
        if job.error is not None:
            raise _for_this_thread(job.error)

    def _lead(self, own: _Job[Given]) -> None:
        jobs: list[_Job[Given]] = []
        try:
            with our_turn(), _IN_PEEWEES_WORDS:
                # Taken only now: who came while we waited for the turn comes along.
                jobs = self._take()
                self._commit(jobs)
        except BaseException as error:
            for job in jobs or (jobs := self._take()):
                job.error = job.error or error
        finally:
            self._dismiss(jobs, own)

    def _commit(self, jobs: list[_Job[Given]]) -> None:
        connection = common_database().connection()
        execute = connection.execute
        try:
            execute("BEGIN IMMEDIATE", ())
            try:
                self._store_all(execute, [job.given for job in jobs])
            except Exception:
                if len(jobs) == 1:
                    raise
                _undo(connection)
                execute("BEGIN IMMEDIATE", ())
                for job in jobs:
                    self._store_alone(execute, job)
            execute("COMMIT", ())
        except BaseException:
            _undo(connection)
            raise

    def _store_alone(self, execute: Execute, job: _Job[Given]) -> None:
        execute("SAVEPOINT one_of_many", ())
        try:
            with _IN_PEEWEES_WORDS:
                self._store_all(execute, [job.given])
        except Exception as error:
            job.error = error
            # Fails when SQLite has undone everything (a full disk): then it is the trouble of all.
            execute("ROLLBACK TO one_of_many", ())
        execute("RELEASE one_of_many", ())

    def _take(self) -> list[_Job[Given]]:
        with self._door:
            jobs, self._waiting = self._waiting, []
        return jobs

    def _dismiss(self, jobs: list[_Job[Given]], own: _Job[Given]) -> None:
        with self._door:
            heir = self._waiting[0] if self._waiting else None
            self._is_led = heir is not None
        for job in jobs:
            job.is_done = True
            if job is not own:
                job.called.release()
        if heir is not None:
            heir.called.release()


def _undo(connection: Any) -> None:
    try:
        # SQLite may have undone everything itself, for want of room.
        if connection.in_transaction:
            connection.rollback()
    except Exception:
        # It is in no state that we know, and a fresh one costs little.
        forget_common_database()


def _for_this_thread(error: BaseException) -> BaseException:
    """One error may be the answer to several threads; each raises its own."""
    return (
        type(error)(*error.args).with_traceback(error.__traceback__)
        if isinstance(error, peewee.PeeweeException)
        else error
    )
