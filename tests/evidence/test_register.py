"""The register of evidence: who may write in it, and that nobody's words are overwritten unseen."""

import re

import pytest

from portal.evidence.models import EvidenceItem
from portal.evidence.operations import ChangedMeanwhile, Particulars, edit_item
from tests.builders import add_member, build_campaign, build_item
from tests.counting import count_sql

TYPED = {
    "kind": "reports",
    "title": "Mould in bedrooms",
    "home_count": "3",
    "from_on": "3/3/2026",
    "to_on": "9/5/2026",
    "reference": "Survey 2",
    "source": "Counted by Kit",
}


@pytest.fixture
def campaign(cast):
    return build_campaign(
        leads=[cast.amina], members=[cast.cerys, cast.nia], organizer=cast.ola, floors=2, homes_per_floor=2
    )


@pytest.fixture
def item(campaign, cast):
    return build_item(campaign, recorded_by=cast.cerys)


def at(campaign, path=""):
    return f"/campaigns/{campaign.key}/evidence{path}"


class TestWritingDown:
    def test_a_member_writes_something_down_and_everybody_inside_reads_it(self, campaign, sign_in, cast):
        answer = sign_in(cast.cerys).send(at(campaign, "/new"), TYPED)
        assert answer.status_code == 303
        page = sign_in(cast.ola).get(at(campaign)).text
        for words in ("Mould in bedrooms", "3 of 4 homes", "Survey 2", "Counted by Kit", "Cerys"):
            assert words in page

    def test_with_htmx_it_leads_to_the_list_as_well(self, campaign, sign_in, cast):
        answer = sign_in(cast.cerys, htmx=True).send(at(campaign, "/new"), TYPED)
        assert "/evidence#item-" in answer.headers["HX-Redirect"]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"title": ""}, "Write what it shows"),
            ({"kind": ""}, "Choose what it is"),
            ({"home_count": "5"}, "There are 4 homes on our list"),
            ({"home_count": "-1"}, "Enter a number of homes"),
            ({"from_on": "24/11/2026"}, "The day must be today or earlier"),
            ({"to_on": "2/3/2026"}, "The last day must not be before the first"),
        ],
    )
    def test_what_cannot_be_is_said_by_the_field_and_nothing_typed_is_lost(
        self, campaign, sign_in, cast, typed, sentence
    ):
        page = sign_in(cast.cerys).send(at(campaign, "/new"), {**TYPED, **typed})
        assert page.status_code == 422 and sentence in page.text and 'value="Survey 2"' in page.text
        assert not EvidenceItem.select().exists()

    def test_an_organizer_reads_and_does_not_write(self, campaign, sign_in, cast):
        assert sign_in(cast.ola).send(at(campaign, "/new"), TYPED).status_code == 403
        assert sign_in(cast.dov).send(at(campaign, "/new"), TYPED).status_code == 404


class TestChanging:
    def test_who_wrote_it_down_and_the_writers_change_it_and_nobody_else(self, campaign, item, sign_in, cast):
        drafter = cast.ben
        add_member(campaign, drafter, "drafter")
        for person, status in ((cast.cerys, 200), (drafter, 200), (cast.nia, 403), (cast.ola, 403), (cast.dov, 404)):
            assert sign_in(person).get(at(campaign, f"/{item.id}/edit")).status_code == status
        answer = sign_in(cast.cerys).send(at(campaign, f"/{item.id}/edit"), {**TYPED, "title": "Damp", "seen": "1"})
        assert answer.status_code == 303 and EvidenceItem.get_by_id(item.id).title == "Damp"
        assert sign_in(cast.nia).send(at(campaign, f"/{item.id}/edit"), {**TYPED, "seen": "2"}).status_code == 403

    def test_the_second_of_two_saves_sees_both_and_overwrites_only_knowingly(self, campaign, item, sign_in, cast):
        edit_item(item, Particulars("reports", "Theirs"), seen=1, by=cast.amina)
        browser = sign_in(cast.cerys)
        page = browser.send(at(campaign, f"/{item.id}/edit"), {**TYPED, "title": "Mine", "seen": "1"})
        assert page.status_code == 409 and "Theirs" in page.text and 'value="Mine"' in page.text
        assert EvidenceItem.get_by_id(item.id).title == "Theirs"
        seen = re.search(r'name="seen"[^>]*value="(\d+)"', page.text).group(1)
        again = browser.send(at(campaign, f"/{item.id}/edit"), {**TYPED, "title": "Mine", "seen": seen})
        assert again.status_code == 303 and EvidenceItem.get_by_id(item.id).title == "Mine"

    def test_a_save_that_does_not_say_what_it_saw_changes_nothing(self, item, cast):
        with pytest.raises(ChangedMeanwhile):
            edit_item(item, Particulars("photos", "Other"), seen=0, by=cast.amina)

    def test_the_same_again_is_no_change(self, item, cast):
        edit_item(item, Particulars.of(item), seen=1, by=cast.amina)
        assert EvidenceItem.get_by_id(item.id).version == 1

    def test_it_is_withdrawn_and_brought_back(self, campaign, item, sign_in, cast):
        browser = sign_in(cast.cerys)
        assert browser.send(at(campaign, f"/{item.id}/withdrawal")).status_code == 303
        assert "withdrawn" in browser.get(at(campaign)).text
        browser.send(at(campaign, f"/{item.id}/withdrawal/undo"))
        assert EvidenceItem.get_by_id(item.id).withdrawn_at is None
        assert sign_in(cast.nia).send(at(campaign, f"/{item.id}/withdrawal")).status_code == 403
        assert sign_in(cast.dov).send(at(campaign, f"/{item.id}/withdrawal")).status_code == 404


def test_the_list_costs_the_same_however_long_it_is(campaign, sign_in, cast):
    for number in range(33):
        build_item(campaign, f"Item number {number}.", recorded_by=cast.cerys)
    browser = sign_in(cast.cerys)
    with count_sql() as seen:
        page = browser.get(at(campaign)).text
    assert len(seen) <= 5
    assert "Item number 32." in page and "Item number 2." not in page
    older = page.split('rel="next" href="')[1].split('"')[0]
    assert "Item number 2." in browser.get(older).text
