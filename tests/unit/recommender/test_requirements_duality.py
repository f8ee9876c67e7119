"""The two faces of every kind of rule agree: counted on every team of small worlds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.model import AssemblyModel, Sizes
from recommender.requirement_base import Model
from recommender.requirements import KINDS, Requirement, evaluate
from recommender.rows import ROLES, Objective
from recommender.types import Capacity, Member, Severity, Team
from tests.unit.recommender.small_worlds import (
    Pick,
    a_body,
    a_project,
    a_rule,
    commitments_of,
    disagreements,
    every_team,
    seeded,
    some_rules,
)

CERTAINTIES = pytest.mark.parametrize("certain", [True, False])


def picking(data: st.DataObject) -> Pick:
    return lambda options: data.draw(st.sampled_from(list(options)))


def world(pick: Pick, rules: list[Requirement], most: int = 3, **said: Any) -> tuple[Any, ...]:
    bodies = [a_body(pick, number, **said) for number in range(1, pick(range(1, most + 1)) + 1)]
    return rules, bodies, a_project(pick), commitments_of(pick, bodies)


@CERTAINTIES
@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_model_admits_exactly_the_teams_that_pass_a_kind_of_rule(
    kind: str, certain: bool, data: st.DataObject
) -> None:
    pick = picking(data)
    assert disagreements(*world(pick, [a_rule(pick, kind)]), certain=certain) == []


@CERTAINTIES
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_model_admits_exactly_the_teams_that_pass_a_list_of_rules(
    certain: bool, data: st.DataObject
) -> None:
    pick = picking(data)
    capacities = tuple(Capacity)
    found = disagreements(*world(pick, some_rules(pick), capacities=capacities), certain=certain)
    assert found == []


def test_a_bonus_or_a_note_keeps_no_team_out() -> None:
    pick = seeded(5)
    for severity in (Severity.SHOULD, Severity.INFO):
        for kind in KINDS:
            rules = [a_rule(pick, kind, severity=severity)]
            assert disagreements(*world(pick, rules, 4), certain=True) == []


@CERTAINTIES
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_solver_finds_exactly_the_teams_that_the_model_admits(certain: bool, data: st.DataObject) -> None:
    pick = picking(data)
    rules, bodies, project, commitments = world(pick, some_rules(pick, most=3))
    sizes = Sizes(1, 3, 1)
    model = AssemblyModel(bodies[1:], bodies[0], project, commitments, sizes)
    model.require(rules, certain=certain)
    for team in every_team(bodies[0], bodies[1:], sizes):
        forced = model.copy()
        for body, candidate in enumerate(model.candidates):
            role = next((m.role for m in team.members if m.candidate is candidate), None)
            forced.closed[[other is not role for other in ROLES], body] = True
        forced.sizes = Sizes(len(team.members), 3, 1)
        found = forced.solve(Objective.of(np.zeros(len(bodies))))
        assert (found is not None) == model.admits(team)
        if found is not None:
            assert set(found.team.members) == set(team.members)


def forget(_requirement: Requirement, _model: Model, _certain: bool) -> None:
    """A broken face that posts nothing."""


def posts(certain: bool) -> Callable[[Requirement, Model, bool], None]:
    """A broken face that posts one certainty whatever is asked."""

    def constrain(requirement: Requirement, model: Model, _certain: bool) -> None:
        type(requirement).constrain(requirement, model, certain)

    return constrain


@pytest.mark.parametrize(
    ("broken", "certain"), [(forget, True), (forget, False), (posts(True), False), (posts(False), True)]
)
@pytest.mark.parametrize(
    "kind", ["minimum_members", "every_applicant", "lead_is", "lead_includes", "commitment_cap"]
)
def test_a_broken_face_is_found_out(
    kind: str,
    broken: Callable[[Requirement, Model, bool], None],
    certain: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []
    for seed in range(60):
        pick = seeded(seed)
        rule = a_rule(pick, kind)
        monkeypatch.setattr(
            rule, "constrain", lambda model, asked, rule=rule: broken(rule, model, asked), raising=False
        )
        found += disagreements(*world(pick, [rule], 4), certain=certain)
    assert found


def test_a_row_left_out_of_the_model_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AssemblyModel, "at_least", lambda *_: None)
    picks = [seeded(seed) for seed in range(40)]
    assert any(
        disagreements(*world(pick, [a_rule(pick, "minimum_members")], 4), certain=True) for pick in picks
    )


def test_bodies_of_one_sort_are_alike_to_every_kind_of_rule() -> None:
    model_sorts: dict[object, list[Any]] = {}
    pick = seeded(11)
    project, bodies = a_project(pick), [a_body(pick, number) for number in range(1, 400)]
    commitments = commitments_of(pick, bodies)
    rules = [a_rule(pick, kind, f"{kind} {n}") for kind in KINDS for n in range(6)]
    bodies_alike = AssemblyModel(bodies, a_body(pick, 400), project, commitments, Sizes()).bodies
    for body, sort in zip(bodies, bodies_alike.sort[1:], strict=True):
        verdicts = [
            finding.met
            for role in ROLES
            for finding in evaluate(rules, Team((Member(body, role),)), project, commitments)
        ]
        model_sorts.setdefault(int(sort), []).append(verdicts)
    assert len(model_sorts) < len(bodies)
    assert all(alike == kin[0] for kin in model_sorts.values() for alike in kin)
