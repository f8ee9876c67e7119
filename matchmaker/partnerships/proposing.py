"""Propose whole partnerships that satisfy a measure's rules, for one organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from matchmaker.measures.services import requirements_of
from matchmaker.organisations.models import Organisation
from matchmaker.snapshots import Snapshot, candidate_of, current_snapshot
from matchmaker.suggestions.asking import Asking
from matchmaker.suggestions.services import Check, Filters, local_first, query_of
from matchmaker.vocabularies.names import fold_name
from recommender.assembly import GROUP, Assembly, Call, Scores, propose
from recommender.model import Sizes
from recommender.requirements import repairs
from recommender.types import Candidate, Member, Project, Proposal, Team
from recommender.weights import Weights
from recommender.world import PoolScores

SIZES = {
    "M1": Sizes(smallest=3, largest=7),
    "M2": Sizes(smallest=2, largest=5),
    "M3": Sizes(smallest=2, largest=4),
    "M4": Sizes(smallest=2, largest=6, network=2),
}
"""Partnerships one can run: the funded projects of measure 1 had 147 bodies in 22 (6.7 each)."""
GROUPS_OF_MEASURE = {
    "M1": ("cooperative", "consortium", "foundation", "association", "volunteers", "health"),
    "M2": ("cooperative", "consortium", "foundation", "association", "volunteers"),
    "M3": ("cooperative", "firm", "training"),
    "M4": ("cooperative", "mutual", "social_partner"),
}
"""Sorts of bodies that bring each something of their own to a measure's partnership."""
LEAD_GROUPS = {
    "M1": frozenset({"ente_gestore"}),
    "M4": frozenset({"firm", "firms_consortium"}),
}
"""Who led the projects of a measure: enti gestori in measure 1, firms in measure 4."""
VARIETY = 0.5
"""What the first body of a sort adds, against 1 for a theme or service that the project names."""
ALONE_IS_ENOUGH = frozenset({"M2", "M3"})
MOST_INVITED = 5
NUMERALS = frozenset("uno due tre quattro cinque sei bis ter i ii iii iv v 1 2 3 4 5 6".split())


@dataclass(frozen=True)
class ProposalAnswer:
    """The proposals for one question, or what blocks them and who would unblock."""

    asker: Candidate
    asking: Asking
    assembly: Assembly
    checks: Sequence[Check]
    blocked: Check | None
    invite: Sequence[int]

    def to_invite(self, proposal: Proposal) -> list[Candidate]:
        """The members that are not on the platform yet."""
        return [c for c in proposal.team.candidates if not c.on_platform and c.id != self.asker.id]


def propose_partnerships(session: Session, organisation: Organisation, asking: Asking) -> ProposalAnswer:
    """Assemble three partnerships around the body, or say what blocks."""
    snapshot = current_snapshot(session)
    asker = candidate_of(session, organisation)
    call, scores = assembly_call(snapshot, asker, asking)
    assembly = propose(call, scores)
    if not assembly.proposals and asking.measure in ALONE_IS_ENOUGH:
        assembly = propose(_alone_too(call), scores)
    checks = [Check(asking, proposal.team, proposal.findings) for proposal in assembly.proposals]
    blocked = _blocked(snapshot, asker, asking, assembly) if assembly.blocked else None
    return ProposalAnswer(asker, asking, assembly, checks, blocked, _invite(assembly, blocked, snapshot))


def assembly_call(snapshot: Snapshot, asker: Candidate, asking: Asking) -> tuple[Call, Scores]:
    """Put a body's question to the assembler, with every eligible body and its scores."""
    query = query_of(snapshot, asker, asking, Filters(), frozenset(), top=1)
    pool = one_of_each_family(snapshot.recommender.pool_scores(query), snapshot.candidates)
    candidates = [snapshot.candidates[int(body)] for body in pool.ids]
    call = Call(
        asker=asker,
        candidates=candidates,
        project=asking.project,
        requirements=requirements_of(asking.rules),
        commitments=snapshot.commitments(asking.measure),
        sizes=SIZES[asking.measure],
        wanted=wanted_of(asking.project, asker),
        reach_km=Weights().reach_km[asking.measure],
        lead_groups=LEAD_GROUPS.get(asking.measure, frozenset()),
    )
    scores = Scores(
        match=_share(pool.match),
        tie=_share(pool.tie),
        distance_km=pool.distance_km,
        newcomer=pool.newcomer,
        on_platform=pool.on_platform,
    )
    return call, scores


def one_of_each_family(pool: PoolScores, candidates: Mapping[int, Candidate]) -> PoolScores:
    """Keep the best-ranked of the bodies that differ by a number in their names only.

    "Quadrifoglio", "Quadrifoglio Due" and "Quadrifoglio Tre" of one town are one group of
    people: a partnership of the three would be a partnership of one.
    """
    best: dict[object, int] = {}
    for row in np.argsort(-pool.match, kind="stable"):
        candidate = candidates[int(pool.ids[row])]
        best.setdefault((family_of(candidate.name), candidate.place.municipality), int(row))
    rows = np.sort(np.array(list(best.values()), dtype=np.int64))
    return PoolScores(*(getattr(pool, name.name)[rows] for name in fields(pool)))


@lru_cache(maxsize=50_000)
def family_of(name: str) -> str:
    """The words of a name that tell a family of bodies, without form, numbers and ordinals."""
    return " ".join(word for word in fold_name(name).split() if word not in NUMERALS) or name


def wanted_of(project: Project, asker: Candidate) -> dict[tuple[str, str], float]:
    """What a team should bring: what the project names, and what the asker needs."""
    lists = {
        "themes": project.themes,
        "targets": project.targets,
        "services": project.services,
        "welfare_actions": project.actions,
        "offers": asker.profile.needs,
    }
    wanted = {(name, code): 1.0 for name, codes in lists.items() for code in sorted(codes)}
    return wanted | {(GROUP, group): VARIETY for group in GROUPS_OF_MEASURE[project.measure]}


def _share(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale scores to lie between 0 and 1, the best being 1."""
    best = float(values.max(initial=0.0))
    return np.clip(values / best, 0.0, 1.0) if best > 0 else np.zeros(len(values))


def _alone_too(call: Call) -> Call:
    return Call(**{**call.__dict__, "sizes": Sizes(1, call.sizes.largest, call.sizes.network)})


def _blocked(snapshot: Snapshot, asker: Candidate, asking: Asking, assembly: Assembly) -> Check:
    team = Team((Member(asker),))
    codes = {finding.requirement for finding in assembly.blocked}
    requirements = [r for r in requirements_of(asking.rules) if r.code in codes]
    others = [c for body, c in snapshot.candidates.items() if body != asker.id]
    fit = repairs(requirements, team, asking.project, snapshot.commitments(asking.measure), others)
    local, ordered = local_first(snapshot, asking, fit)
    return Check(asking, team, assembly.blocked, ordered, local)


def _invite(assembly: Assembly, blocked: Check | None, snapshot: Snapshot) -> list[int]:
    if blocked is not None:
        fitting = [body for ids in blocked.fit.values() for body in ids]
        return [body for body in dict.fromkeys(fitting) if not snapshot.candidates[body].on_platform][
            :MOST_INVITED
        ]
    members = [c for proposal in assembly.proposals for c in proposal.team.candidates]
    return [c.id for c in dict.fromkeys(members) if not c.on_platform and c.id in snapshot.candidates]
