"""The yardstick once more, each worker kept to a processor as the portal's are: the stricter comparison."""

import os
from pathlib import Path

from bench.yardstick import app
from portal.processors import stay_on_one

stay_on_one(Path(os.environ["DATA_DIR"]), int(os.environ["WEB_WORKERS"]))

__all__ = ["app"]
