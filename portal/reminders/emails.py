"""The mail of reminders, composed by the worker from what was true when it was queued."""

from datetime import date
from itertools import groupby
from typing import Any

from portal import mail, outbox
from portal.reminders import words
from portal.reminders.sources import KINDS, Line, Place
from portal.tokens import sign
from portal.web import link_to

KIND = "reminder"
# What one campaign says in one mail; more is a page's work.
LINES = 8


def stop_token(person_id: int) -> str:
    """The part of a link that can do one thing: stop the reminders of one person, and let them come again."""
    return sign("reminders", person_id)


def _place(line: Line, key: str, title: str) -> Place:
    special = KINDS[line.kind].place
    return special(line) if special is not None else Place(title, "dashboards.campaign", {"key": key})


def groups_of(lines: list[list[Any]]) -> list[dict[str, Any]]:
    """What is said, by heading: the sentences, how many more there are, and one link."""
    placed = []
    for key, title, kind, said, more, ref, day in lines:
        line = Line(kind, said, more, ref, date.fromisoformat(day) if day else None)
        place = _place(line, key, title)
        placed.append((link_to(place.endpoint, **place.values), place.heading, KINDS[kind].say(line)))
    # In the order in which they came; what leads to the same page stands together.
    first = {link: at for at, (link, _heading, _said) in reversed(list(enumerate(placed)))}
    placed.sort(key=lambda one: first[one[0]])
    groups = []
    for link, members in groupby(placed, key=lambda one: one[0]):
        found = list(members)
        groups.append(
            {
                "heading": found[0][1],
                "link": link,
                "sentences": [said for _link, _heading, said in found[:LINES]],
                "more": max(0, len(found) - LINES),
            }
        )
    return groups


@outbox.writes(KIND)
def reminder(facts: dict[str, Any]) -> mail.Message:
    """What waits for one person, in each of their campaigns."""
    stop = link_to("reminders.stop", token=stop_token(facts["person"]))
    subject, text, html = mail.rendered(
        "reminder",
        name=facts["name"].split()[0] if facts["name"].strip() else "",
        groups=groups_of(facts["lines"]),
        count=len(facts["lines"]),
        why=[words.WHY[name] for name in facts["why"]],
        way=facts["way"],
        choose_link=link_to("reminders.choose"),
        stop_link=stop,
    )
    return mail.Message(
        to=facts["to"], to_name=facts["name"], subject=subject, text=text, html=html, unsubscribe_url=stop
    )
