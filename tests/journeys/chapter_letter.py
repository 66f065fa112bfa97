"""Chapters 4 to 6: one letter, written together, agreed by all, signed, and sent by two."""

import re
from email.message import EmailMessage
from typing import cast

from tests.journeys.browsing import Visitor
from tests.journeys.story import HEADLINE, Story, day


def write_and_freeze(story: Story) -> None:
    """Chapter 4: begin from the template, fill its gaps, look at it on screen and paper, vote on it, freeze it."""
    rosa, theo = story.rosa, story.theo
    rosa.go(story.campaign).follow("All letters").follow("Start a letter").shoot("04-templates")
    rosa.tick("Damp and mould").press("Start")
    story.letter = rosa.path
    rosa.sees(HEADLINE, "Survey every home with mould", "being written", "gaps").shoot("04-desk")
    fill_the_gaps(rosa, story)
    add_a_demand(theo, story)
    rosa.go(f"{story.letter}/preview").sees("Draft – not agreed yet", "Dear Philippa Stroud").shoot("04-preview")
    assert rosa.download("PDF").startswith(b"%PDF-"), "the draft on paper is no PDF"

    rosa.go(story.letter).follow("Are we agreed?").shoot("04-vote")
    rosa.press("Open the vote").sees("The vote is open")
    for voter in (rosa, theo, story.anna):
        voter.go(story.letter).sees("Next: are we agreed?").follow("Read it and vote").sees_not("So far")
        voter.tick("I agree").press("Vote").sees("Your vote is counted", "So far")
    rosa.go(f"{story.letter}/vote").press("Close the vote now").sees("We are agreed", "3 of 3 agree").shoot("04-agreed")
    theo.go(story.letter).follow("See the vote, and freeze it")
    theo.press("Freeze it").sees("The text is frozen", "fingerprint").shoot("04-frozen")
    theo.sees_not("Change the headline")
    assert theo.download("PDF in large print").startswith(b"%PDF-"), "the frozen letter on paper is no PDF"
    story.public_letter = str(theo.main.get_by_role("link", name="See the page to sign").get_attribute("href"))


def fill_the_gaps(writer: Visitor, story: Story) -> None:
    """Everything that only they know, on the page that the next step leads to."""
    writer.go(story.letter).follow("Fill them in").sees("Fill in what only you know").shoot("04-gaps")
    for field in writer.main.locator('[name^="gap_"]').all():
        kind = field.get_attribute("type") or "text"
        number = field.get_attribute("inputmode") == "numeric" or kind == "number"
        field.fill(day(30) if kind == "date" else "7" if number else "seven")
    writer.press("Save").sees("No gaps are left", "Next: read it aloud, then vote on it")


def add_a_demand(writer: Visitor, story: Story) -> None:
    """The second lead adds a demand and changes it once more."""
    writer.go(story.letter).follow("Add a demand")
    box = writer.main.locator("#adding textarea")
    box.wait_for()
    box.fill("Mend both lifts")
    writer.fill(by_on=day(30)).press("Add")
    writer.sees("Mend both lifts")
    writer.main.locator("article", has_text="Mend both lifts").get_by_role("link", name=re.compile("^Change")).click()
    edited = writer.main.locator("textarea").filter(visible=True)
    edited.wait_for()
    edited.fill("Mend both lifts for good")
    writer.press("Save").sees("Mend both lifts for good", "Theo")


def sign_the_letter(story: Story) -> None:
    """Chapter 5: a stranger signs on the public page and confirms by mail; a neighbour signs and takes it back."""
    jules, theo = story.jules, story.theo
    jules.go(story.campaign).follow("Read and sign the letter")
    assert jules.path == story.public_letter
    jules.sees(HEADLINE, "Mend both lifts for good", "Sign with us").shoot("05-letter")
    with jules.expecting(422):
        jules.press("Sign the letter").sees("There is a problem", "Enter your name")
        jules.shoot("05-letter-errors")
    jules.fill(name="Jules Farrow", email=jules.email, home_words="2B").tick("Full name")
    jules.tick("Count me among those who sign this letter").press("Sign the letter").sees("look at your mail")
    jules.go(story.public_letter).sees_not("Jules Farrow")
    jules.open_mail("Confirm your signature").sees("Do you sign this letter?", "Your full name").shoot("05-confirm")
    jules.press("Yes, count me").sees("Your signature counts", "How your name is shown").shoot("05-your-signature")
    own_page = jules.path
    jules.go(story.public_letter).sees("Jules Farrow", "1 person")
    jules.go(own_page).tick("First name only").press("Save").sees("Saved")
    jules.go(story.public_letter).sees("Jules").sees_not("Farrow")

    theo.go(story.public_letter).tick("Count me among those who sign this letter").press("Sign the letter")
    theo.open_mail("Confirm your signature").press("Yes, count me").sees("Your signature counts")
    jules.go(story.public_letter).sees("2 people")
    theo.press("Take my name off the letter").sees("Your signature is off the letter")
    jules.go(story.public_letter).sees("1 person")
    theo.go(f"{story.letter}/signatories").sees("Jules Farrow", "first name").sees_not("jules@example.org")


def send_the_letter(story: Story) -> None:
    """Chapter 6: by e-mail, agreed by two, with an address for the answer; and a copy that was handed over."""
    rosa, theo = story.rosa, story.theo
    rosa.go(f"{story.letter}/sending").sees("Sending takes two leads").shoot("06-sending")
    rosa.press("Ask a second lead to send this").sees("It waits for a second lead")
    theo.go("/").sees("Rosa Marsh asks you to agree to send the letter").shoot("06-portal-asked")
    theo.follow("Read it and decide").sees("complaints@meridale.example", "cannot be called back").shoot("06-agree")
    theo.press("I agree: send it").sees("The letter is on its way")
    mail = story.portal.wait_for_mail(HEADLINE, to="complaints@meridale.example")
    papers = [cast(EmailMessage, part) for part in mail.iter_attachments()]
    assert [part.get_content_type() for part in papers] == ["application/pdf"]
    assert bytes(papers[0].get_payload(decode=True)).startswith(b"%PDF-")  # type: ignore[arg-type]
    assert str(mail["Reply-To"]).endswith("@reply.example.org")

    rosa.go(f"{story.letter}/sending").follow("We handed it over").write("Who took it", "Their front desk")
    rosa.write("Where", "3 Canal Street, Ashmere").fill(happened_on=day(0)).press("Ask a second lead to agree")
    theo.go(f"{story.letter}/sending").sees("asks to put a delivery on record", "Their front desk")
    theo.press("I agree: it was so").sees("The delivery is on record", "Handed over to Their front desk")
    theo.shoot("06-sent")
