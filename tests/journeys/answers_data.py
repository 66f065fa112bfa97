"""A campaign whose letter left nine days ago, with two clocks that run, a promise whose day has passed, and a plan."""

from datetime import timedelta

PASSWORD = "hold them to it"
KEY = "held-to-it-at-larkspur"
TOKEN = "abcdefghijklmnopqrstuvwxyz"
PROMISE = "Fit a working fan in every bathroom"
PEOPLE = ("Amina Dirie", "Bolu Adeyemi", "Cerys Prosser", "Dee Drafter")


def fill() -> None:
    """Make the campaign. Runs inside the app's context."""
    from portal import clock
    from portal.database import transaction
    from portal.escalation import catalogue
    from portal.escalation.operations import adopt_plan
    from portal.letters.models import Delivery, ReplyAddress
    from portal.outbox import OutgoingMail
    from portal.people import operations as accounts
    from portal.people.models import Person
    from portal.responses.deadlines.operations import choose_rules
    from tests import builders

    sent_on = clock.today() - timedelta(days=9)
    with transaction():
        amina, bolu, cerys, dee = (builders.build_person(name) for name in PEOPLE)
        for person in (amina, bolu, cerys, dee):
            person.email = f"{person.first_name.lower()}@example.org"
            person.save()
        campaign = builders.build_campaign(
            leads=[amina, bolu], members=[cerys], key=KEY, floors=2, homes_per_floor=2, visibility="public"
        )
        builders.add_member(campaign, dee, "drafter", "secretary")
        letter = builders.build_letter(campaign, sent_on=sent_on, is_formal_complaint=True)
        mail = OutgoingMail.create(
            kind="letter",
            to="complaints@meridale.example",
            subject=letter.title,
            source=b"x",
            message_id="<our-letter@example.org>",
            dedupe_key="letter:1",
            is_letter=True,
            state="sent",
            sent_at=clock.now() - timedelta(days=9),
        )
        Delivery.create(
            campaign=campaign,
            letter=letter,
            version=letter.versions.get(),
            channel="email",
            to_name="Philippa Stroud",
            to_address="complaints@meridale.example",
            mail=mail,
            happened_on=sent_on,
        )
        ReplyAddress.create(letter=letter, target=letter.target, token=TOKEN)
        choose_rules(letter, ("eng.social.complaint.s1.ack", "eng.social.complaint.s1.answer"), by=amina)
        builders.build_commitment(
            campaign,
            PROMISE,
            made_on=clock.today() - timedelta(days=30),
            due_on=clock.today() - timedelta(days=1),
            added_by=amina,
        )
        plan = next(plan for plan in catalogue.plans() if plan.key == "social_housing")
        adopt_plan(campaign, plan, by=amina)
    accounts.set_password(amina, PASSWORD)
    Person.update(password_hash=Person.get_by_id(amina.id).password_hash).execute()


def sleep_on_it() -> None:
    """A day and an hour have gone by since each question to the members was asked."""
    from portal.decisions.models import Ballot

    for ballot in Ballot.select():
        Ballot.update(opened_at=ballot.opened_at - timedelta(hours=25)).where(Ballot.id == ballot.id).execute()
