"""The only reader and writer of uploaded files.

A file is kept under the SHA-256 of its bytes and is on the disk, fsynced, before its row is written: a row without
its file can not happen; a file without a row is swept later.
"""

import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import IO

import peewee
from flask import current_app

from portal import clock
from portal.database import Model, UTCDateTimeField, transaction
from portal.errors import RuleBroken

MOST_BYTES = 25 * 1024 * 1024
# Younger bytes may belong to a row that is about to be written.
FRESH_SECONDS = 3600

# The first bytes decide what a file is; its name and the browser's word are data, not proof.
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"RIFF", "image/webp"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0", "application/msword"),
)


class StoredFile(Model):
    """One upload: what it was called, and which bytes it is."""

    sha256 = peewee.CharField(max_length=64, index=True)
    name = peewee.TextField()
    content_type = peewee.TextField()
    size = peewee.IntegerField()
    stored_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "stored_file"
        constraints = [peewee.Check("size > 0"), peewee.Check("length(sha256) = 64")]


def folder() -> Path:
    """Where the files are."""
    return current_app.config["DATA_DIR"] / "files"


def path_of(sha256: str) -> Path:
    """The file that holds these bytes."""
    return folder() / sha256[:2] / sha256


def keep(stream: IO[bytes], *, name: str, most: int | None = None) -> StoredFile:
    """Store an upload byte for byte and return its row.

    Call it before the transaction that refers to it: by then the bytes are safe. Raises RuleBroken when the file is
    empty or larger than MOST_BYTES; `most` allows more for what the portal makes itself.
    """
    most = MOST_BYTES if most is None else most
    target_folder = folder()
    target_folder.mkdir(parents=True, exist_ok=True)
    sha = hashlib.sha256()
    size = 0
    head = b""
    handle, temporary = tempfile.mkstemp(dir=target_folder, prefix="arriving-")
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := stream.read(64 * 1024):
                size += len(chunk)
                if size > most:
                    raise RuleBroken(f"The file must be {most // 1024 // 1024} MB or smaller", field="file")
                head = head or chunk[:64]
                sha.update(chunk)
                out.write(chunk)
            if not size:
                raise RuleBroken("The file is empty. Choose it again", field="file")
            out.flush()
            os.fsync(out.fileno())
        place = path_of(sha.hexdigest())
        place.parent.mkdir(exist_ok=True)
        os.replace(temporary, place)
        for directory in (place.parent, target_folder):
            _sync_folder(directory)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return StoredFile.create(sha256=sha.hexdigest(), name=clean_name(name), content_type=_kind_of(head), size=size)


def keep_bytes(data: bytes, *, name: str) -> StoredFile:
    """Store bytes that the portal itself made, such as a PDF that was sent."""
    return keep(io.BytesIO(data), name=name)


def read(stored: StoredFile) -> bytes:
    """The bytes of a file. Raises OSError when the disk lost it."""
    return path_of(stored.sha256).read_bytes()


def forget(stored: StoredFile) -> None:
    """Delete a row, and its bytes where no other row has the same and nobody is just storing them again."""
    with transaction():
        StoredFile.delete().where(StoredFile.id == stored.id).execute()
        is_shared = StoredFile.select().where(StoredFile.sha256 == stored.sha256).exists()
    path = path_of(stored.sha256)
    if not is_shared and path.exists() and clock.now().timestamp() - path.stat().st_mtime > FRESH_SECONDS:
        path.unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """A file's name as data: no folders, no control or direction characters, at most 120 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '‪‫‬‭‮⁦⁧⁨⁩"')
    return kept.strip(". ")[:120] or "file"


def _kind_of(head: bytes) -> str:
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    text_like = bool(head) and not any(byte < 9 for byte in head)
    return "text/plain" if text_like else "application/octet-stream"


def _sync_folder(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
