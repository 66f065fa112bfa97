"""A campaign, the people in it, and what two leads agree on."""

from datetime import date
from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.people.models import Person
from portal.places.models import Place
from portal.targets.models import Target

KINDS = ("repairs", "damp", "safety", "water", "energy", "charges", "demolition", "club", "other")
STATES = ("gathering", "active", "paused", "won", "partly_won", "lost", "ended")
VISIBILITIES = ("circle", "link", "public")
ROLES = ("lead", "drafter", "door_captain", "secretary", "spokesperson")
DEMAND_KINDS = ("do", "stop", "give", "meet", "promise", "answer")
AGREEMENT_KINDS = ("go_public", "freeze_letter", "send_letter", "close_campaign", "casefile_private")


class Campaign(Model):
    """What a group of neighbours wants, from whom. Owned by its members."""

    key = peewee.CharField(max_length=32, unique=True)
    title = peewee.TextField()
    problem = peewee.TextField(default="")
    kind = peewee.TextField(default="other")
    place: Any = peewee.ForeignKeyField(Place, unique=True, backref="campaigns", on_delete="RESTRICT")
    target: Any = peewee.ForeignKeyField(Target, null=True, backref="campaigns", on_delete="RESTRICT")
    state = peewee.TextField(default="gathering")
    visibility = peewee.TextField(default="circle")
    started_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    created_at = UTCDateTimeField(default=clock.now)
    public_at = UTCDateTimeField(null=True)
    # Raised in the transaction of every change that shows: cache key, ETag and poll answer.
    version = peewee.IntegerField(default=1)
    member_count = peewee.IntegerField(default=0)
    signature_count = peewee.IntegerField(default=0)
    signed_home_count = peewee.IntegerField(default=0)
    is_demo = peewee.BooleanField(default=False)
    # Since when nothing new becomes public; null while it may. See campaigns/publishing.
    publishing_paused_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("visibility", "public_at", "id"), False),)
        constraints = [
            peewee.Check("kind IN ('repairs','damp','safety','water','energy','charges','demolition','club','other')"),
            peewee.Check("state IN ('gathering','active','paused','won','partly_won','lost','ended')"),
            peewee.Check("visibility IN ('circle','link','public')"),
            peewee.Check("member_count >= 0 AND signature_count >= 0 AND signed_home_count >= 0"),
        ]

    @property
    def is_closed(self) -> bool:
        """Whether the campaign has come to an end of some kind."""
        return self.state in {"won", "partly_won", "lost", "ended"}

    @property
    def is_public(self) -> bool:
        """Whether anybody may find and read its public page."""
        return self.visibility == "public"

    @classmethod
    def visible_to(cls, person: Person | None) -> "peewee.ModelSelect[Any]":
        """Campaigns whose existence `person` may know of, when they hold the key."""
        open_ones = cls.visibility != "circle"
        if person is None:
            return cls.select().where(open_ones)
        own = Membership.select(Membership.campaign).where(Membership.person == person.id, Membership.left_at.is_null())
        helped = Attachment.select(Attachment.campaign).where(
            Attachment.person == person.id, Attachment.ended_at.is_null()
        )
        return cls.select().where(open_ones | cls.id.in_(own) | cls.id.in_(helped))

    @classmethod
    def listed(cls) -> "peewee.ModelSelect[Any]":
        """Campaigns that anybody may find."""
        return cls.select().where(cls.visibility == "public")

    def parts_of(self, person: Person | None) -> set[str]:
        """What `person` is in this campaign: visitor, signed_in, member, the roles they hold now, organizer, invited.

        One statement, remembered on this object for the request.
        """
        if person is None:
            return {"visitor"} if self.visibility != "circle" else set()
        known: dict[int, set[str]] = self.__dict__.setdefault("_parts", {})
        if person.id not in known:
            row = Campaign.select(*Campaign.parts_columns(person)).where(Campaign.id == self.id).first()
            self.remember_parts(person, row or Campaign(role_words=None, organizer_words=None))
        return known[person.id]

    @classmethod
    def parts_columns(cls, person: Any, *, on: Any = None) -> tuple[Any, Any]:
        """What `person`, or whose id it is, is in each campaign of a query, as two columns for `remember_parts`."""
        held = (Role.membership == Membership.id) & Role.ended_at.is_null() & (Role.until_on >= (on or clock.today()))
        roles = (
            Membership.select(peewee.fn.string_agg(peewee.fn.COALESCE(Role.name, "member"), ","))
            .left_outer_join(Role, on=held)
            .where(Membership.campaign == cls.id, Membership.person == person, Membership.left_at.is_null())
        )
        accepted = peewee.Case(None, [(Attachment.accepted_at.is_null(), "invited_organizer")], "organizer")
        attached = Attachment.select(peewee.fn.string_agg(accepted, ",")).where(
            Attachment.campaign == cls.id, Attachment.person == person, Attachment.ended_at.is_null()
        )
        return roles.alias("role_words"), attached.alias("organizer_words")

    def remember_parts(self, person: Person, row: Any) -> None:
        """Take what `parts_of(person)` would ask for from a row that was selected with `parts_columns(person)`."""
        parts: set[str] = set() if self.visibility == "circle" else {"visitor", "signed_in"}
        if row.role_words is not None:
            parts |= {"signed_in", "member", *row.role_words.split(",")}
        if row.organizer_words is not None:
            parts |= {"signed_in", *row.organizer_words.split(",")}
        self.__dict__.setdefault("_parts", {})[person.id] = parts

    def has_member(self, person: Person | None) -> bool:
        """Whether `person` belongs to it now."""
        return "member" in self.parts_of(person)

    def touch(self) -> None:
        """Raise the version, inside the transaction of a change that shows."""
        Campaign.update(version=Campaign.version + 1).where(Campaign.id == self.id).execute()
        self.version += 1


class Beginning(Model):
    """What somebody typed on the way to starting a campaign. Not a campaign yet; gone once there is one."""

    person: Any = peewee.ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    answers = peewee.TextField(default="{}")
    changed_at = UTCDateTimeField(default=clock.now)


class OfCampaign(Model):
    """A thing inside a campaign: seen and allowed by what people are there."""

    campaign: Any

    def parts_of(self, person: Person | None) -> set[str]:
        """What `person` is to this thing: the same as in its campaign."""
        return self.campaign.parts_of(person)

    @classmethod
    def visible_to(cls, person: Person | None) -> "peewee.ModelSelect[Any]":
        """Things in campaigns that `person` belongs to or helps."""
        if person is None:
            return cls.select().where(False)
        own = Membership.select(Membership.campaign).where(Membership.person == person.id, Membership.left_at.is_null())
        helped = Attachment.select(Attachment.campaign).where(
            Attachment.person == person.id, Attachment.ended_at.is_null(), Attachment.accepted_at.is_null(False)
        )
        return cls.select().where(cls.campaign.in_(own) | cls.campaign.in_(helped))


class Membership(OfCampaign):
    """Somebody belongs to a campaign, from joining until leaving."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="memberships", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, backref="memberships", on_delete="CASCADE")
    joined_at = UTCDateTimeField(default=clock.now)
    invited_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    how = peewee.TextField(default="invitation")
    left_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("campaign", "person"), True), (("person", "left_at"), False))
        constraints = [peewee.Check("how IN ('started','invitation','vouched','organizer')")]


class Role(Model):
    """A job in a campaign. It ends after six months unless renewed."""

    membership: Any = peewee.ForeignKeyField(Membership, backref="roles", on_delete="CASCADE")
    name = peewee.TextField()
    given_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    since_at = UTCDateTimeField(default=clock.now)
    until_on = peewee.DateField()
    ended_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("membership", "name"), False),)
        constraints = [peewee.Check("name IN ('lead','drafter','door_captain','secretary','spokesperson')")]

    def is_held(self, on: date) -> bool:
        """Whether the role is held on that day."""
        return self.ended_at is None and self.until_on >= on


class Attachment(OfCampaign):
    """An organizer who helps a campaign, by the campaign's own choice."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="attachments", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, backref="attachments", on_delete="CASCADE")
    asked_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    asked_at = UTCDateTimeField(default=clock.now)
    accepted_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("campaign", "person"), False), (("person", "ended_at"), False))


class Invitation(OfCampaign):
    """A link that lets people into the circle. The link itself is signed, not stored."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="invitations", on_delete="CASCADE")
    nonce = peewee.CharField(max_length=32, unique=True)
    made_by: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    note = peewee.TextField(default="")
    is_poster = peewee.BooleanField(default=False)
    created_at = UTCDateTimeField(default=clock.now)
    expires_at = UTCDateTimeField()
    closed_at = UTCDateTimeField(null=True)
    use_count = peewee.IntegerField(default=0)


class JoinRequest(OfCampaign):
    """Somebody asks to come in. A member who knows them vouches, or it is declined."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="join_requests", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    words = peewee.TextField(default="")
    created_at = UTCDateTimeField(default=clock.now)
    decided_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    decided_at = UTCDateTimeField(null=True)
    was_let_in = peewee.BooleanField(default=False)

    class Meta:
        table_name = "join_request"
        indexes = ((("campaign", "decided_at"), False),)


class Demand(OfCampaign):
    """What exactly is asked for. It may be saved with gaps; `gaps` says which."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="demands", on_delete="CASCADE")
    position = peewee.IntegerField(default=0)
    kind = peewee.TextField(default="do")
    what = peewee.TextField()
    who = peewee.TextField(default="")
    by_on = peewee.DateField(null=True)
    test = peewee.TextField(default="")
    home_count = peewee.IntegerField(null=True)
    first_win = peewee.TextField(default="")
    # Never leaves the circle.
    worst_acceptable = peewee.TextField(default="")
    withdrawn_at = UTCDateTimeField(null=True)
    created_at = UTCDateTimeField(default=clock.now)

    class Meta:
        indexes = ((("campaign", "position"), False),)
        constraints = [peewee.Check("kind IN ('do','stop','give','meet','promise','answer')")]

    @property
    def gaps(self) -> list[str]:
        """The questions not answered yet, by field name, in the order of the form."""
        return [name for name in ("what", "who", "by_on", "test", "home_count", "first_win") if not getattr(self, name)]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps


class Agreement(OfCampaign):
    """Something that takes two: one asks, another agrees. At most one is open for the same thing."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="agreements", on_delete="CASCADE")
    kind = peewee.TextField()
    # Which letter, delivery … it is about; 0 for the campaign itself.
    subject_id = peewee.IntegerField(default=0)
    # Frozen facts of what was asked, so that the second person agrees to exactly that (JSON).
    terms = peewee.TextField(default="{}")
    asked_by: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    asked_at = UTCDateTimeField(default=clock.now)
    agreed_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    agreed_at = UTCDateTimeField(null=True)
    withdrawn_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    withdrawn_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("campaign", "kind", "subject_id"), False),)
        constraints = [
            peewee.Check("kind IN ('go_public','freeze_letter','send_letter','close_campaign','casefile_private')"),
            peewee.Check("agreed_by_id IS NULL OR agreed_by_id <> asked_by_id"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the second person."""
        return self.agreed_at is None and self.withdrawn_at is None


class Activity(OfCampaign):
    """Something that happened, for the one timeline. Points at its subject by kind and id."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="activities", on_delete="CASCADE")
    verb = peewee.TextField()
    side = peewee.TextField(default="note")
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    # The day it belongs to on the timeline, which may be before it was typed in.
    happened_on = peewee.DateField()
    recorded_at = UTCDateTimeField(default=clock.now)
    subject_kind = peewee.TextField(default="")
    subject_id = peewee.IntegerField(default=0)
    # What the sentence needs: names, counts, outcomes (JSON). Sentences are the templates' work.
    facts = peewee.TextField(default="{}")
    is_public = peewee.BooleanField(default=False)

    class Meta:
        indexes = ((("campaign", "happened_on", "id"), False), (("subject_kind", "subject_id"), False))
        constraints = [peewee.Check("side IN ('ours','theirs','note')")]


class Closure(OfCampaign):
    """How a campaign came to an end, with its story. Re-opening keeps the row."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="closures", on_delete="CASCADE")
    outcome = peewee.TextField()
    story = peewee.TextField(default="")
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)
    reopened_at = UTCDateTimeField(null=True)

    class Meta:
        constraints = [peewee.Check("outcome IN ('won','partly_won','lost','ended')")]
