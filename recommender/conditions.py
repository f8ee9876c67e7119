"""Three-valued conditions on a candidate's attributes (Kleene's strong logic).

A condition is an "or" of "and"s of attribute names: ``[["social_enterprise", "sme"], ["micro"]]``.
``not:large`` denies an attribute; ``region:piemonte`` asks for the seat's region. The answer is
True, False, or None when it hangs on an attribute that nobody has said or denied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recommender.types import Candidate

DENIED = "not:"
REGION = "region:"


@dataclass(frozen=True, slots=True)
class Condition:
    """An "or" of "and"s of attribute names."""

    clauses: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, clauses: Sequence[Sequence[str]]) -> Condition:
        """Build a condition from lists, as rules hold it.

        Raises:
            ValueError: no clause, an empty clause, or something other than names.
        """
        if isinstance(clauses, str) or not clauses or not all(_is_clause(clause) for clause in clauses):
            raise ValueError(f"a condition is a list of lists of attribute names, not {clauses!r}")
        return cls(tuple(tuple(clause) for clause in clauses))

    def holds(self, candidate: Candidate) -> bool | None:
        """Tell whether the condition holds of a candidate."""
        return any_of(all_of(_holds(name, candidate) for name in clause) for clause in self.clauses)

    @property
    def names(self) -> list[list[str]]:
        """The condition as lists, for a reason's parameters."""
        return [list(clause) for clause in self.clauses]


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Kleene's "or": True wins, then unknown."""
    values = list(values)
    if True in values:
        return True
    return None if None in values else False


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Kleene's "and": False wins, then unknown."""
    values = list(values)
    if False in values:
        return False
    return None if None in values else True


def _is_clause(clause: object) -> bool:
    return (
        isinstance(clause, Sequence)
        and not isinstance(clause, str)
        and bool(clause)
        and all(isinstance(name, str) and name and not name.endswith(":") for name in clause)
    )


def _holds(name: str, candidate: Candidate) -> bool | None:
    if name.startswith(DENIED):
        value = _holds(name.removeprefix(DENIED), candidate)
        return None if value is None else not value
    if name.startswith(REGION):
        region = candidate.place.region
        return None if region is None else region == name.removeprefix(REGION)
    if name in candidate.attributes:
        return True
    return None if name in candidate.unknown else False
