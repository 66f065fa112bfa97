"""After a threat of legal action: what to do in which order, and what has been done."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.responses.answers.models import LegalStep, Reader
from portal.responses.models import Response

# name → (what to do, why)
STEPS = {
    "breathe": (
        _l("We have told the other leads, and nobody answers alone"),
        _l("A quick reply in anger or fear can be used against you. A threat by letter is seldom about hours."),
    ),
    "keep": (
        _l("We have kept the envelope, the date stamp, or the whole e-mail with its headers"),
        _l("They prove when it came and from whom. Log photos or the file with the answer."),
    ),
    "day": (
        _l("We have written down the day by which they want something"),
        _l("A day in their letter is their wish. A day in papers of a court is not: then get advice today."),
    ),
    "facts": (
        _l("We have checked each sentence that they dispute against what it rests on"),
        _l("What is true and can be shown is your best protection. What is not, put right in public."),
    ),
    "advice": (
        _l("Somebody who knows the law has read it"),
        _l("A law centre, Citizens Advice, your tenants’ union or a housing lawyer. A first talk is often free."),
    ),
    "answer": (
        _l("We have agreed together on what we answer, or that we do not"),
        _l("Let whoever advised you read the answer before it goes."),
    ),
}


def is_threat(response: Response) -> bool:
    """Whether the answer counts as a threat of legal action, or a reader reads it so. One statement at most."""
    if response.kind == "legal_threat":
        return True
    return Reader.select().where(Reader.response == response.id, Reader.kind == "legal_threat").exists()


def tick_step(response: Response, step: str, *, by: Person, note: str = "") -> None:
    """Write down that a step is done, and by whom. Again is the same.

    Raises RuleBroken when nobody reads the answer as a threat of legal action.
    """
    if not is_threat(response):
        raise RuleBroken(_("Nobody reads this answer as a threat of legal steps"))
    with transaction():
        LegalStep.insert(response=response.id, step=step, by=by.id, note=note).on_conflict_ignore().execute()


def untick_step(response: Response, step: str, *, by: Person) -> None:
    """It is not done after all."""
    with transaction():
        LegalStep.delete().where(LegalStep.response == response.id, LegalStep.step == step).execute()


def steps_of(response: Response) -> dict[str, LegalStep]:
    """What has been done, by the step's name, with who did it. One statement."""
    rows = (
        LegalStep.select(LegalStep, Person.id, Person.name, Person.closed_at)
        .left_outer_join(Person, on=(LegalStep.by == Person.id))
        .where(LegalStep.response == response.id)
    )
    return {row.step: row for row in rows}
