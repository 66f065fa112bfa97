"""The journey, chapter by chapter."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tests.journeys import chapter_answers, chapter_letter, chapter_meeting, chapter_start
from tests.journeys.serving import Portal
from tests.journeys.story import Story

CHAPTERS = (
    chapter_start.start_a_campaign,
    chapter_start.list_the_homes,
    chapter_start.bring_people_in,
    chapter_letter.write_and_freeze,
    chapter_letter.sign_the_letter,
    chapter_letter.send_the_letter,
    chapter_answers.read_the_answer,
    chapter_meeting.meet,
    chapter_meeting.bring_each_other_on,
    chapter_meeting.find_what_waits,
    chapter_answers.tell_and_close,
)


def walk(new_portal: Callable[[str], AbstractContextManager[Portal]], visit: Any, *, has_script: bool) -> None:
    """Live through every chapter in a portal where one other campaign exists."""
    with new_portal("elsewhere") as portal:
        story = Story(portal, visit, has_script)
        for chapter in CHAPTERS:
            chapter(story)
