"""Makes a portal's database and puts people into it: python -m tests.journeys.prepare demo|elsewhere|desk|answers"""

import sys

from portal import clock, create_app, migrate


def prepare(what: str) -> None:
    """Migrate, then load the demo campaigns, one campaign of other people, or one that writes letters."""
    app = create_app()
    with app.app_context():
        migrate.up(app.config["DATA_DIR"])
        if what == "demo":
            from portal.demo.load import load_demo

            load_demo(clock.today(), reset=False, tell=lambda _words: None)
        elif what == "desk":
            from tests.journeys import desk_data

            desk_data.fill()
        elif what in ("answers", "a night"):
            from tests.journeys import answers_data

            (answers_data.fill if what == "answers" else answers_data.sleep_on_it)()
        else:
            from tests.journeys import elsewhere

            elsewhere.fill()


if __name__ == "__main__":
    prepare(sys.argv[1])
