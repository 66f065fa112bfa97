"""What a proposal would do to a record: the words before and after, and doing it. One function for each subject.

Each takes the organization as it is now and the new terms (plain values by field). `describe` reads only; `carry_out`
writes, inside the transaction of whoever decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.errors import RuleBroken
from portal.language import format_day
from portal.records import words
from portal.records.lines import address_line, is_web_address, person_line
from portal.targets import domains, naming
from portal.targets.models import MailDomain, Organization, OrganizationAddress, OrganizationName, PostHolder


@dataclass(frozen=True)
class Difference:
    """What stands there now, what would stand there, and the row it ends (0 for none)."""

    was: str
    becomes: str
    row_id: int = 0


def describe(organization: Organization, subject: str, terms: dict[str, Any]) -> Difference:
    """What the change would be, in the words of the page. Raises RuleBroken when it makes none, or no sense."""
    difference = _DESCRIBE[subject](organization, terms)
    if difference.was == difference.becomes:
        raise RuleBroken(_("That is what stands there already"), field="value")
    return difference


def standing_value(organization: Organization, subject: str) -> str:
    """What the record holds now where it holds one value only, as it is stored; "" elsewhere.

    A proposal remembers it, so that nobody decides on a change of something that has changed since.
    """
    if subject == "parent":
        return str(organization.parent_id or "")
    return getattr(organization, subject) if subject in {"name", "sector", "country", "website"} else ""


def carry_out(organization: Organization, subject: str, terms: dict[str, Any], *, verified_by: Any) -> None:
    """Make the change. Call inside a transaction that holds the organization's row."""
    _CARRY_OUT[subject](organization, terms, verified_by)


def _value(terms: dict[str, Any]) -> str:
    value = str(terms.get("value") or "")
    if not value:
        raise RuleBroken(_("Write what is right"), field="value")
    return value


def _name(organization: Organization, terms: dict[str, Any]) -> Difference:
    value = _value(terms)
    _refuse_taken(organization, value)
    return Difference(organization.name, value)


def _refuse_taken(organization: Organization, name: str) -> None:
    if not naming.is_free(name, beside=organization):
        raise RuleBroken(
            _("There is a record of that name already. A steward can say that the two are the same"), field="value"
        )


def _rename(organization: Organization, terms: dict[str, Any], _by: Any) -> None:
    value = terms["value"]
    _refuse_taken(organization, value)
    _also_known_as(organization, organization.name)
    key = Organization.key_of(value)
    OrganizationName.delete().where(OrganizationName.name_key == key).execute()
    Organization.update(name=value, name_key=key).where(Organization.id == organization.id).execute()


def _also_known_as(organization: Organization, name: str) -> None:
    OrganizationName.insert(
        organization=organization.id, name=name, name_key=Organization.key_of(name)
    ).on_conflict_ignore().execute()


def _other_name(organization: Organization, terms: dict[str, Any]) -> Difference:
    value = _value(terms)
    found = naming.find_by_name(value)
    if found is not None and found.id == organization.id:
        raise RuleBroken(_("That is what stands there already"), field="value")
    _refuse_taken(organization, value)
    return Difference("", value)


def _add_name(organization: Organization, terms: dict[str, Any], _by: Any) -> None:
    _refuse_taken(organization, terms["value"])
    _also_known_as(organization, terms["value"])


def _parent(organization: Organization, terms: dict[str, Any]) -> Difference:
    value = _value(terms)
    _refuse_circle(organization, naming.find_by_name(value))
    was = organization.parent.name if organization.parent_id else ""
    return Difference(was, value)


def _refuse_circle(organization: Organization, above: Organization | None) -> None:
    seen = {organization.id}
    while above is not None:
        if above.id in seen:
            raise RuleBroken(_("Then each would be a part of the other"), field="value")
        seen.add(above.id)
        above = above.parent


def _set_parent(organization: Organization, terms: dict[str, Any], _by: Any) -> None:
    name = terms["value"]
    parent = naming.find_by_name(name)
    if parent is None:
        parent = Organization.create(name=name, name_key=Organization.key_of(name))
    _refuse_circle(organization, parent)
    Organization.update(parent=parent).where(Organization.id == organization.id).execute()


def _one_of(field: str, known: dict[str, Any]) -> Callable[[Organization, dict[str, Any]], Difference]:
    def describe_it(organization: Organization, terms: dict[str, Any]) -> Difference:
        value = _value(terms)
        if value not in known:
            raise RuleBroken(_("Choose one of the list"), field="value")
        return Difference(str(known[getattr(organization, field)]), str(known[value]))

    return describe_it


def _set(field: str) -> Callable[[Organization, dict[str, Any], Any], None]:
    def set_it(organization: Organization, terms: dict[str, Any], _by: Any) -> None:
        changed: Any = {field: terms["value"]}
        Organization.update(**changed).where(Organization.id == organization.id).execute()

    return set_it


def _website(organization: Organization, terms: dict[str, Any]) -> Difference:
    value = _value(terms)
    if not is_web_address(value):
        raise RuleBroken(_("Enter a web address that begins with https://"), field="value")
    return Difference(organization.website, value)


def _address(organization: Organization, terms: dict[str, Any]) -> Difference:
    value, purpose, way = _value(terms), terms["purpose"], terms["way"]
    if way == "web" and not is_web_address(value):
        raise RuleBroken(_("Enter a web address that begins with https://"), field="value")
    if way == "email" and not domains.domain_of(value):
        raise RuleBroken(_("Enter an e-mail address in the right form, like name@example.com"), field="value")
    known = OrganizationAddress.select().where(
        OrganizationAddress.organization == organization.id,
        OrganizationAddress.purpose == purpose,
        OrganizationAddress.way == way,
        OrganizationAddress.value == value,
        OrganizationAddress.valid_until.is_null(),
    )
    if known.exists():
        raise RuleBroken(_("That is what stands there already"), field="value")
    return Difference("", address_line(purpose, way, value))


def _add_address(organization: Organization, terms: dict[str, Any], by: Any) -> None:
    OrganizationAddress.create(
        organization=organization.id,
        purpose=terms["purpose"],
        way=terms["way"],
        value=terms["value"],
        valid_from=clock.today(),
        verified_on=clock.today(),
        verified_by=by,
    )


def _row(model: Any, organization: Organization, terms: dict[str, Any]) -> Any:
    row = model.get_or_none((model.id == int(terms.get("row_id") or 0)) & (model.organization == organization.id))
    if row is None:
        raise RuleBroken(_("That is no longer in the record"), field="row_id")
    return row


def _end(model: Any, field: str, line: Callable[[Any], str]) -> tuple[Any, Any]:
    def describe_it(organization: Organization, terms: dict[str, Any]) -> Difference:
        row = _row(model, organization, terms)
        if field and getattr(row, field) is not None:
            raise RuleBroken(_("That has ended already"), field="row_id")
        return Difference(line(row), "", row.id)

    def carry_it_out(organization: Organization, terms: dict[str, Any], _by: Any) -> None:
        row = _row(model, organization, terms)
        if not field:
            row.delete_instance()
            return
        # A day before today: what ends today is not shown today.
        ended: Any = {field: date.fromordinal(clock.today().toordinal() - 1)}
        model.update(**ended).where(model.id == row.id).execute()

    return describe_it, carry_it_out


def _domain(organization: Organization, terms: dict[str, Any]) -> Difference:
    plain = domains.plain_domain(_value(terms).rpartition("@")[2])
    if not plain:
        raise RuleBroken(_("Enter a domain such as meridale.example"), field="value")
    if domains.is_free_mail(plain):
        raise RuleBroken(_("Anybody can have an address there, so it tells nobody who wrote"), field="value")
    terms["value"] = plain
    if MailDomain.select().where(MailDomain.organization == organization.id, MailDomain.domain == plain).exists():
        raise RuleBroken(_("That is what stands there already"), field="value")
    return Difference("", plain)


def _add_domain(organization: Organization, terms: dict[str, Any], _by: Any) -> None:
    MailDomain.insert(organization=organization.id, domain=terms["value"]).on_conflict_ignore().execute()


def _person(organization: Organization, terms: dict[str, Any]) -> Difference:
    name, post = _value(terms), str(terms.get("post") or "")
    known = PostHolder.select().where(
        PostHolder.organization == organization.id,
        PostHolder.name == name,
        PostHolder.post == post,
        PostHolder.until_on.is_null(),
    )
    if known.exists():
        raise RuleBroken(_("That is what stands there already"), field="value")
    line, since = person_line(name, post), terms.get("since_on")
    if since:
        line = _("%(person)s, since %(day)s", person=line, day=format_day(date.fromisoformat(since), weekday=False))
    return Difference("", line)


def _add_person(organization: Organization, terms: dict[str, Any], _by: Any) -> None:
    since = terms.get("since_on")
    PostHolder.create(
        organization=organization.id,
        name=terms["value"],
        post=terms.get("post") or "",
        since_on=date.fromisoformat(since) if since else None,
    )


def _in_words(_organization: Organization, terms: dict[str, Any]) -> Difference:
    return Difference(str(terms.get("statement") or ""), _value(terms))


def _nothing(_organization: Organization, _terms: dict[str, Any], _by: Any) -> None:
    """Said in words: people put it right by hand. That they did is the change."""


_end_address = _end(OrganizationAddress, "valid_until", lambda row: address_line(row.purpose, row.way, row.value))
_end_domain = _end(MailDomain, "", lambda row: row.domain)
_end_person = _end(PostHolder, "until_on", lambda row: person_line(row.name, row.post))

_DESCRIBE: dict[str, Callable[[Organization, dict[str, Any]], Difference]] = {
    "name": _name,
    "other_name": _other_name,
    "parent": _parent,
    "sector": _one_of("sector", words.SECTORS),
    "country": _one_of("country", words.COUNTRIES),
    "website": _website,
    "address": _address,
    "address_end": _end_address[0],
    "domain": _domain,
    "domain_end": _end_domain[0],
    "person": _person,
    "person_end": _end_person[0],
    "words": _in_words,
}
_CARRY_OUT: dict[str, Callable[[Organization, dict[str, Any], Any], None]] = {
    "name": _rename,
    "other_name": _add_name,
    "parent": _set_parent,
    "sector": _set("sector"),
    "country": _set("country"),
    "website": _set("website"),
    "address": _add_address,
    "address_end": _end_address[1],
    "domain": _add_domain,
    "domain_end": _end_domain[1],
    "person": _add_person,
    "person_end": _end_person[1],
    "words": _nothing,
}
