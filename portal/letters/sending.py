"""How a frozen letter reaches them. Two leads agree; the machine never sends the same letter twice."""

import base64
import json
import secrets
from datetime import date, timedelta
from typing import Any

import peewee
from flask import current_app
from flask_babel import gettext as _

from portal import clock, mail, outbox, storage
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Agreement
from portal.campaigns.roles import current_leads
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters import emails, sheet
from portal.letters.copies import complainants
from portal.letters.models import Delivery, Letter, LetterVersion, ReplyAddress
from portal.outbox import OutgoingMail
from portal.paper import PaperError, typeset
from portal.people.models import Person
from portal.storage import StoredFile

# Our own deadline where no rule is known: two weeks, said in the letter's covering words.
ANSWER_DAYS = 14


def newest_version(letter: Letter) -> LetterVersion:
    """The frozen text that signatures stand under. Raises RuleBroken when nothing is frozen."""
    version = letter.versions.order_by(LetterVersion.number.desc()).first()
    if version is None:
        raise RuleBroken(
            _("The letter is not frozen yet. Freeze it first, so that what you send is what people signed")
        )
    return version


def reply_address(letter: Letter) -> str:
    """Where the addressee answers: made once for this letter and target, 128 random bits."""
    with transaction():
        row = ReplyAddress.get_or_none(
            ReplyAddress.letter == letter.id, ReplyAddress.target == letter.target_id, ReplyAddress.closed_at.is_null()
        )
        if row is None:
            token = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
            row = ReplyAddress.create(letter=letter, target=letter.target_id, token=token)
    return address_of(row)


def address_of(row: ReplyAddress) -> str:
    """A reply address as people write it: `r-…@domain`, or `mailbox+r-…@domain` where one mailbox takes them all."""
    config = current_app.config
    mailbox = f"{config['REPLY_MAILBOX']}+" if config["REPLY_MAILBOX"] else ""
    return f"{mailbox}r-{row.token}@{config['REPLY_DOMAIN']}"


def data_for_target(letter: Letter, version: LetterVersion) -> dict[str, Any]:
    """What the addressee's copy is made of: those who agreed to be named to them, and the annex."""
    who = sheet.signatories_of(letter, version, for_target=True)
    data = sheet.letter_data(letter, version, signatories=who)
    if letter.target_id is not None:
        data["reply_to"] = reply_address(letter)
    if annex := complainants.annex_for(letter):
        data["annex"] = annex
    return data


def paper_for_target(letter: Letter, version: LetterVersion) -> bytes:
    """The PDF for the addressee, naming only those who agreed to it. Raises RuleBroken if it cannot be put on paper."""
    try:
        return typeset("letter", data_for_target(letter, version), title=letter.title)
    except PaperError as error:
        raise RuleBroken(_("This letter cannot be put on paper: %(reason)s", reason=str(error))) from error


def ask_to_send(
    letter: Letter,
    *,
    by: Person,
    channel: str,
    to_name: str,
    to_address: str,
    happened_on: date | None = None,
    note: str = "",
    subject: str = "",
    words: str = "",
    proof: StoredFile | None = None,
) -> Agreement:
    """Ask a second lead to agree: to send by e-mail, or that it was posted or handed over on a day.

    Raises RuleBroken when the letter is not frozen, was withdrawn, has no addressee, went to that address already, or
    the day lies ahead or before the freeze.
    """
    version = newest_version(letter)
    if letter.withdrawn_at is not None:
        raise RuleBroken(_("This letter was withdrawn"))
    if letter.reopened_at is not None:
        raise RuleBroken(_("A new version is being written. Freeze it, or keep the frozen text, before you send"))
    if channel == "email":
        if letter.target_id is None:
            raise RuleBroken(_("Say who the letter is for first"))
        _refuse_twice(letter, version, to_address)
    else:
        if happened_on is None:
            raise RuleBroken(_("Enter the day it was posted or handed over"), field="happened_on")
        if happened_on > clock.today():
            raise RuleBroken(_("The day must be today or earlier"), field="happened_on")
        if happened_on < clock.to_local(version.frozen_at).date():
            raise RuleBroken(_("The day must not be before the letter was frozen"), field="happened_on")
    return agreements.ask(
        letter.campaign,
        "send_letter",
        by=by,
        subject_id=letter.id,
        version=version.id,
        channel=channel,
        to_name=to_name,
        to_address=to_address,
        happened_on=happened_on.isoformat() if happened_on else None,
        note=note,
        subject=subject,
        words=words,
        proof=proof.id if proof else None,
    )


def _refuse_twice(letter: Letter, version: LetterVersion, address: str, *, but: Delivery | None = None) -> None:
    """One version goes to one address once. A mail that was refused for good frees its address."""
    for delivery in deliveries_of(letter):
        if but is not None and delivery.id == but.id:
            continue
        same = delivery.channel == "email" and delivery.to_address.casefold() == address.casefold()
        if same and delivery.version_id == version.id and delivery.mail.state != "failed":
            raise RuleBroken(
                _("This version went to that address already. A letter is never sent twice"), field="to_address"
            )


def terms_of(agreement: Agreement) -> dict[str, Any]:
    """What exactly was asked for."""
    return json.loads(agreement.terms)


def agree_to_send(agreement: Agreement, letter: Letter, *, by: Person) -> Delivery:
    """Be the second lead: the letter goes into the outbox, or the delivery is on record. All in one transaction.

    Raises RuleBroken when `by` asked for it, it was decided already, or a newer version was frozen since.
    """
    version = newest_version(letter)
    # The slow part first: a PDF on the disk that no row needs yet harms nobody.
    pdf = paper_for_target(letter, version)
    paper = storage.keep_bytes(pdf, name=f"letter-{version.fingerprint.replace(' ', '')}.pdf")
    campaign = letter.campaign
    with transaction():
        terms = agreements.agree(agreement, by=by)
        if terms["version"] != version.id:
            raise RuleBroken(_("A newer version was frozen since. Ask again for that one"))
        held = (
            Letter.update(version=Letter.version)
            .where(Letter.id == letter.id, Letter.reopened_at.is_null(), Letter.withdrawn_at.is_null())
            .execute()
        )
        if not held:
            raise RuleBroken(_("The letter was withdrawn, or is being written anew. Nothing was sent"))
        day = date.fromisoformat(terms["happened_on"]) if terms["happened_on"] else clock.today()
        delivery = Delivery.create(
            campaign=campaign,
            letter=letter,
            version=version,
            channel=terms["channel"],
            to_name=terms["to_name"],
            to_address=terms["to_address"],
            happened_on=day,
            note=terms["note"],
            proof=terms["proof"],
            paper=paper,
            signature_count=letter.signature_count,
            home_count=letter.signed_home_count,
            recorded_by=agreement.asked_by_id,
        )
        if delivery.channel == "email":
            _refuse_twice(letter, version, terms["to_address"], but=delivery)
            delivery.mail = _put_into_outbox(letter, version, delivery, terms, pdf)
            delivery.save()
            _tell_leads(letter, delivery)
        _mark_sent(letter, day)
        record(
            campaign,
            "letter_sent",
            by=by,
            about=letter,
            on=day,
            is_public=campaign.visibility != "circle",
            title=letter.title,
            channel=delivery.channel,
            to=delivery.to_name,
            signature_count=letter.signature_count,
            home_count=letter.signed_home_count,
        )
    return delivery


def _put_into_outbox(
    letter: Letter, version: LetterVersion, delivery: Delivery, terms: dict[str, Any], pdf: bytes
) -> OutgoingMail:
    tries = (
        Delivery.select()
        .where(
            Delivery.letter == letter.id,
            Delivery.version == version.id,
            Delivery.channel == "email",
            Delivery.to_address == terms["to_address"],
        )
        .count()
    )
    message = mail.Message(
        to=terms["to_address"],
        to_name=terms["to_name"],
        subject=terms["subject"],
        text=terms["words"] + "\n",
        reply_to=reply_address(letter),
        is_automatic=False,
        attachments=(
            mail.Attachment(f"open-letter-{version.fingerprint.replace(' ', '')}.pdf", "application/pdf", pdf),
        ),
    )
    about = f"{letter.id}:{version.number}:{terms['to_address'].casefold()}:{tries}"
    try:
        return outbox.enqueue(message, kind="letter", about=about, is_letter=True)
    except (ValueError, peewee.IntegrityError) as error:
        raise RuleBroken(_("The letter could not be put into the outbox. Look at the address again")) from error


def _tell_leads(letter: Letter, delivery: Delivery) -> None:
    """The leads get word of what left, as messages of their own."""
    for person in current_leads(letter.campaign):
        outbox.enqueue(
            emails.letter_left(letter, delivery, person), kind="letter-left", about=f"{delivery.id}:{person.id}"
        )


def _mark_sent(letter: Letter, day: date) -> None:
    """The earliest delivery starts the waiting."""
    if letter.sent_on is None or day < letter.sent_on:
        letter.sent_on = day
        letter.answer_due_on = day + timedelta(days=ANSWER_DAYS)
        Letter.update(sent_on=letter.sent_on, answer_due_on=letter.answer_due_on).where(
            Letter.id == letter.id
        ).execute()


def deliveries_of(letter: Letter) -> list[Delivery]:
    """Every delivery with its mail and who recorded it, oldest first. One statement."""
    return list(
        Delivery.select(Delivery, OutgoingMail, Person)
        .join_from(Delivery, OutgoingMail, peewee.JOIN.LEFT_OUTER)
        .join_from(Delivery, Person, peewee.JOIN.LEFT_OUTER, on=(Delivery.recorded_by == Person.id))
        .where(Delivery.letter == letter.id)
        .order_by(Delivery.id)
    )


def settle_doubt(delivery: Delivery, *, arrived: bool, by: Person) -> None:
    """A person found out whether a mail in doubt arrived. Not arrived frees the address for another sending.

    Raises RuleBroken when the mail is not in doubt.
    """
    with transaction():
        changed = (
            OutgoingMail.update(
                state="sent" if arrived else "failed",
                sent_at=clock.now() if arrived else None,
                last_reply=f"settled by person {by.id}",
            )
            .where(OutgoingMail.id == delivery.mail_id, OutgoingMail.state == "unknown")
            .execute()
        )
        if not changed:
            raise RuleBroken(_("That mail is not in doubt any more"))
        delivery.letter.campaign.touch()
