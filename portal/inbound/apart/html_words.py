"""The words of an HTML part. Nothing is drawn, nothing is fetched, and no address in it is looked at."""

from html.parser import HTMLParser

from .text import clean

MOST_HTML = 300_000
SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "select"})
_BLOCKS = (
    "p div br tr table ul ol li h1 h2 h3 h4 h5 h6 blockquote hr pre section article header footer dl dt dd address "
    "center form fieldset"
)
BREAKS = frozenset(_BLOCKS.split())
# Elements without an end: a silent one among them would keep everything after it silent.
VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "embed", "source", "track"})
DEEPEST_QUOTE = 20


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent: list[str] = []
        self.quotes = 0
        self.at_start = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self._break(tag)
            return
        if tag in SILENT or any(name == "hidden" for name, _value in attrs):
            self.silent.append(tag)
            return
        if self.silent and tag == self.silent[-1]:
            self.silent.append(tag)
            return
        self._break(tag)
        if tag == "blockquote":
            self.quotes = min(self.quotes + 1, DEEPEST_QUOTE)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            elif tag in {"body", "html"}:
                self.silent.clear()
            return
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        words = " ".join(data.split())
        if not words:
            if data and not self.at_start:
                self.said.append(" ")
            return
        if self.at_start and self.quotes:
            self.said.append("> " * self.quotes)
        before = " " if data[0].isspace() and not self.at_start else ""
        after = " " if data[-1].isspace() else ""
        self.said.append(f"{before}{words}{after}")
        self.at_start = False

    def _break(self, tag: str) -> None:
        if self.silent or tag not in BREAKS:
            if tag in {"td", "th"} and not self.silent and not self.at_start:
                self.said.append("  ")
            return
        self.said.append("\n\n" if tag in {"p", "blockquote", "table", "h1", "h2", "h3"} else "\n")
        self.at_start = True


def words_of(html: str) -> str:
    """The words of a piece of HTML, with its paragraphs; what it quotes begins with "> "."""
    parser = _Words()
    try:
        parser.feed(html[:MOST_HTML])
        parser.close()
    except (AssertionError, ValueError, RecursionError):
        # Markup that the library gives up on: what was read up to there stays.
        pass
    lines = [line.strip(" \t\u00a0") for line in "".join(parser.said).split("\n")]
    return clean("\n".join(lines))
