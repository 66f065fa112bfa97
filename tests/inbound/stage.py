"""How a letter left, and how messages are written for tests."""

from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from portal import tokens
from portal.letters.models import Delivery, Letter
from portal.outbox import OutgoingMail

SENT = date(2026, 11, 16)
OUR_ID = "<letter-one@example.org>"
PROVED = "mx.doorstep.example; dmarc=pass (p=reject) header.from=meridale.example"


def send_by_mail(letter: Letter, message_id: str = OUR_ID) -> Delivery:
    mail = OutgoingMail.create(
        kind="letter",
        to="complaints@meridale.example",
        subject=letter.title,
        source=b"x",
        message_id=message_id,
        dedupe_key=tokens.new_key(),
        is_letter=True,
        state="sent",
    )
    return Delivery.create(
        campaign=letter.campaign,
        letter=letter,
        version=letter.versions.get(),
        channel="email",
        to_name="Philippa Stroud",
        to_address="complaints@meridale.example",
        mail=mail,
        happened_on=letter.sent_on,
    )


def write(text: str = "We will come on Monday.\n", **given: Any) -> bytes:
    """A plain answer from them, proved unless `auth` says otherwise. Other names are headers, `_` for `-`."""
    mail = EmailMessage(policy=SMTP)
    auth = given.pop("auth", PROVED)
    if auth:
        mail["Authentication-Results"] = auth
    headers = {
        "From": "Grant Oakes <g.oakes@meridale.example>",
        "To": "the residents <residents@example.org>",
        "Subject": "Your letter",
        "Message-ID": f"<{tokens.new_key()}@meridale.example>",
        **{name.replace("_", "-"): value for name, value in given.items()},
    }
    for name, value in headers.items():
        if value is not None:
            mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()
