"""They say a fact is wrong: look, say what you found, and if they are right say so in public."""

from flask_babel import gettext as _

from portal import clock
from portal.campaigns import activity
from portal.campaigns.models import Activity
from portal.campaigns.publishing.operations import refuse_while_paused
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.responses.answers.models import FactReview
from portal.responses.models import Response

VERDICTS = ("right", "wrong", "unsure")


def review_of(response: Response) -> FactReview | None:
    """What was found, with who looked. One statement."""
    found: FactReview | None = (
        FactReview.select(FactReview, Person)
        .left_outer_join(Person, on=(FactReview.by == Person.id))
        .where(FactReview.response == response.id)
        .first()
    )
    return found


def review_fact(response: Response, *, verdict: str, words: str, by: Person) -> None:
    """Say whether they are right, wrong, or that we cannot tell, with what it rests on. Again replaces it.

    Raises RuleBroken when nobody reads the answer as a correction, or a public note would no longer fit.
    """
    if response.kind != "correction":
        raise RuleBroken(_("This answer is not read as one that says a fact is wrong"))
    with transaction():
        response.campaign.touch()
        now = FactReview.get_or_none(FactReview.response == response.id)
        if now is not None and now.published_at is not None and verdict != "right":
            raise RuleBroken(_("A note that they are right is public. Take it back first"), field="verdict")
        saved = {"verdict": verdict, "words": words, "by": by.id, "at": clock.now()}
        FactReview.insert(response=response.id, **saved).on_conflict(
            conflict_target=[FactReview.response], update=saved
        ).execute()


def publish_note(response: Response, *, note: str, by: Person) -> None:
    """Say in public that they are right about a fact, and what is right. The answer itself stays as public as it was.

    Publishing again replaces the words. Raises RuleBroken unless it was found that they are right.
    """
    with transaction():
        response.campaign.touch()
        refuse_while_paused(response.campaign)
        published = (
            FactReview.update(note=note, published_by=by.id, published_at=clock.now())
            .where(FactReview.response == response.id, FactReview.verdict == "right")
            .execute()
        )
        if not published:
            raise RuleBroken(_("Look first, and say whether they are right"))
        _forget_line(response)
        activity.record(response.campaign, "fact_corrected", by=by, about=response, is_public=True, note=note)


def take_note_back(response: Response, *, by: Person) -> None:
    """The note leaves the public page and the timeline. Raises RuleBroken when there is none."""
    with transaction():
        response.campaign.touch()
        taken = (
            FactReview.update(published_by=None, published_at=None)
            .where(FactReview.response == response.id, FactReview.published_at.is_null(False))
            .execute()
        )
        if not taken:
            raise RuleBroken(_("No note is public. There is nothing to take back"))
        _forget_line(response)


def _forget_line(response: Response) -> None:
    Activity.delete().where(
        Activity.verb == "fact_corrected", Activity.subject_kind == "response", Activity.subject_id == response.id
    ).execute()
