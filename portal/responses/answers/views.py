"""Everything they answered: in a campaign, to one letter; and the words in the files."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.campaigns.finding import find_campaign
from portal.responses import words
from portal.responses.answers import file_text, forms, queries
from portal.responses.answers import words as answer_words
from portal.responses.answers.finding import find_answer
from portal.responses.models import ResponseFile
from portal.storage import StoredFile
from portal.web import action, download, get_or_404, render

bp = Blueprint("answers", __name__)
FILE = "/campaigns/<key>/responses/<int:response_id>/files/<int:file_id>"


@bp.get("/campaigns/<key>/answers")
@action("response.read")
def index(key: str) -> Response:
    """All answers of a campaign, newest first, and a search in them."""
    campaign = find_campaign(key, "response.read")
    form = forms.FindForm(request.args)
    looked_for = form.q.data if form.validate() and form.q.data else ""
    unread = request.args.get("show") == "unread"
    before = request.args.get("before", "")
    found = queries.list_answers(campaign, words=looked_for, unread=unread, before=before)
    asked: dict[str, Any] = {"q": looked_for or None, "show": "unread" if unread else None}
    return render(
        "answers/index.html",
        "found",
        campaign=campaign,
        form=form,
        looked_for=looked_for,
        answers=found.rows,
        hits=queries.hits_in(found.rows, looked_for) if looked_for else {},
        unread=unread,
        unread_count=queries.count_unread(campaign),
        older=url_for(".index", key=key, before=found.older, **asked) if found.older else None,
        newer=url_for(".index", key=key, **asked) if queries.read_key(before) else None,
        channels=words.CHANNELS,
        kinds=words.KINDS,
    )


@bp.get(f"{FILE}/words")
@action("response.read")
def file_words(key: str, response_id: int, file_id: int) -> Response:
    """The words in a file, as plain text, page by page. While they are read the page says so."""
    campaign, response = find_answer(key, response_id, "response.read")
    row = _find_file(response_id, file_id)
    return render(
        "answers/words.html",
        "words",
        campaign=campaign,
        response=response,
        row=row,
        here=url_for(".file_words", key=key, response_id=response_id, file_id=file_id),
        pages=[[file_text.unwrapped(part) for part in page] for page in file_text.pages_of(row.text)]
        if row.text_state == "read"
        else [],
        file_states=answer_words.FILE_STATES,
    )


@bp.get(FILE)
@action("response.read")
def file(key: str, response_id: int, file_id: int) -> Response:
    """A file that came with it, byte for byte. As a download only: nothing in it may run here."""
    find_answer(key, response_id, "response.read")
    return download(_find_file(response_id, file_id).file)


def _find_file(response_id: int, file_id: int) -> ResponseFile:
    rows = ResponseFile.select(ResponseFile, StoredFile).join(StoredFile).where(ResponseFile.response == response_id)
    row: ResponseFile = get_or_404(rows, ResponseFile.id == file_id)
    return row
