"""The first pages of the archive: what it is and all that it tells, as plain text and as a page without script."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.casefiles.entries import Entry
from portal.casefiles.telling import Section


@dataclass(frozen=True)
class Cover:
    """What stands on the first page: (what, value) pairs, a sentence on what is private, the fingerprint."""

    title: str
    facts: list[tuple[str, str]]
    is_private: bool
    fingerprint: str

    @property
    def mark(self) -> str:
        """What stands on every page of a private file; else nothing."""
        return _("Contains private details. Do not publish, do not pass on.") if self.is_private else ""


def left_out_in_words(left_out: Iterable[Entry]) -> str:
    """Which files did not fit; nothing when all did."""
    names = [entry.name for entry in left_out]
    if not names:
        return ""
    said = ngettext(
        "%(num)d file did not fit into the archive: %(names)s",
        "%(num)d files did not fit into the archive: %(names)s",
        len(names),
        names=", ".join(names),
    )
    return said


def as_text(cover: Cover, sections: list[Section], left_out: list[Entry]) -> bytes:
    """Everything as plain text."""
    lines = [cover.mark, cover.title, "=" * len(cover.title), ""]
    lines += [f"{what}: {value}" for what, value in cover.facts]
    lines += ["", left_out_in_words(left_out)]
    for section in sections:
        lines += ["", "", section.title, "-" * len(section.title), section.note]
        for item in section.items:
            lines += ["", f"* {_one_line(item.title)}"]
            lines += [f"  {_one_line(what)}: {_one_line(value)}" for what, value in item.facts]
            for what, text in item.texts:
                lines += [f"  {what}:", *(f"    {line}" for line in text.split("\n"))]
    lines += ["", cover.mark, ""]
    return "\n".join(lines).encode("utf-8", "replace")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def as_page(cover: Cover, sections: list[Section], left_out: list[Entry]) -> bytes:
    """Everything as a page that needs nothing from elsewhere: no script, no style, no picture."""
    mark = f"<p><strong>{escape(cover.mark)}</strong></p>" if cover.mark else ""
    out = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(cover.title)}</title></head><body>{mark}<h1>{escape(cover.title)}</h1><dl>",
        *(f"<dt>{escape(what)}</dt><dd><bdi>{escape(value)}</bdi></dd>" for what, value in cover.facts),
        f"</dl><p>{escape(left_out_in_words(left_out))}</p><ul>",
        *(f'<li><a href="#{section.key}">{escape(section.title)}</a></li>' for section in sections),
        "</ul>",
    ]
    for section in sections:
        out.append(f'<h2 id="{section.key}">{escape(section.title)}</h2>')
        out.append(f"<p>{escape(section.note)}</p>" if section.note else "")
        for item in section.items:
            out.append(f"<h3><bdi>{escape(item.title)}</bdi></h3><dl>")
            out += [f"<dt>{escape(what)}</dt><dd><bdi>{escape(value)}</bdi></dd>" for what, value in item.facts]
            out += [
                f'<dt>{escape(what)}</dt><dd><pre dir="auto">{escape(text)}</pre></dd>' for what, text in item.texts
            ]
            out.append("</dl>")
    out.append(f"{mark}</body></html>\n")
    return "\n".join(out).encode("utf-8", "replace")
