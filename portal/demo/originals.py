"""The files that landlords sent: mails, minutes and a solicitors' letter set on paper of their own."""

import json

import typst

from portal.demo.ground import Stage
from portal.paper.coverage import FONTS

# No clock and no fonts but ours: the same words give the same bytes.
_LETTER = r"""
#let part = json(bytes(sys.inputs.data))
#set document(title: part.title, date: none)
#set page(paper: "a4", margin: (x: 34mm, top: 34mm, bottom: 30mm), footer: align(center, text(8pt, part.foot)),
  numbering: none)
#set text(font: "Noto Serif", size: 12pt, lang: "en", region: "GB")
#set par(justify: true, leading: 0.9em, spacing: 1.5em)
#align(center)[#text(19pt, tracking: 1pt, part.head) \ #text(9pt, part.under)]
#line(length: 100%, stroke: 0.5pt)
#v(4mm)
#for words in part.paragraphs [#words

]
"""


def original(stage: Stage, name: str) -> bytes:
    """The bytes of what came: name.eml and name.txt from texts/ as they are, name.pdf set from name.pdf.txt."""
    if not name.endswith(".pdf"):
        return stage.text(name).encode()
    head, under, foot, *paragraphs = stage.text(f"{name}.txt").split("\n\n")
    data = json.dumps(
        {"title": head, "head": head, "under": under, "foot": foot, "paragraphs": paragraphs}, ensure_ascii=False
    )
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    made = typst.compile(_LETTER.encode(), font_paths=fonts, format="pdf", sys_inputs={"data": data})
    assert isinstance(made, bytes)
    return made
