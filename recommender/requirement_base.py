"""What every rule of a measure is: one small class per kind, with two faces.

``evaluate`` looks at a team and answers met, not met or unknown. ``constrain`` posts the same
demand on an assembly model: with ``certain`` exactly the teams whose finding is met remain,
without it the unknown ones stay as well. Property tests hold the two faces together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from recommender.exceptions import RecommenderError
from recommender.types import Candidate, Commitments, Finding, Project, Reason, Role, Severity, Team

Look = tuple[bool | None, Sequence[Reason], Sequence[Reason]]
"""The verdict, the reasons it rests on, and what would mend it."""
Parameters = Mapping[str, object]
KINDS: dict[str, type[Requirement]] = {}
"""Every kind of rule by its name; complete once recommender.requirements is imported."""


class BadRule(RecommenderError):
    """A rule names an unknown kind, or its parameters do not fit the kind."""


class Model(Protocol):
    """What a requirement asks of an assembly model."""

    project: Project
    commitments: Commitments

    def at_least(self, holds: Callable[[Candidate], bool], minimum: int, roles: frozenset[Role]) -> None:
        """Demand at least ``minimum`` members in ``roles`` for whom ``holds`` is true."""

    def forbid(self, holds: Callable[[Candidate], bool], roles: frozenset[Role]) -> None:
        """Keep every candidate for whom ``holds`` is true out of ``roles``."""

    def empty(self) -> None:
        """Leave no team at all."""


class Requirement(ABC):
    """One rule of a measure.

    Args:
        code: the rule's code, unique in its rule set.
        severity: must blocks, should is a bonus, info only tells.
        parameters: what the kind needs, as the rule's row holds them.

    Raises:
        BadRule: the severity is unknown or the parameters do not fit.
    """

    kind: ClassVar[str]
    about_members: ClassVar[bool] = True
    """False when who joins changes nothing: the project alone decides."""
    names: ClassVar[Parameters] = {}
    """Parameters and their defaults; Ellipsis marks one without default."""

    def __init_subclass__(cls) -> None:
        if "kind" in cls.__dict__:
            KINDS[cls.kind] = cls

    def __init__(self, code: str, severity: Severity, parameters: Mapping[str, Any]) -> None:
        self.code = code
        needed = {name for name, default in self.names.items() if default is ...}
        if strange := sorted(parameters.keys() - self.names.keys()):
            raise BadRule(f"{code}: {self.kind} has no parameter {', '.join(strange)}")
        if missing := sorted(needed - parameters.keys()):
            raise BadRule(f"{code}: {self.kind} needs {', '.join(missing)}")
        self.parameters: Mapping[str, Any] = {**self.names, **parameters}
        try:
            self.severity = Severity(severity)
            self._prepare()
        except (TypeError, ValueError) as error:
            raise BadRule(f"{code}: {error}") from error

    @staticmethod
    def from_rule(code: str, kind: str, severity: Severity, parameters: Mapping[str, Any]) -> Requirement:
        """Build the requirement that a rule's row describes.

        Raises:
            BadRule: the kind is unknown or the parameters do not fit it.
        """
        if kind not in KINDS:
            raise BadRule(f"{code}: no kind of rule is called {kind!r}")
        return KINDS[kind](code, severity, parameters)

    def evaluate(self, team: Team, project: Project, commitments: Commitments) -> Finding:
        """Look at a team: met, not met or unknown, what that rests on and what is missing."""
        met, because, missing = self.look(team, project, commitments)
        return Finding(self.code, self.severity, met, tuple(because), () if met else tuple(missing))

    def waits_for(self, project: Project) -> bool:
        """Tell whether only the project can still say what this needs, whoever joins.

        Such a demand keeps nobody out while teams whose members are certain are looked for.
        """
        return not self.about_members

    def _prepare(self) -> None:  # noqa: B027 - most kinds have nothing to prepare
        """Read the parameters once; wrong values raise ValueError or TypeError."""

    @abstractmethod
    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Return the verdict, the reasons it rests on, and what would mend it."""

    @abstractmethod
    def constrain(self, model: Model, certain: bool) -> None:
        """Leave only teams that meet this, or (not ``certain``) that are not known to break it."""


def members_reason(candidates: Iterable[Candidate], code: str = "members") -> list[Reason]:
    """Name some members under a code; nothing when there are none."""
    listed = [candidate.id for candidate in candidates]
    return [Reason(code, {"members": listed})] if listed else []


def names_in(value: object, what: str) -> tuple[str, ...]:
    """Read a parameter that is a list of names.

    Raises:
        ValueError: it is no list, is empty, or holds something else.
    """
    listed = value if isinstance(value, (list, tuple)) else []
    if not listed or not all(isinstance(name, str) and name for name in listed):
        raise ValueError(f"{what} is a list of names, not {value!r}")
    return tuple(listed)


def whole_number(value: object, what: str, least: int) -> int:
    """Read a parameter that is a whole number.

    Raises:
        ValueError: it is something else, or less than ``least``.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{what} is a whole number of at least {least}, not {value!r}")
    return value
