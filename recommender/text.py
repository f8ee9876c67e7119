"""Italian words made comparable: split, stemmed, accents folded after stemming.

Accents are folded last because the Italian stemmer reads them (Snowball, Porter 2001).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+", re.UNICODE)
APOSTROPHE = re.compile(r"['’`´]")
# Function words, and words that every body's text holds: they tell nothing apart.
STOP_WORDS = frozenset(
    """a ad ai agli al alla alle allo anche c che ci con col cui d da dai dagli dal dalla dalle dallo de degli dei
    del dell della delle dello di e ed fra gli ha hanno i il in l la le lo ma ne nei nel nell nella nelle nello non o od
    per piu più quale quali se si sia sono su sugli sui sul sulla sulle sullo tra tutti tutte un una uno verso
    and for from in into of on the to with""".split()
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
