"""One public campaign of other people: what a newcomer finds in the portal already."""

TITLE = "Clean, lit stairs at Quay House"


def fill() -> None:
    """Make the campaign, as its neighbours would have left it. Runs inside the app's context."""
    from portal.campaigns import search
    from portal.campaigns.activity import record
    from portal.database import transaction
    from tests import builders

    with transaction():
        lead, second = builders.build_person("Hester Quay"), builders.build_person("Ivo Quay")
        campaign = builders.build_campaign(
            leads=[lead, second],
            members=[builders.build_person() for _ in range(4)],
            title=TITLE,
            problem="The lights on the stairs have been out since June.",
            kind="safety",
            visibility="public",
            floors=2,
            homes_per_floor=3,
        )
        place = campaign.place
        place.name, place.town = "Quay House", "Wexcombe"
        place.save()
        record(campaign, "campaign_started", by=lead, is_public=True)
        search.index_campaign(campaign)
