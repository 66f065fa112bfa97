"""Who puts their name to a letter, and how they want it shown.

What a demo may not pretend: sheets of paper can not be entered on a screen yet. The names that came in on paper are
written directly, confirmed, without an address and under the wording "paper-1", so that the totals are those that such
a campaign would have and nobody takes them for people who signed on a phone. Everybody who signed online in the two
campaigns of Ashmere did so through `signing.sign` and `signing.confirm`; in Pellan Vale, with its hundreds, only the
members did, and the rest is written directly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal import clock
from portal.demo.people import address_of
from portal.demo.post import Post, recount
from portal.letters import new_signatures, sending, signing
from portal.letters.models import Signature
from portal.places.models import Building, Home

ROWS_AT_ONCE = 100


@dataclass
class Signer:
    """Somebody who signs. Without a home they are an ally, or live where no list of doors is."""

    name: str
    home: str = ""
    way: str = "online"
    display: str = "hidden"


def show_as(signers: Sequence[Signer], post: Post, *, full: int, first_name: int, resident: int) -> None:
    """Deal out how names are shown; who is left over is only counted. Those with a display set already keep it."""
    wanted = ["full"] * full + ["first_name"] * first_name + ["resident"] * resident
    wanted += ["hidden"] * (len(signers) - len(wanted))
    for signer in signers:
        if signer.display != "hidden":
            wanted.remove(signer.display)
    post.stage.dice.shuffle(wanted)
    for signer in signers:
        if signer.display == "hidden":
            signer.display = wanted.pop()


def sign_online(post: Post, signers: Sequence[Signer], *, first: tuple[int, str], last: tuple[int, str]) -> None:
    """Each signs at an hour between the two, and confirms some minutes later, as people do."""
    stage, dice = post.stage, post.stage.dice
    begin, end = stage.moment(*first), stage.moment(*last)
    span = (end - begin).total_seconds()
    drawn = (begin + timedelta(seconds=int(span * dice.random() ** 1.6)) for _ in signers)
    moments = sorted(max(begin, _by_daylight(moment)) for moment in drawn)
    version = sending.newest_version(post.letter)
    for signer, moment in zip(signers, moments, strict=True):
        with clock.frozen_at(moment):
            signing.sign(
                post.letter,
                version,
                name=signer.name,
                email=address_of(signer.name),
                display=signer.display,
                show_to_target=signer.display == "full" and dice.random() < 0.8,
                wants_news=dice.random() < 0.5,
                home_words=signer.home,
                network=f"telephone of {signer.name}",
            )
        with clock.frozen_at(moment + timedelta(minutes=dice.randint(1, 40))):
            signing.confirm(Signature.select().where(Signature.letter == post.id).order_by(Signature.id.desc()).get())


def sign_directly(post: Post, signers: Iterable[Signer], *, first: tuple[int, str], last: tuple[int, str]) -> None:
    """Write confirmed names down without the operations, and bring the counters in step."""
    stage, dice = post.stage, post.stage.dice
    letter, version = post.letter, sending.newest_version(post.letter)
    homes = _homes_of(post)
    begin, end = stage.moment(*first), stage.moment(*last)
    given = list(signers)
    moments = sorted(max(begin, _by_daylight(begin + (end - begin) * dice.random())) for _ in given)
    rows = []
    for signer, moment in zip(given, moments, strict=True):
        is_paper = signer.way == "paper"
        email = "" if is_paper else address_of(signer.name)
        rows.append(
            {
                "letter": letter.id,
                "version": version.id,
                "name": signer.name,
                "email": email,
                "email_key": new_signatures.key_of(email) if email else None,
                "home": homes.get(signer.home.casefold()),
                "home_words": signer.home,
                "display": signer.display,
                "show_to_target": signer.display == "full" and dice.random() < 0.8,
                "wants_news": not is_paper and dice.random() < 0.5,
                "state": "confirmed",
                "wording": "paper-1" if is_paper else new_signatures.WORDING,
                "mail_count": 0 if is_paper else 1,
                "created_at": moment,
                "confirmed_at": moment,
            }
        )
    for start in range(0, len(rows), ROWS_AT_ONCE):
        Signature.insert_many(rows[start : start + ROWS_AT_ONCE]).execute()
    recount(letter.campaign)
    letter.campaign.touch()


def settle_in(post: Post, *, homes: int) -> None:
    """Give everybody who signed a home, the first so many of the place, where doors of several buildings are called
    alike and a typed label tells nothing."""
    place = post.circle.campaign.place_id
    ids = [row.id for row in Home.select(Home.id).join(Building).where(Building.place == place).order_by(Home.id)]
    step = max(1, len(ids) // homes)
    for nth, row in enumerate(Signature.select(Signature.id).where(Signature.letter == post.id).order_by(Signature.id)):
        Signature.update(home=ids[nth % homes * step]).where(Signature.id == row.id).execute()
    recount(post.circle.campaign)


def _homes_of(post: Post) -> dict[str, int]:
    place = post.circle.campaign.place_id
    query: Any = (
        Home.select(Home.label, Home.id)
        .join(Building)
        .where(
            Building.place == place,
            Building.is_zone == False,  # noqa: E712
        )
    )
    return {label.casefold(): home_id for label, home_id in query.tuples()}


def _by_daylight(moment: datetime) -> datetime:
    """Nobody signs at four in the morning: the night's names come in the evening before."""
    return moment - timedelta(hours=9) if clock.to_local(moment).hour < 7 else moment
