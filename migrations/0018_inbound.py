"""Mail that comes in, whom leads believe, what came back, and what may be shown of an answer's words."""

import peewee as pw


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Campaign(pw.Model):
    class Meta:
        table_name = "campaign"


class Letter(pw.Model):
    class Meta:
        table_name = "letter"


class Delivery(pw.Model):
    class Meta:
        table_name = "delivery"


class Response(pw.Model):
    class Meta:
        table_name = "response"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class Organization(pw.Model):
    class Meta:
        table_name = "organization"


class ReplyAddress(pw.Model):
    class Meta:
        table_name = "reply_address"


class InboundMail(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, null=True, on_delete="CASCADE")
    letter = pw.ForeignKeyField(Letter, null=True, on_delete="CASCADE")
    address = pw.ForeignKeyField(ReplyAddress, null=True, on_delete="SET NULL")
    recipient = pw.TextField()
    sender = pw.TextField(null=True)
    file = pw.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    address_key = pw.TextField()
    sha256 = pw.CharField(max_length=64)
    id_key = pw.CharField(max_length=64, null=True)
    again_count = pw.IntegerField(default=0)
    received_at = pw.DateTimeField()
    state = pw.TextField(default="waiting")
    attempt_count = pw.IntegerField(default=0)
    lease_until = pw.DateTimeField(null=True)
    sort = pw.TextField(null=True)
    why = pw.TextField(default="")
    from_name = pw.TextField(default="")
    from_address = pw.TextField(default="")
    subject = pw.TextField(default="")
    text = pw.TextField(default="")
    left_out = pw.IntegerField(default=0)
    proved_domain = pw.TextField(default="")
    response = pw.ForeignKeyField(Response, null=True, on_delete="SET NULL")
    handled_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    handled_at = pw.DateTimeField(null=True)
    told_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "inbound_mail"
        indexes = (
            (("address_key", "sha256"), True),
            (("address_key", "id_key"), True),
            (("state", "id"), False),
            (("campaign", "id"), False),
            (("letter", "id"), False),
        )
        constraints = [
            pw.Check("state IN ('waiting','sorted','broken')"),
            pw.Check("sort IS NULL OR sort IN ('response','unverified','auto_reply','bounce','spam','held')"),
            pw.Check("length(sha256) = 64"),
        ]


class InboundFile(pw.Model):
    mail = pw.ForeignKeyField(InboundMail, on_delete="CASCADE")
    file = pw.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    position = pw.IntegerField(default=0)

    class Meta:
        table_name = "inbound_file"
        indexes = ((("mail", "position"), True),)


class BelievedDomain(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, on_delete="CASCADE")
    organization = pw.ForeignKeyField(Organization, on_delete="CASCADE")
    domain = pw.TextField()
    added_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = pw.DateTimeField()
    removed_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    removed_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "believed_domain"
        indexes = ((("campaign", "organization"), False),)


class Bounce(pw.Model):
    delivery = pw.ForeignKeyField(Delivery, on_delete="CASCADE")
    mail = pw.ForeignKeyField(InboundMail, null=True, on_delete="SET NULL")
    action = pw.TextField()
    status = pw.TextField(default="")
    reason = pw.TextField(default="")
    recipient = pw.TextField(default="")
    at = pw.DateTimeField()
    settled_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    settled_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "bounce"
        indexes = ((("delivery", "mail"), True),)
        constraints = [pw.Check("action IN ('failed','delayed')")]


class PublicExcerpt(pw.Model):
    response = pw.ForeignKeyField(Response, unique=True, on_delete="CASCADE")
    text = pw.TextField()
    shown_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    shown_at = pw.DateTimeField()
    taken_back_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "public_excerpt"


TABLES = [InboundMail, InboundFile, BelievedDomain, Bounce, PublicExcerpt]
OTHERS = [Person, Campaign, Letter, Delivery, Response, StoredFile, Organization, ReplyAddress]


def up(migrator, db):
    with db.bind_ctx((*OTHERS, *TABLES)):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx((*OTHERS, *TABLES)):
        db.drop_tables(TABLES[::-1], safe=False)
