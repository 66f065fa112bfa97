"""A message arrives: its bytes are on the disk and its row is committed before anybody hears yes."""

import hashlib
import re
import shutil

import peewee
from flask import current_app

from portal import storage
from portal.database import transaction
from portal.inbound.addresses import Recipient, read_recipient, recipient_in_headers
from portal.inbound.apart.text import header_text
from portal.inbound.models import InboundMail
from portal.inbound.processing import sort_new_mail
from portal.letters.models import Letter, ReplyAddress
from portal.outbox import crash_point

HEAD = 64 * 1024
LEAST_FREE = 300 * 1024 * 1024
_ID = re.compile(r"<\s*([^<>\s]{3,400})\s*>")


class NoRoom(Exception):
    """The disk is nearly full. What is left is for the people who are here; mail waits at its sender's."""


class Refused(Exception):
    """The message is refused for good. `code` is what SMTP says: 552 too large, 550 not here, 554 nothing in it."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


def receive(raw: bytes, *, to: str | None, sender: str | None = None) -> InboundMail:
    """Keep one message. When this returns, it is on the disk and in the database; the rest is a job's work.

    `to` is the envelope's recipient; without one the headers are looked at. `sender` is the envelope's sender, "" for a
    machine's, None when nobody told. The same message to the same address again gives the row that is there. Raises
    Refused when it is too large, empty or not for us; anything else that goes wrong is worth another try.
    """
    if len(raw) > storage.MOST_BYTES:
        raise Refused(552, "the message is larger than 25 MB")
    if not raw.strip():
        raise Refused(554, "there is nothing in the message")
    headers = shallow_headers(raw)
    config = current_app.config
    recipient = read_recipient(to, config) if to is not None else recipient_in_headers(headers, config)
    if recipient is None:
        raise Refused(550, "that address is not ours")
    sha256 = hashlib.sha256(raw).hexdigest()
    id_key = _id_key(headers)
    known = _known(recipient, sha256, id_key)
    if known is not None:
        return _again(known)
    if shutil.disk_usage(config["DATA_DIR"]).free < LEAST_FREE:
        raise NoRoom("the disk is nearly full")
    stored = storage.keep_bytes(raw, name="message.eml")
    crash_point("inbound-after-file")
    try:
        mail = _write_row(recipient, stored, sender=sender, sha256=sha256, id_key=id_key)
    except peewee.IntegrityError:
        # The same message came twice in the same moment: the other one was first.
        known = _known(recipient, sha256, id_key)
        if known is None:
            raise
        storage.forget(stored)
        return _again(known)
    crash_point("inbound-after-row")
    return mail


def _write_row(
    recipient: Recipient, stored: storage.StoredFile, *, sender: str | None, sha256: str, id_key: str | None
) -> InboundMail:
    with transaction():
        address = open_address(recipient.token)
        letter = address.letter if address is not None else None
        mail = InboundMail.create(
            campaign=letter.campaign_id if letter is not None else None,
            letter=letter,
            address=address,
            recipient=recipient.address,
            sender=None if sender is None else sender.strip().strip("<>")[:320],
            file=stored,
            address_key=recipient.key,
            sha256=sha256,
            id_key=id_key,
        )
        sort_new_mail.soon()
    return mail


def open_address(token: str) -> ReplyAddress | None:
    """The reply address with this token and its letter, unless it is closed or there is none."""
    if not token:
        return None
    return (
        ReplyAddress.select(ReplyAddress, Letter)
        .join(Letter)
        .where(ReplyAddress.token == token, ReplyAddress.closed_at.is_null())
        .first()
    )


def _known(recipient: Recipient, sha256: str, id_key: str | None) -> InboundMail | None:
    same = InboundMail.sha256 == sha256
    if id_key is not None:
        same |= InboundMail.id_key == id_key
    return InboundMail.select().where(InboundMail.address_key == recipient.key, same).first()


def _again(mail: InboundMail) -> InboundMail:
    with transaction():
        InboundMail.update(again_count=InboundMail.again_count + 1).where(InboundMail.id == mail.id).execute()
    return mail


def shallow_headers(raw: bytes) -> list[tuple[str, str]]:
    """The first headers as they stand, for the envelope and for telling the same message again. Never raises."""
    head = re.split(rb"\r?\n\r?\n", raw[:HEAD], maxsplit=1)[0]
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", head)
    found = []
    for line in unfolded.splitlines()[:400]:
        name, colon, value = line.partition(b":")
        if colon:
            words = value.decode("utf-8", "surrogateescape").strip()
            found.append((name.decode("ascii", "replace").strip().lower(), words))
    return found


def _id_key(headers: list[tuple[str, str]]) -> str | None:
    value = next((value for name, value in headers if name == "message-id"), "")
    found = _ID.search(header_text(value))
    return hashlib.sha256(found[1].encode("utf-8", "surrogatepass")).hexdigest() if found else None
