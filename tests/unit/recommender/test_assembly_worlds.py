"""A thousand random worlds: every proposal against counting every team.

The worth of a team is reckoned here anew, from what recommender.assembly says in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import exp, isnan, nan

import numpy as np
import pytest

from recommender.assembly import BONUS, EXCHANGED, FLAVOURS, GROUP, LEADING, Call, Flavour, Scores, propose
from recommender.model import AssemblyModel, Sizes
from recommender.requirements import Requirement, evaluate
from recommender.rows import Posting
from recommender.types import Candidate, Capacity, Finding, Profile, Proposal, Role, Severity, Team
from recommender.weights import group_of
from tests.unit.recommender.small_worlds import (
    Pick,
    a_body,
    a_project,
    a_rule,
    commitments_of,
    every_team,
    may_stand,
    passes,
    seeded,
    some,
    some_rules,
)

WORLDS, BATCHES = 1000, 8
KINDS_OF_BODY = ("public_body", "third_sector", "enterprise")
ABOUT_MEMBERS = ("minimum_members", "every_applicant", "lead_is", "lead_includes", "commitment_cap")
CAPACITIES = (*[Capacity.UNSAID] * 5, *Capacity)
NOTHING_TO_GAIN = 1e-5


def a_world(seed: int) -> tuple[Call, Scores]:
    pick = seeded(seed)
    sizes = pick((Sizes(1, 8), Sizes(2, 4), Sizes(3, 5), Sizes(1, 4, 1), Sizes(2, 3, 2)))
    others = pick(range(5 if sizes.network else 7))
    asker, *bodies = [a_member(pick, number) for number in range(1, others + 2)]
    rules = some_rules(pick)
    if pick((True, False)):
        rules = [
            *some_rules(pick, ABOUT_MEMBERS, 4),
            a_rule(pick, pick(ABOUT_MEMBERS), "bonus", Severity.SHOULD),
        ]
    call = Call(
        asker,
        bodies,
        a_project(pick),
        rules,
        commitments_of(pick, [asker, *bodies]),
        sizes,
        {("themes", "POVERTA"): 1.0, ("offers", "SPAZI"): 0.7, (GROUP, "firm"): 0.5},
        reach_km=pick((20.0, 45.0)),
        lead_groups=frozenset(pick(([], ["firm"]))),
    )
    tenths = partial(pick, range(11))
    scores = Scores(
        match=np.array([tenths() / 10 for _ in bodies]),
        tie=np.array([pick((0, 0, tenths() / 10)) for _ in bodies]),
        distance_km=np.array([pick((nan, 0.0, 5.0 * tenths())) for _ in bodies]),
        newcomer=np.array([pick((True, False)) for _ in bodies], dtype=bool),
        on_platform=np.array([body.on_platform for body in bodies], dtype=bool),
    )
    return call, scores


def a_member(pick: Pick, number: int) -> Candidate:
    profile = Profile(
        themes=frozenset(some(pick, ["POVERTA"])),
        offers=frozenset(some(pick, ["SPAZI"])),
        inferred=frozenset(some(pick, ["POVERTA", "SPAZI"])),
    )
    body = a_body(pick, number, capacities=CAPACITIES)
    return replace(body, kind=pick(KINDS_OF_BODY), profile=profile, on_platform=pick((True, False)))


@dataclass(frozen=True)
class Counted:
    """One team with what its rules say."""

    team: Team
    findings: list[Finding]

    @property
    def others(self) -> frozenset[int]:
        """Whom the asker stands with; the asker is number 1."""
        return frozenset(candidate.id for candidate in self.team.candidates) - {1}

    @property
    def refused(self) -> frozenset[str]:
        """The musts that it breaks."""
        return frozenset(
            f.requirement for f in self.findings if f.severity is Severity.MUST and f.met is False
        )

    def passes(self, call: Call, *, certain: bool) -> bool:
        """Tell whether every must lets it through."""
        return all(
            passes(requirement, finding, call.project, certain=certain)
            for requirement, finding in zip(call.requirements, self.findings, strict=True)
            if requirement.severity is Severity.MUST
        )


def counted(call: Call) -> list[Counted]:
    """Every team of at most the largest size whose members can join."""
    teams = every_team(call.asker, call.candidates, replace(call.sizes, smallest=1))
    return [
        Counted(team, evaluate(call.requirements, team, call.project, call.commitments))
        for team in teams
        if may_stand(team, call.asker)
    ]


def first_choice(call: Call, teams: Sequence[Counted]) -> list[Counted]:
    """The teams of the wished size that surely pass, else that may; else the smaller ones likewise."""
    for smallest in (call.sizes.smallest, 1):
        for certain in (True, False):
            chosen = [
                team
                for team in teams
                if len(team.team.members) >= smallest and team.passes(call, certain=certain)
            ]
            if chosen:
                return chosen
    return []


def exchanges(team: Counted, earlier: Counted, number: int) -> bool:
    left, joined = earlier.others - team.others, team.others - earlier.others
    if number == 0:
        return team.others != earlier.others
    return len(left) >= min(number, len(earlier.others)) and len(joined) >= number


def different(teams: Sequence[Counted], before: Sequence[Counted]) -> tuple[list[Counted], int | None]:
    """The teams that exchange as many members as can be had, and how many that is."""
    if not before:
        return list(teams), None
    for number in (*EXCHANGED, 0):
        chosen = [team for team in teams if all(exchanges(team, earlier, number) for earlier in before)]
        if chosen:
            return chosen, number
    return [], None


def worth(call: Call, scores: Scores, flavour: Flavour, found: Counted) -> float:
    """What a team is worth under a flavour, member by member."""
    total = 0.0
    for member in found.team.members:
        leads = member.role is Role.LEAD
        if member.candidate is call.asker:
            total += 2 * LEADING * leads
            continue
        place = call.candidates.index(member.candidate)
        km = scores.distance_km[place]
        near = 0.3 if isnan(km) else exp(-km / call.reach_km)
        total += flavour.match * scores.match[place] + flavour.tie * scores.tie[place] - flavour.cost
        total += flavour.near * near + flavour.newcomer * bool(scores.newcomer[place])
        total += flavour.on_platform * near * member.candidate.on_platform
        total += LEADING * (leads and group_of(member.candidate) in call.lead_groups)
    for (name, code), weight in call.wanted.items():
        brought = sum(brings(candidate, name, code) for candidate in found.team.candidates)
        total += flavour.coverage * weight * min(1.0, brought)
    for requirement, finding in zip(call.requirements, found.findings, strict=True):
        if requirement.severity is Severity.SHOULD:
            total += BONUS * passes(requirement, finding, call.project, certain=True)
    return total


def brings(candidate: Candidate, name: str, code: str) -> float:
    if name == GROUP:
        return float(group_of(candidate) == code)
    if code in getattr(candidate.profile, name):
        return 1.0
    return 0.5 if code in candidate.profile.inferred else 0.0


def check_proposals(call: Call, scores: Scores, proposals: Sequence[Proposal], teams: list[Counted]) -> None:
    """Each proposal is a best one of the teams that differ enough from those before."""
    before: list[Counted] = []
    by_members = {frozenset(team.team.members): team for team in teams}
    for flavour in FLAVOURS:
        allowed, exchanged = different(teams, before)
        if not allowed:
            break
        proposal = proposals[len(before)]
        found = by_members[frozenset(proposal.team.members)]
        best = max(worth(call, scores, flavour, team) for team in allowed)
        assert proposal.flavour == flavour.name
        assert found in allowed
        assert [f.met for f in proposal.findings] == [f.met for f in found.findings]
        assert not found.refused
        assert proposal.objective == pytest.approx(worth(call, scores, flavour, found))
        assert proposal.objective == pytest.approx(best, abs=NOTHING_TO_GAIN)
        assert proposal.objective <= proposal.bound <= proposal.objective + NOTHING_TO_GAIN
        assert [reason.parameters["exchanged"] for reason in proposal.because] == (
            [] if exchanged is None else [exchanged]
        )
        before.append(found)
    assert len(proposals) == len(before)


def check_block(call: Call, blocked: Sequence[Finding], every: Sequence[Counted]) -> None:
    """The musts named are refused, no fewer would do, and without them a team stands."""
    named = frozenset(finding.requirement for finding in blocked)
    assert all(finding.met is False for finding in blocked)
    assert len(named) == len(blocked) == min(len(team.refused) for team in every)
    assert any(team.refused <= named for team in every)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_proposals_are_the_best_teams_and_blocks_the_smallest(batch: int) -> None:
    outcomes = {"proposed": 0, "blocked": 0, "nobody leads": 0}
    for seed in range(batch, WORLDS, BATCHES):
        call, scores = a_world(seed)
        every = counted(call)
        chosen = first_choice(call, every)
        assembly = propose(call, scores)
        assert not assembly.out_of_time
        if chosen:
            check_proposals(call, scores, assembly.proposals, chosen)
            assert assembly.blocked == assembly.because == ()
        elif every:
            check_block(call, assembly.blocked, every)
            assert assembly.proposals == assembly.because == ()
        else:
            assert [reason.code for reason in assembly.because] == ["nobody_leads"]
            assert assembly.proposals == assembly.blocked == ()
        outcomes["proposed" if chosen else "blocked" if every else "nobody leads"] += 1
    assert min(outcomes.values()) > 0, outcomes


def test_a_world_whose_rows_are_dropped_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Posting, "at_least", lambda *_: None)
    with pytest.raises((AssertionError, KeyError, IndexError)):
        test_proposals_are_the_best_teams_and_blocks_the_smallest(0)


def test_a_presolve_that_drops_too_many_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = AssemblyModel.kept
    monkeypatch.setattr(AssemblyModel, "kept", lambda self, objective: kept(self, objective)[:3])
    with pytest.raises((AssertionError, KeyError, IndexError)):
        test_proposals_are_the_best_teams_and_blocks_the_smallest(0)


def test_a_musts_severity_is_what_blocks() -> None:
    call, scores = next(
        (call, scores) for call, scores in map(a_world, range(WORLDS)) if propose(call, scores).blocked
    )
    as_bonus: list[Requirement] = [
        type(rule)(rule.code, Severity.SHOULD, rule.parameters) for rule in call.requirements
    ]
    assert propose(replace(call, requirements=as_bonus), scores).proposals
