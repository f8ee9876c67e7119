"""Bodies of one municipality that may be one: by name, by seat, by words that their names share."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from matchmaker.imports.directory import Known

ALIKE = 0.7
"""Weighted overlap from which two names of one municipality may be one body's (tried on the real lists)."""
COMMON_WORD = 400
"""A word that so many names of one municipality share tells none of them apart."""
# One per seat: two of them are two names of the same.
ONE_PER_SEAT = frozenset({"PB_CONSORZIO_SA", "PB_PROVINCIA", "PB_CCIAA"})
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


def duplicates(bodies: Iterable[Known]) -> Iterator[Pair]:
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
    for neighbours in by_place.values():
        if len(neighbours) > 1:
            yield from _same_name(neighbours)
            yield from _same_seat(neighbours)
            yield from _similar_names(neighbours, weights)


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


def _similar_names(
    neighbours: list[Known], weights: dict[str, float]
) -> Iterator[Pair]:
    """Pairs of names that overlap in weighted words (Jaccard), found through their rarest words.

    Two sets that overlap by ALIKE share a word outside of the lightest part of either: only the words
    before that part are looked up (prefix filtering, Chaudhuri, Ganti and Kaushik 2006).
    """
    posting: dict[str, list[tuple[Known, frozenset[str]]]] = defaultdict(list)
    for known in neighbours:
        words = frozenset(known.folded_name.split())
        prefix = _prefix(words, weights)
        near = {other.ref: (other, theirs) for word in prefix for other, theirs in posting[word]}
        for other, theirs in near.values():
            if _alike(known, words, other, theirs, weights):
                yield known, other, "similar_name"
                yield other, known, "similar_name"
        for word in prefix:
            if len(posting[word]) < COMMON_WORD:
                posting[word].append((known, words))


def _prefix(words: frozenset[str], weights: dict[str, float]) -> list[str]:
    by_weight = sorted(words, key=lambda word: (-weights[word], word))
    rest = sum(weights[word] for word in words)
    needed, prefix = ALIKE * rest, []
    for word in by_weight:
        if rest < needed:
            break
        prefix.append(word)
        rest -= weights[word]
    return prefix


def _alike(
    one: Known, words: frozenset[str], other: Known, theirs: frozenset[str], weights: dict[str, float]
) -> bool:
    if words == theirs and one.folded_name == other.folded_name:
        return False
    if one.kind != other.kind or _of_two_families(one, other) or _number(words) != _number(theirs):
        return False
    shared = sum(weights[word] for word in words & theirs)
    return shared >= ALIKE * sum(weights[word] for word in words | theirs) > 0


def _of_two_families(one: Known, other: Known) -> bool:
    families = {FAMILIES.get(known.legal_form or "") for known in (one, other)} - {None}
    return len(families) > 1


def _number(words: frozenset[str]) -> frozenset[str]:
    """The numbers in a name: "Quadrifoglio" and "Quadrifoglio Due" are two bodies."""
    return frozenset(word for word in words if word in _NUMBERS or not word.isalpha())
