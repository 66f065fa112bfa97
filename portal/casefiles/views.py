"""Case files: the list, asking for one, being the second lead, how far it is, taking it away."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from portal.campaigns import agreements
from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Agreement, Campaign
from portal.casefiles import operations, queries
from portal.casefiles.forms import CaseFileForm
from portal.casefiles.making import KEPT_DAYS
from portal.casefiles.models import CaseFile
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.web import action, current_person, download, get_or_404, go, render, show_rule

bp = Blueprint("casefiles", __name__)
PATH = "/campaigns/<key>/case-files"
ASKING = f"{PATH}/askings/<int:agreement_id>"
# How often the page looks again by itself while the worker is at it, with or without script.
REFRESH_SECONDS = 2


def _find(key: str, casefile_id: int) -> tuple[Campaign, CaseFile]:
    campaign = find_campaign(key, "casefile.make")
    case = queries.case_file_of(campaign, casefile_id)
    if case is None:
        abort(404)
    case.campaign = campaign
    return campaign, case


def _find_asking(key: str, agreement_id: int) -> tuple[Campaign, Agreement]:
    campaign = find_campaign(key, "casefile.make")
    asking = get_or_404(
        Agreement.select(Agreement, Person).join(Person, on=(Agreement.asked_by == Person.id)),
        Agreement.id == agreement_id,
        Agreement.campaign == campaign.id,
        Agreement.kind == operations.KIND,
    )
    asking.campaign = campaign
    return campaign, asking


@bp.get(PATH)
@action("casefile.make")
def index(key: str) -> Response:
    """The case files that were made, newest first, and the one that waits for a second lead."""
    campaign = find_campaign(key, "casefile.make")
    before = request.args.get("before", type=int)
    rows = queries.case_files_of(campaign, before=before)
    return render(
        "casefiles/index.html",
        campaign=campaign,
        asking=agreements.open_one(campaign, operations.KIND),
        cases=rows[: queries.PAGE],
        older=rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None,
        before=before,
        kept_days=KEPT_DAYS,
    )


@bp.route(f"{PATH}/new", methods=["GET", "POST"])
@action("casefile.make")
def new(key: str) -> Response:
    """Say what should be in it."""
    campaign = find_campaign(key, "casefile.make")
    titles = queries.titles_of(campaign)
    form = CaseFileForm() if request.method == "POST" else CaseFileForm(formdata=request.args)
    form.letters.choices = [(str(id_), title) for id_, title in titles]
    if form.validate_on_submit():
        wanted: dict[str, Any] = {
            "letters": [int(one) for one in form.letters.data or []],
            "from_on": form.from_on.data,
            "until_on": form.until_on.data,
        }
        try:
            if form.parts.data == "public":
                case = operations.order(campaign, by=current_person(), **wanted)
                return go(url_for(".show", key=key, casefile_id=case.id))
            asking = operations.ask_private(campaign, by=current_person(), **wanted)
            flash(_("Asked. It is made when a second lead agrees"), "good")
            return go(url_for(".asking", key=key, agreement_id=asking.id))
        except RuleBroken as broken:
            show_rule(form, broken)
    status = 422 if form.is_submitted() else 200
    return render("casefiles/new.html", status=status, campaign=campaign, form=form, titles=titles, kept_days=KEPT_DAYS)


def _asking_page(campaign: Campaign, asking: Agreement, status: int = 200) -> Response:
    wanted = operations.asked_for(asking)
    inside = queries.inside_of(wanted)
    titles = dict(queries.titles_of(campaign))
    return render(
        "casefiles/asking.html",
        status=status,
        campaign=campaign,
        asking=asking,
        wanted=wanted,
        inside=inside,
        seen=operations.fingerprint_of(inside),
        titles=[titles[id_] for id_ in wanted.letter_ids if id_ in titles],
        person=current_person(),
    )


@bp.get(ASKING)
@action("casefile.make")
def asking(key: str, agreement_id: int) -> Response:
    """What exactly a private one would hold, for the one who asked and for the one who may agree."""
    return _asking_page(*_find_asking(key, agreement_id))


@bp.post(f"{ASKING}/agreement")
@action("casefile.make")
def agree(key: str, agreement_id: int) -> Response:
    """Be the second lead."""
    campaign, waiting = _find_asking(key, agreement_id)
    try:
        case = operations.agree_private(waiting, by=current_person(), seen=request.form.get("seen", ""))
    except RuleBroken as broken:
        flash(broken.message, "wrong")
        return _asking_page(campaign, waiting, 422)
    return go(url_for(".show", key=key, casefile_id=case.id))


@bp.post(f"{ASKING}/withdrawal")
@action("casefile.make")
def withdraw(key: str, agreement_id: int) -> Response:
    """Take the asking back, or say not yet."""
    campaign, waiting = _find_asking(key, agreement_id)
    try:
        agreements.withdraw(waiting, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
        return _asking_page(campaign, waiting, 422)
    flash(_("No case file was made"))
    return go(url_for(".index", key=key))


@bp.get(f"{PATH}/<int:casefile_id>")
@action("casefile.make")
def show(key: str, casefile_id: int) -> Response:
    """How far it is; when it is made, what it holds and where to get it."""
    campaign, case = _find(key, casefile_id)
    response = render("casefiles/show.html", campaign=campaign, case=case, kept_days=KEPT_DAYS)
    if case.state in ("waiting", "working"):
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@bp.get(f"{PATH}/<int:casefile_id>/<any(archive,paper):part>")
@action("casefile.make")
def file(key: str, casefile_id: int, part: str) -> Response:
    """The archive or the paper, as a download only."""
    _campaign, case = _find(key, casefile_id)
    stored = case.archive if part == "archive" else case.paper
    if stored is None:
        abort(404)
    return download(stored)
