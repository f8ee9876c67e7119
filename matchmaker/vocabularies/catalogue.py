"""The vocabularies: codes with Italian and English words, read once from the data files in terms/.

A file ``terms/<vocabulary>.json`` holds ``label_it``, ``label_en`` and ``terms``. Each term has ``code``,
``label_it``, ``label_en`` and may have ``alt_it``, ``alt_en`` (synonyms), ``broader`` (a code of the same
vocabulary), ``related`` (codes of other vocabularies by vocabulary) and facts of its own kind (the kind and
attributes of a legal form, the thresholds of a size, the question of a declaration).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

_OWN_FIELDS = frozenset({"code", "label_it", "label_en", "alt_it", "alt_en", "broader", "related"})
# Endings that never stand without their accent in Italian: "poverta", "societa", "sanita", "citta"...
_LOST_ACCENT = re.compile(
    r"\b(?:\w*(?:[iao]lita|osita|icita|omunita|versita|sanita|ttivita|ocieta|arieta|overta|iberta|olonta)"
    r"|citta|piu|perche|cosi)\b",
    re.IGNORECASE,
)


class VocabularyError(ValueError):
    """A vocabulary file breaks a promise; the message names the file and the term."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A code and its words."""

    vocabulary: str
    code: str
    label_it: str
    label_en: str
    alt_it: tuple[str, ...] = ()
    alt_en: tuple[str, ...] = ()
    broader: str | None = None
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def label(self, language: str = "it") -> str:
        """The word for the code; Italian for a language that is not known."""
        return self.label_en if language.startswith("en") else self.label_it

    def alt(self, language: str = "it") -> tuple[str, ...]:
        """The synonyms in one language."""
        return self.alt_en if language.startswith("en") else self.alt_it

    def text(self, name: str, language: str = "it") -> str:
        """A fact with one text per language ("question", "who"...); empty where there is none."""
        wanted = f"{name}_en" if language.startswith("en") else f"{name}_it"
        return str(self.facts.get(wanted, self.facts.get(f"{name}_it", "")))

    @property
    def words(self) -> tuple[str, ...]:
        """Every label and synonym, both languages: what an index or a search may meet."""
        return (self.label_it, *self.alt_it, self.label_en, *self.alt_en)

    @property
    def attributes(self) -> frozenset[str]:
        """What a legal form or a size says for sure of a body."""
        return frozenset(self.facts.get("attributes", ()))

    @property
    def unknown(self) -> frozenset[str]:
        """What a legal form leaves open."""
        return frozenset(self.facts.get("unknown", ()))

    @property
    def welfare(self) -> bool:
        """False for themes that no measure asks for (sport, animals, civil protection...)."""
        return bool(self.facts.get("welfare", True))


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary(Mapping[str, Term]):
    """Terms by code, in the order of the file."""

    code: str
    label_it: str
    label_en: str
    terms: Mapping[str, Term]

    def __getitem__(self, code: str) -> Term:
        """The term of a code; KeyError when the vocabulary has none."""
        return self.terms[code]

    def __iter__(self) -> Iterator[str]:
        """The codes, in order."""
        return iter(self.terms)

    def __len__(self) -> int:
        """How many terms."""
        return len(self.terms)

    def label(self, language: str = "it") -> str:
        """The vocabulary's own name."""
        return self.label_en if language.startswith("en") else self.label_it

    def choices(self, language: str = "it") -> list[tuple[str, str]]:
        """Code and label of each term, for a form's list."""
        return [(code, term.label(language)) for code, term in self.terms.items()]


@cache
def catalogue() -> Mapping[str, Vocabulary]:
    """Every vocabulary by code, read and checked once.

    Raises:
        VocabularyError: a file is broken; the first fault is named.
    """
    folder = files(__package__) / "terms"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    found = {name.removesuffix(".json"): read_vocabulary(folder / name) for name in names}
    for vocabulary in found.values():
        check_references(vocabulary, found)
    return MappingProxyType(found)


def label_of(vocabulary: str, code: str, language: str = "it") -> str:
    """The word for a code, or the code itself when it is of an older vocabulary."""
    term = catalogue()[vocabulary].get(code)
    return code if term is None else term.label(language)


def read_vocabulary(source: Traversable) -> Vocabulary:
    """Read one file and check each of its terms.

    Raises:
        VocabularyError: a code stands twice, a label is empty or has lost its accents.
    """
    code = source.name.removesuffix(".json")
    content = json.loads(source.read_text(encoding="utf-8"))
    terms: dict[str, Term] = {}
    for row in content["terms"]:
        term = _read_term(code, row)
        if term.code in terms:
            raise VocabularyError(f"{code}: the code {term.code} stands twice")
        terms[term.code] = term
    return Vocabulary(code, content["label_it"], content["label_en"], MappingProxyType(terms))


def _read_term(vocabulary: str, row: Mapping[str, Any]) -> Term:
    term = Term(
        vocabulary=vocabulary,
        code=row.get("code", ""),
        label_it=row.get("label_it", ""),
        label_en=row.get("label_en", ""),
        alt_it=tuple(row.get("alt_it", ())),
        alt_en=tuple(row.get("alt_en", ())),
        broader=row.get("broader"),
        related={name: tuple(codes) for name, codes in row.get("related", {}).items()},
        facts=MappingProxyType({name: value for name, value in row.items() if name not in _OWN_FIELDS}),
    )
    _check_words(term)
    return term


def _check_words(term: Term) -> None:
    where = f"{term.vocabulary}: {term.code or 'a term without code'}"
    if not all(word.strip() for word in (term.code, *term.words)):
        raise VocabularyError(f"{where} has an empty code or word")
    for word in (term.label_it, *term.alt_it):
        if lost := _LOST_ACCENT.search(word):
            raise VocabularyError(f"{where}: {lost.group()!r} has lost its accent")
    if len(set(term.alt_it)) < len(term.alt_it):
        raise VocabularyError(f"{where}: a synonym stands twice")


def check_references(vocabulary: Vocabulary, found: Mapping[str, Vocabulary]) -> None:
    """Check that every code a term points to is there.

    Raises:
        VocabularyError: a broader, related, kind or size code leads nowhere.
    """
    for term in vocabulary.values():
        pointed = [(vocabulary.code, term.broader)] if term.broader else []
        pointed += [(name, code) for name, codes in term.related.items() for code in codes]
        pointed += [(name, term.facts[name]) for name in ("kind", "size_class") if name in term.facts]
        for name, code in pointed:
            if name not in found or code not in found[name]:
                raise VocabularyError(f"{vocabulary.code}: {term.code} points to {name} {code}: not there")
