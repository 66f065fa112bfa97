"""What changed between two texts, word by word."""

import re

from diff_match_patch import diff_match_patch

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Code points that stand for words while texts are compared; those for halves of characters are left out.
_FIRST_SURROGATE, _AFTER_SURROGATES = 0xD800, 0xE000
_TIMEOUT_SECONDS = 0.5
_NAMES = {0: "equal", 1: "insert", -1: "delete"}


class WordCode:
    """Writes each word, space or sign as one character, so that texts can be compared by whole words."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._words: dict[str, str] = {}

    def coded(self, text: str) -> str:
        """The text with one character for each of its words."""
        return "".join(self._code_of(word) for word in _WORDS.findall(text))

    def words(self, codes: str) -> str:
        """The text that `codes` stand for."""
        return "".join(self._words[code] for code in codes)

    def _code_of(self, word: str) -> str:
        if word not in self._known:
            number = len(self._known) + 1
            if number >= _FIRST_SURROGATE:
                number += _AFTER_SURROGATES - _FIRST_SURROGATE
            self._known[word], self._words[chr(number)] = chr(number), word
        return self._known[word]


def engine() -> diff_match_patch:
    """A differ that never takes long: where time runs out it gives a coarser answer, which is still a right one."""
    differ = diff_match_patch()
    differ.Diff_Timeout = _TIMEOUT_SECONDS
    return differ


def word_changes(old: str, new: str) -> list[tuple[str, str]]:
    """How `new` came from `old`: ("equal" | "insert" | "delete", text), whole words only.

    The equal and inserted texts together are `new`; the equal and deleted ones are `old`.
    """
    code, differ = WordCode(), engine()
    changes = differ.diff_main(code.coded(old), code.coded(new), False)
    # Joins changes that only a stray space holds apart, so that a rewritten sentence reads as one.
    differ.diff_cleanupSemantic(changes)
    return [(_NAMES[kind], code.words(codes)) for kind, codes in changes]
