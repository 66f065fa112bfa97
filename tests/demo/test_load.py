"""Loading, loading again, taking out, and keeping away from real people."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock, outbox
from portal.campaigns.models import Campaign
from portal.database import Model, db, is_sqlite
from portal.demo import load, removal
from portal.demo.load import RealCampaigns, load_demo
from portal.letters.models import Delivery, Letter, Signature
from portal.outbox import OutgoingMail
from portal.people import operations as accounts
from portal.people.models import Person
from portal.targets.models import Organization
from tests import builders
from tests.demo.conftest import TODAY

# Different with each load: salted, or made from the time of day.
NOT_ALIKE = {"password_hash", "source", "source_sha256", "message_id", "dedupe_key"}


def tables() -> list[type[Model]]:
    found: list[type[Model]] = []
    waiting = [Model]
    while waiting:
        for model in waiting.pop().__subclasses__():
            waiting.append(model)
            if model._meta.table_name != "once_key" and "Of" not in model.__name__[:2]:
                found.append(model)
    return sorted(set(found), key=lambda model: model._meta.table_name)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, without what is salted."""
    rows = {}
    for model in tables():
        fields = [field for name, field in model._meta.fields.items() if name not in NOT_ALIKE]
        rows[model._meta.table_name] = sorted(map(repr, model.select(*fields).tuples()))
    return rows


def begin_counting_afresh() -> None:
    """SQLite numbers rows from 1 again when a table is empty; PostgreSQL has to be told."""
    if not is_sqlite():
        names = ", ".join(f'"{model._meta.table_name}"' for model in tables())
        db.execute_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def test_it_tells_how_far_it_is_and_how_to_sign_in(demo, app):
    text = "\n".join(demo)
    assert "Loading the demo as of Monday 23 November 2026" in text
    assert "Larkspur Point" in text and "Tern and Heron" in text and "Pellan Vale" in text
    assert "http://localhost/sign-in/password" in text and load.PASSWORD in text
    for name in ("amina", "dot", "keisha", "mags"):
        assert f"{name}@example.org" in text


def test_a_second_load_changes_nothing_and_says_so(demo, app):
    before = everything()
    told: list[str] = []
    load_demo(date(2027, 2, 1), reset=False, tell=told.append)
    assert everything() == before
    assert len(told) == 1 and "loaded already" in told[0] and "--reset" in told[0]


@pytest.mark.long
@pytest.mark.slow
def test_the_same_day_gives_the_same_rows_and_another_day_moves_them(demo, app):
    # A load takes seconds, so that of the package is the first, wherever rows are numbered from 1 again without help.
    day = TODAY if is_sqlite() else date(2028, 2, 29)
    if not is_sqlite():
        removal.remove_demo()
        begin_counting_afresh()
        load_demo(day, reset=False, tell=lambda line: None)
    first = everything()
    begin_counting_afresh()
    load_demo(day, reset=is_sqlite(), tell=lambda line: None)
    second = everything()
    assert [name for name in first if first[name] != second[name]] == []
    sent = Letter.select().where(Letter.sent_on.is_null(False)).order_by(Letter.id).first()
    assert (sent.sent_on, sent.signature_count) == (day - timedelta(days=42), 143)


def test_taking_it_out_leaves_other_rows_alone(demo, app):
    neighbour = Person.create(name="Nobody in the demo", email="nobody@example.net")
    with app.test_request_context():
        accounts.ask_for_link("nobody@example.net", next_path="", network="n")
    company = Organization.create(name="Somebody else", name_key="somebody else", added_by=neighbour)
    removal.remove_demo()
    assert [person.id for person in Person.select()] == [neighbour.id]
    assert [organization.id for organization in Organization.select()] == [company.id]
    assert [mail.to for mail in OutgoingMail.select()] == ["nobody@example.net"]
    others = {"person", "organization", "outgoing_mail", "sign_in_link", "rate_bucket"}
    assert [name for name, rows in everything().items() if rows and name not in others] == []


def test_a_company_that_somebody_else_writes_to_stays(demo, app):
    builders.build_target("Meridale Homes")
    removal.remove_demo()
    assert Organization.select().where(Organization.name == "Meridale Homes").exists()


def test_it_keeps_away_from_real_campaigns(without_demo, app):
    builders.build_campaign(leads=[builders.build_person()])
    with pytest.raises(RealCampaigns, match="Real campaigns live in this portal"):
        load_demo(TODAY, reset=False, tell=lambda line: None)
    assert not Person.select().where(Person.is_demo == True).exists()  # noqa: E712


def test_a_reset_keeps_away_from_real_campaigns_too(demo, app):
    builders.build_campaign(leads=[Person.create(name="Real", email="real@example.net")])
    before = everything()
    with pytest.raises(RealCampaigns):
        load_demo(TODAY, reset=True, tell=lambda line: None)
    assert everything() == before


def test_it_never_takes_over_the_account_of_somebody(without_demo, app):
    Person.create(name="Mags", email="mags@example.org")
    with pytest.raises(RealCampaigns, match="has an account at example"):
        load_demo(TODAY, reset=False, tell=lambda line: None)


def test_a_load_that_breaks_off_leaves_nothing(without_demo, app, monkeypatch):
    def break_off(*_given: Any) -> None:
        assert Person.select().exists() and Campaign.select().exists() and OutgoingMail.select().exists()
        raise ZeroDivisionError

    monkeypatch.setattr("portal.demo.larkspur_letter.write_and_sign", break_off)
    with pytest.raises(ZeroDivisionError):
        load_demo(TODAY, reset=False, tell=lambda line: None)
    assert not Person.select().exists() and not Campaign.select().exists() and not OutgoingMail.select().exists()
    assert not load.marker().exists()


def test_none_of_its_mail_is_ever_due(demo, app):
    assert OutgoingMail.select().where(OutgoingMail.state.not_in(("sent", "cancelled"))).count() == 0
    assert OutgoingMail.select().where(OutgoingMail.due_at.is_null(False)).count() == 0
    with clock.frozen_at(clock.from_local(clock.to_local(clock.now()).replace(year=2030, tzinfo=None))):
        assert outbox.send_due() == 0


def test_its_letters_count_as_sent_and_nothing_else_does(demo, app):
    sent = set(OutgoingMail.select().where(OutgoingMail.state == "sent"))
    delivered = {delivery.mail for delivery in Delivery.select().where(Delivery.mail.is_null(False))}
    assert sent == delivered and len(sent) == 5
    assert all(mail.sent_at == mail.created_at for mail in sent)


def test_every_address_in_it_is_one_that_no_mail_can_reach(demo, app):
    addresses = {person.email for person in Person.select()} | {mail.to for mail in OutgoingMail.select()}
    addresses |= {signature.email for signature in Signature.select() if signature.email}
    assert [one for one in addresses if not one.endswith(("@example.org", ".example.com"))] == []


def test_everybody_signs_in_with_the_one_password(demo, app):
    for name in ("amina", "dot", "keisha", "mags", "kerensa"):
        signed_in = accounts.sign_in_by_password(
            f"{name}@example.org", load.PASSWORD, device="a test", network=f"n {name}"
        )
        assert signed_in is not None and signed_in.person.is_demo


def test_every_page_says_that_it_is_a_demonstration_as_soon_as_it_is_loaded(demo, app: Flask, client):
    words = "This is a demonstration"
    assert words in client.get("/about").get_data(as_text=True)
    load.marker().unlink()
    assert words not in client.get("/about").get_data(as_text=True)
    load.marker().touch()
