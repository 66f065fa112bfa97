"""What an operator should know before the residents find out."""

import shutil
from collections.abc import Iterator
from typing import Any

import cysqlite
import peewee
from flask import Flask

from portal import clock, migrate
from portal.database import db, is_sqlite
from portal.inbound.models import InboundMail
from portal.outbox import OutgoingMail

GOOD, WARN, WRONG = "good", "warn", "wrong"
# Up to 3.51.2 two connections that reset the WAL in the same instant could lose a commit.
SAFE_SQLITE = (3, 51, 3)


def examine(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield (good | warn | wrong, sentence) for each thing looked at."""
    config = app.config
    yield GOOD, f"environment: {config['ENVIRONMENT']}, address: {config['BASE_URL']}"
    yield from _database()
    yield from _mail(config)
    yield from _mail_in(config)
    free = shutil.disk_usage(config["DATA_DIR"])
    share = free.free * 100 // free.total
    yield (WARN if share < 10 else GOOD), f"disk: {share} % free at {config['DATA_DIR']}"
    if not config["PRODUCTION"]:
        yield WARN, "this is not production: set ENVIRONMENT=production before real people use it"
    elif not config["SESSION_COOKIE_SECURE"]:
        yield WARN, "BASE_URL is not https: sign-in cookies can be read on the way"
    if config["PRODUCTION"] and not config["PROXY_COUNT"]:
        yield WARN, "PROXY_COUNT is 0: behind a proxy every visitor would count as one network"


def _database() -> Iterator[tuple[str, str]]:
    try:
        db.connect(reuse_if_open=True)
        if is_sqlite():
            version = cysqlite.sqlite_version_info
            words = ".".join(str(part) for part in version)
            ok = tuple(version) >= SAFE_SQLITE
            yield (
                (GOOD if ok else WRONG),
                f"SQLite {words}" + ("" if ok else ": older than 3.51.3, a WAL bug can lose a commit"),
            )
            level = db.execute_sql("PRAGMA synchronous").fetchone()[0]
            yield (GOOD if level >= 2 else WRONG), f"SQLite synchronous = {level} (2 is FULL)"
            check = db.execute_sql("PRAGMA quick_check").fetchone()[0]
            yield (GOOD if check == "ok" else WRONG), f"SQLite quick_check: {check}"
        else:
            version = db.execute_sql("SHOW server_version").fetchone()[0]
            yield GOOD, f"PostgreSQL {version}"
            for name in ("fsync", "synchronous_commit"):
                value = db.execute_sql(f"SHOW {name}").fetchone()[0]
                yield (GOOD if value == "on" else WRONG), f"PostgreSQL {name} = {value}"
    except peewee.PeeweeException as error:
        yield WRONG, f"the database does not answer: {error}"
        return
    waiting = migrate.pending()
    yield (
        (WRONG if waiting else GOOD),
        f"migrations waiting: {', '.join(waiting)}" if waiting else "every migration is applied",
    )


def _mail_in(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Whether answers to letters can reach us, and be told from forgeries."""
    domain = config["REPLY_DOMAIN"]
    wrong = WARN if config["PRODUCTION"] else GOOD
    if config["INBOUND_PORT"]:
        where = f"{config['INBOUND_HOST']} port {config['INBOUND_PORT']}"
        yield GOOD, f"answers to {domain}: taken by {config['INBOUND_PROTOCOL'].upper()} on {where}"
        if config["INBOUND_PROTOCOL"] == "smtp" and not _is_local(config["INBOUND_HOST"]):
            yield WARN, "INBOUND_HOST is open to others and speaks bare SMTP: let a mail server stand before it"
    elif not migrate.pending() and not InboundMail.select().exists():
        yield wrong, f"answers to {domain}: INBOUND_PORT is not set, and nothing has come by bin/inbound yet"
    else:
        yield GOOD, f"answers to {domain}: they come by bin/inbound"
    if not config["TRUSTED_RECEIVERS"]:
        yield wrong, "TRUSTED_RECEIVERS is not set: no answer can be proved, leads have to look at each"
    if domain.endswith("example.org") and config["PRODUCTION"]:
        yield WRONG, "REPLY_DOMAIN is an example: no answer can reach it"
    if not migrate.pending():
        held = InboundMail.select().where(InboundMail.sort == "held").count()
        broken = InboundMail.select().where(InboundMail.state == "broken").count()
        if held:
            yield WARN, f"mails in the holding pen, waiting for a steward: {held}"
        if broken:
            yield WARN, f"mails that could not be taken apart: {broken}"


def _is_local(host: str) -> bool:
    return host in {"127.0.0.1", "::1", "localhost"}


def _mail(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not config["SMTP_HOST"]:
        words = "no mail server is set (SMTP_HOST): mail is only written to a folder"
        yield (WRONG if config["PRODUCTION"] else WARN), words
    else:
        yield GOOD, f"mail server: {config['SMTP_HOST']}:{config['SMTP_PORT']} ({config['SMTP_SECURITY']})"
        if config["SMTP_SECURITY"] == "none":
            yield WARN, "SMTP_SECURITY is none: mail can be read on the way to the mail server"
    if migrate.pending():
        return
    in_doubt = OutgoingMail.select().where(OutgoingMail.state == "unknown").count()
    failed = OutgoingMail.select().where(OutgoingMail.state == "failed").count()
    oldest = (
        OutgoingMail.select(OutgoingMail.due_at)
        .where(OutgoingMail.state.in_(("queued", "deferred")))
        .order_by(OutgoingMail.due_at)
        .scalar()
    )
    if in_doubt:
        yield WARN, f"letters in doubt, waiting for their leads: {in_doubt}"
    if failed:
        yield WARN, f"mails that were refused for good: {failed}"
    if oldest and (clock.now() - oldest).total_seconds() > 600:
        yield WARN, "mail has been due for over ten minutes: is the worker running?"
