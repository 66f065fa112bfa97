"""Getting an account, signing in and out, and what a person says of themselves."""

import threading
from datetime import date, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

from portal import clock, jobs, limits, outbox
from portal.database import as_stored, transaction
from portal.errors import RuleBroken
from portal.people import emails
from portal.people.models import OrganizerProfile, Person, SignIn, SignInLink
from portal.quick_statements import Written, blank, row_of
from portal.tokens import digest, new_secret

LINK_MINUTES = 10
SEEN_EVERY = timedelta(minutes=10)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128

# 19 MiB and two passes, and only two at once: the hash must not starve the pages.
_full = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_two_at_once = threading.BoundedSemaphore(2)


def _hasher() -> PasswordHasher:
    return _cheap if current_app.config["PASSWORD_HASHING"] == "cheap" else _full


def email_key(email: str) -> str:
    """The form in which two spellings of one address meet: lower case, no +tag, no dots at Google."""
    local, _at, domain = email.strip().casefold().rpartition("@")
    local = local.split("+", 1)[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def ask_for_link(email: str, *, next_path: str, network: str) -> None:
    """Mail a sign-in link. The answer is the same for known, unknown and over-asked addresses."""
    address = email.casefold()
    if not limits.take(limits.SIGN_IN_LINK_NETWORK, network) or not limits.take(limits.SIGN_IN_LINK_ADDRESS, address):
        return
    secret = new_secret()
    with transaction():
        link = SignInLink.create(
            email=address,
            secret_hash=digest(secret),
            next_path=next_path,
            expires_at=clock.now() + timedelta(minutes=LINK_MINUTES),
        )
        person = Person.get_or_none(Person.email == address)
        message = emails.sign_in_link(address, secret, minutes=LINK_MINUTES, is_new=person is None)
        outbox.enqueue(message, kind="sign-in-link", about=str(link.id))


def find_link(secret: str) -> SignInLink | None:
    """The link that still works for this secret, or None."""
    return SignInLink.get_or_none(
        SignInLink.secret_hash == digest(secret), SignInLink.used_at.is_null(), SignInLink.expires_at > clock.now()
    )


def is_new(email: str) -> bool:
    """Whether no account has this address yet, or one without a name."""
    person = Person.get_or_none(Person.email == email)
    return person is None or not person.name


def use_link(secret: str, *, name: str, device: str) -> tuple[SignIn, str]:
    """Sign in by a mailed link, making the account if there is none. Returns the sign-in and where to go.

    Raises RuleBroken when the link was used, is too old, or a new person gave no name.
    """
    now = clock.now()
    with transaction():
        link = SignInLink.get_or_none(SignInLink.secret_hash == digest(secret))
        used = (
            SignInLink.update(used_at=now)
            .where(SignInLink.secret_hash == digest(secret), SignInLink.used_at.is_null(), SignInLink.expires_at > now)
            .execute()
        )
        if link is None or not used:
            raise RuleBroken(_("This link was used already or is too old. Ask for a new one"))
        person = Person.get_or_none(Person.email == link.email)
        if person is None:
            if not name:
                raise RuleBroken(_("Enter your name"), field="name")
            person = Person.create(email=link.email, name=name)
        elif name and not person.name:
            Person.update(name=name).where(Person.id == person.id).execute()
            person.name = name
        return _begin(person, device=device, way="link"), link.next_path


def sign_in_by_password(email: str, password: str, *, device: str, network: str) -> SignIn | None:
    """Sign in by password; None when address and password do not fit. Spends the same time for unknown addresses.

    Raises TooFast after ten tries in a quarter of an hour from one network for one address.
    """
    address = email.casefold()
    limits.spend(limits.PASSWORD_TRY, f"{address}|{network}")
    person = Person.get_or_none(Person.email == address)
    stored = person.password_hash if person is not None else None
    with _two_at_once:
        if person is None or not stored:
            _hasher().hash(password)
            return None
        try:
            _hasher().verify(stored, password)
        except (VerificationError, InvalidHashError):
            return None
        renewed = _hasher().hash(password) if _hasher().check_needs_rehash(stored) else None
    with transaction():
        if renewed:
            Person.update(password_hash=renewed).where(Person.id == person.id).execute()
        return _begin(person, device=device, way="password")


def _begin(person: Person, *, device: str, way: str) -> SignIn:
    secret = new_secret()
    sign_in = SignIn.create(person=person, secret_hash=digest(secret), device=device[:60], way=way)
    sign_in.secret = secret
    person.sign_in = sign_in
    return sign_in


def find_sign_in(secret: str) -> Person | None:
    """The person signed in with this cookie's secret, or None when that sign-in ended or slept too long."""
    idle = timedelta(days=current_app.config["SESSION_IDLE_DAYS"])
    now = clock.now()
    values = _SIGNED_IN.run(secret=digest(secret), earliest=as_stored(now - idle)).fetchone()
    if values is None:
        return None
    sign_in: SignIn = row_of(SignIn, values[:_OF_SIGN_IN])
    sign_in.person = row_of(Person, values[_OF_SIGN_IN:])
    if now - sign_in.last_seen_at > SEEN_EVERY:
        # WHERE ended_at: a late write must not bring back a sign-in that was ended meanwhile.
        SignIn.update(last_seen_at=now).where(SignIn.id == sign_in.id, SignIn.ended_at.is_null()).execute()
    sign_in.secret = secret
    sign_in.person.sign_in = sign_in
    return sign_in.person


# Every request of somebody signed in asks this.
_OF_SIGN_IN = len(SignIn._meta.sorted_fields)
_SIGNED_IN = Written(
    lambda: (
        SignIn.select(SignIn, Person)
        .join(Person)
        .where(
            SignIn.secret_hash == blank("secret"), SignIn.ended_at.is_null(), SignIn.last_seen_at > blank("earliest")
        )
    )
)


def end_sign_in(sign_in: SignIn, *, by: Person) -> None:
    """Sign out one browser. Raises RuleBroken when it is somebody else's."""
    if sign_in.person_id != by.id:
        raise RuleBroken(_("That is not your sign-in"))
    with transaction():
        SignIn.update(ended_at=clock.now()).where(SignIn.id == sign_in.id, SignIn.ended_at.is_null()).execute()


def end_other_sign_ins(person: Person, *, keep: SignIn | None) -> int:
    """Sign out every other browser of this person. Returns how many."""
    others = (SignIn.person == person.id) & SignIn.ended_at.is_null()
    if keep is not None:
        others &= SignIn.id != keep.id
    with transaction():
        return SignIn.update(ended_at=clock.now()).where(others).execute()


def set_password(person: Person, password: str) -> None:
    """Set or change the password and end every other sign-in.

    Raises RuleBroken when it is shorter than 12 or longer than 128 characters, or is the own name or address.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise RuleBroken(
            _("The password must be 12 characters or more. Three or four words are easy to keep"), field="password"
        )
    if len(password) > LONGEST_PASSWORD:
        raise RuleBroken(_("The password must be 128 characters or less"), field="password")
    plain = password.casefold()
    own = {
        person.email,
        person.email.partition("@")[0],
        person.name.casefold(),
        current_app.config["SITE_NAME"].casefold(),
    }
    if any(word and plain.replace(word, "") in {"", "1", "12", "123", "1234"} for word in own) or len(set(plain)) < 4:
        raise RuleBroken(_("That password is too easy to guess. Use three or four words"), field="password")
    with _two_at_once:
        hashed = _hasher().hash(password)
    with transaction():
        Person.update(password_hash=hashed).where(Person.id == person.id).execute()
        end_other_sign_ins(person, keep=person.sign_in)


def change_name(person: Person, name: str) -> None:
    """Set the name that fellow members see."""
    with transaction():
        Person.update(name=name).where(Person.id == person.id).execute()
    person.name = name


def declare_interest(person: Person, *, declaration: str, area: str, since_on: date | None = None) -> OrganizerProfile:
    """Become an organizer, or change what is declared. The declaration stands beside the name wherever one helps."""
    with transaction():
        profile = OrganizerProfile.get_or_none(OrganizerProfile.person == person.id)
        if profile is None:
            return OrganizerProfile.create(person=person, declaration=declaration, area=area, since_on=since_on)
        profile.declaration, profile.area, profile.updated_at = declaration, area, clock.now()
        profile.save()
        return profile


@jobs.hourly
def forget_old_sign_ins() -> int:
    """Delete links that no longer work and sign-ins that ended a month ago; returns how many rows."""
    now = clock.now()
    with transaction():
        links = SignInLink.delete().where(SignInLink.expires_at < now - timedelta(days=1)).execute()
        over = SignIn.delete().where(SignIn.ended_at < now - timedelta(days=30)).execute()
    return links + over


def forget_person(person: Person) -> None:
    """Take everything out of an account that says who it was. What was written in common stays, without a name.

    The caller has ended memberships and pairs. The row stays so that records still point somewhere.
    """
    with transaction():
        SignIn.delete().where(SignIn.person == person.id).execute()
        SignInLink.delete().where(SignInLink.email == person.email).execute()
        OrganizerProfile.delete().where(OrganizerProfile.person == person.id).execute()
        outbox.forget_address(person.email)
        Person.update(
            email=f"gone-{person.id}@invalid", name="", password_hash=None, is_steward=False, closed_at=clock.now()
        ).where(Person.id == person.id).execute()
