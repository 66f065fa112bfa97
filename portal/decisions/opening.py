"""Asking the members: the question, the answers, and everybody who can vote, as they are at this moment."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.decisions import telling
from portal.decisions.models import COOLING_HOURS, Ballot, BallotElector
from portal.errors import RuleBroken
from portal.letters.votes.opening import FEWEST_HOURS, MOST_HOURS, circle_of
from portal.letters.votes.rule import FEWEST, least_for
from portal.people.models import Person

USUAL_HOURS = 72
MOST_OPTIONS = 6
FEWEST_MINUTES_PRESENT = 5


@dataclass(frozen=True)
class Subject:
    """What a question is about: a kind, the id of a row, and its name in words."""

    kind: str
    id: int
    words: str


def open_ballot(
    campaign: Campaign,
    *,
    question: str,
    closes_at: datetime,
    by: Person,
    why: str = "",
    options: Sequence[str] = (),
    about: Subject | None = None,
    is_strategy: bool = True,
    present: Sequence[Person] | None = None,
) -> Ballot:
    """Ask everybody in the circle; or, with `present`, those of them who came to a meeting.

    Without `options` it is a yes-or-no question. It stays open until `closes_at`: a question of strategy for at least a
    day, any other for an hour (five minutes for those present), none for more than fourteen days. Raises RuleBroken
    when the time, the options or the electorate will not do, the campaign has ended, or a question about the same
    thing is open already.
    """
    _check_time(closes_at, is_strategy=is_strategy, is_present=present is not None)
    answers = [words.strip() for words in options if words.strip()]
    _check_options(answers, is_choice=bool(options))
    with transaction():
        # The campaign's row first: two leads who ask about the same thing do so one after the other.
        campaign.touch()
        if Campaign.get_by_id(campaign.id).is_closed:
            raise RuleBroken(_("This campaign has ended. Open it again before you ask the members"))
        if about is not None:
            _refuse_second(about)
        circle = circle_of(campaign)
        if present is not None:
            ids = {person.id for person in present}
            circle = [(person, is_core) for person, is_core in circle if person.id in ids]
        people = [person for person, _is_core in circle]
        if len(people) < FEWEST:
            raise RuleBroken(_("It takes two. Ask a neighbour into the circle first, then ask the question"))
        ballot = Ballot.create(
            campaign=campaign,
            kind="choice" if options else "yes_no",
            question=question,
            options=json.dumps(answers, ensure_ascii=False),
            why=why,
            subject_kind=about.kind if about else "",
            subject_id=about.id if about else 0,
            subject_words=about.words if about else "",
            is_strategy=is_strategy,
            electorate="members" if present is None else "present",
            opened_by=by,
            closes_at=closes_at,
            least_voters=least_for(len(people)),
            elector_count=len(people),
            # Whoever came to a meeting is enough for a vote of those present.
            core_percent=50 if present is None else 0,
            core_count=sum(is_core for _person, is_core in circle),
        )
        BallotElector.insert_many(
            [{"ballot": ballot.id, "person": person.id, "is_core": is_core} for person, is_core in circle]
        ).execute()
        telling.tell_opened(ballot, people, by=by)
        record(campaign, "ballot_opened", by=by, about=ballot, question=question)
    return ballot


def _check_time(closes_at: datetime, *, is_strategy: bool, is_present: bool) -> None:
    ahead = closes_at - clock.now()
    if ahead > timedelta(hours=MOST_HOURS):
        raise RuleBroken(_("A vote can stay open for fourteen days at most"), field="closes_at")
    # Forms know minutes, clocks seconds: whoever typed this time tomorrow means a day.
    ahead += timedelta(minutes=1)
    if is_strategy and ahead < timedelta(hours=COOLING_HOURS):
        raise RuleBroken(
            _("This decides what we do next. Give people at least a day, so that they can sleep on it"),
            field="closes_at",
        )
    if is_present and ahead < timedelta(minutes=FEWEST_MINUTES_PRESENT):
        raise RuleBroken(_("Give people at least five minutes to vote"), field="closes_at")
    if not is_present and ahead < timedelta(hours=FEWEST_HOURS):
        raise RuleBroken(_("Give people at least an hour to vote"), field="closes_at")


def _check_options(answers: list[str], *, is_choice: bool) -> None:
    if not is_choice:
        return
    if len(answers) < 2:
        raise RuleBroken(_("Write at least two answers to choose from"), field="option_1")
    if len({answer.casefold() for answer in answers}) < len(answers):
        raise RuleBroken(_("Two of the answers are the same. Each must be another"), field="option_1")
    if len(answers) > MOST_OPTIONS:
        raise RuleBroken(_("Six answers at most"), field="option_1")


def _refuse_second(about: Subject) -> None:
    is_open = Ballot.select().where(
        Ballot.subject_kind == about.kind, Ballot.subject_id == about.id, Ballot.outcome.is_null()
    )
    if is_open.exists():
        raise RuleBroken(_("The members vote on this already. Look at the page again"))
