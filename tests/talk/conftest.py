"""A letter that is being written: Amina and Ben lead, Dee writes, Cerys belongs, Ola helps."""

import pytest

from portal.letters.models import Block
from portal.letters.operations import keep_letter, keep_revision
from tests.builders import add_member, build_campaign, build_letter
from tests.cast import make_person


def part(letter, kind="demand"):
    found = Block.select().where(Block.letter == letter.id, Block.kind == kind).order_by(Block.position).first()
    found.letter = letter
    return found


def at(letter, path=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}{path}"


@pytest.fixture
def campaign(cast):
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)


@pytest.fixture
def dee(campaign):
    person = make_person("Dee Drafter")
    add_member(campaign, person, "drafter")
    return person


@pytest.fixture
def letter(campaign, cast):
    letter = build_letter(campaign)
    for block in letter.blocks:
        keep_revision(block, by=cast.amina, change="began")
    keep_letter(letter, by=cast.amina, change="began")
    return letter


@pytest.fixture
def in_a_request(app, clean_slate):
    """Links in mails are built as in a request."""
    with app.test_request_context():
        yield
