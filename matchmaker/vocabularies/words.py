"""The words of profile terms, for text search and matching."""

from __future__ import annotations

from matchmaker.vocabularies.catalogue import catalogue

# A profile's lists of offers and needs both draw on the vocabulary of assets.
VOCABULARY_OF_FIELD = {"offer": "asset", "need": "asset"}


def vocabulary_of(field: str) -> str:
    """Return the vocabulary that a profile's list draws its codes from."""
    return VOCABULARY_OF_FIELD.get(field, field)


def label_text(field: str, code: str) -> str:
    """Return a term's Italian and English labels; empty for a code that has been retired."""
    term = catalogue()[vocabulary_of(field)].get(code)
    return "" if term is None else f"{term.label_it} {term.label_en}"
