"""What lies in the archive: names that are safe everywhere, and where the bytes of each come from."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import peewee

from portal import storage
from portal.casefiles.gathering import Gathered
from portal.casefiles.telling import Item, Section
from portal.letters.models import Delivery
from portal.outbox import OutgoingMail
from portal.storage import StoredFile

# A program that opens a table may take what begins so for a formula, and run it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
LONGEST_NAME = 60
LONGEST_ENDING = 8


@dataclass(frozen=True)
class Entry:
    """One file of the archive. `called` is what it was called before its name was made safe."""

    name: str
    what: str
    size: int
    open: Callable[[], IO[bytes]]
    called: str = ""
    # Came with an answer or proves a delivery: left out when the archive grows too large.
    is_attachment: bool = False


def of_bytes(name: str, what: str, data: bytes) -> Entry:
    """A file that is in memory."""
    return Entry(name, what, len(data), lambda: io.BytesIO(data))


def of_stored(name: str, what: str, stored: StoredFile) -> Entry:
    """A file on the disk, read when it is packed."""
    path: Path = storage.path_of(stored.sha256)
    return Entry(name, what, stored.size, lambda: path.open("rb"), called=stored.name, is_attachment=True)


def of_mail(name: str, delivery: Delivery, size: int) -> Entry:
    """A mail as it was handed over, read when it is packed."""
    mail_id = delivery.mail_id

    def source() -> IO[bytes]:
        (found,) = OutgoingMail.select(OutgoingMail.source).where(OutgoingMail.id == mail_id).tuples().get()
        return io.BytesIO(bytes(found))

    return Entry(name, "the mail as it was handed over", size, source, is_attachment=True)


def safe_name(name: str) -> str:
    """A file's name that no system reads as a path, a device or a command: letters, digits, dots, dashes."""
    plain = unicodedata.normalize("NFKD", storage.clean_name(name)).encode("ascii", "ignore").decode()
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", stem).strip("-")[: LONGEST_NAME - LONGEST_ENDING] or "file"
    ending = re.sub(r"[^A-Za-z0-9]+", "", ending)[:LONGEST_ENDING].lower()
    return f"{stem}.{ending}" if ending else stem


def table(headers: list[str], rows: list[list[str]]) -> bytes:
    """A CSV table, UTF-8 with its mark, in which no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([[guarded(cell) for cell in row] for row in rows])
    return ("\ufeff" + text.getvalue()).encode()


def guarded(cell: str) -> str:
    """The cell's text, marked as text where a table program would calculate it."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def tables_of(sections: list[Section]) -> Iterator[Entry]:
    """A table for each kind of part that is a list: its columns are the facts that come up in it."""
    kinds: dict[str, list[tuple[str, Item]]] = {}
    for section in sections:
        kind = section.key.partition("-")[0]
        if kind not in {"letter", "named"}:
            kinds.setdefault(kind, []).extend((section.key, item) for item in section.items)
    for kind, found in kinds.items():
        columns = list(dict.fromkeys(what for _key, item in found for what, _value in [*item.facts, *item.texts]))
        rows = [
            [key, item.on.isoformat() if item.on else "", item.title, *_cells(item, columns)] for key, item in found
        ]
        yield of_bytes(
            f"tables/{kind}.csv", f"the part “{kind}” as a table", table(["part", "date", "what", *columns], rows)
        )


def _cells(item: Item, columns: list[str]) -> list[str]:
    values: dict[str, list[str]] = {}
    for what, value in [*item.facts, *item.texts]:
        values.setdefault(what, []).append(value)
    return ["; ".join(values.get(column, [])) for column in columns]


def files_of(gathered: Gathered, public_papers: dict[int, bytes]) -> Iterator[Entry]:
    """The texts of the letters, and in a private file everything that went out and came in, in a fixed order.

    `public_papers` are the letters as anybody may print them, by the id of the letter.
    """
    for number, one in enumerate(gathered.letters, 1):
        folder = f"letters/{number:02}"
        for version in one.versions:
            text = version.canonical_text.encode()
            yield of_bytes(f"{folder}/version-{version.number}.txt", "the text that was fixed", text)
        if one.letter.id in public_papers:
            yield of_bytes(f"{folder}/letter.pdf", "the letter as anybody may print it", public_papers[one.letter.id])
        if not gathered.is_private:
            continue
        sizes = _mail_sizes([row.mail_id for row in one.deliveries if row.mail_id is not None])
        for place, delivery in enumerate(one.deliveries, 1):
            yield from _of_delivery(f"{folder}/deliveries/{place:02}-{delivery.channel}", delivery, sizes)
        for place, response in enumerate(one.responses, 1):
            kept = gathered.files.get(response.id, [])
            files = [row.file for row in kept]
            if response.file_id is not None and response.file_id not in {file.id for file in files}:
                files = [response.file, *files]
            for at, file in enumerate(files, 1):
                name = f"{folder}/answers/{place:02}/{at:02}-{safe_name(file.name)}"
                yield of_stored(name, "came with an answer", file)


def _of_delivery(folder: str, delivery: Delivery, sizes: dict[int, int]) -> Iterator[Entry]:
    if delivery.mail_id is not None:
        yield of_mail(f"{folder}/mail.eml", delivery, sizes.get(delivery.mail_id, 0))
    if delivery.paper_id is not None:
        yield of_stored(f"{folder}/as-it-went.pdf", "the paper exactly as it went", delivery.paper)
    if delivery.proof_id is not None:
        yield of_stored(f"{folder}/proof-{safe_name(delivery.proof.name)}", "proves the delivery", delivery.proof)


def _mail_sizes(ids: list[int]) -> dict[int, int]:
    size: Any = peewee.fn.LENGTH(OutgoingMail.source)
    rows: Any = OutgoingMail.select(OutgoingMail.id, size).where(OutgoingMail.id.in_(ids)).tuples()
    return dict(rows)
