"""More ways in which a letter went out: through their own form, and to an address where nobody takes it."""

from datetime import timedelta
from typing import Any

from portal.campaigns.models import Campaign
from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.letters import sending
from portal.letters.deliveries import outcomes
from portal.letters.models import Delivery, Letter
from portal.responses.deadlines.keeping import keep_deadlines


def add_further_deliveries(stage: Stage, company: Company) -> None:
    """Tern and Heron: the estate's own form, and a copy for its trustees that the post brought back."""
    letter = _first_sent(company)
    people = {"asked": company["Theo Lin"], "agreed": company["Rose Maddox"]}
    _record(
        stage,
        letter,
        (-36, "19:20"),
        channel="web",
        to_name="The Marchwell Estate",
        to_address="www.marchwell.example.com/contact/complaints",
        happened_at=stage.moment(-36, "18:05"),
        reference="MW-20418",
        pasted="Open letter from Tern Court and Heron Court. It came to you by e-mail and by post, with the names. "
        "We put it here as well, because your office says that complaints count from this form.",
        **people,
    )
    copy = _record(
        stage,
        letter,
        (-35, "12:40"),
        channel="post",
        to_name="The trustees of the Marchwell Estate",
        to_address="4 Inner Square, London",
        reference="CP 4471 9902",
        note="Recorded at the counter in Fore Street",
        **people,
    )
    with stage.at(-29, "10:15"):
        outcomes.delivery_came_back(
            copy, on=stage.day(-29), why="The envelope came back, marked: gone away", by=company["Theo Lin"]
        )
        keep_deadlines(letter)


def _first_sent(company: Company) -> Letter:
    letter = (
        Letter.select(Letter, Campaign)
        .join(Campaign)
        .where(Campaign.is_demo == True, Letter.lead_author.in_([company[n].id for n in ("Rose Maddox", "Theo Lin")]))  # noqa: E712
        .where(Letter.sent_on.is_null(False), Letter.chases.is_null())
        .order_by(Letter.sent_on)
        .first()
    )
    assert letter is not None
    return letter


def _record(stage: Stage, letter: Letter, when: tuple[int, str], *, asked: Any, agreed: Any, **terms: Any) -> Delivery:
    moment = stage.moment(*when)
    with stage.at_moment(moment):
        asking = sending.ask_to_send(letter, by=asked, happened_on=stage.day(when[0]), **terms)
    asking.campaign = letter.campaign
    with stage.at_moment(moment + timedelta(minutes=30)):
        delivery = sending.agree_to_send(asking, letter, by=agreed)
    delivery.letter = letter
    return delivery
