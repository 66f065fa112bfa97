"""A web worker stays on one processor, where there is one worker for each.

The threads of a worker take the interpreter from each other, so only one of them computes at a time. Left alone, the
system wakes whoever's turn it is on the processor that is idle at that moment: there the caches hold somebody else's
things, and on a virtual machine the waking itself is dear. Measured in docs/performance.md.
"""

import fcntl
import os
from pathlib import Path

# One open file for the life of the process: closing it would give its place away.
_places: list[int] = []


def stay_on_one(folder: Path, workers: int) -> int | None:
    """Keep this process, and the threads that it will start, on a processor that no other worker has; returns which.

    None, and nothing is changed, where there are more processors than `workers` or only one, where a setting of the
    system forbids it, or where each has its worker. `folder` is shared by the workers: a file in it says who has
    which, and forgets a worker that ends in any way.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    processors = sorted(os.sched_getaffinity(0))
    if not 1 < len(processors) <= workers:
        return None
    file = os.open(folder / "processors", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    for processor in processors:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, processor)
            os.sched_setaffinity(0, {processor})
        except OSError:
            continue
        _places.append(file)
        return processor
    os.close(file)
    return None
