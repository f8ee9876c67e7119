"""What a row says a body is: its name as it is shown, kind, legal form and what its name tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.imports.places import Place, own_name
from matchmaker.organisations.models import TermField
from matchmaker.vocabularies.inference import Inference, infer
from matchmaker.vocabularies.names import fold, fold_name

COMMUNE = "PB_COMUNE"
COMMUNE_OF = "Comune di "
NAME_CHARACTERS = 300
EVIDENCE_CHARACTERS = 200
# Who asks for the 5x1000 as a body of the third sector, or as an amateur sports club. The lists of
# research, culture and municipalities hold public and private bodies: they say nothing of the sector.
SAYS_SECTOR = frozenset({"volontariato_ets", "asd"})
# Public forms that a name alone is enough for, in those lists.
PUBLIC_BY_NAME = frozenset({"PB_UNI", "PB_PARCO", "PB_REGIONE", "PB_SCUOLA"})
_FIELDS = frozenset(field.value for field in TermField)

InferredTerm = tuple[str, str, str, str]
"""Field, code, rule, evidence: a profile term that was read off a name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A body as one row presents it."""

    name: str
    folded_name: str
    kind: str
    legal_form: str | None
    legal_form_rule: str | None
    inferred: tuple[InferredTerm, ...]


def read_body(name: str, place: Place | None, hints: Mapping[str, str]) -> Reading:
    """Read a body off its name and what the list says beside it.

    hints: ``sector``, ``type_guess``, ``ipa_category``, ``categories`` (with bars between) and
    ``municipality``, as the row writes them; any may be empty.
    """
    if _is_commune(name, hints):
        name = _commune_name(name, place)
        return _reading(name, infer(name, type_guess="COMUNE"))
    return _reading(name, _infer(name, hints))


def reread(name: str, kind: str) -> tuple[InferredTerm, ...]:
    """Return what a name tells of a body whose kind is settled."""
    return _inferred(infer(name, sector=kind))


def _is_commune(name: str, hints: Mapping[str, str]) -> bool:
    """Tell whether a row is a municipality: it says so, or it is called like its place and nothing else."""
    if hints.get("sector") == "public":
        return hints.get("type_guess") == "COMUNE" or bool(re.match(r"comune di\b", name, re.IGNORECASE))
    if hints.get("sector") or SAYS_SECTOR & _categories(hints):
        return False
    return bool(hints.get("municipality")) and fold(name) == fold(hints["municipality"])


def _commune_name(name: str, place: Place | None) -> str:
    """Name a municipality as today's list does, or as it was called when it ended."""
    if place is None:
        return name if fold(name).startswith("comune") else COMMUNE_OF + name
    former = place.former if place.former and own_name(name) == fold(place.former.name) else None
    if former is not None and former.ended:
        return COMMUNE_OF + former.name
    return COMMUNE_OF + place.name if former or own_name(name) == fold(place.name) else name


def _infer(name: str, hints: Mapping[str, str]) -> Inference:
    categories = _categories(hints)
    sector = hints.get("sector") or None
    type_guess = hints.get("type_guess") or None
    if sector is None and categories and not SAYS_SECTOR & categories:
        public = infer(name, sector="public")
        by_name = not (public.legal_form_rule or "list:").startswith("list:")
        return public if by_name and public.legal_form in PUBLIC_BY_NAME else infer(name)
    return infer(
        name,
        sector=sector,
        # The 5x1000 list is guessed at from the names alone: there only the sports clubs hold.
        type_guess=type_guess if sector == "public" or type_guess == "ASD" else None,
        ipa_category=hints.get("ipa_category") or None,
        categories=categories,
    )


def _categories(hints: Mapping[str, str]) -> frozenset[str]:
    return frozenset(filter(None, (word.strip() for word in hints.get("categories", "").split("|"))))


def _reading(name: str, inference: Inference) -> Reading:
    rule = inference.legal_form_rule
    return Reading(
        name=name,
        folded_name=fold_name(name)[:NAME_CHARACTERS],
        kind=inference.kind,
        legal_form=inference.legal_form,
        # "list:..." rests on what the list says of the body, not on its name.
        legal_form_rule=None if rule is None or rule.startswith("list:") else rule,
        inferred=_inferred(inference),
    )


def _inferred(inference: Inference) -> tuple[InferredTerm, ...]:
    terms = (term for term in inference.terms if term.vocabulary in _FIELDS)
    return tuple(sorted((t.vocabulary, t.code, t.rule, t.evidence[:EVIDENCE_CHARACTERS]) for t in terms))
