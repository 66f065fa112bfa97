"""Packing: an archive written piece by piece, with a list of the fingerprint of everything in it."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from portal.casefiles.entries import Entry

MEGABYTE = 1024 * 1024
# An archive that nobody can send on or open helps nobody.
MOST_BYTES = 200 * MEGABYTE
CHUNK = 256 * 1024
MANIFEST = "manifest.json"
# The same content gives the same bytes: no entry has a time of its own.
NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass
class Packed:
    """What came of it: what lies in the archive, and which attachments did not fit."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0


def choose(entries: Iterable[Entry], most: int = MOST_BYTES) -> tuple[list[Entry], list[Entry]]:
    """Which entries fit into `most` bytes and which do not, each in their order. Only attachments are left out."""
    fitting: list[Entry] = []
    left_out: list[Entry] = []
    everything = list(entries)
    size = sum(entry.size for entry in everything if not entry.is_attachment)
    for entry in everything:
        if entry.is_attachment and size + entry.size > most:
            left_out.append(entry)
            continue
        size += entry.size if entry.is_attachment else 0
        fitting.append(entry)
    return fitting, left_out


def pack(
    out: IO[bytes],
    entries: list[Entry],
    left_out: list[Entry],
    *,
    about: dict[str, Any],
    packed_one: Callable[[int], None] = lambda done: None,
) -> Packed:
    """Write the archive to `out`: every entry as it is, and last of all the list of their fingerprints.

    `about` goes to the head of that list. `packed_one` is told how many are done. A file that the disk lost is left out
    and said to be so. Raises ValueError for two entries of one name, or a name that leads out of the archive.
    """
    packed = Packed(left_out=[_told(entry, "too large") for entry in left_out])
    names: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for done, entry in enumerate(entries, 1):
            _check(entry.name, names)
            try:
                source = entry.open()
            except OSError:
                packed.left_out.append(_told(entry, "missing on the disk"))
                continue
            with source:
                sha256, size = _write(archive, entry.name, source)
            line = {"name": entry.name, "sha256": sha256, "size": size, "what": entry.what}
            packed.entries.append(line | ({"called": entry.called} if entry.called else {}))
            packed.size += size
            packed_one(done)
        listed = {**about, "entries": packed.entries, "left_out": packed.left_out}
        data = json.dumps(listed, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        archive.writestr(_info(MANIFEST), data)
    return packed


def _told(entry: Entry, why: str) -> dict[str, Any]:
    return {"name": entry.name, "size": entry.size, "why": why}


def _check(name: str, names: set[str]) -> None:
    parts = name.split("/")
    if name in names or name == MANIFEST or any(part in {"", ".", ".."} for part in parts) or "\\" in name:
        raise ValueError(f"no name for a file in an archive: {name!r}")
    names.add(name)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=NO_TIME)
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_STORED
    # Written on whatever system: the same bytes.
    info.create_system = 3
    return info


def _write(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> tuple[str, int]:
    sha, size = hashlib.sha256(), 0
    with archive.open(_info(name), "w", force_zip64=False) as target:
        while chunk := source.read(CHUNK):
            sha.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return sha.hexdigest(), size
