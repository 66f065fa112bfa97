"""People with an account, how they sign in, and where they are signed in."""

from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.database import Model, UTCDateTimeField


class Person(Model):
    """Somebody with a confirmed address."""

    email = peewee.TextField(unique=True)
    name = peewee.TextField(default="")
    password_hash = peewee.TextField(null=True)
    is_steward = peewee.BooleanField(default=False)
    is_demo = peewee.BooleanField(default=False)
    created_at = UTCDateTimeField(default=clock.now)
    # Left for good: the row holds nothing any more that says who it was.
    closed_at = UTCDateTimeField(null=True)
    # The sign-in of this request; set by the user loader, never stored.
    sign_in: "SignIn | None" = None
    # What flask-login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What flask-login keeps in the cookie: the secret of one sign-in, not of the person."""
        assert self.sign_in is not None and self.sign_in.secret is not None
        return self.sign_in.secret

    @property
    def display_name(self) -> str:
        """The name to show to fellow members."""
        if self.closed_at is not None:
            return _("a former member")
        return self.name or _("a neighbour")

    @property
    def first_name(self) -> str:
        """The first word of the name."""
        return self.display_name.split()[0]

    def parts_of(self, person: "Person | None") -> set[str]:
        """What `person` is to this one."""
        return {"self"} if person is not None and person.id == self.id else set()


class OrganizerProfile(Model):
    """Somebody who helps campaigns as an organizer, and says openly for whom they work."""

    person: Any = peewee.ForeignKeyField(Person, unique=True, backref="organizer_profiles", on_delete="CASCADE")
    declaration = peewee.TextField()
    area = peewee.TextField(default="")
    since_on = peewee.DateField(null=True)
    updated_at = UTCDateTimeField(default=clock.now)


class SignIn(Model):
    """One browser in which somebody is signed in. Ending the row ends it at the next request."""

    person: Any = peewee.ForeignKeyField(Person, backref="sign_ins", on_delete="CASCADE")
    secret_hash = peewee.CharField(max_length=64, unique=True)
    device = peewee.TextField(default="")
    way = peewee.TextField(default="link")
    created_at = UTCDateTimeField(default=clock.now)
    last_seen_at = UTCDateTimeField(default=clock.now)
    ended_at = UTCDateTimeField(null=True)
    # The secret itself is known only while the request lasts.
    secret: str | None = None

    class Meta:
        table_name = "sign_in"
        constraints = [peewee.Check("way IN ('link','password')")]


class SignInLink(Model):
    """A link mailed to an address. Works once, for ten minutes. Completing it makes the account if there is none."""

    email = peewee.TextField(index=True)
    secret_hash = peewee.CharField(max_length=64, unique=True)
    next_path = peewee.TextField(default="")
    created_at = UTCDateTimeField(default=clock.now)
    expires_at = UTCDateTimeField()
    used_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "sign_in_link"
