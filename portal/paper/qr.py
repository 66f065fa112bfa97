"""A web address as a square that a phone can read."""

import segno

from portal.paper.press import PaperError

#: White modules that must stay free around the square.
QUIET_ZONE = 4


def qr_svg(url: str, *, title: str | None = None) -> str:
    """An inline SVG of the address, black on white also on a dark page, with no style attribute.

    `title` is what a screen reader says; without one it is the address itself. Scales to the width it is given.
    Raises PaperError when the address is empty or too long for a code that a phone reads well.
    """
    svg: str = _code(url).svg_inline(
        border=QUIET_ZONE, omitsize=True, title=title or url, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return svg.replace("<svg ", '<svg role="img" ', 1)


def qr_matrix(url: str) -> list[str]:
    """The modules row by row as strings of `1` (black) and `0`, without the quiet zone: for `typeset`."""
    return ["".join("1" if module else "0" for module in row) for row in _code(url).matrix]


def _code(url: str) -> segno.QRCode:
    # Long addresses make modules too fine for an old phone at arm's length, long before the format is full.
    if not url or len(url) > 300:
        raise PaperError("A web address of 1 to 300 characters is needed for the code")
    try:
        return segno.make_qr(url, error="m")
    except (segno.DataOverflowError, UnicodeError) as error:
        raise PaperError("This web address cannot be made into a code") from error
