"""The pages of mail that came in, through the front door."""

import pytest

from portal import clock, doctor
from portal.inbound import believing
from portal.inbound.models import BelievedDomain, Bounce, InboundMail
from portal.inbound.processing import sort_waiting
from portal.letters.models import Delivery, ReplyAddress
from portal.letters.sending import reply_address
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.deadlines.models import Deadline
from portal.responses.models import Response
from tests import builders
from tests.counting import count_sql
from tests.inbound.corpus import BOUNCES
from tests.inbound.stage import write

LAW = {"From": "A. Lyle <a@law.example>", "auth": "mx.doorstep.example; dmarc=pass header.from=law.example"}


@pytest.fixture
def base(letter) -> str:
    return f"/campaigns/{letter.campaign.key}"


@pytest.fixture
def unsure(arrive) -> InboundMail:
    """A mail from a domain that nobody believes yet."""
    return arrive(write("I act for Meridale.\n", Subject="Without prejudice", **LAW))


@pytest.fixture
def lead(sign_in, cast):
    return sign_in(cast.amina)


class TestTheTray:
    def test_what_waits_stands_first_and_members_do_not_see_it(self, unsure, arrive, base, lead, sign_in, cast):
        arrive(write("We will come.\n", Subject="Your letter"))
        page = lead.get(f"{base}/mail").text
        assert page.index("Is this from them?") < page.index("Without prejudice") < page.index("Your letter")
        assert sign_in(cast.cerys).get(f"{base}/mail").status_code == 403
        assert sign_in(cast.cerys).get(f"{base}/mail/{unsure.id}").status_code == 403
        assert sign_in(cast.dov).get(f"{base}/mail/{unsure.id}").status_code == 403

    def test_no_page_takes_more_than_five_statements_however_much_came(self, arrive, letter, base, lead):
        for number in range(3):
            mail = arrive(write(f"{number}\n", **LAW))
            arrive(write(f"again {number}\n"))
        arrive(BOUNCES[0].raw, sender="")
        believing.believe(letter, "x.example", by=letter.campaign.started_by)
        for path in ("/mail", f"/mail?letter={letter.id}", f"/mail/{mail.id}", f"/letters/{letter.id}/mail"):
            with count_sql() as seen:
                assert lead.get(f"{base}{path}").status_code == 200
            assert len(seen) <= 5, (path, seen)

    def test_older_mail_is_a_page_further(self, arrive, base, lead, monkeypatch):
        monkeypatch.setattr("portal.inbound.queries.PAGE", 2)
        for number in range(3):
            arrive(write("x\n", Subject=f"Mail number {number}", From=f"g{number}@meridale.example"))
        first = lead.get(f"{base}/mail").text
        assert "Mail number 2" in first and "Mail number 0" not in first
        assert (
            "Mail number 0"
            in lead.get(f"{base}/mail?before={InboundMail.select().order_by(InboundMail.id)[1].id}").text
        )

    def test_a_mail_of_another_campaign_is_missing(self, unsure, cast, lead):
        other = builders.build_campaign(leads=[cast.amina])
        assert lead.get(f"/campaigns/{other.key}/mail/{unsure.id}").status_code == 404


class TestOneMail:
    def test_it_says_who_could_be_proved_and_folds_what_is_quoted(self, arrive, base, lead):
        mail = arrive(write("Yes.\n\nOn Mon, 16 Nov 2026, Residents wrote:\n> We ask\n", Subject="<b>Re</b>"))
        page = lead.get(f"{base}/mail/{mail.id}").text
        assert "proved that it comes from their domain" in page and "&lt;b&gt;Re&lt;/b&gt;" in page
        assert page.index("Yes.") < page.index("<summary>The rest") < page.index("&gt; We ask")

    def test_a_lead_says_it_is_from_them_and_it_becomes_an_answer_once(self, unsure, base, lead):
        for _ in range(2):
            answer = lead.send(f"{base}/mail/{unsure.id}/theirs", follow_redirects=True)
        assert "Somebody else has decided about this mail already" in answer.text
        response = Response.get()
        assert (response.text, response.sender_check, response.read_at) == ("I act for Meridale.", "unchecked", None)
        assert response.logged_by.name == "Amina Dirie"
        assert "says that it is from them" in lead.get(f"{base}/responses/{response.id}").text

    def test_believing_the_domain_counts_for_this_mail_and_the_next(self, unsure, arrive, base, lead):
        lead.send(f"{base}/mail/{unsure.id}/theirs", {"believe_domain": "y"})
        assert Response.get().sender_check == "checked"
        assert arrive(write("Once more.\n", **LAW)).sort == "response"

    def test_it_is_set_aside_and_brought_back(self, unsure, base, lead):
        assert lead.send(f"{base}/mail/{unsure.id}/aside").status_code == 303
        assert "Amina Dirie set it aside" in lead.get(f"{base}/mail/{unsure.id}").text
        lead.send(f"{base}/mail/{unsure.id}/back")
        assert "It is not from them" in lead.get(f"{base}/mail/{unsure.id}").text
        assert not Response.select().exists()

    def test_what_a_machine_seemed_to_write_can_be_a_real_answer(self, arrive, base, lead):
        mail = arrive(write("Our answer is no.\n", Auto_Submitted="auto-generated"))
        response = mail.response
        assert (response.kind, response.read_at) == ("auto_reply", clock.now())
        lead.send(f"{base}/mail/{mail.id}/real")
        again = Response.get_by_id(response.id)
        assert (again.kind, again.read_at) == (None, None)

    def test_files_and_the_original_are_downloads_in_a_sandbox(self, base, lead, arrive):
        from tests.inbound.shapes import TRAPS

        mail = arrive(TRAPS[0].raw)
        for path in ("files/0", "original"):
            answer = lead.get(f"{base}/mail/{mail.id}/{path}", buffered=True)
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.mimetype == "application/octet-stream" or path == "original"
        assert answer.data == TRAPS[0].raw
        assert lead.get(f"{base}/mail/{mail.id}/files/9").status_code == 404

    @pytest.mark.parametrize("path", ["theirs", "aside", "back", "real"])
    def test_only_leads_decide(self, unsure, base, sign_in, cast, path):
        assert sign_in(cast.cerys).send(f"{base}/mail/{unsure.id}/{path}").status_code == 403
        assert sign_in(cast.amina).send(f"{base}/mail/99999/{path}").status_code == 404


class TestTheLettersAddress:
    def test_a_new_address_closes_the_old_one(self, letter, address, base, lead):
        assert address in lead.get(f"{base}/letters/{letter.id}/mail").text
        lead.send(f"{base}/letters/{letter.id}/mail/address/renewal")
        page = lead.get(f"{base}/letters/{letter.id}/mail").text
        assert reply_address(letter) != address and reply_address(letter) in page and "1 closed address" in page

    def test_closed_it_stays_closed_until_a_lead_makes_another(self, letter, address, base, lead):
        lead.send(f"{base}/letters/{letter.id}/mail/address/closing")
        assert not ReplyAddress.select().where(ReplyAddress.closed_at.is_null()).exists()
        again = lead.send(f"{base}/letters/{letter.id}/mail/address/closing", follow_redirects=True)
        assert "This letter has no open address" in again.text

    @pytest.mark.parametrize("domain", ["", "no domain", "gmail.com", "a@", "x" * 300])
    def test_what_is_no_domain_of_theirs_comes_back_as_typed(self, letter, base, lead, domain):
        answer = lead.send(f"{base}/letters/{letter.id}/mail/domains", {"domain": domain})
        assert answer.status_code == 422 and f'value="{domain}"' in answer.text
        assert not BelievedDomain.select().exists()

    def test_a_domain_is_believed_once_and_then_no_longer(self, letter, base, lead):
        for _ in range(2):
            lead.send(f"{base}/letters/{letter.id}/mail/domains", {"domain": "@Repairs.Example"})
        row = BelievedDomain.get()
        assert row.domain == "repairs.example"
        lead.send(f"{base}/letters/{letter.id}/mail/domains/{row.id}/removal")
        assert BelievedDomain.get().removed_at is not None

    def test_one_address_at_a_shared_domain_is_believed_and_its_neighbours_are_not(self, letter, arrive):
        believing.believe(letter, "landlord@gmail.com", by=letter.campaign.started_by)
        auth = "mx.doorstep.example; dmarc=pass header.from=gmail.com"
        assert arrive(write(From="Landlord@gmail.com", auth=auth)).sort == "response"
        assert arrive(write(From="tenant@gmail.com", auth=auth)).sort == "unverified"

    def test_a_lead_says_that_a_letter_came_back_and_it_can_be_sent_again(self, letter, arrive, base, lead):
        arrive(BOUNCES[0].raw, sender="")
        assert Delivery.get().came_back_on is None
        page = lead.get(f"{base}/letters/{letter.id}/mail").text
        assert "Not delivered: to complaints@meridale.example" in page and "no such mailbox" in page
        lead.send(f"{base}/letters/{letter.id}/mail/bounces/{Bounce.get().id}", {"arrived": "no"})
        assert Delivery.get().came_back_on == clock.today()
        assert not Delivery.get().stands
        lead.send(f"{base}/letters/{letter.id}/mail/bounces/{Bounce.get().id}", {"arrived": "yes"})
        assert Delivery.get().came_back_on == clock.today()


class TestTheHoldingPen:
    @pytest.fixture
    def steward(self, sign_in, cast):
        cast.nia.is_steward = True
        cast.nia.save()
        return sign_in(cast.nia)

    @pytest.fixture
    def held(self, arrive) -> InboundMail:
        return arrive(write("Secret words\n", Subject="To whom it may concern"), to="info@reply.example.org")

    def test_stewards_see_headers_only_and_leads_nothing(self, held, steward, lead, base):
        for path in ("/holding-pen", f"/holding-pen/{held.id}"):
            page = steward.get(path).text
            assert "To whom it may concern" in page and "Secret" not in page
            assert lead.get(path).status_code == 403
        assert "To whom it may concern" not in lead.get(f"{base}/mail").text

    @pytest.mark.parametrize("by_address", [True, False])
    def test_a_steward_hands_it_to_its_letter_and_the_leads_look(self, held, steward, letter, address, by_address):
        where = address if by_address else f"http://localhost/letters/{letter.key}"
        assert steward.send(f"/holding-pen/{held.id}/letter", {"where": where}).status_code == 303
        sort_waiting()
        mail = InboundMail.get_by_id(held.id)
        assert (mail.letter_id, mail.sort, mail.text) == (letter.id, "response", "Secret words")
        assert steward.send(f"/holding-pen/{held.id}/letter", {"where": where}).status_code == 404

    def test_an_address_of_no_letter_comes_back_as_typed(self, held, steward):
        answer = steward.send(f"/holding-pen/{held.id}/letter", {"where": "r-abc@nowhere"})
        assert answer.status_code == 422 and "r-abc@nowhere" in answer.text

    def test_what_went_in_a_circle_waits_for_leads_when_a_steward_hands_it_over(self, arrive, steward, letter, address):
        held = arrive(write(From="portal@example.org"))
        steward.send(f"/holding-pen/{held.id}/letter", {"where": address})
        sort_waiting()
        assert (InboundMail.get().sort, InboundMail.get().why) == ("unverified", "handed_over")

    def test_a_steward_deletes_it_for_good(self, held, steward):
        assert steward.send(f"/holding-pen/{held.id}/removal").status_code == 303
        assert not InboundMail.select().exists()


class TestElsewhere:
    def test_my_portal_asks_leads_and_nobody_else(self, unsure, lead, sign_in, cast):
        assert "A mail came. Is it from them?" in lead.get("/").text
        assert "A mail came" not in sign_in(cast.cerys).get("/").text

    def test_the_timeline_tells_a_machine_from_them_and_outside_nothing(self, arrive, letter, base, lead, sign_in):
        arrive(write("I am away.\n", Auto_Submitted="auto-replied"))
        arrive(BOUNCES[0].raw, sender="")
        page = lead.get(base).text
        assert "A machine answered" in page and "A mail system says our letter did not arrive" in page
        outside = sign_in(None).get(base).text
        assert "A machine" not in outside and "did not arrive" not in outside

    def test_no_clock_stops_for_a_machine_or_for_a_bounce_that_nobody_settled(self, arrive, letter):
        keep_deadlines(letter)
        arrive(write("I am away.\n", Auto_Submitted="auto-replied"))
        arrive(BOUNCES[0].raw, sender="")
        keep_deadlines(letter)
        clock_of = Deadline.get(Deadline.letter == letter.id)
        assert clock_of.due_on is not None and clock_of.satisfied_on is None

    def test_doctor_says_whether_answers_can_come_in(self, app, letter):
        said = [sentence for _grade, sentence in doctor._mail_in({**app.config, "TRUSTED_RECEIVERS": []})]
        assert any("INBOUND_PORT is not set" in one for one in said)
        assert any("TRUSTED_RECEIVERS is not set" in one for one in said)
        grades = {grade for grade, _sentence in doctor._mail_in({**app.config, "INBOUND_PORT": 8024})}
        assert grades == {doctor.GOOD}
