"""The people of the journey and what they share: the campaign's address and the letter's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from portal import clock
from tests.journeys.browsing import Visitor
from tests.journeys.serving import Portal

TITLE = "Dry walls at Larkspur Point"
HEADLINE = "We ask for dry, safe homes at Larkspur Point"


@dataclass
class Story:
    """One run of the journey. Chapters take it, do their part, and leave behind what the next one needs."""

    portal: Portal
    open_browser: Callable[..., Visitor]
    has_script: bool
    campaign: str = ""
    letter: str = ""
    public_letter: str = ""
    meeting: str = ""
    people: dict[str, Visitor] = field(default_factory=dict)

    def person(self, name: str) -> Visitor:
        """The browser of this person, opened when they first come."""
        first = name.split()[0]
        if first not in self.people:
            self.people[first] = self.open_browser(self.portal, name, script=self.has_script)
        return self.people[first]

    @property
    def rosa(self) -> Visitor:
        """Starts the campaign and leads it."""
        return self.person("Rosa Marsh")

    @property
    def theo(self) -> Visitor:
        """Joins by her link and becomes the second lead."""
        return self.person("Theo Bright")

    @property
    def mags(self) -> Visitor:
        """The organizer."""
        return self.person("Mags Orchard")

    @property
    def jules(self) -> Visitor:
        """A stranger who signs without an account."""
        return self.person("Jules Farrow")

    @property
    def anna(self) -> Visitor:
        """A neighbour who keeps the papers."""
        return self.person("Anna Quill")


def day(in_days: int) -> str:
    """A day as a date field takes it."""
    return (clock.today() + timedelta(days=in_days)).isoformat()
