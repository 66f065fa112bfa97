"""Messages of odd shapes, charsets, names and files, for the corpus. No line of them comes from a real mail."""

from email.message import EmailMessage
from email.policy import SMTP

from tests.inbound.cases import Case, proved
from tests.inbound.stage import OUR_ID, PROVED, write

GREETING = "Grüße aus Ashmere"


def charset(name: str, declared: str, data: bytes, says: str = "", encoding: str = "8bit") -> Case:
    head = proved(
        "Subject: x",
        "MIME-Version: 1.0",
        f"Content-Type: text/plain; charset={declared}",
        f"Content-Transfer-Encoding: {encoding}",
        "",
        "",
    )
    return Case(f"charset: {name}", head + data + b"\r\n", "response", says)


CHARSETS = [
    charset("utf-8", "utf-8", GREETING.encode(), GREETING),
    charset("latin 1", "iso-8859-1", GREETING.encode("latin-1"), GREETING),
    charset("Windows, called latin 1", "iso-8859-1", "“Soon” – £50".encode("cp1252"), "“Soon” – £50"),
    charset("Cyrillic", "koi8-r", "Ответ".encode("koi8-r"), "Ответ"),
    charset("Japanese", "iso-2022-jp", "返事".encode("iso-2022-jp"), "返事"),
    charset("wrong: called ASCII", "us-ascii", GREETING.encode(), GREETING),
    charset("wrong: called utf-8, is Windows", "utf-8", "£50 für alle".encode("cp1252"), "£50 für alle"),
    charset("wrong: no such charset", "x-none-such", GREETING.encode(), GREETING),
    charset("wrong: a codec that is none", "zlib_codec", b"plain", "plain"),
    charset("wrong: base64 cut short", "utf-8", b"V2Ugd2lsbCBjb21l=XX", "", encoding="base64"),
]

BROKEN = [
    Case(
        "broken: the boundary never comes",
        proved('Content-Type: multipart/mixed; boundary="never"', "", "We will come on Monday."),
        "response",
        "We will come",
    ),
    Case("broken: no boundary", proved("Content-Type: multipart/mixed", "", "We will come."), "response", "We will"),
    Case(
        "broken: cut in the middle",
        proved('Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain", "", "We wi"),
        "response",
        "We wi",
    ),
    Case("broken: headers without a colon", proved("this is no header", "nor is this", "", "Text"), "response", "Text"),
    Case("broken: no headers at all", b"\r\nJust words, no head.\r\n", "unverified", "Just words", why="no_author"),
    Case("broken: nothing but NUL", b"\x00" * 400, "unverified", why="no_author"),
    Case(
        "broken: an encoding that is none",
        proved("Content-Type: text/plain", "Content-Transfer-Encoding: x-secret", "", "We will come."),
        "response",
        "We will come",
    ),
    Case("broken: bare line feeds", proved("Subject: x", "", "One", "Two").replace(b"\r\n", b"\n"), "response", "One"),
]


def named(filename: str, kept: str) -> Case:
    mail = EmailMessage(policy=SMTP)
    mail["Authentication-Results"], mail["From"] = PROVED, "g.oakes@meridale.example"
    mail.set_content("See the file.\n")
    mail.add_attachment(b"words\n", maintype="application", subtype="octet-stream", filename="PLACEHOLDER")
    raw = mail.as_bytes().replace(b'filename="PLACEHOLDER"', b'filename="' + filename.encode() + b'"')
    return Case(f"name: {kept}", raw, "response", "See the file", files=(kept,))


NAMES = [
    named("../../../etc/passwd", "passwd"),
    named("C:\\\\Windows\\\\plan.exe", "plan.exe"),
    named("plan\u202efdp.exe", "planfdp.exe"),
    named("a" * 400 + ".pdf", "a" * 120),
    named("..", "file"),
    named("=?utf-8?q?b=C3=A4d=00name.pdf?=", "bädname.pdf"),
    named("<script>alert(1)<", "<script>alert(1)<"),
]


def nested(depth: int) -> bytes:
    head = ['Content-Type: multipart/mixed; boundary="b0"', ""]
    for level in range(depth):
        head += [f"--b{level}", f'Content-Type: multipart/mixed; boundary="b{level + 1}"', ""]
    return proved(*head, "deep")


def many_parts(count: int) -> bytes:
    return proved('Content-Type: multipart/mixed; boundary="b"', "", *["--b\r\n\r\nx"] * count, "--b--")


HUGE = [
    Case("huge: deep", nested(40), "unverified", why="too_much_depth"),
    Case("huge: many parts", many_parts(400), "unverified", why="too_much_parts"),
    Case("huge: many headers", proved(*["X-A: b"] * 5000, "", "x"), "unverified", why="too_much_headers"),
    Case("huge: a long header", proved("X-A: " + "b" * 70_000, "", "x"), "unverified", why="too_much_header"),
    Case("huge: a folded header", proved("X-A: b", *[" " + "c" * 900] * 80, "", "x"), "unverified"),
    Case("huge: long words", proved("Subject: x", "", "word " * 100_000), "response", "word word"),
]

OLD = "> We ask you to survey every home.\n> We ask you to meet us.\n"
QUOTES = [
    Case(
        "quote: below a line",
        write(f"Yes.\n\nOn Mon, 16 Nov 2026 at 10:00, Residents wrote:\n{OLD}"),
        "response",
        "Yes.",
    ),
    Case(
        "quote: an old Outlook",
        write(f"Yes.\n\n-----Original Message-----\nFrom: Residents\n{OLD}"),
        "response",
        "Yes.",
    ),
    Case(
        "quote: a head without a line",
        write("Yes.\n\nFrom: Residents\nSent: Monday\nTo: Meridale\nSubject: We ask\n\nWe ask.\n"),
        "response",
        "Yes.",
    ),
    Case("quote: German", write(f"Ja.\n\nAm 16.11.2026 um 10:00 schrieb Residents:\n{OLD}"), "response", "Ja."),
    Case("quote: only a signature", write("Yes.\n\n-- \nGrant Oakes\nMeridale Homes\n"), "response", "Yes."),
    Case("quote: line by line", write("> Will you come?\nYes.\n\n> When?\nOn Monday.\n"), "response", "On Monday."),
    Case(
        "quote: HTML only", write("<p>Yes.</p><blockquote>We ask</blockquote>", MIME_Version=None), "response", "Yes."
    ),
]


def with_files(*files: tuple[str, str, bytes]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["Authentication-Results"], mail["From"] = PROVED, "g.oakes@meridale.example"
    mail.set_content("See the files.\n")
    for name, kind, data in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def with_message() -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["Authentication-Results"], mail["From"] = PROVED, "g.oakes@meridale.example"
    mail.set_content("See what they wrote.\n")
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["Message-ID"], inner["Auto-Submitted"] = "x@evil.example", OUR_ID, "auto-replied"
    inner.set_content("Inside.\n")
    mail.add_attachment(inner)
    return mail.as_bytes()


HTML = b"<script>alert(1)</script><img src=https://evil.example/pixel.png>"
TRAPS = [
    Case("trap: a page", with_files(("a.html", "text/html", HTML)), "response", "See", files=("a.html",)),
    Case(
        "trap: an archive",
        with_files(("a.zip", "application/zip", b"PK\x03\x04" + b"\0" * 40)),
        "response",
        files=("a.zip",),
    ),
    Case("trap: a program", with_files(("a.pdf", "application/pdf", b"MZ\x90\x00")), "response", files=("a.pdf",)),
    Case(
        "trap: thirty files",
        with_files(*[(f"{n}.txt", "text/plain", b"x") for n in range(30)]),
        "response",
        files=tuple(f"{n}.txt" for n in range(20)),
    ),
    Case("trap: a message inside", with_message(), "response", "See what", files=("message.eml",)),
    Case("trap: an empty file", with_files(("a.txt", "text/plain", b"")), "response", files=()),
    Case(
        "trap: an invitation", with_files(("a.ics", "text/calendar", b"BEGIN:VCALENDAR")), "response", files=("a.ics",)
    ),
]
