"""What stands in a record, each in one line; and what can be a link."""

from urllib.parse import urlsplit

from portal.records import words


def is_web_address(value: str) -> bool:
    """Whether it can be followed as a link: https or http, with a host."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not set(value) & set(" \t\n\"<>'")


def address_line(purpose: str, way: str, value: str) -> str:
    """One line for an address: what for, how, and where."""
    return f"{words.PURPOSES[purpose]} – {words.WAYS[way]}: {' '.join(value.split())}"


def person_line(name: str, post: str) -> str:
    """Somebody with their post, in one line."""
    return f"{name}, {post}" if post else name
