"""A letter that was sent and an answer to it, with which every test about reading begins."""

from tests.responses.conftest import letter, response

__all__ = ["letter", "response"]
