"""A campaign whose leads write letters together: one letter for each test that changes it."""

PASSWORD = "four at a kitchen table"
KEY = "the-desk-at-larkspur"
LETTERS = 16
FACT = "31 of our 84 homes have mould. The lift failed nine times since March."
HARM = "We carry shopping up eleven floors. Children cough at night."
CLOSING = "Answer us by Friday."


def fill() -> None:
    """Make the campaign. Runs inside the app's context."""
    from portal.database import transaction
    from portal.letters.blocks import Words, add_block
    from portal.letters.operations import start_letter
    from portal.people import operations as accounts
    from portal.people.models import Person
    from tests import builders

    with transaction():
        amina, bolu = builders.build_person("Amina Dirie"), builders.build_person("Bolu Adeyemi")
        dee, cerys = builders.build_person("Dee Drafter"), builders.build_person("Cerys Prosser")
        for person in (amina, bolu, dee, cerys):
            person.email = f"{person.first_name.lower()}@example.org"
            person.save()
        campaign = builders.build_campaign(leads=[amina, bolu], members=[cerys], key=KEY, floors=2, homes_per_floor=2)
        builders.add_member(campaign, dee, "drafter")
        for number in range(LETTERS):
            letter = start_letter(campaign, template_name="empty", by=amina)
            letter.title = f"Letter {number + 1}"
            letter.save()
            for block in letter.blocks:
                block.delete_instance()
            for kind, text in (("fact", FACT), ("harm", HARM), ("question", "When?"), ("closing", CLOSING)):
                add_block(letter, kind, Words(text), by=amina)
    accounts.set_password(amina, PASSWORD)
    Person.update(password_hash=Person.get_by_id(amina.id).password_hash).execute()
