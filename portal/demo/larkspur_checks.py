"""Which homes the promises of Meridale Homes touch, a word that a neighbour entered, and a lift that broke again."""

from portal.campaigns.models import Campaign
from portal.demo.ground import Stage
from portal.demo.larkspur import HOMES, LEFT_ALONE, PLACE
from portal.demo.people import Company
from portal.places.models import Building, Home
from portal.responses.checking import changing, looking
from portal.responses.checking.settling import doors_of, keep_change, settle
from portal.responses.models import Commitment, CommitmentCheck

# How many homes were to get a fan first, and how many have mould.
WITH_FANS, WITH_MOULD = 40, 31


def build(stage: Stage, company: Company) -> None:
    """Homes are listed once the checks are there; who looked from which home is written directly."""
    stage.tell("  Larkspur Point: which homes each promise is about")
    campaign = (
        Campaign.select().join(Building, on=(Building.place == Campaign.place)).where(Building.name == PLACE).get()
    )
    homes = {home.label: home for home in doors_of(campaign).order_by(Home.id)}
    promises = {promise.what[:18]: promise for promise in campaign.commitments.order_by(Commitment.id)}
    for promise in promises.values():
        promise.campaign = campaign
    _fans(stage, company, promises["Fit working fans i"], homes)
    electrics = promises["Make the wiring sa"]
    _say_from(electrics, company, homes)
    with stage.at(-39, "20:10"):
        pair = [homes["2A"].id, homes["2B"].id]
        changing.choose_reach(electrics, by=company["Dot Hargreaves"], reach="homes", homes=pair)
    with stage.at(-5, "18:50"):
        some = [home.id for home in list(homes.values())[1::2][:WITH_MOULD]]
        changing.choose_reach(
            promises["Have all 31 homes "], by=company["Farid Noori"], reach="homes", homes=some, share=100
        )
    with stage.at(-2, "17:15"):
        looking.enter_for_home(
            promises["Put a sheet in the"],
            by=company["Keisha Ampofo"],
            home=homes["7C"],
            verdict="partly",
            how="beside",
            note="It hangs too high to read from my chair.",
        )
    _lift(stage, company, promises["Fit the worn part "], homes)


def _say_from(promise: Commitment, company: Company, homes: dict[str, Home]) -> set[str]:
    """Let the checks of those with a part in the story name their homes. Returns the doors."""
    labels = {company[name].id: label for name, label in HOMES.items()}
    named = set()
    for check in promise.checks:
        if label := labels.get(check.person_id):
            CommitmentCheck.update(home=homes[label].id).where(CommitmentCheck.id == check.id).execute()
            named.add(label)
    return named


def _fans(stage: Stage, company: Company, fans: Commitment, homes: dict[str, Home]) -> None:
    """Forty homes, one for each who looked."""
    named = _say_from(fans, company, homes)
    kept_free = {*HOMES.values(), LEFT_ALONE}
    free = iter([home for label, home in homes.items() if label not in kept_free])
    for check in fans.checks.where(CommitmentCheck.home.is_null()).order_by(CommitmentCheck.id):
        home = next(free)
        CommitmentCheck.update(home=home.id).where(CommitmentCheck.id == check.id).execute()
        named.add(home.label)
    assert len(named) == WITH_FANS
    with stage.at(-2, "22:40"):
        ids = [homes[label].id for label in named]
        changing.choose_reach(fans, by=company["Farid Noori"], reach="homes", homes=ids)


def _lift(stage: Stage, company: Company, lift: Commitment, homes: dict[str, Home]) -> None:
    """Mended twice, and twice it stopped: nobody was quick enough to write down that it ran."""
    _say_from(lift, company, homes)
    for count, (offset, hour, name) in enumerate(((-58, "08:30", "Joe Pell"), (-49, "18:10", "Danny Crewe")), 1):
        with stage.at(offset, hour):
            Commitment.update(reopened_count=count, reopened_at=stage.moment(offset, hour)).where(
                Commitment.id == lift.id
            ).execute()
            keep_change(lift, "reopened", by=company[name], now=count)
    with stage.at(-33, "12:10"):
        Commitment.update(reach="building").where(Commitment.id == lift.id).execute()
        settle(lift, by=company["Lorraine Bassey"])
