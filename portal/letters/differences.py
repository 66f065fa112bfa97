"""What changed between two texts, word by word."""

import re

from diff_match_patch import diff_match_patch

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Code points that stand for words while two texts are compared; those for halves of characters are left out.
_FIRST_SURROGATE, _AFTER_SURROGATES = 0xD800, 0xE000
_TIMEOUT_SECONDS = 0.5
_NAMES = {0: "equal", 1: "insert", -1: "delete"}


def word_changes(old: str, new: str) -> list[tuple[str, str]]:
    """How `new` came from `old`: ("equal" | "insert" | "delete", text), whole words only.

    The equal and inserted texts together are `new`; the equal and deleted ones are `old`.
    """
    known: dict[str, str] = {}
    words: dict[str, str] = {}

    def coded(text: str) -> str:
        return "".join(code_of(word) for word in _WORDS.findall(text))

    def code_of(word: str) -> str:
        if word not in known:
            number = len(known) + 1
            if number >= _FIRST_SURROGATE:
                number += _AFTER_SURROGATES - _FIRST_SURROGATE
            known[word], words[chr(number)] = chr(number), word
        return known[word]

    engine = diff_match_patch()
    engine.Diff_Timeout = _TIMEOUT_SECONDS
    changes = engine.diff_main(coded(old), coded(new), False)
    # Joins changes that only a stray space holds apart, so that a rewritten sentence reads as one.
    engine.diff_cleanupSemantic(changes)
    return [(_NAMES[kind], "".join(words[code] for code in codes)) for kind, codes in changes]
