"""The assembly model: who stands in which role, under linear rows, solved exactly.

A body has one binary column for each role: at most one of them is chosen, exactly one body leads,
the asker is always in. Requirements close columns and post rows; preferred ones may be missed at a
price. What :meth:`AssemblyModel.admits` says of a team is read off the rows that are solved.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from recommender.exceptions import SolverFailed
from recommender.presolve import worth_keeping
from recommender.program import Answer, Program
from recommender.requirements import Requirement
from recommender.rows import (
    EVERY_ROLE,
    ROLES,
    Bodies,
    Bools,
    Integers,
    Objective,
    Posting,
    Preference,
    Row,
    in_roles,
)
from recommender.types import Candidate, Capacity, Commitments, Member, Project, Role, Severity, Team

TIME_LIMIT_SECONDS = 5.0
NOT_NOW = frozenset({Capacity.NOT_NOW, Capacity.LATER})


@dataclass(frozen=True)
class Sizes:
    """How many members a team has; ``network`` bounds those that do not apply."""

    smallest: int = 1
    largest: int = 8
    network: int = 0


@dataclass(frozen=True)
class Solution:
    """A team, its value, the proven bound on any team's value, and the preferred rules that it misses.

    The bound is above the value when time ran out before the proof.
    """

    team: Team
    objective: float
    bound: float
    missed: tuple[Requirement, ...] = ()


class AssemblyModel(Posting):
    """Who could stand with the asker, as columns and rows.

    Whoever declared that it cannot join now has no column; whoever declared that it would only be
    a partner has none as lead. The asker asks, so it joins; as lead only if it would.

    Args:
        candidates: the pool, without the asker.
        asker: always a member, the first of :attr:`candidates`.

    Raises:
        ValueError: a body is there twice.
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
        super().__init__(Bodies.of(self.candidates, project, commitments), project, commitments)
        self.sizes = sizes
        self.preferences: list[Preference] = []
        self._place = {candidate.id: index for index, candidate in enumerate(self.candidates)}
        if len(self._place) < len(self.candidates):
            raise ValueError("a body stands in the pool once, and the asker not at all")
        self.closed[ROLES.index(Role.NETWORK)] = sizes.network == 0
        self.closed[ROLES.index(Role.LEAD)] = [c.capacity is Capacity.PARTNER for c in self.candidates]
        self.closed[:, [index > 0 and c.capacity in NOT_NOW for index, c in enumerate(self.candidates)]] = (
            True
        )

    def require(self, requirements: Sequence[Requirement], *, certain: bool) -> None:
        """Post every must; what only the project can say stays open while it is unsaid."""
        for requirement in requirements:
            if requirement.severity is Severity.MUST:
                requirement.constrain(self, certain and not requirement.waits_for(self.project))

    def prefer(self, requirement: Requirement, credit: float, *, certain: bool) -> None:
        """Add ``credit`` to the value of every team that meets a requirement; the others stay."""
        posting = Posting(self.bodies, self.project, self.commitments)
        requirement.constrain(posting, certain and not requirement.waits_for(self.project))
        self.preferences.append(Preference(requirement, credit, posting))

    def differ_from(self, ids: frozenset[int], *, leave: int, join: int) -> None:
        """Demand a team without at least ``leave`` of the given bodies, with at least ``join`` others."""
        inside = self._listed(ids)
        others = ~inside
        others[0] = False
        self.rows.append(Row(in_roles(EVERY_ROLE) * inside, -np.inf, int(inside.sum()) - leave))
        self.rows.append(Row(in_roles(EVERY_ROLE) * others, join, np.inf))

    def other_than(self, ids: frozenset[int]) -> None:
        """Demand any team but that of the asker and exactly the given bodies."""
        inside = self._listed(ids)
        sign = np.where(inside, -1.0, 1.0)
        sign[0] = 0
        self.rows.append(Row(in_roles(EVERY_ROLE) * sign, 1 - int(inside.sum()), np.inf))

    def copy(self) -> AssemblyModel:
        """Return a model to which more can be added without changing this one."""
        twin = copy(self)
        twin.rows, twin.closed, twin.preferences = [*self.rows], self.closed.copy(), [*self.preferences]
        return twin

    def admits(self, team: Team) -> bool:
        """Tell whether a team satisfies every row that is solved."""
        if any(candidate.id not in self._place for candidate in team.candidates):
            return False
        chosen = self._chosen(team)
        times = chosen.sum(axis=0)
        once = times[0] == 1 and times.max() == 1 and times.sum() == len(team.members)
        return bool(once) and all(row.holds(chosen) for row in self._shape()) and self.holds(chosen)

    def missed(self, team: Team) -> tuple[Requirement, ...]:
        """Return the preferred requirements that a team does not meet."""
        chosen = self._chosen(team)
        return tuple(p.requirement for p in self.preferences if not p.posting.holds(chosen))

    def worth(self, team: Team, objective: Objective) -> float:
        """Return a team's value, counted from its members and the preferences that it meets."""
        chosen = self._chosen(team)
        credits = sum(p.credit for p in self.preferences if p.posting.holds(chosen))
        lead = int(chosen[ROLES.index(Role.LEAD)].argmax())
        return objective.worth(np.flatnonzero(chosen.any(axis=0)), lead) + credits

    def solve(self, objective: Objective, *, seconds: float = TIME_LIMIT_SECONDS) -> Solution | None:
        """Find the team of greatest value.

        Returns:
            None when no team satisfies the rows: that is proven.

        Raises:
            OutOfTime: the time was over before any team was found, or proven not to exist.
            SolverFailed: the solver broke down.
        """
        if self.is_empty:
            return None
        rows = [*self._shape(), *self.rows]
        kept = self.kept(objective)
        program = Program(self.closed, rows, self.preferences, objective, kept, self.sizes.largest)
        answer = program.solve(seconds)
        return None if answer is None else self._solution(answer, objective)

    def kept(self, objective: Objective) -> Integers:
        """Return the bodies that suffice to find the optimum, the asker first."""
        return worth_keeping(self, self.preferences, objective, self.sizes.largest)

    def _solution(self, answer: Answer, objective: Objective) -> Solution:
        columns = zip(answer.roles, answer.bodies, strict=True)
        team = Team(tuple(Member(self.candidates[body], ROLES[role]) for role, body in columns))
        if not self.admits(team):
            raise SolverFailed("the team found breaks the rows")
        worth = self.worth(team, objective)
        bound = min(answer.bound, self._ceiling(objective))
        return Solution(team, worth, max(worth, bound), self.missed(team))

    def _ceiling(self, objective: Objective) -> float:
        """A value that no team exceeds: finite even when the solver has proven nothing yet."""
        best = np.sort(objective.value)[::-1][: self.sizes.largest]
        credits = sum(preference.credit for preference in self.preferences)
        most = np.maximum(best, 0).sum() + max(0.0, objective.leading.max())
        return float(most + objective.coverage.weight.sum() + credits)

    def _shape(self) -> list[Row]:
        """How many members, how many lead, how many stand in the network."""
        sizes, everyone = self.sizes, np.ones_like(self.closed, dtype=float)
        counts = (
            (EVERY_ROLE, sizes.smallest, sizes.largest),
            (frozenset({Role.LEAD}), 1, 1),
            (frozenset({Role.NETWORK}), 0, sizes.network),
        )
        return [Row(in_roles(roles) * everyone, low, high) for roles, low, high in counts]

    def _listed(self, ids: frozenset[int]) -> Bools:
        return np.array([candidate.id in ids for candidate in self.candidates])

    def _chosen(self, team: Team) -> Bools:
        chosen: Bools = np.zeros_like(self.closed)
        for member in team.members:
            chosen[ROLES.index(member.role), self._place[member.candidate.id]] = True
        return chosen
