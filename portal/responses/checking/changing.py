"""Correcting what is written of a promise, saying whom it touches, and putting another in its place."""

from collections.abc import Collection
from datetime import date

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.models import Activity
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.responses.checking.models import CommitmentHome
from portal.responses.checking.settling import doors_of, hold, keep_change, listed_homes, settle
from portal.responses.models import Commitment, Response


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved first. `promise` is how it stands now."""

    def __init__(self, promise: Commitment) -> None:
        super().__init__(
            _("Somebody changed this while you were writing. Both stand below. Save again to keep your words")
        )
        self.promise = promise


def correct_promise(commitment: Commitment, *, by: Person, what: str, due_on: date | None, why: str, seen: int) -> None:
    """Mend words or day that were written down wrongly, over version `seen`. What stood there is kept in the history.

    Other words of a public promise are private until its answer is published anew. The same again changes nothing.
    Raises ChangedMeanwhile, or RuleBroken when the day is before the promise, or the promise is gone.
    """
    if due_on is not None and due_on < commitment.made_on:
        raise RuleBroken(_("The day must not be before they promised it"), field="due_on")
    with transaction():
        held = hold(commitment)
        if (held.what, held.due_on) == (what, due_on):
            return
        if held.version != seen:
            raise ChangedMeanwhile(held)
        changed: dict[str, object] = {"what": what, "due_on": due_on, "version": held.version + 1}
        if held.what != what:
            keep_change(held, "words", by=by, was=held.what, now=what, why=why)
            changed["is_public"] = False
            # The lines of the timeline hold the words that were wrong.
            Activity.update(is_public=False).where(
                Activity.subject_kind == "commitment", Activity.subject_id == held.id
            ).execute()
        if held.due_on != due_on:
            keep_change(held, "day", by=by, was=held.due_on, now=due_on, why=why)
        Commitment.update(**changed).where(Commitment.id == held.id).execute()
        for name, value in changed.items():
            setattr(commitment, name, value)
        commitment.campaign.touch()


def choose_reach(
    commitment: Commitment, *, by: Person, reach: str, homes: Collection[int] = (), share: int = 60
) -> None:
    """Say whom a promise touches: one matter, the listed `homes`, or every door; `share` in a hundred must say fixed.

    What was said is counted anew by it. Raises RuleBroken without a home to list, for a home that is not ours, a share
    that cannot be, or when the promise is gone.
    """
    if not 1 <= share <= 100:
        raise RuleBroken(_("Enter a number from 1 to 100"), field="needed_share")
    if reach == "homes" and not homes:
        raise RuleBroken(_("Tick the homes that this promise is about"), field="homes")
    with transaction():
        held = hold(commitment)
        ours = {home.id for home in doors_of(held.campaign)} if reach != "matter" else set()
        if reach == "building" and not ours:
            raise RuleBroken(_("No doors are listed yet. Add our building first"), field="reach")
        wanted = set(homes) if reach == "homes" else set()
        if wanted - ours:
            raise RuleBroken(_("Tick only homes of our own list"), field="homes")
        listed = listed_homes(held)
        _list_homes(held, wanted, listed)
        was, now = _reach_words(held.reach, held.needed_share, listed), _reach_words(reach, share, wanted)
        if (was, listed) != (now, wanted):
            keep_change(held, "reach", by=by, was=was, now=now)
        Commitment.update(reach=reach, needed_share=share).where(Commitment.id == held.id).execute()
        commitment.reach, commitment.needed_share = reach, share
        settle(commitment, by=by)


def _list_homes(held: Commitment, wanted: set[int], listed: set[int]) -> None:
    CommitmentHome.delete().where(
        CommitmentHome.commitment == held.id, CommitmentHome.home.in_(sorted(listed - wanted))
    ).execute()
    rows = [{"commitment": held.id, "home": home_id} for home_id in sorted(wanted - listed)]
    for start in range(0, len(rows), 200):
        CommitmentHome.insert_many(rows[start : start + 200]).execute()


def _reach_words(reach: str, share: int, homes: Collection[int]) -> str:
    """As the history keeps it: "homes 40 60"."""
    return "matter" if reach == "matter" else f"{reach} {len(homes)} {share}"


def renegotiate(
    commitment: Commitment,
    *,
    by: Person,
    what: str,
    made_on: date,
    due_on: date | None = None,
    why: str = "",
    response: Response | None = None,
) -> Commitment:
    """They promised anew, and members take it: another promise stands in the place of this one, each naming the other.

    The old one leaves every list and the public; the new one begins unchecked, touches the same homes, and is private
    until its answer is published. Raises RuleBroken for days that cannot be, or when the old one is gone already.
    """
    if made_on > clock.today():
        raise RuleBroken(_("The day they promised it must be today or earlier"), field="made_on")
    if made_on < commitment.made_on:
        raise RuleBroken(_("The day must not be before the first promise"), field="made_on")
    if due_on is not None and due_on < made_on:
        raise RuleBroken(_("The day must not be before they promised it"), field="due_on")
    with transaction():
        held = hold(commitment)
        new = Commitment.create(
            campaign=held.campaign_id,
            response=response or held.response_id,
            block=held.block_id,
            what=what,
            due_on=due_on,
            made_on=made_on,
            added_by=by,
            reach=held.reach,
            needed_share=held.needed_share,
            home_count=held.home_count,
        )
        new.campaign = commitment.campaign
        _list_homes(new, listed_homes(held), set())
        Commitment.update(state="renegotiated", replaced_by=new.id, is_public=False, settled_at=None).where(
            Commitment.id == held.id
        ).execute()
        keep_change(held, "replaced", by=by, was=held.state, now=what, why=why)
        commitment.state, commitment.replaced_by, commitment.is_public = "renegotiated", new, False
        record(commitment.campaign, "commitment_replaced", by=by, about=new, on=made_on, what=what, due_on=due_on)
    return new
