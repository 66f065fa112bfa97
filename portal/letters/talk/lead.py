"""Who keeps a letter moving. The lead author hands over by an offer and an acceptance; after a quiet week another
writer may take it up. It gives no right of its own: whoever writes may decide, and nobody freezes alone."""

from datetime import timedelta

from flask_babel import gettext as _

from portal import clock, outbox
from portal.campaigns.models import Campaign, Membership, Role
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.letters.operations import desk_changed
from portal.letters.talk import emails
from portal.letters.talk.authors import author_columns, last_saved
from portal.letters.talk.people import add_author
from portal.people.models import Person

QUIET_DAYS = 7
WRITING_ROLES = ("lead", "drafter")


def writers_of(campaign: Campaign) -> list[Person]:
    """The leads and letter writers of a campaign, by name. One statement."""
    held = (
        Membership.select(Membership.person)
        .join(Role, on=(Role.membership == Membership.id))
        .where(
            Membership.campaign == campaign.id,
            Membership.left_at.is_null(),
            Role.name.in_(WRITING_ROLES),
            Role.ended_at.is_null(),
            Role.until_on >= clock.today(),
        )
    )
    return list(Person.select().where(Person.id.in_(held)).order_by(Person.name, Person.id))


def is_quiet(letter: Letter) -> bool:
    """Whether nothing was saved for QUIET_DAYS. Computed when read."""
    return last_saved(letter) <= clock.now() - timedelta(days=QUIET_DAYS)


def may_take_over(letter: Letter, person: Person, *, quiet: bool, author_writes: bool) -> bool:
    """Whether a writer may take the lead up without an offer: nobody has it, the one who had it no longer writes here,
    or it lay still for QUIET_DAYS."""
    if letter.lead_author_id == person.id or not letter.is_open_for_drafting:
        return False
    return letter.lead_author_id is None or not author_writes or quiet


def offer_lead(letter: Letter, to: Person, *, by: Person) -> None:
    """Ask another writer to keep the letter moving. An earlier offer is replaced.

    Raises RuleBroken unless `by` has the lead and `to` is another who writes here.
    """
    if to.id == by.id or not letter.campaign.parts_of(to) & set(WRITING_ROLES):
        raise RuleBroken(_("Choose somebody else who writes letters in this campaign"), field="person")
    with transaction():
        at = clock.now()
        changed = (
            Letter.update(lead_offered_to=to.id, lead_offered_at=at)
            .where(Letter.id == letter.id, Letter.lead_author == by.id)
            .execute()
        )
        if not changed:
            raise RuleBroken(_("Only the one who keeps the letter moving can hand that over"))
        desk_changed(letter)
        message = emails.lead_offered(letter, to, by=by)
        outbox.enqueue(message, kind="lead_offered", about=f"{letter.id}:{to.id}:{at.isoformat()}")


def stop_offering(letter: Letter, *, by: Person) -> None:
    """Take the offer back, or decline it; whoever offered is told of a no. Twice is once.

    Raises RuleBroken for anybody else than the two.
    """
    if by.id not in (letter.lead_author_id, letter.lead_offered_to_id):
        raise RuleBroken(_("This is between the two of them"))
    with transaction():
        changed = (
            Letter.update(lead_offered_to=None, lead_offered_at=None)
            .where(Letter.id == letter.id, Letter.lead_offered_to == letter.lead_offered_to_id)
            .execute()
        )
        if changed:
            desk_changed(letter)
            _tell_former(letter, by=by, how="declined")


def accept_lead(letter: Letter, *, by: Person) -> None:
    """Keep the letter moving from now on. Raises RuleBroken when it is not offered to `by` any more."""
    with transaction():
        changed = (
            Letter.update(lead_author=by.id, lead_offered_to=None, lead_offered_at=None)
            .where(Letter.id == letter.id, Letter.lead_offered_to == by.id)
            .execute()
        )
        if not changed:
            raise RuleBroken(_("This is not offered to you any more. Look at the page again"))
        _moved(letter, by=by, how="accepted")


def take_lead(letter: Letter, *, by: Person) -> None:
    """Take the lead up without an offer, where `may_take_over` says so.

    Raises RuleBroken when it does not, or when somebody else took it first.
    """
    with transaction():
        quiet = is_quiet(Letter.select(Letter, *author_columns()).where(Letter.id == letter.id).get())
        author = letter.lead_author
        author_writes = author is not None and bool(letter.campaign.parts_of(author) & set(WRITING_ROLES))
        if not may_take_over(letter, by, quiet=quiet, author_writes=author_writes):
            raise RuleBroken(_("Somebody keeps this letter moving. It can be taken up after seven quiet days"))
        same = (
            Letter.lead_author.is_null()
            if letter.lead_author_id is None
            else (Letter.lead_author == letter.lead_author_id)
        )
        changed = (
            Letter.update(lead_author=by.id, lead_offered_to=None, lead_offered_at=None)
            .where(Letter.id == letter.id, same)
            .execute()
        )
        if not changed:
            raise RuleBroken(_("Somebody else took this up a moment ago"))
        _moved(letter, by=by, how="quiet" if quiet else "taken")


def _moved(letter: Letter, *, by: Person, how: str) -> None:
    add_author(letter, by.id, how="took_lead")
    desk_changed(letter)
    _tell_former(letter, by=by, how=how)


def _tell_former(letter: Letter, *, by: Person, how: str) -> None:
    former = letter.lead_author
    if former is None or former.id == by.id or former.closed_at is not None or not letter.campaign.has_member(former):
        return
    message = emails.lead_moved(letter, former, by=by, how=how)
    outbox.enqueue(message, kind="lead_moved", about=f"{letter.id}:{by.id}:{clock.now().isoformat()}")
