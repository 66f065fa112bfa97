"""Loading the demo: five campaigns, lived through by the portal's own operations, in one transaction.

Everything hangs on `today`, so the clocks in it look alive on any day, and the same day gives the same rows. A load
that is killed leaves nothing behind, and no mail of the demo can ever be due. crowd.py says what is written directly.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask import current_app

from portal import migrate
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.demo import (
    by_themselves,
    cooperage,
    further_deliveries,
    larkspur,
    larkspur_checks,
    larkspur_plan,
    larkspur_reading,
    pellan_vale,
    records,
    removal,
    strathellen,
    tern_and_heron,
)
from portal.demo.acts import organizer
from portal.demo.ground import Stage, quiet
from portal.demo.people import Company
from portal.outbox import OutgoingMail
from portal.people import operations as accounts
from portal.people.models import Person

PASSWORD = "four warm dry rooms"
# Whom to be, and what there is to see.
LOGINS = (
    ("Amina Dirie", "a resident of Larkspur Point, asked to be mentored"),
    ("Dot Hargreaves", "leads with Keisha, keeps the minutes"),
    ("Keisha Ampofo", "leads Larkspur Point"),
    ("Mags Olawale", "an organizer, helps two campaigns"),
    ("Theo Lin", "leads Tern and Heron, asked to agree to a letter"),
    ("Morag Tait", "leads Strathellen Drive, waits for an answer that is late"),
    ("Priyanka Rao", "leads Cooperage Wharf, with a letter to send"),
)


class RealCampaigns(Exception):
    """Real people use this portal. The demo keeps away from them."""


def load_demo(today: date, *, reset: bool, tell: Callable[[str], None]) -> None:
    """Load the demo as of `today`, telling how far it is. Does nothing when it is there, unless `reset` takes it out
    first.

    Raises RealCampaigns when real people use this portal, ValueError when the database lacks its newest tables.
    """
    if migrate.pending():
        raise ValueError("the database is behind: run `python -m portal migrate` first")
    is_loaded = Campaign.select().where(Campaign.is_demo == True).exists()  # noqa: E712
    if is_loaded and not reset:
        tell("The demo is loaded already. To load it afresh:  python -m portal demo --reset")
        return
    _refuse_real_people()
    stage = Stage(today, tell)
    # Mails name pages: they need to know the portal's address, as in a request.
    with current_app.test_request_context("/", base_url=current_app.config["BASE_URL"]), quiet():
        with transaction():
            if is_loaded:
                tell("Removing the earlier demo")
                removal.remove_demo()
            tell(f"Loading the demo as of {clock_words(today)}")
            company = Company(stage)
            _organizers(stage, company)
            larkspur.build(stage, company)
            larkspur_reading.talk_over(stage)
            larkspur_checks.build(stage, company)
            larkspur_plan.build(stage, company)
            tern_and_heron.build(stage, company)
            further_deliveries.add_further_deliveries(stage, company)
            pellan_vale.build(stage, company)
            cooperage.build(stage, company)
            strathellen.build(stage, company)
            records.add_records(stage, company)
            by_themselves.happen(stage)
            _settle_accounts()
            _settle_post()
        marker().touch()
    _say_how_to_sign_in(company, tell)


def marker() -> Path:
    """The file that has every page say that this is a demonstration."""
    return current_app.config["DATA_DIR"] / "demo"


def clock_words(day: date) -> str:
    """ "Monday 23 November 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _refuse_real_people() -> None:
    if Campaign.select().where(Campaign.is_demo == False).exists():  # noqa: E712
        raise RealCampaigns(
            "Real campaigns live in this portal, and the demo keeps away from them. Load it into an empty "
            "one: set DATA_DIR to another folder, or DATABASE_URL to another database"
        )
    taken = Person.select().where(Person.is_demo == False, Person.email.endswith("@example.org"))  # noqa: E712
    if taken.exists():
        raise RealCampaigns(
            "Somebody has an account at example.org, where the people of the demo live. Load it into an empty portal"
        )


def _organizers(stage: Stage, company: Company) -> None:
    organizer(
        stage,
        company,
        "Mags Olawale",
        area="Ashmere",
        since=-540,
        declaration="I’m employed by the Neighbour Organising Fund, which takes no money from parties, "
        "landlords or developers.",
    )
    organizer(
        stage,
        company,
        "Kerensa Tregear",
        area="Pellan Vale and the coast",
        since=-390,
        declaration="I’m employed by the Neighbour Organising Fund, which takes no party money. My aunt is "
        "a customer of Trevanna Water.",
    )
    organizer(
        stage,
        company,
        "Ailsa Drummond",
        area="Kirkbrae",
        since=-300,
        declaration="I’m employed by the Neighbour Organising Fund, which takes no party money.",
    )


def _settle_accounts() -> None:
    """One password for everybody, hashed once."""
    first = Person.get(Person.is_demo == True)  # noqa: E712
    accounts.set_password(first, PASSWORD)
    hashed = Person.get_by_id(first.id).password_hash
    Person.update(password_hash=hashed).where(Person.is_demo == True).execute()  # noqa: E712


def _settle_post() -> None:
    """Letters count as sent (`Post.send`), everything else was never meant to leave."""
    waiting = removal.mails_of_the_demo() & (OutgoingMail.is_letter == False)  # noqa: E712
    OutgoingMail.update(state="cancelled", due_at=None).where(waiting).execute()


def _say_how_to_sign_in(company: Company, tell: Callable[[str], None]) -> None:
    base = current_app.config["BASE_URL"]
    tell("")
    tell(f"The demo is loaded. Sign in at {base}/sign-in/password with the password:  {PASSWORD}")
    for name, what in LOGINS:
        tell(f"  {company[name].email:22} {name}, {what}")
    tell("Everybody in it is made up, and none of its mail is ever sent.")
    if current_app.config["PRODUCTION"]:
        tell(
            "Anybody who knows this password can sign in: keep this portal for showing, and put no real people into it."
        )
    tell("")
