"""Finding an organization by any of its names."""

from portal.targets.models import Organization, OrganizationName


def find_by_name(name: str) -> Organization | None:
    """The record that goes by this name now, or did before, or that took over one which did."""
    key = Organization.key_of(name)
    found = Organization.get_or_none(Organization.name_key == key)
    if found is None:
        known = OrganizationName.select(OrganizationName.organization).where(OrganizationName.name_key == key)
        found = Organization.get_or_none(Organization.id.in_(known))
    return standing(found) if found is not None else None


def standing(organization: Organization) -> Organization:
    """The record that stands for this one: itself, or the one it was merged into."""
    seen = {organization.id}
    while organization.merged_into_id is not None and organization.merged_into_id not in seen:
        organization = Organization.get_by_id(organization.merged_into_id)
        seen.add(organization.id)
    return organization


def is_free(name: str, *, beside: Organization) -> bool:
    """Whether no other organization goes by this name."""
    found = find_by_name(name)
    return found is None or found.id == beside.id
