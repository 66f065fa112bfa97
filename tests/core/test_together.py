"""Writers who come at once share one durable commit, and share nothing else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import peewee
import pytest

from portal import together
from portal.database import after_commit, claim_with, close_connection, connect_to, db, transaction
from portal.errors import AlreadyDone, RuleBroken
from portal.together import commit_together

WHO: ContextVar[str] = ContextVar("who", default="nobody")


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A database of our own on disk with one table, outside of the test's transaction; counts its commits."""
    own = connect_to(f"sqlite:///{tmp_path / 'shelf.db'}")
    monkeypatch.setattr(db, "obj", own)
    db.connect()
    db.execute_sql("CREATE TABLE book (name TEXT PRIMARY KEY)")
    commits = []
    commit = own.commit
    monkeypatch.setattr(own, "commit", lambda: (commits.append(1), commit())[1])
    yield commits
    own.close()


def put(name):
    db.execute_sql("INSERT INTO book VALUES (?)", (name,))
    return name


def books():
    return {name for (name,) in db.execute_sql("SELECT name FROM book")}


class Crowd:
    """Threads that all wait while the first holds the turn, so that they come together."""

    def __init__(self, works):
        self.works = works

    def outcomes(self):
        def one(work):
            db.connect(reuse_if_open=True)
            try:
                return commit_together(work)
            except Exception as error:
                return error
            finally:
                close_connection()

        with ThreadPoolExecutor(len(self.works)) as threads:
            with together.our_turn():
                asked = [threads.submit(one, work) for work in self.works]
                while len(together._queue._waiting) < len(self.works):
                    threading.Event().wait(0.001)
            return [one.result(timeout=20) for one in asked]


def test_many_who_wait_are_committed_once(shelf):
    done = Crowd([lambda n=n: put(f"book {n}") for n in range(8)]).outcomes()
    assert done == [f"book {n}" for n in range(8)] and books() == set(done) and len(shelf) == 1


def test_who_fails_harms_only_themselves(shelf):
    def refused():
        put("half done")
        raise RuleBroken("no")

    works = [lambda: put("a"), refused, lambda: put("a"), lambda: put("b")]
    first, second, third, fourth = Crowd(works).outcomes()
    # Who of the two with the same book comes first is chance.
    assert {type(first), type(third)} == {str, peewee.IntegrityError}
    assert isinstance(second, RuleBroken) and fourth == "b" and books() == {"a", "b"}


def test_nobody_is_told_of_success_when_the_shared_commit_fails(shelf, monkeypatch):
    def no_room():
        raise peewee.OperationalError("database or disk is full")

    monkeypatch.setattr(db.obj, "commit", no_room)
    called = []

    def work(n):
        put(f"book {n}")
        after_commit(called.append, n)

    done = Crowd([lambda n=n: work(n) for n in range(5)]).outcomes()
    assert all(isinstance(one, peewee.OperationalError) for one in done) and len({id(one) for one in done}) == 5
    assert books() == set() and called == []


def test_a_crowd_without_end_is_all_answered(shelf):
    with ThreadPoolExecutor(8) as threads:

        def many(who):
            db.connect(reuse_if_open=True)
            names = [commit_together(lambda n=n: put(f"{who}-{n}")) for n in range(40)]
            close_connection()
            return names

        asked = [threads.submit(many, who) for who in range(8)]
        told = {name for one in asked for name in one.result(timeout=60)}
    assert told == books() and len(told) == 320


def test_work_runs_in_the_context_of_who_brought_it(shelf):
    seen = []

    def bring(name):
        WHO.set(name)
        db.connect(reuse_if_open=True)
        claim_with(lambda: put(f"key of {WHO.get()}"))

        def work():
            after_commit(lambda: seen.append((WHO.get(), threading.get_ident())))
            return put(WHO.get())

        commit_together(work)
        close_connection()
        return threading.get_ident()

    with ThreadPoolExecutor(4) as threads:
        with together.our_turn():
            asked = {name: threads.submit(bring, name) for name in "abcd"}
            while len(together._queue._waiting) < 4:
                threading.Event().wait(0.001)
        threads_of = {name: one.result(timeout=20) for name, one in asked.items()}
    assert books() == {*"abcd", *(f"key of {name}" for name in "abcd")}
    assert dict(seen) == threads_of and len(shelf) == 1


def test_a_key_that_was_claimed_before_stops_only_its_own_work(shelf):
    def claimed():
        raise AlreadyDone("there")

    claim_with(claimed)
    with pytest.raises(AlreadyDone):
        commit_together(lambda: put("a"))
    claim_with(None)
    assert commit_together(lambda: put("b")) == "b" and books() == {"b"}


def test_inside_a_transaction_it_is_a_part_of_that(shelf):
    with pytest.raises(ZeroDivisionError), transaction():
        commit_together(lambda: put("a"))
        raise ZeroDivisionError
    assert books() == set()
