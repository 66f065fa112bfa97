"""The server's half of the key that encrypts what somebody types, in their own browser."""

from portal.people.models import Person
from portal.tokens import keyed_digest


def device_half(person: Person) -> str:
    """This sign-in's half. It is never stored, and nobody can get it any more once the sign-in has ended."""
    assert person.sign_in is not None
    return keyed_digest("desk-drafts", person.sign_in.secret_hash)
