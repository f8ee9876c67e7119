"""Names that a list has cut or damaged."""

from __future__ import annotations

import re

from matchmaker.vocabularies.names import fold

# Articles and prepositions: no name ends with one.
_JOINING = frozenset(
    """di del della dei delle degli d e ed per il la lo gli con da dal dalla nel nella sul sulla al
    alla""".split()
)
# The standing phrases of legal forms, folded: a name that ends within one of them was cut.
_STANDING = (
    "organizzazione di volontariato",
    "organizzazione non lucrativa di utilita sociale",
    "associazione sportiva dilettantistica",
    "associazione di promozione sociale",
    "societa cooperativa sociale",
    "impresa sociale",
    "arl onlus",
    "a responsabilita limitata",
    "ente del terzo settore",
)


def _cuts(phrase: str) -> list[str]:
    """Where a column may have cut a phrase: after its first word, in the middle of another."""
    first = phrase.index(" ") + 2
    ends = (end for end in range(first, len(phrase)) if " " not in phrase[end - 1 : end + 1])
    return [phrase[:end] for end in ends]


_ENDS_WITHIN = re.compile(rf" (?:{'|'.join(cut for phrase in _STANDING for cut in _cuts(phrase))})$")
_LOST_SIGN = re.compile(r"[^\W\d_]\?(?!\s*$)|\d\?|[§£]\S|(?<!\S)\?\S")
LONGEST_OF_SOURCES = 140
"""The lists cut near 150 signs: a single letter at the end of a name that long is what was left."""


def damage_of(name: str) -> str | None:
    """Say how a name was cut or damaged, as a code; None for one that looks whole.

    >>> damage_of("CROCE ROSSA ITALIANA - COMITATO DI CRESCENTINO - ORGANIZZAZIONE D")
    'cut'
    """
    if name.count('"') % 2 or name.count("(") != name.count(")"):
        return "unbalanced"
    if _LOST_SIGN.search(name):
        return "lost_sign"
    folded = fold(name)
    words = folded.split() or [""]
    within = _ENDS_WITHIN.search(folded)
    left_over = len(name) >= LONGEST_OF_SOURCES and len(words[-1]) == 1
    return "cut" if within or left_over or words[-1] in _JOINING else None
