"""Runs a module of the tests in a process of its own with a database of its own: what it stores has to be committed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from portal.settings import ROOT


def found_by(module: str, *, folder: Path, database_url: str) -> Any:
    """What `python -m module` printed last, as JSON. `database_url` names the engine of this run."""
    name = module.rpartition(".")[2]
    url = f"sqlite:///{folder / 'apart.db'}"
    if not database_url.startswith("sqlite"):
        import psycopg

        url = database_url.replace("/postgres?", f"/{name}?")
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    given = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "ENVIRONMENT": "development",
        "SECRET_KEY": "a key for tests, thirty-two long!",
    }
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=given, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
