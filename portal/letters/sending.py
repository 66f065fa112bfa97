"""How a frozen letter reaches them. Two leads agree; the machine never sends the same letter twice."""

import base64
import hashlib
import json
import secrets
from datetime import date, datetime
from typing import Any

import peewee
from flask import current_app
from flask_babel import gettext as _

from portal import clock, mail, outbox, storage
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Agreement
from portal.campaigns.publishing.operations import refuse_while_paused
from portal.campaigns.roles import current_leads
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters import emails, sheet
from portal.letters.copies import complainants
from portal.letters.deliveries.models import DeliveryChange
from portal.letters.deliveries.standing import due_after
from portal.letters.models import Delivery, Letter, LetterVersion, ReplyAddress
from portal.outbox import OutgoingMail
from portal.paper import PaperError, typeset
from portal.people.models import Person
from portal.storage import StoredFile

# What a person puts on record, beside the day and the place. Each may be empty.
WORDS = ("note", "reference", "pasted", "manner", "subject", "words")


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
    happened_at: datetime | None = None,
    proof: StoredFile | None = None,
    **words: str,
) -> Agreement:
    """Ask a second lead to agree: to send by e-mail, or that it went another way on a day.

    `words` are any of WORDS: "subject" and "words" of a mail; a "note", the number ("reference") of the certificate or
    of their form, what was "pasted" into it; how it was shown in public ("manner"). `happened_at` is aware. Raises
    RuleBroken when the letter is not frozen, was withdrawn, has no addressee, went to that address already, or the day
    lies ahead or before the freeze.
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
        _check_day(version, happened_on, happened_at)
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
        happened_at=happened_at.isoformat() if happened_at else None,
        proof=proof.id if proof else None,
        **{name: words.pop(name, "") for name in WORDS},
        **words,
    )


def _check_day(version: LetterVersion, day: date | None, moment: datetime | None) -> None:
    if day is None:
        raise RuleBroken(_("Enter the day on which it was"), field="happened_on")
    if day > clock.today():
        raise RuleBroken(_("The day must be today or earlier"), field="happened_on")
    if moment is not None and moment > clock.now():
        raise RuleBroken(_("The time must not lie ahead"), field="time")
    if day < clock.to_local(version.frozen_at).date():
        raise RuleBroken(_("The day must not be before the letter was frozen"), field="happened_on")


def _refuse_twice(letter: Letter, version: LetterVersion, address: str, *, but: Delivery | None = None) -> None:
    """One version goes to one address once. A mail that was refused, called off or came back frees its address."""
    for delivery in deliveries_of(letter):
        if but is not None and delivery.id == but.id:
            continue
        same = delivery.channel == "email" and delivery.to_address.casefold() == address.casefold()
        if same and delivery.version_id == version.id and delivery.stands:
            raise RuleBroken(
                _("This version went to that address already. A letter is never sent twice"), field="to_address"
            )


def terms_of(agreement: Agreement) -> dict[str, Any]:
    """What exactly was asked for. An asking from before something could be said of it has it empty."""
    return {**dict.fromkeys(WORDS, ""), "proof": None, "happened_at": None, **json.loads(agreement.terms)}


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
        agreements.agree(agreement, by=by)
        terms = terms_of(agreement)
        if terms["version"] != version.id:
            raise RuleBroken(_("A newer version was frozen since. Ask again for that one"))
        held = (
            Letter.update(version=Letter.version)
            .where(Letter.id == letter.id, Letter.reopened_at.is_null(), Letter.withdrawn_at.is_null())
            .execute()
        )
        if not held:
            raise RuleBroken(_("The letter was withdrawn, or is being written anew. Nothing was sent"))
        if terms["channel"] == "public":
            refuse_while_paused(campaign)
        day = date.fromisoformat(terms["happened_on"]) if terms["happened_on"] else clock.today()
        delivery = Delivery.create(
            campaign=campaign,
            letter=letter,
            version=version,
            channel=terms["channel"],
            to_name=terms["to_name"],
            to_address=terms["to_address"],
            happened_on=day,
            happened_at=datetime.fromisoformat(terms["happened_at"]) if terms["happened_at"] else None,
            note=terms["note"],
            reference=terms["reference"],
            pasted=terms["pasted"],
            manner=terms["manner"],
            proof=terms["proof"],
            paper=paper,
            signature_count=letter.signature_count,
            home_count=letter.signed_home_count,
            recorded_by=agreement.asked_by_id,
        )
        if delivery.channel == "email":
            _refuse_twice(letter, version, terms["to_address"], but=delivery)
            delivery.mail = _put_into_outbox(letter, version, delivery, terms, pdf)
            delivery.source_sha256 = hashlib.sha256(bytes(delivery.mail.source)).hexdigest()
            delivery.save()
            _tell_leads(letter, delivery)
        if delivery.channel != "public":
            _mark_sent(letter, day)
        record(
            campaign,
            "letter_shown" if delivery.channel == "public" else "letter_sent",
            by=by,
            about=letter,
            on=day,
            is_public=campaign.visibility != "circle",
            title=letter.title,
            channel=delivery.channel,
            manner=delivery.manner,
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
        letter.answer_due_on = due_after(day)
        Letter.update(sent_on=letter.sent_on, answer_due_on=letter.answer_due_on).where(
            Letter.id == letter.id
        ).execute()


def deliveries_of(letter: Letter) -> list[Delivery]:
    """Every delivery, oldest first, with its mail (without the source), who recorded it, and as `last_change` the last
    thing that became known of it (with who said so), or None. One statement.
    """
    other, teller = DeliveryChange.alias(), Person.alias()
    newest = DeliveryChange.id == other.select(peewee.fn.MAX(other.id)).where(other.delivery == Delivery.id)
    left = peewee.JOIN.LEFT_OUTER
    mail_columns = [column for name, column in OutgoingMail._meta.fields.items() if name != "source"]
    rows = list(
        Delivery.select(Delivery, *mail_columns, Person, DeliveryChange, teller)
        .join_from(Delivery, OutgoingMail, left)
        .join_from(Delivery, Person, left, on=(Delivery.recorded_by == Person.id))
        .join_from(Delivery, DeliveryChange, left, on=newest, attr="last_change")
        .join_from(DeliveryChange, teller, left, on=(DeliveryChange.by == teller.id), attr="by")
        .where(Delivery.letter == letter.id)
        .order_by(Delivery.id)
    )
    for row in rows:
        row.letter = letter
    return rows
