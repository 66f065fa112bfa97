"""Operations that write mails build links, which takes a request around them."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def in_a_request(app: Flask, clean_slate: None) -> Iterator[None]:
    """Run the test as if inside some request."""
    with app.test_request_context():
        yield
