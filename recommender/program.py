"""The integer program of an assembly model, solved by HiGHS (scipy.optimize.milp).

Variables: one binary for each open (role, body); one between 0 and 1 for each thing to be covered;
one binary for each preference, 1 when it is given up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array, vstack

from recommender.exceptions import OutOfTime, SolverFailed
from recommender.rows import ROLES, Bools, Floats, Integers, Objective, Preference, Row
from recommender.types import Role

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

RELATIVE_GAP = 1e-6
_SOLVED, _STOPPED, _INFEASIBLE = 0, 1, 2  # scipy's codes for how a solve ended
_Line = tuple[Floats, float, float]


@dataclass(frozen=True)
class Answer:
    """Who was chosen, as numbers of roles and of bodies, and the proven bound on any team's value."""

    roles: Integers
    bodies: Integers
    bound: float


@dataclass(frozen=True)
class Program:
    """The program over some of a model's bodies, the asker (number 0) first among ``kept``."""

    closed: Bools
    rows: Sequence[Row]
    preferences: Sequence[Preference]
    objective: Objective
    kept: Integers
    largest: int

    def solve(self, seconds: float) -> Answer | None:
        """Find the best choice; None when there is none, which is then proven.

        Raises:
            OutOfTime: the time was over before any choice was found, or proven not to exist.
            SolverFailed: the solver broke down.
        """
        # The solver takes a second to load: whoever never asks for a team does not wait for it.
        from scipy.optimize import Bounds, milp

        roles, bodies = self.columns
        if not (bodies == 0).any():
            return None  # no place is open to the asker
        credits = sum(preference.credit for preference in self.preferences)
        found = milp(
            -self._gains(),
            integrality=self._spread(1, 0, 1),
            bounds=Bounds(self._least(), np.ones(self._width)),
            constraints=self._constraints(),
            options={"time_limit": max(seconds, 0.0), "mip_rel_gap": RELATIVE_GAP},
        )
        if not _was_found(found):
            return None
        chosen = found.x[: len(bodies)] > 0.5
        return Answer(roles[chosen], bodies[chosen], credits - _lower_bound(found))

    @cached_property
    def columns(self) -> tuple[Integers, Integers]:
        """The open places: numbers of roles and of bodies."""
        roles, places = np.nonzero(~self.closed[:, self.kept])
        return roles, self.kept[places]

    @property
    def _width(self) -> int:
        return len(self.columns[0]) + len(self.objective.coverage.weight) + len(self.preferences)

    def _spread(self, places: float, covered: float, missed: float) -> Floats:
        """One number for each variable, by what it stands for."""
        things = len(self.objective.coverage.weight)
        counts = [len(self.columns[0]), things, len(self.preferences)]
        return np.repeat([places, covered, missed], counts).astype(float)

    def _gains(self) -> Floats:
        roles, bodies = self.columns
        leads = roles == ROLES.index(Role.LEAD)
        value = self.objective.value[bodies] + leads * self.objective.leading[bodies]
        credits = [preference.credit for preference in self.preferences]
        return np.concatenate([value, self.objective.coverage.weight, -np.array(credits)])

    def _least(self) -> Floats:
        least = self._spread(0, 0, 0)
        for number, preference in enumerate(self.preferences):
            least[self._missed(number)] = preference.posting.is_empty
        return least

    def _missed(self, number: int) -> int:
        return self._width - len(self.preferences) + number

    def _constraints(self) -> LinearConstraint:
        from scipy.optimize import LinearConstraint

        once, low = self._once()
        lines = [*self._demanded(), *self._covered(), *self._preferred()]
        matrix = vstack([once, csr_array(np.array([line[0] for line in lines]))])
        lower = np.concatenate([low, [line[1] for line in lines]])
        upper = np.concatenate([np.ones(len(low)), [line[2] for line in lines]])
        return LinearConstraint(matrix, lower, upper)

    def _once(self) -> tuple[csr_array, Floats]:
        """A body stands in one role at most; the asker in one."""
        _roles, bodies = self.columns
        place = np.searchsorted(self.kept[1:], bodies) + 1
        place[bodies == 0] = 0
        entries = (np.ones(len(bodies)), (place, np.arange(len(bodies))))
        low = np.zeros(len(self.kept))
        low[0] = 1
        return csr_array(entries, shape=(len(self.kept), self._width)), low

    def _demanded(self) -> Iterator[_Line]:
        for row in self.rows:
            yield self._over(row.coefficients), row.lower, row.upper

    def _covered(self) -> Iterator[_Line]:
        """A thing is covered by as much of it as the members bring."""
        _roles, bodies = self.columns
        for thing, share in enumerate(self.objective.coverage.share.T):
            line = self._spread(0, 0, 0)
            line[: len(bodies)] = -share[bodies]
            line[len(bodies) + thing] = 1
            yield line, -np.inf, 0

    def _preferred(self) -> Iterator[_Line]:
        """A preference given up frees its rows and closed places."""
        for number, preference in enumerate(self.preferences):
            posting, missed = preference.posting, self._missed(number)
            for row in posting.rows:  # counts of members only: none has an upper limit
                line = self._over(row.coefficients)
                line[missed] = row.lower
                yield line, row.lower, np.inf
            if posting.closed.any():
                line = self._over(posting.closed)
                only_leads = not np.delete(posting.closed, ROLES.index(Role.LEAD), axis=0).any()
                line[missed] = -1 if only_leads else -self.largest
                yield line, -np.inf, 0

    def _over(self, coefficients: Floats | Bools) -> Floats:
        roles, bodies = self.columns
        line = self._spread(0, 0, 0)
        line[: len(bodies)] = coefficients[roles, bodies]
        return line


def _was_found(found: Any) -> bool:
    if found.status in (_SOLVED, _STOPPED) and found.x is not None:
        return True
    if found.status == _INFEASIBLE:
        return False
    raise OutOfTime if found.status == _STOPPED else SolverFailed(found.message)


def _lower_bound(found: Any) -> float:
    """What no choice can undercut; the solver minimises. Minus infinity when nothing is proven yet."""
    bound = found.mip_dual_bound
    return float(found.fun if bound is None else bound)
