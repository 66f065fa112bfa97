"""Mails about suggestions, remarks, and who keeps a letter moving."""

from flask import url_for

from portal import mail
from portal.letters.models import Letter
from portal.letters.talk.models import Comment, Suggestion
from portal.people.models import Person
from portal.web import absolute


def _to(person: Person, mail_name: str, /, **context: object) -> mail.Message:
    subject, text, html = mail.rendered(mail_name, **context)
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)


def suggestion_decided(
    suggestion: Suggestion,
    person: Person,
    *,
    by: Person,
    is_new_author: bool,
    had_remarked: bool,
    was_decided: bool = True,
) -> mail.Message:
    """What became of a suggestion, and why.

    `had_remarked`: to the one whose remark it grew from. `was_decided` is False where it was closed by the freeze.
    """
    letter = suggestion.letter
    link = url_for("suggestions.show", key=letter.campaign.key, letter_id=letter.id, suggestion_id=suggestion.id)
    return _to(
        person,
        "suggestion_decided",
        suggestion=suggestion,
        name=by.first_name,
        is_new_author=is_new_author,
        had_remarked=had_remarked,
        was_decided=was_decided,
        link=absolute(link),
    )


def mentioned(comment: Comment, person: Person, *, by: Person) -> mail.Message:
    """Somebody was named in a remark: its first line, and where to answer."""
    letter = comment.letter
    anchor = f"remark_{comment.thread_id or comment.id}"
    if comment.block_id is None:
        link = url_for("comments.index", key=letter.campaign.key, letter_id=letter.id, _anchor=anchor)
    else:
        link = url_for(
            "comments.part", key=letter.campaign.key, letter_id=letter.id, block_id=comment.block_id, _anchor=anchor
        )
    first_line = comment.text.strip().split("\n")[0][:200]
    return _to(person, "mentioned", name=by.display_name, first_line=first_line, link=absolute(link))


def lead_offered(letter: Letter, person: Person, *, by: Person) -> mail.Message:
    """Somebody who keeps a letter moving asks another writer to take over."""
    return _to(person, "lead_offered", name=by.display_name, link=_lead_page(letter))


def lead_moved(letter: Letter, person: Person, *, by: Person, how: str) -> mail.Message:
    """To whom kept a letter moving: `how` is "accepted", "declined", "quiet" (after a quiet week) or "taken"."""
    return _to(person, "lead_moved", name=by.display_name, how=how, link=_lead_page(letter))


def _lead_page(letter: Letter) -> str:
    return absolute(url_for("authors.show", key=letter.campaign.key, letter_id=letter.id))
