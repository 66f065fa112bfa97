"""What a message is. Plain data in, a word out: no database, nothing sent, nothing answered."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.inbound.addresses import domain_of
from portal.inbound.apart.mime import Taken
from portal.inbound.authentication import Sender, is_marked_spam, proved_domain, sender_of
from portal.targets.domains import FREE_MAIL

DAEMONS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon"})
NOT_ARRIVED = frozenset({"failed", "delayed"})
# Headers by which programs say that a program wrote it.
AUTOMATIC = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply", "x-vacation")
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
AWAY = (
    "out of office:",
    "out of office re:",
    "automatic reply:",
    "auto-reply:",
    "autoreply:",
    "abwesend",
    "abwesenheit",
    "absence du bureau",
    "réponse automatique",
    "fuera de la oficina",
    "respuesta automática",
    "afwezig",
    "automatisch antwoord",
    "risposta automatica",
    "automatische antwort",
    "autosvar",
    "automatyczna odpowiedź",
)


@dataclass(frozen=True)
class Setting:
    """What has to be known to sort a message: whom the letter went to, whom we believe, and who we are."""

    # Domains of the organization, and whole addresses where the domain is shared.
    believed: frozenset[str] = frozenset()
    trusted: tuple[str, ...] = ()
    # Our own sending address and the domain of the reply addresses.
    own_address: str = ""
    own_domain: str = ""
    envelope_sender: str | None = None
    takes_bounces: bool = False
    # Message-IDs of ours among those that the message gives back or claims.
    own_ids: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Sorted:
    """What a message is, in a word of SORTS, why, from whom it says it is, and which domain was proved."""

    sort: str
    why: str
    sender: Sender
    proved: str = ""


def sort_message(taken: Taken, setting: Setting) -> Sorted:
    """Sort one message that was taken apart."""
    sender = sender_of(taken)
    proved = proved_domain(taken, setting.trusted)

    def found(sort: str, why: str) -> Sorted:
        return Sorted(sort, why, sender, proved)

    if is_our_own(taken, sender, setting):
        return found("held", "loop")
    if gives_back(taken, sender, setting):
        actions = {report.action for report in taken.reports}
        if not taken.reports or actions & NOT_ARRIVED:
            return found("bounce", "delayed" if actions and "failed" not in actions else "failed")
        return found("auto_reply", "delivered")
    if is_marked_spam(taken, setting.trusted):
        return found("spam", "marked")
    if why := written_by_a_machine(taken, sender, setting):
        return found("auto_reply", why)
    if not sender.address:
        return found("unverified", "no_author")
    if not believes(setting.believed, sender.address):
        return found("unverified", "proved_other" if proved else "other_domain")
    return found("response", "proved") if proved else found("unverified", "not_proved")


def believes(believed: Iterable[str], address: str) -> bool:
    """Whether mail from this address would be the organization's, if its domain were proved."""
    domain = domain_of(address)
    return bool(domain) and (address in believed or (domain in believed and domain not in FREE_MAIL))


def believed_of(address: str) -> str:
    """What an address of the organization makes us believe: its domain, or only itself where the domain is shared."""
    domain = domain_of(address)
    return address.strip().lower() if domain in FREE_MAIL else domain


def is_our_own(taken: Taken, sender: Sender, setting: Setting) -> bool:
    """Whether the portal itself wrote it: then it goes in a circle."""
    if sender.address and (sender.address == setting.own_address or sender.domain == setting.own_domain):
        return True
    if taken.first("message-id").strip() in setting.own_ids:
        return True
    return bool(setting.envelope_sender) and domain_of(setting.envelope_sender or "") == setting.own_domain


def gives_back(taken: Taken, sender: Sender, setting: Setting) -> bool:
    """Whether a mail system reports about a mail that was sent."""
    if taken.report_type.lower() == "disposition-notification":
        return False
    if taken.report_type.lower() == "delivery-status" or taken.reports:
        return True
    is_daemon = sender.address.partition("@")[0] in DAEMONS or _is_null(taken, setting)
    # Old mail systems write a plain text. It counts when it gives back a mail that is ours.
    return is_daemon and bool(set(taken.returned) & setting.own_ids or _named_in(taken.text, setting.own_ids))


def written_by_a_machine(taken: Taken, sender: Sender, setting: Setting) -> str:
    """Why a message is taken for a program's, or ""."""
    automatic = taken.first("auto-submitted").partition(";")[0].strip().lower()
    if automatic and automatic != "no":
        return "auto_submitted"
    if taken.report_type.lower() == "disposition-notification":
        return "receipt"
    if taken.first("list-id"):
        return "list"
    if taken.first("precedence").strip().lower() in BULK:
        return "bulk"
    if any(taken.first(name) for name in AUTOMATIC):
        return "auto_submitted"
    if _is_null(taken, setting):
        return "no_sender"
    if sender.address.partition("@")[0] in DAEMONS:
        return "daemon"
    subject = taken.first("subject").strip().lower()
    if subject.startswith(AWAY) or subject == "out of office":
        return "away"
    return ""


def _is_null(taken: Taken, setting: Setting) -> bool:
    return setting.envelope_sender == "" or taken.first("return-path").replace(" ", "") == "<>"


def _named_in(text: str, ids: frozenset[str]) -> bool:
    return any(one in text for one in ids)
