"""Whether any team of a pool can stand: against counting every team of a small world."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.feasibility import Pool, blocking_rules, easiest_team, stand_ins
from recommender.requirements import Requirement, evaluate
from recommender.types import Candidate, Capacity, Commitments, Member, Place, Project, Role, Severity, Team

PINEROLO = Place("001191", "TO", "piemonte", 44.9, 7.3, frozenset({"pinerolo"}))
KINDS = {
    "public": frozenset({"public_body"}),
    "coop": frozenset({"third_sector", "enterprise"}),
    "firm": frozenset({"enterprise", "sme"}),
}
UNKNOWN = {"coop": frozenset({"sme"})}


def body(number: int, sort: str, *, on_platform: bool = False, **said: object) -> Candidate:
    return Candidate(
        id=number,
        name=f"Ente {number}",
        kind=sort,
        attributes=KINDS[sort],
        unknown=UNKNOWN.get(sort, frozenset()),
        place=PINEROLO,
        on_platform=on_platform,
        **said,  # type: ignore[arg-type]
    )


def rule(code: str, kind: str, severity: Severity = Severity.MUST, **parameters: object) -> Requirement:
    return Requirement.from_rule(code, kind, severity, parameters)


PUBLIC = rule("public", "minimum_members", condition=[["public_body"]])
THIRD = rule("third", "minimum_members", condition=[["third_sector"]])
LED = rule("led", "lead_is", condition=[["public_body"]])
FIRMS = rule("firms", "every_applicant", condition=[["sme"]])
TWO_FIRMS = rule("two_firms", "minimum_members", condition=[["sme"]], minimum=2)
FORM = rule("form", "form_among", forms=["ATS"])
WELFARE = (PUBLIC, THIRD, LED)
COMPANIES = (FIRMS, TWO_FIRMS)


def pool(*candidates: Candidate, rules: tuple[Requirement, ...] = WELFARE, **said: object) -> Pool:
    project = Project(measure="M1", districts=frozenset({"pinerolo"}))
    return Pool(candidates, project, rules, **said)  # type: ignore[arg-type]


def ids(team: Team | None) -> set[int]:
    assert team is not None
    return {candidate.id for candidate in team.candidates}


def test_the_smallest_team_that_meets_every_must_is_found() -> None:
    team = easiest_team(
        pool(body(1, "public"), body(2, "coop"), body(3, "coop"), body(4, "firm")), certain=True
    )
    assert team is not None
    assert ids(team) in ({1, 2}, {1, 3})
    assert team.lead is not None
    assert team.lead.id == 1


def test_a_body_on_the_platform_is_taken_before_one_to_invite() -> None:
    bodies = [
        body(1, "public"),
        body(2, "coop"),
        body(3, "coop", on_platform=True),
        body(4, "public", on_platform=True),
    ]
    assert ids(easiest_team(pool(*bodies), certain=True)) == {3, 4}


def test_two_on_the_platform_are_easier_than_one_to_invite() -> None:
    both = Candidate(
        9, "Azienda speciale", "public", frozenset({"public_body", "third_sector"}), place=PINEROLO
    )
    bodies = [both, body(1, "public", on_platform=True), body(2, "coop", on_platform=True)]
    assert ids(easiest_team(pool(*bodies), certain=True)) == {1, 2}


def test_whoever_manages_the_services_is_preferred_as_lead() -> None:
    managing = body(7, "public", manages=frozenset({"pinerolo"}))
    assert 7 in ids(easiest_team(pool(body(1, "public"), managing, body(2, "coop")), certain=True))


def test_no_team_stands_without_a_third_sector_body() -> None:
    alone = pool(body(1, "public"), body(4, "firm"))
    assert easiest_team(alone, certain=False) is None
    assert blocking_rules(alone) == ("third",)


def test_what_is_not_known_of_members_stands_only_when_unknowns_are_let_in() -> None:
    coops = pool(body(1, "coop"), body(2, "coop"), rules=COMPANIES)
    assert easiest_team(coops, certain=True) is None
    assert ids(easiest_team(coops, certain=False)) == {1, 2}
    assert blocking_rules(coops) == ()


def test_what_the_project_has_not_said_yet_blocks_nobody() -> None:
    assert easiest_team(pool(body(1, "public"), body(2, "coop"), rules=(*WELFARE, FORM)), certain=True)


def test_whoever_cannot_join_now_is_left_out() -> None:
    busy = pool(body(1, "public", capacity=Capacity.NOT_NOW), body(2, "coop"))
    assert easiest_team(busy, certain=False) is None


def test_a_body_in_too_many_projects_blocks_when_it_is_the_only_one() -> None:
    cap = rule("cap", "commitment_cap", condition=[["third_sector"]], maximum=2)
    taken = pool(
        body(1, "public"), body(2, "coop"), rules=(*WELFARE, cap), commitments=Commitments(projects={2: 2})
    )
    assert easiest_team(taken, certain=False) is None
    assert len(blocking_rules(taken)) == 1


def test_an_empty_pool_is_blocked_by_every_must_about_members() -> None:
    assert easiest_team(pool(rules=(*WELFARE, FORM)), certain=False) is None
    assert blocking_rules(pool(rules=(*WELFARE, FORM))) == ("public", "third", "led")


def test_a_bonus_never_blocks() -> None:
    bonus = rule("bonus", "minimum_members", Severity.SHOULD, condition=[["sme"]])
    assert easiest_team(pool(body(1, "public"), body(2, "coop"), rules=(*WELFARE, bonus)), certain=True)


def test_stand_ins_are_those_whom_no_rule_tells_apart() -> None:
    first, second, other = body(1, "coop"), body(2, "coop"), body(3, "public")
    joined = body(4, "coop", on_platform=True)
    assert stand_ins(pool(first, second, other, joined), first) == [first, second]


@pytest.mark.parametrize("certain", [True, False])
@settings(max_examples=60, deadline=None)
@given(
    sorts=st.lists(st.sampled_from(sorted(KINDS)), max_size=5),
    joined=st.lists(st.booleans(), min_size=5, max_size=5),
    rules=st.lists(st.sampled_from([PUBLIC, THIRD, LED, FIRMS, TWO_FIRMS]), max_size=4, unique=True),
)
def test_it_finds_a_team_exactly_where_counting_every_team_finds_one(
    certain: bool, sorts: list[str], joined: list[bool], rules: list[Requirement]
) -> None:
    bodies = [body(n, sort, on_platform=joined[n - 1]) for n, sort in enumerate(sorts, start=1)]
    asked = pool(*bodies, rules=tuple(rules), largest=5)
    standing = [team for team in every_team(bodies) if stands(team, asked, certain)]
    found = easiest_team(asked, certain=certain)
    assert (found is not None) == bool(standing)
    if found is not None:
        assert stands(found, asked, certain)
        assert invitations(found) == min(map(invitations, standing))


def every_team(bodies: list[Candidate]) -> list[Team]:
    return [
        Team(tuple(Member(c, Role.LEAD if c is lead else Role.PARTNER) for c in chosen))
        for size in range(1, len(bodies) + 1)
        for chosen in combinations(bodies, size)
        for lead in chosen
    ]


def stands(team: Team, asked: Pool, certain: bool) -> bool:
    findings = evaluate(asked.requirements, team, asked.project, asked.commitments)
    return all(finding.met is True or (finding.met is None and not certain) for finding in findings)


def invitations(team: Team) -> int:
    return sum(not candidate.on_platform for candidate in team.candidates)
