"""Whether a partnership can qualify, for every district and measure, and with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.coverage.models import CoverageAnswer, CoverageCell
from matchmaker.measures.models import RuleSet
from matchmaker.measures.services import MEASURES, requirements_of, rules_of
from matchmaker.organisations.models import Organisation, Visibility
from matchmaker.snapshots import Snapshot, current_snapshot
from matchmaker.territories.queries import districts
from recommender.feasibility import Pool, blocking_rules, easiest_team, stand_ins
from recommender.requirements import Requirement, evaluate
from recommender.types import Candidate, Project, Severity, Team

MOST_NAMED = 5
"""Bodies that could take one place of a team and are named; the others are only counted."""


@dataclass(frozen=True)
class Verdict:
    """The answer for one district and measure.

    blocked holds, as JSON: ``{"rule": code, "met": false}`` for what blocks, ``{"rule": code,
    "met": null}`` for what has to be confirmed of the members, and ``{"invite": [ids], "role": role,
    "fit": count}`` for a place of the easiest team that an invitation would fill.
    """

    answer: CoverageAnswer
    blocked: list[dict[str, Any]]


def compute_coverage(session: Session, rule_set: RuleSet) -> list[CoverageCell]:
    """Answer for every district and measure under a rule set, and keep the answers.

    Only bodies that everyone may see count: the page is everyone's.
    """
    snapshot = current_snapshot(session)
    by_district = _public_bodies_by_district(session, snapshot)
    requirements = {measure: requirements_of(rules_of(rule_set, measure)) for measure in MEASURES}
    session.execute(delete(CoverageCell).where(CoverageCell.rule_set == rule_set.code))
    cells = [
        _cell(snapshot, rule_set, district.code, measure, requirements, by_district.get(district.code, []))
        for district in districts(session)
        for measure in MEASURES
    ]
    session.add_all(cells)
    session.flush()
    return cells


def _cell(
    snapshot: Snapshot,
    rule_set: RuleSet,
    district: str,
    measure: str,
    requirements: Mapping[str, Sequence[Requirement]],
    bodies: Sequence[Candidate],
) -> CoverageCell:
    project = Project(measure=measure, districts=frozenset({district}))
    pool = Pool(bodies, project, requirements[measure], snapshot.commitments(measure))
    verdict = verdict_of(pool)
    return CoverageCell(
        rule_set=rule_set.code,
        district=district,
        measure=measure,
        answer=verdict.answer,
        bodies=len(bodies),
        on_platform=sum(body.on_platform for body in bodies),
        blocked=verdict.blocked,
        world_revision=snapshot.revision,
    )


def verdict_of(pool: Pool) -> Verdict:
    """Tell whether a team of the pool can qualify, with whom, and what stands in the way."""
    sure = easiest_team(pool, certain=True)
    if sure is not None and not _invited(sure):
        return Verdict(CoverageAnswer.PLATFORM, [])
    open_ = easiest_team(pool, certain=False)
    if open_ is None:
        return Verdict(CoverageAnswer.NO, [{"rule": rule, "met": False} for rule in blocking_rules(pool)])
    if not _invited(open_):
        return Verdict(CoverageAnswer.PLATFORM, _to_confirm(pool, open_))
    team = sure or open_
    return Verdict(CoverageAnswer.DIRECTORY, _to_confirm(pool, team) + _places_to_fill(pool, team))


def _invited(team: Team) -> list[Candidate]:
    return [candidate for candidate in team.candidates if not candidate.on_platform]


def _to_confirm(pool: Pool, team: Team) -> list[dict[str, Any]]:
    musts = [r for r in pool.requirements if r.severity is Severity.MUST and r.about_members]
    findings = evaluate(musts, team, pool.project, pool.commitments)
    return [{"rule": finding.requirement, "met": None} for finding in findings if finding.met is None]


def _places_to_fill(pool: Pool, team: Team) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    for member in team.members:
        if member.candidate.on_platform:
            continue
        fitting = [body.id for body in stand_ins(pool, member.candidate)]
        named = list(dict.fromkeys([member.candidate.id, *fitting]))[:MOST_NAMED]
        places.append({"invite": named, "role": member.role.value, "fit": len(fitting)})
    return places


def _public_bodies_by_district(session: Session, snapshot: Snapshot) -> dict[str, list[Candidate]]:
    public = set(session.scalars(select(Organisation.id).where(Organisation.visibility == Visibility.PUBLIC)))
    by_district: dict[str, list[Candidate]] = {}
    for candidate in snapshot.candidates.values():
        if candidate.id in public:
            for district in candidate.districts:
                by_district.setdefault(district, []).append(candidate)
    return by_district
