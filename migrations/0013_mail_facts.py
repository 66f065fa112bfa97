"""Mail that the worker composes: what it says is kept as facts until then."""


def up(migrator, db):
    db.execute_sql("ALTER TABLE outgoing_mail ADD COLUMN facts TEXT NOT NULL DEFAULT ''")


def down(migrator, db):
    # What was not composed yet could not be sent any more as things were before.
    db.execute_sql("DELETE FROM outgoing_mail WHERE facts <> ''")
    db.execute_sql("ALTER TABLE outgoing_mail DROP COLUMN facts")
