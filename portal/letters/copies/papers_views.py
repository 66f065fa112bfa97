"""The papers that go with a letter: to read, to copy, to print, to save."""

from typing import Any

from flask import Blueprint, Response, make_response, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.letters import papers, plain, sheet
from portal.letters.finding import blocks_of, find_letter, newest_version
from portal.letters.models import Letter
from portal.letters.templates import minutes_to_read
from portal.web import absolute, action, render

bp = Blueprint("papers", __name__)
PATH = "/campaigns/<key>/letters/<int:letter_id>/papers"
WHICH = f"<any({','.join(papers.PAPERS)}):which>"


@bp.get(PATH)
@action("letter.read")
def index(key: str, letter_id: int) -> Response:
    """All of them on one page."""
    campaign, letter, content = _find(key, letter_id)
    found = [_paper(which, letter, content) for which in papers.PAPERS if which != "aloud"]
    return render("letters/papers.html", campaign=campaign, letter=letter, papers=found, titles=_titles(), alone=False)


@bp.get(f"{PATH}/{WHICH}")
@action("letter.read")
def show(key: str, letter_id: int, which: str) -> Response:
    """One of them, on a page that prints well."""
    campaign, letter, content = _find(key, letter_id)
    paper = _paper(which, letter, content)
    return render(
        "letters/papers.html",
        campaign=campaign,
        letter=letter,
        papers=[paper],
        titles=_titles(),
        alone=True,
        minutes=minutes_to_read([paper.text]),
    )


@bp.get(f"{PATH}/{WHICH}.txt")
@action("letter.read")
def text(key: str, letter_id: int, which: str) -> Response:
    """One of them as a text file."""
    _campaign, letter, content = _find(key, letter_id)
    return text_file(_paper(which, letter, content).text, which)


@bp.get("/campaigns/<key>/letters/<int:letter_id>/letter-plain.txt")
@action("letter.read")
def plain_letter(key: str, letter_id: int) -> Response:
    """The letter as plain text that is easy to read, for small screens, readers and mail."""
    _campaign, _letter, content = _find(key, letter_id)
    return text_file(plain.letter_text(content), "letter")


def text_file(words: str, name: str) -> Response:
    """A download that every program opens."""
    return make_response(
        words.rstrip().encode("utf-8") + b"\n",
        200,
        {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}.txt"',
            "Cache-Control": "no-store",
        },
    )


def _find(key: str, letter_id: int) -> tuple[Campaign, Letter, dict[str, Any]]:
    campaign = find_campaign(key, "letter.read")
    letter = find_letter(campaign, letter_id)
    version = newest_version(letter) if letter.is_frozen else None
    if version is not None:
        return campaign, letter, sheet.frozen_content(version)
    return campaign, letter, sheet.content_of(letter, [row for row in blocks_of(letter) if row.removed_at is None])


def _paper(which: str, letter: Letter, content: dict[str, Any]) -> papers.Paper:
    return papers.paper_of(which, letter, content, link=absolute(url_for("signing.show", letter_key=letter.key)))


def _titles() -> dict[str, tuple[str, str]]:
    return {
        "covering": (_("Covering mail"), _("Goes with the letter when you send it by e-mail.")),
        "reminder": (_("Reminder"), _("One paragraph, for when no answer has come.")),
        "press": (_("Press note"), _("Five lines for a newspaper. Talk to your spokesperson first.")),
        "aloud": (_("To read aloud"), _("The letter as one says it, to a meeting or to a neighbour at the door.")),
    }
