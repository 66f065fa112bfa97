"""One campaign with everything in it, made once for all who ask."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from tests.cast import Cast
from tests.conftest import NOON
from tests.permissions.world import World


@pytest.fixture(scope="module")
def world(app: Flask, request: pytest.FixtureRequest) -> Iterator[World]:
    """The world whose campaign is visible as the parameter says. What a test changes in it is rolled back after it."""
    with app.app_context(), clock.frozen_at(NOON):
        db.connect(reuse_if_open=True)
        with db.atomic() as outer:
            yield World(Cast(), visibility=request.param)
            outer.rollback()
