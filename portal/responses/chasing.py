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
    answered = commitment.response.letter if commitment.response is not None else None
    return start_letter(commitment.campaign, template_name="broken_promise", by=by, chases=answered, known=known)
