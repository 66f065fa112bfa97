"""Forms about a campaign: what is wrong, where, who can say yes, what exactly we ask, how it ended."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import NumberRange

from portal.campaigns.operations import Addressee
from portal.forms import (
    Day,
    Email,
    Form,
    HiddenField,
    Length,
    Name,
    Number,
    Optional,
    Passage,
    RadioField,
    SelectField,
    Words,
    needed,
)

KINDS = [
    ("repairs", _l("Repairs that are not done")),
    ("damp", _l("Damp and mould")),
    ("safety", _l("Safety: fire, lifts, doors, lights")),
    ("water", _l("Water")),
    ("energy", _l("Heating and energy")),
    ("charges", _l("Rent, bills or service charges")),
    ("demolition", _l("Demolition or moving people out")),
    ("club", _l("A club, hall or other place we share")),
    ("other", _l("Something else")),
]
COUNTRIES = [
    ("gb-eng", _l("England")),
    ("gb-sct", _l("Scotland")),
    ("gb-wls", _l("Wales")),
    ("gb-nir", _l("Northern Ireland")),
    ("other", _l("Another country")),
]
SECTORS = [
    ("other", _l("Not sure, or something else")),
    ("social_housing", _l("A housing association or council landlord")),
    ("private_landlord", _l("A private landlord")),
    ("managing_agent", _l("A managing agent")),
    ("water", _l("A water company")),
    ("energy", _l("An energy or heat company")),
    ("council", _l("A council, about something other than our homes")),
    ("developer", _l("A developer")),
    ("club", _l("A club or its owner")),
]
DEMAND_KINDS = [
    ("do", _l("Do something, such as a repair")),
    ("stop", _l("Stop something")),
    ("give", _l("Give us something, such as papers or money back")),
    ("meet", _l("Meet us")),
    ("promise", _l("Promise something in public")),
    ("answer", _l("Answer a question")),
]
OUTCOMES = [
    ("won", _l("We won")),
    ("partly_won", _l("We won part of it")),
    ("lost", _l("We lost")),
    ("ended", _l("It ended another way")),
]


def longest(most: int) -> Length:
    """At most so many characters, said so that it can be mended."""
    return Length(max=most, message=_l("Write this in %(max)d characters or fewer"))


class ProblemForm(Form):
    """First page of starting: what is wrong."""

    problem = Passage(
        _l("What is wrong?"),
        [longest(2000)],
        description=_l(
            "In your own words, as you would tell a neighbour. For example: “There is black mould in the bedrooms. "
            "We have reported it since March and nobody has come.”"
        ),
    )
    title = Words(
        _l("Say it in one line, like a headline"),
        [needed(_l("Enter a headline for the campaign. You can change it later")), longest(120)],
        description=_l("For example: Dry walls and working lifts at Larkspur Point"),
    )
    kind = RadioField(_l("What is it mostly about?"), [Optional()], choices=KINDS, default="other")


class PlaceForm(Form):
    """Second page of starting: where it is."""

    place_name = Words(
        _l("Which building, street or area?"),
        [needed(_l("Enter the name of the building, street or area")), longest(80)],
        description=_l("For example: Larkspur Point"),
        render_kw={"autocomplete": "off"},
    )
    town = Words(_l("Town or city"), [longest(80)], description=_l("For example: Ashmere"))
    country = RadioField(
        _l("Which country is it in?"),
        [Optional()],
        choices=COUNTRIES,
        default="gb-eng",
        description=_l("Each has its own rules for how soon landlords and companies must answer."),
    )


class EditForm(ProblemForm, PlaceForm):
    """Change what the campaign is about and where it is."""


class TargetForm(Form):
    """Who can say yes, and where they take complaints."""

    organization = Words(
        _l("Which landlord, company or council?"),
        [longest(120)],
        description=_l("For example: Meridale Homes"),
        render_kw={"list": "organizations", "autocomplete": "off"},
    )
    sector = SelectField(
        _l("What are they?"),
        [Optional()],
        choices=SECTORS,
        default="other",
        description=_l("This decides which rules they must answer by."),
    )
    post = Words(
        _l("Whose job is it to say yes?"),
        [longest(80)],
        description=_l("A post rather than a helpline. For example: Director of homes"),
    )
    person_name = Name(
        _l("Their name"),
        description=_l("Only if it is public, such as on their website."),
        render_kw={"autocomplete": "off"},
    )
    email = Email(
        _l("Their e-mail address for complaints"),
        description=_l("Look on their website under “complaints”."),
        render_kw={"type": "email", "autocomplete": "off"},
    )
    postal_address = Passage(_l("Their postal address"), [longest(400)], description=_l("For a letter by post."))

    def to_addressee(self) -> Addressee:
        """The answers as the operations take them."""
        return Addressee(
            organization=self.organization.data or "",
            sector=self.sector.data or "other",
            post=self.post.data or "",
            person_name=self.person_name.data or "",
            email=self.email.data or "",
            postal_address=self.postal_address.data or "",
        )


class AskForm(TargetForm):
    """Third page of starting: who can say yes, and what exactly we ask of them."""

    demand = Passage(
        _l("What exactly do you ask them to do?"),
        [longest(500)],
        description=_l(
            "The first thing; others can follow. For example: Survey every home with mould and give us the report"
        ),
    )


class DemandForm(Form):
    """What exactly are we asking for? Only the first answer is needed; the rest can wait."""

    seen = HiddenField()
    kind = SelectField(_l("What kind of thing is it?"), [Optional()], choices=DEMAND_KINDS, default="do")
    what = Passage(
        _l("What exactly are we asking for?"),
        [needed(_l("Write what you are asking for")), longest(500)],
        description=_l(
            "One thing, so plain that nobody can say they did half of it. For example: Mend the roof over staircase B"
        ),
    )
    who = Words(
        _l("Who can say yes?"), [longest(120)], description=_l("The post of one person. For example: Director of homes")
    )
    by_on = Day(_l("By when?"), description=_l("Leave time for the work, but name a day."))
    test = Passage(
        _l("How will we know it is done?"),
        [longest(300)],
        description=_l("Something any neighbour can see. For example: No water comes in after a night of rain"),
    )
    home_count = Number(
        _l("How many homes feel it?"),
        [Optional(), NumberRange(min=1, max=1_000_000, message=_l("Enter 1 or more, or leave it empty"))],
        description=_l("The number you know of today. A guess helps nobody."),
        render_kw={"inputmode": "numeric"},
    )
    first_win = Words(
        _l("What is the smallest first step that would help?"),
        [longest(200)],
        description=_l("For example: A date for the survey, in writing"),
    )
    worst_acceptable = Passage(
        _l("What is the least we would accept?"),
        [longest(300)],
        description=_l("Only members of this campaign can read this. It is never part of a letter or a public page."),
    )

    def answers(self) -> dict[str, Any]:
        """The answers by field name, empty ones as the database has them."""
        empty_as_none = {"by_on", "home_count"}
        names = ("kind", "what", "who", "by_on", "test", "home_count", "first_win", "worst_acceptable")
        found = {name: getattr(self, name).data for name in names}
        return {name: value if name in empty_as_none else value or "" for name, value in found.items()}


class PauseForm(Form):
    """Why the campaign rests."""

    reason = Passage(
        _l("Why do you pause?"),
        [needed(_l("Write why, so that members know")), longest(300)],
        description=_l("Members read this. For example: We wait for the survey that starts in March"),
    )


class ClosureForm(Form):
    """How it ended, and the story of it."""

    outcome = RadioField(
        _l("How did it end?"), [needed(_l("Choose how it ended"))], choices=OUTCOMES, validate_choice=True
    )
    story = Passage(
        _l("How did it go?"),
        [needed(_l("Write a few lines. Somebody else can learn from them")), longest(3000)],
        description=_l(
            "What changed, what helped, what you would do otherwise. Anybody who can see the campaign can read this, "
            "so name only people who said yes to it."
        ),
    )
