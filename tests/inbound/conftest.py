"""A letter that was sent, its reply address, and mail that comes to it."""

from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from portal.inbound import child
from portal.inbound.apart.mime import TooMuch, take_apart
from portal.inbound.processing import sort_waiting
from portal.inbound.receiving import receive
from portal.letters import sending
from portal.letters.models import Letter
from tests import builders
from tests.inbound.stage import SENT, send_by_mail


@pytest.fixture(autouse=True)
def our_receiver(app):
    before = app.config["TRUSTED_RECEIVERS"]
    app.config["TRUSTED_RECEIVERS"] = ["mx.doorstep.example"]
    yield
    app.config["TRUSTED_RECEIVERS"] = before


@pytest.fixture(autouse=True)
def in_this_process(request, monkeypatch, tmp_path):
    """A child for each message would cost a tenth of a second; tests that want one are marked by their argument."""
    if "real_child" in request.fixturenames:
        return

    @contextmanager
    def opened(raw: Path):
        try:
            taken = take_apart(raw.read_bytes())
        except TooMuch as error:
            raise child.CannotBeTakenApart(f"too_much_{error}") from None
        for place, part in enumerate(taken.files):
            (tmp_path / str(place)).write_bytes(part.data)
        yield child.Opened(taken, tmp_path)

    monkeypatch.setattr(child, "opened", opened)


@pytest.fixture
def real_child():
    """Messages are taken apart in a child, as in life."""


@pytest.fixture
def letter(app, cast) -> Letter:
    """A letter to complaints@meridale.example that left by e-mail."""
    campaign = builders.build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public")
    letter = builders.build_letter(campaign, sent_on=SENT)
    send_by_mail(letter)
    return letter


@pytest.fixture
def address(letter) -> str:
    return sending.reply_address(letter)


@pytest.fixture
def arrive(address) -> Any:
    """arrive(raw) keeps a message and sorts it, as the listener and the worker would; gives its row."""

    def take(raw: bytes, *, to: str = "", sender: str | None = "g.oakes@meridale.example") -> Any:
        mail = receive(raw, to=to or address, sender=sender)
        sort_waiting()
        return type(mail).get_by_id(mail.id)

    return take
