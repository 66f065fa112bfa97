"""Chapters 1 to 3: a campaign, its homes, its people, and the step into the open."""

from tests.journeys import elsewhere
from tests.journeys.browsing import Visitor
from tests.journeys.story import TITLE, Story

PROBLEM = "Black mould in the bedrooms since March, and nobody has come."


def start_a_campaign(story: Story) -> None:
    """Chapter 1: sign up by a mailed link; start with gaps; look whether somebody was first; mend the gaps."""
    rosa = story.rosa
    rosa.go("/").sees("Sign in").shoot("01-start")
    rosa.sign_in().sees("Hello, Rosa", "You are in no campaign yet").shoot("01-my-portal-empty")
    rosa.follow("Start a campaign").fill(problem=PROBLEM).shoot("01-new")
    with rosa.expecting(422):
        rosa.press("Go on").sees("There is a problem", "Enter a headline for the campaign")
    rosa.fill(title=TITLE).tick("Damp and mould").press("Go on")
    with rosa.expecting(422):
        rosa.press("Go on").sees("Enter the name of the building, street or area")
    rosa.fill(place_name="Larkspur Point", town="Ashmere").press("Go on")
    rosa.sees("If you do not know, leave it empty").fill(organization="Meridale Homes").press("Go on")
    rosa.sees("Is this right?", PROBLEM, "Not yet. You can add it later", "Is somebody doing this already?")
    rosa.sees(elsewhere.TITLE).shoot("01-check")
    rosa.press("None of these is mine: start the campaign")
    story.campaign = rosa.path
    rosa.sees("Your campaign has started", "Only people you invite can see it", "Next:", "Only the circle sees it")
    rosa.shoot("01-campaign-new")
    has_one_next_step(rosa)

    rosa.go(story.campaign).follow("Change what this campaign says").sees("Still missing")
    rosa.follow("Their address for complaints").fill(
        post="Director of homes", person_name="Philippa Stroud", email="complaints@meridale.example"
    ).press("Save")
    rosa.go(f"{story.campaign}/demands").sees("Nothing yet").follow("Write the first demand")
    rosa.fill(what="Survey every home with mould").press("Add the demand")
    rosa.sees("Survey every home with mould", "by when")


def list_the_homes(story: Story) -> None:
    """Chapter 2: twelve doors, looked at before they are added."""
    rosa = story.rosa
    rosa.go(story.campaign).follow("All the homes").sees("No homes yet").follow("Add a building")
    rosa.fill(name="Larkspur Point", floors="3", doors_per_floor="4").press("Show me the doors first")
    rosa.sees("This makes 12 homes", "Nothing is added yet").shoot("02-doors")
    rosa.press("Add the building").sees("The building is added", "12 homes").shoot("02-building")


def bring_people_in(story: Story) -> None:
    """Chapter 3: a link lets neighbours in; two lead; an organizer helps; two agree to go public."""
    link = invite(story)
    theo = join(story, "Theo Bright", link)
    theo.shoot("03-campaign-as-member")
    theo.go(f"{story.campaign}/people").sees("Rosa Marsh", "invited by Rosa Marsh").sees_not("rosa@example.org")
    join(story, "Anna Quill", link)
    give_role(story.rosa, story, "Theo Bright", "Lead")
    give_role(story.rosa, story, "Anna Quill", "Secretary")
    story.rosa.shoot("03-people")
    attach_organizer(story)
    go_public(story)


def invite(story: Story) -> str:
    """A link that lets people in."""
    rosa = story.rosa
    rosa.go(story.campaign).follow("Ask neighbours in").fill(note="Third floor").press("Make a link for")
    rosa.sees("Pass the link on").shoot("03-invitation")
    return str(rosa.main.locator("input[readonly]").first.input_value())


def join(story: Story, name: str, link: str) -> Visitor:
    """Come in by the link, with an address that is confirmed on the way."""
    person = story.person(name)
    person.go(link).sees(TITLE, "Rosa Marsh invites you", "Joining signs nothing")
    if name == "Theo Bright":
        person.shoot("03-you-are-invited")
    person.follow("Go on with your e-mail address").sign_in().sees("Join the circle")
    return person.press("Join the circle").sees(TITLE)


def give_role(lead: Visitor, story: Story, name: str, role: str) -> None:
    """A lead gives somebody a role."""
    lead.go(f"{story.campaign}/people").follow(f"Roles {name}").tick(role).press("Give this role to")
    lead.sees(f"{name} now has the role: {role}")


def attach_organizer(story: Story) -> None:
    """The organizer is asked, has to declare for whom she works first, and then says yes."""
    rosa, mags = story.rosa, story.mags
    ask(rosa, story)
    mags.sign_in().open_mail("Some neighbours would like to ask for your help")
    mags.fill(declaration="I work for the Neighbour Organising Fund.").tick("I help campaigns; I do not own them")
    mags.press("Save the declaration").sees("Your declaration is saved")
    ask(rosa, story)
    mags.go("/").sees("They ask you to help as an organizer").shoot("03-organizer-asked")
    # She may know of it now, and see no more than what she was asked.
    with mags.expecting(403):
        assert mags.page.goto(f"{story.campaign}/people").status == 403
    mags.open_mail("Some neighbours ask for your help").sees("I work for the Neighbour Organising Fund")
    mags.press("Yes, I will help").sees("You help this campaign now", TITLE)
    rosa.go(f"{story.campaign}/people").sees("Mags Orchard", "I work for the Neighbour Organising Fund")


def ask(lead: Visitor, story: Story) -> None:
    """A lead asks the organizer by her address."""
    lead.go(f"{story.campaign}/organizers").fill(email="mags@example.org").press("Ask them")
    lead.sees("We wrote to mags@example.org")


def go_public(story: Story) -> None:
    """One lead asks, the other reads what strangers will see and agrees."""
    rosa, theo, jules = story.rosa, story.theo, story.jules
    with jules.expecting(404):
        assert jules.page.goto(story.campaign).status == 404
    rosa.go(f"{story.campaign}/visibility").sees("As the landlord would see it").press("Ask to make it public")
    rosa.sees("You have asked")
    theo.go(story.campaign).sees("Next: agree to go public").follow("Read what would be public").shoot("03-go-public")
    theo.press("Agree and make it public").sees("The campaign is public now")
    jules.go(story.campaign).sees(TITLE, PROBLEM, "Ask to join").sees_not("Theo", "Mags", "Anna")


def has_one_next_step(person: Visitor) -> None:
    """One thing to do stands on the page, and only one."""
    assert person.main.locator("section.next").count() == 1
