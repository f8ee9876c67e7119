"""Suggest partners and check teams: the same answers for page, command line and API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from matchmaker.measures.models import Rule
from matchmaker.measures.services import requirements_of
from matchmaker.organisations.models import Organisation
from matchmaker.snapshots import Snapshot, candidate_of, current_snapshot, thesaurus
from matchmaker.suggestions.asking import Asking
from matchmaker.vocabularies.catalogue import catalogue
from recommender.requirements import evaluate, repairs
from recommender.types import Candidate, Finding, Member, Reason, Role, Suggestion, Team, qualifies
from recommender.weights import group_of, kind_prior
from recommender.world import Query


@dataclass(frozen=True)
class Filters:
    """How a reader narrows a list; None is no filter."""

    kind: str | None = None
    district: str | None = None
    max_distance_km: float | None = None
    on_platform: bool | None = None


@dataclass(frozen=True)
class Check:
    """Where a team stands: findings in the order of the rules, and who could mend them.

    fit: ids of the bodies that would meet a failing rule, by the rule's code; those of the
        project's districts first.
    local: how many of them belong to the project's districts, by the rule's code.
    busy: number of other projects of the measure, by body.
    """

    asking: Asking
    team: Team
    findings: tuple[Finding, ...]
    fit: Mapping[str, Sequence[int]] = field(default_factory=dict)
    local: Mapping[str, int] = field(default_factory=dict)
    busy: Mapping[int, int] = field(default_factory=dict)

    @property
    def qualifies(self) -> bool | None:
        """True, False, or None when something has still to be said."""
        return qualifies(self.findings)

    def rule(self, finding: Finding) -> Rule:
        """The rule that a finding is about."""
        return next(rule for rule in self.asking.rules if rule.code == finding.requirement)


@dataclass(frozen=True)
class Answer:
    """A body's suggestions for one question, beside where it stands alone."""

    asker: Candidate
    check: Check
    suggestions: tuple[Suggestion, ...]
    pool: int


def suggest_partners(
    session: Session,
    organisation: Organisation,
    asking: Asking,
    *,
    filters: Filters | None = None,
    exclude: frozenset[int] = frozenset(),
    top: int = 10,
) -> Answer:
    """Rank who could do the project with the body, and check where it stands alone."""
    snapshot = current_snapshot(session)
    asker = candidate_of(session, organisation)
    check = check_team(snapshot, asking, Team((Member(asker, lone_role(asker, asking, snapshot)),)))
    query = query_of(snapshot, asker, asking, filters or Filters(), exclude, top)
    suggestions = snapshot.recommender.recommend(query)
    return Answer(asker, check, tuple(suggestions), len(snapshot.candidates))


def explain_suggestion(
    session: Session, organisation: Organisation, asking: Asking, candidate_id: int
) -> tuple[Suggestion | None, tuple[Reason, ...]]:
    """Return the full reasons for one body, or why it is not suggested."""
    snapshot = current_snapshot(session)
    query = query_of(snapshot, candidate_of(session, organisation), asking, Filters(), frozenset(), 1)
    if why_not := snapshot.recommender.why_not(query, candidate_id):
        return None, why_not
    return snapshot.recommender.explain(query, candidate_id), ()


def query_of(
    snapshot: Snapshot,
    asker: Candidate,
    asking: Asking,
    filters: Filters,
    exclude: frozenset[int],
    top: int,
) -> Query:
    """Put a body's question to the pure side."""
    return Query(
        asker=asker,
        project=asking.project,
        requirements=requirements_of(asking.rules),
        team=Team((Member(asker, lone_role(asker, asking, snapshot)),)),
        commitments=snapshot.commitments(asking.measure),
        exclude=exclude,
        kind=filters.kind,
        district=filters.district,
        max_distance_km=filters.max_distance_km,
        on_platform=filters.on_platform,
        top=top,
    )


def lone_role(asker: Candidate, asking: Asking, snapshot: Snapshot) -> Role:
    """The role in which a body alone stands best: lead unless a lead's rule refuses it.

    A cooperative in measure 1 is a partner that looks for its public lead, not a wrong lead.
    """
    leading = _refused(asker, Role.LEAD, asking, snapshot)
    return Role.PARTNER if leading > _refused(asker, Role.PARTNER, asking, snapshot) else Role.LEAD


def _refused(asker: Candidate, role: Role, asking: Asking, snapshot: Snapshot) -> int:
    findings = evaluate(
        requirements_of(asking.rules),
        Team((Member(asker, role),)),
        asking.project,
        snapshot.commitments(asking.measure),
    )
    return sum(f.met is False and f.severity == "must" for f in findings)


def check_team(snapshot: Snapshot, asking: Asking, team: Team) -> Check:
    """Evaluate a team, and find for each failing rule who could mend it."""
    requirements = requirements_of(asking.rules)
    commitments = snapshot.commitments(asking.measure)
    findings = evaluate(requirements, team, asking.project, commitments)
    inside = {candidate.id for candidate in team.candidates}
    outside = [candidate for body, candidate in snapshot.candidates.items() if body not in inside]
    fit = repairs(requirements, team, asking.project, commitments, outside)
    local, ordered = local_first(snapshot, asking, fit)
    return Check(asking, team, tuple(findings), ordered, local, commitments.projects)


def local_first(
    snapshot: Snapshot, asking: Asking, fit: Mapping[str, Sequence[int]]
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Count who of each list belongs to the project's districts, and put them first.

    Among equals, bodies on the platform come first (they can be asked today), then the sorts of
    bodies that stand in such partnerships.
    """
    known, districts = snapshot.candidates, asking.project.districts

    def far(body: int) -> tuple[bool, bool, float]:
        candidate = known[body]
        return (
            not candidate.districts & districts,
            not candidate.on_platform,
            -suits(candidate, asking.measure),
        )

    ordered = {code: sorted(ids, key=far) for code, ids in fit.items()}
    return {code: sum(not far(body)[0] for body in ids) for code, ids in ordered.items()}, ordered


def suits(candidate: Candidate, measure: str) -> float:
    """How usual a body's sort is in a measure; below 0 when all its known fields lie elsewhere."""
    welfare = thesaurus().welfare
    codes = candidate.profile.themes | candidate.profile.inferred
    themes = {code for code in codes if code in catalogue()["theme"]}
    elsewhere = bool(themes) and not themes & welfare
    return kind_prior(group_of(candidate), measure) - elsewhere
