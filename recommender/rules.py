"""What each candidate would do to a measure's rules: which it would mend, which it would break."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.index import Coder, Index
from recommender.requirements import evaluate, repairs
from recommender.types import Finding, Member, Role, Severity, Team
from recommender.world import Query

LEAD_GAPS = frozenset({"needs_lead", "needs_lead_in_district", "needs_managing_lead"})
"""What a finding misses that only another lead would bring."""


@dataclass(frozen=True)
class RuleEffect:
    """One rule and the rows of the candidates that would mend, or break, it."""

    code: str
    severity: Severity
    rows: NDArray[np.bool_]


@dataclass(frozen=True)
class RuleEffects:
    """Every rule that some candidate would mend, and every must that some would break."""

    mended: tuple[RuleEffect, ...] = ()
    broken: tuple[RuleEffect, ...] = ()

    def mended_by(self, row: int) -> tuple[str, ...]:
        """Return the codes of the rules that a candidate would meet or bring nearer."""
        return tuple(effect.code for effect in self.mended if effect.rows[row])

    def gaps(self, size: int) -> NDArray[np.int64]:
        """Return for each row the musts that it would mend, as bits; 0 for none."""
        numbers = np.zeros(size, dtype=np.int64)
        for effect in self.mended:
            if effect.severity is Severity.MUST:
                numbers = numbers * 2 + effect.rows
        return numbers

    def broken_by(self, row: int) -> tuple[str, ...]:
        """Return the codes of the musts that are not refused now and would be with it."""
        return tuple(effect.code for effect in self.broken if effect.rows[row])


def team_of(query: Query) -> Team:
    """Return who stands already: the query's team, or the asker alone, leading."""
    return query.team or Team((Member(query.asker, Role.LEAD),))


def rule_effects(index: Index, coder: Coder, query: Query) -> RuleEffects:
    """Look at the rules with each candidate, once for all those that are alike to every rule.

    The cost grows with the number of different sorts of bodies, not with the number of bodies.
    """
    if not query.requirements or not len(index):
        return RuleEffects()
    rows, spread = representatives(index, coder, query)
    candidates = [index.candidates[row] for row in rows]
    team = team_of(query)
    before = evaluate(query.requirements, team, query.project, query.commitments)
    severity = {finding.requirement: finding.severity for finding in before}
    place = {candidate.id: number for number, candidate in enumerate(candidates)}
    fit = repairs(query.requirements, team, query.project, query.commitments, candidates)
    fit = _acceptable_leads(fit, before)
    mended = {code: [place[candidate_id] for candidate_id in ids] for code, ids in fit.items() if ids}
    broken: dict[str, list[int]] = {}
    standing = _refused(before)
    for number, candidate in enumerate(candidates):
        after = evaluate(
            query.requirements, team.joined_by(candidate, query.role), query.project, query.commitments
        )
        for code in _refused(after) - standing:
            broken.setdefault(code, []).append(number)
    return RuleEffects(
        *(
            tuple(RuleEffect(code, severity[code], _spread(hit, len(rows), spread)) for code, hit in side)
            for side in (mended.items(), sorted(broken.items()))
        )
    )


def representatives(index: Index, coder: Coder, query: Query) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return one row for each sort of candidate that rules can tell apart, and every row's sort.

    Rules look at a candidate's attributes, region and managed districts, at whether it stands in
    any district and in one of the project's, and at its commitments. A member of the team stands
    for its sort only where nobody else can: joining twice changes nothing.
    """
    columns = [c for code in query.project.districts if (c := coder.districts.find(code)) is not None]
    there = index.districts.holding(columns)
    somewhere = np.diff(index.districts.rows.indptr) > 0
    committed = np.zeros(len(index), dtype=np.int64)
    for body, count in query.commitments.projects.items():
        if body in index.position:
            committed[index.position[body]] = count
    sorts = ((committed * 2 + there) * 2 + somewhere) * (len(coder.signatures) + 1) + index.columns.signature
    inside = [index.position[c.id] for c in team_of(query).candidates if c.id in index.position]
    order = np.r_[np.setdiff1d(np.arange(len(index)), inside), inside].astype(np.int64)
    _, spread = np.unique(sorts, return_inverse=True)
    _, first = np.unique(spread[order], return_index=True)
    return order[first], spread


def _acceptable_leads(fit: Mapping[str, Sequence[int]], before: Sequence[Finding]) -> dict[str, list[int]]:
    """Keep in the rules that ask for a lead only those who would satisfy every one of them.

    A cooperative of the district would "mend" that the lead works there, but not that it is public.
    """
    asking = {f.requirement for f in before if f.severity is Severity.MUST and _asks_for_lead(f)}
    leads = set.intersection(*(set(fit[code]) for code in asking)) if asking else set()
    return {code: [body for body in ids if code not in asking or body in leads] for code, ids in fit.items()}


def _asks_for_lead(finding: Finding) -> bool:
    return finding.met is False and any(reason.code in LEAD_GAPS for reason in finding.missing)


def _refused(findings: Collection[Finding]) -> set[str]:
    return {f.requirement for f in findings if f.severity is Severity.MUST and f.met is False}


def _spread(hit: Collection[int], groups: int, spread: NDArray[np.int64]) -> NDArray[np.bool_]:
    held = np.zeros(groups, dtype=bool)
    held[list(hit)] = True
    return held[spread]
