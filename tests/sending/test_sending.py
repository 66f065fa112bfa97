"""A letter leaves when two leads agree, exactly as people signed it, and never twice."""

import io
import json
from datetime import timedelta

import pytest
from pypdf import PdfReader

from portal import clock, storage
from portal import outbox as post
from portal.campaigns.models import Activity, Agreement, Campaign
from portal.letters.models import Delivery, Letter, ReplyAddress
from portal.outbox import OutgoingMail
from tests.builders import add_member, build_campaign, build_letter, build_signature
from tests.conftest import NOON
from tests.sending.conftest import MAIL, agree, send_by_mail


class TestByMail:
    def test_nothing_leaves_before_a_second_lead_agrees(self, amina, page, outbox):
        amina.send(f"{page}/by-mail", MAIL)
        assert outbox("complaints@meridale.example") == [] and Delivery.select().count() == 0

    def test_the_one_who_asked_can_not_agree(self, amina, page, outbox):
        amina.send(f"{page}/by-mail", MAIL)
        answer = agree(amina, page)
        assert answer.status_code == 422 and "It takes two" in answer.text
        assert outbox("complaints@meridale.example") == []

    def test_it_goes_to_one_address_with_the_pdf_and_a_reply_address_of_its_own(self, amina, ben, page, letter, outbox):
        assert send_by_mail(amina, ben, page).status_code == 303
        (sent,) = outbox("complaints@meridale.example")
        assert sent.message["Reply-To"] == f"r-{ReplyAddress.get().token}@reply.example.org"
        assert len(ReplyAddress.get().token) == 26 and sent.message["Auto-Submitted"] is None
        (paper,) = sent.attachments()
        text = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(paper.get_content())).pages)
        assert "Survey every reported home" in text
        row = Letter.get_by_id(letter.id)
        assert row.sent_on == clock.today() and row.answer_due_on == clock.today() + timedelta(days=14)

    def test_the_paper_is_kept_exactly_as_it_went(self, amina, ben, page, outbox):
        send_by_mail(amina, ben, page)
        delivery = Delivery.get()
        (paper,) = outbox("complaints@meridale.example")[0].attachments()
        assert storage.read(delivery.paper) == paper.get_content()
        answer = amina.get(f"{page}/deliveries/{delivery.id}/paper", buffered=True)
        assert answer.data == paper.get_content() and "attachment" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")

    def test_names_go_only_as_each_signer_chose(self, amina, ben, page, letter, outbox):
        build_signature(letter, "Rosa Maddox", show_to_target=True)
        build_signature(letter, "Theo Lin", display="full", show_to_target=False)
        Letter.update(signature_count=2).where(Letter.id == letter.id).execute()
        send_by_mail(amina, ben, page)
        (paper,) = outbox("complaints@meridale.example")[0].attachments()
        text = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(paper.get_content())).pages)
        assert "Rosa Maddox" in text and "Theo" not in text

    def test_a_second_press_and_a_second_lead_at_once_send_it_once(self, amina, ben, page, outbox):
        send_by_mail(amina, ben, page)
        assert agree(ben, page).status_code == 422
        assert len(outbox("complaints@meridale.example")) == 1

    def test_the_same_version_never_goes_to_the_same_address_again(self, amina, ben, page, outbox):
        send_by_mail(amina, ben, page)
        again = amina.send(f"{page}/by-mail", {**MAIL, "to_address": "Complaints@Meridale.example"})
        assert again.status_code == 422 and "never sent twice" in again.text
        assert "With this mail comes" in again.text

    def test_both_leads_hear_of_it_in_messages_of_their_own(self, amina, ben, page, outbox, cast):
        send_by_mail(amina, ben, page)
        for person in (cast.amina, cast.ben):
            assert [mail.subject for mail in outbox(person.email)] == ["The letter is on its way"]

    def test_not_yet_sends_nothing_and_frees_the_question(self, amina, ben, page, outbox):
        amina.send(f"{page}/by-mail", MAIL)
        assert ben.send(f"{page}/{Agreement.get().id}/withdrawal").status_code == 303
        assert agree(ben, page).status_code == 422
        assert outbox("complaints@meridale.example") == []
        assert amina.send(f"{page}/by-mail", MAIL).status_code == 303

    def test_a_letter_in_the_circle_keeps_its_timeline_private(self, amina, ben, page, letter):
        Campaign.update(visibility="circle").where(Campaign.id == letter.campaign_id).execute()
        send_by_mail(amina, ben, page)
        assert not Activity.get(Activity.verb == "letter_sent").is_public

    def test_the_timeline_says_to_whom_and_how_many(self, amina, ben, page):
        send_by_mail(amina, ben, page)
        line = Activity.get(Activity.verb == "letter_sent")
        assert line.is_public and json.loads(line.facts)["channel"] == "email"


class TestInDoubt:
    @pytest.fixture
    def doubtful(self, amina, ben, page):
        send_by_mail(amina, ben, page)
        delivery = Delivery.get()
        OutgoingMail.update(state="sending", lease_until=NOON).where(OutgoingMail.id == delivery.mail_id).execute()
        with clock.frozen_at(NOON + timedelta(hours=1)):
            post.send_due()
        return delivery

    def test_the_leads_are_asked_and_the_machine_does_nothing(self, amina, page, doubtful):
        assert OutgoingMail.get_by_id(doubtful.mail_id).state == "unknown"
        assert "does not send a letter twice" in amina.get(page).text

    def test_it_arrived(self, amina, page, doubtful):
        amina.send(f"{page}/deliveries/{doubtful.id}/doubt", {"arrived": "yes"})
        assert OutgoingMail.get_by_id(doubtful.mail_id).state == "sent"

    def test_it_did_not_arrive_so_two_leads_may_send_it_again(self, amina, ben, page, doubtful, outbox):
        amina.send(f"{page}/deliveries/{doubtful.id}/doubt", {"arrived": "no"})
        assert send_by_mail(amina, ben, page).status_code == 303
        assert len(outbox("complaints@meridale.example")) == 2

    def test_what_is_not_in_doubt_can_not_be_settled(self, amina, ben, page):
        send_by_mail(amina, ben, page)
        answer = amina.send(f"{page}/deliveries/{Delivery.get().id}/doubt", {"arrived": "no"})
        assert answer.status_code == 422


class TestWhoMay:
    def test_members_may_not_and_strangers_find_nothing(self, sign_in, cast, page, letter):
        Campaign.update(visibility="circle").where(Campaign.id == letter.campaign_id).execute()
        for url in ("", "/by-mail", "/by/post"):
            for person, status in ((cast.cerys, 403), (cast.dov, 404)):
                browser = sign_in(person)
                answer = browser.get(page) if not url else browser.send(page + url, MAIL)
                assert answer.status_code == status

    def test_an_organizer_never_sends(self, sign_in, cast, page, letter):
        from portal.campaigns.models import Attachment

        Attachment.create(campaign=letter.campaign, person=cast.ola, accepted_at=NOON)
        assert sign_in(cast.ola).get(page).status_code == 403

    def test_a_drafter_may_not(self, sign_in, cast, page, letter):
        add_member(letter.campaign, cast.nia, "drafter")
        assert sign_in(cast.nia).send(f"{page}/by-mail", MAIL).status_code == 403


def test_a_letter_that_can_still_change_can_not_be_sent(sign_in, cast):
    campaign = build_campaign(leads=[cast.amina, cast.ben])
    letter = build_letter(campaign)
    page = f"/campaigns/{campaign.key}/letters/{letter.id}/sending"
    browser = sign_in(cast.amina)
    assert "the letter can still change" in browser.get(page).text
    answer = browser.send(f"{page}/by-mail", MAIL)
    assert answer.status_code == 422 and Agreement.select().count() == 0
