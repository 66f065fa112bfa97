"""The history of the whole letter through the front door."""

import pytest

from portal import clock
from portal.letters.blocks import Words, remove_block, save_block
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Block, Letter
from portal.letters.resting import rest_on
from tests.builders import build_item
from tests.counting import count_sql
from tests.talk.conftest import at, part


@pytest.fixture
def written(letter, cast):
    """Three states: as it began, with another closing, without the question."""
    save_block(part(letter, "closing"), Words("Answer us by Friday."), seen=1, by=cast.ben)
    remove_block(part(letter, "question"), seen=1, by=cast.amina, why="We know by now")
    return letter


@pytest.fixture
def writer(sign_in, dee):
    return sign_in(dee)


def test_everything_that_changed_newest_first_with_who_and_why(written, cast, sign_in):
    browser = sign_in(cast.cerys)
    with count_sql() as seen:
        page = browser.get(at(written, "/history")).text
    assert len(seen) <= 5
    assert page.index("took a part out: Question") < page.index("wrote: Closing") < page.index("began the letter")
    assert "We know by now" in page and "Name the letter" not in page


def test_any_two_states_are_compared(written, cast, sign_in):
    browser = sign_in(cast.cerys)
    with count_sql() as seen:
        page = browser.get(at(written, "/history/compare?from=1&to=3")).text
    assert len(seen) <= 5
    assert "taken out</span>" in page and "Friday" in page and "5 parts are as they were" not in page
    assert "4 parts are as they were." in page
    assert "The words are the same" in browser.get(at(written, "/history/compare?from=2&to=2")).text
    assert browser.get(at(written, "/history/compare?from=1&to=99")).status_code == 404
    assert "From version 2 to version 3" in browser.get(at(written, "/history/compare?from=x")).text


def test_a_past_state_reads_as_a_letter(written, cast, sign_in):
    browser = sign_in(cast.cerys)
    with count_sql() as seen:
        page = browser.get(at(written, "/history/1")).text
    assert len(seen) <= 5
    assert "When was the roof last inspected?" in page and "Go back to version" not in page
    assert browser.get(at(written, "/history/99")).status_code == 404


def test_a_past_state_shows_the_number_of_what_its_fact_rests_on(written, cast, sign_in):
    fact = Block.get(Block.letter == written.id, Block.kind == "fact")
    fact.letter = written
    item = build_item(written.campaign, home_count=7)
    rest_on(fact, [item.id], had=[], put_count=True, seen=fact.version, by=cast.amina)
    number = Letter.get_by_id(written.id).version
    browser = sign_in(cast.cerys)
    with count_sql() as seen:
        page = browser.get(at(written, f"/history/{number}")).text
    assert len(seen) <= 5
    assert "7 homes" in page and "{count}" not in page


def test_changes_are_paged_by_key(letter, cast, sign_in):
    for number in range(30):
        LetterRevision.create(letter=letter, number=number + 2, arrangement="[]", title="x", why=f"Reason {number}.")
    browser = sign_in(cast.cerys)
    page = browser.get(at(letter, "/history")).text
    assert "Reason 29." in page and "Reason 1." not in page
    assert "Reason 1." in browser.get(page.split('rel="next" href="')[1].split('"')[0]).text


class TestGoingBack:
    def test_a_writer_goes_back(self, written, writer):
        assert "Go back to version 1" in writer.get(at(written, "/history/1")).text
        answer = writer.send(at(written, "/history/1/restoring"), {"seen": 3, "why": "Better"})
        assert answer.status_code == 303
        page = writer.get(answer.headers["Location"]).text
        assert "When was the roof last inspected?" in page and "says again what it said then" in page

    def test_somebody_saved_meanwhile(self, written, writer, cast):
        page = writer.send(at(written, "/history/1/restoring"), {"seen": 2, "why": "Kept reason"})
        assert page.status_code == 409 and "The text changed while you were reading" in page.text
        assert 'value="Kept reason"' in page.text and 'name="seen" type="hidden" value="3"' in page.text
        assert Letter.get_by_id(written.id).version == 3

    def test_without_a_version_nothing_happens(self, written, writer):
        assert writer.send(at(written, "/history/1/restoring")).status_code == 409

    def test_a_frozen_letter_says_that_it_stays(self, written, writer):
        Letter.update(frozen_at=clock.now()).where(Letter.id == written.id).execute()
        for path, sent in (("/history/1/restoring", {"seen": 3}), ("/history/names", {"name": "outline", "seen": 3})):
            page = writer.send(at(written, path), sent)
            assert page.status_code == 422 and "The text of this letter is frozen" in page.text
        assert "Go back to version" not in writer.get(at(written, "/history/1")).text

    def test_a_long_reason_is_kept(self, written, writer):
        page = writer.send(at(written, "/history/1/restoring"), {"seen": 3, "why": "x" * 301})
        assert page.status_code == 422 and "300 characters or less" in page.text and "xxx" in page.text

    def test_members_may_not_and_strangers_know_nothing(self, written, cast, sign_in):
        for path in ("/history/1/restoring", "/history/names"):
            assert sign_in(cast.cerys).send(at(written, path), {"seen": 3, "name": "outline"}).status_code == 403
            assert sign_in(cast.nia).send(at(written, path), {"seen": 3, "name": "outline"}).status_code == 404
        assert Block.select().where(Block.text == "Answer us by Friday.").exists()


class TestNames:
    def test_a_state_gets_a_name_and_is_found_by_it(self, written, writer):
        assert writer.send(at(written, "/history/names"), {"name": "proposed", "seen": 3}).status_code == 303
        page = writer.get(at(written, "/history?named=yes")).text
        assert "proposal" in page and "began the letter" not in page

    def test_choose_one(self, written, writer):
        page = writer.send(at(written, "/history/names"), {"seen": 3})
        assert page.status_code == 422 and "Choose what it is" in page.text
        assert writer.send(at(written, "/history/names"), {"seen": 3, "name": "frozen"}).status_code == 422

    def test_somebody_saved_meanwhile(self, written, writer):
        page = writer.send(at(written, "/history/names"), {"name": "proposed", "seen": 1})
        assert page.status_code == 409 and "checked" in page.text

    def test_no_name_yet(self, written, writer):
        assert "No state has a name yet" in writer.get(at(written, "/history?named=yes")).text
