"""Writers who come at the same moment share one durable commit.

A commit costs a wait for the disk, whether it holds one signature or five. Whoever comes first works for all who came
meanwhile: each piece of work in a savepoint of its own, then one commit, and only then is anybody answered.
"""

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import peewee

from portal.database import begin_work, db, is_in_transaction, is_sqlite, our_turn, transaction, work_is_done


class _Job:
    """One piece of work, in the context of the request that brought it, and what came of it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.context = copy_context()
        self.after: list[Any] = []
        self.answer: Any = None
        self.error: BaseException | None = None
        self.is_done = False
        # Taken until somebody has done the work, or leaves the lead to this one.
        self.called = threading.Lock()
        self.called.acquire()

    def do(self) -> None:
        """Do it inside the transaction that is open. Raises what the work raises."""
        self.answer = self.context.run(self._in_context)

    def _in_context(self) -> Any:
        self.after = begin_work()
        return self.work()


class _Queue:
    """Those of one process who wait to write. At most one of them leads."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._waiting: list[_Job] = []
        self._is_led = False

    def have_done(self, job: _Job) -> None:
        """Wait until the job is done and committed, or has failed; perhaps by doing it and those of others."""
        with self._door:
            self._waiting.append(job)
            leads, self._is_led = not self._is_led, True
        if not leads:
            job.called.acquire()
        if not job.is_done:
            self._lead(job)

    def _lead(self, own: _Job) -> None:
        jobs: list[_Job] = []
        try:
            with our_turn(), db.atomic():
                # Taken only now: who came while we waited for the lock comes along.
                jobs = self._take()
                if jobs == [own]:
                    own.do()
                else:
                    _do_each(jobs)
        except BaseException as error:
            for job in jobs or (jobs := self._take()):
                job.error = job.error or error
        finally:
            self._dismiss(jobs, own)

    def _take(self) -> list[_Job]:
        with self._door:
            jobs, self._waiting = self._waiting, []
        return jobs

    def _dismiss(self, jobs: list[_Job], own: _Job) -> None:
        with self._door:
            heir = self._waiting[0] if self._waiting else None
            self._is_led = heir is not None
        for job in jobs:
            job.is_done = True
            if job is not own:
                job.called.release()
        if heir is not None:
            heir.called.release()


def _do_each(jobs: list[_Job]) -> None:
    for job in jobs:
        db.execute_sql("SAVEPOINT one_of_many")
        try:
            job.do()
        except Exception as error:
            job.error = error
            # Fails when SQLite has undone everything (a full disk): then it is the trouble of all.
            db.execute_sql("ROLLBACK TO one_of_many")
        db.execute_sql("RELEASE one_of_many")


_queue = _Queue()


def commit_together(work: Callable[[], Any]) -> Any:
    """Run `work` as a unit of its own and return what it returned, once that is durable.

    Another thread may run it, in the caller's context, together with the work of others; failing undoes only its own.
    Raises what `work` raises, or peewee.OperationalError when the shared commit failed: then nobody's work was kept.
    Inside a transaction, and on PostgreSQL, which gathers commits by itself, it is `transaction()`.
    """
    if is_in_transaction() or not is_sqlite():
        with transaction():
            return work()
    job = _Job(work)
    _queue.have_done(job)
    if job.error is not None:
        raise _for_this_thread(job.error)
    work_is_done(job.after)
    return job.answer


def _for_this_thread(error: BaseException) -> BaseException:
    """One error may be the answer to several threads; each raises its own."""
    return (
        type(error)(*error.args).with_traceback(error.__traceback__)
        if isinstance(error, peewee.PeeweeException)
        else error
    )
