"""What did they actually answer? The picture, its sentence, and what everybody may see of it."""

from datetime import date

from portal.campaigns.models import Campaign
from portal.pictures import shorten, text_width
from portal.responses.answers.matrix import Column, matrix_of
from portal.responses.models import Response
from portal.responses.operations import publish_response
from portal.responses.reading import Ask
from tests.builders import build_response
from tests.counting import count_sql
from tests.responses.stage import page_of, read

ASKS = [Ask(1, "demand", 1, "Survey"), Ask(2, "demand", 2, "Meet"), Ask(3, "question", 1, "When?")]
FIRST, SECOND = Column(date(2026, 11, 3), "holding"), Column(date(2026, 11, 9), "partial")


def test_it_says_what_has_no_answer_yet_and_where_readers_differ():
    cells = [{("demand", 1): ["not_answered"]}, {("demand", 1): ["yes", "no"], ("demand", 2): ["partly", "partly"]}]
    found = matrix_of(ASKS, [FIRST, SECOND], cells)
    assert [row.cells for row in found.rows] == [("not_answered", "differ"), ("unread", "partly"), ("unread", "unread")]
    assert [row.label for row in found.rows] == ["1", "2", "Q1"]


def test_nothing_asked_or_nothing_answered_is_no_picture():
    assert matrix_of([], [FIRST], [{}]) is None and matrix_of(ASKS, [], []) is None


def test_only_the_newest_columns_are_drawn():
    columns = [Column(date(2026, 11, day), "holding") for day in range(1, 21)]
    assert matrix_of(ASKS, columns, [{}] * 20).columns == tuple(columns[-12:])


def test_words_are_cut_to_their_room():
    assert shorten("Mould", 16, 200) == "Mould"
    cut = shorten("We ask for dry walls in every home", 16, 100)
    assert cut.endswith("…") and text_width(cut, 16) <= 100


class TestTheLetterPage:
    def test_it_shows_each_answer_against_each_ask_and_the_whole_list(self, letter, response, sign_in, cast):
        read(response, cast.amina, "not_answered", "no", "yes")
        build_response(letter, from_name="Somebody new")
        address = f"/campaigns/{letter.campaign.key}/letters/{letter.id}/answers"
        browser = sign_in(cast.cerys)
        page = browser.get(address).text
        assert "After 1 answer: of 3 things we asked, 2 have an answer. Still nothing to: 1." in page
        assert "<svg" in page and "As a table" in page and "Somebody new" in page
        with count_sql() as asked:
            browser.get(address)
        assert len(asked) <= 5, asked
        for person, code in ((cast.nia, 404), (cast.dov, 404)):
            assert sign_in(person).get(address).status_code == code

    def test_a_letter_that_is_no_frozen_one_has_none(self, letter, sign_in, cast):
        assert sign_in(cast.cerys).get(f"/campaigns/{letter.campaign.key}/letters/0/answers").status_code == 404


class TestThePublicPage:
    def test_only_what_a_lead_published_is_there_and_says_that_two_read_it(self, letter, response, sign_in, cast):
        Campaign.update(visibility="public").execute()
        read(response, cast.amina, "yes", "no", "no", excerpt="our excerpt")
        read(response, cast.ben, "no", "no", "no")
        build_response(letter, text="A second one, never published")
        address = f"/letters/{letter.key}/answers"
        page = sign_in(None).get(address)
        assert page.status_code == 200 and "Nothing to read here yet" in page.text and "<svg" not in page.text
        publish_response(Response.get_by_id(response.id), by=cast.amina, public_words="They will <look>.")
        page = sign_in(None).get(address).text
        assert "They will &lt;look&gt;." in page and "read by two" in page and "≠" in page
        for hidden in ("our excerpt", "Grant Oakes", "Amina", "We are looking into it", "never published"):
            assert hidden not in page
        assert f'href="{address}"' in sign_in(None).get(f"/letters/{letter.key}").text

    def test_a_letter_of_a_circle_is_missing_for_everybody_outside(self, letter, response, sign_in, cast):
        for person in (None, cast.nia, cast.dov):
            assert sign_in(person).get(f"/letters/{letter.key}/answers").status_code == 404
        assert sign_in(cast.cerys).get(f"/letters/{letter.key}/answers").status_code == 200
        assert page_of(response)
