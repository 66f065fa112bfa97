"""Static files: one stylesheet from its parts, made small, content-hashed names, compressed once, cached for a year."""

import gzip
import hashlib
import os
import re
from pathlib import Path

import brotli
from flask import Flask
from rjsmin import jsmin
from whitenoise import WhiteNoise

SOURCE = Path(__file__).parent / "static"
BUNDLE = "css/doorstep.css"
TEXT = {".css", ".js", ".svg", ".txt", ".webmanifest"}

# A comment with the space around it, unless it stands inside a text in quotes; and the space that begins a line.
_TO_LEAVE_OUT = re.compile(rb'("[^"\n]*")|\s*/\*.*?\*/\s*|\n\s+', re.DOTALL)


def _without_comments(css: bytes) -> bytes:
    """A stylesheet without comments and indents. No more than that: a space can mean something in a selector."""
    return _TO_LEAVE_OUT.sub(lambda found: found[1] or b"\n", css)


def build(target: Path) -> dict[str, str]:
    """Write every static file under `target`, a hash in its name, .br and .gz beside text. Returns name → URL path."""
    names: dict[str, str] = {}
    contents: dict[str, bytes] = {
        path.relative_to(SOURCE).as_posix(): path.read_bytes()
        for path in sorted(SOURCE.rglob("*"))
        if path.is_file() and not (path.suffix == ".css" and path.parent.name == "css")
    }
    sheets = sorted((SOURCE / "css").glob("*.css"))
    contents[BUNDLE] = _without_comments(b"\n".join(sheet.read_bytes() for sheet in sheets))
    for name, data in contents.items():
        # Comments are for us; a phone need not carry them. What comes from elsewhere stays byte for byte.
        if name.startswith("js/"):
            contents[name] = jsmin(data)
    for name, data in contents.items():
        digest = hashlib.sha256(data).hexdigest()[:12]
        stem, dot, suffix = name.rpartition(".")
        hashed = f"{stem}.{digest}.{suffix}" if dot else f"{name}.{digest}"
        names[name] = hashed
        path = target / hashed
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, data)
            if path.suffix in TEXT:
                _write(path.with_name(path.name + ".br"), brotli.compress(data))
                _write(path.with_name(path.name + ".gz"), gzip.compress(data, 9, mtime=0))
    return names


def _write(path: Path, data: bytes) -> None:
    # Workers start at once and write the same: each beside the other.
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    temporary.write_bytes(data)
    temporary.replace(path)


def set_up(app: Flask) -> None:
    """Build into the data folder and serve from there, before Flask sees the request."""
    target = app.config["DATA_DIR"] / "assets"
    names = build(target)

    def asset(name: str) -> str:
        return f"/static/{names[name]}"

    app.jinja_env.globals["asset"] = asset
    from portal.gate import HEADERS

    def add_headers(headers: dict[str, str], path: str, url: str) -> None:
        for name, value in HEADERS.items():
            headers[name] = value

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(target),
        prefix="static/",
        immutable_file_test=lambda path, url: True,
        add_headers_function=add_headers,
        max_age=31536000,
    )
