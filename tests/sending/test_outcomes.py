"""What became of a letter after it left: every outcome is in words, and a person handles it."""

import hashlib
from datetime import date, timedelta

import pytest

from portal import clock
from portal import outbox as post
from portal.campaigns.models import Activity, Campaign
from portal.errors import RuleBroken
from portal.letters.deliveries.models import DeliveryChange
from portal.letters.deliveries.outcomes import delivery_came_back, sweep_outcomes
from portal.letters.models import Delivery, Letter
from portal.outbox import OutgoingMail
from portal.responses.deadlines.keeping import sweep_clocks
from portal.responses.deadlines.models import Deadline
from tests.conftest import NOON
from tests.sending.conftest import MAIL, agree, send_by_mail

TODAY = NOON.date()


@pytest.fixture(autouse=True)
def quick_paper(monkeypatch):
    monkeypatch.setattr("portal.letters.sending.paper_for_target", lambda letter, version: b"%PDF-1.7 a letter")


@pytest.fixture
def delivery(amina, ben, page):
    send_by_mail(amina, ben, page)
    return Delivery.get()


@pytest.fixture
def one(page, delivery):
    return f"{page}/deliveries/{delivery.id}"


def becomes(delivery, state, **given):
    OutgoingMail.update(state=state, **given).where(OutgoingMail.id == delivery.mail_id).execute()


def letter_now(letter):
    return Letter.get_by_id(letter.id)


class TestTheMailItself:
    def test_its_source_is_kept_byte_for_byte_and_anybody_can_work_its_number_out(self, amina, one, delivery):
        answer = amina.get(f"{one}/source", buffered=True)
        assert answer.data == bytes(delivery.mail.source)
        assert ".eml" in answer.headers["Content-Disposition"] and "attachment" in answer.headers["Content-Disposition"]
        shown = amina.get(one).text
        assert hashlib.sha256(answer.data).hexdigest() in shown and delivery.mail.message_id.strip("<>") in shown

    def test_only_leads_read_it(self, sign_in, cast, one, letter):
        Campaign.update(visibility="circle").where(Campaign.id == letter.campaign_id).execute()
        for person, status in ((cast.cerys, 403), (cast.dov, 404)):
            assert sign_in(person).get(f"{one}/source").status_code == status

    def test_what_went_by_hand_has_no_source(self, amina, one, delivery):
        Delivery.update(mail=None, channel="hand").where(Delivery.id == delivery.id).execute()
        assert amina.get(f"{one}/source").status_code == 404


class TestRefused:
    @pytest.fixture
    def refused(self, delivery):
        becomes(delivery, "failed", last_reply="550 no such mailbox")
        sweep_outcomes()
        return delivery

    def test_it_is_said_in_words_and_does_not_count(self, amina, page, letter, refused):
        shown = amina.get(page).text
        assert "550 no such mailbox" in shown and "did not arrive" in shown
        assert "refused our letter" in amina.get(f"/campaigns/{letter.campaign.key}").text
        assert letter_now(letter).sent_on is None and letter_now(letter).answer_due_on is None

    def test_the_leads_are_told_once(self, refused, outbox, cast):
        sweep_outcomes()
        (mail,) = [one for one in outbox(cast.amina.email) if one.row.kind == "letter-trouble"]
        assert "550 no such mailbox" in mail.text and "refused" in mail.subject

    def test_the_address_is_corrected_and_two_leads_send_it_anew(self, amina, ben, page, letter, refused, outbox):
        form = amina.get(f"{page}?again={refused.id}").text
        assert 'value="complaints@meridale.example"' in form
        send_by_mail(amina, ben, page, to_address="complaint@meridale.example")
        assert len(outbox("complaint@meridale.example")) == 1 and letter_now(letter).sent_on == TODAY

    def test_the_refused_address_itself_is_free_again(self, amina, ben, page, refused, outbox):
        assert send_by_mail(amina, ben, page).status_code == 303
        assert len(outbox(MAIL["to_address"])) == 2


class TestPutOff:
    def test_the_next_try_and_what_they_said_are_on_show(self, amina, page, delivery):
        becomes(delivery, "deferred", last_reply="451 come back later", due_at=NOON + timedelta(minutes=5))
        shown = amina.get(page).text
        assert "451 come back later" in shown and "12:05" in shown

    @pytest.mark.parametrize("state", ["queued", "deferred"])
    def test_a_lead_calls_it_off_before_it_leaves(self, amina, ben, page, one, letter, delivery, state):
        becomes(delivery, state)
        assert amina.send(f"{one}/calling-off").status_code == 303
        with clock.frozen_at(NOON + timedelta(days=1)):
            post.send_due()
        assert OutgoingMail.get_by_id(delivery.mail_id).state == "cancelled"
        assert letter_now(letter).sent_on is None and "called off" in amina.get(page).text
        assert send_by_mail(amina, ben, page).status_code == 303

    @pytest.mark.parametrize("state", ["sending", "sent", "unknown"])
    def test_what_is_leaving_or_has_left_cannot_be_called_off(self, amina, one, delivery, state):
        becomes(delivery, state)
        answer = amina.send(f"{one}/calling-off")
        assert answer.status_code == 422 and "too late" in answer.text
        assert OutgoingMail.get_by_id(delivery.mail_id).state == state
        assert not DeliveryChange.select().where(DeliveryChange.what == "called_off").exists()

    def test_a_member_may_not(self, sign_in, cast, one):
        assert sign_in(cast.cerys).send(f"{one}/calling-off").status_code == 403


class TestInDoubt:
    @pytest.fixture
    def doubtful(self, delivery):
        becomes(delivery, "unknown")
        sweep_outcomes()
        return delivery

    def test_the_leads_are_asked_once_and_it_counts_until_somebody_knows(self, doubtful, letter, outbox, cast):
        sweep_outcomes()
        mails = [one for one in outbox(cast.ben.email) if one.row.kind == "letter-trouble"]
        assert len(mails) == 1 and "does not send a letter twice" in mails[0].text
        assert letter_now(letter).sent_on == TODAY

    def test_it_did_not_arrive_so_it_does_not_count(self, amina, one, letter, doubtful):
        amina.send(f"{one}/doubt", {"arrived": "no"})
        sweep_outcomes()
        assert letter_now(letter).sent_on is None
        assert [row.what for row in DeliveryChange.select().order_by(DeliveryChange.id)] == ["in_doubt", "lost"]

    def test_who_found_out_is_on_record(self, amina, one, doubtful):
        amina.send(f"{one}/doubt", {"arrived": "yes"})
        assert "Amina" in amina.get(one).text and "arrived after all" in amina.get(one).text


class TestCameBack:
    SAYS = {"on": "2026-11-23", "why": "The envelope says: not known here"}

    @pytest.fixture
    def posted(self, amina, ben, page, delivery):
        """Sent by mail on the 23rd, and by post two days later."""
        becomes(delivery, "sent", sent_at=NOON)
        with clock.frozen_at(NOON + timedelta(days=2)):
            typed = {"to_name": "P Stroud", "to_address": "3 Canal Street", "happened_on": "2026-11-25"}
            amina.send(f"{page}/by/post", typed)
            agree(ben, page)
        sweep_clocks()
        return Delivery.get(Delivery.channel == "post")

    def test_the_waiting_and_the_clocks_count_from_the_earliest_that_stands(self, amina, one, letter, posted):
        assert letter_now(letter).sent_on == TODAY
        assert amina.send(f"{one}/return", self.SAYS).status_code == 303
        sweep_clocks()
        due = date(2026, 11, 25) + timedelta(days=14)
        assert (letter_now(letter).sent_on, letter_now(letter).answer_due_on) == (date(2026, 11, 25), due)
        assert Deadline.get().due_on == due

    def test_when_none_stands_no_answer_is_owed_and_everything_is_kept(self, amina, page, one, letter, delivery):
        becomes(delivery, "sent")
        sweep_clocks()
        amina.send(f"{one}/return", self.SAYS)
        sweep_clocks()
        assert letter_now(letter).sent_on is None and letter_now(letter).answer_due_on is None
        assert Deadline.get().due_on is None and Delivery.get().happened_on == TODAY
        shown = amina.get(page).text
        assert "not known here" in shown and "Amina" in shown
        assert Activity.get(Activity.verb == "letter_came_back").facts.count("not known here") == 0

    def test_it_did_reach_them_after_all(self, amina, one, letter, delivery):
        becomes(delivery, "sent")
        amina.send(f"{one}/return", self.SAYS)
        assert amina.send(f"{one}/standing", {"why": "They answered on the phone"}).status_code == 303
        sweep_clocks()
        assert letter_now(letter).sent_on == TODAY and Deadline.get().due_on == TODAY + timedelta(days=14)
        assert [row.what for row in DeliveryChange.select().order_by(DeliveryChange.id)] == [
            "came_back",
            "stands_again",
        ]
        assert amina.send(f"{one}/standing", {"why": "Again"}).status_code == 422

    def test_a_mail_system_may_say_so_later_and_the_leads_hear_of_it(self, amina, page, letter, delivery, outbox, cast):
        becomes(delivery, "unknown")
        delivery.letter = letter
        delivery_came_back(delivery, on=TODAY, why="5.2.2 mailbox full", by=None)
        assert "Their mail system said so" in amina.get(page).text and "mailbox full" in amina.get(page).text
        assert OutgoingMail.get_by_id(delivery.mail_id).state == "sent"
        assert [one.subject for one in outbox(cast.ben.email)][-1] == "The letter came back"
        with pytest.raises(RuleBroken, match="on record already"):
            delivery_came_back(delivery, on=TODAY, why="5.2.2 mailbox full", by=None)
        assert DeliveryChange.select().where(DeliveryChange.what == "came_back").count() == 1

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"on": "2026-11-24"}, "today or earlier"),
            ({"on": "2026-11-22"}, "cannot have come back before"),
            ({"on": ""}, "Enter the day it came back"),
            ({"why": " "}, "Say how you know"),
        ],
    )
    def test_wrong_input_is_explained_and_kept(self, amina, one, delivery, given, says):
        becomes(delivery, "sent")
        answer = amina.send(f"{one}/return", {**self.SAYS, **given})
        assert answer.status_code == 422 and says in answer.text
        assert ("not known here" in answer.text) is ("why" not in given)
        assert Delivery.get().came_back_on is None

    def test_what_has_not_left_cannot_come_back(self, amina, one, delivery):
        becomes(delivery, "deferred")
        answer = amina.send(f"{one}/return", self.SAYS)
        assert answer.status_code == 422 and "has not left" in answer.text

    def test_only_leads_may_say_so(self, sign_in, cast, one, letter, delivery):
        Campaign.update(visibility="circle").where(Campaign.id == letter.campaign_id).execute()
        for person, status in ((cast.cerys, 403), (cast.dov, 404)):
            for rest in ("/return", "/standing"):
                assert sign_in(person).send(one + rest, self.SAYS).status_code == status
