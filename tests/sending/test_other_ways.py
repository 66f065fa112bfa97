"""A letter that went another way than by mail is on record with its proof when two leads agree that it was so."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest

from portal import clock
from portal.campaigns.models import Activity, Campaign
from portal.letters.models import Delivery, Letter
from portal.letters.sending import paper_for_target
from tests.conftest import NOON
from tests.counting import count_sql
from tests.sending.conftest import agree, send_by_mail

TYPED = {
    "post": {
        "to_name": "Philippa Stroud",
        "to_address": "3 Canal Street",
        "happened_on": "2026-11-23",
        "reference": "CP 4471 9902",
    },
    "hand": {
        "to_name": "Their front desk",
        "to_address": "3 Canal Street",
        "happened_on": "2026-11-23",
        "time": "11:40",
        "note": "Dot saw it",
    },
    "web": {
        "to_name": "Meridale Homes",
        "to_address": "https://meridale.example/complain?step=4",
        "happened_on": "2026-11-23",
        "reference": "C-2026-118",
        "pasted": "Our letter:\nSurvey every reported home",
    },
    "public": {"manner": "read_out", "to_address": "The steps of their office", "happened_on": "2026-11-23"},
}


@pytest.fixture(autouse=True)
def quick_paper(monkeypatch):
    """What the paper looks like is tested where letters leave by mail; here it need not be typeset each time."""
    assert paper_for_target
    monkeypatch.setattr("portal.letters.sending.paper_for_target", lambda letter, version: b"%PDF-1.7 a letter")


def put_on_record(amina, ben, page, channel, **given):
    assert amina.send(f"{page}/by/{channel}", {**TYPED[channel], **given}).status_code == 303
    assert agree(ben, page).status_code == 303
    return Delivery.select().order_by(Delivery.id.desc()).get()


class TestOnRecord:
    def test_nothing_is_on_record_before_a_second_lead_has_seen_all_of_it(self, amina, ben, page, letter):
        proof = (io.BytesIO(b"\xff\xd8\xff photo"), "certificate.jpg")
        amina.send(f"{page}/by/post", {**TYPED["post"], "file": proof})
        assert Delivery.select().count() == 0
        shown = ben.get(page).text
        assert "CP 4471 9902" in shown and "3 Canal Street" in shown
        (link,) = {part.split('"')[0] for part in shown.split('href="') if part.split('"')[0].endswith("/proof")}
        answer = ben.get(link, buffered=True)
        assert answer.data == b"\xff\xd8\xff photo" and "attachment" in answer.headers["Content-Disposition"]
        agree(ben, page)
        delivery = Delivery.get()
        assert (delivery.reference, delivery.proof.content_type) == ("CP 4471 9902", "image/jpeg")
        assert Letter.get_by_id(letter.id).sent_on == date(2026, 11, 23)

    def test_handing_over_has_its_hour(self, amina, ben, page):
        delivery = put_on_record(amina, ben, page, "hand")
        assert delivery.happened_at == datetime(2026, 11, 23, 11, 40, tzinfo=UTC) and delivery.note == "Dot saw it"
        assert "11:40" in amina.get(page).text

    def test_their_form_is_kept_with_its_address_number_and_words(self, amina, ben, page, letter):
        delivery = put_on_record(amina, ben, page, "web")
        shown = amina.get(f"{page}/deliveries/{delivery.id}").text
        for words in ("https://meridale.example/complain?step=4", "C-2026-118", "Survey every reported home"):
            assert words in shown
        # The address is text: nobody is led to a page of theirs.
        assert 'href="https://meridale' not in shown
        assert Letter.get_by_id(letter.id).sent_on == date(2026, 11, 23)

    def test_what_was_read_out_tells_neighbours_and_starts_no_waiting(self, amina, ben, page, letter):
        put_on_record(amina, ben, page, "public")
        assert Letter.get_by_id(letter.id).sent_on is None
        assert Activity.get(Activity.verb == "letter_shown").is_public
        assert "We read it out" in amina.get(page).text and "no answer is owed" in amina.get(page).text

    def test_the_earliest_delivery_starts_the_waiting(self, amina, ben, page, letter):
        with clock.frozen_at(NOON + timedelta(days=4)):
            send_by_mail(amina, ben, page)
            put_on_record(amina, ben, page, "post", happened_on="2026-11-24")
        assert Letter.get_by_id(letter.id).sent_on == date(2026, 11, 24)


class TestWrongInput:
    @pytest.mark.parametrize(
        ("channel", "given", "says"),
        [
            ("hand", {"happened_on": "2026-11-24"}, "today or earlier"),
            ("hand", {"happened_on": "2026-11-20"}, "before the letter was frozen"),
            ("hand", {"happened_on": "someday"}, "Enter a date like"),
            ("hand", {"time": "late"}, "Enter a time like"),
            ("hand", {"time": "23:59"}, "must not lie ahead"),
            ("hand", {"to_name": ""}, "Enter who took it"),
            ("post", {"happened_on": ""}, "Enter the day it was posted"),
            ("web", {"pasted": " "}, "Paste what you put into the form"),
            ("public", {"manner": "sung"}, "Choose one of the answers"),
        ],
    )
    def test_it_is_explained_and_what_was_typed_is_kept(self, amina, page, channel, given, says):
        answer = amina.send(f"{page}/by/{channel}", {**TYPED[channel], **given})
        assert answer.status_code == 422 and says in answer.text
        assert TYPED[channel]["to_address"].replace("&", "&amp;") in answer.text

    def test_there_is_no_other_way(self, amina, page):
        assert amina.get(f"{page}/by/pigeon").status_code == 404


class TestWhoMay:
    @pytest.mark.parametrize("channel", sorted(TYPED))
    def test_only_leads(self, sign_in, cast, page, letter, channel):
        Campaign.update(visibility="circle").where(Campaign.id == letter.campaign_id).execute()
        for person, status in ((cast.cerys, 403), (cast.dov, 404)):
            browser = sign_in(person)
            assert browser.get(f"{page}/by/{channel}").status_code == status
            assert browser.send(f"{page}/by/{channel}", TYPED[channel]).status_code == status


def test_its_pages_cost_five_statements_however_many_deliveries(amina, ben, page):
    counts = []
    for _more in range(2):
        put_on_record(amina, ben, page, "post")
        found = []
        for url in (page, f"{page}/deliveries/{Delivery.get().id}", f"{page}/by/web"):
            with count_sql() as seen:
                amina.get(url)
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 5, counts
