"""A message taken apart: its headers, its words, its files, and what a report of non-delivery says.

Limits come first. A message over one of them is not opened any further: it is kept, and people look at the raw file.
"""

import re
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesParser, HeaderParser
from typing import Any

from .html_words import words_of
from .text import clean, decode, header_text

MOST_DEEP = 10
MOST_PARTS = 100
MOST_HEADERS = 200
LONGEST_HEADER = 64 * 1024
MOST_TEXT = 60_000
MOST_FILES = 20
MOST_FROM = 1000
# Parts that only programs need.
SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_POLICY = policy.compat32


class TooMuch(Exception):
    """The message is over a limit. The text names it."""


@dataclass
class Part:
    """A file that came with the message: what it was called, and its bytes."""

    name: str
    content_type: str
    data: bytes = b""


@dataclass
class Report:
    """What a mail system reports of one address: "failed", "delayed", "delivered" …, the status, and its words."""

    action: str = ""
    status: str = ""
    reason: str = ""
    recipient: str = ""


@dataclass
class Taken:
    """A message taken apart. `headers` are in their order, names in lower case, values read."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    # The From headers as they came, encoded words unread: read first, a name could pass for an address.
    authors: list[str] = field(default_factory=list)
    text: str = ""
    content_type: str = ""
    report_type: str = ""
    reports: list[Report] = field(default_factory=list)
    # Message-IDs of mails that it gives back.
    returned: list[str] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    left_out: int = 0

    def first(self, name: str) -> str:
        """The first header of this name, or ""."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every header of this name, from the top down."""
        return [value for key, value in self.headers if key == name]


def take_apart(raw: bytes) -> Taken:
    """Take one message apart. Raises TooMuch over a limit; hostile bytes may raise more: run it in a child."""
    _look_at_headers(raw)
    message: Any = BytesParser(policy=_POLICY).parsebytes(raw)
    taken = Taken(
        headers=[(name.lower()[:100], header_text(value)) for name, value in message.raw_items()],
        authors=[
            " ".join(str(value).split())[:MOST_FROM] for name, value in message.raw_items() if name.lower() == "from"
        ],
        content_type=message.get_content_type(),
        report_type=_parameter(message, "report-type"),
    )
    plain: list[str] = []
    html: list[str] = []
    _walk(message, taken, plain, html)
    said = clean("\n\n".join(plain))
    if html and len(said) < 20:
        # Nothing, or a mere "this message needs a better program", stands where the words should be.
        said = "\n\n".join(words_of(one) for one in html) or said
    # The whole of a longer one is in the original.
    taken.text = said if len(said) <= MOST_TEXT else f"{said[:MOST_TEXT]}\n\n[…]"
    return taken


def _look_at_headers(raw: bytes) -> None:
    """Count before the library begins: it would read ten million headers one by one."""
    end = min((at for at in (raw.find(b"\n\n"), raw.find(b"\n\r\n"), raw.find(b"\r\r")) if at >= 0), default=len(raw))
    if end > 16 * LONGEST_HEADER:
        raise TooMuch("header")
    count = longest = 0
    for line in raw[:end].splitlines():
        if line[:1] in (b" ", b"\t"):
            longest += len(line)
        else:
            count, longest = count + 1, len(line)
        if count > MOST_HEADERS:
            raise TooMuch("headers")
        if longest > LONGEST_HEADER:
            raise TooMuch("header")


def _walk(message: Any, taken: Taken, plain: list[str], html: list[str]) -> None:
    """Go through the parts without recursion: how deep it is nested is the sender's choice."""
    waiting: list[tuple[Any, int, bool]] = [(message, 1, False)]
    seen = 0
    while waiting:
        part, depth, is_alternative = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise TooMuch("parts")
        if depth > MOST_DEEP:
            raise TooMuch("depth")
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            _read_status(part, taken)
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            _read_returned(HeaderParser(policy=_POLICY).parsestr(decode(_bytes_of(part))[:LONGEST_HEADER]), taken)
        elif kind.startswith("message/"):
            _keep_message(part, taken)
        elif part.is_multipart():
            inner = [(one, depth + 1, kind == "multipart/alternative") for one in part.get_payload()]
            waiting[0:0] = inner
        else:
            _leaf(part, taken, plain, html, is_alternative=is_alternative)


def _leaf(part: Any, taken: Taken, plain: list[str], html: list[str], *, is_alternative: bool) -> None:
    kind = part.get_content_type()
    _mend(part)
    name = header_text(_file_name(part))
    is_file = bool(name) or (part.get_content_disposition() or "") == "attachment"
    if kind in SIGNATURES:
        return
    # A multipart without its parts is a broken one: what stands in it is better than nothing.
    is_words = kind in {"text/plain", "text/html", "text/enriched"} or kind.startswith("multipart/")
    if is_words and not is_file:
        text = decode(_bytes_of(part), _charset_of(part))[: MOST_TEXT * 5]
        if kind == "text/html":
            html.append(text)
            if not is_alternative and plain:
                plain.append(words_of(text))
        elif kind == "text/plain" and _parameter(part, "format").lower() == "flowed":
            plain.append(_unflowed(text))
        else:
            plain.append(text)
        return
    _keep(taken, name or _made_up_name(kind, len(taken.files) + 1), kind, _bytes_of(part))


def _keep(taken: Taken, name: str, kind: str, data: bytes) -> None:
    if not data:
        return
    if len(taken.files) >= MOST_FILES:
        taken.left_out += 1
        return
    taken.files.append(Part(name[:200], kind[:100], data))


def _keep_message(part: Any, taken: Taken) -> None:
    """A message inside a message stays a file. Only the name of one that was given back is read."""
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    if isinstance(first, Message):
        if taken.report_type or taken.reports:
            _read_returned(first, taken)
        try:
            data = first.as_bytes(policy=_POLICY)
        except (UnicodeError, ValueError, LookupError, KeyError, TypeError):
            data = b""
    else:
        data = _bytes_of(part)
    _keep(taken, header_text(_file_name(part)) or "message.eml", "message/rfc822", data)


def _read_status(part: Any, taken: Taken) -> None:
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        action = header_text(block.get("Action", "")).lower()
        status = header_text(block.get("Status", ""))
        original = header_text(block.get("Original-Message-ID", "") or block.get("X-Original-Message-ID", ""))
        taken.returned += _MESSAGE_ID.findall(original)
        if action or status:
            recipient = header_text(block.get("Final-Recipient", "") or block.get("Original-Recipient", ""))
            taken.reports.append(
                Report(
                    action[:40],
                    status[:40],
                    header_text(block.get("Diagnostic-Code", ""))[:500],
                    recipient.partition(";")[2].strip()[:320] or recipient[:320],
                )
            )


def _read_returned(headers: Any, taken: Taken) -> None:
    taken.returned += _MESSAGE_ID.findall(header_text(headers.get("Message-ID", "")))


def _bytes_of(part: Any) -> bytes:
    """A part's bytes, decoded as far as its encoding goes."""
    try:
        data = part.get_payload(decode=True)
    except (UnicodeError, ValueError, LookupError, KeyError, TypeError, AssertionError):
        data = None
    if isinstance(data, bytes):
        return data
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _charset_of(part: Any) -> str:
    try:
        return part.get_content_charset() or ""
    except (UnicodeError, ValueError, LookupError, TypeError):
        return ""


def _mend(part: Any) -> None:
    """Headers that name the file in bare bytes, as many programs do, become text before they are read."""
    for name, value in list(part.raw_items()):
        if name.lower() in {"content-type", "content-disposition"} and not str(value).isascii():
            part.replace_header(name, decode(str(value).encode("utf-8", "surrogateescape")))


def _file_name(part: Any) -> str:
    try:
        return part.get_filename() or ""
    except (UnicodeError, ValueError, LookupError, TypeError, IndexError):
        return "attachment"


def _parameter(part: Any, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except (UnicodeError, ValueError, LookupError, TypeError):
        return ""
    return header_text(value[2] if isinstance(value, tuple) else value or "")[:100]


def _made_up_name(kind: str, number: int) -> str:
    endings = {"text/calendar": "ics", "image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
    return f"part-{number}.{endings.get(kind, 'bin')}"


def _unflowed(text: str) -> str:
    """Lines that end in a space go on in the next one (RFC 3676); the mark before a signature does not."""
    out: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        line = line if quoted else line.removeprefix(" ")
        if out and out[-1].endswith(" ") and out[-1] != "-- " and out[-1].startswith(">") == quoted:
            out[-1] += line.lstrip("> ") if quoted else line
        else:
            out.append(line)
    return "\n".join(out)
