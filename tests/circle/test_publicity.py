"""Who can see a campaign: wider takes two, back takes one."""

import pytest

from portal.campaigns import agreements, publicity, search
from portal.campaigns.models import Activity, Campaign, Demand, Role
from portal.errors import RuleBroken
from tests.builders import build_campaign, build_demand, build_person
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("in_a_request")


def build_ready(cast: Cast, **given) -> Campaign:
    return build_campaign(
        leads=[cast.amina, cast.ben], members=[cast.cerys, *(build_person() for _each in range(2))], **given
    )


def fresh(campaign: Campaign) -> Campaign:
    return Campaign.get_by_id(campaign.id)


def seen(campaign: Campaign) -> str:
    return publicity.preview(fresh(campaign)).fingerprint


def is_found(campaign: Campaign) -> bool:
    return Campaign.listed().where(search.matching("working lifts")).exists()


def test_one_lead_asks_another_agrees_and_anybody_can_find_it(cast: Cast) -> None:
    campaign = build_ready(cast)
    asking = publicity.ask_to_go(campaign, "public", by=cast.amina)
    assert fresh(campaign).visibility == "circle" and not is_found(campaign)
    publicity.agree_to_go(asking, by=cast.ben, seen=seen(campaign))
    assert fresh(campaign).is_public and fresh(campaign).public_at is not None and is_found(campaign)
    line = Activity.get(Activity.verb == "went_public")
    assert line.is_public and line.side == "ours"


def test_nobody_agrees_with_themselves(cast: Cast) -> None:
    campaign = build_ready(cast)
    asking = publicity.ask_to_go(campaign, "public", by=cast.amina)
    with pytest.raises(RuleBroken, match="takes two"):
        publicity.agree_to_go(asking, by=cast.amina, seen=seen(campaign))
    assert fresh(campaign).visibility == "circle"


def test_the_organizer_may_be_the_second_person(cast: Cast, outbox) -> None:
    campaign = build_ready(cast, organizer=cast.ola)
    asking = publicity.ask_to_go(campaign, "public", by=cast.amina)
    assert outbox(cast.ola.email) and outbox(cast.ben.email) and not outbox(cast.amina.email)
    publicity.agree_to_go(asking, by=cast.ola, seen=seen(campaign))
    assert fresh(campaign).is_public


def test_too_few_neighbours_or_one_lead_is_said_in_words(cast: Cast) -> None:
    campaign = build_campaign(leads=[cast.amina], members=[cast.cerys])
    with pytest.raises(RuleBroken) as broken:
        publicity.ask_to_go(campaign, "public", by=cast.amina)
    assert "3 more neighbours" in broken.value.message and "second lead" in broken.value.message


def test_by_link_needs_a_second_person_but_not_five_neighbours(cast: Cast) -> None:
    campaign = build_campaign(leads=[cast.amina], organizer=cast.ola)
    asking = publicity.ask_to_go(campaign, "link", by=cast.amina)
    publicity.agree_to_go(asking, by=cast.ola, seen=seen(campaign))
    assert fresh(campaign).visibility == "link" and not is_found(campaign)
    assert not Activity.get(Activity.verb == "went_public").is_public


def test_words_changed_while_reading_are_not_agreed_to(cast: Cast) -> None:
    campaign = build_ready(cast)
    demand = build_demand(campaign)
    asking = publicity.ask_to_go(campaign, "public", by=cast.amina)
    read = seen(campaign)
    Demand.update(what="Knock it all down").where(Demand.id == demand.id).execute()
    with pytest.raises(RuleBroken, match="changed while you read"):
        publicity.agree_to_go(asking, by=cast.ben, seen=read)
    assert fresh(campaign).visibility == "circle" and agreements.open_one(campaign, "go_public")


def test_the_least_they_would_accept_is_never_in_the_preview(cast: Cast) -> None:
    campaign = build_ready(cast)
    build_demand(campaign, worst_acceptable="Half the windows")
    build_demand(campaign, what="An old one", withdrawn_at=campaign.created_at)
    shown = publicity.preview(campaign)
    assert [demand.what for demand in shown.demands] == ["Mend the roof"]
    assert not shown.demands[0].worst_acceptable


def test_the_address_for_complaints_is_not_in_the_preview(cast: Cast) -> None:
    shown = publicity.preview(build_ready(cast))
    assert shown.addressee == "Philippa Stroud, director of homes, Meridale Homes"


def test_it_is_agreed_once(cast: Cast) -> None:
    campaign = build_ready(cast, organizer=cast.ola)
    asking = publicity.ask_to_go(campaign, "public", by=cast.amina)
    publicity.agree_to_go(asking, by=cast.ben, seen=seen(campaign))
    with pytest.raises(RuleBroken):
        publicity.agree_to_go(asking, by=cast.ola, seen=seen(campaign))
    assert Activity.select().where(Activity.verb == "went_public").count() == 1


def test_a_question_from_somebody_who_leads_no_more_is_not_agreed_to(cast: Cast) -> None:
    campaign = build_ready(cast)
    asking = publicity.ask_to_go(campaign, "link", by=cast.amina)
    membership = campaign.memberships.where(campaign.memberships.model.person == cast.amina.id).get()
    Role.update(until_on="2026-11-01").where(Role.membership == membership.id).execute()
    with pytest.raises(RuleBroken, match="no lead any more"):
        publicity.agree_to_go(asking, by=cast.ben, seen=seen(campaign))
    assert fresh(campaign).visibility == "circle"


def test_not_yet_leaves_everything_and_the_question_can_come_again(cast: Cast) -> None:
    campaign = build_ready(cast)
    publicity.withdraw_asking(publicity.ask_to_go(campaign, "public", by=cast.amina), by=cast.ben)
    assert fresh(campaign).visibility == "circle"
    assert publicity.ask_to_go(campaign, "public", by=cast.amina)


def test_any_lead_takes_it_back_alone_and_it_is_found_no_more(cast: Cast) -> None:
    campaign = build_ready(cast)
    publicity.agree_to_go(publicity.ask_to_go(campaign, "public", by=cast.amina), by=cast.ben, seen=seen(campaign))
    publicity.step_back(fresh(campaign), "circle", by=cast.ben)
    assert (fresh(campaign).visibility, fresh(campaign).public_at) == ("circle", None)
    assert not is_found(campaign)
    assert not Activity.get(Activity.verb == "left_public").is_public


def test_going_back_takes_back_what_waits(cast: Cast) -> None:
    campaign = build_ready(cast, visibility="link")
    asking = publicity.ask_to_go(campaign, "public", by=cast.amina)
    publicity.step_back(campaign, "circle", by=cast.ben)
    with pytest.raises(RuleBroken):
        publicity.agree_to_go(asking, by=cast.ben, seen=seen(campaign))
    assert fresh(campaign).visibility == "circle"


def test_going_back_to_where_it_is_says_so(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="there already"):
        publicity.step_back(build_ready(cast), "circle", by=cast.amina)
