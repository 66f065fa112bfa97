"""Which deliveries the clocks of a letter go by, and when each counts as received."""

from datetime import date

from portal.letters.models import Delivery
from portal.responses.deadlines import operations
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.deadlines.models import Deadline
from tests.counting import count_sql
from tests.deadlines.stage import ACK, address


def runs(letter):
    """Whether any clock of it runs."""
    keep_deadlines(letter)
    return Deadline.select().where(Deadline.letter == letter.id, Deadline.due_on.is_null(False)).exists()


def test_a_letter_by_post_says_when_it_counts_as_received_and_by_which_rule(letter, delivery, sign_in, cast):
    Delivery.update(channel="post").where(Delivery.id == delivery.id).execute()
    operations.choose_rules(letter, [ACK], by=cast.amina)
    with count_sql() as seen:
        page = sign_in(cast.cerys).get(address(letter)).text
    assert len([sql for sql in seen if sql.startswith(("SELECT", "WITH", "(SELECT"))]) <= 5, seen
    assert "counts as received Wed 18 Nov by the rule" in page


def test_one_that_came_back_says_so_and_no_clock_goes_by_it(letter, delivery, sign_in, cast):
    Delivery.update(came_back_on=date(2026, 11, 20)).where(Delivery.id == delivery.id).execute()
    page = sign_in(cast.cerys).get(address(letter)).text
    assert "came back Fri 20 Nov, so no clock goes by it" in page and not runs(letter)


def test_what_was_shown_in_public_starts_no_clock_and_is_not_listed(letter, delivery, sign_in, cast):
    Delivery.update(channel="public").where(Delivery.id == delivery.id).execute()
    assert not runs(letter)
    assert "our letter" not in sign_in(cast.cerys).get(address(letter)).text


def test_their_own_form_counts_like_any_other_way(letter, delivery):
    Delivery.update(channel="web").where(Delivery.id == delivery.id).execute()
    assert runs(letter)
