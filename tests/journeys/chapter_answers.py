"""Chapters 7 and 8: what came back, line by line; what everybody may read of it; and how it ended."""

from tests.journeys.browsing import Visitor
from tests.journeys.chapter_start import has_one_next_step
from tests.journeys.story import HEADLINE, TITLE, Story, day

THEIR_WORDS = "We will survey all twelve homes within the month. Your tone is noted, Ms Marsh."
PUBLIC_WORDS = "Meridale promised to survey every home with mould. On the lifts they said no."
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
STORY = "They surveyed every home. The lifts are still to come, and so are we."


def read_the_answer(story: Story) -> None:
    """Chapter 7: keep what came with its file, say what it means demand by demand, and hold on to the promise."""
    anna = story.anna
    anna.go(f"{story.letter}/responses/new").tick("A letter on paper").fill(
        received_on=day(0), from_name="Grant Oakes", text=THEIR_WORDS
    )
    anna.main.locator("input[type=file]").set_input_files(
        {"name": "answer.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    )
    anna.shoot("07-log")
    anna.press("Keep this answer").sees("It is kept. Only people in the circle see it", "Grant Oakes", THEIR_WORDS)
    assert anna.download("Download the original: answer.pdf") == SCAN
    page = anna.path
    anna.follow("Read it into the sheet").shoot("07-read")
    say_what_it_means(anna)
    anna.press("Save my reading").sees("Your reading is saved", "They give a part", "No").shoot("07-sheet")
    anna.press("Keep it as a promise").sees("It is among the promises now")

    rosa = story.rosa
    rosa.go(page).follow("See what would become public").fill(public_words=PUBLIC_WORDS).shoot("07-publish")
    rosa.press("Publish this").sees("It is published")


def say_what_it_means(reader: Visitor) -> None:
    """Yes to the first demand, with a day; no to the second; nothing to the rest."""
    for number, row in enumerate(reader.main.locator("fieldset.set").all()):
        row.get_by_label(("Yes", "No")[number] if number < 2 else "Not answered", exact=True).check()
        if number == 0:
            row.get_by_label("In their words").fill("survey all twelve homes")
            row.get_by_label("Promised by").fill(day(5))
    reader.tick("They give a part")


def tell_and_close(story: Story) -> None:
    """Chapter 8: the campaign's page for the circle and for everybody; residents judge the promise; closing by two."""
    rosa, theo, jules = story.rosa, story.theo, story.jules
    rosa.go(story.campaign).sees("They wrote a letter", "They answered", HEADLINE, "Next:").shoot("08-campaign")
    has_one_next_step(rosa)
    jules.go(story.campaign).sees(TITLE, PUBLIC_WORDS, "What they promised", "survey all twelve homes")
    jules.shoot("08-public")
    private = ("Rosa", "Theo", "Anna", "Mags", "2B", "Grant Oakes", "Your tone is noted", "answer.pdf", "@example.org")
    jules.sees_not(*private)
    jules.go(story.public_letter).sees_not(*private)

    for resident in (rosa, theo):
        resident.go(f"{story.campaign}/promises").follow("survey all twelve homes")
        resident.tick("It is fixed").press("Say what I found").sees("What residents found", resident.name)
    theo.shoot("08-promise")
    theo.go(f"{story.campaign}/promises").sees("Their one promise is kept").shoot("08-promises")

    rosa.go(story.campaign).follow("Close the campaign").tick("We won part of it").fill(story=STORY).shoot("08-close")
    rosa.press("Ask another lead to agree").sees("It waits for another lead")
    theo.go(f"{story.campaign}/closure").sees("Rosa Marsh asks this", STORY).press("Agree and close the campaign")
    theo.sees("The campaign is closed", STORY).shoot("08-closed")
    jules.go(story.campaign).sees(STORY).shoot("08-closed-public")
