"""Writers who come at once share one durable commit, and share nothing else."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import peewee
import pytest

from portal import together
from portal.database import close_connection, common_database, connect_to, db, transaction
from portal.errors import RuleBroken
from portal.together import Together


class Shelf(Together[str]):
    """Puts books on a shelf; remembers what it was asked for at once. "no" is refused when it is half done."""

    def __init__(self):
        super().__init__(self.put_all)
        self.asked = []

    def put_all(self, execute, names):
        self.asked.append(list(names))
        for name in names:
            execute("INSERT INTO book VALUES (?)", (name,))
            if name == "no":
                raise RuleBroken("no")

    def outcomes(self, names):
        """What becomes of threads that all wait while somebody holds the turn, so that they come together."""
        with ThreadPoolExecutor(len(names)) as threads:
            with together.our_turn():
                asked = [threads.submit(self.outcome, name) for name in names]
                while len(self._waiting) < len(names):
                    threading.Event().wait(0.001)
            return [one.result(timeout=20) for one in asked]

    def outcome(self, name):
        try:
            self.store(name)
        except Exception as error:
            return error
        return name


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A database of our own on disk with one table, outside of the test's transaction."""
    own = connect_to(f"sqlite:///{tmp_path / 'shelf.db'}")
    monkeypatch.setattr(db, "obj", own)
    db.connect()
    db.execute_sql("CREATE TABLE book (name TEXT PRIMARY KEY)")
    yield Shelf()
    common_database().close()
    own.close()


@pytest.fixture
def commits(monkeypatch):
    """Counts the commits, and lets them fail if it is told to."""

    class Counting:
        def __init__(self, real):
            self.real = real

        def __getattr__(self, name):
            return getattr(self.real, name)

        def execute(self, sql, given=()):
            if sql == "COMMIT":
                seen.append(sql)
                if seen.fail:
                    raise peewee.OperationalError("database or disk is full")
            return self.real.execute(sql, given)

        def rollback(self):
            if seen.is_broken:
                raise peewee.InterfaceError("in no state that we know")
            self.real.rollback()

    class Seen(list):
        fail = is_broken = False

    seen = Seen()
    real = type(common_database()).connection
    monkeypatch.setattr(type(common_database()), "connection", lambda self: Counting(real(self)))
    return seen


def books():
    return {name for (name,) in db.execute_sql("SELECT name FROM book")}


def test_many_who_wait_are_stored_and_committed_once(shelf, commits):
    names = [f"book {n}" for n in range(8)]
    assert shelf.outcomes(names) == names and books() == set(names)
    assert len(shelf.asked) == 1 and len(commits) == 1


def test_who_fails_harms_only_themselves(shelf, commits):
    first, second, third, fourth = shelf.outcomes(["a", "no", "a", "b"])
    # Who of the two with the same book comes first is chance.
    assert {type(first), type(third)} == {str, peewee.IntegrityError}
    assert isinstance(second, RuleBroken) and fourth == "b" and books() == {"a", "b"} and len(commits) == 1


def test_who_fails_alone_leaves_nothing_behind(shelf):
    assert isinstance(shelf.outcome("no"), RuleBroken) and books() == set()
    assert shelf.outcome("a") == "a" and isinstance(shelf.outcome("a"), peewee.IntegrityError) and books() == {"a"}


def test_nobody_is_told_of_success_when_the_shared_commit_fails(shelf, commits):
    commits.fail = True
    done = shelf.outcomes([f"book {n}" for n in range(5)])
    assert all(isinstance(one, peewee.OperationalError) for one in done) and len({id(one) for one in done}) == 5
    assert books() == set()
    commits.fail = False
    assert shelf.outcome("later") == "later" and books() == {"later"}


def test_a_connection_that_cannot_even_undo_is_left_and_harms_nobody_after(shelf, commits):
    commits.fail = commits.is_broken = True
    assert [type(one) for one in shelf.outcomes(["a", "b"])] == [peewee.OperationalError] * 2
    commits.fail = commits.is_broken = False
    gc.collect()
    assert shelf.outcomes(["c", "d"]) == ["c", "d"] and books() == {"c", "d"}


def test_a_crowd_without_end_is_all_answered(shelf):
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(lambda who=who: [shelf.outcome(f"{who}-{n}") for n in range(40)]) for who in range(8)]
        told = {name for one in asked for name in one.result(timeout=60)}
    assert told == books() and len(told) == 320


def test_what_is_stored_is_seen_by_every_other_connection_at_once(shelf):
    shelf.store("a")
    close_connection()
    db.connect()
    assert books() == {"a"}


def test_inside_a_transaction_it_is_a_part_of_that(shelf):
    with pytest.raises(ZeroDivisionError), transaction():
        shelf.store("a")
        raise ZeroDivisionError
    assert books() == set()
