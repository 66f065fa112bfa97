"""Boring, whole sheets; a test states only what matters to it. And ways to look into a PDF."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from portal.paper import qr_matrix, typeset

FINGERPRINT = "7f3a91c2" + "0b1d" * 14


def set_letter(*, title: str = "We ask for dry walls", **changes: Any) -> bytes:
    letter = {
        "lang": "en-GB",
        "dir": "ltr",
        "to": {"name": "Philippa Stroud", "post": "Director of homes", "organization": "Meridale Homes"},
        "sender": {"group": "The neighbours of Larkspur Point", "place": "Ashmere", "homes": "84 homes"},
        "date": "Monday 12 October 2026",
        "blocks": [
            {"kind": "greeting", "text": "Dear Philippa Stroud,\n\nWe live in Larkspur Point."},
            {"kind": "fact", "text": "31 of our 84 homes have mould."},
            {"kind": "fact", "text": "Nine of us complained."},
            {"kind": "harm", "text": "Children are short of breath."},
            {"kind": "demand", "text": "Survey each home.", "due": "Monday 26 October", "test": "all have a report"},
            {"kind": "demand", "text": "Meet us."},
            {"kind": "question", "text": "When was the roof last inspected?"},
            {"kind": "closing", "text": "We expect an answer by Friday 30 October."},
        ],
        "reply_to": "neighbours@larkspurpoint.example.org",
        "signed": {
            "line": "143 people from 66 homes",
            "names": ["Keisha Ampofo", "Dot Hargreaves"],
            "more": ["14 more people asked only to be counted."],
        },
        "version": "5",
        "fingerprint": FINGERPRINT,
    }
    return typeset("letter", {**letter, **changes}, title=title)


def set_poster(*, title: str = "Dry walls, working lifts", **changes: Any) -> bytes:
    poster = {
        "lang": "en-GB",
        "dir": "ltr",
        "url": "doorstep.example.org/larkspur",
        "qr": qr_matrix("https://doorstep.example.org/larkspur"),
        "where": "Community room, Tuesday 1 December, 7 pm",
        "sentence": "Is there mould in your home? 31 of 84 homes have told us.",
    }
    return typeset("poster", {**poster, **changes}, title=title)


def set_minutes(*, title: str = "Assembly of Larkspur Point", **changes: Any) -> bytes:
    minutes = {
        "lang": "en-GB",
        "dir": "ltr",
        "date": "Thursday 24 September 2026, 7 pm",
        "place": "Community room",
        "came": "63 people from 41 homes",
        "decisions": [
            {"text": "We send the letter about damp in its fifth version.", "vote": "58 for, none against"},
            {"text": "Keisha, Farid, Lorraine, Dot and Bolu go to the meeting with Meridale Homes."},
            {"text": "We meet on the last Thursday of each month."},
        ],
        "actions": [
            {"what": "Take the letter to the office and get a receipt", "who": "Dot and Joe", "by": "Mon 12 Oct"},
            {"what": "Knock the 14 doors nobody has opened", "who": "Lorraine", "by": "Sun 4 Oct"},
            {"what": "Ask the school for the hall", "who": "Bolu", "by": "Fri 2 Oct"},
            {"what": "Tell 2A and 2B what the electrician said", "who": "Farid", "by": "Fri 25 Sep"},
        ],
        "next": "Thursday 29 October 2026, 7 pm",
    }
    return typeset("minutes", {**minutes, **changes}, title=title)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, line ends as spaces."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def squeezed(text: str) -> str:
    """Without any space: a PDF knows where a word stands, not how wide the gap before it is."""
    return re.sub(r"\s+", "", text)


def elements_of(pdf: bytes) -> list[tuple[str, str]]:
    """What a screen reader meets, in its order: the kind (H1, P, L, LI …) and the words for a picture."""
    found = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((str(node["/S"]).lstrip("/"), str(node.get("/Alt", ""))))
            walk(node.get("/K"))

    walk(PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def tags_of(pdf: bytes) -> list[str]:
    return [kind for kind, _ in elements_of(pdf)]
