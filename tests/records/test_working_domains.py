"""From where an organization's people write: what its record says, and whom a campaign writes to."""

import pytest

from portal import clock
from portal.targets.domains import is_theirs, plain_domain, working_domains
from portal.targets.models import MailDomain, OrganizationAddress
from tests import builders


@pytest.fixture
def campaign(cast):
    return builders.build_campaign(leads=[cast.amina], visibility="public")


@pytest.fixture
def organization(campaign):
    return campaign.target.organization


def test_those_of_the_record_and_of_the_address_written_to(campaign, organization):
    MailDomain.create(organization=organization, domain="meridale.co.example")
    OrganizationAddress.create(organization=organization, value="press@news.meridale.example", purpose="press")
    OrganizationAddress.create(
        organization=organization, value="x@gone.example", valid_until=clock.today().replace(day=1)
    )
    other = builders.build_target(email="trick@attacker.example")
    builders.build_target(email="someone@gmail.com")
    known = working_domains(organization, campaign.target)
    assert known == {"meridale.co.example", "news.meridale.example", "meridale.example"}
    assert "attacker.example" in working_domains(organization) and "gmail.com" not in working_domains(organization)
    assert other.organization_id == organization.id


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("a@meridale.example", True),
        ("a@Post.MERIDALE.example.", True),
        ("a@notmeridale.example", False),
        ("a@meridale.example.attacker.org", False),
        ("meridale.example", False),
        ("", False),
    ],
)
def test_an_address_is_theirs_by_its_domain(address, theirs):
    assert is_theirs(address, frozenset({"meridale.example"})) is theirs


def test_domains_are_compared_in_one_form():
    assert plain_domain(" Bücher.Example. ") == "xn--bcher-kva.example"
    assert plain_domain("nothing") == plain_domain("a b.example") == plain_domain("." * 300) == ""
