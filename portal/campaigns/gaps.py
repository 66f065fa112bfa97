"""What a campaign still lacks. A campaign may be saved with gaps; it says which they are."""

from collections.abc import Iterable

from portal.campaigns.models import Campaign, Demand


def missing_of(campaign: Campaign, demands: Iterable[Demand]) -> list[str]:
    """Names of what is missing, in the order to mend it: problem, target, address, demand, details, homes.

    `demands` are those not withdrawn. The words for each are in templates/campaigns/_missing.html.
    """
    asked = list(demands)
    target = campaign.target
    gaps = {
        "problem": not campaign.problem,
        "target": target is None,
        "address": target is not None and not (target.email or target.postal_address),
        "demand": not asked,
        "details": any(not demand.is_ready for demand in asked),
        "homes": campaign.place.home_count == 0,
    }
    return [name for name, is_missing in gaps.items() if is_missing]


def standing_demands(campaign: Campaign) -> list[Demand]:
    """The demands not withdrawn, in their order. One statement."""
    return list(
        Demand.select()
        .where(Demand.campaign == campaign.id, Demand.withdrawn_at.is_null())
        .order_by(Demand.position, Demand.id)
    )
