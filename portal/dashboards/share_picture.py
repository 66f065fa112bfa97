"""The picture that goes with a shared link: title, place, how many signed, and one line on where it stands.

Made once for each content and kept on the disk, a bounded number of them. Nobody who reads a page waits for one: it is
made for whoever first asks for the picture itself, one at a time.
"""

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import current_app

from portal import jobs
from portal.paper import PaperError
from portal.paper.press import draw
from portal.tokens import digest

# Raised when the sheet looks different, so that nobody is shown an old picture.
LOOK = 1
MOST_KEPT = 300
WAIT_SECONDS = 3
_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class Facts:
    """All that is drawn, as words."""

    title: str
    place: str
    count: str
    state: str
    site: str
    lang: str
    dir: str


def rounded(count: int) -> int:
    """A count with its first two digits: a picture is passed on for months, and need not be made anew for each name."""
    if count < 100:
        return count
    step = 10 ** (len(str(count)) - 2)
    return count // step * step


def _folder() -> Path:
    return current_app.config["DATA_DIR"] / "pictures"


def find(facts: Facts) -> bytes | None:
    """The picture of these facts as PNG, made now if there is none. None while others are drawing: show another."""
    path = _folder() / f"{digest(json.dumps([LOOK, asdict(facts)]))[:40]}.png"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        return None
    try:
        made = draw("share", {**asdict(facts)}, title=facts.title)
        _keep(path, made)
        return made
    except PaperError:
        current_app.logger.warning("a picture to share could not be drawn")
        return None
    finally:
        _one_at_a_time.release()


def _keep(path: Path, made: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Workers may make the same at once: each beside the other.
        temporary = path.with_name(f"{path.name}.{threading.get_ident()}.part")
        temporary.write_bytes(made)
        temporary.replace(path)
    except OSError:
        current_app.logger.warning("a picture to share could not be kept")


@jobs.hourly
def forget_old_pictures() -> int:
    """Keep the newest MOST_KEPT pictures; returns how many went. One that is asked for again is made again."""
    kept = sorted(_folder().glob("*.png"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST_KEPT:]:
        path.unlink(missing_ok=True)
    return len(kept[MOST_KEPT:])
