"""A frozen letter of two leads, and the ways to send it."""

import pytest

from portal.campaigns.models import Agreement
from tests.builders import build_campaign, build_letter

MAIL = {
    "to_name": "Philippa Stroud",
    "to_address": "complaints@meridale.example",
    "subject": "We ask for dry walls",
    "words": "With this mail comes an open letter.",
}


@pytest.fixture
def letter(cast):
    campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public")
    return build_letter(campaign, frozen=True)


@pytest.fixture
def page(letter):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}/sending"


@pytest.fixture
def amina(sign_in, cast):
    return sign_in(cast.amina)


@pytest.fixture
def ben(sign_in, cast):
    return sign_in(cast.ben)


def agree(browser, page):
    return browser.send(f"{page}/{Agreement.select().order_by(Agreement.id.desc()).get().id}/agreement")


def send_by_mail(amina, ben, page, **given):
    assert amina.send(f"{page}/by-mail", {**MAIL, **given}).status_code == 303
    return agree(ben, page)
