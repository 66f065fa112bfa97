"""People, sign-ins, places, homes, organizations."""

import peewee as pw


class Person(pw.Model):
    email = pw.TextField(unique=True)
    name = pw.TextField(default="")
    password_hash = pw.TextField(null=True)
    is_steward = pw.BooleanField(default=False)
    is_demo = pw.BooleanField(default=False)
    created_at = pw.DateTimeField()
    closed_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "person"


class OrganizerProfile(pw.Model):
    person = pw.ForeignKeyField(Person, unique=True, backref="organizer_profiles", on_delete="CASCADE")
    declaration = pw.TextField()
    area = pw.TextField(default="")
    since_on = pw.DateField(null=True)
    updated_at = pw.DateTimeField()

    class Meta:
        table_name = "organizer_profile"


class SignIn(pw.Model):
    person = pw.ForeignKeyField(Person, backref="sign_ins", on_delete="CASCADE")
    secret_hash = pw.CharField(max_length=64, unique=True)
    device = pw.TextField(default="")
    way = pw.TextField(default="link")
    created_at = pw.DateTimeField()
    last_seen_at = pw.DateTimeField()
    ended_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "sign_in"
        constraints = [pw.Check("way IN ('link','password')")]


class SignInLink(pw.Model):
    email = pw.TextField(index=True)
    secret_hash = pw.CharField(max_length=64, unique=True)
    next_path = pw.TextField(default="")
    created_at = pw.DateTimeField()
    expires_at = pw.DateTimeField()
    used_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "sign_in_link"


class Place(pw.Model):
    name = pw.TextField()
    town = pw.TextField(default="")
    country = pw.TextField(default="gb-eng")
    home_count = pw.IntegerField(default=0)
    created_at = pw.DateTimeField()

    class Meta:
        table_name = "place"
        constraints = [
            pw.Check("country IN ('gb-eng','gb-sct','gb-wls','gb-nir','other')"),
            pw.Check("home_count >= 0"),
        ]


class Building(pw.Model):
    place = pw.ForeignKeyField(Place, backref="buildings", on_delete="CASCADE")
    name = pw.TextField()
    is_zone = pw.BooleanField(default=False)
    position = pw.IntegerField(default=0)

    class Meta:
        table_name = "building"
        indexes = ((("place", "name"), True),)


class Home(pw.Model):
    building = pw.ForeignKeyField(Building, backref="homes", on_delete="CASCADE")
    floor_label = pw.TextField(default="")
    floor_order = pw.IntegerField(default=0)
    label = pw.TextField()
    position = pw.IntegerField(default=0)
    tenure = pw.TextField(default="unknown")
    status = pw.TextField(default="occupied")
    dwelling_count = pw.IntegerField(default=1)

    class Meta:
        table_name = "home"
        indexes = ((("building", "label"), True), (("building", "floor_order", "position"), False))
        constraints = [
            pw.Check("tenure IN ('unknown','social_rent','private_rent','leasehold','shared_owner','owner')"),
            pw.Check("status IN ('occupied','empty','do_not_contact','not_a_home')"),
            pw.Check("dwelling_count >= 0"),
        ]


class Organization(pw.Model):
    name = pw.TextField()
    name_key = pw.TextField(unique=True)
    sector = pw.TextField(default="other")
    website = pw.TextField(default="")
    added_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    created_at = pw.DateTimeField()

    class Meta:
        table_name = "organization"
        constraints = [
            pw.Check(
                "sector IN ('social_housing','private_landlord','managing_agent','water','energy','council',"
                "'developer','club','other')"
            )
        ]


class Target(pw.Model):
    organization = pw.ForeignKeyField(Organization, backref="targets", on_delete="RESTRICT")
    person_name = pw.TextField(default="")
    post = pw.TextField(default="")
    email = pw.TextField(default="")
    postal_address = pw.TextField(default="")
    created_at = pw.DateTimeField()

    class Meta:
        table_name = "target"


TABLES = (Person, OrganizerProfile, SignIn, SignInLink, Place, Building, Home, Organization, Target)
STUBS = ()


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
