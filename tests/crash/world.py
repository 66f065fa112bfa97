"""Makes the campaign that the crash tests work on, in a process of its own: python -m tests.crash.world"""

import json
from typing import Any

from flask import Flask

from portal import create_app, migrate
from portal.database import transaction
from portal.outbox import OutgoingMail
from portal.people import operations
from tests import builders


def main() -> None:
    """Migrate, fill, and print what the tests need to know as JSON."""
    app = create_app()
    with app.test_request_context():
        migrate.up(app.config["DATA_DIR"])
        with transaction():
            leads = [builders.build_person("Amina Dirie"), builders.build_person("Ben Okafor")]
            campaign = builders.build_campaign(leads=leads, visibility="public", floors=2, homes_per_floor=2)
            draft = builders.build_letter(campaign, title="Still being written")
            frozen = builders.build_letter(campaign, title="We ask for dry walls")
            builders.freeze_by_vote(frozen, *leads)
            # The mails about the vote: a killed worker is to have the test's own mail in its hands.
            OutgoingMail.delete().execute()
            print(
                json.dumps(
                    {
                        "amina": _cookie(app, leads[0]),
                        "ben": _cookie(app, leads[1]),
                        "block": f"/campaigns/{campaign.key}/letters/{draft.id}/blocks/{draft.blocks.get().id}",
                        "letter": f"/letters/{frozen.key}",
                        "sending": f"/campaigns/{campaign.key}/letters/{frozen.id}/sending",
                    }
                )
            )


def _cookie(app: Flask, person: Any) -> str:
    """The session of a browser in which `person` is signed in."""
    started = operations._begin(person, device="A test", way="link")
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"s={serializer.dumps({'_user_id': started.secret, '_fresh': True, '_permanent': True})}"


if __name__ == "__main__":
    main()
