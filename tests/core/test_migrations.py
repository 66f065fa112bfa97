"""The schema that migrations make is the schema that the models mean, and it can be undone."""

import importlib
import inspect
from pathlib import Path

import peewee
import pytest
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from portal import database
from portal.campaigns.models import OfCampaign
from portal.database import db, is_sqlite
from portal.features import ORDER
from portal.migrate import FOLDER

ROOT = Path(__file__).resolve().parents[2]


def every_model() -> list[type[peewee.Model]]:
    files = [path for feature in ORDER for path in sorted((ROOT / "portal" / feature).rglob("models.py"))]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    found: dict[str, type[peewee.Model]] = {}
    for name in [*names, "portal.once", "portal.storage", "portal.outbox"]:
        for _name, thing in inspect.getmembers(importlib.import_module(name), inspect.isclass):
            if issubclass(thing, database.Model) and thing not in (database.Model, OfCampaign):
                found[thing.__name__] = thing
    return list(found.values())


def test_models_and_migrations_agree(app):
    difference = diff_models(db.obj, every_model())
    assert not difference, f"run a migration: {difference}"


def test_every_check_of_the_models_stands_in_the_database(app):
    for model in every_model():
        wanted = sum(
            1 for constraint in model._meta.constraints or () if "CHECK" in str(getattr(constraint, "sql", ""))
        )
        if is_sqlite():
            sql = db.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (model._meta.table_name,)).fetchone()[
                0
            ]
            there = sql.upper().count("CHECK (") + sql.upper().count("CHECK(")
        else:
            there = db.execute_sql(
                "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
                (f'"{model._meta.table_name}"',),
            ).fetchone()[0]
        assert there == wanted, model.__name__


@pytest.fixture
def empty_database(app, tmp_path, database_url):
    """A second database beside the test's own: a file, or a schema."""
    if is_sqlite():
        fresh = database.connect_to(f"sqlite:///{tmp_path / 'fresh.db'}")
        fresh.connect()
        yield fresh
        fresh.close()
        return
    fresh = database.connect_to(database_url)
    fresh.connect()
    fresh.execute_sql("DROP SCHEMA IF EXISTS fresh CASCADE")
    fresh.execute_sql("CREATE SCHEMA fresh")
    fresh.execute_sql("SET search_path TO fresh")
    yield fresh
    fresh.execute_sql("DROP SCHEMA fresh CASCADE")
    fresh.close()


def tables_of(database: peewee.Database) -> set[str]:
    return set(database.get_tables(None if is_sqlite() else "fresh")) - {"schema_migration"}


def test_every_migration_goes_up_down_and_up_again(empty_database):
    runner = Runner(empty_database, str(FOLDER))
    names = list(runner.up())
    full = tables_of(empty_database)
    assert "campaign" in full and "campaign_search" in full
    runner.down(names[0])
    assert {name for name in tables_of(empty_database) if not name.startswith("sqlite_")} == set()
    runner.up()
    assert tables_of(empty_database) == full


def test_no_migration_imports_live_code():
    for path in FOLDER.glob("[0-9]*.py"):
        assert "portal" not in path.read_text(), f"{path.name} must stand as it was"
