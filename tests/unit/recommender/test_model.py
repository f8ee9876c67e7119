"""The assembly model: rows, what it admits, what it finds, and how it says that it does not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from recommender.exceptions import OutOfTime, SolverFailed
from recommender.model import AssemblyModel, Sizes
from recommender.requirements import Requirement
from recommender.rows import Coverage, Integers, Objective, Row
from recommender.types import Candidate, Capacity, Commitments, Member, Project, Role, Severity, Team
from tests.unit.recommender.small_worlds import a_body, a_project, a_rule, commitments_of, seeded, some_rules
from tests.unit.recommender.worlds import rule, team

PROJECT = Project("M1")
LED = rule("led", "lead_is", condition=[["public_body"]])
THIRD = rule("third", "minimum_members", condition=[["third_sector"]])
SORTS = {"comune": "public_body", "coop": "third_sector", "firm": "sme"}


def body(number: int, sort: str = "coop", **said: Any) -> Candidate:
    return Candidate(number, f"{sort} {number}", "other", frozenset({SORTS[sort]}), **said)


def model(
    *bodies: Candidate, rules: tuple[Requirement, ...] = (), sizes: Sizes | None = None
) -> AssemblyModel:
    made = AssemblyModel(bodies[1:], bodies[0], PROJECT, Commitments(), sizes or Sizes())
    made.require(rules, certain=True)
    return made


def best(made: AssemblyModel, *values: float, **said: Any) -> list[tuple[int, str]] | None:
    solution = made.solve(Objective.of(np.array(values, dtype=float), **said))
    return solution and sorted((m.candidate.id, m.role.value) for m in solution.team.members)


COMUNE, COOP, FIRM = body(1, "comune"), body(2), body(3, "firm")


def test_the_best_team_has_whoever_adds_something() -> None:
    assert best(model(COMUNE, COOP, FIRM), 0, 1, -1, leading=np.array([1.0, 0, 0])) == [
        (1, "lead"),
        (2, "partner"),
    ]


def test_whoever_is_needed_is_in_though_it_costs() -> None:
    made = model(FIRM, COMUNE, COOP, rules=(LED, THIRD))
    assert best(made, 0, -5, -7) == [(1, "lead"), (2, "partner"), (3, "partner")]


@pytest.mark.parametrize("bodies", [(COMUNE, COOP, COMUNE), (COMUNE, COOP, COOP)])
def test_nobody_is_in_the_pool_twice(bodies: tuple[Candidate, ...]) -> None:
    with pytest.raises(ValueError, match="once"):
        model(*bodies)


def test_no_team_is_none() -> None:
    assert best(model(COMUNE, FIRM, rules=(LED, THIRD)), 0, 0) is None


def test_a_refused_statement_leaves_no_team() -> None:
    made = model(COMUNE, COOP)
    assert made.admits(team(COMUNE))
    rule("value", "amount_between", minimum=1).constrain(made, certain=True)
    assert best(made, 0, 0) is None
    assert not made.admits(team(COMUNE))


def test_a_team_is_as_large_as_its_sizes_say() -> None:
    three = model(COMUNE, COOP, FIRM, sizes=Sizes(3, 3))
    assert best(three, 0, -1, -1, leading=np.array([1.0, 0, 0])) is not None
    assert best(model(COMUNE, COOP, FIRM, sizes=Sizes(1, 2)), 0, 1, 2, leading=np.array([9.0, 0, 0])) == [
        (1, "lead"),
        (3, "partner"),
    ]
    assert best(model(COMUNE, COOP, sizes=Sizes(3, 3)), 0, 0) is None


def test_only_so_many_stand_in_the_network() -> None:
    firms_only = rule("firms", "every_applicant", condition=[["sme"]])
    made = model(FIRM, COMUNE, COOP, rules=(firms_only,), sizes=Sizes(1, 5, 1))
    assert best(made, 0, 1, 2) == [(2, "network"), (3, "lead")]


def test_who_cannot_join_now_is_not_in_but_the_asker_is() -> None:
    later, not_now = body(2, capacity=Capacity.LATER), body(3, capacity=Capacity.NOT_NOW)
    asker = body(1, "comune", capacity=Capacity.LATER)
    assert best(model(asker, later, not_now), 0, 9, 9) == [(1, "lead")]


def test_who_would_only_be_a_partner_does_not_lead() -> None:
    asker, partner = body(1, capacity=Capacity.PARTNER), body(2, capacity=Capacity.PARTNER)
    assert best(model(asker, partner), 0, 9) is None
    assert best(model(asker, partner, FIRM), 0, 9, -9) == [(1, "partner"), (2, "partner"), (3, "lead")]


def test_no_team_stands_where_no_place_is_open_to_the_asker() -> None:
    nobody_applies = rule("applicants", "every_applicant", condition=[["public_body"]])
    assert best(model(COOP, rules=(nobody_applies,)), 0) is None
    assert best(model(COOP, COMUNE, rules=(nobody_applies,)), 0, 0) is None


def test_each_thing_counts_once_up_to_its_weight() -> None:
    share = np.array([[0, 0], [1, 0], [1, 0.5], [0, 0.5]], dtype=float)
    made = model(COMUNE, body(2), body(3), body(4), sizes=Sizes(1, 4))
    objective = Objective.of(np.array([0, -0.1, -0.2, -0.1]), coverage=Coverage(share, np.array([0.6, 0.4])))
    solution = made.solve(objective)
    assert solution is not None
    # 3 and 4 bring both things wholly; 2 would add nothing but its price.
    assert {c.id for c in solution.team.candidates} == {1, 3, 4}
    assert solution.objective == pytest.approx(1.0 - 0.3)
    assert solution.bound == pytest.approx(solution.objective)


def test_a_preference_is_kept_where_it_is_worth_its_price() -> None:
    bonus = rule("bonus", "lead_is", Severity.SHOULD, condition=[["public_body"]])
    for credit, lead, missed in ((2.0, 1, []), (0.5, 2, ["bonus"])):
        made = model(body(2), COMUNE)
        made.prefer(bonus, credit, certain=True)
        solution = made.solve(Objective.of(np.array([0.0, -1.0])))
        assert solution is not None
        assert solution.team.lead is not None
        assert solution.team.lead.id == lead
        assert [found.code for found in solution.missed] == missed
        assert solution.objective == pytest.approx(max(credit - 1, 0))


def test_a_preference_for_a_count_or_a_statement_may_be_given_up() -> None:
    two = rule("two", "minimum_members", Severity.SHOULD, condition=[["third_sector"]], minimum=2)
    unsaid = rule("form", "form_among", Severity.SHOULD, forms=["ATS"])
    made = AssemblyModel([COOP], COMUNE, replace(PROJECT, form="ATI"), Commitments(), Sizes())
    for preferred in (two, unsaid):
        made.prefer(preferred, 1.0, certain=True)
    solution = made.solve(Objective.of(np.array([0.0, 0.1])))
    assert solution is not None
    assert [found.code for found in solution.missed] == ["two", "form"]
    assert solution.objective == pytest.approx(0.1)
    assert solution.bound == pytest.approx(0.1)


def test_what_is_added_to_a_copy_stays_there() -> None:
    made = model(COMUNE, COOP)
    twin = made.copy()
    twin.require([LED, THIRD], certain=True)
    twin.prefer(LED, 1.0, certain=True)
    twin.other_than(frozenset({2}))
    twin.closed[:, 1] = True
    assert best(twin, 0, 0) is None
    assert best(made, 0, 1, leading=np.array([1.0, 0])) == [(1, "lead"), (2, "partner")]
    assert (made.rows, made.preferences) == ([], [])


def test_a_further_team_exchanges_members() -> None:
    bodies = [COMUNE, *(body(number) for number in range(2, 7))]
    made = model(*bodies, sizes=Sizes(1, 4))
    values = (0, 5, 4, 3, 2, 1)
    assert best(made, *values, leading=np.array([9.0, 0, 0, 0, 0, 0])) == [
        (1, "lead"),
        (2, "partner"),
        (3, "partner"),
        (4, "partner"),
    ]
    made.differ_from(frozenset({2, 3, 4}), leave=1, join=1)
    assert [number for number, _role in best(made, *values) or []] == [1, 2, 3, 5]
    made.differ_from(frozenset({2, 3, 4}), leave=2, join=2)
    assert [number for number, _role in best(made, *values) or []] == [1, 2, 5, 6]
    made.differ_from(frozenset({2, 5, 6}), leave=3, join=3)
    assert best(made, *values) is None


def test_any_other_team_may_be_the_same_and_one_more_or_less() -> None:
    made = model(COMUNE, COOP, FIRM, sizes=Sizes(1, 3))
    made.other_than(frozenset({2, 3}))
    assert [number for number, _role in best(made, 0, 2, 1) or []] == [1, 2]
    made.other_than(frozenset({2}))
    made.other_than(frozenset({3}))
    assert [number for number, _role in best(made, 0, 2, 1) or []] == [1]
    made.other_than(frozenset())
    assert best(made, 0, 2, 1) is None


@pytest.mark.parametrize(
    ("looked_at", "admitted"),
    [
        (team(COMUNE), True),
        (team(COMUNE, COOP), True),
        (team(COOP, COMUNE), True),
        (team(COOP), False),
        (team(None, COMUNE), False),
        (team(COMUNE, COOP, COOP), False),
        (team(COMUNE, COOP).joined_by(COOP, Role.NETWORK), False),
        (Team((Member(COMUNE, Role.LEAD), Member(COOP, Role.LEAD))), False),
        (team(COMUNE).joined_by(COOP, Role.NETWORK), False),
        (team(COMUNE, COOP, FIRM), False),
        (team(COMUNE, body(9)), False),
    ],
)
def test_a_team_is_admitted_with_the_asker_one_lead_and_each_body_once(
    looked_at: Team, admitted: bool
) -> None:
    assert model(COMUNE, COOP, FIRM, sizes=Sizes(1, 2)).admits(looked_at) is admitted


@pytest.mark.parametrize(
    "broken",
    [
        {"value": np.array([0.0, np.nan])},
        {"value": np.array([0.0, np.inf])},
        {"value": np.zeros(2), "leading": np.array([np.nan, 0.0])},
        {"value": np.zeros(2), "coverage": Coverage(np.zeros((2, 1)), np.array([-1.0]))},
        {"value": np.zeros(2), "coverage": Coverage(np.full((2, 1), np.nan), np.ones(1))},
    ],
)
def test_what_cannot_be_compared_is_refused_rather_than_called_impossible(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="finite"):
        Objective.of(**broken)


def ending(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    """Let the solver end another way than it did."""
    milp = optimize.milp
    monkeypatch.setattr(optimize, "milp", lambda *given, **said: change(milp(*given, **said)))


def ended(**how: Any) -> Callable[[Any], Any]:
    return lambda found: SimpleNamespace(**{**found, "message": "", **how})


def test_out_of_time_is_not_no_team(monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, ended(status=1, x=None))
    with pytest.raises(OutOfTime, match="in time"):
        best(model(COMUNE, COOP), 0, 1)


def test_a_real_solve_without_time_is_out_of_time() -> None:
    pick = seeded(3)
    bodies = [replace(a_body(pick, number), manages=frozenset()) for number in range(1, 300)]
    made = model(*bodies, rules=(THIRD,), sizes=Sizes(3, 7))
    rng = np.random.default_rng(3)
    cover = Coverage((rng.random((299, 9)) < 0.3).astype(float), np.ones(9))
    with pytest.raises(OutOfTime):
        made.solve(Objective.of(rng.random(299) - 0.9, coverage=cover), seconds=0.0)


def test_a_team_found_before_the_time_was_over_comes_with_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    objective = Objective.of(np.array([0.0, 4.0, 5.0]), np.array([1.0, 0, 0]))
    alone = np.eye(6)[0]  # the asker leads, and nobody else is in
    ending(monkeypatch, ended(status=1, x=alone, mip_dual_bound=-8.5))
    solution = model(COMUNE, COOP, FIRM).solve(objective)
    assert solution is not None
    assert (solution.objective, solution.bound) == (1.0, 8.5)


@pytest.mark.parametrize("bound", [-np.inf, None])
def test_a_bound_is_a_number_even_when_nothing_is_proven(
    bound: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending(monkeypatch, ended(status=1, mip_dual_bound=bound, fun=-5.0))
    cover = Coverage(np.zeros((3, 1)), np.array([2.0]))
    objective = Objective.of(np.array([0.0, 2.0, 3.0]), np.array([1.0, 0, 0]), cover)
    solution = model(COMUNE, COOP, FIRM).solve(objective)
    assert solution is not None
    assert solution.objective == 6.0
    assert solution.bound == (6.0 if bound is None else 8.0)


def test_a_solver_that_breaks_down_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, ended(status=4, x=None, message="numerical trouble"))
    with pytest.raises(SolverFailed, match="numerical trouble"):
        best(model(COMUNE, COOP), 0, 1)


def test_an_answer_that_breaks_the_rows_is_never_a_team(monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, lambda found: SimpleNamespace(**{**found, "x": np.ones_like(found.x)}))
    with pytest.raises(SolverFailed, match="breaks the rows"):
        best(model(COMUNE, COOP), 0, 1)


class Everybody(AssemblyModel):
    """The model without presolve."""

    def kept(self, objective: Objective) -> Integers:
        return np.arange(len(objective.value))


class FirstTen(AssemblyModel):
    """A model whose presolve is wrong."""

    def kept(self, objective: Objective) -> Integers:
        return super().kept(objective)[:10]


def optimum(kind: type[AssemblyModel], seed: int) -> tuple[float | None, int]:
    """The value of the best team of a random world of up to 60 bodies, and how many bodies were kept."""
    pick, rng = seeded(seed), np.random.default_rng(seed)
    bodies = [a_body(pick, number, capacities=[*Capacity]) for number in range(1, pick(range(2, 61)))]
    project, commitments = a_project(pick), commitments_of(pick, bodies)
    made = kind(bodies[1:], bodies[0], project, commitments, pick((Sizes(1, 5), Sizes(3, 7), Sizes(2, 5, 2))))
    made.require(some_rules(pick, ABOUT_MEMBERS, 3), certain=pick((True, False)))
    made.prefer(a_rule(pick, pick(ABOUT_MEMBERS), "bonus", Severity.SHOULD), 0.5, certain=True)
    if pick((True, False)):
        made.differ_from(frozenset(range(2, 6)), leave=1, join=1)
    things = pick((0, 1, 4))
    share = pick((0.0, 0.5, 1.0, 1.0)) * rng.integers(0, 2, (len(bodies), things))
    objective = Objective.of(
        rng.integers(-8, 6, len(bodies)) / 4,
        rng.integers(0, 2, len(bodies)) / 2,
        Coverage(share, rng.integers(0, 4, things) / 4),
    )
    solution = made.solve(objective)
    return None if solution is None else solution.objective, len(made.kept(objective))


ABOUT_MEMBERS = (
    "minimum_members",
    "every_applicant",
    "lead_is",
    "lead_includes",
    "commitment_cap",
    "managers_share_district",
)


@pytest.mark.parametrize("batch", range(4))
def test_the_presolve_keeps_the_optimum(batch: int) -> None:
    kept = every = solved = 0
    for seed in range(batch, 160, 4):
        value, few = optimum(AssemblyModel, seed)
        same, all_ = optimum(Everybody, seed)
        assert value == (None if same is None else pytest.approx(same, abs=1e-5))
        kept, every, solved = kept + few, every + all_, solved + (value is not None)
    assert kept < 0.8 * every
    assert solved >= 15


def test_the_presolve_keeps_who_leads_well_among_many_worth_more() -> None:
    made = model(*(body(number) for number in range(1, 14)), sizes=Sizes(1, 3))
    leading = np.zeros(13)
    leading[12] = 5.0
    values = [0.0, *([1.0] * 11), 0.5]
    assert best(made, *values, leading=leading) == [(1, "partner"), (2, "partner"), (13, "lead")]


def test_the_presolve_keeps_who_is_not_limited_among_many_worth_more() -> None:
    made = model(*(body(number) for number in range(1, 14)), sizes=Sizes(3, 3))
    limited = np.zeros((3, 13))
    limited[:, 1:11] = 1
    made.rows.append(Row(limited, -np.inf, 0))
    values = [0.0, *([1.0] * 10), -1.0, -1.0]
    assert [number for number, _role in best(made, *values) or []] == [1, 12, 13]


def test_a_presolve_that_drops_the_wrong_bodies_is_found_out() -> None:
    assert any(optimum(FirstTen, seed)[0] != optimum(Everybody, seed)[0] for seed in range(30))
