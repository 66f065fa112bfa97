"""The papers that go with a letter, a letter that quotes another, and a campaign's own letters to begin from."""

from portal import clock
from portal.campaigns.models import Campaign
from portal.letters.copies.models import OwnTemplate
from portal.letters.copies.own_templates import with_gaps
from portal.letters.models import Block, Letter
from portal.letters.operations import start_letter
from tests.builders import build_campaign, build_letter, build_own_template
from tests.counting import count_sql


def at(letter, path=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}{path}"


class TestPapers:
    def test_they_are_filled_from_the_letter(self, frozen, sign_in, cast):
        Letter.update(signature_count=143, signed_home_count=66).execute()
        browser = sign_in(cast.cerys)
        with count_sql() as seen:
            page = browser.get(at(frozen, "/papers")).text
        assert len(seen) <= 5
        assert "143 people have signed it from 66 of 84 homes." in page
        assert "What they ask for: Survey every reported home" in page
        assert f"/letters/{frozen.key}" in page and "{" not in page.split("<main")[1].split("</main")[0]

    def test_nobody_is_sent_to_a_page_that_they_cannot_open(self, frozen, sign_in, cast):
        Campaign.update(visibility="circle").execute()
        page = sign_in(cast.cerys).get(at(frozen, "/papers")).text
        assert f"/letters/{frozen.key}" not in page and "can be read and checked here" not in page

    def test_each_can_be_saved_as_text_and_printed_alone(self, letter, sign_in, cast):
        browser = sign_in(cast.cerys)
        text = browser.get(at(letter, "/papers/covering.txt"))
        assert text.headers["Content-Type"] == "text/plain; charset=utf-8" and "Dear Philippa Stroud," in text.text
        assert "attachment" in text.headers["Content-Disposition"]
        assert "data-print" in browser.get(at(letter, "/papers/press")).text

    def test_read_aloud_says_every_number_day_and_test(self, letter, sign_in, cast):
        text = sign_in(cast.cerys).get(at(letter, "/papers/aloud.txt")).text
        assert "Demand 1. Survey every reported home By 7 December 2026." in text
        assert "We will know that it is done when: You came." in text and "Question 1." in text

    def test_the_plain_copy_reads_like_the_letter(self, letter, sign_in, cast):
        text = sign_in(cast.cerys).get(at(letter, "/letter-plain.txt")).text
        assert "WE ASK FOR DRY WALLS" in text and "1. Survey every reported home\n   By 7 December 2026." in text

    def test_outsiders_get_none(self, letter, sign_in, cast):
        assert sign_in(cast.dov).get(at(letter, "/papers")).status_code == 403

    def test_the_covering_words_stand_in_the_form_that_sends(self, frozen, sign_in, cast):
        assert "With this mail comes an open letter" in sign_in(cast.amina).get(at(frozen, "/sending")).text


class TestChasing:
    def test_it_quotes_what_was_asked_and_when(self, campaign, letter, sign_in, cast):
        sent = build_letter(campaign, sent_on=clock.today())
        url = f"/campaigns/{campaign.key}/letters/new?chases={sent.id}"
        sign_in(cast.amina).send(url, {"template_name": "broken_promise"})
        chaser = Letter.select().order_by(Letter.id.desc()).get()
        fact = Block.select().where(Block.letter == chaser.id, Block.kind == "fact").order_by(Block.id).first()
        assert fact.text == (
            "On 23 Nov 2026 we sent you our open letter “We ask for dry walls”. "
            "In it we asked: “Survey every reported home”"
        )

    def test_what_is_known_of_the_promise_is_filled_in(self, campaign, cast):
        letter = start_letter(
            campaign, template_name="broken_promise", by=cast.amina, known={"promise": "Fit the fans"}
        )
        assert any("“Fit the fans”" in row.text for row in letter.blocks)

    def test_a_letter_about_a_person_needs_a_second_reader(self, campaign, cast):
        assert start_letter(campaign, template_name="public_figure", by=cast.amina).needs_second_reader
        assert not start_letter(campaign, template_name="broken_lift", by=cast.amina).needs_second_reader

    def test_demands_get_days_counted_from_today(self, campaign, cast):
        letter = start_letter(campaign, template_name="broken_lift", by=cast.amina)
        days = [row.by_on for row in letter.blocks if row.kind == "demand"]
        assert all(day > clock.today() for day in days)


class TestOurOwn:
    def test_names_homes_and_days_become_gaps(self, campaign):
        text = (
            "Dear Philippa Stroud, in 11C and 84 homes at Larkspur Point since 3 March 2026 Meridale Homes did nothing."
        )
        assert with_gaps(text, campaign) == (
            "Dear {person}, in [a home] and {homes} homes at {place} since [the day] {organization} did nothing."
        )

    def test_a_letter_is_kept_as_it_was_checked_and_begun_from(self, campaign, letter, sign_in, cast):
        browser = sign_in(cast.amina)
        page = browser.get(at(letter, "/template")).text
        assert "Dear {person}," in page
        typed = {"name": "Our way", "headline": "We ask", "text_0": "Dear {person},", "text_2": "Mend it on [the day]."}
        assert browser.send(at(letter, "/template"), typed).status_code == 303
        own = OwnTemplate.get()
        assert "Our way" in browser.get(f"/campaigns/{campaign.key}/letters/new").text
        browser.send(f"/campaigns/{campaign.key}/letters/new", {"template_name": f"own-{own.id}"})
        started = Letter.select().order_by(Letter.id.desc()).get()
        assert [row.text for row in started.blocks.order_by(Block.position)] == [
            "Dear Philippa Stroud,",
            "Mend it on [the day].",
        ]

    def test_a_name_is_needed_and_what_was_typed_stays(self, letter, sign_in, cast):
        page = sign_in(cast.amina).send(at(letter, "/template"), {"name": "", "headline": "H", "text_0": "Kept words"})
        assert page.status_code == 422 and "Give it a name" in page.text and "Kept words" in page.text

    def test_nothing_is_kept_of_nothing(self, letter, sign_in, cast):
        page = sign_in(cast.amina).send(at(letter, "/template"), {"name": "N", "headline": "H"})
        assert page.status_code == 422 and "at least one part" in page.text

    def test_it_is_seen_within_the_campaign_only(self, campaign, cast, sign_in):
        own = build_own_template(campaign)
        other = build_campaign(leads=[cast.dov])
        browser = sign_in(cast.dov)
        assert own.name not in browser.get(f"/campaigns/{other.key}/letters/new").text
        page = browser.send(f"/campaigns/{other.key}/letters/new", {"template_name": f"own-{own.id}"})
        assert page.status_code == 422
        url = f"/campaigns/{other.key}/letter-templates/{own.id}/removal"
        assert browser.send(url).status_code == 404

    def test_writers_keep_and_remove_and_members_do_not(self, campaign, letter, sign_in, cast):
        own = build_own_template(campaign)
        url = f"/campaigns/{campaign.key}/letter-templates/{own.id}/removal"
        assert sign_in(cast.cerys).send(url).status_code == 403
        assert sign_in(cast.cerys).send(at(letter, "/template"), {}).status_code == 403
        assert sign_in(cast.amina).send(url).status_code == 303
        assert own.name not in sign_in(cast.amina).get(f"/campaigns/{campaign.key}/letter-templates").text
