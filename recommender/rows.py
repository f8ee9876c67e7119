"""What an assembly model is made of: rows over bodies in roles, preferences, and what a team is worth.

A choice says who stands in which role: a Boolean array of shape (roles, bodies), roles in the order
of :data:`ROLES`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.requirements import Requirement, sort_of
from recommender.types import Candidate, Commitments, Project, Role

ROLES = (Role.LEAD, Role.PARTNER, Role.NETWORK)
EVERY_ROLE = frozenset(Role)
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Row:
    """lower <= sum of the coefficients of who is chosen <= upper; whole numbers of shape (roles, bodies)."""

    coefficients: Floats
    lower: float
    upper: float

    def holds(self, chosen: Bools) -> bool:
        """Tell whether a choice satisfies the row."""
        return bool(self.lower <= self.coefficients[chosen].sum() <= self.upper)


@dataclass(frozen=True)
class Bodies:
    """The bodies of a model; a question about them is asked once for all that no rule tells apart."""

    examples: Sequence[Candidate]
    sort: Integers
    """Whose example stands for each body."""

    @classmethod
    def of(cls, candidates: Sequence[Candidate], project: Project, commitments: Commitments) -> Bodies:
        """Group bodies by what rules look at."""
        numbers: dict[object, int] = {}
        examples: list[Candidate] = []
        sort = np.empty(len(candidates), dtype=np.int64)
        for index, candidate in enumerate(candidates):
            key = sort_of(candidate, project, commitments)
            if key not in numbers:
                numbers[key] = len(examples)
                examples.append(candidate)
            sort[index] = numbers[key]
        return cls(examples, sort)

    def where(self, holds: Callable[[Candidate], bool]) -> Bools:
        """Ask something of every body."""
        return np.array([holds(candidate) for candidate in self.examples], dtype=bool)[self.sort]


class Posting:
    """What requirements ask of the columns: roles closed, rows, or no team at all."""

    def __init__(self, bodies: Bodies, project: Project, commitments: Commitments) -> None:
        self.bodies, self.project, self.commitments = bodies, project, commitments
        self.closed: Bools = np.zeros((len(ROLES), len(bodies.sort)), dtype=bool)
        self.rows: list[Row] = []
        self.is_empty = False

    def at_least(self, holds: Callable[[Candidate], bool], minimum: int, roles: frozenset[Role]) -> None:
        """Demand at least ``minimum`` members in ``roles`` for whom ``holds`` is true."""
        self.rows.append(Row(in_roles(roles) * self.bodies.where(holds), minimum, np.inf))

    def forbid(self, holds: Callable[[Candidate], bool], roles: frozenset[Role]) -> None:
        """Keep every candidate for whom ``holds`` is true out of ``roles``."""
        self.closed |= (in_roles(roles) * self.bodies.where(holds)).astype(bool)

    def empty(self) -> None:
        """Leave no team at all."""
        self.is_empty = True

    def holds(self, chosen: Bools) -> bool:
        """Tell whether a choice breaks none of this."""
        if self.is_empty or bool((chosen & self.closed).any()):
            return False
        return all(row.holds(chosen) for row in self.rows)


@dataclass(frozen=True)
class Preference:
    """A requirement that a team may miss, and what meeting it adds."""

    requirement: Requirement
    credit: float
    posting: Posting


@dataclass(frozen=True)
class Coverage:
    """What a team should bring: each thing counts once, up to its weight.

    share: how much of each thing each body brings, 0 to 1; shape (bodies, things).
    weight: what each thing is worth, not negative; shape (things,).
    """

    share: Floats
    weight: Floats


@dataclass(frozen=True)
class Objective:
    """What a team is worth; arrays in the order of the model's candidates.

    value: what each body adds. leading: what it adds besides when it leads.

    Raises:
        ValueError: a number is not finite, or a weight is negative: no such team can be compared.
    """

    value: Floats
    leading: Floats
    coverage: Coverage

    @classmethod
    def of(cls, value: Floats, leading: Floats | None = None, coverage: Coverage | None = None) -> Objective:
        """Build an objective in which nothing is gained by leading or covering unless it is said."""
        size = len(value)
        nothing = Coverage(np.zeros((size, 0)), np.zeros(0))
        return cls(value, np.zeros(size) if leading is None else leading, coverage or nothing)

    def __post_init__(self) -> None:
        numbers = (self.value, self.leading, self.coverage.share, self.coverage.weight)
        if not all(np.isfinite(values).all() for values in numbers) or (self.coverage.weight < 0).any():
            raise ValueError("values are finite and weights are not negative")

    def worth(self, bodies: Integers, lead: int) -> float:
        """Return the value of a team, counted from its members."""
        covered = np.minimum(1.0, self.coverage.share[bodies].sum(axis=0)) @ self.coverage.weight
        return float(self.value[bodies].sum() + self.leading[lead] + covered)


def in_roles(roles: frozenset[Role]) -> Floats:
    """One for the roles named, zero for the others; shape (roles, 1)."""
    return np.array([[role in roles] for role in ROLES], dtype=float)
