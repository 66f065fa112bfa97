"""Going up a step: asking the members, beginning only what they agreed to, and saying what came of it."""

from datetime import datetime

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.decisions import subjects
from portal.decisions.models import Ballot
from portal.decisions.opening import Subject, open_ballot
from portal.errors import RuleBroken
from portal.escalation import words
from portal.escalation.facts import find_facts
from portal.escalation.models import Rung
from portal.escalation.operations import hold
from portal.escalation.queries import SUBJECT, rungs_of
from portal.escalation.standing import Standing, standing
from portal.language import inside
from portal.people.models import Person

subjects.has_page(SUBJECT, "escalation_steps.show", "rung_id")


def ask_members(rung: Rung, *, closes_at: datetime, why: str = "", by: Person) -> Ballot:
    """Ask the members whether to take this step.

    Raises RuleBroken when it is not its turn (unless it may be agreed ahead), it is agreed, begun or over, and as
    `open_ballot` does.
    """
    with transaction():
        now = hold(rung)
        stands = _stands(now)
        if now.agreed_at is not None or stands.name in {"started", "done", "skipped"}:
            raise RuleBroken(_("The members agreed to this step already, or it is over. Look at the page again"))
        if not stands.is_unlocked and now.consent != "ahead":
            raise RuleBroken(_("It is not the turn of this step yet. The vote can open when it is unlocked"))
        return open_ballot(
            now.campaign,
            question=_("Do we take this step: “%(what)s”?", what=inside(now.what)),
            why=why,
            closes_at=closes_at,
            by=by,
            about=Subject(SUBJECT, now.id, _("A step of our plan")),
        )


@subjects.when_decided(SUBJECT)
def take_note(ballot: Ballot) -> None:
    """The vote on a step has ended: when it passed, the step is agreed. Inside the transaction that counted."""
    if ballot.outcome == "passed":
        Rung.update(agreed_at=clock.now(), agreed_by_ballot=ballot.id).where(
            Rung.id == ballot.subject_id, Rung.campaign == ballot.campaign_id, Rung.agreed_at.is_null()
        ).execute()


def start(rung: Rung, *, by: Person) -> None:
    """Begin a step that the members agreed to. Raises RuleBroken without their vote, before its turn, or twice."""
    with transaction():
        now = hold(rung)
        if now.agreed_at is None:
            raise RuleBroken(_("Nobody begins this alone. Ask the members first"))
        stands = _stands(now)
        if stands.wait is not None:
            raise RuleBroken(_("It is not the turn of this step yet: %(why)s", why=words.wait_in_words(stands.wait)))
        begun = (
            Rung.update(started_at=clock.now(), started_by=by)
            .where(
                Rung.id == rung.id,
                Rung.started_at.is_null(),
                Rung.agreed_at.is_null(False),
                Rung.skipped_at.is_null(),
                Rung.removed_at.is_null(),
            )
            .execute()
        )
        if not begun:
            raise RuleBroken(_("Somebody began this step already, or it was skipped. Look at the page again"))
        record(now.campaign, "rung_started", by=by, about=now, what=now.what, kind=now.kind)


def finish(rung: Rung, *, came_of_it: str, has_helped: bool, by: Person) -> None:
    """Say what came of a step. Raises RuleBroken when it was not begun, or is done already."""
    with transaction():
        now = hold(rung)
        done = (
            Rung.update(done_at=clock.now(), done_by=by, came_of_it=came_of_it, has_helped=has_helped)
            .where(
                Rung.id == rung.id, Rung.started_at.is_null(False), Rung.done_at.is_null(), Rung.skipped_at.is_null()
            )
            .execute()
        )
        if not done:
            raise RuleBroken(_("This step has not begun, or it is done already. Look at the page again"))
        record(now.campaign, "rung_done", by=by, about=now, what=now.what, came_of_it=came_of_it, helped=has_helped)


def skip(rung: Rung, *, why: str, by: Person) -> None:
    """Leave a step out, with a reason; the next one may come. Raises RuleBroken when it is voted on, begun or over."""
    with transaction():
        now = hold(rung)
        if now.ballot is not None and now.ballot.outcome is None:
            raise RuleBroken(_("The members vote on this step. Call the vote off first"))
        skipped = (
            Rung.update(skipped_at=clock.now(), skipped_by=by, skipped_why=why)
            .where(Rung.id == rung.id, Rung.started_at.is_null(), Rung.skipped_at.is_null())
            .execute()
        )
        if not skipped:
            raise RuleBroken(_("This step has begun, or it is skipped already. Look at the page again"))


def _stands(rung: Rung) -> Standing:
    campaign: Campaign = rung.campaign
    ladder = [row for row in rungs_of(campaign) if row.removed_at is None]
    return standing(rung, ladder, find_facts(campaign), clock.today())
