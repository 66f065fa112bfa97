"""One message to one person, and the only speaker of SMTP."""

import re
import smtplib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from flask import current_app, render_template

from portal import clock

# Of a mail server's answer so many characters are kept.
LONGEST_REPLY = 300
BAD_IN_HEADERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# The library takes headers apart and folds them, which is most of the work of a mail; most of them are always the same.
@lru_cache(maxsize=256)
def _parsed_header(name: str, value: str) -> tuple[str, Any]:
    return SMTP.header_store_parse(name, value)


@lru_cache(maxsize=256)
def _folded_header(name: str, value: str) -> bytes:
    return SMTP.fold_binary(name, _parsed_header(name, value)[1])


class _RememberingPolicy(EmailPolicy):
    """SMTP's policy, with a memory for headers that every mail has."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return _parsed_header(name, value) if type(value) is str else super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        plain = str(value)
        if name == "List-Unsubscribe":
            # Folding would encode a long address as words, and no mail program could press it.
            return f"{name}: {plain}\r\n".encode("ascii")
        return _folded_header(name, plain) if len(plain) < 200 else super().fold_binary(name, value)


_POLICY = _RememberingPolicy(linesep="\r\n")


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Message:
    """What is said to one person."""

    to: str
    subject: str
    text: str
    html: str | None = None
    to_name: str = ""
    reply_to: str | None = None
    unsubscribe_url: str | None = None
    attachments: tuple[Attachment, ...] = field(default=())
    # A letter to a decision-maker is not an automatic notice: auto-responders may answer it.
    is_automatic: bool = True


class TemporaryFailure(Exception):
    """The mail server could not take it now. Trying later may work."""


class PermanentFailure(Exception):
    """The mail server refused this message for good."""


class ServerRefusesUs(Exception):
    """The mail server refuses the portal itself (sign-in, or at connect): no address is at fault."""


class InDoubt(Exception):
    """The connection broke after the message was handed over: nobody knows whether it was taken."""


def header_words(value: str, most: int) -> str:
    """Text made fit for a mail header: one line, no control or direction characters, at most `most` characters."""
    return BAD_IN_HEADERS.sub(" ", unicodedata.normalize("NFC", value)).strip()[:most]


def rendered(name: str, /, **context: object) -> tuple[str, str, str]:
    """Subject, plain text and HTML of the mail whose three files are in templates/emails/<name>/."""
    subject = render_template(f"emails/{name}/subject.txt", **context).strip()
    text = render_template(f"emails/{name}/body.txt", **context).strip() + "\n"
    html = render_template(f"emails/{name}/body.html", **context)
    return header_words(subject, 150), text, html


def compose(message: Message, *, message_id: str, written_at: datetime | None = None) -> EmailMessage:
    """The mail itself, dated `written_at` or now. Raises ValueError when an address or header can not be a header."""
    mail = EmailMessage(policy=_POLICY)
    config = current_app.config
    mail["From"] = Address(config["SITE_NAME"], addr_spec=config["MAIL_FROM"])
    mail["To"] = Address(header_words(message.to_name, 78), addr_spec=message.to)
    mail["Subject"] = header_words(message.subject, 150)
    mail["Date"] = format_datetime(written_at or clock.now())
    mail["Message-ID"] = message_id
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    if message.is_automatic:
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    for attachment in message.attachments:
        main, _, sub = attachment.content_type.partition("/")
        mail.add_attachment(attachment.data, maintype=main, subtype=sub, filename=attachment.name)
    return mail


def hand_over(source: bytes, *, to: str) -> None:
    """Give one mail to the mail server.

    Raises TemporaryFailure, PermanentFailure, ServerRefusesUs or InDoubt.
    """
    config = current_app.config
    secure = config["SMTP_SECURITY"]
    kind = smtplib.SMTP_SSL if secure == "tls" else smtplib.SMTP
    try:
        server = kind(config["SMTP_HOST"], config["SMTP_PORT"], timeout=30)
    except (OSError, smtplib.SMTPException) as error:
        raise TemporaryFailure(type(error).__name__) from error
    try:
        if secure == "starttls":
            server.starttls()
        if config["SMTP_USERNAME"]:
            server.login(config["SMTP_USERNAME"], config["SMTP_PASSWORD"])
        _envelope(server, config["MAIL_FROM"], to)
    except smtplib.SMTPAuthenticationError as error:
        server.close()
        raise ServerRefusesUs(str(error.smtp_code)) from error
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        raise TemporaryFailure(type(error).__name__) from error
    except (TemporaryFailure, PermanentFailure):
        server.close()
        raise
    try:
        code, said = server.data(source)
    except smtplib.SMTPDataError as error:
        server.close()
        raise _failure(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        raise InDoubt(type(error).__name__) from error
    if code != 250:
        server.close()
        raise _failure(code, said)
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        # The mail was taken; how the server says goodbye does not matter.
        server.close()


def _envelope(server: smtplib.SMTP, sender: str, to: str) -> None:
    server.ehlo_or_helo_if_needed()
    code, said = server.mail(sender)
    if code != 250:
        raise _failure(code, said)
    code, said = server.rcpt(to)
    if code not in (250, 251):
        raise _failure(code, said)


def _failure(code: int, said: bytes | str) -> Exception:
    """What the server answered, in its own words: a person has to make sense of them."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    reply = header_words(f"{code} {' '.join(words.split())}", LONGEST_REPLY)
    return TemporaryFailure(reply) if 400 <= code < 500 else PermanentFailure(reply)
