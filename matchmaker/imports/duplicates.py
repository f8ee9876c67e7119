"""Bodies of one municipality that may be one: by name, by seat, by words that their names share."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from matchmaker.imports.directory import Known
from matchmaker.imports.places import Places
from matchmaker.imports.readings import COMMUNE
from matchmaker.vocabularies.names import fold

ALIKE = 0.7
"""Weighted overlap from which two names of one municipality may be one body's (tried on the real lists)."""
ROUNDING = 1e-9
COMMON_WORD = 400
"""A word that so many names of one municipality share tells none of them apart."""
# One per seat: two of them are two names of the same.
ONE_PER_SEAT = frozenset({"PB_CONSORZIO_SA", "PB_PROVINCIA"})
# Forms that lists mix up or leave open; bodies of two other families are two bodies.
FAMILIES = {
    "TS_COOP": "cooperative",
    "TS_COOP_A": "cooperative",
    "TS_COOP_B": "cooperative",
    "TS_COOP_AB": "cooperative",
    "TS_CONS_COOP": "cooperative",
    "TS_IS": "cooperative",
    "TS_FOND": "foundation",
    "TS_ASD": "sport",
    "TS_ERC": "parish",
    "TS_ODV": "association",
    "TS_APS": "association",
    "TS_ONLUS": "association",
    "TS_ASSOC": "association",
    "TS_SMS": "association",
}
_NUMBERS = frozenset(
    """uno due tre quattro cinque sei sette otto nove dieci prima seconda terza i ii iii iv v vi vii viii
    ix x""".split()
)

Pair = tuple[Known, Known, str]
"""A body, the one it may be, and why, as a code."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A body with the words of its name that say something: its municipality's are the same for all."""

    known: Known
    words: frozenset[str]
    weight: float
    number: frozenset[str]
    """The numbers in the name: "Quadrifoglio" and "Quadrifoglio Due" are two bodies."""


def duplicates(bodies: Iterable[Known], places: Places) -> Iterator[Pair]:
    """Yield every body that may be another one of its municipality, the surest reason first."""
    by_place: dict[int, list[Known]] = defaultdict(list)
    frequency: Counter[str] = Counter()
    total = 0
    for known in bodies:
        total += 1
        frequency.update(set(known.folded_name.split()))
        if known.municipality_id is not None:
            by_place[known.municipality_id].append(known)
    weights = {word: math.log((total + 1) / count) for word, count in frequency.items()}
    for municipality_id, neighbours in by_place.items():
        if len(neighbours) > 1:
            yield from _same_name(neighbours)
            yield from _same_seat(neighbours)
            of_place = frozenset(fold(places.name(municipality_id) or "").split())
            # Municipalities that were merged are told apart by their places, however alike they are called.
            bodies_of_place = [known for known in neighbours if known.legal_form != COMMUNE]
            named = [_named(known, of_place, weights) for known in bodies_of_place]
            yield from _similar_names(named, weights)


def _named(known: Known, of_place: frozenset[str], weights: Mapping[str, float]) -> _Named:
    all_words = frozenset(known.folded_name.split())
    words = all_words - of_place or all_words
    number = frozenset(word for word in words if word in _NUMBERS or not word.isalpha())
    return _Named(known, words, sum(weights[word] for word in words), number)


def _same_name(neighbours: list[Known]) -> Iterator[Pair]:
    groups: dict[str, list[Known]] = defaultdict(list)
    for known in neighbours:
        groups[known.folded_name].append(known)
    for group in groups.values():
        yield from _pairs(group, "same_name")


def _same_seat(neighbours: list[Known]) -> Iterator[Pair]:
    groups: dict[str, list[Known]] = defaultdict(list)
    for known in neighbours:
        if known.legal_form in ONE_PER_SEAT:
            groups[known.legal_form].append(known)
    for group in groups.values():
        yield from _pairs(group, "same_seat")


def _pairs(group: list[Known], detail: str) -> Iterator[Pair]:
    """Each points to the first of its group, the first to the second: enough to find them all."""
    for known in group[1:]:
        yield known, group[0], detail
    if len(group) > 1:
        yield group[0], group[1], detail


def _similar_names(neighbours: list[_Named], weights: Mapping[str, float]) -> Iterator[Pair]:
    """Pairs of names that overlap in weighted words (Jaccard), found through their rarest words.

    Two sets that overlap by ALIKE share a word outside of the lightest part of either: only the words
    before that part are looked up (prefix filtering, Chaudhuri, Ganti and Kaushik 2006).
    """
    posting: dict[str, list[_Named]] = defaultdict(list)
    for named in neighbours:
        prefix = _prefix(named, weights)
        near = {other.known.ref: other for word in prefix for other in posting[word]}
        for other in near.values():
            if _alike(named, other, weights):
                yield named.known, other.known, "similar_name"
                yield other.known, named.known, "similar_name"
        for word in prefix:
            if len(posting[word]) < COMMON_WORD:
                posting[word].append(named)


def _prefix(named: _Named, weights: Mapping[str, float]) -> list[str]:
    rest = named.weight
    needed, prefix = ALIKE * rest, []
    for word in sorted(named.words, key=lambda word: (-weights[word], word)):
        if rest < needed:
            break
        prefix.append(word)
        rest -= weights[word]
    return prefix


def _alike(one: _Named, other: _Named, weights: Mapping[str, float]) -> bool:
    shared = sum(weights[word] for word in one.words & other.words)
    if not shared or shared < ALIKE * (one.weight + other.weight - shared) - ROUNDING:
        return False
    families = {FAMILIES.get(named.known.legal_form or "") for named in (one, other)} - {None}
    return one.known.kind == other.known.kind and len(families) < 2 and one.number == other.number
