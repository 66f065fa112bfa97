"""A browser for view tests: fills in the hidden fields as a page would, and can play htmx."""

import re
import secrets
from email import message_from_bytes
from email.policy import default
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from portal.outbox import OutgoingMail, composed


def words_of(page: str) -> str:
    """What a page says, without its tags; spaces made single. What stands inside a sentence parts no words."""
    joined = re.sub(r"</?(?:a|abbr|b|bdi|em|mark|small|span|strong|time)\b[^>]*>", "", page)
    return " ".join(re.sub(r"<[^>]*>", " ", joined).split())


class Client(FlaskClient):
    """Posts with a valid token and a fresh form key unless told otherwise."""

    htmx = False

    def sign_in(self, person: Any) -> "Client":
        """Sign `person` in without a mail, as the sign-in operation would."""
        from portal.database import transaction
        from portal.people import operations

        with transaction():
            started = operations._begin(person, device="A test", way="link")
        person.sign_in = None
        with self.session_transaction() as kept:
            kept["_user_id"] = started.secret
            kept["_fresh"] = True
        return self

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        if self.htmx:
            headers.setdefault("HX-Request", "true")
        # A context of its own for each request, as on the server: what one remembers in `g` is not the next one's.
        with self.application.app_context():
            return super().open(*args, headers=headers, **kwargs)

    def token(self) -> str:
        """A token that forms of this browser carry, made as `csrf_token()` makes it on a page, without drawing one."""
        with self.session_transaction() as kept:
            # The session belongs to this browser and not to `g`, where Flask-WTF would look for it first.
            raw = kept.setdefault("csrf_token", secrets.token_hex(20))
        signer = URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token")
        return str(signer.dumps(raw))

    def send(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """POST a form the way a person would: with the token and a key of its own."""
        from portal.once import once_key

        filled = {"csrf_token": self.token(), "once": once_key(), **(data or {})}
        return self.post(url, data=filled, **kwargs)


class Mail:
    """A mail that was written, parsed."""

    def __init__(self, row: OutgoingMail) -> None:
        self.row = composed(row)
        self.message = message_from_bytes(bytes(row.source), policy=default)
        body = self.message.get_body(("plain",))
        self.text = body.get_content() if body else ""
        self.subject = str(self.message["Subject"])
        self.to = row.to

    def link(self, containing: str = "") -> str:
        """The first link in the text that contains `containing`, without the host."""
        for link in re.findall(r"https?://\S+", self.text):
            if containing in link:
                return "/" + link.split("/", 3)[3]
        raise AssertionError(f"no link with {containing!r} in: {self.text}")

    def attachments(self) -> list[Any]:
        return list(self.message.iter_attachments())


def written_mails(to: str | None = None) -> list[Mail]:
    rows = OutgoingMail.select().order_by(OutgoingMail.id)
    return [Mail(row) for row in rows if to is None or row.to == to]
