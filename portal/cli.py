"""The commands: python -m portal …"""

import sys
from datetime import date

import click
from flask import Flask

from portal import clock, create_app, database, doctor, migrate, settings
from portal.settings import SettingWrong

# What mail systems understand: wrong data, no such address, try again later (sysexits.h).
WRONG_DATA, NOBODY_HERE, TRY_LATER = 65, 67, 75
SIGNS = {doctor.GOOD: "ok  ", doctor.WARN: "warn", doctor.WRONG: "FAIL"}


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Doorstep: a member-run campaign portal."""
    try:
        # The server's parent serves nothing itself: its workers build the app, and it starts sooner without.
        if context.invoked_subcommand == "serve":
            database.set_up(settings.load())
        else:
            context.obj = create_app()
    except (SettingWrong, ValueError) as error:
        if context.invoked_subcommand == "inbound":
            # A mail system takes any other word for "send it back"; it shall keep the message until this is mended.
            click.echo(f"not kept, try again later: {error}", err=True)
            sys.exit(TRY_LATER)
        raise click.ClickException(str(error)) from error


@main.command("migrate")
@click.option("--down-to", "down_to", help="Undo back to and including this migration.")
@click.pass_obj
def migrate_command(app: Flask, down_to: str | None) -> None:
    """Bring the database to the newest schema."""
    data_dir = app.config["DATA_DIR"]
    with app.app_context():
        names = migrate.down(data_dir, down_to) if down_to else migrate.up(data_dir)
    for name in names:
        click.echo(f"{'undone' if down_to else 'applied'}: {name}")
    if not names:
        click.echo("the database is up to date")


@main.command("doctor")
@click.pass_obj
def doctor_command(app: Flask) -> None:
    """Look at the settings, the database and the mail, and say what is wrong."""
    worst = False
    with app.app_context():
        for grade, sentence in doctor.examine(app):
            click.echo(f"{SIGNS[grade]}  {sentence}")
            worst = worst or grade == doctor.WRONG
    sys.exit(1 if worst else 0)


@main.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--workers", envvar="WEB_WORKERS", default=2, show_default=True)
@click.option("--threads", envvar="WEB_THREADS", default=8, show_default=True)
def serve_command(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the portal and run its job worker until SIGTERM or Ctrl-C."""
    from portal import server

    if migrate.pending():
        raise click.ClickException("the database is behind: run `python -m portal migrate` first")
    database.close_connection()
    server.serve(host, port, workers, threads)


@main.command("worker")
def worker_command() -> None:
    """Run the job worker alone."""
    from portal import jobs

    jobs.run_worker()


@main.command("listen")
@click.pass_obj
def listen_command(app: Flask) -> None:
    """Take mail on INBOUND_PORT until SIGTERM or Ctrl-C. `serve` does it too when that port is set."""
    from portal.inbound.listener import run_listener

    run_listener(app)


@main.command("inbound")
@click.option("--to", "recipient", default=None, help="The envelope's recipient. Without it the headers are asked.")
@click.option("--from", "sender", default=None, help="The envelope's sender; \"\" for a mail system's own.")
@click.pass_obj
def inbound_command(app: Flask, recipient: str | None, sender: str | None) -> None:
    """Keep one message from standard input, for a mail system's pipe.

    Ends with 0 when it is safe, 65 or 67 when it is refused for good, 75 when the mail system shall try again later.
    """
    from portal.inbound import receiving

    try:
        raw = sys.stdin.buffer.read(receiving.storage.MOST_BYTES + 1)
        with app.app_context():
            receiving.receive(raw, to=recipient, sender=sender)
    except receiving.Refused as refused:
        click.echo(f"refused: {refused}", err=True)
        sys.exit(NOBODY_HERE if refused.code == 550 else WRONG_DATA)
    except Exception as error:
        click.echo(f"not kept, try again later: {type(error).__name__}: {error}", err=True)
        sys.exit(TRY_LATER)


@main.command("demo")
@click.option("--today", "today", default=None, help="The day the demo calls today, such as 2026-11-23.")
@click.option("--reset", is_flag=True, help="Remove earlier demo data first.")
@click.pass_obj
def demo_command(app: Flask, today: str | None, reset: bool) -> None:
    """Load the demo campaigns. Refused where real campaigns live."""
    from portal.demo import load

    with app.app_context():
        try:
            day = date.fromisoformat(today) if today else clock.today()
            load.load_demo(day, reset=reset, tell=click.echo)
        except (ValueError, load.RealCampaigns) as error:
            raise click.ClickException(str(error)) from error


@main.command("make-steward")
@click.argument("email")
@click.pass_obj
def make_steward_command(app: Flask, email: str) -> None:
    """Give site duty to the person with this address."""
    from portal.people.models import Person

    with app.app_context():
        changed = Person.update(is_steward=True).where(Person.email == email.casefold()).execute()
    if not changed:
        raise click.ClickException("nobody has that address")
    click.echo("done")


@main.command("routes")
@click.pass_obj
def routes_command(app: Flask) -> None:
    """List every route with its action."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        view = app.view_functions[rule.endpoint]
        verbs = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        click.echo(f"{verbs:10} {rule}  {getattr(view, 'action', '')}")
