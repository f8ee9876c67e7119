"""What a measure demands: one small class per kind of rule, each with two faces.

``evaluate`` looks at a team and answers met, not met or unknown. ``constrain`` posts the same
demand on an assembly model: with ``certain`` exactly the teams whose finding is met remain,
without it the unknown ones stay as well. A property test holds the two faces together.

Requirements about the project alone (statements, amounts, form) do not depend on who joins:
their constraint either leaves the model as it is or empties it (:meth:`Requirement.constrain`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from recommender.conditions import Condition, all_of
from recommender.exceptions import RecommenderError
from recommender.types import (
    APPLICANT_ROLES,
    Candidate,
    Commitments,
    Finding,
    Member,
    Project,
    Reason,
    Role,
    Severity,
    Team,
)

PROJECT_LISTS = frozenset({"themes", "services", "actions", "targets"})


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
        BadRule: the parameters do not fit.
    """

    kind: ClassVar[str]
    about_members: ClassVar[bool] = True
    """False when who joins changes nothing: the project alone decides."""
    names: ClassVar[Mapping[str, object]] = {}
    """Parameters and their defaults; Ellipsis marks one without default."""

    def __init__(self, code: str, severity: Severity, parameters: Mapping[str, Any]) -> None:
        unknown = parameters.keys() - self.names.keys()
        missing = {name for name, default in self.names.items() if default is ...} - parameters.keys()
        if unknown or missing:
            raise BadRule(f"{code}: {self.kind} knows no {sorted(unknown)}, needs {sorted(missing)}")
        self.code = code
        self.severity = Severity(severity)
        self.parameters = {**self.names, **parameters}
        try:
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

    def _prepare(self) -> None:
        """Read the parameters once; wrong values raise ValueError or TypeError."""

    @abstractmethod
    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Return the verdict, the reasons it rests on, and what would mend it."""

    @abstractmethod
    def constrain(self, model: Model, certain: bool) -> None:
        """Leave only teams that meet this, or (not ``certain``) that are not known to break it."""


Look = tuple[bool | None, Sequence[Reason], Sequence[Reason]]


def _members(ids: Iterable[Candidate], code: str = "members") -> list[Reason]:
    listed = [candidate.id for candidate in ids]
    return [Reason(code, {"members": listed})] if listed else []


class MemberRequirement(Requirement):
    """Demands about attributes of the members."""

    def _prepare(self) -> None:
        self.condition = Condition.of(self.parameters["condition"])

    def _roles(self) -> frozenset[Role]:
        return APPLICANT_ROLES if self.parameters.get("applicants_only", True) else frozenset(Role)

    def _looked_at(self, team: Team) -> list[Candidate]:
        roles = self._roles()
        return [member.candidate for member in team.members if member.role in roles]

    def _possible(self, candidate: Candidate) -> bool:
        return self.condition.holds(candidate) is not False

    def _sure(self, candidate: Candidate) -> bool:
        return self.condition.holds(candidate) is True


class MinimumMembers(MemberRequirement):
    """At least so many distinct members of a sort."""

    kind = "minimum_members"
    names = {"condition": ..., "minimum": 1, "applicants_only": True}

    def _prepare(self) -> None:
        super()._prepare()
        if int(self.parameters["minimum"]) < 1:
            raise ValueError("minimum is at least 1")
        self.minimum = int(self.parameters["minimum"])

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Count who surely fits, then who may."""
        looked_at = {candidate.id: candidate for candidate in self._looked_at(team)}.values()
        sure = [candidate for candidate in looked_at if self._sure(candidate)]
        maybe = [c for c in looked_at if self._possible(c) and not self._sure(c)]
        lacking = self.minimum - len(sure)
        met = True if lacking <= 0 else None if len(maybe) >= lacking else False
        missing = [Reason("needs_members", {"count": lacking, "condition": self.condition.names})]
        return met, _members(sure), [*missing, *_members(maybe, "to_confirm")]

    def constrain(self, model: Model, certain: bool) -> None:
        """Post the count over those who surely, or possibly, fit."""
        model.at_least(self._sure if certain else self._possible, self.minimum, self._roles())


class EveryApplicant(MemberRequirement):
    """Everyone who applies is of a sort."""

    kind = "every_applicant"
    names = {"condition": ...}

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Name who does not fit, or who has not said."""
        applicants = team.applicants
        met = all_of(self.condition.holds(candidate) for candidate in applicants)
        wrong = [candidate for candidate in applicants if not self._possible(candidate)]
        open_ = [c for c in applicants if self._possible(c) and not self._sure(c)]
        missing = [*_members(wrong, "not_eligible"), *_members(open_, "to_confirm")]
        return met, _members(c for c in applicants if self._sure(c)), missing

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep out who does not surely, or possibly, fit."""
        fits = self._sure if certain else self._possible
        model.forbid(lambda candidate: not fits(candidate), APPLICANT_ROLES)


class LeadIs(MemberRequirement):
    """The lead is of a sort, unless a statement of the project takes its place."""

    kind = "lead_is"
    names = {"condition": ..., "unless_declared": None}

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at the lead; a team without lead lacks one."""
        if self._excused(project):
            return True, [Reason("declared", {"declaration": self.parameters["unless_declared"]})], []
        needs = Reason("needs_lead", {"condition": self.condition.names})
        if team.lead is None:
            return False, [], [needs]
        met = self.condition.holds(team.lead)
        return (
            met,
            _members([team.lead], "lead"),
            [needs if met is False else Reason("to_confirm", {"members": [team.lead.id]})],
        )

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep who does not fit out of the lead."""
        if not self._excused(model.project):
            fits = self._sure if certain else self._possible
            model.forbid(lambda candidate: not fits(candidate), frozenset({Role.LEAD}))

    def _excused(self, project: Project) -> bool:
        statement = self.parameters["unless_declared"]
        return statement is not None and project.declared.get(statement) is True


class DistrictLevel(Requirement):
    """The project stands at the level of one district, or of several declared as one aggregation."""

    kind = "district_level"
    about_members = False

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at the districts said."""
        districts = sorted(project.districts)
        met = _one_level(project)
        missing = "say_district" if not districts else "declare_aggregation"
        return (
            met,
            [Reason("districts", {"districts": districts})] if districts else [],
            [Reason(missing, {"districts": districts})],
        )

    def constrain(self, model: Model, certain: bool) -> None:
        """Depends on the project alone."""
        _post_statement(model, _one_level(model.project), certain)


def _one_level(project: Project) -> bool | None:
    if not project.districts:
        return None
    return len(project.districts) == 1 or project.aggregation


class LeadWorksInDistrict(Requirement):
    """The lead has its seat, works or manages services in a district of the project."""

    kind = "lead_works_in_district"

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Compare the lead's districts with the project's."""
        needs = [Reason("needs_lead_in_district", {"districts": sorted(project.districts)})]
        if team.lead is None:
            return False, [], needs
        met = _works_in(team.lead, project)
        return (
            met,
            _members([team.lead], "lead"),
            needs if met is False else [Reason("say_district", {"districts": []})],
        )

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep leads from elsewhere out."""
        wrong = (False, None) if certain else (False,)
        model.forbid(lambda c: _works_in(c, model.project) in wrong, frozenset({Role.LEAD}))


def _works_in(candidate: Candidate, project: Project) -> bool | None:
    if not project.districts or not candidate.districts:
        return None
    return bool(candidate.districts & project.districts)


class LeadManagesDistrict(Requirement):
    """The lead is an ente gestore of a district of the project."""

    kind = "lead_manages_district"

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at what the lead manages."""
        needs = [Reason("needs_managing_lead", {"districts": sorted(project.districts)})]
        if team.lead is None:
            return False, [], needs
        met = _manages(team.lead, project)
        return (
            met,
            _members([team.lead], "lead"),
            needs if met is False else [Reason("say_district", {"districts": []})],
        )

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep who does not manage the district out of the lead."""
        wrong = (False, None) if certain else (False,)
        model.forbid(lambda c: _manages(c, model.project) in wrong, frozenset({Role.LEAD}))


def _manages(candidate: Candidate, project: Project) -> bool | None:
    if not candidate.manages:
        return False
    return bool(candidate.manages & project.districts) if project.districts else None


class ManagersShareDistrict(Requirement):
    """Every ente gestore among the applicants manages services in the project's districts."""

    kind = "managers_share_district"

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Name the enti gestori from elsewhere."""
        managing = [candidate for candidate in team.applicants if candidate.manages]
        met = all_of(_manages(candidate, project) for candidate in managing)
        elsewhere = [candidate for candidate in managing if _manages(candidate, project) is False]
        say = [] if project.districts else [Reason("say_district", {"districts": []})]
        return met, _members(managing), [*_members(elsewhere, "other_district"), *say]

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep enti gestori from elsewhere out."""
        wrong = (False, None) if certain else (False,)
        model.forbid(lambda c: bool(c.manages) and _manages(c, model.project) in wrong, APPLICANT_ROLES)


class CommitmentCap(MemberRequirement):
    """A body of a sort takes part in at most so many projects of the measure, this one included."""

    kind = "commitment_cap"
    names = {"condition": ..., "maximum": ...}

    def _prepare(self) -> None:
        super()._prepare()
        self.maximum = int(self.parameters["maximum"])

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Name who is in too many projects."""
        over = [c for c in team.applicants if self._over(c, commitments)]
        sure = [candidate for candidate in over if self._sure(candidate)]
        open_ = [c for c in over if self._possible(c) and not self._sure(c)]
        met = False if sure else None if open_ else True
        return met, [], [*_members(sure, "too_many_projects"), *_members(open_, "to_confirm")]

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep out who is in too many projects already."""
        counts = self._possible if certain else self._sure
        model.forbid(lambda c: self._over(c, model.commitments) and counts(c), APPLICANT_ROLES)

    def _over(self, candidate: Candidate, commitments: Commitments) -> bool:
        return commitments.projects.get(candidate.id, 0) + 1 > self.maximum


class OnlyIfDeclared(MemberRequirement):
    """Members of a sort may apply only when the project states certain things."""

    kind = "only_if_declared"
    names = {"condition": ..., "declarations": ...}

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at the statements when such a member is there."""
        sure = [candidate for candidate in team.applicants if self._sure(candidate)]
        maybe = [c for c in team.applicants if self._possible(c) and not self._sure(c)]
        stated = self._stated(project)
        met: bool | None = stated if sure else None if maybe and stated is not True else True
        unsaid = [d for d in self.parameters["declarations"] if project.declared.get(d) is not True]
        return met, _members(sure), [Reason("say", {"declarations": unsaid}), *_members(maybe, "to_confirm")]

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep such members out as long as the statements are lacking."""
        stated = self._stated(model.project)
        if stated is True or (stated is None and not certain):
            return
        model.forbid(self._possible if certain else self._sure, APPLICANT_ROLES)

    def _stated(self, project: Project) -> bool | None:
        return all_of(project.declared.get(name) for name in self.parameters["declarations"])


class ProjectRequirement(Requirement):
    """Demands about the project alone: who joins changes nothing."""

    about_members = False

    @abstractmethod
    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Return met, not met or unknown."""

    @abstractmethod
    def missing(self, project: Project) -> Reason:
        """Return what would mend it."""

    def because(self, project: Project) -> Sequence[Reason]:
        """Return what a met verdict rests on."""
        return ()

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at the project."""
        return self.verdict(project, commitments), self.because(project), [self.missing(project)]

    def constrain(self, model: Model, certain: bool) -> None:
        """Leave the model as it is, or empty it."""
        _post_statement(model, self.verdict(model.project, model.commitments), certain)


def _post_statement(model: Model, met: bool | None, certain: bool) -> None:
    if met is False or (met is None and certain):
        model.empty()


class ProjectNames(ProjectRequirement):
    """The project names at least so many of certain codes in certain lists.

    ``others_allowed``: the codes are examples, so anything named in those lists counts.
    """

    kind = "project_names"
    names = {"fields": ..., "any_of": ..., "minimum": 1, "others_allowed": False}

    def _prepare(self) -> None:
        fields = self.parameters["fields"]
        if isinstance(fields, str) or not set(fields) <= PROJECT_LISTS or not fields:
            raise ValueError(f"fields is a list out of {sorted(PROJECT_LISTS)}")
        self.fields = tuple(fields)
        self.any_of = frozenset(self.parameters["any_of"])

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Count the codes named; nothing named is not said yet."""
        named = self._named(project)
        counted = named if self.parameters["others_allowed"] else named & self.any_of
        if len(counted) >= int(self.parameters["minimum"]):
            return True
        return False if named else None

    def because(self, project: Project) -> Sequence[Reason]:
        """Name the codes that count."""
        named = self._named(project)
        counted = sorted(named if self.parameters["others_allowed"] else named & self.any_of)
        return [Reason("named", {"fields": list(self.fields), "codes": counted})] if counted else []

    def missing(self, project: Project) -> Reason:
        """Name the codes to choose from."""
        return Reason("name_one_of", {"fields": list(self.fields), "codes": sorted(self.any_of)})

    def _named(self, project: Project) -> frozenset[str]:
        return frozenset().union(*(getattr(project, name) for name in self.fields))


class FormAmong(ProjectRequirement):
    """The partnership takes one of certain forms."""

    kind = "form_among"
    names = {"forms": ...}

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Compare the form said."""
        return None if project.form is None else project.form in self.parameters["forms"]

    def missing(self, project: Project) -> Reason:
        """Name the forms to choose from."""
        return Reason("choose_form", {"forms": list(self.parameters["forms"])})


class Declared(ProjectRequirement):
    """The project states certain things; with ``enough`` "any", one of them will do."""

    kind = "declared"
    names = {"declarations": ..., "enough": "all"}

    def _prepare(self) -> None:
        if self.parameters["enough"] not in ("all", "any") or not self.parameters["declarations"]:
            raise ValueError("declarations is a list, enough is all or any")

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Look at what was stated."""
        said = [project.declared.get(name) for name in self.parameters["declarations"]]
        if self.parameters["enough"] == "any":
            return True if True in said else None if None in said else False
        return all_of(said)

    def missing(self, project: Project) -> Reason:
        """Name what has still to be stated."""
        unsaid = [n for n in self.parameters["declarations"] if project.declared.get(n) is not True]
        return Reason("say", {"declarations": unsaid})


class AmountBetween(ProjectRequirement):
    """The project's value lies between two amounts in euro."""

    kind = "amount_between"
    names = {"minimum": None, "maximum": None}

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Compare the value said."""
        if project.budget is None:
            return None
        low, high = self.parameters["minimum"], self.parameters["maximum"]
        return (low is None or project.budget >= low) and (high is None or project.budget <= high)

    def missing(self, project: Project) -> Reason:
        """Name the limits."""
        return Reason(
            "say_budget", {"minimum": self.parameters["minimum"], "maximum": self.parameters["maximum"]}
        )


class OwnShareAtLeast(ProjectRequirement):
    """The applicants put in at least a share of the value (0 to 1)."""

    kind = "own_share_at_least"
    names = {"minimum": ...}

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Compare the share said."""
        share = project.own_share
        return None if share is None else share >= float(self.parameters["minimum"])

    def missing(self, project: Project) -> Reason:
        """Name the share."""
        return Reason("say_own_share", {"minimum": float(self.parameters["minimum"])})


class DistrictInOneProject(ProjectRequirement):
    """No other project of the measure stands in the same district."""

    kind = "district_in_one_project"

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Look at the other projects of the districts said."""
        if not project.districts:
            return None
        return not any(commitments.districts.get(district) for district in project.districts)

    def missing(self, project: Project) -> Reason:
        """Name the districts."""
        code = "district_taken" if project.districts else "say_district"
        return Reason(code, {"districts": sorted(project.districts)})


class Note(ProjectRequirement):
    """Something to know; always met."""

    kind = "note"

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Nothing is demanded."""
        return True

    def missing(self, project: Project) -> Reason:
        """Nothing is ever missing."""
        return Reason("nothing")


KINDS: Mapping[str, type[Requirement]] = {
    requirement.kind: requirement
    for requirement in (
        MinimumMembers,
        EveryApplicant,
        LeadIs,
        DistrictLevel,
        LeadWorksInDistrict,
        LeadManagesDistrict,
        ManagersShareDistrict,
        CommitmentCap,
        OnlyIfDeclared,
        ProjectNames,
        FormAmong,
        Declared,
        AmountBetween,
        OwnShareAtLeast,
        DistrictInOneProject,
        Note,
    )
}


def evaluate(
    requirements: Sequence[Requirement], team: Team, project: Project, commitments: Commitments
) -> list[Finding]:
    """Look at a team under every requirement, in their order."""
    return [requirement.evaluate(team, project, commitments) for requirement in requirements]


def repairs(
    requirements: Sequence[Requirement],
    team: Team,
    project: Project,
    commitments: Commitments,
    candidates: Sequence[Candidate],
) -> dict[str, list[int]]:
    """Find, for each must or should that is not met, who alone would meet it or bring it nearer.

    Candidates that a rule cannot tell apart are tried once: the cost grows with the number of
    different sorts of bodies, not with the number of bodies.

    Returns:
        Candidate ids by requirement code, in the order of ``candidates``.
    """
    sorts: dict[object, list[Candidate]] = {}
    for candidate in candidates:
        sorts.setdefault(sort_of(candidate, project, commitments), []).append(candidate)
    found: dict[str, set[int]] = {}
    for requirement in requirements:
        before = requirement.evaluate(team, project, commitments)
        if before.met is True or requirement.severity is Severity.INFO:
            continue
        helpers = [s for s in sorts.values() if _helps(requirement, before, team, project, commitments, s[0])]
        found[requirement.code] = {candidate.id for sort in helpers for candidate in sort}
    return {code: [c.id for c in candidates if c.id in ids] for code, ids in found.items()}


def sort_of(candidate: Candidate, project: Project, commitments: Commitments) -> object:
    place = candidate.place
    return (
        candidate.attributes,
        candidate.unknown,
        candidate.manages,
        candidate.districts & project.districts,
        bool(candidate.districts),
        place.region,
        commitments.projects.get(candidate.id, 0),
    )


def _helps(
    requirement: Requirement,
    before: Finding,
    team: Team,
    project: Project,
    commitments: Commitments,
    candidate: Candidate,
) -> bool:
    lead = team.lead
    without_lead = Team(tuple(m for m in team.members if m.candidate is not lead))
    demoted = without_lead if lead is None else without_lead.joined_by(lead)
    tried = (team.joined_by(candidate), demoted.joined_by(candidate, Role.LEAD))
    return any(
        _nearer(before, requirement.evaluate(changed, project, commitments), candidate.id)
        for changed in tried
    )


def _nearer(before: Finding, after: Finding, candidate_id: int) -> bool:
    if after.met is True:
        return True
    return _lacking(after) < _lacking(before) and candidate_id not in _named_wrong(after)


def _lacking(finding: Finding) -> int:
    return sum(r.parameters["count"] for r in finding.missing if r.code == "needs_members")


def _named_wrong(finding: Finding) -> set[int]:
    return {body for reason in finding.missing for body in reason.parameters.get("members", ())}


__all__ = ["KINDS", "BadRule", "Member", "Model", "Requirement", "evaluate", "repairs"]
