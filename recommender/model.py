"""The assembly model: who stands in which role, under linear rows, solved exactly.

Columns are binary, one per candidate and role; at most one role each, exactly one lead. Coverage
variables lie between 0 and 1. HiGHS solves what the presolve leaves.

Presolve. Two candidates whose columns agree (same roles open, same coefficient in every row, same
coverage, same worth of leading) can stand in for each other: exchanging one for the other in any
team keeps every row.
A team takes at most ``largest`` bodies of such a sort, so keeping the ``largest`` best by value
loses no optimum: whoever was dropped can be exchanged for one that was kept, is not in the team
and is worth no less. Hence the optimum of what is left is the optimum of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from recommender.requirements import Requirement, sort_of
from recommender.types import Candidate, Capacity, Commitments, Member, Project, Role, Severity, Team

ROLES = (Role.LEAD, Role.PARTNER, Role.NETWORK)
TIME_LIMIT_SECONDS = 5.0
RELATIVE_GAP = 1e-6
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Sizes:
    """How many members a team has; ``network`` bounds those that do not apply."""

    smallest: int = 1
    largest: int = 8
    network: int = 0


@dataclass(frozen=True)
class Row:
    """lower <= sum of coefficients of the members <= upper; coefficients by role and candidate."""

    coefficients: Floats
    lower: float
    upper: float


@dataclass(frozen=True)
class Solution:
    """A team, its value, the proven bound on any team's value, and what it covers."""

    team: Team
    objective: float
    bound: float


class AssemblyModel:
    """Who could stand with the asker, as columns and rows.

    Args:
        candidates: the pool, without the asker.
        asker: always a member.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        asker: Candidate,
        project: Project,
        commitments: Commitments,
        sizes: Sizes,
    ) -> None:
        self.candidates = (asker, *candidates)
        self.project, self.commitments, self.sizes = project, commitments, sizes
        count = len(self.candidates)
        self.open: Bools = np.ones((len(ROLES), count), dtype=bool)
        self.open[ROLES.index(Role.NETWORK), :] = sizes.network > 0
        self.rows: list[Row] = []
        self.is_empty = False
        self._sorts, self._sort = _sorts(self.candidates, project, commitments)
        self._close_by_capacity()

    def require(self, requirements: Sequence[Requirement], *, certain: bool) -> None:
        """Post every must; what only the project can say stays open while it is unsaid."""
        for requirement in requirements:
            if requirement.severity is Severity.MUST:
                requirement.constrain(self, certain and requirement.about_members)

    def at_least(self, holds: Callable[[Candidate], bool], minimum: int, roles: frozenset[Role]) -> None:
        """Demand at least ``minimum`` members in ``roles`` for whom ``holds`` is true."""
        self.rows.append(Row(self._in_roles(roles) * self._where(holds), minimum, np.inf))

    def forbid(self, holds: Callable[[Candidate], bool], roles: frozenset[Role]) -> None:
        """Keep every candidate for whom ``holds`` is true out of ``roles``."""
        held = self._where(holds)
        for role in roles:
            self.open[ROLES.index(role), held] = False

    def empty(self) -> None:
        """Leave no team at all."""
        self.is_empty = True

    def differ_from(self, ids: frozenset[int], by: int) -> None:
        """Demand a team that leaves out at least ``by`` of the given bodies."""
        listed = np.array([candidate.id in ids for candidate in self.candidates])
        self.rows.append(Row(self._in_roles(frozenset(Role)) * listed, 0, max(0, int(listed.sum()) - by)))

    def solve(
        self, value: Floats, coverage: Floats | None = None, leading: Floats | None = None
    ) -> Solution | None:
        """Find the team of greatest value.

        Args:
            value: what each body adds, in the order of :attr:`candidates`; shape (n,).
            leading: what each body adds besides when it leads; shape (n,).
            coverage: how much of each wanted thing a body brings, 0 to 1; shape (n, wanted).
                Each thing counts once, up to 1, with the weight that the caller put in.

        Returns:
            None when no team satisfies the rows, or none was found in time.
        """
        if self.is_empty:
            return None
        size = len(self.candidates)
        cover = np.zeros((size, 0)) if coverage is None else coverage
        lead = np.zeros(size) if leading is None else leading
        kept = self._presolve(value, cover, lead)
        return self._solve_kept(kept, np.vstack([value + lead, value, value])[:, kept], cover[kept])

    def _solve_kept(self, kept: NDArray[np.int64], value: Floats, cover: Floats) -> Solution | None:
        count, wanted = len(kept), cover.shape[1]
        columns = len(ROLES) * count
        objective = -np.concatenate([value.ravel(), np.ones(wanted)])
        upper = np.concatenate([self.open[:, kept].ravel().astype(float), np.ones(wanted)])
        lower = np.zeros(columns + wanted)
        matrix, low, high = self._matrix(kept, cover)
        answer = milp(
            objective,
            integrality=np.concatenate([np.ones(columns), np.zeros(wanted)]),
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(csr_array(matrix), low, high),
            options={"time_limit": TIME_LIMIT_SECONDS, "mip_rel_gap": RELATIVE_GAP},
        )
        if answer.x is None:
            return None
        chosen = answer.x[:columns].reshape(len(ROLES), count) > 0.5
        bound = answer.mip_dual_bound if answer.mip_dual_bound is not None else answer.fun
        return Solution(self._team(kept, chosen), float(-answer.fun), float(-bound))

    def _matrix(self, kept: NDArray[np.int64], cover: Floats) -> tuple[Floats, Floats, Floats]:
        count, wanted = len(kept), cover.shape[1]
        once = np.hstack([np.eye(count)] * len(ROLES))
        everyone = np.ones((len(ROLES), count))
        rows = [Row(coefficients, low, high) for coefficients, low, high in self._shape(everyone)]
        rows += [Row(row.coefficients[:, kept], row.lower, row.upper) for row in self.rows]
        linear = np.vstack([once, *(row.coefficients.reshape(1, -1) for row in rows)])
        linear = np.hstack([linear, np.zeros((len(linear), wanted))])
        # covered <= what the members bring of it
        covered = np.hstack([-np.tile(cover.T, (1, len(ROLES))), np.eye(wanted)])
        low = np.concatenate([np.zeros(count), [row.lower for row in rows], np.full(wanted, -np.inf)])
        high = np.concatenate([np.ones(count), [row.upper for row in rows], np.zeros(wanted)])
        low[0] = 1  # the asker is in
        return np.vstack([linear, covered]), low, high

    def _shape(self, everyone: Floats) -> list[tuple[Floats, float, float]]:
        lead, network = np.zeros_like(everyone), np.zeros_like(everyone)
        lead[ROLES.index(Role.LEAD)] = 1
        network[ROLES.index(Role.NETWORK)] = 1
        sizes = self.sizes
        return [(everyone, sizes.smallest, sizes.largest), (lead, 1, 1), (network, 0, sizes.network)]

    def _presolve(self, value: Floats, cover: Floats, lead: Floats) -> NDArray[np.int64]:
        columns = [self.open, *(row.coefficients for row in self.rows)]
        features = np.vstack([*(block.reshape(len(ROLES), -1) for block in columns), cover.T, lead])
        usable: Bools = np.any(self.open, axis=0)
        usable[0] = True
        order = np.lexsort((np.arange(len(value)), -value))
        order = order[usable[order]]
        _unique, group = np.unique(features[:, order], axis=1, return_inverse=True)
        rank = _rank_within(group.ravel())
        kept = order[rank < self.sizes.largest]
        return np.concatenate([[0], np.sort(kept[kept != 0])])

    def _team(self, kept: NDArray[np.int64], chosen: Bools) -> Team:
        members = [
            Member(self.candidates[kept[column]], ROLES[role])
            for role, column in zip(*np.nonzero(chosen), strict=True)
        ]
        return Team(tuple(members))

    def _where(self, holds: Callable[[Candidate], bool]) -> Bools:
        return np.array([holds(candidate) for candidate in self._sorts], dtype=bool)[self._sort]

    def _in_roles(self, roles: frozenset[Role]) -> Floats:
        wanted = np.array([[role in roles] for role in ROLES], dtype=float)
        return np.repeat(wanted, len(self.candidates), axis=1)

    def _close_by_capacity(self) -> None:
        for index, candidate in enumerate(self.candidates):
            if index and candidate.capacity in (Capacity.NOT_NOW, Capacity.LATER):
                self.open[:, index] = False
            elif candidate.capacity is Capacity.PARTNER:
                self.open[ROLES.index(Role.LEAD), index] = False


def _sorts(
    candidates: Sequence[Candidate], project: Project, commitments: Commitments
) -> tuple[list[Candidate], NDArray[np.int64]]:
    """Group bodies that no rule can tell apart: one example each, and whose sort is whose."""
    numbers: dict[object, int] = {}
    examples: list[Candidate] = []
    sort = np.empty(len(candidates), dtype=np.int64)
    for index, candidate in enumerate(candidates):
        key = sort_of(candidate, project, commitments)
        if key not in numbers:
            numbers[key] = len(examples)
            examples.append(candidate)
        sort[index] = numbers[key]
    return examples, sort


def _rank_within(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the members of each group 0, 1, 2... in the order in which they stand."""
    order = np.argsort(group, kind="stable")
    starts = np.r_[0, np.flatnonzero(np.diff(group[order])) + 1]
    rank = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    ranks = np.empty(len(group), dtype=np.int64)
    ranks[order] = rank
    return ranks
