"""A shared record is changed by more than one campaign, with a reason, and nothing of it is forgotten."""

import json

import pytest

from portal.campaigns.models import Campaign
from portal.campaigns.operations import Addressee, change_target
from portal.errors import RuleBroken
from portal.letters.models import LetterVersion
from portal.records import merging, proposals
from portal.records.models import RecordChange, RecordProposal
from portal.targets.models import MailDomain, Organization, OrganizationAddress, PostHolder
from portal.targets.naming import find_by_name
from tests import builders
from tests.cast import make_person
from tests.counting import count_sql


@pytest.fixture
def campaign(cast):
    return builders.build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public")


@pytest.fixture
def organization(campaign):
    return campaign.target.organization


@pytest.fixture
def steward(app):
    person = make_person("Stef Steward")
    person.is_steward = True
    person.save()
    return person


def rival(cast):
    """Another campaign that writes to the same, led by Dov."""
    return builders.build_campaign(leads=[cast.dov], title="Elsewhere")


def propose(organization, by, subject="website", value="https://meridale.example/", **terms):
    return proposals.propose(organization, subject, {"value": value, **terms}, why="Their letterhead", by=by)


def again(row):
    return type(row).get_by_id(row.id)


class TestDeciding:
    def test_a_steward_decides_alone_and_the_change_is_written_down(self, organization, cast, steward):
        made = propose(organization, cast.nia)
        assert again(organization).website == ""
        assert proposals.agree(made, by=steward) is True
        assert again(organization).website == "https://meridale.example/"
        change = RecordChange.get()
        assert (change.subject, change.was, change.becomes) == ("website", "", "https://meridale.example/")
        assert (change.proposal_id, change.by_id) == (made.id, steward.id)

    def test_leads_of_two_campaigns_decide_together(self, organization, cast):
        rival(cast)
        made = propose(organization, cast.nia)
        assert proposals.agree(made, by=cast.amina) is False
        with pytest.raises(RuleBroken, match="You have said yes"):
            proposals.agree(made, by=cast.amina)
        with pytest.raises(RuleBroken, match="another campaign"):
            proposals.agree(made, by=cast.ben)
        assert again(organization).website == ""
        assert proposals.agree(made, by=cast.dov) is True
        assert again(organization).website == "https://meridale.example/"

    def test_who_leads_no_campaign_there_decides_nothing(self, organization, cast):
        made = propose(organization, cast.nia)
        for person in (cast.cerys, cast.nia):
            with pytest.raises(RuleBroken):
                proposals.agree(made, by=person)

    def test_nobody_decides_twice_or_on_what_has_changed_since(self, organization, cast, steward):
        first, second = propose(organization, cast.nia), propose(organization, cast.nia, value="https://m.example/")
        proposals.agree(first, by=steward)
        with pytest.raises(RuleBroken, match="decided this meanwhile"):
            proposals.decline(first, by=steward, decision="No")
        with pytest.raises(RuleBroken, match="changed since"):
            proposals.agree(second, by=steward)
        assert again(second).state == "open" and RecordChange.select().count() == 1

    def test_a_no_needs_a_reason_and_one_takes_back_only_ones_own(self, organization, cast, steward):
        made = propose(organization, cast.nia)
        with pytest.raises(RuleBroken):
            proposals.decline(made, by=steward, decision="")
        with pytest.raises(RuleBroken):
            proposals.withdraw(made, by=cast.amina)
        proposals.withdraw(made, by=cast.nia)
        assert again(made).state == "withdrawn" and again(organization).website == ""

    def test_the_same_is_proposed_once(self, organization, cast):
        propose(organization, cast.nia)
        with pytest.raises(RuleBroken, match="exactly this"):
            propose(organization, cast.amina)


@pytest.mark.parametrize(
    ("subject", "terms", "shown"),
    [
        ("name", {"value": "Meridale Housing"}, "Meridale Housing"),
        ("other_name", {"value": "MHG"}, "MHG"),
        ("parent", {"value": "Meridale Group"}, "Meridale Group"),
        ("sector", {"value": "council"}, "A council"),
        ("country", {"value": "gb-wls"}, "Wales"),
        ("address", {"value": "complaints@meridale.example", "purpose": "complaints", "way": "email"}, "complaints@m"),
        ("address", {"value": "1 High St\nAshmere", "purpose": "letters", "way": "post"}, "1 High St Ashmere"),
        ("domain", {"value": "someone@Mail.Meridale.example"}, "mail.meridale.example"),
        ("person", {"value": "Rae New", "post": "director", "since_on": "2026-11-01"}, "Rae New, director"),
        ("words", {"value": "The second page is about another firm"}, "another firm"),
    ],
)
def test_each_thing_can_be_proposed_and_made(organization, client, cast, steward, subject, terms, shown):
    made = proposals.propose(organization, subject, dict(terms), why="Seen", by=cast.nia)
    assert shown in made.becomes
    proposals.agree(made, by=steward)
    assert again(made).state == "accepted" and RecordChange.get().becomes == made.becomes
    if subject != "words":
        assert terms["value"].split("\n")[0].rpartition("@")[2].lower() in client.get(
            f"/organizations/{organization.id}"
        ).text.lower() or subject in {"sector", "country"}


@pytest.mark.parametrize(
    ("model", "subject", "given", "rest"),
    [
        (OrganizationAddress, "address_end", {"value": "old@meridale.example"}, 1),
        (PostHolder, "person_end", {"name": "Len Old"}, 1),
        (MailDomain, "domain_end", {"domain": "old.example"}, 0),
    ],
)
def test_what_is_no_longer_right_ends(organization, client, cast, steward, model, subject, given, rest):
    row = model.create(organization=organization, **given)
    made = proposals.propose(organization, subject, {"row_id": str(row.id)}, why="It bounced", by=cast.nia)
    proposals.agree(made, by=steward)
    assert model.select().count() == rest
    assert next(iter(given.values())) not in client.get(f"/organizations/{organization.id}").text
    with pytest.raises(RuleBroken):
        proposals.propose(organization, subject, {"row_id": str(row.id)}, why="Again", by=cast.nia)


@pytest.mark.parametrize(
    ("subject", "terms"),
    [
        ("website", {"value": "javascript:alert(1)"}),
        ("website", {"value": "https://nothing"}),
        ("name", {"value": "Meridale Homes"}),
        ("name", {"value": "castle  HOMES"}),
        ("parent", {"value": "Meridale Homes"}),
        ("sector", {"value": "social_housing"}),
        ("sector", {"value": "nonsense"}),
        ("domain", {"value": "gmail.com"}),
        ("address", {"value": "nothing", "purpose": "press", "way": "email"}),
        ("address_end", {"row_id": "999"}),
        ("words", {"value": ""}),
    ],
)
def test_what_changes_nothing_or_makes_no_sense_is_not_proposed(organization, cast, subject, terms):
    builders.build_target("Castle Homes")
    with pytest.raises(RuleBroken):
        proposals.propose(organization, subject, terms, why="x", by=cast.nia)
    assert not RecordProposal.select().exists()


def test_nobody_is_their_own_grandparent(organization, cast, steward):
    above = Organization.create(name="Above", name_key="above")
    organization.parent = above
    organization.save()
    with pytest.raises(RuleBroken):
        propose(above, cast.nia, "parent", "Meridale Homes")


def test_a_new_name_is_found_shown_and_leaves_frozen_words_alone(campaign, organization, client, cast, steward):
    letter = builders.build_letter(campaign, frozen=True)
    before = LetterVersion.get(LetterVersion.letter == letter.id).canonical_text
    assert "Meridale Homes" in client.get(f"/campaigns/{campaign.key}").text
    proposals.agree(propose(organization, cast.nia, "name", "Meridale Housing"), by=steward)
    assert find_by_name("meridale homes").id == find_by_name("Meridale Housing").id == organization.id
    assert LetterVersion.get(LetterVersion.letter == letter.id).canonical_text == before
    page = client.get(f"/campaigns/{campaign.key}").text
    assert "Meridale Housing" in page and "Meridale Homes" not in page
    assert "Dry walls" in client.get("/campaigns?q=housing").text
    # Somebody who starts with the old name writes to the same record.
    change_target(campaign, Addressee(organization="Meridale  homes"), by=cast.amina)
    assert campaign.target.organization_id == organization.id


class TestMerging:
    def test_both_names_lead_to_one_record_with_all_of_both(self, campaign, organization, client, cast, steward):
        gone = builders.build_target("Meridale Ltd", email="x@ltd.example").organization
        other = builders.build_campaign(
            leads=[cast.dov], visibility="public", target=gone.targets.get(), title="Warm homes"
        )
        for one in (gone, organization):
            MailDomain.create(organization=one, domain="meridale.example")
        waiting = propose(gone, cast.nia)
        merging.merge(gone, organization, by=steward)
        page = client.get(f"/organizations/{organization.id}").text
        assert "From 2 public campaigns" in page and "Meridale Ltd" in page and "Warm homes" in page
        moved = client.get(f"/organizations/{gone.id}")
        assert moved.status_code == 303 and moved.headers["Location"].endswith(f"/organizations/{organization.id}")
        assert find_by_name("MERIDALE LTD").id == organization.id
        assert again(waiting).organization_id == organization.id
        assert "Warm homes" in client.get("/campaigns?q=meridale+homes").text
        assert Campaign.get_by_id(other.id).version > other.version
        with pytest.raises(RuleBroken):
            merging.merge(gone, organization, by=steward)

    def test_chains_end_at_the_record_that_stands(self, organization, steward):
        first, second = (builders.build_target(name).organization for name in ("One", "Two"))
        merging.merge(first, second, by=steward)
        merging.merge(second, organization, by=steward)
        assert find_by_name("One").id == find_by_name("Two").id == organization.id

    def test_the_page_is_for_stewards(self, organization, sign_in, cast, steward):
        builders.build_target("Meridale Ltd")
        url = f"/organizations/{organization.id}/merge"
        assert sign_in(cast.amina).send(url, {"name": "Meridale Ltd"}).status_code == 403
        browser = sign_in(steward)
        refused = browser.send(url, {"name": "Nobody of that name"})
        assert refused.status_code == 422 and "Nobody of that name" in refused.text
        assert browser.send(url, {"name": "meridale ltd"}).status_code == 303
        assert find_by_name("Meridale Ltd").id == organization.id


class TestThePages:
    def test_somebody_signed_in_proposes_and_reads_what_became_of_it(self, organization, sign_in, cast, steward):
        browser = sign_in(cast.nia)
        url = f"/organizations/{organization.id}/proposals"
        assert browser.get(f"{url}/new").status_code == 200
        assert browser.get(f"{url}/new?subject=website").headers["Location"].endswith("/proposals/new/website")
        kept = browser.send(f"{url}/new/website", {"value": "meridale.example", "why": "Their letterhead"})
        assert kept.status_code == 422 and "begins with https://" in kept.text and "Their letterhead" in kept.text
        sent = browser.send(f"{url}/new/website", {"value": "https://meridale.example/", "why": "Their letterhead"})
        assert sent.status_code == 303
        here = sent.headers["Location"]
        assert "Waits for a decision" in browser.get(here).text
        boss = sign_in(steward)
        refused = boss.send(f"{here}/refusal", {"decision": ""})
        assert refused.status_code == 422 and "Write why" in refused.text
        assert boss.send(f"{here}/refusal", {"decision": "It is a parked page"}).status_code == 303
        assert "It is a parked page" in browser.get(here).text

    def test_a_yes_is_pressed_by_those_who_may(self, organization, sign_in, cast, steward):
        made = propose(organization, cast.nia)
        url = f"/organizations/{organization.id}/proposals/{made.id}"
        assert sign_in(cast.nia).send(f"{url}/acceptance").status_code == 403
        assert sign_in(cast.amina).send(f"{url}/acceptance").status_code == 303
        assert "has to say yes too" in sign_in(cast.amina).get(url).text
        assert sign_in(steward).send(f"{url}/acceptance").status_code == 303
        assert again(organization).website == "https://meridale.example/"
        assert "https://meridale.example/" in sign_in(cast.nia).get(f"/organizations/{organization.id}/proposals").text

    def test_the_name_of_whoever_proposed_stays_with_them_and_stewards(self, organization, sign_in, cast, steward):
        made = propose(organization, cast.cerys)
        url = f"/organizations/{organization.id}/proposals/{made.id}"
        assert "Cerys Prosser" not in sign_in(cast.amina).get(url).text
        assert "Cerys Prosser" in sign_in(steward).get(url).text
        assert "proposed by you" in sign_in(cast.cerys).get(url).text

    def test_a_proposal_of_another_record_is_missing(self, organization, sign_in, cast):
        other = builders.build_campaign(target=builders.build_target("Castle"), visibility="public").target.organization
        made = propose(other, cast.nia)
        assert sign_in(cast.nia).get(f"/organizations/{organization.id}/proposals/{made.id}").status_code == 404

    def test_the_form_has_what_its_subject_needs(self, organization, sign_in, cast):
        OrganizationAddress.create(organization=organization, value="old@meridale.example")
        browser = sign_in(cast.nia)
        for subject in ("name", "sector", "address", "person", "words", "domain"):
            assert browser.get(f"/organizations/{organization.id}/proposals/new/{subject}").status_code == 200
        page = browser.get(f"/organizations/{organization.id}/proposals/new/address_end").text
        assert "old@meridale.example" in page
        assert browser.get(f"/organizations/{organization.id}/proposals/new/nonsense").status_code == 404
        typed = {"purpose": "press", "way": "email", "value": "not an address", "why": "x"}
        answer = browser.send(f"/organizations/{organization.id}/proposals/new/address", typed)
        assert answer.status_code == 422 and "in the right form" in answer.text and "not an address" in answer.text

    def test_history_is_paged_and_costs_no_more_with_length(self, organization, sign_in, cast, monkeypatch):
        monkeypatch.setattr("portal.records.queries.PAGE", 3)
        for number in range(5):
            RecordChange.create(organization=organization, subject="words", becomes=f"change {number}.")
        browser = sign_in(cast.nia)
        url = f"/organizations/{organization.id}/proposals"
        with count_sql() as seen:
            first = browser.get(url)
        assert len(seen) <= 5 and "change 4." in first.text and "change 1." not in first.text
        older = RecordChange.select().order_by(RecordChange.id.desc())[2].id
        assert "change 1." in browser.get(f"{url}?before={older}").text


def test_terms_are_kept_as_plain_data(organization, cast):
    made = propose(organization, cast.nia)
    assert json.loads(made.terms) == {"value": "https://meridale.example/", "stood": ""}
