"""What leads and stewards do with mail that came in. Nobody is ever answered here."""

from flask_babel import gettext as _

from portal import clock, storage
from portal.database import transaction
from portal.errors import RuleBroken
from portal.inbound.addresses import domain_of
from portal.inbound.believing import believe
from portal.inbound.models import InboundFile, InboundMail
from portal.inbound.processing import sort_new_mail
from portal.inbound.settling import HANDED_OVER, become_answer, believed_by
from portal.inbound.sorting import believes
from portal.letters.models import Letter, ReplyAddress
from portal.people.models import Person
from portal.responses.arriving import call_an_answer
from portal.responses.models import Response
from portal.storage import StoredFile


def take_as_answer(mail: InboundMail, *, by: Person, believe_domain: bool = False) -> Response:
    """A lead says that it is from them: it becomes an answer that waits to be read.

    With `believe_domain` the campaign believes proved mail from that domain from now on. Raises RuleBroken when it was
    decided already, is no mail that waits for such a word, or its domain is one that many people share.
    """
    files = files_of(mail)
    with transaction():
        _decide(mail, by=by)
        if believe_domain:
            believe(mail.letter, domain_of(mail.from_address), by=by)
        is_checked = bool(mail.proved_domain) and believes(believed_by(mail.letter), mail.from_address)
        become_answer(mail, files, is_checked=is_checked, by=by)
        mail.letter.campaign.touch()
    return mail.response


def _decide(mail: InboundMail, *, by: Person) -> None:
    """Take the decision for `by`, so that a second one finds it taken."""
    now = clock.now()
    decided = (
        InboundMail.update(handled_by=by.id, handled_at=now)
        .where(
            InboundMail.id == mail.id,
            InboundMail.handled_at.is_null(),
            InboundMail.response.is_null(),
            InboundMail.sort.in_(("unverified", "spam")),
        )
        .execute()
    )
    if not decided:
        raise RuleBroken(_("Somebody else has decided about this mail already"))
    mail.handled_by, mail.handled_at = by, now


def set_aside(mail: InboundMail, *, by: Person) -> None:
    """A lead says that it is not from them. It is kept, and can be brought back. Raises RuleBroken as above."""
    with transaction():
        _decide(mail, by=by)
        mail.letter.campaign.touch()


def bring_back(mail: InboundMail, *, by: Person) -> None:
    """What was set aside waits for a word again. Raises RuleBroken when it is not set aside."""
    with transaction():
        changed = (
            InboundMail.update(handled_by=None, handled_at=None)
            .where(
                InboundMail.id == mail.id,
                InboundMail.handled_by.is_null(False),
                InboundMail.response.is_null(),
                InboundMail.sort.in_(("unverified", "spam")),
            )
            .execute()
        )
        if not changed:
            raise RuleBroken(_("This mail is not set aside any more"))
        mail.letter.campaign.touch()


def call_real(mail: InboundMail, *, by: Person) -> Response:
    """A lead says that what looked like a machine's mail is an answer. Raises RuleBroken when it waits already."""
    response = Response.get_or_none(Response.id == mail.response_id)
    if response is None:
        raise RuleBroken(_("This mail is no answer to the letter"))
    response.letter = mail.letter
    response.campaign = mail.letter.campaign
    if not call_an_answer(response, by=by):
        raise RuleBroken(_("It waits to be read already, or somebody has read it"))
    return response


def files_of(mail: InboundMail) -> list[StoredFile]:
    """The files that came with it, in their order. One statement."""
    rows = InboundFile.select(InboundFile, StoredFile).join(StoredFile).where(InboundFile.mail == mail.id)
    return [row.file for row in rows.order_by(InboundFile.position)]


# ---- the holding pen ----


def hand_over(mail: InboundMail, letter: Letter, *, by: Person) -> None:
    """A steward gives a held mail to the letter that it was meant for; it is sorted again, for its leads to look at.

    Raises RuleBroken when it is not in the holding pen any more, or the letter has no address yet.
    """
    address = (
        ReplyAddress.select()
        .where(ReplyAddress.letter == letter.id)
        .order_by(ReplyAddress.closed_at.is_null().desc(), ReplyAddress.id.desc())
        .first()
    )
    if address is None:
        raise RuleBroken(_("That letter has no reply address yet, so nobody can have answered it"), field="where")
    with transaction():
        changed = (
            InboundMail.update(
                letter=letter.id,
                campaign=letter.campaign_id,
                address=address.id,
                state="waiting",
                sort=None,
                why=HANDED_OVER,
                attempt_count=0,
                lease_until=None,
            )
            .where(InboundMail.id == mail.id, InboundMail.letter.is_null(), InboundMail.sort == "held")
            .execute()
        )
        if not changed:
            raise RuleBroken(_("This mail is not in the holding pen any more"))
        sort_new_mail.soon()


def delete_held(mail: InboundMail, *, by: Person) -> None:
    """A steward deletes a held mail for good, its file with it. Raises RuleBroken when it is not held any more."""
    with transaction():
        gone = (
            InboundMail.delete()
            .where(InboundMail.id == mail.id, InboundMail.letter.is_null(), InboundMail.sort == "held")
            .execute()
        )
        if not gone:
            raise RuleBroken(_("This mail is not in the holding pen any more"))
    storage.forget(mail.file)
