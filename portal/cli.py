"""The commands: python -m portal …"""

import sys
from datetime import date

import click
from flask import Flask

from portal import clock, create_app, doctor, migrate
from portal.settings import SettingWrong

SIGNS = {doctor.GOOD: "ok  ", doctor.WARN: "warn", doctor.WRONG: "FAIL"}


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Doorstep: a member-run campaign portal."""
    try:
        context.obj = create_app()
    except (SettingWrong, ValueError) as error:
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
@click.option("--threads", envvar="WEB_THREADS", default=4, show_default=True)
@click.pass_obj
def serve_command(app: Flask, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the portal and run its job worker until SIGTERM or Ctrl-C."""
    from portal import server

    with app.app_context():
        if migrate.pending():
            raise click.ClickException("the database is behind: run `python -m portal migrate` first")
    server.serve(host, port, workers, threads)


@main.command("worker")
def worker_command() -> None:
    """Run the job worker alone."""
    from portal import jobs

    jobs.run_worker()


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
