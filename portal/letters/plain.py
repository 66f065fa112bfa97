"""The letter as plain text for people: what the sheet shows, line by line, without its look.

Not the canonical text that the fingerprint is made of; that one is for checking.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.letters.filling import in_words


def letter_text(content: Mapping[str, Any], *, note: str = "") -> str:
    """The whole letter; `note` is a line above the headline, such as that it is a translation."""
    to, sender = content["to"], content["from"]
    to_lines = [line for line in (to["name"], to["post"], to["organization"], *to["address"]) if line]
    head = [
        "\n".join(line for line in (sender["group"], sender["place"]) if line),
        "\n".join(to_lines),
        in_words(date.fromisoformat(content["date"]), "en"),
        note,
        content["title"].upper() if content["language"] == "en" else content["title"],
    ]
    return "\n\n".join(part for part in [*head, *_parts(content)] if part)


def _parts(content: Mapping[str, Any]) -> list[str]:
    parts: list[str] = []
    for block in content["blocks"]:
        number, text = block["number"], block["text"].strip()
        if block["kind"] == "demand":
            if number == 1:
                parts.append(_("We ask that you:"))
            parts.append("\n".join([f"{number}. {text}", *_terms(block, content["language"])]))
        elif block["kind"] == "question":
            if number == 1:
                parts.append(_("We also ask you to answer:"))
            parts.append(f"{_('Q%(number)s', number=number)}. {text}")
        else:
            parts.append(f"{number}. {text}" if number else text)
    return parts


def _terms(block: Mapping[str, Any], language: str) -> list[str]:
    lines = []
    if block["by_on"]:
        lines.append("   " + _("By %(day)s.", day=in_words(date.fromisoformat(block["by_on"]), language)))
    if block["test"]:
        lines.append("   " + _("Done when: %(test)s", test=block["test"]))
    return lines
