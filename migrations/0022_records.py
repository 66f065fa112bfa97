"""The shared record of an organization grows: names, addresses, domains, people; proposals for it, and corrections."""

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


class Response(pw.Model):
    class Meta:
        table_name = "response"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class Organization(pw.Model):
    class Meta:
        table_name = "organization"


class OrganizationName(pw.Model):
    organization = pw.ForeignKeyField(Organization, on_delete="CASCADE")
    name = pw.TextField()
    name_key = pw.TextField(unique=True)
    since_at = pw.DateTimeField()

    class Meta:
        table_name = "organization_name"


class OrganizationAddress(pw.Model):
    organization = pw.ForeignKeyField(Organization, on_delete="CASCADE")
    purpose = pw.TextField(default="complaints")
    way = pw.TextField(default="email")
    value = pw.TextField()
    valid_from = pw.DateField(null=True)
    valid_until = pw.DateField(null=True)
    verified_on = pw.DateField(null=True)
    verified_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")

    class Meta:
        table_name = "organization_address"
        constraints = [
            pw.Check("purpose IN ('complaints','letters','chief_executive','press','data_requests','other')"),
            pw.Check("way IN ('email','post','web')"),
        ]


class MailDomain(pw.Model):
    organization = pw.ForeignKeyField(Organization, on_delete="CASCADE")
    domain = pw.TextField()
    since_at = pw.DateTimeField()

    class Meta:
        table_name = "mail_domain"
        indexes = ((("organization", "domain"), True),)


class PostHolder(pw.Model):
    organization = pw.ForeignKeyField(Organization, on_delete="CASCADE")
    name = pw.TextField()
    post = pw.TextField(default="")
    since_on = pw.DateField(null=True)
    until_on = pw.DateField(null=True)

    class Meta:
        table_name = "post_holder"


class RecordProposal(pw.Model):
    organization = pw.ForeignKeyField(Organization, on_delete="CASCADE")
    subject = pw.TextField()
    row_id = pw.IntegerField(default=0)
    was = pw.TextField(default="")
    becomes = pw.TextField(default="")
    terms = pw.TextField(default="{}")
    why = pw.TextField(default="")
    by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = pw.DateTimeField()
    state = pw.TextField(default="open")
    seconded_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    seconded_for = pw.ForeignKeyField(Campaign, null=True, backref="+", on_delete="SET NULL")
    decided_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    decided_at = pw.DateTimeField(null=True)
    decision = pw.TextField(default="")

    class Meta:
        table_name = "record_proposal"
        indexes = ((("organization", "state", "id"), False),)
        constraints = [
            pw.Check(
                "subject IN ('name','other_name','parent','sector','country','website','address','address_end',"
                "'domain','domain_end','person','person_end','words')"
            ),
            pw.Check("state IN ('open','accepted','declined','withdrawn')"),
            pw.Check("(decided_at IS NULL) = (state = 'open')"),
            pw.Check("state <> 'declined' OR decision <> ''"),
        ]


class RecordChange(pw.Model):
    organization = pw.ForeignKeyField(Organization, on_delete="CASCADE")
    subject = pw.TextField()
    was = pw.TextField(default="")
    becomes = pw.TextField(default="")
    proposal = pw.ForeignKeyField(RecordProposal, null=True, backref="+", on_delete="SET NULL")
    by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = pw.DateTimeField()

    class Meta:
        table_name = "record_change"
        indexes = ((("organization", "id"), False),)


class Correction(pw.Model):
    organization = pw.ForeignKeyField(Organization, null=True, on_delete="CASCADE")
    campaign = pw.ForeignKeyField(Campaign, null=True, on_delete="CASCADE")
    letter = pw.ForeignKeyField(Letter, null=True, on_delete="SET NULL")
    statement = pw.TextField()
    right = pw.TextField()
    subject = pw.TextField(default="words")
    name = pw.TextField()
    post = pw.TextField(default="")
    email = pw.TextField(default="")
    file = pw.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    state = pw.TextField(default="pending")
    sender_check = pw.TextField(default="unchecked")
    nonce = pw.CharField(max_length=32, unique=True)
    created_at = pw.DateTimeField()
    confirmed_at = pw.DateTimeField(null=True)
    response = pw.ForeignKeyField(Response, null=True, on_delete="SET NULL")
    proposal = pw.ForeignKeyField(RecordProposal, null=True, backref="+", on_delete="SET NULL")
    handled_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    handled_at = pw.DateTimeField(null=True)
    handled_note = pw.TextField(default="")

    class Meta:
        table_name = "correction"
        indexes = ((("campaign", "state", "id"), False), (("state", "created_at"), False))
        constraints = [
            pw.Check("state IN ('pending','confirmed')"),
            pw.Check("sender_check IN ('checked','unchecked')"),
            pw.Check("campaign_id IS NOT NULL OR organization_id IS NOT NULL"),
        ]


TABLES = (OrganizationName, OrganizationAddress, MailDomain, PostHolder, RecordProposal, RecordChange, Correction)
STUBS = (Person, Campaign, Letter, Response, StoredFile, Organization)


def _columns():
    def record(backref):
        return pw.ForeignKeyField(Organization, field=Organization.id, null=True, backref=backref, on_delete="SET NULL")

    return (
        ("country", pw.TextField(default="", constraints=[pw.SQL("DEFAULT ''")])),
        ("version", pw.IntegerField(default=1, constraints=[pw.SQL("DEFAULT 1")])),
        ("parent_id", record("+")),
        ("merged_into_id", record("+")),
    )


def up(migrator, db):
    migrator.migrate(
        *(migrator.add_column("organization", name, field, allow_not_null=True) for name, field in _columns())
    )
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
    for name, field in reversed(_columns()):
        if isinstance(field, pw.ForeignKeyField):
            migrator.migrate(migrator.drop_index("organization", f"organization_{name}"))
        migrator.migrate(migrator.drop_column("organization", name, cascade=False))
