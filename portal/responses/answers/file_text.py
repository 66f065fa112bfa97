"""The words in the files that came with an answer, for search and quoting. The file stays what it is.

A file waits in its row, so that a crash loses nothing: the sweep claims it for LEASE_SECONDS and a job reads it. A PDF
is read in a process of its own (`portal.paper.reading`).
"""

import email
import logging
import re
import unicodedata
from datetime import timedelta
from email.policy import default
from html import unescape

from portal import clock, jobs, storage
from portal.database import transaction
from portal.paper.reading import ReaderBusy, UnreadablePdf, read_pdf
from portal.responses.models import ResponseFile
from portal.storage import StoredFile

log = logging.getLogger("portal.answers")
LEASE_SECONDS = 120
AT_ONCE = 4
MOST_BYTES = 2_000_000
MOST_CHARACTERS = 200_000
# Tags after which a new line begins.
ENDS_LINE = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "blockquote"})
# Between two pages of a text, as it is kept.
NEXT_PAGE = "\f"
PICTURES = ("image/jpeg", "image/png", "image/webp")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_HEADER = re.compile(rb"^(?:from|received|return-path|delivered-to|message-id|date|mime-version|subject):", re.I | re.M)


def clean_text(text: str) -> str:
    """Text as it may be kept and shown: composed, lines ended alike, no controls but line and page ends."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROLS.sub("", composed.encode("utf-8", "replace").decode("utf-8"))[:MOST_CHARACTERS]


def read_words(stored: StoredFile) -> tuple[str, list[str]]:
    """What can be read in a file: its state ("read", "empty", "failed" or "none") and the text of each page.

    Never raises for what is in the file. Raises OSError when the disk lost it, ReaderBusy when it should wait.
    """
    if stored.content_type in PICTURES:
        return "empty", []
    if stored.content_type == "application/pdf":
        try:
            pages = [clean_text(page) for page in read_pdf(storage.read(stored)).pages]
        except UnreadablePdf:
            return "failed", []
    elif stored.content_type == "text/plain":
        pages = [clean_text(_plain(storage.read(stored)[:MOST_BYTES], stored.name))]
    else:
        return "none", []
    return ("read" if any(page.strip() for page in pages) else "empty"), pages


def _plain(source: bytes, name: str) -> str:
    head = source[:2000].split(b"\n\n")[0].split(b"\r\n\r\n")[0]
    if name.lower().endswith(".eml") or len(_HEADER.findall(head)) >= 3:
        try:
            return _mail(source)
        except Exception:  # A mail may be broken in any way; then its bare text is shown.
            log.info("a mail could not be taken apart; its source is shown as text")
    return _decoded(source)


def _mail(source: bytes) -> str:
    message = email.message_from_bytes(source, policy=default)
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else _decoded(source)
    if body is not None and body.get_content_subtype() == "html":
        text = _bare(text)
    head = [f"{title}: {message[title]}" for title in ("From", "To", "Date", "Subject") if message[title]]
    return "\n".join(head) + "\n\n" + text


def _bare(html: str) -> str:
    """The words of a page without its markup, in one pass however odd the page is. Shown as text, never as a page."""
    words: list[str] = []
    hidden = ""
    for number, piece in enumerate(html.split("<")):
        tag, _mark, rest = piece.partition(">") if number else ("", "", piece)
        name = tag.lstrip("/").split(None, 1)[0].lower() if tag.strip("/ \t\r\n") else ""
        if hidden:
            hidden = "" if tag.startswith("/") and name == hidden else hidden
            continue
        if name in ("script", "style") and not tag.startswith("/"):
            hidden = name
            continue
        if name.rstrip("/") in ENDS_LINE:
            words.append("\n")
        words.append(rest)
    return unescape("".join(words))


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        return source.decode("cp1252", "replace")


@jobs.job()
def read_file(file_id: int) -> None:
    """Read one file that waits and keep its words. Safe to run twice."""
    row = ResponseFile.select(ResponseFile, StoredFile).join(StoredFile).where(ResponseFile.id == file_id).first()
    if row is None or row.text_state != "waiting":
        return
    try:
        state, pages = read_words(row.file)
    except ReaderBusy:
        return
    except OSError:
        log.exception("a file of an answer is not on the disk")
        state, pages = "failed", []
    with transaction():
        ResponseFile.update(
            text=NEXT_PAGE.join(pages) if state == "read" else "",
            pages=len(pages) or None,
            text_state=state,
            read_at=clock.now(),
        ).where(ResponseFile.id == file_id, ResponseFile.text_state == "waiting").execute()


@jobs.sweep
def sweep_files() -> None:
    """Have every file read that waits and that nobody has begun. Mostly one short question."""
    now = clock.now()
    is_free = ResponseFile.read_at.is_null() | (ResponseFile.read_at < now - timedelta(seconds=LEASE_SECONDS))
    waiting = ResponseFile.select(ResponseFile.id).where(ResponseFile.text_state == "waiting", is_free)
    for (file_id,) in list(waiting.order_by(ResponseFile.id).limit(AT_ONCE).tuples()):
        with transaction():
            # Whoever claims it first has it read; a claim that leads nowhere runs out.
            if ResponseFile.update(read_at=now).where(ResponseFile.id == file_id, is_free).execute():
                read_file.later(file_id)


def pages_of(text: str) -> list[list[str]]:
    """The paragraphs of each page of a kept text, for showing and quoting."""
    return [[part.strip("\n") for part in re.split(r"\n\s*\n", page) if part.strip()] for page in text.split(NEXT_PAGE)]


def unwrapped(paragraph: str) -> list[str]:
    """The lines of a paragraph as somebody would type them: one that only ended at the margin goes on with the next."""
    lines = [line.strip() for line in paragraph.split("\n")]
    margin = max(map(len, lines)) * 0.8
    typed: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on:
            typed[-1] += " " + line
        else:
            typed.append(line)
        # A short line was ended by whoever wrote it.
        goes_on = len(line) > 40 and len(line) >= margin
    return typed
