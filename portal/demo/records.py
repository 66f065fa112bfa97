"""What is known of the companies in the demo: where they take complaints, who is there, and what somebody proposes."""

from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.records.proposals import propose
from portal.targets.models import MailDomain, Organization, OrganizationAddress, OrganizationName, PostHolder
from portal.targets.naming import find_by_name


def add_records(stage: Stage, company: Company) -> None:
    """Fill the records of two of the companies. Their rows are written directly: no steward is among the people."""
    meridale = find_by_name("Meridale Homes")
    trevanna = find_by_name("Trevanna Water plc")
    assert meridale is not None and trevanna is not None
    with stage.at(-30, "11:00"):
        Organization.update(website="https://meridalehomes.example.com/", country="gb-eng").where(
            Organization.id == meridale.id
        ).execute()
        OrganizationName.create(
            organization=meridale, name="Meridale Housing Association", name_key="meridale housing association"
        )
        MailDomain.create(organization=meridale, domain="meridalehomes.example.com")
        checked = stage.day(-30)
        for purpose, way, value in (
            ("complaints", "email", "complaints@meridalehomes.example.com"),
            ("complaints", "post", "Meridale Homes, Complaints, 4 Orchard Court, Ashmere"),
            ("press", "email", "press@meridalehomes.example.com"),
            ("data_requests", "web", "https://meridalehomes.example.com/your-data"),
        ):
            OrganizationAddress.create(
                organization=meridale, purpose=purpose, way=way, value=value, verified_on=checked
            )
        PostHolder.create(
            organization=meridale, name="Philippa Stroud", post="director of homes", since_on=stage.day(-800)
        )
        OrganizationAddress.create(
            organization=trevanna,
            purpose="complaints",
            way="email",
            value="complaints@trevannawater.example.com",
            verified_on=checked,
        )
    with stage.at(-3, "20:10"):
        propose(
            meridale,
            "person",
            {"value": "Lena Marsh", "post": "chief executive", "since_on": stage.day(-12).isoformat()},
            why="It is on the page about the board on their website since last week.",
            by=company["Keisha Ampofo"],
        )
