"""Messages made for these tests, each with what it should be sorted as. No line of them comes from a real mail."""

from typing import Any

from tests.inbound.cases import Case, lines
from tests.inbound.shapes import BROKEN, CHARSETS, HUGE, NAMES, QUOTES, TRAPS
from tests.inbound.stage import OUR_ID, PROVED, write


def away(
    name: str, text: str = "I am away.\n", sender: str | None = "g.oakes@meridale.example", **headers: Any
) -> Case:
    return Case(f"away: {name}", write(text, **headers), "auto_reply", sender=sender)


AWAY = [
    away("RFC 3834", Auto_Submitted="auto-replied (vacation)"),
    away("generated, with a comment", Auto_Submitted="Auto-Generated; owner-email=x@meridale.example"),
    away("an exchange server in English", Subject="Automatic reply: We ask for dry walls"),
    away("German", "Ich bin bis 7. Dezember nicht im Haus.\n", Subject="Abwesenheitsnotiz: Ihr Schreiben"),
    away("French", "Je suis absente.\n", Subject="Réponse automatique : votre lettre"),
    away("Spanish", "Estoy fuera.\n", Subject="Respuesta automática: su carta"),
    away("an old vacation program", Precedence="junk"),
    away("only an empty sender says so", sender=""),
    away("a ticket system that says it is a list", List_Id="<tickets.meridale.example>"),
    away("a header of its own", X_Autoreply="yes"),
]


def report(*fields: str, first: str = "failed", original: str = OUR_ID, returned: str = "rfc822-headers") -> bytes:
    """A report of non-delivery. `returned` is which kind of part gives our mail back, or "" for none."""
    parts = [
        "Authentication-Results: mx.doorstep.example; dmarc=none",
        "From: Mail system <mailer-daemon@meridale.example>",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <dsn-1@meridale.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "Your message could not be delivered.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.meridale.example",
        *([f"Original-Message-ID: {original}"] if original and not returned else []),
        "",
        "Final-Recipient: rfc822; complaints@meridale.example",
        f"Action: {first}",
        *(fields or ("Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox")),
        "",
    ]
    if returned:
        kind = "text/rfc822-headers" if returned == "rfc822-headers" else "message/rfc822"
        parts += ["--b", f"Content-Type: {kind}", "", f"Message-ID: {original}", "Subject: We ask", "", "Dear all"]
    return lines(*parts, "--b--", "")


BOUNCES = [
    Case("bounce: only the headers come back", report(), "bounce", sender="", why="failed"),
    Case("bounce: the whole mail comes back", report(returned="rfc822"), "bounce", sender="", why="failed"),
    Case("bounce: named in the status", report(returned=""), "bounce", sender="", why="failed"),
    Case("bounce: late", report("Status: 4.4.1", first="delayed"), "bounce", sender="", why="delayed"),
    Case("bounce: their box is full", report("Status: 5.2.2"), "bounce", sender="", why="failed"),
    Case(
        "bounce: plain words of an old mail system",
        write(f"Hi. I could not deliver it.\n\nMessage-Id: {OUR_ID}\n", From="MAILER-DAEMON@meridale.example"),
        "bounce",
        sender="",
        why="failed",
    ),
    Case("no bounce: it was delivered", report("Status: 2.0.0", first="delivered"), "auto_reply", sender=""),
    Case("no bounce of ours", report(original="<other@elsewhere.example>"), "bounce", sender="", why="not_ours"),
]

EVIL = "Grant Oakes <g.oakes@evil.example>"
SPOOFS = [
    Case("spoof: nobody proved it", write(auth=None), "unverified", why="not_proved"),
    Case(
        "spoof: their own word for it",
        write(auth="mx.evil.example; dmarc=pass header.from=meridale.example"),
        "unverified",
        why="not_proved",
    ),
    Case(
        "spoof: a lie below our receiver's word",
        lines("Authentication-Results: mx.doorstep.example; dmarc=fail header.from=meridale.example")
        + b"\r\n"
        + write(),
        "unverified",
        why="not_proved",
    ),
    Case(
        "spoof: their address as a name",
        write(From='"complaints@meridale.example" <x@evil.example>', auth=PROVED.replace("meridale", "evil")),
        "unverified",
        why="proved_other",
    ),
    Case(
        "spoof: their address in an encoded name",
        lines(f"Authentication-Results: {PROVED.replace('meridale', 'evil')}")
        + b"\r\nFrom: =?utf-8?q?complaints=40meridale=2Eexample_=3Cc=40meridale=2Eexample=3E?= <x@evil.example>"
        + b"\r\n\r\nHello\r\n",
        "unverified",
        why="proved_other",
    ),
    Case(
        "spoof: two authors",
        lines(f"Authentication-Results: {PROVED}", f"From: {EVIL}, g.oakes@meridale.example", "", "Hello"),
        "unverified",
        why="no_author",
    ),
    Case(
        "spoof: two From headers",
        lines(f"Authentication-Results: {PROVED}", f"From: {EVIL}", "From: g.oakes@meridale.example", "", "Hello"),
        "unverified",
        why="no_author",
    ),
    Case(
        "spoof: a domain that looks like theirs",
        write(From="a@meridale.example.evil.example", auth=PROVED.replace("meridale.example", "evil.example")),
        "unverified",
    ),
    Case(
        "spoof: signed by another domain",
        write(auth="mx.doorstep.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=meridale.example"),
        "unverified",
        why="not_proved",
    ),
    Case(
        "spoof: a pass inside a comment",
        write(auth="mx.doorstep.example; dmarc=fail (dmarc=pass header.from=meridale.example; dmarc=pass)"),
        "unverified",
        why="not_proved",
    ),
]

LOOPS = [
    Case("loop: from our own address", write(From="portal@example.org"), "held", sender="portal@example.org"),
    Case("loop: from a reply address", write(From="r-abc@reply.example.org"), "held", why="loop"),
    Case("loop: our own Message-ID", write(Message_ID=OUR_ID), "held", why="loop"),
    Case("loop: our envelope", write(), "held", sender="r-abc@reply.example.org", why="loop"),
]


PLAIN = [
    Case("plain: DMARC", write(), "response", "Monday", why="proved"),
    Case(
        "plain: signed by the domain",
        write(auth="mx.doorstep.example 1; dkim=pass header.d=meridale.example"),
        "response",
    ),
    Case(
        "plain: signed by its identity",
        write(auth="MX.doorstep.example; dkim=pass header.i=@meridale.example"),
        "response",
    ),
    Case(
        "plain: no domain of theirs",
        write(From="Solicitor <a@law.example>", auth=PROVED.replace("meridale", "law")),
        "unverified",
        why="proved_other",
    ),
    Case(
        "plain: nothing known",
        write(From="Somebody <a@somewhere.example>", auth=None),
        "unverified",
        why="other_domain",
    ),
    Case("plain: marked as spam by our receiver", write(X_Spam_Flag="YES"), "spam", why="marked"),
    Case("plain: marked as spam by nobody we trust", write(X_Spam_Flag="YES", auth=None), "unverified"),
    Case("plain: not submitted by a program", write(Auto_Submitted="no"), "response"),
    Case("plain: a long name", write(From=f'"{"Grant " * 60}" <g.oakes@meridale.example>'), "response"),
]

CORPUS = [*AWAY, *BOUNCES, *CHARSETS, *BROKEN, *NAMES, *SPOOFS, *LOOPS, *HUGE, *QUOTES, *TRAPS, *PLAIN]
