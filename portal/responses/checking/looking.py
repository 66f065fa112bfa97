"""Residents look, and say what they found: for themselves, for a home that told them, or from a list on paper."""

from typing import Any

from flask_babel import gettext as _

from portal import clock, storage
from portal.campaigns.activity import record
from portal.database import after_commit, transaction
from portal.errors import RuleBroken
from portal.language import format_day
from portal.people.models import Person
from portal.places.models import Home
from portal.responses import promises
from portal.responses.checking.settling import hold, keep_change, listed_homes, settle
from portal.responses.models import Commitment, CommitmentCheck
from portal.storage import StoredFile

# What the first bytes of a photo say that it is.
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
# How a home's word can reach the neighbour who enters it.
TOLD = ("beside", "phone", "door_list")


def check_promise(
    commitment: Commitment,
    *,
    by: Person,
    verdict: str,
    note: str = "",
    home: Home | None = None,
    photo: StoredFile | None = None,
    again: str | None = None,
) -> str:
    """A resident says what they found; saying it again replaces what they said. Returns the state it leads to.

    `home` is where they live, needed where the promise touches homes. `again` says of a kept promise that is not
    fixed now whether it "broke" again or was "never" done. Raises RuleBroken when the promise is gone, the home is
    missing or not touched, the photo is no photo, or it broke again after more than HOLDS_DAYS.
    """
    saved = {"person": by.id, "home": home.id if home is not None else None, "how": "own", "entered_by": None}
    return _say(commitment, f"person:{by.id}", saved, home, by=by, verdict=verdict, note=note, photo=photo, again=again)


def enter_for_home(
    commitment: Commitment,
    *,
    by: Person,
    home: Home,
    verdict: str,
    how: str,
    note: str = "",
    photo: StoredFile | None = None,
    again: str | None = None,
) -> str:
    """A neighbour enters what a home told them: `how` is one of TOLD. The home's newest word replaces the one before.

    Raises RuleBroken as `check_promise` does, and when somebody who lives there has said it themselves.
    """
    saved = {"person": None, "home": home.id, "how": how, "entered_by": by.id}
    return _say(commitment, f"home:{home.id}", saved, home, by=by, verdict=verdict, note=note, photo=photo, again=again)


def note_nobody_in(commitment: Commitment, *, by: Person, home: Home) -> None:
    """Somebody called at a home and nobody was in. It replaces no word of theirs and counts for nothing.

    Raises RuleBroken when the promise is gone or does not touch that home.
    """
    with transaction():
        held = hold(commitment)
        _check_home(held, home)
        CommitmentCheck.insert(
            commitment=commitment.id,
            voice=f"home:{home.id}",
            home=home.id,
            verdict="nobody_in",
            how="door_list",
            entered_by=by.id,
        ).on_conflict_ignore().execute()
        commitment.campaign.touch()


def _say(
    commitment: Commitment,
    voice: str,
    saved: dict[str, Any],
    home: Home | None,
    *,
    by: Person,
    verdict: str,
    note: str,
    photo: StoredFile | None,
    again: str | None,
) -> str:
    _check_photo(photo)
    with transaction():
        held = hold(commitment)
        _check_home(held, home)
        if saved["person"] is None and home is not None:
            _refuse_own(held, home)
        before = CommitmentCheck.get_or_none(
            CommitmentCheck.commitment == commitment.id, CommitmentCheck.voice == voice
        )
        broke = verdict == "not_fixed" and held.state == "kept" and _broke_again(held, before, again)
        saved |= {"verdict": verdict, "note": note, "at": clock.now()}
        if photo is not None:
            saved["photo"] = photo.id
        if before is None or before.verdict != verdict:
            saved |= {"talked_by": None, "talked_at": None, "talk_note": ""}
        CommitmentCheck.insert(commitment=commitment.id, voice=voice, **saved).on_conflict(
            conflict_target=[CommitmentCheck.commitment, CommitmentCheck.voice], update=saved
        ).execute()
        if before is not None and before.photo_id and photo is not None and before.photo_id != photo.id:
            after_commit(_forget_photo, StoredFile.get_by_id(before.photo_id))
        if broke:
            _reopen(held, by=by)
        return settle(commitment, by=by, has_reopened=broke)


def _check_photo(photo: StoredFile | None) -> None:
    if photo is not None and photo.content_type not in PHOTOS:
        raise RuleBroken(_("Choose a photo as JPG, PNG or WebP"), field="photo")


def _check_home(held: Commitment, home: Home | None) -> None:
    if home is None:
        if held.reach != "matter":
            raise RuleBroken(_("Choose the home you live in, so that each home counts once"), field="home")
    elif held.reach == "homes" and home.id not in listed_homes(held):
        raise RuleBroken(_("%(home)s is not among the homes this promise is about", home=home.label), field="home")


def _refuse_own(held: Commitment, home: Home) -> None:
    """What somebody says of their own home is not talked over."""
    own = CommitmentCheck.select().where(
        CommitmentCheck.commitment == held.id, CommitmentCheck.home == home.id, CommitmentCheck.person.is_null(False)
    )
    if held.reopened_at is not None and held.reach != "homes":
        own = own.where(CommitmentCheck.at >= held.reopened_at)
    if own.exists():
        raise RuleBroken(
            _("Somebody who lives in %(home)s has said it themselves, and that counts", home=home.label), field="home"
        )


def _broke_again(held: Commitment, before: CommitmentCheck | None, again: str | None) -> bool:
    """Whether "not fixed" of a kept promise means that it failed after it was done. From paper, it is worked out."""
    if again == "":
        raise RuleBroken(_("Say whether it broke again or was never done"), field="again")
    broke = (before is not None and before.verdict == "fixed") if again is None else again == "broke"
    until = promises.holds_until(held)
    if broke and until is not None and clock.today() > until:
        if again is None:
            return False
        day = format_day(until)
        raise RuleBroken(
            _("It was kept, and held until %(day)s. What fails now is a new matter: write it down as a fact", day=day),
            field="again",
        )
    return broke


def _reopen(held: Commitment, *, by: Person) -> None:
    """It broke again: the same promise is open, with a count, and they have to do it anew."""
    now = clock.now()
    Commitment.update(reopened_count=Commitment.reopened_count + 1, reopened_at=now, claimed_done_on=None).where(
        Commitment.id == held.id
    ).execute()
    count = held.reopened_count + 1
    keep_change(held, "reopened", by=by, now=count)
    record(
        held.campaign, "commitment_reopened", by=by, about=held, is_public=held.is_public, what=held.what, count=count
    )


def talk_with(check: CommitmentCheck, commitment: Commitment, *, by: Person, verdict: str, note: str) -> str:
    """A lead has talked to a home that says not fixed; from now on it counts as what they say after. Returns the state.

    Raises RuleBroken when it is the lead's own word, or the promise is gone.
    """
    if check.person_id == by.id:
        raise RuleBroken(_("This is your own word. Another lead has to talk to you about it"))
    with transaction():
        hold(commitment)
        was = CommitmentCheck.get_by_id(check.id).verdict
        CommitmentCheck.update(verdict=verdict, talked_by=by.id, talked_at=clock.now(), talk_note=note).where(
            CommitmentCheck.id == check.id
        ).execute()
        keep_change(commitment, "talked", by=by, was=was, now=verdict, why=note)
        return settle(commitment, by=by)


def _forget_photo(photo: StoredFile) -> None:
    """Delete the bytes, unless the same upload stands with another check: a form can be sent for two promises."""
    if not CommitmentCheck.select().where(CommitmentCheck.photo == photo.id).exists():
        storage.forget(photo)


def take_out_photo(check: CommitmentCheck, commitment: Commitment, *, by: Person) -> None:
    """Delete the photo of a check for good. Twice is once."""
    with transaction():
        photo = check.photo
        taken = (
            CommitmentCheck.update(photo=None)
            .where(CommitmentCheck.id == check.id, CommitmentCheck.photo.is_null(False))
            .execute()
        )
        if taken:
            commitment.campaign.touch()
            after_commit(_forget_photo, photo)
