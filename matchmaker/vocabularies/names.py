"""Names as people and public lists write them, brought to one form for comparison."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# "A.V.I.S.", "a. s. d.", "O.N.L.U.S", "DI.A.PSI.": letters with their dots, read as one word.
_DOTTED = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{1,3}(?:\.[a-z]{1,3}){2,}\.?(?![a-z0-9'])"
    r"|[a-z0-9]\.(?:\s?[a-z0-9]\.)*[a-z](?![a-z0-9'.])"
    r"|[a-z0-9]\.(?:\s?[a-z0-9]\.)+)"
)
_SINGLE_LETTER = re.compile(r"\b[a-z0-9]\b")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
# "THEFIREBROTHERSONLUS": the mark was glued to the name by the list's column.
_GLUED = re.compile(r"\b([a-z]{5,})(onlus)\b")


def fold(text: str) -> str:
    """Lower case, no accents, apostrophes as blanks, dotted letters joined: words and blanks only.

    >>> fold("A.V.I.S. Comunale di Mondovi' - O.D.V.")
    'avis comunale di mondovi odv'
    """
    plain = unicodedata.normalize("NFKD", text.replace("\\", "").replace("’", "'").lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    joined = _DOTTED.sub(lambda found: _join(found.group()), plain)
    return _NOT_A_WORD.sub(" ", joined).strip()


def _join(dotted: str) -> str:
    # "ASS.NAZ.IT." is three abbreviations, "DI.A.PSI." one acronym: a single letter tells them apart.
    return re.sub(r"[.\s]", "", dotted) + " " if _SINGLE_LETTER.search(dotted) else dotted


def read_name(name: str) -> str:
    """Fold a body's name and write its abbreviations out ("SOC.COOP.SOC." in full)."""
    folded = _GLUED.sub(r"\1 \2", fold(name))
    for replace in _replacements():
        folded = replace(folded)
    return folded


def fold_name(name: str) -> str:
    """The canonical name: folded, without legal-form words, joining words and what follows "siglabile".

    Two names of one body meet here. A name made of such words alone keeps them.

    >>> fold_name('ASSOCIAZIONE DI VOLONTARIATO "LA SCINTILLA" - O.D.V.')
    'scintilla'
    """
    full = read_name(name)
    words = _words()
    core = re.split(rf"\b(?:{'|'.join(words['after'])})\b", full)[0].strip() or full
    bare = _dropping(words["legal_form"])(core)
    bare = " ".join(word for word in bare.split() if word not in words["small"])
    return bare or full


@cache
def _words() -> Mapping[str, Any]:
    content = (files(__package__) / "name_words.json").read_text(encoding="utf-8")
    words: dict[str, Any] = json.loads(content)
    return words


@cache
def _replacements() -> tuple[Callable[[str], str], ...]:
    words = _words()
    return tuple(_replacing(words[step]) for step in ("fixes", "phrases", "words"))


def _replacing(table: Mapping[str, str]) -> Callable[[str], str]:
    pattern = _any_of(table)
    return lambda text: pattern.sub(lambda found: table[found.group()], text)


@cache
def _legal_form_pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return _any_of(phrases)


def _dropping(phrases: Iterable[str]) -> Callable[[str], str]:
    pattern = _legal_form_pattern(tuple(phrases))
    return lambda text: pattern.sub(" ", text)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words, the longest first."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
