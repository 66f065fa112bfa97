"""A street signs in one moment, each with a connection of their own: python -m tests.signing.crowding

In a process of its own with a database of its own, because the rows have to be committed. Prints what came of it as
JSON: how each was answered, and what stands in the database.
"""

import json
import threading
from typing import Any

from flask import Flask
from werkzeug.test import run_wsgi_app

from portal import clock, create_app, migrate
from portal.database import close_connection, is_sqlite, our_turn
from portal.letters import new_signatures
from portal.letters.models import Letter, Signature
from portal.once import OnceKey
from portal.outbox import OutgoingMail
from tests import builders
from tests.clients import Client
from tests.signing.two_ways import Ways

# More than one network may sign in a day, so that some of one network are held.
FROM_ONE_NETWORK, FROM_OTHERS = 70, 20


def main() -> None:
    """Sign, and print."""
    app = create_app()
    app.test_client_class = Client
    with app.test_request_context():
        migrate.up(app.config["DATA_DIR"])
        campaign = builders.build_campaign(leads=[builders.build_person()], visibility="public")
        letter = builders.build_letter(campaign, frozen=True)
        ways = Ways(app, app.test_client(), f"/letters/{letter.key}/signatures")
        forms = [(ways.form(email=f"n{n}@example.org"), "10.1.2.3") for n in range(FROM_ONE_NETWORK)]
        forms += [(ways.form(email=f"o{n}@example.org"), f"10.2.{n}.3") for n in range(FROM_OTHERS)]
        # Somebody presses twice, and somebody else types an address that another has typed, too.
        forms += [forms[-1], (ways.form(email="o0@example.org", name="Not Rosa"), "10.3.1.1")]
        # What a process has seen of the letter is older than its title.
        answers = pressed_at_once(app, ways, forms[:1])
        Letter.update(title="A new title").where(Letter.id == letter.id).execute()
        # One who finds it changed, a crowd in which all goes well, and one in which somebody fails.
        for some in (forms[1:2], forms[2:40], forms[40:]):
            answers += pressed_at_once(app, ways, some)
        print(json.dumps({"answers": answers, **stored()}))


def pressed_at_once(app: Flask, ways: Ways, forms: list[Any]) -> list[str]:
    """The answers to forms that all are there before the first is stored; where nobody is kept waiting, nearly so."""
    got = [""] * len(forms)

    def press(nth: int, form: dict[str, str], network: str) -> None:
        environ = ways.environ(form, REMOTE_ADDR=network)
        with app.app_context():
            _body, status, headers = run_wsgi_app(app.wsgi_app, environ, buffered=True)
            got[nth] = f"{status[:3]} {headers.get('Location')}"
            close_connection()

    threads = [threading.Thread(target=press, args=(nth, *form)) for nth, form in enumerate(forms)]
    with our_turn():
        for thread in threads:
            thread.start()
        while is_sqlite() and len(new_signatures._crowd._waiting) < len(forms):
            threading.Event().wait(0.002)
    for thread in threads:
        thread.join()
    return got


def stored() -> dict[str, Any]:
    """What stands in the database, in figures."""
    names = [signature.email for signature in Signature.select()]
    return {
        "signatures": len(names),
        "people": len(set(names)),
        "held": [s.email[0] for s in Signature.select().where(Signature.is_held == True)],  # noqa: E712
        "keys": OnceKey.select().count(),
        "mails": OutgoingMail.select().where(OutgoingMail.kind == "confirm").count(),
        "old titles": OutgoingMail.select().where(~OutgoingMail.facts.contains("A new title")).count(),
        "today": str(clock.today()),
    }


if __name__ == "__main__":
    main()
