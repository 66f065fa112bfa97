"""Organizations as everybody may read of them: the list, and the page of one."""

from flask import Blueprint, Response, g, request, url_for

from portal import clock
from portal.campaigns.listing import read_key
from portal.records import queries, words
from portal.records.facts import times_of
from portal.records.finding import find_record
from portal.records.forms import SearchForm
from portal.web import action, current_person, go, render

bp = Blueprint("organizations", __name__)
LETTERS_SHOWN = 20


def _open_page(response: Response, *, is_listed: bool) -> Response:
    """Search engines are let in to what anybody may read; what a signed-in reader saw is kept nowhere."""
    if is_listed and current_person() is None:
        g.is_public_page = True
        response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/organizations")
@action("organization.read")
def index() -> Response:
    """Who is written to in public, by name."""
    form = SearchForm(request.args)
    after = request.args.get("after", "")[:200]
    found = queries.find_organizations(words=form.words, after=after)
    page = render("records/index.html", "results", form=form, found=found, is_first=not after, sectors=words.SECTORS)
    return _open_page(page, is_listed=True)


@bp.get("/organizations/<int:organization_id>")
@action("organization.read")
def show(organization_id: int) -> Response:
    """What public campaigns asked of it, what came back, what was promised, and where it takes complaints."""
    record = find_record(organization_id, "organization.read")
    organization = record.organization
    if organization.id != organization_id:
        return go(url_for(".show", organization_id=organization.id))
    before = request.args.get("before", "")
    before = before if read_key(before) else ""
    letters = queries.find_letters(organization)
    page = render(
        "records/show.html",
        record=record,
        organization=organization,
        known=queries.find_known(organization),
        letters=letters[:LETTERS_SHOWN],
        times=times_of(letters),
        found=queries.find_campaigns(organization, before=before),
        is_first=not before,
        today=clock.today(),
        words=words,
    )
    return _open_page(page, is_listed=record.is_listed)
