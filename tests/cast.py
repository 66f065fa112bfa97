"""The named society. Amina leads, Ben leads beside her, Cerys is a member, Dov belongs to another campaign, Ola
organizes, Nia is signed in and belongs nowhere. Each is made when first asked for."""

from functools import cached_property

from portal.people.models import OrganizerProfile, Person


def make_person(name: str, email: str | None = None) -> Person:
    return Person.create(name=name, email=email or f"{name.split()[0].lower()}@example.org")


class Cast:
    @cached_property
    def amina(self) -> Person:
        return make_person("Amina Dirie")

    @cached_property
    def ben(self) -> Person:
        return make_person("Ben Okafor")

    @cached_property
    def cerys(self) -> Person:
        return make_person("Cerys Prosser")

    @cached_property
    def dov(self) -> Person:
        return make_person("Dov Stern")

    @cached_property
    def nia(self) -> Person:
        return make_person("Nia Vaughan")

    @cached_property
    def ola(self) -> Person:
        person = make_person("Ola Mensah")
        OrganizerProfile.create(person=person, declaration="I work for the Neighbour Organising Fund.", area="Ashmere")
        return person
