"""The child: a message on its input, a folder for its files as its argument, what was found as JSON on its output."""

import dataclasses
import json
import sys
from pathlib import Path

from .mime import TooMuch, take_apart

SECONDS = 30
MEGABYTES = 512
LARGEST_FILE = 26 * 1024 * 1024


def limit() -> None:
    """Little memory, little time, no core. More than this and the child is gone, and nothing else."""
    import resource

    size = MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read, take apart, write. Status 3 is a message over a limit, named on the output."""
    limit()
    folder = Path(sys.argv[1])
    try:
        taken = take_apart(sys.stdin.buffer.read())
    except TooMuch as error:
        sys.stdout.write(json.dumps({"too_much": str(error)}))
        raise SystemExit(3) from None
    for number, part in enumerate(taken.files):
        (folder / str(number)).write_bytes(part.data)
        part.data = b""
    found = dataclasses.asdict(taken)
    for part in found["files"]:
        del part["data"]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
