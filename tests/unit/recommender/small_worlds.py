"""Random worlds small enough to count every team, and the counting: the other side of each proof.

Everything is drawn by a ``pick`` that chooses one of some options: ``random.Random(seed).choice``, or a
hypothesis draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from random import Random
from typing import Any

from recommender.model import AssemblyModel, Sizes
from recommender.requirements import KINDS, Requirement, evaluate
from recommender.types import (
    Candidate,
    Capacity,
    Commitments,
    Finding,
    Member,
    Place,
    Project,
    Role,
    Severity,
    Team,
)

Pick = Callable[[Sequence[Any]], Any]
ATTRIBUTES = ("public_body", "third_sector", "sme", "large")
DISTRICTS = ("asti", "pinerolo")
CONDITIONS = (
    [["public_body"]],
    [["third_sector"]],
    [["sme"], ["large"]],
    [["third_sector", "region:piemonte"]],
    [["not:large"]],
)
DECLARATIONS = ("governance_role", "open_to_residents")
PARAMETERS: dict[str, Callable[[Pick], dict[str, Any]]] = {
    "minimum_members": lambda pick: {
        "condition": pick(CONDITIONS),
        "minimum": pick((1, 1, 2, 3)),
        "applicants_only": pick((True, True, False)),
    },
    "every_applicant": lambda pick: {"condition": pick(CONDITIONS)},
    "lead_is": lambda pick: {
        "condition": pick(CONDITIONS),
        "unless_declared": pick((None, "governance_role")),
        "open_until_declared": pick((True, False)),
    },
    "lead_includes": lambda pick: {
        "lead": pick(CONDITIONS),
        "condition": pick(CONDITIONS),
        "minimum": pick((1, 1, 2)),
        "local": pick((True, False)),
    },
    "commitment_cap": lambda pick: {"condition": pick(CONDITIONS), "maximum": pick((1, 2))},
    "only_if_declared": lambda pick: {
        "condition": pick(CONDITIONS),
        "declarations": some(pick, DECLARATIONS) or ["open_to_residents"],
    },
    "project_names": lambda pick: {
        "fields": ["themes"],
        "any_of": ["POVERTA"],
        "others_allowed": pick((True, False)),
    },
    "form_among": lambda _pick: {"forms": ["ATS"]},
    "declared": lambda pick: {"declarations": [*DECLARATIONS], "enough": pick(("all", "any"))},
    "amount_between": lambda _pick: {"minimum": 60_000, "maximum": 200_000},
    "own_share_at_least": lambda _pick: {"minimum": 0.2},
}


def seeded(seed: int) -> Pick:
    """A pick that draws the same each time."""
    return Random(seed).choice  # noqa: S311 - worlds, not secrets


def some(pick: Pick, options: Sequence[str]) -> list[str]:
    """Any of the options."""
    return [option for option in options if pick((True, False))]


def a_body(pick: Pick, number: int, *, capacities: Sequence[Capacity] = (Capacity.UNSAID,)) -> Candidate:
    """Any body: each attribute true, false or not known."""
    known = {name: pick((True, False, False, None)) for name in ATTRIBUTES}
    return Candidate(
        number,
        f"Ente {number}",
        "other",
        attributes=frozenset(name for name, said in known.items() if said),
        unknown=frozenset(name for name, said in known.items() if said is None),
        place=Place(region=pick(("piemonte", "liguria", None)), districts=frozenset(some(pick, DISTRICTS))),
        works_in=frozenset(pick(([], [], ["asti"]))),
        manages=frozenset(pick(([], [], ["asti"], ["pinerolo"]))),
        capacity=pick(capacities),
    )


def a_project(pick: Pick) -> Project:
    """Any project: much of it not said yet."""
    return Project(
        "M1",
        themes=frozenset(pick(([], ["POVERTA"], ["SALUTE"]))),
        districts=frozenset(some(pick, DISTRICTS)),
        form=pick((None, "ATS", "ATI")),
        budget=pick((None, 60_000, 250_000)),
        own_share=pick((None, 0.1, 0.2)),
        aggregation=pick((True, False)),
        declared={name: said for name in DECLARATIONS if (said := pick((True, False, None))) is not None},
    )


def a_rule(pick: Pick, kind: str, code: str = "rule", severity: Severity = Severity.MUST) -> Requirement:
    """Any rule of a kind."""
    parameters = PARAMETERS[kind](pick) if kind in PARAMETERS else {}
    return Requirement.from_rule(code, kind, severity, parameters)


def some_rules(pick: Pick, kinds: Sequence[str] = tuple(KINDS), most: int = 6) -> list[Requirement]:
    """Any list of musts."""
    return [a_rule(pick, pick(kinds), f"rule {number}") for number in range(pick(range(1, most + 1)))]


def commitments_of(pick: Pick, bodies: Sequence[Candidate]) -> Commitments:
    """Other projects of some bodies, and of one district."""
    return Commitments({body.id: pick((0, 0, 1, 2)) for body in bodies}, {"asti": pick((0, 1))})


def every_team(asker: Candidate, others: Sequence[Candidate], sizes: Sizes) -> Iterator[Team]:
    """Every team with the asker in it, exactly one lead and the size asked for."""
    network = [Role.NETWORK] if sizes.network else []
    for roles in product(
        [Role.LEAD, Role.PARTNER, *network], *[[None, Role.LEAD, Role.PARTNER, *network]] * len(others)
    ):
        pairs = zip((asker, *others), roles, strict=True)
        members = tuple(Member(body, role) for body, role in pairs if role is not None)
        if (
            roles.count(Role.LEAD) == 1
            and roles.count(Role.NETWORK) <= sizes.network
            and sizes.smallest <= len(members) <= sizes.largest
        ):
            yield Team(members)


def may_stand(team: Team, asker: Candidate) -> bool:
    """Tell whether everybody can join now, and in that role."""
    return all(
        (member.candidate is asker or member.candidate.capacity not in (Capacity.NOT_NOW, Capacity.LATER))
        and (member.role is not Role.LEAD or member.candidate.capacity is not Capacity.PARTNER)
        for member in team.members
    )


def passes(requirement: Requirement, finding: Finding, project: Project, *, certain: bool) -> bool:
    """Tell whether a finding lets a team through: met, or not known to be refused."""
    if certain and not requirement.waits_for(project):
        return finding.met is True
    return finding.met is not False


def stands(
    requirements: Sequence[Requirement],
    team: Team,
    project: Project,
    commitments: Commitments,
    *,
    certain: bool,
) -> bool:
    """Tell whether a team passes every must."""
    findings = evaluate(requirements, team, project, commitments)
    return all(
        passes(requirement, finding, project, certain=certain)
        for requirement, finding in zip(requirements, findings, strict=True)
        if requirement.severity is Severity.MUST
    )


def disagreements(
    requirements: Sequence[Requirement],
    bodies: Sequence[Candidate],
    project: Project,
    commitments: Commitments,
    *,
    certain: bool,
) -> list[Team]:
    """Return the teams that the model admits and evaluation refuses, or the other way round."""
    sizes = Sizes(1, len(bodies), len(bodies))
    model = AssemblyModel(bodies[1:], bodies[0], project, commitments, sizes)
    model.require(requirements, certain=certain)
    return [
        team
        for team in every_team(bodies[0], bodies[1:], sizes)
        if model.admits(team)
        != (may_stand(team, bodies[0]) and stands(requirements, team, project, commitments, certain=certain))
    ]
