"""Pages of the portal itself: is it alive, and in development the mail it sent."""

from email import message_from_bytes
from email.policy import default

from flask import Blueprint, Response, abort, current_app, make_response

from portal.database import db
from portal.outbox import OutgoingMail, composed
from portal.web import action, render

health = Blueprint("health", __name__)
development = Blueprint("development", __name__)


@health.get("/healthz")
@action("site.read")
def alive() -> Response:
    """The process answers."""
    return make_response("ok\n", 200, {"Content-Type": "text/plain"})


@health.get("/readyz")
@action("site.read")
def ready() -> Response:
    """The database answers too; anything else is a 503."""
    db.execute_sql("SELECT 1")
    return make_response("ok\n", 200, {"Content-Type": "text/plain"})


@development.get("/dev/mail")
@action("site.develop")
def mails() -> Response:
    """Every mail, newest first. Registered in development and never in production."""
    rows = OutgoingMail.select().order_by(OutgoingMail.id.desc()).limit(100)
    return render("development/mails.html", mails=[composed(row) for row in rows])


@development.get("/dev/mail/<int:mail_id>")
@action("site.develop")
def mail(mail_id: int) -> Response:
    """One mail as text, with its links ready to press."""
    row = OutgoingMail.get_or_none(OutgoingMail.id == mail_id)
    if row is None:
        abort(404)
    parsed = message_from_bytes(bytes(composed(row).source), policy=default)
    body = parsed.get_body(("plain",))
    words = body.get_content() if body is not None else ""
    attachments = [part.get_filename() or "file" for part in parsed.iter_attachments()]
    base = current_app.config["BASE_URL"]
    lines = [(line, line.strip() if line.strip().startswith(base) else None) for line in words.splitlines()]
    return render("development/mail.html", mail=row, parsed=parsed, lines=lines, attachments=attachments)
