"""Signing without an account: only confirmed signatures count, nobody learns who signed, nobody counts twice."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.models import Campaign
from portal.letters import signing
from portal.letters.models import Letter, Signature
from portal.outbox import OutgoingMail
from tests.builders import build_campaign, build_letter
from tests.conftest import NOON

GOOD = {"name": "Rosa Maddox", "email": "rosa@example.org", "display": "full", "count_me": "y"}


@pytest.fixture
def letter(cast):
    campaign = build_campaign(leads=[cast.amina, cast.ben], floors=3, homes_per_floor=4, visibility="public")
    return build_letter(campaign, frozen=True)


def counts(letter):
    row = Letter.get_by_id(letter.id)
    campaign = Campaign.get_by_id(letter.campaign_id)
    assert (row.signature_count, row.signed_home_count) == (campaign.signature_count, campaign.signed_home_count)
    return row.signature_count, row.signed_home_count


def sign(client, letter, **given):
    return client.send(f"/letters/{letter.key}/signatures", {**GOOD, **given})


def sign_and_confirm(client, outbox, letter, **given):
    sign(client, letter, **given)
    return client.send(outbox(given.get("email", GOOD["email"]).casefold())[-1].link("confirm"), {})


class TestSigning:
    def test_a_signature_counts_only_when_its_owner_confirms(self, client, outbox, letter):
        assert sign(client, letter).status_code == 303
        assert counts(letter) == (0, 0)
        link = outbox("rosa@example.org")[0].link("confirm")
        answer = client.send(link, {})
        assert answer.status_code == 303 and counts(letter) == (1, 0)
        assert "Your signature counts" in client.get(answer.headers["Location"]).text

    def test_looking_at_the_link_confirms_nothing(self, client, outbox, letter):
        sign(client, letter)
        link = outbox()[0].link("confirm")
        for _look in range(50):
            assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
        assert Signature.get().state == "pending" and counts(letter) == (0, 0)

    def test_confirming_twice_counts_once(self, client, outbox, letter):
        sign(client, letter)
        link = outbox()[0].link("confirm")
        assert [client.send(link, {}).status_code for _press in range(3)] == [303] * 3
        assert counts(letter) == (1, 0)

    @pytest.mark.parametrize("spelling", ["ROSA@example.org", "rosa+news@example.org", " rosa@example.org "])
    def test_two_spellings_of_one_address_are_one_signature(self, client, outbox, letter, spelling):
        sign_and_confirm(client, outbox, letter)
        sign(client, letter, email=spelling)
        assert Signature.select().count() == 1 and counts(letter) == (1, 0)

    def test_dots_matter_everywhere_but_at_google(self):
        from portal.people.operations import email_key

        assert email_key("a.n.n@gmail.com") == email_key("ann@googlemail.com")
        assert email_key("a.nn@other.example") != email_key("ann@other.example")

    def test_the_page_is_the_same_for_new_waiting_and_confirmed_addresses(self, client, outbox, letter):
        first = sign(client, letter)
        waiting = sign(client, letter)
        client.send(outbox()[-1].link("confirm"), {})
        confirmed = sign(client, letter)
        pages = {(answer.status_code, answer.headers["Location"]) for answer in (first, waiting, confirmed)}
        assert len(pages) == 1

    def test_an_owner_who_signed_before_is_told_by_mail_once_a_day(self, client, outbox, letter):
        sign_and_confirm(client, outbox, letter)
        for _again in range(4):
            sign(client, letter, name="Somebody Else")
        assert [mail.subject for mail in outbox("rosa@example.org")].count("You have signed already") == 1
        assert Signature.get().name == "Rosa Maddox"

    def test_at_most_two_more_confirmation_mails_a_day(self, client, outbox, letter):
        for _try in range(6):
            sign(client, letter)
        assert len(outbox("rosa@example.org")) == 3

    def test_a_newer_mail_makes_the_older_link_useless(self, client, outbox, letter):
        sign(client, letter)
        sign(client, letter, name="Rosa M.")
        old, new = (mail.link("confirm") for mail in outbox())
        assert client.send(old, {}).status_code == 410 and counts(letter) == (0, 0)
        assert client.send(new, {}).status_code == 303 and Signature.get().name == "Rosa M."

    def test_a_link_is_too_old_after_a_week(self, client, outbox, letter):
        sign(client, letter)
        link = outbox()[0].link("confirm")
        stamped = OutgoingMail.get().created_at
        with clock.frozen_at(stamped + timedelta(days=8)):
            assert Signature.get().state == "pending"
        assert client.get(link + "x").status_code == 410

    def test_a_changed_token_says_nothing_more(self, client, outbox, letter):
        sign(client, letter)
        link = outbox()[0].link("confirm")
        pages = {client.get(link[:-1]).data, client.get("/signatures/confirm/none").data}
        assert len(pages) == 1

    def test_homes_are_counted_once_each(self, client, outbox, letter):
        sign_and_confirm(client, outbox, letter, email="a@example.org", home_words="2B")
        sign_and_confirm(client, outbox, letter, email="b@example.org", home_words="flat 2b")
        sign_and_confirm(client, outbox, letter, email="c@example.org", home_words="somewhere else")
        assert counts(letter) == (3, 1)

    def test_a_closed_campaign_takes_no_more_names(self, client, outbox, letter):
        sign(client, letter)
        Campaign.update(state="won").where(Campaign.id == letter.campaign_id).execute()
        answer = client.send(outbox()[0].link("confirm"), {})
        assert answer.status_code == 422 and "not open for signing" in answer.text
        assert counts(letter) == (0, 0)


class TestBadInput:
    @pytest.mark.parametrize(
        ("field", "typed", "says"),
        [
            ("name", "", "Enter your name"),
            ("name", "Call https://evil.example now", "without a web address"),
            ("name", "x" * 300, "80 characters or less"),
            ("name", "\u202e\u200b", "Enter your name"),
            ("email", "", "Enter your e-mail address"),
            ("email", "a@b", "right form"),
            ("email", "a@@b.c", "right form"),
            ("email", '"a b"@c.d', "right form"),
            ("email", "a@[127.0.0.1]", "right form"),
            ("email", "x" * 250 + "@example.org", "right form"),
            ("email", "rosa@example.org\r\nBcc: all@example.org", "right form"),
            ("display", "everything", "Choose one of the answers"),
            ("count_me", "", "Tick the box"),
        ],
    )
    def test_is_explained_kept_and_stores_nothing(self, client, letter, field, typed, says):
        page = sign(client, letter, **{field: typed})
        assert page.status_code == 422 and says in page.text.replace("&#39;", "'")
        assert "Rosa Maddox" in page.text or field == "name"
        assert Signature.select().count() == 0 and OutgoingMail.select().count() == 0

    def test_markup_in_a_name_is_shown_as_text(self, client, outbox, letter):
        sign_and_confirm(client, outbox, letter, name="<img src=x onerror=alert(1)> {{7*7}}")
        page = client.get(f"/letters/{letter.key}").text
        assert "&lt;img src=x" in page and "<img src=x" not in page and "{{7*7}}" in page

    def test_no_box_is_ticked_beforehand(self, client, letter):
        page = client.get(f"/letters/{letter.key}").text
        boxes = [part for part in page.split("<input") if 'type="checkbox"' in part]
        assert boxes and not any("checked" in box.split(">")[0] for box in boxes)


class TestWhoIsShown:
    @pytest.mark.parametrize(
        ("display", "shown"),
        [("full", "Rosa Maddox"), ("first_name", "Rosa"), ("resident", "1 resident of Larkspur Point")],
    )
    def test_a_name_is_shown_as_chosen(self, client, outbox, letter, display, shown):
        sign_and_confirm(client, outbox, letter, display=display)
        names = client.get(f"/letters/{letter.key}/names").text
        assert shown in names and (display == "full") == ("Maddox" in names)

    def test_those_who_chose_not_to_be_shown_appear_in_no_public_byte(self, client, outbox, letter):
        sign_and_confirm(client, outbox, letter, display="hidden", home_words="Flat 2B")
        for url in (f"/letters/{letter.key}", f"/letters/{letter.key}/names", f"/campaigns/{letter.campaign.key}"):
            page = client.get(url).text
            assert not any(secret in page for secret in ("Rosa", "Maddox", "rosa@example.org", "Flat 2B"))

    def test_an_unconfirmed_name_is_shown_nowhere(self, client, letter, sign_in, cast):
        sign(client, letter)
        assert "Rosa" not in client.get(f"/letters/{letter.key}").text
        leads = f"/campaigns/{letter.campaign.key}/letters/{letter.id}/signatories"
        assert "Rosa" not in sign_in(cast.amina).get(leads).text


class TestTheSignersOwnLink:
    @pytest.fixture
    def own(self, client, outbox, letter):
        return sign_and_confirm(client, outbox, letter, home_words="1A").headers["Location"]

    def test_the_display_changes_on_the_next_page_view(self, client, letter, own):
        assert "Rosa Maddox" in client.get(f"/letters/{letter.key}").text
        assert client.send(f"{own}/display", {"display": "hidden"}).status_code == 303
        assert "Rosa" not in client.get(f"/letters/{letter.key}").text

    def test_withdrawing_uncounts_and_forgets_the_person(self, client, letter, own):
        assert counts(letter) == (1, 1)
        assert [client.send(f"{own}/withdrawal").status_code for _press in range(2)] == [303, 303]
        assert counts(letter) == (0, 0)
        row = Signature.get()
        assert (row.name, row.email, row.home_words, row.home_id) == ("", "", "", None)
        assert "off the letter" in client.get(own).text

    def test_one_can_sign_again_after_withdrawing(self, client, outbox, letter, own):
        client.send(f"{own}/withdrawal")
        sign_and_confirm(client, outbox, letter)
        assert counts(letter) == (1, 0) and Signature.select().count() == 1

    def test_this_was_not_me_ends_it_for_good(self, client, outbox, letter):
        sign(client, letter)
        link = outbox()[0].link("not-me")
        assert client.get(link).status_code == 200 and Signature.get().state == "pending"
        client.send(link)
        sign(client, letter)
        assert Signature.get().state == "withdrawn" and len(outbox()) == 1

    @pytest.mark.parametrize("part", ["", "/display", "/withdrawal", "/not-me"])
    def test_anothers_token_is_no_good_link(self, client, letter, part):
        url = f"/signatures/forged{part}"
        answer = client.get(url) if not part or part == "/not-me" else client.send(url)
        assert answer.status_code == 410


class TestManyFromOnePlace:
    def test_the_sixty_first_of_a_day_is_accepted_but_held(self, client, outbox, letter, sign_in, cast):
        for number in range(61):
            sign_and_confirm(client, outbox, letter, email=f"n{number}@example.org")
        assert counts(letter) == (60, 0)
        held = Signature.get(Signature.is_held == True)  # noqa: E712
        page = f"/campaigns/{letter.campaign.key}/letters/{letter.id}/signatories"
        lead = sign_in(cast.amina)
        assert "Held back" in lead.get(page).text
        assert lead.send(f"{page}/{held.id}/release").status_code == 303
        assert counts(letter) == (61, 0)
        lead.send(f"{page}/{held.id}/release")
        assert counts(letter) == (61, 0)


class TestWhoSeesTheList:
    def test_leads_see_it_members_do_not_strangers_find_nothing(self, sign_in, cast, letter):
        from tests.builders import add_member

        add_member(letter.campaign, cast.cerys)
        url = f"/campaigns/{letter.campaign.key}/letters/{letter.id}/signatories"
        assert sign_in(cast.amina).get(url).status_code == 200
        assert sign_in(cast.cerys).get(url).status_code == 403
        Campaign.update(visibility="circle").where(Campaign.id == letter.campaign_id).execute()
        assert sign_in(cast.dov).get(url).status_code == 404


class TestALetterThatIsNotPublic:
    @pytest.mark.parametrize("state", ["draft", "circle", "withdrawn"])
    def test_is_not_there_for_anybody_outside(self, client, cast, state):
        visibility = "circle" if state == "circle" else "public"
        campaign = build_campaign(leads=[cast.amina], visibility=visibility)
        letter = build_letter(campaign, frozen=state != "draft")
        if state == "withdrawn":
            Letter.update(withdrawn_at=NOON).where(Letter.id == letter.id).execute()
        missing = client.get("/letters/abcdefghijklmnopqrstuv")
        for url in (f"/letters/{letter.key}", f"/letters/{letter.key}/signed", f"/letters/{letter.key}/names"):
            assert client.get(url).status_code == 404 and client.get(url).data == missing.data
        assert sign(client, letter).status_code == 404


def test_the_counters_equal_the_rows_after_everything(client, outbox, letter):
    for number in range(6):
        sign_and_confirm(
            client, outbox, letter, email=f"n{number}@example.org", home_words="1A" if number % 2 else "1B"
        )
    for signature in list(Signature.select().limit(3)):
        client.send(f"/signatures/{signing.manage_token(signature)}/withdrawal")
    rows = Signature.select().where(Signature.state == "confirmed")
    assert counts(letter) == (rows.count(), len({row.home_id for row in rows}))
