"""Showing some of their own words to everybody: chosen, blacked out and pressed by a lead, and stored apart."""

from dataclasses import dataclass

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Campaign, Membership
from portal.campaigns.publishing.operations import refuse_while_paused
from portal.database import transaction
from portal.errors import RuleBroken
from portal.inbound.models import PublicExcerpt
from portal.inbound.redaction import find_marks, is_from
from portal.people.models import Person
from portal.places.models import Building, Home
from portal.responses.models import Response, ResponseFile


@dataclass(frozen=True)
class Neighbours:
    """Whose names and homes must not be told: what a text is held against."""

    names: list[str]
    labels: list[str]

    def marks(self, text: str) -> list[str]:
        """The pieces of a text that may tell who lives where."""
        return find_marks(text, names=self.names, labels=self.labels)


def neighbours_of(campaign: Campaign) -> Neighbours:
    """Everybody in the circle by name, and the homes. One statement."""
    homes = Home.select(peewee.Value("home"), Home.label).join(Building).where(Building.place == campaign.place_id)
    people = (
        Person.select(peewee.Value("name"), Person.name)
        .join(Membership, on=(Membership.person == Person.id))
        .where(Membership.campaign == campaign.id, Membership.left_at.is_null())
    )
    found: dict[str, list[str]] = {"home": [], "name": []}
    for kind, said in (homes | people).tuples():
        found[kind].append(said)
    return Neighbours(found["name"], found["home"])


def excerpt_of(response: Response) -> PublicExcerpt | None:
    """What everybody may read of it, or None. One statement."""
    return PublicExcerpt.get_or_none(PublicExcerpt.response == response.id, PublicExcerpt.taken_back_at.is_null())


def show_excerpt(response: Response, text: str, *, is_checked: bool, by: Person) -> None:
    """Show exactly this text to everybody who may read the published answer. Only this text is stored as public.

    Raises RuleBroken when the answer is not published, the text is not taken from their words, or it still holds what
    may tell who lives where and nobody has said that they looked.
    """
    if response.published_at is None:
        raise RuleBroken(_("Publish the answer first. Their words stand below yours"))
    if not is_from(text, _source(response)):
        raise RuleBroken(
            _("Some of this is not in the answer. You can take words out, never put words in. Write […] where you cut"),
            field="text",
        )
    marks = neighbours_of(response.campaign).marks(text)
    if marks and not is_checked:
        said = ", ".join(marks)
        raise RuleBroken(
            _("This may tell who lives where: %(pieces)s. Black it out, or tick that you looked", pieces=said),
            field="is_checked",
        )
    shown = {"text": text, "shown_by": by.id, "shown_at": clock.now(), "taken_back_at": None}
    with transaction():
        # The public page is kept ready until its campaign's version is raised.
        response.campaign.touch()
        refuse_while_paused(response.campaign)
        PublicExcerpt.insert(response=response.id, **shown).on_conflict(
            conflict_target=[PublicExcerpt.response], update=shown
        ).execute()


def take_back(response: Response, *, by: Person) -> None:
    """Their words leave the public page at once. Raises RuleBroken when none are shown."""
    with transaction():
        response.campaign.touch()
        taken = (
            PublicExcerpt.update(taken_back_at=clock.now())
            .where(PublicExcerpt.response == response.id, PublicExcerpt.taken_back_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("None of their words are public. There is nothing to take back"))


def _source(response: Response) -> str:
    read = ResponseFile.select(ResponseFile.text).where(ResponseFile.response == response.id)
    return "\n".join([response.text, *(text for (text,) in read.tuples())])
