"""A letter after a broken promise: it quotes what was promised, and for which day."""

from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.letters.filling import in_words
from portal.letters.models import Letter
from portal.letters.operations import start_letter
from portal.people.models import Person
from portal.responses.models import GONE, Commitment


def chase_promise(commitment: Commitment, *, by: Person) -> Letter:
    """Start a letter that quotes the promise, and the letter that it answered where there is one.

    Raises RuleBroken when residents found it kept, it is called off or replaced, or the campaign has ended.
    """
    if commitment.state in ("kept", *GONE):
        raise RuleBroken(_("This promise is kept, replaced or called off. There is nothing to remind them of"))
    known = {"promise": commitment.what, "promised_on": in_words(commitment.made_on, "en")}
    if commitment.due_on is not None:
        known["promised_for"] = in_words(commitment.due_on, "en")
    if said := how_it_is(commitment):
        known["how_it_is"] = said
    answered = commitment.response.letter if commitment.response is not None else None
    return start_letter(commitment.campaign, template_name="broken_promise", by=by, chases=answered, known=known)


def how_it_is(commitment: Commitment) -> str:
    """What residents found, in the words of the letter (which is in English), or "" while nobody said anything.

    Numbers only: who lives where is not theirs to know.
    """
    fixed, partly, not_fixed = commitment.fixed_count, commitment.partly_count, commitment.not_fixed_count
    found: list[str] = []
    if fixed or partly or not_fixed:
        counts_homes = commitment.reach != "matter" and commitment.home_count
        first = f"{fixed} of {commitment.home_count} homes say" if counts_homes else f"{fixed} of us say"
        parts = [f"{first} that it is done"]
        if partly:
            parts.append(f"{partly} that it is done in part")
        if not_fixed:
            parts.append(f"{not_fixed} that it is not")
        found.append(", ".join(parts) + ".")
    if commitment.reopened_count:
        times = "once" if commitment.reopened_count == 1 else f"{commitment.reopened_count} times"
        found.append(f"It was mended and broke again {times}.")
    return " ".join(found)
