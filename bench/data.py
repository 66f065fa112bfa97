"""The data that is measured: public campaigns with a frozen letter and many names, and somebody signed in."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import peewee
from flask import Flask

from bench.servers import SECRET
from portal import clock, create_app, migrate
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import close_connection, transaction
from portal.letters.editions.models import SignedVersion
from portal.letters.models import Letter, LetterVersion, Signature
from portal.people import operations
from portal.places.models import Building, Home
from tests import builders

SMALL, LARGE = 1_000, 10_000
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Filled:
    """One campaign: where its page and its letter are, and the row of the letter."""

    campaign_path: str
    letter_path: str
    letter_id: int
    title: str


def fresh_app(data_dir: Path, database_url: str, **given: Any) -> Flask:
    """The portal in this process, as it is in production, with an empty database."""
    app = create_app(
        {
            "ENVIRONMENT": "production",
            "PRODUCTION": True,
            "DEVELOPMENT": False,
            "TESTING": False,
            "DATA_DIR": data_dir,
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "SMTP_HOST": "",
            "JOBS_HELD": True,
            **given,
        }
    )
    with app.app_context():
        migrate.up(data_dir)
    return app


def fill(app: Flask) -> tuple[Filled, Filled, str]:
    """Make a small and a large campaign. Returns both and the session cookie of one who leads both."""
    with app.test_request_context():
        with transaction():
            leads = [builders.build_person("Amina Dirie"), builders.build_person("Ben Okafor")]
            small, large = (_campaign(leads, count) for count in (SMALL, LARGE))
            started = operations._begin(leads[0], device="Bench", way="link")
        keeper: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        session = keeper.dumps({"_user_id": started.secret, "_fresh": True, "_permanent": True})
    close_connection()
    return small, large, f"s={session}"


def _campaign(leads: list[Any], names: int) -> Filled:
    members = [builders.build_person() for _ in range(10)]
    campaign = builders.build_campaign(
        leads=leads,
        members=members,
        visibility="public",
        state="active",
        floors=12,
        homes_per_floor=7,
        title=f"Dry walls, working lifts ({names})",
    )
    for what in ("Survey every home that reported mould", "Mend the lifts before the winter", "Meet us in our room"):
        builders.build_demand(campaign, what)
    letter = builders.build_letter(campaign, title="We ask for dry walls and working lifts")
    builders.freeze_by_vote(letter, *leads, members[0])
    _sign_many(letter, names)
    # Enough lines for a full page of the timeline.
    for number in range(40):
        day = clock.today() - timedelta(days=3 * number)
        record(
            campaign,
            "meeting_called",
            by=leads[0],
            on=day,
            is_public=True,
            title="Meeting of the block",
            starts_at=clock.now().isoformat(),
        )
    for what in ("Fit fans in every bathroom", "Inspect the roof"):
        builders.build_commitment(campaign, what, is_public=True, due_on=clock.today() + timedelta(days=20))
    return Filled(f"/campaigns/{campaign.key}", f"/letters/{letter.key}", letter.id, campaign.title)


def _sign_many(letter: Letter, names: int) -> None:
    version = letter.versions.order_by(LetterVersion.number.desc()).get()
    homes = list(Home.select().join(Building).where(Building.place == letter.campaign.place_id))
    displays = ("hidden", "full", "first_name", "resident")
    now = clock.now()
    rows = [
        {
            "letter": letter.id,
            "version": version.id,
            "name": f"Neighbour {number}",
            "state": "confirmed",
            "email": f"{number}@example.org",
            "email_key": secrets.token_hex(16),
            "display": displays[number % 4],
            "home": homes[number % len(homes)].id,
            "mail_count": 1,
            "confirmed_at": now,
        }
        for number in range(names)
    ]
    for start in range(0, names, ROWS_AT_ONCE):
        Signature.insert_many(rows[start : start + ROWS_AT_ONCE]).execute()
    under = SignedVersion.insert_from(
        Signature.select(Signature.id, Signature.version, peewee.Value("signed"), Signature.confirmed_at).where(
            Signature.letter == letter.id
        ),
        fields=[SignedVersion.signature, SignedVersion.version, SignedVersion.how, SignedVersion.at],
    )
    under.execute()
    counts = {"signature_count": names, "signed_home_count": len(homes)}
    LetterVersion.update(counts).where(LetterVersion.id == version.id).execute()
    Letter.update(counts).where(Letter.id == letter.id).execute()
    Campaign.update(counts).where(Campaign.id == letter.campaign_id).execute()
