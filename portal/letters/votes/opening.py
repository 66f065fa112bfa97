"""Opening a vote: on exactly these words, for everybody who is in the circle now."""

import json
from datetime import datetime, timedelta

import peewee
from flask_babel import gettext as _

from portal import clock, outbox
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign, Membership, Role
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.canonical import fingerprint_of
from portal.letters.editions.naming import name_revision
from portal.letters.freezing import refuse_same, text_to_freeze
from portal.letters.models import Letter
from portal.letters.operations import desk_changed, hold_open
from portal.letters.votes import telling
from portal.letters.votes.models import Elector, SignOff
from portal.letters.votes.rule import FEWEST, least_for
from portal.people.models import Person

USUAL_HOURS = 72
FEWEST_HOURS = 1
MOST_HOURS = 14 * 24


def open_vote(
    letter: Letter,
    *,
    seen: int,
    closes_at: datetime,
    by: Person,
    pass_percent: int = 50,
    core_percent: int = 50,
    least_voters: int | None = None,
) -> SignOff:
    """Ask everybody in the circle whether they agree to the text as it was at version `seen`.

    They vote until `closes_at`, an hour to fourteen days from now. Percentages as in `SignOff`; without `least_voters`
    it takes three people, or two where there are only two. Raises RuleBroken when the text changed since, something
    stops the freeze, a vote is open or passed already, or the rule cannot be met.
    """
    ahead = closes_at - clock.now()
    if ahead < timedelta(hours=FEWEST_HOURS):
        raise RuleBroken(_("Give people at least an hour to vote"), field="closes_at")
    if ahead > timedelta(hours=MOST_HOURS):
        raise RuleBroken(_("A vote can stay open for fourteen days at most"), field="closes_at")
    # The slow part first: everybody who writes waits for the transaction.
    mails = telling.opening_mails(
        letter, [person for person, _core in circle_of(letter.campaign)], by=by, closes_at=closes_at
    )
    with transaction():
        now = hold_open(letter)
        letter.campaign.touch()
        if now.version != seen:
            raise RuleBroken(_("The text changed while you were reading. Read it again, then ask"))
        if letter.campaign.is_closed:
            raise RuleBroken(_("This campaign has ended. Open it again before you vote on a letter"))
        canonical, _content = text_to_freeze(now)
        sha256 = fingerprint_of(canonical)
        refuse_same(now, canonical)
        _refuse_second(now, sha256)
        _take_back_typo(letter, by=by)
        circle = circle_of(letter.campaign)
        least = least_for(len(circle)) if least_voters is None else least_voters
        _refuse_impossible(len(circle), least)
        sign_off = SignOff.create(
            letter=letter,
            number=now.version,
            sha256=sha256,
            opened_by=by,
            closes_at=closes_at,
            pass_percent=pass_percent,
            core_percent=core_percent,
            least_voters=least,
            elector_count=len(circle),
            core_count=sum(is_core for _person, is_core in circle),
        )
        Elector.insert_many(
            [{"sign_off": sign_off.id, "person": person.id, "is_core": is_core} for person, is_core in circle]
        ).execute()
        name_revision(now, "proposed", by=by)
        for person, _core in circle:
            # Somebody may have come in since the mails were written.
            row = mails.get(person.id)
            outbox.post(row or telling.opening_mails(letter, [person], by=by, closes_at=closes_at)[person.id])
        desk_changed(letter)
        record(letter.campaign, "vote_opened", by=by, about=letter, title=now.title)
    return sign_off


def circle_of(campaign: Campaign) -> list[tuple[Person, bool]]:
    """Everybody in the circle, and whether they hold a job in it. Organizers are not in it, so they never vote."""
    held = (Role.membership == Membership.id) & Role.ended_at.is_null() & (Role.until_on >= clock.today())
    runs_it = peewee.fn.EXISTS(Role.select(Role.id).where(held))
    rows = (
        Person.select(Person, runs_it.alias("runs_it"))
        .join(Membership, on=(Membership.person == Person.id))
        .where(Membership.campaign == campaign.id, Membership.left_at.is_null())
        .order_by(Person.id)
    )
    return [(person, bool(person.runs_it)) for person in rows]


def _refuse_second(letter: Letter, sha256: str) -> None:
    last = SignOff.select().where(SignOff.letter == letter.id).order_by(SignOff.id.desc()).first()
    if last is None:
        return
    if last.outcome is None:
        raise RuleBroken(_("A vote on this letter is open already. Look at the page again"))
    if last.outcome == "passed" and (last.number, last.sha256) == (letter.version, sha256):
        raise RuleBroken(_("We are agreed on these words already. Freeze them"))


def _take_back_typo(letter: Letter, *, by: Person) -> None:
    """Everybody votes on the new words, so no second lead has to call them a typo."""
    asking = agreements.open_one(letter.campaign, "freeze_letter", letter.id)
    if asking is not None and json.loads(asking.terms).get("about") == "typo":
        agreements.withdraw(asking, by=by)


def _refuse_impossible(electors: int, least: int) -> None:
    if electors < FEWEST:
        raise RuleBroken(_("It takes two. Ask a neighbour into the circle first, then vote"))
    if least < FEWEST:
        raise RuleBroken(_("It takes at least two people"), field="least_voters")
    if least > electors:
        raise RuleBroken(
            _("There are %(count)s of you. It cannot take more than that", count=electors), field="least_voters"
        )
