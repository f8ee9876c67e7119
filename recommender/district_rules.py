"""Demands about the districts of health and social cohesion: the project's, the lead's, the members'."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

from recommender.conditions import all_of
from recommender.requirement_base import Look, Model, Requirement, members_reason
from recommender.statements import ProjectRequirement
from recommender.types import APPLICANT_ROLES, Candidate, Commitments, Project, Reason, Role, Team

LEAD = frozenset({Role.LEAD})
Belongs = Callable[[Candidate], bool | None]


class DistrictLevel(ProjectRequirement):
    """The project stands at the level of one district, or of several declared as one aggregation."""

    kind = "district_level"

    def verdict(self, project: Project, commitments: Commitments) -> bool | None:
        """Count the districts said."""
        if not project.districts:
            return None
        return len(project.districts) == 1 or project.aggregation

    def because(self, project: Project) -> Sequence[Reason]:
        """Name the districts said."""
        districts = sorted(project.districts)
        return [Reason("districts", {"districts": districts})] if districts else []

    def missing(self, project: Project) -> Reason:
        """Ask for a district, or for the aggregation."""
        code = "declare_aggregation" if project.districts else "say_district"
        return Reason(code, {"districts": sorted(project.districts)})


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


class LeadAndDistrict(Requirement):
    """The lead and a district of the project belong together."""

    needs: ClassVar[str]
    """Code of what a team without such a lead lacks."""

    @abstractmethod
    def belongs(self, candidate: Candidate, project: Project) -> bool | None:
        """Tell whether a lead belongs to a district of the project."""

    def waits_for(self, project: Project) -> bool:
        """Nobody can be looked at while no district is said."""
        return not project.districts

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Compare the lead with the project's districts; a team without lead lacks one."""
        needs = Reason(self.needs, {"districts": sorted(project.districts)})
        if team.lead is None:
            return False, [], [needs]
        met = self.belongs(team.lead, project)
        if met is None:
            needs = _open_point([team.lead], project)
        return met, members_reason([team.lead], "lead"), [needs]

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep leads that do not belong there out."""
        _keep_out(model, lambda c: self.belongs(c, model.project), certain, LEAD)


class LeadWorksInDistrict(LeadAndDistrict):
    """The lead has its seat, works or manages services in a district of the project."""

    kind = "lead_works_in_district"
    needs = "needs_lead_in_district"

    def belongs(self, candidate: Candidate, project: Project) -> bool | None:
        """Compare every district of the lead."""
        return works_in(candidate, project)


class LeadManagesDistrict(LeadAndDistrict):
    """The lead is an ente gestore of a district of the project."""

    kind = "lead_manages_district"
    needs = "needs_managing_lead"

    def belongs(self, candidate: Candidate, project: Project) -> bool | None:
        """Look at what the lead manages."""
        return manages(candidate, project)


class ManagersShareDistrict(Requirement):
    """Every ente gestore among the applicants manages services in the project's districts."""

    kind = "managers_share_district"

    def waits_for(self, project: Project) -> bool:
        """Nobody can be looked at while no district is said."""
        return not project.districts

    def look(self, team: Team, project: Project, commitments: Commitments) -> Look:
        """Name the enti gestori from elsewhere."""
        managing = [candidate for candidate in team.applicants if candidate.manages]
        elsewhere = [candidate for candidate in managing if manages(candidate, project) is False]
        met = all_of(manages(candidate, project) for candidate in managing)
        missing = members_reason(elsewhere, "other_district") or [_open_point(managing, project)]
        return met, members_reason(managing), missing

    def constrain(self, model: Model, certain: bool) -> None:
        """Keep enti gestori from elsewhere out."""
        _keep_out(model, lambda c: not c.manages or manages(c, model.project), certain, APPLICANT_ROLES)


def works_in(candidate: Candidate, project: Project) -> bool | None:
    """Tell whether a body sits, works or manages services in a district of the project."""
    if not project.districts or not candidate.districts:
        return None
    return bool(candidate.districts & project.districts)


def manages(candidate: Candidate, project: Project) -> bool | None:
    """Tell whether a body is an ente gestore of a district of the project."""
    if not candidate.manages:
        return False
    return bool(candidate.manages & project.districts) if project.districts else None


def _open_point(candidates: Sequence[Candidate], project: Project) -> Reason:
    if not project.districts:
        return Reason("say_district", {"districts": []})
    return Reason("to_confirm", {"members": [candidate.id for candidate in candidates]})


def _keep_out(model: Model, belongs: Belongs, certain: bool, roles: frozenset[Role]) -> None:
    wrong = (False, None) if certain else (False,)
    model.forbid(lambda candidate: belongs(candidate) in wrong, roles)
