"""Rate buckets for PostgreSQL. SQLite keeps them in a file of their own, made at start."""

import peewee as pw


def up(migrator, db):
    if not isinstance(db, pw.SqliteDatabase):
        db.execute_sql(
            "CREATE TABLE rate_bucket (key TEXT PRIMARY KEY, "
            "level DOUBLE PRECISION NOT NULL, at DOUBLE PRECISION NOT NULL)"
        )


def down(migrator, db):
    if not isinstance(db, pw.SqliteDatabase):
        db.execute_sql("DROP TABLE rate_bucket")
