"""The search index over public campaigns: FTS5 on SQLite, tsvector on PostgreSQL."""

import peewee as pw

SQLITE = """
CREATE VIRTUAL TABLE campaign_search USING fts5(
    title, problem, place, organization, tokenize = 'unicode61 remove_diacritics 2'
)
"""
POSTGRES = """
CREATE TABLE campaign_search (
    rowid INTEGER PRIMARY KEY REFERENCES campaign (id) ON DELETE CASCADE,
    document TSVECTOR NOT NULL
)
"""


def up(migrator, db):
    if isinstance(db, pw.SqliteDatabase):
        db.execute_sql(SQLITE)
    else:
        db.execute_sql(POSTGRES)
        db.execute_sql("CREATE INDEX campaign_search_document ON campaign_search USING GIN (document)")


def down(migrator, db):
    db.execute_sql("DROP TABLE campaign_search")
