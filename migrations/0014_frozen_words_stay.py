"""The database itself keeps frozen words: no change, and no removal while the letter stands. Why a vote was stopped."""

import peewee as pw

WORDS = ("canonical_text", "sha256", "content")
# Example data may go as it came; and what goes together with its letter has lost its letter already.
STANDS = """EXISTS (
  SELECT 1 FROM letter JOIN campaign ON campaign.id = letter.campaign_id
  WHERE letter.id = OLD.letter_id AND NOT campaign.is_demo
)"""


def _columns():
    return (
        ("sign_off", "stopped_why", pw.TextField(default="", constraints=[pw.SQL("DEFAULT ''")])),
        ("sign_off", "changed_block_id", pw.IntegerField(null=True)),
    )


def _differ(how):
    return " OR ".join(f"NEW.{name} {how} OLD.{name}" for name in WORDS)


ON_SQLITE = (
    f"""CREATE TRIGGER frozen_words_stay BEFORE UPDATE OF {", ".join(WORDS)} ON letter_version
    WHEN {_differ("IS NOT")}
    BEGIN SELECT RAISE(ABORT, 'frozen words do not change'); END""",
    f"""CREATE TRIGGER frozen_version_stays BEFORE DELETE ON letter_version WHEN {STANDS}
    BEGIN SELECT RAISE(ABORT, 'a frozen version is not removed'); END""",
)
ON_POSTGRES = (
    f"""CREATE FUNCTION frozen_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {_differ("IS DISTINCT FROM")} THEN
        RAISE EXCEPTION 'frozen words do not change' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$""",
    f"""CREATE FUNCTION frozen_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {STANDS} THEN
        RAISE EXCEPTION 'a frozen version is not removed' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN OLD;
    END $$""",
    """CREATE TRIGGER frozen_words_stay BEFORE UPDATE ON letter_version
    FOR EACH ROW EXECUTE FUNCTION frozen_words_stay()""",
    """CREATE TRIGGER frozen_version_stays BEFORE DELETE ON letter_version
    FOR EACH ROW EXECUTE FUNCTION frozen_version_stays()""",
)


def up(migrator, db):
    migrator.migrate(
        *(migrator.add_column(table, name, field, allow_not_null=True) for table, name, field in _columns())
    )
    for sql in ON_SQLITE if isinstance(db, pw.SqliteDatabase) else ON_POSTGRES:
        db.execute_sql(sql)


def down(migrator, db):
    for name in ("frozen_words_stay", "frozen_version_stays"):
        if isinstance(db, pw.SqliteDatabase):
            db.execute_sql(f"DROP TRIGGER {name}")
        else:
            db.execute_sql(f"DROP TRIGGER {name} ON letter_version")
            db.execute_sql(f"DROP FUNCTION {name}()")
    for table, name, _field in reversed(_columns()):
        migrator.migrate(migrator.drop_column(table, name, cascade=False))
