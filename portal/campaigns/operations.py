"""Starting a campaign, and changing what it is about and whom it writes to."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _

from portal import clock, limits, tokens
from portal.campaigns import beginnings
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign, Demand, Membership, Role
from portal.campaigns.search import index_campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.places.models import Place
from portal.targets import naming
from portal.targets.models import Organization, Target


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Who can say yes, as typed: an organization, and what is known of the person in it. All may be empty."""

    organization: str = ""
    sector: str = "other"
    post: str = ""
    person_name: str = ""
    email: str = ""
    postal_address: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of them yet."""
        return not any((self.organization, self.post, self.person_name, self.email, self.postal_address))


def start_campaign(
    *,
    by: Person,
    title: str,
    place_name: str,
    problem: str = "",
    kind: str = "other",
    town: str = "",
    country: str = "gb-eng",
    addressee: Addressee | None = None,
    demand: str = "",
) -> Campaign:
    """Start a campaign in the circle, with `by` as its first member and lead. Gaps may be filled later.

    Raises RuleBroken when the addressee has a name but no organization, TooFast after ten campaigns in a day.
    """
    addressee = addressee or Addressee()
    _check_addressee(addressee)
    limits.spend(limits.START_CAMPAIGN, str(by.id))
    with transaction():
        place = Place.create(name=place_name, town=town, country=country)
        campaign = Campaign.create(
            key=tokens.new_key(),
            title=title,
            problem=problem,
            kind=kind,
            place=place,
            target=_make_target(addressee, by=by),
            started_by=by,
            member_count=1,
        )
        membership = Membership.create(campaign=campaign, person=by, how="started")
        until = clock.today() + timedelta(days=current_app.config["ROLE_DAYS"])
        Role.create(membership=membership, name="lead", given_by=by, until_on=until)
        if demand:
            Demand.create(campaign=campaign, what=demand, who=addressee.post)
        beginnings.forget_answers(by=by)
        record(campaign, "campaign_started", by=by, about=campaign, is_public=True, place=place.full_name)
    return campaign


def edit_campaign(
    campaign: Campaign, *, by: Person, title: str, problem: str, kind: str, place_name: str, town: str, country: str
) -> None:
    """Change what the campaign is about and where it is."""
    place = campaign.place
    with transaction():
        campaign.touch()
        Campaign.update(title=title, problem=problem, kind=kind).where(Campaign.id == campaign.id).execute()
        Place.update(name=place_name, town=town, country=country).where(Place.id == place.id).execute()
        campaign.title, campaign.problem, campaign.kind = title, problem, kind
        place.name, place.town, place.country = place_name, town, country
        index_campaign(campaign)


def change_target(campaign: Campaign, addressee: Addressee, *, by: Person) -> None:
    """Change who the campaign writes to. Raises RuleBroken without an organization.

    Another person or address in the same organization corrects the target, so that drafts follow. Another organization
    is another target: letters to the first one keep it.
    """
    if not addressee.organization:
        raise RuleBroken(_("Enter the name of the landlord, company or council"), field="organization")
    with transaction():
        campaign.touch()
        organization = _find_organization(addressee, by=by)
        target = campaign.target
        if target is not None and target.organization_id == organization.id:
            _correct_target(target, addressee)
        else:
            target = _make_target(addressee, by=by)
            Campaign.update(target=target).where(Campaign.id == campaign.id).execute()
            campaign.target = target
        index_campaign(campaign)


def _check_addressee(addressee: Addressee) -> None:
    if not addressee.is_empty and not addressee.organization:
        raise RuleBroken(_("Enter the name of the landlord, company or council they belong to"), field="organization")


def _find_organization(addressee: Addressee, *, by: Person) -> Organization:
    """The one shared record of this name, or which had it once. What others wrote in it stays."""
    known = naming.find_by_name(addressee.organization)
    if known is not None:
        return known
    found, _is_new = Organization.get_or_create(
        name_key=Organization.key_of(addressee.organization),
        defaults={"name": addressee.organization, "sector": addressee.sector, "added_by": by},
    )
    return found


def _make_target(addressee: Addressee, *, by: Person) -> Target | None:
    if addressee.is_empty:
        return None
    return Target.create(
        organization=_find_organization(addressee, by=by),
        person_name=addressee.person_name,
        post=addressee.post,
        email=addressee.email,
        postal_address=addressee.postal_address,
    )


def _correct_target(target: Target, addressee: Addressee) -> None:
    target.person_name, target.post = addressee.person_name, addressee.post
    target.email, target.postal_address = addressee.email, addressee.postal_address
    target.save(only=[Target.person_name, Target.post, Target.email, Target.postal_address])
