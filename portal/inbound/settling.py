"""What becomes of a message once it is known what it is. One transaction; nothing is ever sent in answer."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta

from flask import current_app

from portal import clock, outbox
from portal.campaigns.roles import current_leads
from portal.database import transaction
from portal.inbound import emails
from portal.inbound.addresses import domain_of
from portal.inbound.apart.mime import Taken
from portal.inbound.models import BelievedDomain, Bounce, InboundFile, InboundMail
from portal.inbound.sorting import Setting, Sorted, believed_of, sort_message
from portal.letters.models import Delivery, Letter, ReplyAddress
from portal.outbox import OutgoingMail
from portal.people.models import Person
from portal.responses.arriving import keep_arrival
from portal.storage import StoredFile
from portal.targets.domains import FREE_MAIL, working_domains
from portal.targets.models import Target

# So many from one sender to one address in so many minutes; more than that waits in the holding pen.
MOST_MAILS, MINUTES = 10, 10
TOLD_MINUTES = 60
HANDED_OVER = "handed_over"
MOST_BOUNCED = 20
_OUR_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
TOLD_SORTS = ("response", "unverified", "bounce")


def settle(mail: InboundMail, taken: Taken, keep_files: Callable[[], list[StoredFile]]) -> None:
    """Sort a message that was taken apart, and put it where it belongs. `keep_files` stores what came with it."""
    setting = setting_of(mail, taken)
    found = sort_message(taken, setting)
    if mail.why == HANDED_OVER and found.sort == "held":
        # A steward looked and gave it to this letter: leads look next.
        found = Sorted("unverified", HANDED_OVER, found.sender, found.proved)
    bounced = _bounced(mail, setting.own_ids) if found.sort == "bounce" else []
    if mail.letter_id is None and bounced:
        mail.letter = bounced[0].letter
        mail.campaign = mail.letter.campaign
    if found.sort != "held" and mail.letter_id is None and not (found.sort == "bounce" and _takes_bounces(mail)):
        found = Sorted("held", _why_nowhere(mail), found.sender, found.proved)
    elif mail.letter_id is not None and mail.why != HANDED_OVER and _is_flood(mail, found):
        found = Sorted("held", "too_many", found.sender, found.proved)
    files = keep_files() if mail.letter_id is not None and found.sort != "held" else []
    _write(mail, taken, found, files, bounced)


def setting_of(mail: InboundMail, taken: Taken) -> Setting:
    """What has to be known to sort a message. At most four statements."""
    config = current_app.config
    ids = {*taken.returned, *_OUR_ID.findall(taken.first("message-id")), *_OUR_ID.findall(taken.text)[:50]}
    ours = OutgoingMail.select(OutgoingMail.message_id).where(OutgoingMail.message_id.in_(sorted(ids)[:100]))
    return Setting(
        believed=frozenset(believed_by(mail.letter)) if mail.letter_id is not None else frozenset(),
        trusted=tuple(config["TRUSTED_RECEIVERS"]),
        own_address=config["MAIL_FROM"].lower(),
        own_domain=config["REPLY_DOMAIN"].lower(),
        envelope_sender=mail.sender,
        takes_bounces=_takes_bounces(mail),
        own_ids=frozenset(one for (one,) in ours.tuples()) if ids else frozenset(),
    )


def believed_by(letter: Letter) -> set[str]:
    """Domains and addresses whose mail is the organization's: its own, and those that leads of the campaign added."""
    if letter.target_id is None:
        return set()
    target = Target.get_by_id(letter.target_id)
    found = {believed_of(target.email)} if domain_of(target.email) else set()
    found |= working_domains(target.organization, target)
    added = BelievedDomain.select(BelievedDomain.domain).where(
        BelievedDomain.campaign == letter.campaign_id,
        BelievedDomain.organization == target.organization_id,
        BelievedDomain.removed_at.is_null(),
    )
    return (found | {one for (one,) in added.tuples()}) - FREE_MAIL


def settle_broken(mail: InboundMail, why: str) -> None:
    """The message could not be taken apart. Leads get the raw file; one for no letter waits for a steward."""
    with transaction():
        sort = "unverified" if mail.letter_id is not None else "held"
        changed = (
            InboundMail.update(state="broken", sort=sort, why=why, lease_until=None)
            .where(InboundMail.id == mail.id, InboundMail.state == "waiting")
            .execute()
        )
        if changed and mail.letter_id is not None:
            mail.letter.campaign.touch()
            tell_leads(mail.letter)


def _takes_bounces(mail: InboundMail) -> bool:
    return mail.address_id is None and mail.recipient.partition("@")[2] == domain_of(current_app.config["MAIL_FROM"])


def _why_nowhere(mail: InboundMail) -> str:
    if not mail.address_key.startswith("r-"):
        return "no_token"
    known = ReplyAddress.select().where(ReplyAddress.token == mail.address_key.removeprefix("r-"))
    return "closed" if known.exists() else "wrong_token"


def _is_flood(mail: InboundMail, found: Sorted) -> bool:
    if found.sort == "held" or not found.sender.address:
        return False
    since = mail.received_at - timedelta(minutes=MINUTES)
    before = InboundMail.select().where(
        InboundMail.address == mail.address_id,
        InboundMail.from_address == found.sender.address,
        InboundMail.received_at >= since,
        InboundMail.id < mail.id,
    )
    return before.count() >= MOST_MAILS


def _bounced(mail: InboundMail, own_ids: Iterable[str]) -> list[Delivery]:
    """The deliveries whose mails came back; of the letter that the address was made for, when it was."""
    ids = sorted(own_ids)[:MOST_BOUNCED]
    if not ids:
        return []
    found = Delivery.select(Delivery, Letter).join_from(Delivery, OutgoingMail).join_from(Delivery, Letter)
    found = found.where(OutgoingMail.message_id.in_(ids))
    if mail.letter_id is not None:
        found = found.where(Delivery.letter == mail.letter_id)
    return list(found.order_by(Delivery.id).limit(MOST_BOUNCED))


def _write(mail: InboundMail, taken: Taken, found: Sorted, files: list[StoredFile], bounced: list[Delivery]) -> None:
    is_held = found.sort == "held"
    kept = {
        "state": "sorted",
        "lease_until": None,
        "sort": found.sort,
        "why": found.why,
        "from_name": found.sender.name,
        "from_address": found.sender.address,
        "subject": taken.first("subject")[:500],
        "proved_domain": found.proved,
        # In the holding pen there are headers only.
        "text": "" if is_held else taken.text,
        "left_out": taken.left_out,
        "letter": None if is_held else mail.letter_id,
        "campaign": None if is_held else mail.campaign_id,
    }
    with transaction():
        changed = InboundMail.update(**kept).where(InboundMail.id == mail.id, InboundMail.state == "waiting").execute()
        if not changed:
            # Another worker was faster.
            return
        for name, value in kept.items():
            if name not in {"letter", "campaign"}:
                setattr(mail, name, value)
        for position, stored in enumerate(files):
            InboundFile.create(mail=mail, file=stored, position=position)
        if is_held or mail.letter_id is None:
            return
        if found.sort == "bounce":
            _keep_bounce(mail, taken, bounced)
            if not bounced:
                # A report about a mail that we did not send: it is kept, and wants nobody.
                InboundMail.update(handled_at=clock.now(), why="not_ours").where(InboundMail.id == mail.id).execute()
        if found.sort == "response":
            become_answer(mail, files, is_checked=True)
        elif found.sort == "auto_reply" or (found.sort == "bounce" and bounced):
            become_answer(mail, files, kind=found.sort)
        mail.letter.campaign.touch()
        if found.sort in {"response", "unverified"} or (found.sort == "bounce" and bounced):
            tell_leads(mail.letter)


def _keep_bounce(mail: InboundMail, taken: Taken, bounced: list[Delivery]) -> None:
    told = [one for one in taken.reports if one.action in {"failed", "delayed"}]
    for delivery in bounced:
        fits = [one for one in told if one.recipient.casefold() == delivery.to_address.casefold()] or told
        report = fits[0] if fits else None
        Bounce.create(
            delivery=delivery,
            mail=mail,
            action=report.action if report else "failed",
            status=report.status if report else "",
            reason=report.reason if report else "",
            recipient=report.recipient if report else delivery.to_address,
        )


def become_answer(
    mail: InboundMail,
    files: list[StoredFile],
    *,
    kind: str | None = None,
    is_checked: bool = False,
    by: Person | None = None,
) -> None:
    """Make the message an answer to its letter. Call inside a transaction, with its `letter` and `file` at hand.

    `is_checked` says that its domain was proved and is one of theirs.
    """
    response = keep_arrival(
        mail.letter,
        received_on=clock.to_local(mail.received_at).date(),
        from_name=mail.from_name or mail.from_address,
        text=mail.text,
        file=mail.file,
        attachments=files,
        is_checked=is_checked,
        kind=kind,
        by=by,
    )
    mail.response = response
    InboundMail.update(response=response.id).where(InboundMail.id == mail.id).execute()


def tell_leads(letter: Letter) -> bool:
    """One mail with a link to every lead, at most one in TOLD_MINUTES for a letter; what waits is told of later.

    Call inside a transaction. Returns whether they were told now.
    """
    now = clock.now()
    recently = InboundMail.told_at > now - timedelta(minutes=TOLD_MINUTES)
    if InboundMail.select().where(InboundMail.letter == letter.id, recently).exists():
        return False
    told = (
        InboundMail.update(told_at=now)
        .where(
            InboundMail.letter == letter.id,
            InboundMail.told_at.is_null(),
            InboundMail.handled_at.is_null(),
            InboundMail.sort.in_(TOLD_SORTS),
        )
        .execute()
    )
    if told:
        for lead in current_leads(letter.campaign):
            message = emails.mail_came(letter, lead, count=told)
            outbox.enqueue(message, kind="mail-came", about=f"{letter.id}:{int(now.timestamp())}:{lead.id}")
    return bool(told)
