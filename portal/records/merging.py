"""Two records that are the same become one. Both names are found from then on."""

from flask_babel import gettext as _

from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.records.models import Correction, RecordChange, RecordProposal
from portal.records.proposals import note_change
from portal.targets.models import MailDomain, Organization, OrganizationAddress, OrganizationName, PostHolder, Target


def merge(gone: Organization, into: Organization, *, by: Person) -> Organization:
    """Let `into` stand for `gone` too, with all that was in its record and everybody who is written to there.

    Letters and campaigns follow, for they point at whom they write to; frozen words stay as they are. Raises RuleBroken
    when both are one already.
    """
    with transaction():
        # The rows in one order, so that two who merge at once do not wait for each other.
        for id_ in sorted((gone.id, into.id)):
            Organization.update(version=Organization.version).where(Organization.id == id_).execute()
        gone, into = Organization.get_by_id(gone.id), Organization.get_by_id(into.id)
        if gone.id == into.id or gone.merged_into_id is not None or into.merged_into_id is not None:
            raise RuleBroken(_("These two are one already"), field="name")
        for model in (
            Target,
            OrganizationAddress,
            PostHolder,
            OrganizationName,
            RecordProposal,
            RecordChange,
            Correction,
        ):
            model.update(organization=into.id).where(model.organization == gone.id).execute()
        _move_domains(gone, into)
        # Neither is a part of the other any more.
        Organization.update(parent=None).where(Organization.id == into.id, Organization.parent == gone.id).execute()
        Organization.update(parent=into.id).where(Organization.parent == gone.id, Organization.id != into.id).execute()
        Organization.update(merged_into=into.id).where(
            (Organization.id == gone.id) | (Organization.merged_into == gone.id)
        ).execute()
        Organization.update(parent=None).where(Organization.id == gone.id).execute()
        OrganizationName.insert(
            organization=into.id, name=gone.name, name_key=gone.name_key
        ).on_conflict_ignore().execute()
        for field in ("website", "country"):
            if not getattr(into, field) and getattr(gone, field):
                Organization.update({getattr(Organization, field): getattr(gone, field)}).where(
                    Organization.id == into.id
                ).execute()
        note_change(into, "merged", was=gone.name, becomes=into.name, by=by)
        return Organization.get_by_id(into.id)


def _move_domains(gone: Organization, into: Organization) -> None:
    known = MailDomain.select(MailDomain.domain).where(MailDomain.organization == into.id)
    MailDomain.delete().where(MailDomain.organization == gone.id, MailDomain.domain.in_(known)).execute()
    MailDomain.update(organization=into.id).where(MailDomain.organization == gone.id).execute()
