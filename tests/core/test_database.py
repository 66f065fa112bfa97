"""Transactions, moments, limits, double presses, files: the ground the features stand on."""

import io
from datetime import UTC, date, datetime, timedelta, timezone

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock, limits, storage
from portal.database import after_commit, as_stored, db, is_sqlite, transaction
from portal.errors import RuleBroken, TooFast
from portal.once import OnceKey
from portal.people.models import Person
from tests.builders import build_campaign, build_person
from tests.conftest import NOON


class TestTransactions:
    def test_work_waits_for_the_outermost_commit(self, app):
        done = []
        with transaction():
            with transaction():
                after_commit(done.append, "inner")
            assert done == []
        assert done == ["inner"]

    def test_work_of_a_failed_inner_part_dies_with_it(self, app):
        done = []
        with transaction():
            after_commit(done.append, "outer")
            with pytest.raises(ZeroDivisionError), transaction():
                after_commit(done.append, "inner")
                raise ZeroDivisionError
        assert done == ["outer"]

    def test_a_failure_undoes_every_row(self, app):
        with pytest.raises(ZeroDivisionError), transaction():
            build_person("Gone")
            raise ZeroDivisionError
        assert not Person.select().where(Person.name == "Gone").exists()

    def test_after_commit_outside_a_transaction_is_a_mistake(self, app):
        with pytest.raises(RuntimeError):
            after_commit(print)


class TestMoments:
    def test_a_naive_moment_is_refused(self, app):
        person = build_person()
        person.created_at = datetime(2026, 1, 1)
        with pytest.raises(ValueError, match="created_at takes an aware"):
            person.save()

    @pytest.mark.parametrize("wrong", [datetime(2026, 1, 1), date(2026, 1, 1), "2026-01-01 00:00:00", None])
    def test_a_statement_written_once_takes_nothing_else_either(self, app, wrong):
        with pytest.raises(ValueError, match="a moment takes"):
            as_stored(wrong)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
    @given(
        moment=st.datetimes(
            min_value=datetime(1990, 1, 1),
            max_value=datetime(2100, 1, 1),
            timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))]),
        )
    )
    def test_a_moment_comes_back_as_the_same_moment_in_utc(self, app, moment):
        with db.atomic() as here:
            row = Person.create(name="x", email="moment@example.org", created_at=moment)
            again = Person.get_by_id(row.id).created_at
            here.rollback()
        assert again == moment.replace(microsecond=0) and again.tzinfo == UTC

    def test_clocks_going_back_mean_the_earlier_hour_and_days_are_local(self):
        assert clock.from_local(datetime(2026, 10, 25, 1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        with clock.frozen_at(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)):
            assert clock.today().isoformat() == "2026-06-02"


class TestLimits:
    def test_exactly_so_many_pass(self, app):
        limit = limits.Limit("test", 3, 60)
        assert [limits.take(limit, "a") for _try in range(5)] == [True, True, True, False, False]
        assert limits.take(limit, "somebody else")

    def test_many_at_once_are_told_what_each_would_be_told_alone(self, app):
        limit = limits.Limit("test", 2, 60)
        assert limits.take_each(limit, ["a", "b", "a", "a"]) == [True, True, True, False]
        assert limits.take_each(limit, ["c", "a", "b"]) == [True, False, True]
        assert limits.take_each(limit, []) == []
        assert [limits.take(limit, who) for who in "abc"] == [False, False, True]

    def test_it_refills_steadily(self, app):
        limit = limits.Limit("test", 3, 60)
        for _try in range(4):
            limits.take(limit, "a")
        assert not limits.take(limit, "a", at=NOON + timedelta(seconds=19))
        assert limits.take(limit, "a", at=NOON + timedelta(seconds=21))
        assert not limits.take(limit, "a", at=NOON + timedelta(seconds=22))

    def test_a_clock_that_goes_back_gives_nothing(self, app):
        limit = limits.Limit("test", 2, 60)
        for _try in range(2):
            limits.take(limit, "a")
        assert not limits.take(limit, "a", at=NOON - timedelta(hours=1))
        assert not limits.take(limit, "a", at=NOON)

    def test_spending_too_fast_says_how_long_to_wait(self, app):
        limit = limits.Limit("test", 1, 60)
        limits.spend(limit, "a")
        with pytest.raises(TooFast) as refused:
            limits.spend(limit, "a")
        assert refused.value.wait_seconds == 60

    def test_a_street_counts_as_one_network(self, app):
        with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.7"}):
            assert limits.network() == "203.0.113"
        with app.test_request_context(environ_base={"REMOTE_ADDR": "2001:db8:1:2::7"}):
            assert limits.network() == "2001:db8:1"


class TestADoublePress:
    def test_the_second_press_leads_where_the_first_did(self, sign_in, cast):
        browser = sign_in(cast.amina)
        sent = {"name": "Amina the First", "once": "one-key"}
        first = browser.send("/me/name", sent)
        second = browser.send("/me/name", {**sent, "name": "Amina the Second"})
        assert first.headers["Location"] == second.headers["Location"]
        assert Person.get_by_id(cast.amina.id).name == "Amina the First"

    def test_a_refused_form_gives_its_key_back(self, sign_in, cast):
        browser = sign_in(cast.amina)
        assert browser.send("/me/name", {"name": "", "once": "a-key"}).status_code == 422
        assert browser.send("/me/name", {"name": "Amina", "once": "a-key"}).status_code == 303
        assert OnceKey.select().count() == 1

    def test_a_key_claims_nothing_at_another_address(self, sign_in, cast):
        browser = sign_in(cast.amina)
        browser.send("/me/name", {"name": "Amina", "once": "a-key"})
        answer = browser.send("/me/password", {"password": "four words in a row", "once": "a-key"})
        assert answer.status_code == 303 and Person.get_by_id(cast.amina.id).password_hash


class TestFiles:
    def test_the_bytes_come_back_and_the_same_bytes_are_kept_once(self, app):
        one = storage.keep(io.BytesIO(b"%PDF-1.7 words"), name="answer.pdf")
        two = storage.keep(io.BytesIO(b"%PDF-1.7 words"), name="copy.pdf")
        assert storage.read(one) == b"%PDF-1.7 words"
        assert one.sha256 == two.sha256 and one.content_type == "application/pdf"

    def test_what_a_file_is_comes_from_its_bytes(self, app):
        assert storage.keep(io.BytesIO(b"<script>"), name="photo.jpg").content_type == "text/plain"

    @pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\etc/passwd", "etc/passwd"])
    def test_a_name_is_data_without_folders(self, app, name):
        assert storage.keep(io.BytesIO(b"x"), name=name).name == "passwd"

    def test_an_empty_file_is_refused(self, app):
        with pytest.raises(RuleBroken, match="empty"):
            storage.keep(io.BytesIO(b""), name="x")

    def test_a_refused_file_leaves_nothing_behind(self, app, monkeypatch):
        monkeypatch.setattr(storage, "MOST_BYTES", 10)
        with pytest.raises(RuleBroken, match="smaller"):
            storage.keep(io.BytesIO(b"x" * 11), name="x")
        assert not list(storage.folder().glob("arriving-*"))


class TestConstraints:
    """The CHECKs and keys stand in the database, not only in Python."""

    @pytest.mark.parametrize(
        "change",
        [
            {"state": "half-won"},
            {"visibility": "everybody"},
            {"kind": "party"},
            {"member_count": -1},
            {"signature_count": -1},
        ],
    )
    def test_a_campaign_with_a_bad_value_is_refused(self, app, cast, change):
        campaign = build_campaign(leads=[cast.amina])
        with pytest.raises(peewee.IntegrityError), db.atomic():
            type(campaign).update(**change).where(type(campaign).id == campaign.id).execute()

    def test_foreign_keys_hold(self, app):
        if is_sqlite():
            assert db.execute_sql("PRAGMA foreign_keys").fetchone()[0] == 1
        from portal.campaigns.models import Membership

        with pytest.raises(peewee.IntegrityError), db.atomic():
            Membership.create(campaign=999_999, person=999_999)
            db.execute_sql("SET CONSTRAINTS ALL IMMEDIATE") if not is_sqlite() else None

    def test_sqlite_keeps_every_commit_through_a_power_cut(self, app):
        if not is_sqlite():
            pytest.skip("about SQLite")
        assert db.execute_sql("PRAGMA synchronous").fetchone()[0] == 2
        assert db.execute_sql("PRAGMA journal_mode").fetchone()[0] == "wal"
