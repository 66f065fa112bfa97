"""Proposing a change of an organization's record, reading what others proposed, and deciding."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from portal.errors import RuleBroken
from portal.letters.differences import word_changes
from portal.people.models import Person
from portal.records import forms, merging, proposals, queries, words
from portal.records.finding import Record, find_record
from portal.records.lines import address_line, person_line
from portal.records.models import SUBJECTS, Correction, RecordProposal
from portal.targets.models import Organization
from portal.targets.naming import find_by_name
from portal.web import action, current_person, get_or_404, go, may, render, show_rule

bp = Blueprint("proposals", __name__)
PATH = "/organizations/<int:organization_id>/proposals"
ONE = f"{PATH}/<int:proposal_id>"


@bp.get(PATH)
@action("organization.propose")
def index(organization_id: int) -> Response:
    """What waits for a decision, and what was changed before."""
    record = find_record(organization_id, "organization.propose")
    before: Any = request.args.get("before", type=int)
    waiting, changes = queries.find_history(record.organization, before=before)
    older = changes[-1].id if len(changes) == queries.PAGE else None
    return render(
        "records/proposals.html",
        record=record,
        organization=record.organization,
        waiting=waiting,
        changes=changes,
        older=older,
        is_first=before is None,
        words=words,
    )


@bp.get(f"{PATH}/new")
@action("organization.propose")
def choose(organization_id: int) -> Response:
    """What is wrong or missing?"""
    record = find_record(organization_id, "organization.propose")
    form = forms.SubjectForm(request.args)
    form.subject.choice_hints = {
        subject: _("Now: %(words)s", words=value) for subject, value in _stands(record.organization).items() if value
    }
    if request.args:
        if form.validate():
            return go(url_for(".new", organization_id=record.organization.id, subject=form.subject.data))
        return render("records/choose.html", status=422, form=form, organization=record.organization)
    return render("records/choose.html", form=form, organization=record.organization)


@bp.route(f"{PATH}/new/<subject>", methods=["GET", "POST"])
@action("organization.propose")
def new(organization_id: int, subject: str) -> Response:
    """Propose it, with how one knows."""
    record = find_record(organization_id, "organization.propose")
    if subject not in SUBJECTS:
        abort(404)
    organization = record.organization
    form = forms.propose_form(subject, _rows(record, subject))
    if form.validate_on_submit():
        try:
            made = proposals.propose(organization, subject, form.terms, why=form["why"].data or "", by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is proposed. Others decide, and you can read here what they decided"))
            return go(url_for(".show", organization_id=organization.id, proposal_id=made.id))
    status = 422 if form.errors else 200
    return render(
        "records/propose.html",
        status=status,
        form=form,
        organization=organization,
        subject=subject,
        words=words,
        stands=_stands(organization).get(subject, ""),
    )


def _stands(organization: Organization) -> dict[str, str]:
    """What the record holds now, where it holds one value only, in the words of the page."""
    return {
        "name": organization.name,
        "parent": organization.parent.name if organization.parent_id else "",
        "sector": str(words.SECTORS[organization.sector]),
        "country": str(words.COUNTRIES[organization.country]),
        "website": organization.website,
    }


def _rows(record: Record, subject: str) -> list[tuple[str, str]]:
    """What of the record could end, as choices."""
    if not subject.endswith("_end"):
        return []
    known = queries.find_known(record.organization)
    if subject == "address_end":
        return [(str(one.id), address_line(one.purpose, one.way, one.value)) for one in known.addresses]
    if subject == "domain_end":
        return [(str(id_), domain) for id_, domain in known.domains]
    return [(str(one.id), person_line(one.name, one.post)) for one in known.holders if one.id]


def _find(organization_id: int, proposal_id: int, action_name: str) -> tuple[Record, RecordProposal]:
    record = find_record(organization_id, action_name)
    proposal = get_or_404(
        RecordProposal.select(RecordProposal, Person).left_outer_join(Person, on=(RecordProposal.by == Person.id)),
        RecordProposal.id == proposal_id,
        RecordProposal.organization == record.organization.id,
    )
    proposal.organization = record.organization
    return record, proposal


def _page(record: Record, proposal: RecordProposal, form: forms.DeclineForm, status: int = 200) -> Response:
    person = current_person()
    return render(
        "records/proposal.html",
        status=status,
        record=record,
        organization=record.organization,
        proposal=proposal,
        form=form,
        difference=word_changes(proposal.was, proposal.becomes),
        words=words,
        is_mine=proposal.by_id == person.id,
        correction=Correction.get_or_none(Correction.proposal == proposal.id) if proposal.by_id is None else None,
        is_seconded_by_me=proposal.seconded_by_id == person.id,
        can_decide=proposal.state == "open" and may("organization.decide", record),
    )


@bp.get(ONE)
@action("organization.propose")
def show(organization_id: int, proposal_id: int) -> Response:
    """What stands there, what would, how somebody knows, and what was decided."""
    record, proposal = _find(organization_id, proposal_id, "organization.propose")
    return _page(record, proposal, forms.DeclineForm(formdata=None))


@bp.post(f"{ONE}/acceptance")
@action("organization.decide")
def accept(organization_id: int, proposal_id: int) -> Response:
    """Say yes."""
    record, proposal = _find(organization_id, proposal_id, "organization.decide")
    try:
        is_made = proposals.agree(proposal, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        if is_made:
            flash(_("It is changed"), "good")
        else:
            flash(_("Your yes is kept. A lead of another campaign, or a steward, has to say yes too"))
    return go(url_for(".show", organization_id=record.organization.id, proposal_id=proposal_id))


@bp.post(f"{ONE}/refusal")
@action("organization.decide")
def decline(organization_id: int, proposal_id: int) -> Response:
    """Say no, and why."""
    record, proposal = _find(organization_id, proposal_id, "organization.decide")
    form = forms.DeclineForm()
    if form.validate_on_submit():
        try:
            proposals.decline(proposal, by=current_person(), decision=form.decision.data or "")
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("It is declined. Whoever proposed it reads why"))
            return go(url_for(".show", organization_id=record.organization.id, proposal_id=proposal_id))
    return _page(record, proposal, form, 422)


@bp.post(f"{ONE}/removal")
@action("organization.propose")
def withdraw(organization_id: int, proposal_id: int) -> Response:
    """Take one's own back."""
    record, proposal = _find(organization_id, proposal_id, "organization.propose")
    if proposal.by_id != current_person().id:
        abort(403)
    try:
        proposals.withdraw(proposal, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "warn")
    else:
        flash(_("You have taken it back"))
    return go(url_for(".show", organization_id=record.organization.id, proposal_id=proposal_id))


@bp.route("/organizations/<int:organization_id>/merge", methods=["GET", "POST"])
@action("organization.merge")
def merge(organization_id: int) -> Response:
    """Say that another record is this one."""
    record = find_record(organization_id, "organization.merge")
    form = forms.MergeForm()
    if form.validate_on_submit():
        other = find_by_name(form.name.data or "")
        try:
            if other is None:
                raise RuleBroken(_("There is no record of that name"), field="name")
            merging.merge(other, record.organization, by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("They are one now. Both names lead here"), "good")
            return go(url_for("organizations.show", organization_id=record.organization.id))
    status = 422 if form.errors else 200
    return render("records/merge.html", status=status, form=form, organization=record.organization)
