"""The nouns that the recommender is fitted on and asked with.

A :class:`World` is what is known of everybody; a :class:`Query` is one body's question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recommender.text import Term
from recommender.types import Candidate, Commitments, Project, Role, Team

if TYPE_CHECKING:
    from recommender.requirements import Requirement


@dataclass(frozen=True, slots=True)
class PastProject:
    """Work that bodies did together before. ``members`` are candidate ids."""

    id: int
    members: tuple[int, ...]
    year: int | None = None
    text: str = ""
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """What the vocabularies know of their terms.

    Args:
        words: labels and synonyms of a term.
        related: terms that a term calls up, in any field (a theme its target groups...).
        welfare: codes of the themes that the measures are about; the other themes
            (sport, animals, culture...) only tell the directory's bodies apart.
    """

    words: Mapping[Term, tuple[str, ...]] = field(default_factory=dict)
    related: Mapping[Term, frozenset[Term]] = field(default_factory=dict)
    welfare: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class World:
    """Everybody who could be suggested, what they did together, and how busy they are.

    Args:
        busy: number of drafts and projects that a candidate stands in now, by id.
    """

    candidates: tuple[Candidate, ...]
    past: tuple[PastProject, ...] = ()
    thesaurus: Thesaurus = Thesaurus()
    busy: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    """One body's question: with whom could it do this project.

    The asker may be absent from the fitted world (a hidden body): nothing but this
    object is read about it.

    Args:
        team: who stands already; None means the asker alone.
        commitments: other projects under way within the measure.
        exclude: candidate ids that the asker does not want to see.
        role: the role that a newcomer would take.
        kind, district, max_distance_km, on_platform: filters of the reader; None is no filter.
        top: length of the list, at most 500.
    """

    asker: Candidate
    project: Project
    requirements: Sequence[Requirement] = ()
    team: Team | None = None
    commitments: Commitments = field(default_factory=Commitments)
    exclude: frozenset[int] = frozenset()
    role: Role = Role.PARTNER
    kind: str | None = None
    district: str | None = None
    max_distance_km: float | None = None
    on_platform: bool | None = None
    top: int = 20


@dataclass(frozen=True)
class PoolScores:
    """Scores of every eligible candidate of one query, arrays of one length.

    Args:
        ids: candidate ids.
        total: the score that a list is ranked by.
        match: the same without what a rule's gap or the platform adds: how well the body itself suits.
        tie: the part that comes from past collaboration.
        fit: the part that comes from what the body does, offers and needs.
        distance_km: distance from the asker, NaN when a place is unknown.
        newcomer: True when nothing is known of past collaborations of the body.
        on_platform: True when the body is on the platform.
    """

    ids: NDArray[np.int64]
    total: NDArray[np.float64]
    match: NDArray[np.float64]
    tie: NDArray[np.float64]
    fit: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    newcomer: NDArray[np.bool_]
    on_platform: NDArray[np.bool_]
