"""Two read the same answer: on their own, then side by side, then agreed."""

import json

import pytest

from portal.errors import RuleBroken
from portal.responses import queries
from portal.responses.answers import together
from portal.responses.answers.models import Reader, SettledRow
from portal.responses.models import Answer, Response
from portal.responses.operations import publish_response
from tests.counting import count_sql
from tests.responses.stage import block_ids, page_of, read


def sheet_of(response):
    return queries.sheet_of(Response.get_by_id(response.id))


def two_differ(response, cast):
    read(response, cast.amina, "yes", "no", "no", excerpt="a secret find")
    read(response, cast.ben, "no", "no", "no")


class TestAskingSomebody:
    def test_who_is_asked_gets_one_mail_and_sees_nothing_until_their_own_reading_is_saved(
        self, response, sign_in, cast, outbox
    ):
        read(response, cast.amina, "yes", "no", "no", kind="commitment", excerpt="a secret find")
        asked = sign_in(cast.ben).send(page_of(response, "/readers/new"), {"person": str(cast.cerys.id)})
        assert asked.status_code == 303
        (mail,) = outbox(cast.cerys.email)
        assert "second reader" in mail.text and "because Ben Okafor named you" in mail.text
        browser = sign_in(cast.cerys)
        for page in (browser.get(page_of(response)), browser.get(mail.link("/reading"))):
            assert (
                page.status_code == 200 and "a secret find" not in page.text and "We are looking into it" in page.text
            )
            assert "They promise, with a date.</b>" not in page.text and "checked" not in page.text
        assert browser.get(page_of(response, "/differences")).status_code == 303
        ids = block_ids(response.letter)
        typed = {"kind": "refusal", **{f"verdict_{one}": "no" for one in ids}, f"confidence_{ids[0]}": "unsure"}
        assert browser.send(page_of(response, "/reading"), typed).status_code == 303
        page = browser.get(page_of(response)).text
        assert "a secret find" in page and "readers differ" in page and "not sure" in page

    def test_a_member_who_was_not_asked_may_not_read_it_in(self, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no")
        together.ask_reader(response, cast.ben, by=cast.amina)
        assert sign_in(cast.cerys).get(page_of(response, "/reading")).status_code == 403
        assert sign_in(cast.cerys).send(page_of(response, "/readers/refusal")).status_code == 403

    def test_whoever_says_no_sees_the_sheet_and_may_not_be_mailed_again(self, response, sign_in, cast, outbox):
        read(response, cast.amina, "yes", "no", "no", excerpt="a secret find")
        together.ask_reader(response, cast.cerys, by=cast.amina)
        browser = sign_in(cast.cerys)
        assert browser.send(page_of(response, "/readers/refusal")).status_code == 303
        assert "a secret find" in browser.get(page_of(response)).text
        assert browser.get(page_of(response, "/reading")).status_code == 403
        together.ask_reader(response, cast.cerys, by=cast.amina)
        assert len(outbox(cast.cerys.email)) == 1 and sheet_of(response).is_asked(cast.cerys.id)

    def test_only_members_can_be_asked_and_each_once(self, response, cast):
        read(response, cast.amina, "yes", "no", "no")
        for person in (cast.dov, cast.ola, cast.amina):
            with pytest.raises(RuleBroken):
                together.ask_reader(response, person, by=cast.ben)
        together.ask_reader(response, cast.cerys, by=cast.ben)
        with pytest.raises(RuleBroken):
            together.ask_reader(response, cast.cerys, by=cast.amina)

    def test_the_form_wants_somebody_and_strangers_learn_nothing(self, response, sign_in, cast):
        page = sign_in(cast.amina).send(page_of(response, "/readers/new"))
        assert page.status_code == 422 and "Choose somebody" in page.text
        assert sign_in(cast.cerys).send(page_of(response, "/readers/new")).status_code == 403
        assert sign_in(cast.nia).send(page_of(response, "/readers/new")).status_code == 404

    def test_one_who_may_read_is_told_to_before_they_look(self, response, sign_in, cast):
        read(response, cast.amina, "yes", "no", "no")
        assert "Read it too, before you look below" in sign_in(cast.ben).get(page_of(response)).text
        for person in (cast.amina, cast.cerys):
            assert "before you look below" not in sign_in(person).get(page_of(response)).text


class TestWhatCounts:
    def test_where_readers_differ_no_verdict_counts_and_the_public_reads_both(self, response, cast):
        two_differ(response, cast)
        row = sheet_of(response).rows[0]
        assert row.verdict is None and row.is_disputed
        publish_response(Response.get_by_id(response.id), by=cast.amina, public_words="They wrote.")
        public = json.loads(Response.get_by_id(response.id).public_sheet)
        assert public[0]["verdicts"] == ["yes", "no"] and public[0]["readers"] == 2
        assert queries.public_counts(Response.get_by_id(response.id)).verdicts == {"no": 2}

    def test_a_second_reader_moves_no_clock_by_calling_it_something_else(self, response, cast):
        read(response, cast.amina, "no", "no", "no", kind="holding")
        read(response, cast.ben, "no", "no", "no", kind="refusal")
        assert Response.get_by_id(response.id).kind == "holding" and sheet_of(response).is_kind_disputed
        together.settle_row(response, together.WHOLE, verdict="refusal", words="Page 2 says no", by=cast.ben)
        assert Response.get_by_id(response.id).kind == "refusal" and not sheet_of(response).is_kind_disputed

    def test_when_all_say_the_same_by_now_that_counts(self, response, cast):
        read(response, cast.amina, "no", "no", "no", kind="holding")
        read(response, cast.ben, "no", "no", "no", kind="refusal")
        read(response, cast.amina, "no", "no", "no", kind="refusal")
        assert Response.get_by_id(response.id).kind == "refusal"

    def test_how_sure_and_which_page_are_kept_with_each_row(self, response, sign_in, cast):
        ids = block_ids(response.letter)
        typed = {"kind": "partial", **{f"verdict_{one}": "partly" for one in ids}}
        more = {f"confidence_{ids[0]}": "fairly", f"page_{ids[0]}": "2", f"excerpt_{ids[0]}": "twelve homes"}
        assert sign_in(cast.amina).send(page_of(response, "/reading"), typed | more).status_code == 303
        row = Answer.get(Answer.block == ids[0])
        assert (row.confidence, row.page) == ("fairly", 2)
        page = sign_in(cast.cerys).get(page_of(response)).text
        assert "fairly sure" in page and "page 2" in page

    def test_a_page_that_is_no_page_keeps_what_was_typed(self, response, sign_in, cast):
        ids = block_ids(response.letter)
        typed = {"kind": "partial", **{f"verdict_{one}": "partly" for one in ids}, f"page_{ids[0]}": "0"}
        page = sign_in(cast.amina).send(
            page_of(response, "/reading"), {**typed, f"excerpt_{ids[1]}": "these words stay"}
        )
        assert page.status_code == 422 and "these words stay" in page.text and "page number from 1" in page.text


class TestTalkingItOver:
    def test_side_by_side_with_why_and_then_settled_by_a_lead(self, response, sign_in, cast):
        two_differ(response, cast)
        first = block_ids(response.letter)[0]
        why = page_of(response, f"/differences/{first}/why")
        said = {f"{first}-text": "They say may, not will"}
        assert sign_in(cast.ben).send(why, said).status_code == 303
        page = sign_in(cast.cerys).get(page_of(response, "/differences"))
        assert "They say may, not will" in page.text and "a secret find" in page.text
        assert "Write down what we agree on" not in page.text
        typed = {f"settle-{first}-verdict": "partly", f"settle-{first}-words": "A may is half a yes"}
        address = page_of(response, f"/differences/{first}/settlement")
        assert sign_in(cast.amina).send(address, typed).status_code == 303
        row = sheet_of(response).rows[0]
        assert row.verdict == "partly" and not row.is_disputed and [r.verdict for r in row.readings] == ["yes", "no"]
        shown = sign_in(cast.cerys).get(page_of(response)).text
        assert "settled after two read it differently" in shown and "<b>readers differ</b>" not in shown

    def test_settling_wants_its_words_and_keeps_them_and_only_a_lead_may(self, response, sign_in, cast):
        two_differ(response, cast)
        first = block_ids(response.letter)[0]
        address = page_of(response, f"/differences/{first}/settlement")
        page = sign_in(cast.amina).send(address, {f"settle-{first}-words": "half a yes"})
        assert page.status_code == 422 and "half a yes" in page.text and "Choose what you agree on" in page.text
        assert sign_in(cast.cerys).send(address).status_code == 403
        assert sign_in(cast.nia).send(address).status_code == 404
        same = block_ids(response.letter)[1]
        typed = {f"settle-{same}-verdict": "yes", f"settle-{same}-words": "x"}
        page = sign_in(cast.amina).send(page_of(response, f"/differences/{same}/settlement"), typed)
        assert page.status_code == 422 and not SettledRow.select().exists()

    def test_what_was_settled_goes_when_a_reader_reads_that_row_anew(self, response, cast):
        two_differ(response, cast)
        first = block_ids(response.letter)[0]
        together.settle_row(response, first, verdict="partly", words="Half", by=cast.amina)
        read(response, cast.ben, "no", "no", "no")
        assert sheet_of(response).rows[0].settled is not None
        read(response, cast.ben, "unclear", "no", "no")
        assert sheet_of(response).rows[0].settled is None

    def test_only_who_has_read_it_may_say_why(self, response, sign_in, cast):
        two_differ(response, cast)
        first = block_ids(response.letter)[0]
        address = page_of(response, f"/differences/{first}/why")
        assert sign_in(cast.cerys).send(address, {f"{first}-text": "x"}).status_code == 403
        together.ask_reader(response, cast.cerys, by=cast.ben)
        assert sign_in(cast.cerys).send(address, {f"{first}-text": "x"}).status_code == 422
        assert sign_in(cast.nia).send(address, {f"{first}-text": "x"}).status_code == 404
        assert sign_in(cast.ben).send(address, {f"{first}-text": "x" * 301}).status_code == 422

    def test_the_kind_is_settled_on_the_same_page(self, response, sign_in, cast):
        read(response, cast.amina, "no", "no", "no", kind="holding")
        read(response, cast.ben, "no", "no", "no", kind="refusal")
        address = page_of(response, "/differences/kind")
        page = sign_in(cast.amina).send(address, {"settle-0-words": "Page 2"})
        assert page.status_code == 422 and "Page 2" in page.text
        assert sign_in(cast.cerys).send(address).status_code == 403
        typed = {"settle-0-verdict": "refusal", "settle-0-words": "Page 2"}
        assert sign_in(cast.amina).send(address, typed).status_code == 303
        assert "Page 2" in sign_in(cast.cerys).get(page_of(response, "/differences")).text


@pytest.mark.parametrize("rest", ["", "/reading", "/differences"])
def test_the_pages_ask_at_most_five_questions_however_many_read_it(response, sign_in, cast, rest):
    two_differ(response, cast)
    read(response, cast.cerys, "yes", "no", "unclear")
    Reader.create(response=response, person=cast.nia)
    browser = sign_in(cast.amina)
    browser.get(page_of(response, rest))
    with count_sql() as asked:
        assert browser.get(page_of(response, rest)).status_code == 200
    assert len(asked) <= 5, asked


def test_my_portal_says_that_i_am_asked_until_i_have_read_it_or_said_no(response, sign_in, cast):
    read(response, cast.amina, "yes", "no", "no")
    browser = sign_in(cast.cerys)
    together.ask_reader(response, cast.cerys, by=cast.amina)
    page = browser.get("/").text
    assert "Amina Dirie asks you to read an answer too" in page and page_of(response) in page
    together.decline_reading(response, by=cast.cerys)
    assert "asks you to read an answer" not in browser.get("/").text
