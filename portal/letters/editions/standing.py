"""Under which frozen versions a signature stands, and the counters that follow: of each version, of the letter (its
newest version), and of the campaign (everybody who signed under any version, once)."""

from dataclasses import dataclass
from typing import Any

import peewee

from portal.campaigns.models import Campaign
from portal.letters.editions.models import SignedVersion
from portal.letters.models import Letter, LetterVersion, Signature


def stand_under(signature: Signature) -> None:
    """A signature is confirmed: it stands under the version it was given for, and under later ones that two leads call
    the same but for a typo. Inside the transaction."""
    SignedVersion.insert(signature=signature.id, version=signature.version_id).on_conflict_ignore().execute()
    later = (
        LetterVersion.select(LetterVersion.id, LetterVersion.kind)
        .where(
            LetterVersion.letter == signature.letter_id,
            LetterVersion.number
            > LetterVersion.select(LetterVersion.number).where(LetterVersion.id == signature.version_id),
        )
        .order_by(LetterVersion.number)
    )
    for version in later:
        if version.kind != "typo":
            break
        SignedVersion.insert(signature=signature.id, version=version.id, how="typo").on_conflict_ignore().execute()
        Signature.update(version=version.id).where(Signature.id == signature.id).execute()


def leave(signature: Signature) -> None:
    """A signature is taken off: it stands under nothing any more. After `count`, inside the transaction."""
    SignedVersion.delete().where(SignedVersion.signature == signature.id).execute()


def count(signature: Signature, change: int) -> None:
    """Count a signature in (1) or out (-1) wherever it stands, inside the transaction that changed it."""
    letter = signature.letter
    under = SignedVersion.select(SignedVersion.version).where(SignedVersion.signature == signature.id).tuples()
    newest = newest_id(letter)
    for (version_id,) in list(under):
        _count_version(signature, version_id, change, is_newest=version_id == newest)
    if letter.withdrawn_at is None:
        homes = change if _is_first_of_home(signature) else 0
        Campaign.update(
            signature_count=Campaign.signature_count + change, signed_home_count=Campaign.signed_home_count + homes
        ).where(Campaign.id == letter.campaign_id).execute()
    letter.campaign.touch()


def count_again(signature: Signature, version: LetterVersion) -> None:
    """Count a signature under one more version. The campaign has counted this person already."""
    _count_version(signature, version.id, 1, is_newest=True)
    signature.letter.campaign.touch()


@dataclass(frozen=True)
class Earlier:
    """How many signed some earlier version, and how many of these stand under this one, too."""

    signed: int
    again: int


def earlier_of(version: LetterVersion) -> Earlier | None:
    """What the page of a later version says about those who signed before; None for the first. One statement."""
    if version.number == 1:
        return None
    before = LetterVersion.alias()
    earlier = (
        SignedVersion.select(SignedVersion.signature)
        .join(before, on=(SignedVersion.version == before.id))
        .where(before.letter == version.letter_id, before.number < version.number)
    )
    under = SignedVersion.select(SignedVersion.signature).where(SignedVersion.version == version.id)
    counted: Any = (
        Signature.select(
            peewee.fn.COUNT(Signature.id), peewee.fn.COALESCE(peewee.fn.SUM(Signature.id.in_(under).cast("integer")), 0)
        )
        .where(
            Signature.id.in_(earlier),
            Signature.state == "confirmed",
            Signature.is_held == False,  # noqa: E712
        )
        .tuples()
        .get()
    )
    return Earlier(int(counted[0]), int(counted[1]))


def newest_id(letter: Letter) -> int | None:
    """The id of the version frozen last."""
    row = (
        LetterVersion.select(LetterVersion.id)
        .where(LetterVersion.letter == letter.id)
        .order_by(LetterVersion.number.desc())
        .first()
    )
    return row.id if row is not None else None


def _count_version(signature: Signature, version_id: int, change: int, *, is_newest: bool) -> None:
    # Asked for each neighbour of the home, of whom there are few, rather than for everybody under the version.
    under = SignedVersion.select(SignedVersion.id).where(
        SignedVersion.signature == Signature.id, SignedVersion.version == version_id
    )
    homes = change if _is_first_of_home(signature, peewee.fn.EXISTS(under)) else 0
    models: list[tuple[Any, int]] = [(LetterVersion, version_id)]
    if is_newest:
        models.append((Letter, signature.letter_id))
    for model, row_id in models:
        model.update(
            signature_count=model.signature_count + change, signed_home_count=model.signed_home_count + homes
        ).where(model.id == row_id).execute()


def _is_first_of_home(signature: Signature, *where: Any) -> bool:
    """Whether the signer has a home, and nobody else who counts (and fits `where`) signed from it."""
    if signature.home_id is None:
        return False
    others = Signature.select(Signature.id).where(
        Signature.letter == signature.letter_id,
        Signature.home == signature.home_id,
        Signature.state == "confirmed",
        Signature.is_held == False,  # noqa: E712
        Signature.id != signature.id,
        *where,
    )
    return not others.exists()
