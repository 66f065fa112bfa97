"""Makes a portal's database and puts people into it, in one process: python -m tests.journeys.prepare demo|elsewhere"""

import sys

from portal import clock, create_app, migrate


def prepare(what: str) -> None:
    """Migrate, then load the demo campaigns or one campaign of other people."""
    app = create_app()
    with app.app_context():
        migrate.up(app.config["DATA_DIR"])
        if what == "demo":
            from portal.demo.load import load_demo

            load_demo(clock.today(), reset=False, tell=lambda _words: None)
        else:
            from tests.journeys import elsewhere

            elsewhere.fill()


if __name__ == "__main__":
    prepare(sys.argv[1])
