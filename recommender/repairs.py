"""Who would mend what a team lacks."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.requirement_base import Requirement
from recommender.types import Candidate, Commitments, Finding, Project, Role, Severity, Team


def repairs(
    requirements: Sequence[Requirement],
    team: Team,
    project: Project,
    commitments: Commitments,
    candidates: Sequence[Candidate],
) -> dict[str, list[int]]:
    """Find, for each must or should that is not met, who alone would meet it or bring it nearer.

    A candidate is tried as partner and as lead (the present lead then stays as partner). Whoever
    helps from the network helps as partner too, so that role need not be tried. Only who surely
    helps is named: a body that may be an SME is not counted among those that are. Members of the
    team are passed over.

    Candidates that no rule tells apart are tried once: the cost grows with the number of
    different sorts of bodies, not with the number of bodies.

    Returns:
        Candidate ids by requirement code, in the order of ``candidates``.
    """
    open_ = {
        requirement.code: (requirement, before)
        for requirement in requirements
        if requirement.severity is not Severity.INFO
        and (before := requirement.evaluate(team, project, commitments)).met is not True
    }
    about_members = {code: pair for code, pair in open_.items() if pair[0].about_members}
    inside = {candidate.id for candidate in team.candidates}
    sorts: dict[object, list[Candidate]] = {}
    for candidate in candidates if about_members else ():
        if candidate.id not in inside:
            sorts.setdefault(sort_of(candidate, project, commitments), []).append(candidate)
    found: dict[str, set[int]] = {code: set() for code in open_}
    for alike in sorts.values():
        tried = (team.joined_by(alike[0]), _led_by(alike[0], team))
        for code, (requirement, before) in about_members.items():
            after = (requirement.evaluate(changed, project, commitments) for changed in tried)
            if any(_nearer(before, finding, alike[0].id) for finding in after):
                found[code].update(candidate.id for candidate in alike)
    return {code: [c.id for c in candidates if c.id in ids] for code, ids in found.items()}


def sort_of(candidate: Candidate, project: Project, commitments: Commitments) -> object:
    """Return everything that any kind of rule looks at; equal for bodies that no rule tells apart."""
    place, wanted = candidate.place, project.districts
    return (
        candidate.attributes,
        candidate.unknown,
        place.region,
        commitments.projects.get(candidate.id, 0),
        bool(candidate.manages),
        not wanted.isdisjoint(candidate.manages),
        bool(candidate.manages or place.districts or candidate.works_in),
        not (wanted.isdisjoint(place.districts) and wanted.isdisjoint(candidate.works_in)),
    )


def _led_by(candidate: Candidate, team: Team) -> Team:
    lead = team.lead
    others = Team(tuple(m for m in team.members if m.candidate is not lead))
    demoted = others if lead is None else others.joined_by(lead)
    return demoted.joined_by(candidate, Role.LEAD)


def _nearer(before: Finding, after: Finding, candidate_id: int) -> bool:
    if after.met is True:
        return True
    return _lacking(after) < _lacking(before) and candidate_id not in _named_wrong(after)


def _lacking(finding: Finding) -> int:
    return sum(r.parameters.get("count", 1) for r in finding.missing if r.code.startswith("needs_"))


def _named_wrong(finding: Finding) -> set[int]:
    return {body for reason in finding.missing for body in reason.parameters.get("members", ())}
