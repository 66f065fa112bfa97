"""From where an organization's people write: the domains by which a mail of theirs can be told."""

from portal import clock
from portal.targets.models import MailDomain, Organization, OrganizationAddress, Target

# Anybody can have an address there, so it proves nothing about a company: there only a whole address counts.
_FREE_MAIL = """
    163.com aol.co.uk aol.com blueyonder.co.uk btinternet.com btopenworld.com fastmail.com fastmail.fm free.fr
    gmail.com gmx.co.uk gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.fr icloud.com
    inbox.com laposte.net libero.it live.co.uk live.com mac.com mail.com mail.ru me.com msn.com ntlworld.com orange.fr
    outlook.co.uk outlook.com pm.me proton.me protonmail.com qq.com rocketmail.com sky.com t-online.de talktalk.net
    tiscali.co.uk tuta.io tutanota.com virgin.net virginmedia.com wanadoo.fr web.de yahoo.co.uk yahoo.com yahoo.fr
    yahoo.ie yandex.com yandex.ru ymail.com zoho.com
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())


def domain_of(address: str) -> str:
    """The domain of an e-mail address in the form in which two are compared, or ""."""
    _local, at, domain = address.strip().rpartition("@")
    return plain_domain(domain) if at else ""


def plain_domain(domain: str) -> str:
    """A domain in lower case and ASCII, without a dot at its end; "" when it can be none."""
    plain = domain.strip().strip(".").casefold()
    try:
        plain = plain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return plain if "." in plain and " " not in plain else ""


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address at this domain."""
    return plain_domain(domain) in FREE_MAIL


def working_domains(organization: Organization, target: Target | None = None) -> frozenset[str]:
    """The domains from which this organization writes: those in its record, and of the address that is written to.

    With `target` that one's address counts; without, those of all who are written to there. Domains where anybody can
    have an address never count. Two statements.
    """
    today = clock.today()
    of_record = MailDomain.select(MailDomain.domain).where(MailDomain.organization == organization.id)
    mailed = OrganizationAddress.select(OrganizationAddress.value).where(
        OrganizationAddress.organization == organization.id,
        OrganizationAddress.way == "email",
        OrganizationAddress.valid_until.is_null() | (OrganizationAddress.valid_until >= today),
    )
    written = Target.select(Target.email).where(Target.organization == organization.id, Target.email != "").distinct()
    if target is not None:
        written = Target.select(Target.email).where(Target.id == target.id, Target.organization == organization.id)
    found = {plain_domain(domain) for (domain,) in of_record.tuples()}
    found |= {domain_of(address) for (address,) in (mailed | written).tuples()}
    return frozenset(domain for domain in found if domain and domain not in FREE_MAIL)


def is_theirs(address: str, domains: frozenset[str]) -> bool:
    """Whether an address belongs to one of these domains, or to a domain below one."""
    domain = domain_of(address)
    return any(domain == one or domain.endswith(f".{one}") for one in domains)
