"""The demo, loaded once for these tests and taken out again behind them."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from portal.database import close_connection, open_connection
from portal.demo import load, removal

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="package")
def demo(app: Flask) -> Iterator[list[str]]:
    """The loaded demo; the lines it told while it loaded. A load takes seconds: see `pytest_xdist_make_scheduler`."""
    told: list[str] = []
    with app.app_context():
        open_connection()
        load.load_demo(TODAY, reset=False, tell=told.append)
    yield told
    with app.app_context():
        open_connection()
        removal.remove_demo()
        load.marker().unlink(missing_ok=True)
        close_connection()


@pytest.fixture
def without_demo(demo: list[str], app: Flask) -> Iterator[None]:
    """The portal as it was before anybody loaded the demo."""
    removal.remove_demo()
    load.marker().unlink()
    yield
    load.marker().touch()
