"""Paper: letters, posters and minutes as PDF, and codes for phones. Plain data in, bytes out.

    pdf = typeset("letter", letter, title="We ask for dry walls")

Knows no request, no database and no model. `sheets.py` lists what each sheet needs.
"""

from portal.paper.press import PaperError, typeset
from portal.paper.qr import qr_matrix, qr_svg
from portal.paper.words import words

__all__ = ["PaperError", "qr_matrix", "qr_svg", "typeset", "words"]
