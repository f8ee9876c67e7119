"""Finding many phrases in a few words, at the cost of the words and not of the phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase taken apart: "^comune di" is anchored to the start, "psich*" leaves its last word open."""

    text: str
    words: tuple[str, ...]
    anchored: bool
    open_end: bool

    @classmethod
    def read(cls, text: str) -> Phrase:
        """Take a phrase apart."""
        words = tuple(text.removeprefix("^").removesuffix("*").split())
        return cls(text, words, text.startswith("^"), text.endswith("*"))

    def stands_at(self, words: Sequence[str], position: int) -> bool:
        """Tell whether the phrase stands in the words from a position on."""
        end = position + len(self.words)
        if end > len(words) or (self.anchored and position):
            return False
        last = words[end - 1]
        fits = last.startswith(self.words[-1]) if self.open_end else last == self.words[-1]
        return fits and tuple(words[position : end - 1]) == self.words[:-1]


class PhraseIndex:
    """Phrases by their first word, so that a name asks only for those that could stand in it."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Index the phrases; each is kept once."""
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_start: dict[str, list[Phrase]] = {}
        for phrase in map(Phrase.read, dict.fromkeys(phrases)):
            open_word = phrase.open_end and len(phrase.words) == 1
            table = self._by_start if open_word else self._by_word
            table.setdefault(phrase.words[0], []).append(phrase)
        self._shortest_start = min(map(len, self._by_start), default=0)

    def find(self, words: Sequence[str]) -> Mapping[str, str]:
        """Return the phrases that stand in the words, each with the words that it met first."""
        found: dict[str, str] = {}
        for position, word in enumerate(words):
            for phrase in self._starting(word):
                if phrase.text not in found and phrase.stands_at(words, position):
                    found[phrase.text] = " ".join(words[position : position + len(phrase.words)])
        return found

    def _starting(self, word: str) -> Iterable[Phrase]:
        yield from self._by_word.get(word, ())
        for length in range(self._shortest_start, len(word) + 1):
            yield from self._by_start.get(word[:length], ())
