"""PDFs with many names: asking for one, seeing how far it is, taking it away."""

from flask import Blueprint, Response, abort, url_for

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.letters.copies import press
from portal.letters.copies.models import PAPERS
from portal.letters.finding import find_letter, newest_version
from portal.letters.models import Letter, LetterVersion
from portal.web import action, current_person, download, go, render, require

bp = Blueprint("press", __name__)
PATH = f"/campaigns/<key>/letters/<int:letter_id>/pdf/<any({','.join(PAPERS)}):which>"
# How often the page looks again by itself while the worker is at it, with or without script.
REFRESH_SECONDS = 2


@bp.get(PATH)
@action("letter.read")
def show(key: str, letter_id: int, which: str) -> Response:
    """How far the paper is; when it is made, where to get it."""
    campaign, letter, version = _find(key, letter_id, which)
    job = press.newest_job(letter, version, which)
    response = render(
        "letters/press.html",
        campaign=campaign,
        letter=letter,
        which=which,
        job=job,
        problem=press.problem_in_words(job) if job is not None and job.state == "failed" else "",
    )
    if job is not None and job.state in ("waiting", "working"):
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@bp.post(PATH)
@action("letter.read")
def order(key: str, letter_id: int, which: str) -> Response:
    """Have it made."""
    _campaign, letter, version = _find(key, letter_id, which)
    press.order_paper(letter, version, which, by=current_person())
    return go(url_for(".show", key=key, letter_id=letter_id, which=which))


@bp.get(f"{PATH}/file")
@action("letter.read")
def file(key: str, letter_id: int, which: str) -> Response:
    """The paper itself, as a download only."""
    _campaign, letter, version = _find(key, letter_id, which)
    job = press.newest_job(letter, version, which)
    if job is None or job.state != "done" or job.file is None:
        abort(404)
    return download(job.file)


def _find(key: str, letter_id: int, which: str) -> tuple[Campaign, Letter, LetterVersion]:
    campaign = find_campaign(key, "letter.read")
    if which == "addressee":
        # It names people who agreed to be named to the addressee and to nobody else.
        require("letter.read_named", campaign)
    letter = find_letter(campaign, letter_id)
    version = newest_version(letter)
    if version is None:
        abort(404)
    return campaign, letter, version
