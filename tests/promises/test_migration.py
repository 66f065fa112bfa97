"""The checks that were there before homes had a word go along, up and down."""

from playhouse.migrations import Runner

from portal import database
from portal.migrate import FOLDER


def test_checks_and_counts_of_before_are_kept_and_the_way_back_loses_only_what_has_no_place(tmp_path):
    fresh = database.connect_to(f"sqlite:///{tmp_path / 'fresh.db'}")
    fresh.connect()
    runner = Runner(fresh, str(FOLDER))
    before = max(one.name for one in runner.status() if one.name < "0019")
    runner.up(before)
    run = fresh.execute_sql
    moment = "2026-11-03 12:00:00"
    run("PRAGMA foreign_keys = OFF")
    run(
        "INSERT INTO commitment (id, campaign_id, what, made_on, added_at, state, settled_at, fixed_count, "
        f"not_fixed_count, is_public) VALUES (3, 1, 'Fans', '2026-11-01', '{moment}', 'kept', '{moment}', 2, 0, 0)"
    )
    run(
        "INSERT INTO commitment_check (commitment_id, person_id, verdict, note, at) "
        f"VALUES (3, 7, 'cannot_tell', 'At work', '{moment}')"
    )
    runner.up()
    found = run("SELECT commitment_id, voice, person_id, verdict, note, how, at FROM commitment_check").fetchall()
    assert found == [(3, "person:7", 7, "cannot_tell", "At work", "own", moment)]
    kept = run("SELECT kept_at, cannot_tell_count, reach, needed_share FROM commitment").fetchone()
    assert kept == (moment, 1, "matter", 60)
    run(
        "INSERT INTO commitment_check (commitment_id, voice, home_id, verdict, note, how, at, talk_note) "
        f"VALUES (3, 'home:1', 1, 'fixed', '', 'phone', '{moment}', '')"
    )
    runner.down("0019_promises")
    found = run("SELECT commitment_id, person_id, verdict, note FROM commitment_check").fetchall()
    assert found == [(3, 7, "cannot_tell", "At work")]
    assert "reach" not in [column.name for column in fresh.get_columns("commitment")]
    fresh.close()
