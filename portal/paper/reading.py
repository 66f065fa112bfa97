"""The words in a PDF that somebody gave us. It may be hostile, so it is read in a process of its own, with little
memory, little time and no more pages than a letter has.

Run as a script it reads a PDF from its input and writes JSON; `read_pdf` starts it so.
"""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

SECONDS = 10
CPU_SECONDS = 6
MEGABYTES = 512
MOST_PAGES = 60
MOST_CHARACTERS = 200_000

# Reading is work for a whole processor: one at a time is enough, and the next one waits a moment.
_one_at_a_time = threading.BoundedSemaphore(1)


class UnreadablePdf(Exception):
    """The file is no PDF that can be read: broken, locked, far too long, or not a PDF at all."""


class ReaderBusy(Exception):
    """Somebody else's file is being read right now."""


@dataclass(frozen=True)
class PdfWords:
    """The text of each page, and the keywords that the document carries about itself."""

    pages: tuple[str, ...]
    keywords: str = ""


def read_pdf(source: bytes) -> PdfWords:
    """The words in a PDF. Takes a second, at most SECONDS. Raises UnreadablePdf or ReaderBusy."""
    if not source.lstrip()[:5].startswith(b"%PDF-"):
        raise UnreadablePdf("not a PDF")
    if not _one_at_a_time.acquire(timeout=SECONDS):
        raise ReaderBusy
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).resolve())], input=source, capture_output=True, timeout=SECONDS
        )
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise UnreadablePdf(type(error).__name__) from error
    finally:
        _one_at_a_time.release()
    if found is None:
        raise UnreadablePdf(f"the reader ended with {done.returncode}")
    return PdfWords(tuple(found["pages"]), found["keywords"])


def _read_here(source: bytes) -> dict[str, object]:
    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(source))
    if len(reader.pages) > MOST_PAGES:
        raise ValueError("too many pages")
    pages: list[str] = []
    left = MOST_CHARACTERS
    for page in reader.pages:
        text = page.extract_text()[:left]
        left -= len(text)
        pages.append(text)
    keywords = str(reader.metadata.get("/Keywords") or "")[:2000] if reader.metadata else ""
    return {"pages": pages, "keywords": keywords}


def _limit() -> None:
    import resource

    size = MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    # It writes to its output only.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read the input, write JSON, within the limits."""
    source = sys.stdin.buffer.read()
    _limit()
    found = json.dumps(_read_here(source))
    sys.stdout.write(found.encode("ascii", "replace").decode("ascii"))


if __name__ == "__main__":
    main()
