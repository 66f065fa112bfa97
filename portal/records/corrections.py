"""An organization tells us, without an account, that something here is wrong.

Nobody reads it before the owner of the address has pressed the button in the mail. Then it stands among the answers of
the campaign, private until a lead publishes it; where no letter was sent yet it waits on a page of its own; and what is
about the organization's record becomes a proposal.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from portal import clock, jobs, limits, outbox, storage, tokens
from portal.campaigns.models import Campaign
from portal.campaigns.roles import current_leads
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.people.models import Person
from portal.records import emails, proposals
from portal.records.models import Correction
from portal.responses.models import Response
from portal.responses.operations import log_response
from portal.storage import StoredFile
from portal.targets.domains import is_theirs, working_domains
from portal.targets.models import Organization

CONFIRM_DAYS = 7
PENDING_DAYS = 14
# What the form calls a thing, and the proposal it becomes.
_BECOMES: dict[str, tuple[str, dict[str, Any]]] = {
    "name": ("name", {}),
    "website": ("website", {}),
    "complaints": ("address", {"purpose": "complaints", "way": "email"}),
}


def confirm_token(correction: Correction) -> str:
    """The link part that confirms it, for CONFIRM_DAYS."""
    return tokens.sign("confirm-correction", correction.nonce)


def by_token(token: str) -> Correction | None:
    """The correction a link is about; None when the link is no good any more."""
    nonce = tokens.unsign("confirm-correction", token)
    if not isinstance(nonce, str):
        return None
    young = Correction.created_at > clock.now() - timedelta(days=CONFIRM_DAYS)
    return Correction.get_or_none((Correction.nonce == nonce) & young)


def tell(
    *,
    campaign: Campaign | None = None,
    letter: Letter | None = None,
    organization: Organization | None = None,
    subject: str = "words",
    statement: str,
    right: str,
    name: str,
    post: str,
    email: str,
    file: StoredFile | None = None,
    about: str,
    page: str,
) -> bool:
    """Keep what somebody says is wrong, and ask the owner of the address whether it was them. False: nothing was kept.

    Either `campaign` (with the `letter` on whose page it was begun) or `organization`. `about` names it in the mail and
    `page` is the absolute link to where it stands. An address that had three such mails in a day gets no more; what is
    shown must not tell.
    """
    where = f"{campaign.id if campaign else ''}|{organization.id if organization else ''}"
    if not limits.take(limits.CORRECTION_MAIL, f"{where}|{email}"):
        return False
    with transaction():
        made = Correction.create(
            campaign=campaign,
            letter=letter,
            organization=organization,
            subject=subject,
            statement=statement,
            right=right,
            name=name,
            post=post,
            email=email,
            file=file,
            nonce=tokens.new_key(),
        )
        message = emails.confirm_correction(made, token=confirm_token(made), about=about, page=page)
        outbox.enqueue(message, kind="confirm-correction", about=str(made.id))
    return True


def confirm(correction: Correction) -> bool:
    """The owner of the address says that it was them. False when that was done before: pressing twice is harmless.

    Raises RuleBroken when there is nothing left that it could be about.
    """
    with transaction():
        taken = (
            Correction.update(state="confirmed", confirmed_at=clock.now(), sender_check=_sender_check(correction))
            .where(Correction.id == correction.id, Correction.state == "pending")
            .execute()
        )
        if not taken:
            return False
        now = Correction.get_by_id(correction.id)
        if now.campaign_id is not None:
            _to_campaign(now)
        else:
            _to_record(now)
    return True


def _sender_check(correction: Correction) -> str:
    campaign = correction.campaign
    target = campaign.target if campaign is not None else None
    if correction.letter_id is not None:
        target = correction.letter.target
    organization = target.organization if target is not None else correction.organization
    if organization is None:
        return "unchecked"
    known = working_domains(organization, target)
    return "checked" if is_theirs(correction.email, known) else "unchecked"


def _to_campaign(correction: Correction) -> None:
    campaign: Campaign = correction.campaign
    letter = _letter_for(correction)
    if letter is not None:
        letter.campaign = campaign
        nobody: Any = None
        response = log_response(
            letter,
            by=nobody,
            channel="web",
            received_on=clock.today(),
            from_name=", ".join(part for part in (correction.name, correction.post) if part),
            text=_("Which words are wrong:")
            + f"\n{correction.statement}\n\n"
            + _("What is right:")
            + f"\n{correction.right}",
            file=correction.file,
        )
        # It is known what it is: a correction ends no waiting, and must not look as if something came to be read.
        Response.update(kind="correction", read_at=clock.now(), sender_check=correction.sender_check).where(
            Response.id == response.id
        ).execute()
        Correction.update(response=response.id).where(Correction.id == correction.id).execute()
        correction.response = response
    for person in current_leads(campaign):
        message = emails.correction_received(person, correction)
        outbox.enqueue(message, kind="correction-received", about=f"{correction.id}:{person.id}")


def _letter_for(correction: Correction) -> Letter | None:
    """The letter on whose page it was begun, if that was sent; else the newest that was sent and chases no other."""
    sent = Letter.select().where(
        Letter.campaign == correction.campaign_id, Letter.sent_on.is_null(False), Letter.withdrawn_at.is_null()
    )
    if correction.letter_id is not None:
        begun = sent.where(Letter.id == correction.letter_id).first()
        if begun is not None:
            return begun
    return sent.order_by(Letter.chases.is_null(False), Letter.sent_on.desc(), Letter.id.desc()).first()


def _to_record(correction: Correction) -> None:
    organization: Organization = correction.organization
    subject, given = _BECOMES.get(correction.subject, ("words", {}))
    why = ", ".join(part for part in (correction.name, correction.post) if part)
    why = f"{why}: {correction.statement}"
    value = " ".join(correction.right.split())
    try:
        made = proposals.propose(organization, subject, {"value": value, **given}, why=why, by=None)
    except RuleBroken:
        # What they wrote is no name or address on its own: people read it.
        terms = {"value": correction.right, "statement": correction.statement}
        made = proposals.propose(organization, "words", terms, why=why, by=None)
    Correction.update(proposal=made.id).where(Correction.id == correction.id).execute()
    for person in Person.select().where(Person.is_steward == True, Person.closed_at.is_null()):  # noqa: E712
        message = emails.record_correction(person, organization, made)
        outbox.enqueue(message, kind="record-correction", about=f"{correction.id}:{person.id}")


def handle(correction: Correction, *, by: Person, note: str) -> None:
    """Note what was done about one that belongs to no letter. Raises RuleBroken when somebody else did so before."""
    with transaction():
        handled = (
            Correction.update(handled_by=by.id, handled_at=clock.now(), handled_note=note)
            .where(Correction.id == correction.id, Correction.handled_at.is_null(), Correction.response.is_null())
            .execute()
        )
        if not handled:
            raise RuleBroken(_("Somebody else has noted what was done about it"))


@jobs.hourly
def forget_unconfirmed() -> int:
    """Forget after two weeks what nobody confirmed, with its file; returns how many."""
    old = Correction.select().where(
        Correction.state == "pending", Correction.created_at < clock.now() - timedelta(days=PENDING_DAYS)
    )
    count = 0
    for correction in list(old.limit(500)):
        file = correction.file
        with transaction():
            # Somebody may be confirming it just now.
            count += Correction.delete().where(Correction.id == correction.id, Correction.state == "pending").execute()
        if file is not None and not Correction.select().where(Correction.file == file.id).exists():
            storage.forget(file)
    return count
