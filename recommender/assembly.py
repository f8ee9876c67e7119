"""Whole teams that satisfy a measure by construction, in three flavours, proven or bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recommender.model import AssemblyModel, Sizes, Solution
from recommender.requirements import Requirement, evaluate
from recommender.types import (
    Candidate,
    Commitments,
    Finding,
    Member,
    Project,
    Proposal,
    Role,
    Severity,
    Team,
)
from recommender.weights import group_of

Floats = NDArray[np.float64]
GROUP = "group"
"""Instead of a profile's list: one of the groups of recommender.weights.group_of."""
UNKNOWN_NEARNESS = 0.3
INFERRED_SHARE = 0.5
"""What was only read off a name covers half of what a body says of itself."""


@dataclass(frozen=True)
class Flavour:
    """What a proposal puts first, as weights of parts that lie between 0 and 1.

    A member adds the weighted sum of its parts less ``cost``, so a team grows only by bodies
    that are worth asking; each thing that the project wants counts once, with ``coverage``.
    """

    name: str
    match: float = 1.0
    tie: float = 0.0
    near: float = 0.6
    newcomer: float = 0.0
    coverage: float = 0.0
    on_platform: float = 0.35
    """Bodies on the platform can be asked today: nearby, worth a third of a perfect match."""
    cost: float = 0.9


FLAVOURS = (
    Flavour("strongest_ties", tie=1.0, coverage=0.3),
    Flavour("best_coverage", match=0.7, coverage=1.0),
    Flavour("newcomers", newcomer=0.6, coverage=0.4),
)
LEADING = 0.5
"""The asker leads where it may; else a body of the sort that leads such teams is preferred."""
DIFFERENT_MEMBERS = 3
"""A further proposal leaves out at least so many of an earlier one's members, where it can."""


@dataclass(frozen=True)
class Scores:
    """What is known of each candidate, arrays in the order of the pool (without the asker).

    match: how well the body fits by its rank among the suggestions, 0 to 1. tie: past work with
    the asker or near it, 0 to 1. distance_km: NaN when a place is unknown. newcomer,
    on_platform: flags.
    """

    match: Floats
    tie: Floats
    distance_km: Floats
    newcomer: NDArray[np.bool_]
    on_platform: NDArray[np.bool_]

    def value(self, flavour: Flavour, reach_km: float) -> Floats:
        """What each candidate adds to a team under a flavour."""
        nearness = np.exp(-self.distance_km / reach_km)
        near = np.where(np.isnan(self.distance_km), UNKNOWN_NEARNESS, nearness)
        value: Floats = (
            flavour.match * self.match
            + flavour.tie * self.tie
            + flavour.near * near
            + flavour.newcomer * self.newcomer
            + flavour.on_platform * self.on_platform * near
            - flavour.cost
        )
        return value


@dataclass(frozen=True)
class Call:
    """One question to the assembler."""

    asker: Candidate
    candidates: Sequence[Candidate]
    project: Project
    requirements: Sequence[Requirement]
    commitments: Commitments = field(default_factory=Commitments)
    sizes: Sizes = field(default_factory=Sizes)
    wanted: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """What the team should bring, by (list of the profile or "group", code), with its weight."""

    reach_km: float = 25.0
    """Distance at which nearness has fallen to 1/e."""
    lead_groups: frozenset[str] = frozenset()
    """Groups of recommender.weights.group_of that lead such teams where the asker does not."""

    @property
    def leading(self) -> Floats:
        """What each body adds when it leads, the asker first; shape (candidates + 1,)."""
        others = [LEADING * (group_of(candidate) in self.lead_groups) for candidate in self.candidates]
        return np.array([2 * LEADING, *others])


@dataclass(frozen=True)
class Assembly:
    """Proposals; or, when there is none, the findings of the smallest set of rules that blocks."""

    proposals: tuple[Proposal, ...] = ()
    blocked: tuple[Finding, ...] = ()


def propose(call: Call, scores: Scores, flavours: Sequence[Flavour] = FLAVOURS) -> Assembly:
    """Find the best team of each flavour, each different from the ones before.

    Teams whose members surely meet every must come first; only when there is none, members about
    whom something has still to be confirmed are let in.
    """
    for certain in (True, False):
        proposals = _proposals(call, scores, flavours, certain=certain)
        if proposals:
            return Assembly(proposals)
    return Assembly(blocked=blocking(call))


def blocking(call: Call) -> tuple[Finding, ...]:
    """Name a smallest set of musts without which there would be a team, as the asker's findings.

    Sets are tried by growing size, so the first that frees the model is smallest. When nothing
    does (the asker alone cannot stand), every must that the asker does not meet is named.
    """
    musts = [r for r in call.requirements if r.severity is Severity.MUST]
    alone = Team((Member(call.asker, Role.LEAD),))
    for size in range(1, len(musts) + 1):
        for dropped in combinations(musts, size):
            if _feasible(call, [r for r in musts if r not in dropped]):
                return tuple(evaluate(dropped, alone, call.project, call.commitments))
    return tuple(f for f in evaluate(musts, alone, call.project, call.commitments) if not f.met)


def is_possible(call: Call) -> bool:
    """Tell whether any team satisfies every must (unknowns allowed)."""
    return _feasible(call, call.requirements)


def _feasible(call: Call, requirements: Sequence[Requirement]) -> bool:
    model = _model(call, requirements, certain=False)
    return model.solve(np.zeros(len(model.candidates))) is not None


def _model(call: Call, requirements: Sequence[Requirement], *, certain: bool) -> AssemblyModel:
    model = AssemblyModel(call.candidates, call.asker, call.project, call.commitments, call.sizes)
    model.require(requirements, certain=certain)
    return model


def _proposals(
    call: Call, scores: Scores, flavours: Sequence[Flavour], *, certain: bool
) -> tuple[Proposal, ...]:
    cover = coverage_of((call.asker, *call.candidates), call.wanted)
    found: list[Proposal] = []
    for flavour in flavours:
        value = np.concatenate([[0.0], scores.value(flavour, call.reach_km)])
        solution = _different(call, value, cover * flavour.coverage, found, certain=certain)
        if solution is None:
            break
        found.append(_proposal(call, flavour, solution))
    return tuple(found)


def _different(
    call: Call, value: Floats, cover: Floats, before: Sequence[Proposal], *, certain: bool
) -> Solution | None:
    # As different as can be had: three other members, then two, one, none.
    for by in range(DIFFERENT_MEMBERS, -1, -1):
        model = _model(call, call.requirements, certain=certain)
        for proposal in before:
            free = frozenset(c.id for c in proposal.team.candidates if c.id != call.asker.id)
            model.differ_from(free, min(by, len(free)))
        solution = model.solve(value, cover, call.leading)
        if solution is not None or not before:
            return solution
    return None


def _proposal(call: Call, flavour: Flavour, solution: Solution) -> Proposal:
    findings = evaluate(call.requirements, solution.team, call.project, call.commitments)
    return Proposal(flavour.name, solution.team, tuple(findings), solution.objective, solution.bound)


def coverage_of(candidates: Sequence[Candidate], wanted: Mapping[tuple[str, str], float]) -> Floats:
    """Tell how much of each wanted thing each candidate brings, times the thing's weight.

    Returns:
        Shape (candidates, wanted): 1 for what a body says or the group that it belongs to,
        :data:`INFERRED_SHARE` for what was read off its name, times the weight.
    """
    cover = np.zeros((len(candidates), len(wanted)))
    for column, ((name, code), weight) in enumerate(wanted.items()):
        for row, candidate in enumerate(candidates):
            if name == GROUP:
                cover[row, column] = weight * (group_of(candidate) == code)
            elif code in getattr(candidate.profile, name):
                cover[row, column] = weight
            elif code in candidate.profile.inferred:
                cover[row, column] = weight * INFERRED_SHARE
    return cover
