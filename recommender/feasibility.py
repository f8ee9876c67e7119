"""Whether any team of a pool can stand, whoever asks: the easiest one, or what blocks them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from recommender.model import AssemblyModel, Sizes
from recommender.requirements import Requirement, sort_of
from recommender.rows import Objective
from recommender.types import APPLICANT_ROLES, Candidate, Commitments, Project, Role, Severity, Team

# The assembly model always seats its asker. Nobody asks here, so nobody is seated: it adheres to the
# network, where it takes part in no rule about applicants, and leaves with the answer.
_NOBODY = Candidate(id=0, name="", kind="", attributes=frozenset({"nobody"}))
# What a team costs: bodies still to be invited first, then size. Whoever manages the social services of
# a district costs half a member: when several could, it is the one expected to lead.
_INVITATION, _MEMBER = 1.0, 0.01


@dataclass(frozen=True)
class Pool:
    """The bodies that could join one project, and the rules that it stands under."""

    candidates: Sequence[Candidate]
    project: Project
    requirements: Sequence[Requirement]
    commitments: Commitments = field(default_factory=Commitments)
    largest: int = 8


def easiest_team(pool: Pool, *, certain: bool) -> Team | None:
    """Find the team that takes the fewest invitations, then members; None when none can stand.

    With ``certain`` only teams whose members surely meet every must count; else unknowns are let in.
    What the project alone decides stays open while it is unsaid.
    """
    model = AssemblyModel(
        pool.candidates, _NOBODY, pool.project, pool.commitments, Sizes(2, pool.largest + 1, 1)
    )
    model.forbid(_is_nobody, APPLICANT_ROLES)
    model.forbid(lambda candidate: not _is_nobody(candidate), frozenset({Role.NETWORK}))
    model.require(pool.requirements, certain=certain)
    solution = model.solve(Objective.of(-np.array([0.0, *map(_cost, pool.candidates)])))
    if solution is None:
        return None
    return Team(tuple(m for m in solution.team.members if not _is_nobody(m.candidate)))


def _cost(candidate: Candidate) -> float:
    member = _MEMBER / 2 if candidate.manages else _MEMBER
    return member if candidate.on_platform else member + _INVITATION


def _is_nobody(candidate: Candidate) -> bool:
    return "nobody" in candidate.attributes


def blocking_rules(pool: Pool) -> tuple[str, ...]:
    """Name a smallest set of musts about members without which a team could stand.

    Sets are tried by growing size, so the first that frees the pool is smallest. Empty when a team
    can stand; every must about members when the pool holds nobody who could join.
    """
    musts = [r for r in pool.requirements if r.severity is Severity.MUST and r.about_members]
    for size in range(len(musts) + 1):
        for dropped in combinations(musts, size):
            kept = [requirement for requirement in pool.requirements if requirement not in dropped]
            if easiest_team(replace(pool, requirements=kept), certain=False) is not None:
                return tuple(requirement.code for requirement in dropped)
    return tuple(requirement.code for requirement in musts)


def stand_ins(pool: Pool, member: Candidate) -> list[Candidate]:
    """Return who could take a member's place, itself included, before every rule alike."""
    sort = sort_of(member, pool.project, pool.commitments)
    return [
        candidate
        for candidate in pool.candidates
        if sort_of(candidate, pool.project, pool.commitments) == sort
        and candidate.capacity is member.capacity
        and candidate.on_platform is member.on_platform
    ]
