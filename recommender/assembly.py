"""Whole teams that satisfy a measure by construction, in three flavours, proven or bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from recommender.blocking import block_findings, smallest_block
from recommender.exceptions import OutOfTime
from recommender.model import TIME_LIMIT_SECONDS, AssemblyModel, Sizes, Solution
from recommender.requirements import Requirement, evaluate
from recommender.rows import Coverage, Objective
from recommender.types import Candidate, Commitments, Finding, Project, Proposal, Reason, Severity
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
BONUS = 0.5
"""What a rule that is a bonus adds when the team surely meets it: half a theme of the project."""
EXCHANGED = (3, 2, 1)
"""Members that a further proposal exchanges of each earlier one: three, fewer where three cannot be had."""


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
    """How many members are wished for; a smaller team is proposed where no such team stands."""
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

    def model(self) -> AssemblyModel:
        """The bodies and sizes, without any requirement."""
        return AssemblyModel(self.candidates, self.asker, self.project, self.commitments, self.sizes)


@dataclass(frozen=True)
class Assembly:
    """Proposals; or, when no team exists, the findings of a smallest set of musts that blocks.

    because: why no team exists where it is no rule that blocks: ``nobody_leads``.
    out_of_time: the solver was stopped. Without proposals it is then not known whether a team
        exists (``blocked`` is empty); with some, further ones may exist.
    """

    proposals: tuple[Proposal, ...] = ()
    blocked: tuple[Finding, ...] = ()
    because: tuple[Reason, ...] = ()
    out_of_time: bool = False


class Clock:
    """The seconds left of a time limit."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left; 0 when the time is over."""
        return max(0.0, self._end - monotonic())

    def shared(self, parts: int) -> Clock:
        """Return a clock for one of equal parts of the time left."""
        return Clock(self.left() / parts)


def propose(
    call: Call,
    scores: Scores,
    flavours: Sequence[Flavour] = FLAVOURS,
    *,
    seconds: float = TIME_LIMIT_SECONDS,
) -> Assembly:
    """Find the best team of each flavour, each different from the ones before.

    Teams whose members surely meet every must come first; only when there is none, members about
    whom something has still to be confirmed are let in. Only when there is none either, teams
    smaller than wished are looked at in the same order.

    Args:
        seconds: for everything together; an answer that was cut short says so.
    """
    clock, bare = Clock(seconds), call.model()
    objectives = objectives_of(call, scores, flavours)
    try:
        for model in _stages(call, bare):
            proposals, complete = _proposals(call, model, objectives, clock)
            if proposals:
                return Assembly(tuple(proposals), out_of_time=not complete)
        block = smallest_block(bare, call.requirements, seconds=clock.left())
    except OutOfTime:
        return Assembly(out_of_time=True)
    if block is None:
        return Assembly(because=(Reason("nobody_leads"),))
    return Assembly(blocked=block_findings(bare, block))


def objectives_of(call: Call, scores: Scores, flavours: Sequence[Flavour]) -> dict[str, Objective]:
    """Return what a team is worth under each flavour."""
    cover = coverage_of((call.asker, *call.candidates), call.wanted)
    leading = call.leading
    return {
        flavour.name: Objective(
            np.concatenate([[0.0], scores.value(flavour, call.reach_km)]),
            leading,
            Coverage(cover.share, cover.weight * flavour.coverage),
        )
        for flavour in flavours
    }


def _stages(call: Call, bare: AssemblyModel) -> Iterator[AssemblyModel]:
    bonuses = [r for r in call.requirements if r.severity is Severity.SHOULD and r.about_members]
    for smallest in dict.fromkeys((call.sizes.smallest, 1)):
        for certain in (True, False):
            model = bare.copy()
            model.sizes = replace(call.sizes, smallest=smallest)
            model.require(call.requirements, certain=certain)
            for bonus in bonuses:
                model.prefer(bonus, BONUS, certain=True)
            yield model


def _proposals(
    call: Call, model: AssemblyModel, objectives: Mapping[str, Objective], clock: Clock
) -> tuple[list[Proposal], bool]:
    """Return what was found, and whether there was time to look for all."""
    found: list[Proposal] = []
    for flavour, objective in objectives.items():
        try:
            best = _different(model, objective, found, clock.shared(len(objectives) - len(found)))
        except OutOfTime:
            if not found:
                raise
            return found, False
        if best is None:
            break
        solution, because = best
        findings = evaluate(call.requirements, solution.team, call.project, call.commitments)
        value, bound = solution.objective, solution.bound
        found.append(Proposal(flavour, solution.team, tuple(findings), value, bound, because))
    return found, True


def _different(
    model: AssemblyModel, objective: Objective, before: Sequence[Proposal], clock: Clock
) -> tuple[Solution, tuple[Reason, ...]] | None:
    """Find the best team as different as can be had: with members exchanged, else any other team."""
    if not before:
        solution = model.solve(objective, seconds=clock.left())
        return None if solution is None else (solution, ())
    asker = model.candidates[0].id
    earlier = [frozenset(c.id for c in p.team.candidates) - {asker} for p in before]
    for exchanged in (*EXCHANGED, 0):
        further = model.copy()
        for ids in earlier:
            if exchanged:
                further.differ_from(ids, leave=min(exchanged, len(ids)), join=exchanged)
            else:
                further.other_than(ids)
        solution = further.solve(objective, seconds=clock.left())
        if solution is not None:
            return solution, (Reason("different", {"exchanged": exchanged}),)
    return None


def coverage_of(candidates: Sequence[Candidate], wanted: Mapping[tuple[str, str], float]) -> Coverage:
    """Tell how much of each wanted thing each candidate brings: shape (candidates, wanted).

    1 for what a body says or the group that it belongs to, :data:`INFERRED_SHARE` for what was read
    off its name.
    """
    share = np.zeros((len(candidates), len(wanted)))
    numbers = {thing: column for column, thing in enumerate(wanted)}
    lists = {name: frozenset(code for other, code in wanted if other == name) for name, _code in wanted}
    grouped = bool(lists.pop(GROUP, None))
    anywhere = frozenset().union(*lists.values())
    for row, candidate in enumerate(candidates):
        profile = candidate.profile
        if grouped and (column := numbers.get((GROUP, group_of(candidate)), -1)) >= 0:
            share[row, column] = 1
        for code in profile.inferred & anywhere:
            share[row, [numbers[name, code] for name in lists if code in lists[name]]] = INFERRED_SHARE
        for name, codes in lists.items():
            for code in codes & getattr(profile, name):
                share[row, numbers[name, code]] = 1
    return Coverage(share, np.array([*wanted.values()], dtype=float))
