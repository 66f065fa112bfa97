"""Asking for a case file: a public one is made at once, a private one when a second lead has seen what would be in."""

import hashlib
import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Agreement, Campaign
from portal.campaigns.roles import current_leads
from portal.casefiles.gathering import letters_of
from portal.casefiles.making import STEPS, make_case_files
from portal.casefiles.models import CaseFile
from portal.casefiles.queries import Inside, inside_of
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person

KIND = "casefile_private"
# Each may take two hundred megabytes of the disk for a month.
MOST_A_DAY = 20


def order(
    campaign: Campaign, *, letters: Collection[int], from_on: date | None, until_on: date | None, by: Person
) -> CaseFile:
    """Have a case file made of what everybody may read. The same one that is being made already is not made twice.

    Raises RuleBroken without a letter that has a fixed text, or when the last day is before the first.
    """
    ids = _checked(campaign, letters, from_on, until_on)
    with transaction():
        # Raising the version first takes the campaign's row: two who ask for the same at once get the same one.
        campaign.touch()
        same = CaseFile.get_or_none(
            CaseFile.campaign == campaign.id,
            CaseFile.letters == json.dumps(ids),
            _is_day(CaseFile.from_on, from_on),
            _is_day(CaseFile.until_on, until_on),
            CaseFile.is_private == False,  # noqa: E712
            CaseFile.state.in_(("waiting", "working")),
        )
        if same is not None:
            return same
        return _begin(campaign, ids, from_on, until_on, is_private=False, asked_by=by.id)


def ask_private(
    campaign: Campaign, *, letters: Collection[int], from_on: date | None, until_on: date | None, by: Person
) -> Agreement:
    """Ask a second lead to agree to a case file with private details.

    Raises RuleBroken as `order`, and when somebody has asked for one that still waits.
    """
    ids = _checked(campaign, letters, from_on, until_on)
    return agreements.ask(
        campaign,
        KIND,
        by=by,
        letters=ids,
        from_on=from_on.isoformat() if from_on else None,
        until_on=until_on.isoformat() if until_on else None,
    )


def asked_for(asking: Agreement) -> CaseFile:
    """What was asked for, as a case file that is not stored."""
    terms = json.loads(asking.terms)
    return CaseFile(
        campaign=asking.campaign_id,
        letters=json.dumps(terms["letters"]),
        from_on=_day(terms["from_on"]),
        until_on=_day(terms["until_on"]),
        is_private=True,
    )


def fingerprint_of(inside: Inside) -> str:
    """Changes when what would be in it changes, so that a person agrees to what they have read."""
    return hashlib.sha256(json.dumps(inside, sort_keys=True).encode()).hexdigest()[:32]


def agree_private(asking: Agreement, *, by: Person, seen: str) -> CaseFile:
    """Be the second lead: it is made now. `seen` is the fingerprint of the list that was read.

    Raises RuleBroken when `by` asked for it, it was decided already, something was added to it meanwhile, or the one
    who asked leads no more.
    """
    campaign = asking.campaign
    with transaction():
        campaign.touch()
        wanted = asked_for(asking)
        if fingerprint_of(inside_of(wanted)) != seen:
            raise RuleBroken(_("Something was added while you read. Look at the list once more, then agree"))
        agreements.agree(asking, by=by)
        if asking.asked_by_id not in {lead.id for lead in current_leads(campaign)}:
            raise RuleBroken(_("The one who asked is no lead any more. Ask again"))
        case = _begin(
            campaign,
            wanted.letter_ids,
            wanted.from_on,
            wanted.until_on,
            is_private=True,
            asked_by=asking.asked_by_id,
            agreed_by=by.id,
            agreement=asking.id,
        )
        name = Person.get_by_id(asking.asked_by_id).display_name
        _log(case, campaign, by=by, name=name)
        return case


def _checked(campaign: Campaign, letters: Collection[int], from_on: date | None, until_on: date | None) -> list[int]:
    if from_on is not None and until_on is not None and until_on < from_on:
        raise RuleBroken(_("The last day must not be before the first"), field="until_on")
    ids = [letter.id for letter in letters_of(campaign, list(letters))]
    if not ids or len(ids) != len(set(letters)):
        raise RuleBroken(_("Choose at least one letter whose words are fixed"), field="letters")
    return ids


def _is_day(column: Any, day: date | None) -> Any:
    return column.is_null() if day is None else column == day


def _begin(
    campaign: Campaign, ids: list[int], from_on: date | None, until_on: date | None, *, is_private: bool, **who: Any
) -> CaseFile:
    since = clock.now() - timedelta(days=1)
    if CaseFile.select().where(CaseFile.campaign == campaign.id, CaseFile.asked_at > since).count() >= MOST_A_DAY:
        raise RuleBroken(_("Many were made in the last day. Wait until tomorrow, or download one of those"))
    case = CaseFile.create(
        campaign=campaign,
        letters=json.dumps(ids),
        from_on=from_on,
        until_on=until_on,
        is_private=is_private,
        asked_at=clock.now(),
        total=STEPS,
        **who,
    )
    if not is_private:
        _log(case, campaign, by=Person.get_by_id(case.asked_by_id))
    make_case_files.soon()
    return case


def _log(case: CaseFile, campaign: Campaign, *, by: Person, name: str = "") -> None:
    record(campaign, "casefile_made", by=by, about=case, is_private=case.is_private, name=name)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
