"""Fill in what only you know: every gap once, wherever it stands, and nothing that others wrote is lost."""

import re
from datetime import date

import pytest

from portal.errors import RuleBroken
from portal.letters import filling
from portal.letters.blocks import Words, save_block
from portal.letters.filling import fill_gaps, open_gaps, without
from portal.letters.finding import blocks_of
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.operations import start_letter
from portal.letters.templates import all_templates, find_template
from tests.counting import count_sql


@pytest.fixture
def damp(campaign, cast):
    letter = start_letter(campaign, template_name="damp_and_mould", by=cast.amina)
    letter.campaign = campaign
    return letter


def at(letter, path="/gaps"):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}{path}"


def texts(letter):
    return " ".join(row.text for row in blocks_of(letter) if row.removed_at is None)


def name_of(label):
    from portal.letters.templates import TemplateField

    return filling.OpenGap(TemplateField("", label), ()).name


class TestThePage:
    def test_one_save_fills_every_part_at_once(self, damp, sign_in, cast):
        before = Letter.get_by_id(damp.id).version
        typed = {
            name_of("How many homes"): "31",
            name_of("the date of the first report"): "3/3/2026",
            name_of("a place near our homes"): "the community room",
        }
        browser = sign_in(cast.amina)
        assert browser.send(at(damp), typed).status_code == 303
        whole = texts(damp)
        assert "31 of the 84 homes" in whole and "from 3 March 2026." in whole and "at the community room on" in whole
        assert Letter.get_by_id(damp.id).version == before + 1
        assert {row.change for row in BlockRevision.select()} == {"began", "filled"}

    def test_it_works_with_htmx_too(self, damp, sign_in, cast):
        answer = sign_in(cast.amina, htmx=True).send(at(damp), {name_of("How many homes"): "31"})
        assert answer.headers["HX-Redirect"].endswith(f"/letters/{damp.id}")

    def test_it_asks_with_hints_and_says_where_each_stands(self, damp, sign_in, cast):
        with count_sql() as seen:
            page = sign_in(cast.amina).get(at(damp)).text
        assert "Count doors, not people" in page and "Stands in: Fact 1." in page and "We suggest Mon 21 Dec" in page
        assert "84 – from the list of homes" in page
        assert len(seen) <= 5 + 3  # three to sign in

    def test_a_wrong_number_is_said_by_its_field_and_the_rest_is_kept(self, damp, sign_in, cast):
        typed = {name_of("How many homes"): "many", name_of("a place near our homes"): "the community room"}
        page = sign_in(cast.amina).send(at(damp), typed)
        assert page.status_code == 422 and "Enter a whole number" in page.text
        assert 'value="the community room"' in page.text and "[How many homes]" in texts(damp)

    def test_what_is_not_needed_may_be_left_out_with_its_sentence(self, damp, sign_in, cast):
        assert "photographs" in texts(damp)
        sign_in(cast.amina).send(at(damp), {"leave_out_" + name_of("how many photographs"): "y"})
        assert "photographs" not in texts(damp)
        removed = Block.get(Block.removed_at.is_null(False))
        assert "photographs" in removed.text

    def test_what_must_be_filled_has_no_way_to_leave_it_out(self, damp, sign_in, cast):
        page = sign_in(cast.amina).get(at(damp)).text
        assert "leave_out_" + name_of("how many photographs") in page
        assert "leave_out_" + name_of("How many homes") not in page

    def test_a_gap_that_somebody_filled_first_keeps_their_words(self, damp, sign_in, cast):
        name = name_of("How many homes")
        fill_gaps(damp, {"[How many homes]": "30"}, [], by=cast.ben)
        browser = sign_in(cast.amina)
        answer = browser.send(at(damp), {name: "31", name_of("a place near our homes"): "the hall"})
        assert "30 of the 84 homes" in texts(damp) and "at the hall on" in texts(damp)
        assert "Somebody else filled 1 gap" in browser.get(answer.headers["Location"]).text

    def test_writers_fill_and_members_do_not(self, damp, sign_in, cast):
        assert sign_in(cast.cerys).send(at(damp), {}).status_code == 403
        assert sign_in(cast.dov).send(at(damp), {}).status_code == 403
        damp.campaign.__class__.update(visibility="circle").execute()
        assert sign_in(cast.dov).send(at(damp), {}).status_code == 404

    def test_a_frozen_letter_is_not_filled(self, damp, cast):
        Letter.update(frozen_at=damp.created_at).execute()
        with pytest.raises(RuleBroken, match="frozen"):
            fill_gaps(damp, {"[How many homes]": "31"}, [], by=cast.amina)


class TestTheText:
    def test_what_others_wrote_meanwhile_stays(self, damp, cast):
        fact = next(row for row in blocks_of(damp) if row.kind == "fact")
        save_block(fact, Words(fact.text + " It is wet."), seen=fact.version, by=cast.ben)
        fill_gaps(damp, {"[How many homes]": "31"}, [], by=cast.amina)
        assert "31 of the 84 homes" in texts(damp) and "It is wet." in texts(damp)

    @pytest.mark.parametrize(
        ("text", "value", "after"),
        [
            ("Today: [how it is]", "The fans are missing", "Today: The fans are missing."),
            ("Today: [how it is].", "The fans are missing.", "Today: The fans are missing."),
            ("[how it is] We write.", "The fans are missing", "The fans are missing. We write."),
            ("On [how it is] days", "9", "On 9 days"),
        ],
    )
    def test_full_stops_stand_where_they_belong(self, text, value, after):
        assert filling._filled(text, {"[how it is]": value}, [], ends=True) == after

    def test_a_sentence_goes_and_its_neighbours_stay(self):
        text = "Dear you,\n\nWe live here. We took [how many] photographs. You may see them.\n\nBye"
        assert without(text, "[how many]") == "Dear you,\n\nWe live here. You may see them.\n\nBye"

    @pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.key)
    def test_every_template_can_be_filled_to_its_end(self, campaign, cast, template):
        letter = start_letter(campaign, template_name=template.key, by=cast.amina)
        letter.campaign = campaign
        gaps = open_gaps(letter, blocks_of(letter), find_template(letter.template_name))
        required = [gap for gap in gaps if gap.field.required]
        assert all(gap.field.name or gap.gap == "[what we asked for, and on which day]" for gap in gaps)
        values = {gap.gap: "3" if gap.field.kind == "number" else "some words" for gap in required}
        fill_gaps(letter, values, [gap.gap for gap in gaps if not gap.field.required], by=cast.amina)
        whole = texts(letter)
        assert "[" not in whole and "{" not in whole
        assert not re.search(r"\s[.,;]|\.\.|  ", whole)

    @pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.key)
    def test_no_field_of_a_template_is_never_used(self, template):
        whole = " ".join([template.headline, *(block.text + block.test for block in template.blocks)])
        assert [one.name for one in template.fields if f"{{{one.name}}}" not in whole] == []

    def test_days_are_written_out(self):
        assert filling.in_words(date(2026, 12, 7), "en") == "7 December 2026"
