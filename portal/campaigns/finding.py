"""How every view finds its campaign: visible and allowed, or the same 404 as if it were not there."""

from typing import Any

import peewee
from flask import abort

from portal import clock
from portal.campaigns.models import Campaign
from portal.places.models import Place
from portal.quick_statements import Written, blank
from portal.targets.models import Organization, Target
from portal.web import current_person, require


def find_campaign(key: str, action: str) -> Campaign:
    """The campaign with this key, with its place and target, if the person of this request may do `action` there.

    One statement for the campaign and what the person is in it. Answers 404 when they are nothing to it (missing and
    private look alike), 403 when they may see it but not do this.
    """
    person = current_person()
    if person is None:
        campaign = _FOR_VISITORS.first(key=key)
    else:
        campaign = _WITH_PARTS.first(key=key, person=person.id, today=clock.today())
    if campaign is not None and person is not None:
        campaign.remember_parts(person, campaign)
    if campaign is None or not campaign.parts_of(person):
        abort(404)
    require(action, campaign)
    return campaign


def _campaign_query(*parts: Any) -> Any:
    return (
        Campaign.select(Campaign, Place, Target, Organization, *parts)
        .join_from(Campaign, Place)
        .join_from(Campaign, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(Campaign.key == blank("key"))
    )


# Nearly every page asks one of these.
_FOR_VISITORS = Written(_campaign_query)
_WITH_PARTS = Written(lambda: _campaign_query(*Campaign.parts_columns(blank("person"), on=blank("today"))))


def find_in(campaign: Campaign, model: Any, row_id: int) -> Any:
    """The row of `model` with this id inside the campaign, or 404. Its `campaign` is the object given."""
    row = model.select().where(model.campaign == campaign.id, model.id == row_id).first()
    if row is None:
        abort(404)
    row.campaign = campaign
    return row
