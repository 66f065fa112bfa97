"""A message that kills or hangs whoever opens it costs one child, and the next one is sorted."""

from pathlib import Path

import pytest

from portal.inbound import child, processing
from portal.inbound.models import InboundMail
from portal.inbound.processing import sort_waiting
from portal.inbound.receiving import receive
from portal.responses.models import Response
from tests.inbound.stage import write

DEADLY = "import sys, os; sys.argv.pop(1); {}"


@pytest.mark.parametrize(
    ("deed", "why"), [("os.kill(os.getpid(), 11)", "died"), ("import time; time.sleep(60)", "hung")]
)
def test_a_child_that_dies_or_hangs_is_named(tmp_path: Path, monkeypatch, real_child, deed: str, why: str):
    (tmp_path / "raw").write_bytes(write())
    monkeypatch.setattr(child, "_START", DEADLY.format(deed))
    with pytest.raises(child.CannotBeTakenApart, match=why), child.opened(tmp_path / "raw", seconds=0.5):
        pass


def test_memory_is_bounded(tmp_path: Path, monkeypatch, real_child):
    hungry = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from apart.__main__ import limit; limit(); x = 'a' * 2**30"
    )
    (tmp_path / "raw").write_bytes(write())
    monkeypatch.setattr(child, "_START", hungry)
    with pytest.raises(child.CannotBeTakenApart, match="died"), child.opened(tmp_path / "raw"):
        pass


def test_a_deadly_message_is_shown_to_leads_as_it_came_and_the_next_is_sorted(address, monkeypatch, letter):
    deadly = receive(write("deadly\n"), to=address)
    fine = receive(write("fine\n"), to=address)
    real = child.opened

    def opened(raw: Path):
        if b"deadly" in raw.read_bytes():
            raise child.CannotBeTakenApart("died")
        return real(raw)

    monkeypatch.setattr(child, "opened", opened)
    assert sort_waiting() == 2
    found = InboundMail.get_by_id(deadly.id)
    assert (found.state, found.sort, found.why, found.waits_for_a_person) == ("broken", "unverified", "died", True)
    assert InboundMail.get_by_id(fine.id).sort == "response"


def test_a_message_whose_worker_dies_each_time_is_given_up(address, monkeypatch):
    mail = receive(write(), to=address)
    InboundMail.update(attempt_count=processing.MOST_ATTEMPTS).where(InboundMail.id == mail.id).execute()
    sort_waiting()
    assert InboundMail.get_by_id(mail.id).state == "broken"


def test_trouble_while_sorting_leaves_the_message_for_another_try(address, monkeypatch):
    receive(write(), to=address)
    monkeypatch.setattr(processing.settling, "settle", lambda *a: (_ for _ in ()).throw(OSError("full")))
    assert sort_waiting() == 1
    assert (InboundMail.get().state, Response.select().count()) == ("waiting", 0)
