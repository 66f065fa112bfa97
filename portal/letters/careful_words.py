"""What words of a letter may do harm, as far as a machine can see: homes, illnesses, accusations. English only.

It looks at one sentence at a time and would rather ask once too often: what it finds is a question, never a refusal.
"""

import re
from collections.abc import Iterable

# Door numbers such as 11C, or "flat 12". Homes are named only by those who live there.
HOME_NUMBER = re.compile(r"\b\d{1,4}[A-Z]\b|\b(?:flat|apartment|apt|door)\.? \d{1,4}\b", re.IGNORECASE)
_LIKE_A_DOOR = re.compile(r"\d+[A-Z]")
_ACCUSATION = re.compile(
    r"\b(?:lie[ds]|lying|liars?|fraud\w*|crim(?:e|es|inals?)|corrupt\w*|st(?:ole|eals?|ealing|olen)|theft|thie(?:f|ves)|"
    r"brib\w+|cheat\w*|crook\w*|embezzl\w+|swindl\w+|dishonest\w*|deceiv\w+|negligen\w+|illegal\w*|unlawful\w*|killed|"
    r"murder\w*|racist\w*|racism)\b",
    re.IGNORECASE,
)
_HEALTH = re.compile(
    r"\b(?:asthma\w*|bronchitis|pneumonia|copd|cancers?|leuk(?:a)?emia|diabet\w+|epilep\w+|dementia|alzheimer\w*|"
    r"strokes?|heart attacks?|depress(?:ed|ion)|anxiety|autis\w+|adhd|schizo\w+|bipolar|pregnan\w+|miscarr\w+|disab\w+|"
    r"hiv|tubercul\w+|eczema|arthritis|wheelchairs?|overdos\w+|suicid\w+|addict\w*|in hospital|inhalers?|oxygen)\b",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:we (?:believe|think|understand|were told|have heard|suspect)|as far as we (?:know|can see)|it (?:seems|"
    r"appears)|we do not know|according to)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Cllr|Councillor)\.? [A-Z]\w+")
# Two words in a row with capitals, not at the beginning of the sentence: most likely somebody's name.
_FULL_NAME = re.compile(r"(?<=[\w,;:“(] )[A-Z][a-zà-ÿ'’-]+ [A-Z][a-zà-ÿ'’-]+")
_ADDRESSED = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?”])\s+|\n+")


def doors(text: str) -> list[str]:
    """What looks like somebody's home: "11C", "flat 12". Prices and lengths ("5p", "10m") are none."""
    found = HOME_NUMBER.findall(text)
    # Doors are written with a capital letter.
    return [words for words in found if not words[0].isdigit() or _LIKE_A_DOOR.fullmatch(words)]


def is_hedged(text: str) -> bool:
    """Whether it says itself that it is not certain: "we believe", "as far as we know"."""
    return bool(_HEDGES.search(text))


def accusations(text: str, names: Iterable[str] = ()) -> list[str]:
    """Words that say that a person broke the law or lied, in a sentence with a name or with "you"."""
    return [
        found[0]
        for sentence in _SENTENCES.split(text)
        if _names_somebody(sentence, names) or _ADDRESSED.search(sentence)
        for found in _ACCUSATION.finditer(sentence)
    ]


def illnesses(text: str, names: Iterable[str] = (), places: Iterable[str] = ()) -> list[str]:
    """Words about somebody's health, in a sentence with a name or a home. `places` are names that are no person's."""
    return [
        found[0]
        for sentence in _SENTENCES.split(text)
        if doors(sentence) or _names_somebody(_without(sentence, places), names)
        for found in _HEALTH.finditer(sentence)
    ]


def _names_somebody(sentence: str, names: Iterable[str]) -> bool:
    if _TITLED.search(sentence) or _FULL_NAME.search(sentence):
        return True
    words = set(re.findall(r"[^\W\d_]{3,}", sentence))
    return any(part in words for name in names for part in name.split() if len(part) > 2)


def _without(sentence: str, places: Iterable[str]) -> str:
    for place in places:
        if place:
            sentence = sentence.replace(place, "…")
    return sentence
