"""Demands about the project alone: what it names, states, is worth. Who joins changes nothing.

Their constraint either leaves an assembly model as it is or empties it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from recommender.conditions import all_of, any_of
from recommender.requirement_base import Look, Model, Parameters, Requirement, names_in, whole_number
from recommender.types import Commitments, Project, Reason, Team

PROJECT_LISTS = frozenset({"themes", "services", "actions", "targets"})


class ProjectRequirement(Requirement):
    """Demands about the project alone."""

    about_members = False

    @abstractmethod
    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Return met, not met or unknown."""

    @abstractmethod
    def missing(self, project: Project) -> Reason:
        """Return what would mend it."""

    def because(self, project: Project) -> Sequence[Reason]:
        """Return what a verdict rests on."""
        return ()

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at the project."""
        return self.verdict(project, commitments), self.because(project), [self.missing(project)]

    def constrain(self, model: Model, certain: bool) -> None:
        """Leave the model as it is, or empty it."""
        met = self.verdict(model.project, model.commitments)
        if met is False or (met is None and certain):
            model.empty()


class ProjectNames(ProjectRequirement):
    """The project names at least so many of certain codes in certain lists.

    ``others_allowed``: the codes are examples, so anything named in those lists counts.
    """

    kind = "project_names"
    names: ClassVar[Parameters] = {"fields": ..., "any_of": ..., "minimum": 1, "others_allowed": False}

    def _prepare(self) -> None:
        self.fields = names_in(self.parameters["fields"], "fields")
        if not set(self.fields) <= PROJECT_LISTS:
            raise ValueError(f"fields are out of {sorted(PROJECT_LISTS)}")
        self.codes = frozenset(names_in(self.parameters["any_of"], "any_of"))
        self.minimum = whole_number(self.parameters["minimum"], "minimum", 1)

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Count the codes named; nothing named is not said yet."""
        if len(self._counted(project)) >= self.minimum:
            return True
        return False if self._named(project) else None

    def because(self, project: Project) -> Sequence[Reason]:
        """Name the codes that count."""
        counted = sorted(self._counted(project))
        return [Reason("named", {"fields": list(self.fields), "codes": counted})] if counted else []

    def missing(self, project: Project) -> Reason:
        """Name the codes to choose from."""
        return Reason("name_one_of", {"fields": list(self.fields), "codes": sorted(self.codes)})

    def _counted(self, project: Project) -> frozenset[str]:
        named = self._named(project)
        return named if self.parameters["others_allowed"] else named & self.codes

    def _named(self, project: Project) -> frozenset[str]:
        return frozenset().union(*(getattr(project, name) for name in self.fields))


class FormAmong(ProjectRequirement):
    """The partnership takes one of certain forms."""

    kind = "form_among"
    names: ClassVar[Parameters] = {"forms": ...}

    def _prepare(self) -> None:
        self.forms = names_in(self.parameters["forms"], "forms")

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Compare the form said."""
        return None if project.form is None else project.form in self.forms

    def missing(self, project: Project) -> Reason:
        """Name the forms to choose from."""
        return Reason("choose_form", {"forms": list(self.forms)})


class Declared(ProjectRequirement):
    """The project states certain things; with ``enough`` "any", one of them will do."""

    kind = "declared"
    names: ClassVar[Parameters] = {"declarations": ..., "enough": "all"}

    def _prepare(self) -> None:
        self.declarations = names_in(self.parameters["declarations"], "declarations")
        if self.parameters["enough"] not in ("all", "any"):
            raise ValueError(f"enough is all or any, not {self.parameters['enough']!r}")

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Look at what was stated."""
        enough = any_of if self.parameters["enough"] == "any" else all_of
        return enough(project.declared.get(name) for name in self.declarations)

    def missing(self, project: Project) -> Reason:
        """Name what has still to be stated."""
        return unstated(self.declarations, project.declared)


def unstated(declarations: Sequence[str], declared: Mapping[str, bool]) -> Reason:
    """Name the statements that are not made."""
    return Reason("say", {"declarations": [name for name in declarations if declared.get(name) is not True]})


class AmountBetween(ProjectRequirement):
    """The project's value lies between two amounts in euro, both included."""

    kind = "amount_between"
    names: ClassVar[Parameters] = {"minimum": None, "maximum": None}

    def _prepare(self) -> None:
        low, high = self.parameters["minimum"], self.parameters["maximum"]
        if low is None and high is None:
            raise ValueError("a minimum, a maximum or both are needed")
        self.low = 0.0 if low is None else float(low)
        self.high = float("inf") if high is None else float(high)
        if not 0 <= self.low <= self.high:
            raise ValueError(f"no amount lies between {low!r} and {high!r}")

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Compare the value said."""
        return None if project.budget is None else self.low <= project.budget <= self.high

    def missing(self, project: Project) -> Reason:
        """Name the limits."""
        return Reason("say_budget", {name: self.parameters[name] for name in ("minimum", "maximum")})


class OwnShareAtLeast(ProjectRequirement):
    """The applicants put in at least a share of the value (0 to 1)."""

    kind = "own_share_at_least"
    names: ClassVar[Parameters] = {"minimum": ...}

    def _prepare(self) -> None:
        self.minimum = float(self.parameters["minimum"])
        if not 0 <= self.minimum <= 1:
            raise ValueError(f"minimum is a share between 0 and 1, not {self.minimum!r}")

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Compare the share said."""
        return None if project.own_share is None else project.own_share >= self.minimum

    def missing(self, project: Project) -> Reason:
        """Name the share."""
        return Reason("say_own_share", {"minimum": self.minimum})


class Note(ProjectRequirement):
    """Something to know; always met."""

    kind = "note"

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Nothing is demanded."""
        return True

    def missing(self, project: Project) -> Reason:
        """Nothing is ever missing."""
        return Reason("nothing")
