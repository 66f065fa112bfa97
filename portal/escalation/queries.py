"""Reads of a plan: its steps with who does them and the last vote about each."""

from dataclasses import dataclass
from datetime import date

import peewee

from portal import clock
from portal.campaigns.models import Campaign
from portal.decisions.models import Ballot
from portal.escalation.facts import Facts, find_facts
from portal.escalation.models import Rung
from portal.escalation.standing import Standing, next_rung, standing
from portal.people.models import Person

# What a vote about a step is about, for `Ballot.subject_kind`.
SUBJECT = "rung"


@dataclass(frozen=True)
class Ladder:
    """A plan as it stands today: the steps in their order, those taken out, and what they look at."""

    rungs: list[Rung]
    removed: list[Rung]
    facts: Facts
    today: date

    def standing(self, rung: Rung) -> Standing:
        """How one of its steps stands."""
        return standing(rung, self.rungs, self.facts, self.today)

    @property
    def next(self) -> tuple[Rung, Standing] | None:
        """The step that asks for something now."""
        return next_rung(self.rungs, self.facts, self.today)

    def find(self, rung_id: int) -> Rung | None:
        """The step with this id, also when it was taken out."""
        return next((one for one in [*self.rungs, *self.removed] if one.id == rung_id), None)


def rungs_of(campaign: Campaign) -> list[Rung]:
    """Every step of a campaign's plan in its order, with `who`, and as `ballot` the last vote on it. One statement."""
    other = Ballot.alias()
    last = other.select(peewee.fn.MAX(other.id)).where(other.subject_kind == SUBJECT, other.subject_id == Rung.id)
    rows = list(
        Rung.select(Rung, Person, Ballot)
        .join_from(Rung, Person, peewee.JOIN.LEFT_OUTER, on=(Rung.who == Person.id), attr="who")
        .join_from(Rung, Ballot, peewee.JOIN.LEFT_OUTER, on=(Ballot.id == last), attr="ballot")
        .where(Rung.campaign == campaign.id)
        .order_by(Rung.position, Rung.id)
    )
    for row in rows:
        row.campaign = campaign
    return rows


def find_ladder(campaign: Campaign) -> Ladder:
    """The plan of a campaign as it stands today. Two statements, however long it is."""
    rows = rungs_of(campaign)
    return Ladder(
        rungs=[row for row in rows if row.removed_at is None],
        removed=[row for row in rows if row.removed_at is not None],
        facts=find_facts(campaign),
        today=clock.today(),
    )
