"""Italian words made comparable: split, stemmed, accents folded after stemming.

Accents are folded last because the Italian stemmer reads them (Snowball, Porter 2001).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import snowballstemmer

Term = tuple[str, str]
"""A vocabulary (theme, target_group, service, welfare_action, asset) and a code in it."""

WORD = re.compile(r"[^\W_]+", re.UNICODE)
APOSTROPHE = re.compile(r"['’`´]")
# Function words, and words that every body's text holds: they tell nothing apart.
STOP_WORDS = frozenset(
    """a ad ai agli al alla alle allo anche c che ci con col cui d da dai dagli dal dalla dalle dallo de
    degli dei del dell della delle dello di e ed fra gli ha hanno i il in l la le lo ma ne nei nel nell
    nella nelle nello non o od per piu più quale quali se si sia sono su sugli sui sul sulla sulle sullo
    tra tutti tutte un una uno verso and for from in into of on the to with""".split()
)
_stemmer = snowballstemmer.stemmer("italian")


def fold(text: str) -> str:
    """Return the text in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """Split a text into lower-case words; an apostrophe separates (``l'infanzia``: l, infanzia)."""
    return WORD.findall(APOSTROPHE.sub(" ", text.lower()))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Stem one lower-case word and fold its accents."""
    return fold(_stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """Return the stems of a text in order, without stop words and single letters."""
    return [stem(word) for word in words(text) if len(word) > 1 and word not in STOP_WORDS]


class Lexicon:
    """The words of a thesaurus, found in texts.

    Args:
        entries: for each term, its labels and synonyms. Several terms may share a word.
    """

    def __init__(self, entries: Mapping[Term, Iterable[str]]) -> None:
        found: dict[tuple[str, ...], dict[Term, None]] = {}
        for term, phrases in entries.items():
            for phrase in phrases:
                if stemmed := tuple(stems(phrase)):
                    found.setdefault(stemmed, {})[term] = None
        self._terms = {phrase: tuple(terms) for phrase, terms in found.items()}
        self._lengths: dict[str, list[int]] = {}
        for stemmed in sorted(self._terms, key=len, reverse=True):
            lengths = self._lengths.setdefault(stemmed[0], [])
            if len(stemmed) not in lengths:
                lengths.append(len(stemmed))

    def read(self, stemmed: Sequence[str]) -> list[Term]:
        """Return the terms named in stems, in order, once per mention.

        Where several phrases start at one place the longest is read ("casa di riposo", not "casa").
        """
        return [term for start in range(len(stemmed)) for term in self._starting(stemmed, start)]

    def _starting(self, stemmed: Sequence[str], start: int) -> tuple[Term, ...]:
        for length in self._lengths.get(stemmed[start], ()):
            terms = self._terms.get(tuple(stemmed[start : start + length]))
            if terms is not None:
                return terms
        return ()


def concept(term: Term) -> str:
    """Return a term as one token, as no stem can look."""
    return f"{term[0]}:{term[1]}"


def term_of(token: str) -> Term | None:
    """Return the term that a token stands for; None for a stem."""
    name, mark, code = token.partition(":")
    return (name, code) if mark else None
