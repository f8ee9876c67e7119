"""What can be read off a body's name: its kind, legal form and likely fields of work.

The rules are data (inference_rules.json). What they say is never what the body says: it is marked with the
rule and the words that matched, weighs less, and gives way to anything the body declares.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.names import read_name
from matchmaker.vocabularies.phrases import PhraseIndex

_CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class InferredTerm:
    """A code read off a name: by which rule, from which words (folded), how surely (high, medium, low)."""

    vocabulary: str
    code: str
    rule: str
    evidence: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Inference:
    """All that was read off one name.

    kind is a code of the vocabulary ``kind``; legal_form is None when no rule knew one. Each rule is
    named; ``list`` rules (legal_form_rule starting with "list:") rest on the source, not on the name.
    """

    kind: str
    legal_form: str | None = None
    legal_form_rule: str | None = None
    terms: tuple[InferredTerm, ...] = ()

    def codes(self, vocabulary: str) -> tuple[str, ...]:
        """The codes of one vocabulary."""
        return tuple(term.code for term in self.terms if term.vocabulary == vocabulary)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the file; see its note for what each field asks."""

    id: str
    any: frozenset[str] = frozenset()
    and_any: frozenset[str] = frozenset()
    not_if: frozenset[str] = frozenset()
    when: frozenset[str] = frozenset()
    legal_forms: frozenset[str] = frozenset()
    legal_form: str = ""
    infers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confidence: str = "high"
    dominates: bool = False
    beside: bool = False
    only_if_nothing_else: bool = False
    example: str = ""
    counterexample: str = ""

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Rule:
        """Make a rule of its row."""
        values = dict(row)
        for name in ("any", "and_any", "not_if", "when", "legal_forms"):
            values[name] = frozenset(values.get(name, ()))
        values["infers"] = {name: tuple(codes) for name, codes in values.get("infers", {}).items()}
        return cls(**values)

    def evidence(self, found: Mapping[str, str], marks: frozenset[str], form: str | None) -> str | None:
        """Return the words the rule rests on ("" when it needs none), or None when it does not hold."""
        if (self.when and not self.when & marks) or (self.legal_forms and form not in self.legal_forms):
            return None
        met = [found[phrase] for phrase in found if phrase in self.any]
        if (self.any and not met) or any(phrase in self.not_if for phrase in found):
            return None
        if self.and_any and not any(phrase in self.and_any for phrase in found):
            return None
        return max(met, key=len, default="")


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every rule, and the index of all their phrases."""

    legal_forms: tuple[Rule, ...]
    terms: tuple[Rule, ...]
    type_guess: Mapping[str, str]
    ipa_category: Mapping[str, str]
    silent: frozenset[str]
    index: PhraseIndex


@cache
def rule_book() -> RuleBook:
    """Read the rules once."""
    content = json.loads((files(__package__) / "inference_rules.json").read_text(encoding="utf-8"))
    forms, terms = (tuple(map(Rule.read, content[name])) for name in ("legal_forms", "terms"))
    phrases = (p for rule in (*forms, *terms) for p in (*rule.any, *rule.and_any, *rule.not_if))
    index = PhraseIndex(sorted(phrases))
    silent = frozenset(content["silent"])
    return RuleBook(forms, terms, content["type_guess"], content["ipa_category"], silent, index)


def infer(
    name: str,
    *,
    sector: str | None = None,
    type_guess: str | None = None,
    ipa_category: str | None = None,
    categories: Iterable[str] = (),
) -> Inference:
    """Read what can be read off a name.

    Args:
        name: the body's name as the source writes it.
        sector: what the source says of all its rows: public (or public_body), third_sector,
            enterprise, other.
        type_guess: the column of the unified list; only its public kinds and its ASD are trusted.
        ipa_category: the category of the index of public bodies.
        categories: the categories of the 5x1000 list (volontariato_ets, asd, ricerca_scientifica...).
    """
    book = rule_book()
    marks = _marks(sector, type_guess or "", ipa_category or "", frozenset(categories))
    found = book.index.find(read_name(name).split())
    form, form_rule = _legal_form(book, found, marks)
    listed = book.ipa_category.get((ipa_category or "").strip()) or book.type_guess.get(type_guess or "")
    if "public" in marks and form is None:
        form, form_rule = listed or "PB_ALTRO", "list:public"
    return Inference(_kind(form, marks), form, form_rule, _terms(book, found, marks, form))


def _marks(
    sector: str | None, type_guess: str, ipa_category: str, categories: frozenset[str]
) -> frozenset[str]:
    """Name what the source says of the row, for the rules' ``when``."""
    marks = set()
    if sector in ("public", "public_body") or ipa_category or type_guess in rule_book().type_guess:
        marks.add("public")
    elif sector in ("third_sector", "enterprise", "other"):
        marks.add(sector)
    elif categories:
        marks.add("third_sector")
    else:
        marks.add("unsaid")
    if "asd" in categories or type_guess == "ASD":
        marks.add("asd")
    if categories & {"ricerca_scientifica", "ricerca_sanitaria"}:
        marks.add("research")
    return frozenset(marks)


def _legal_form(
    book: RuleBook, found: Mapping[str, str], marks: frozenset[str]
) -> tuple[str | None, str | None]:
    for rule in book.legal_forms:
        if rule.evidence(found, marks, None) is not None:
            return rule.legal_form, rule.id if rule.any else f"list:{rule.id}"
    return None, None


def _kind(form: str | None, marks: frozenset[str]) -> str:
    if form is not None:
        return str(catalogue()["legal_form"][form].facts["kind"])
    return next((kind for kind in ("third_sector", "enterprise") if kind in marks), "other")


def _terms(
    book: RuleBook, found: Mapping[str, str], marks: frozenset[str], form: str | None
) -> tuple[InferredTerm, ...]:
    """Apply every rule of terms; the surest rule of a code speaks for it."""
    rules = [rule for rule in book.terms if rule.legal_forms or form not in book.silent]
    holding = [(rule, words) for rule in rules if (words := rule.evidence(found, marks, form)) is not None]
    if any(rule.dominates for rule, _ in holding):
        holding = [(rule, words) for rule, words in holding if rule.dominates or rule.beside]
    if any(not rule.only_if_nothing_else for rule, _ in holding):
        holding = [(rule, words) for rule, words in holding if not rule.only_if_nothing_else]
    holding.sort(key=lambda held: _CONFIDENCES.index(held[0].confidence))
    terms: dict[tuple[str, str], InferredTerm] = {}
    for rule, words in holding:
        for vocabulary, codes in rule.infers.items():
            for code in codes:
                term = InferredTerm(vocabulary, code, rule.id, words, rule.confidence)
                terms.setdefault((vocabulary, code), term)
    return tuple(terms.values())
