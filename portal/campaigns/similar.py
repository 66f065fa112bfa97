"""Public campaigns that may be about the same thing as one about to start."""

from functools import reduce
from operator import or_

import peewee

from portal.campaigns.models import Campaign
from portal.campaigns.search import matching
from portal.places.models import Place
from portal.targets.models import Organization, Target

MOST_SHOWN = 5


def similar_to(*, organization: str, place_name: str) -> list[Campaign]:
    """Campaigns that anybody may find and that name the same organization or place: the newest five."""
    found = [condition for words in (organization, place_name) if (condition := matching(words)) is not None]
    if not found:
        return []
    return list(
        Campaign.listed()
        .select(Campaign, Place, Target, Organization)
        .join_from(Campaign, Place)
        .join_from(Campaign, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(reduce(or_, found))
        .order_by(Campaign.public_at.desc(), Campaign.id.desc())
        .limit(MOST_SHOWN)
    )


def public_organizations() -> list[str]:
    """Names of organizations that public campaigns write to. The others are nobody's business yet."""
    names = (
        Organization.select(Organization.name)
        .join(Target)
        .join(Campaign)
        .where(Campaign.visibility == "public")
        .distinct()
        .order_by(Organization.name)
        .limit(200)
    )
    return [name for (name,) in names.tuples()]
