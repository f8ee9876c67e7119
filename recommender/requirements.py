"""What a measure demands of who joins: one small class per kind of rule, and the whole list of kinds.

The base with its two faces is in recommender.requirement_base, demands about districts in
recommender.district_rules, about the project alone in recommender.statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from recommender import district_rules, statements
from recommender.conditions import Condition, all_of
from recommender.repairs import repairs, sort_of
from recommender.requirement_base import (
    KINDS,
    BadRule,
    Look,
    Model,
    Parameters,
    Requirement,
    members_reason,
    names_in,
    whole_number,
)
from recommender.types import (
    APPLICANT_ROLES,
    Candidate,
    Commitments,
    Finding,
    Project,
    Reason,
    Role,
    Team,
)

LEAD, PARTNER = frozenset({Role.LEAD}), frozenset({Role.PARTNER})


class MemberRequirement(Requirement):
    """Demands about attributes of the members."""

    def _prepare(self) -> None:
        self.condition = Condition.of(self.parameters["condition"])

    def _possible(self, candidate: Candidate) -> bool:
        return self.condition.holds(candidate) is not False

    def _sure(self, candidate: Candidate) -> bool:
        return self.condition.holds(candidate) is True

    def _split(self, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
        """Return who surely fits, and who only may."""
        sure = [candidate for candidate in candidates if self._sure(candidate)]
        return sure, [c for c in candidates if self._possible(c) and not self._sure(c)]


class MinimumMembers(MemberRequirement):
    """At least so many distinct members of a sort; network members count unless ``applicants_only``."""

    kind = "minimum_members"
    names: ClassVar[Parameters] = {"condition": ..., "minimum": 1, "applicants_only": True}

    def _prepare(self) -> None:
        super()._prepare()
        self.minimum = whole_number(self.parameters["minimum"], "minimum", 1)
        self.roles = APPLICANT_ROLES if self.parameters["applicants_only"] else frozenset(Role)

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Count who surely fits, then who may."""
        counted = {m.candidate.id: m.candidate for m in team.members if m.role in self.roles}
        sure, maybe = self._split(list(counted.values()))
        missing = needs_members(self.condition, self.minimum - len(sure))
        met = enough(self.minimum, len(sure), len(maybe))
        return met, members_reason(sure), [missing, *members_reason(maybe, "to_confirm")]

    def constrain(self, model: Model, certain: bool) -> None:
        """Post the count over those who surely, or possibly, fit."""
        model.at_least(self._sure if certain else self._possible, self.minimum, self.roles)


class EveryApplicant(MemberRequirement):
    """Everyone who applies is of a sort."""

    kind = "every_applicant"
    names: ClassVar[Parameters] = {"condition": ...}

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Name who does not fit, or who has not said."""
        sure, maybe = self._split(team.applicants)
        wrong = [candidate for candidate in team.applicants if not self._possible(candidate)]
        met = False if wrong else None if maybe else True
        missing = [*members_reason(wrong, "not_eligible"), *members_reason(maybe, "to_confirm")]
        return met, members_reason(sure), missing

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep out who does not surely, or possibly, fit."""
        fits = self._sure if certain else self._possible
        model.forbid(lambda candidate: not fits(candidate), APPLICANT_ROLES)


class LeadIs(MemberRequirement):
    """The lead is of a sort, unless a statement of the project takes its place.

    With ``open_until_declared`` another lead is refused only once that statement is denied.
    """

    kind = "lead_is"
    names: ClassVar[Parameters] = {
        "condition": ...,
        "unless_declared": None,
        "open_until_declared": False,
    }

    def _prepare(self) -> None:
        super()._prepare()
        statement = self.parameters["unless_declared"]
        self.excuses = () if statement is None else names_in([statement], "unless_declared")
        self.waits = bool(self.parameters["open_until_declared"])

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at the lead; a team without lead lacks one."""
        if self._excused(project):
            return True, [Reason("declared", {"declaration": self.excuses[0]})], []
        leads = [] if team.lead is None else [team.lead]
        met = self.condition.holds(leads[0]) if leads else False
        because = members_reason(leads, "lead")
        if met is None:
            return None, because, members_reason(leads, "to_confirm")
        other_way = [Reason("say", {"declarations": self._unsaid(project)})] if self._unsaid(project) else []
        met = None if other_way and self.waits and not met else met
        return met, because, [needs_lead(self.condition), *other_way]

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep who does not fit out of the lead."""
        open_ = self.waits and bool(self._unsaid(model.project)) and not certain
        if not (open_ or self._excused(model.project)):
            fits = self._sure if certain else self._possible
            model.forbid(lambda candidate: not fits(candidate), LEAD)

    def _excused(self, project: Project) -> bool:
        return any(project.declared.get(name) is True for name in self.excuses)

    def _unsaid(self, project: Project) -> list[str]:
        return [name for name in self.excuses if name not in project.declared]


class LeadIncludes(MemberRequirement):
    """A lead of one sort has at least so many partners of another; "local": of the project's districts."""

    kind = "lead_includes"
    names: ClassVar[Parameters] = {"lead": ..., "condition": ..., "minimum": 1, "local": False}

    def _prepare(self) -> None:
        super()._prepare()
        self.lead = Condition.of(self.parameters["lead"])
        self.minimum = whole_number(self.parameters["minimum"], "minimum", 1)
        self.local = bool(self.parameters["local"])

    def waits_for(self, project: Project) -> bool:
        """Nobody is known to be local while no district is said."""
        return self.local and not project.districts

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at the lead, then count its partners of that sort."""
        leads = [] if team.lead is None else [team.lead]
        led = self.lead.holds(leads[0]) if leads else False
        partners = [m.candidate for m in team.members if m.role is Role.PARTNER]
        fit = {candidate.id: self._fits(candidate, project) for candidate in partners}
        sure = [candidate for candidate in partners if fit[candidate.id] is True]
        maybe = [candidate for candidate in partners if fit[candidate.id] is None]
        counted = enough(self.minimum, len(sure), len(maybe))
        missing = [
            *([needs_lead(self.lead)] if led is False else []),
            *([needs_members(self.condition, self.minimum - len(sure))] if counted is not True else []),
            *members_reason([*(leads if led is None else []), *maybe], "to_confirm"),
        ]
        return all_of((led, counted)), [*members_reason(leads, "lead"), *members_reason(sure)], missing

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep other leads out, and post the count of partners."""
        good = (True,) if certain else (True, None)
        model.forbid(lambda candidate: self.lead.holds(candidate) not in good, LEAD)
        model.at_least(lambda c: self._fits(c, model.project) in good, self.minimum, PARTNER)

    def _fits(self, candidate: Candidate, project: Project) -> bool | None:
        near = district_rules.works_in(candidate, project) if self.local else True
        return all_of((self.condition.holds(candidate), near))


class CommitmentCap(MemberRequirement):
    """A body of a sort takes part in at most so many projects of the measure, this one included."""

    kind = "commitment_cap"
    names: ClassVar[Parameters] = {"condition": ..., "maximum": ...}

    def _prepare(self) -> None:
        super()._prepare()
        self.maximum = whole_number(self.parameters["maximum"], "maximum", 1)

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Name who is in too many projects."""
        sure, maybe = self._split([c for c in team.applicants if self._over(c, commitments)])
        met = False if sure else None if maybe else True
        return met, [], [*members_reason(sure, "too_many_projects"), *members_reason(maybe, "to_confirm")]

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep out who is in too many projects already."""
        counts = self._possible if certain else self._sure
        model.forbid(lambda c: self._over(c, model.commitments) and counts(c), APPLICANT_ROLES)

    def _over(self, candidate: Candidate, commitments: Commitments) -> bool:
        return commitments.projects.get(candidate.id, 0) + 1 > self.maximum


class OnlyIfDeclared(MemberRequirement):
    """Members of a sort may apply only when the project states certain things."""

    kind = "only_if_declared"
    names: ClassVar[Parameters] = {"condition": ..., "declarations": ...}

    def _prepare(self) -> None:
        super()._prepare()
        self.declarations = names_in(self.parameters["declarations"], "declarations")

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Look at the statements when such a member is there."""
        sure, maybe = self._split(team.applicants)
        stated = self._stated(project)
        met: bool | None = stated if sure else None if maybe and stated is not True else True
        say = statements.unstated(self.declarations, project.declared)
        return met, members_reason(sure), [say, *members_reason(maybe, "to_confirm")]

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep such members out as long as the statements are lacking."""
        stated = self._stated(model.project)
        if stated is True or (stated is None and not certain):
            return
        model.forbid(self._possible if certain else self._sure, APPLICANT_ROLES)

    def _stated(self, project: Project) -> bool | None:
        return all_of(project.declared.get(name) for name in self.declarations)


def enough(minimum: int, sure: int, maybe: int) -> bool | None:
    """Tell whether so many are enough: surely, if those who may fit do, or not."""
    if sure >= minimum:
        return True
    return None if sure + maybe >= minimum else False


def needs_members(condition: Condition, count: int) -> Reason:
    """Ask for so many more members of a sort."""
    return Reason("needs_members", {"count": count, "condition": condition.names})


def needs_lead(condition: Condition) -> Reason:
    """Ask for a lead of a sort."""
    return Reason("needs_lead", {"condition": condition.names})


def evaluate(
    requirements: Sequence[Requirement], team: Team, project: Project, commitments: Commitments
) -> list[Finding]:
    """Look at a team under every requirement, in their order."""
    return [requirement.evaluate(team, project, commitments) for requirement in requirements]


__all__ = ["KINDS", "BadRule", "Model", "Requirement", "evaluate", "repairs", "sort_of"]
