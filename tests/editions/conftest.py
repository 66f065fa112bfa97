"""The same letter as in the tests of the talk about it."""

from tests.talk.conftest import campaign, dee, letter

__all__ = ["campaign", "dee", "letter"]
