"""Who would mend what a team lacks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import requirements as rules_module
from recommender.requirements import Requirement, evaluate, repairs, sort_of
from recommender.types import Candidate, Commitments, Place, Project, Role, Severity, Team
from tests.unit.recommender.small_worlds import a_body, a_project, commitments_of, some_rules
from tests.unit.recommender.worlds import rule, team

HERE, THERE = Place(districts=frozenset({"pinerolo"})), Place(districts=frozenset({"asti"}))
PROJECT = Project("M1", districts=frozenset({"pinerolo"}))


def public(number: int, place: Place = HERE) -> Candidate:
    return Candidate(number, f"Comune {number}", "public_body", frozenset({"public_body"}), place=place)


def coop(number: int) -> Candidate:
    return Candidate(
        number, f"Coop {number}", "third_sector", frozenset({"third_sector"}), frozenset({"sme"}), place=HERE
    )


def firm(number: int) -> Candidate:
    return Candidate(number, f"Firm {number}", "enterprise", frozenset({"sme"}), place=HERE)


def mend(requirement: Requirement, looked_at: Team, *bodies: Candidate, **said: Any) -> list[int]:
    found = repairs([requirement], looked_at, PROJECT, Commitments(**said), bodies)
    assert found.keys() == {requirement.code}
    return found[requirement.code]


TWO_FIRMS = rule("firms", "minimum_members", condition=[["sme"]], minimum=2)


def test_who_is_missing_mends_it_in_the_order_of_the_bodies() -> None:
    assert mend(TWO_FIRMS, team(firm(1)), firm(9), coop(3), public(4), firm(2)) == [9, 2]


def test_who_brings_it_nearer_mends_it_too() -> None:
    three = rule("firms", "minimum_members", condition=[["sme"]], minimum=3)
    assert mend(three, team(firm(1)), firm(2), coop(3)) == [2]


def test_who_only_may_fit_is_not_counted() -> None:
    assert mend(TWO_FIRMS, team(firm(1)), coop(3)) == []


def test_a_sure_one_mends_what_hangs_on_who_may_fit() -> None:
    assert mend(TWO_FIRMS, team(firm(1), coop(3)), firm(2), coop(4)) == [2]


def test_another_lead_mends_a_wrong_one_who_then_stays() -> None:
    led = rule("led", "lead_is", condition=[["public_body"]])
    assert mend(led, team(coop(1)), public(2), coop(3), public(4)) == [2, 4]
    assert mend(led, team(None, coop(1)), public(2), coop(3)) == [2]


def test_only_a_lead_of_the_district_mends_a_lead_from_elsewhere() -> None:
    local = rule("local", "lead_works_in_district")
    assert mend(local, team(public(1, THERE)), public(2), public(3, THERE), coop(4)) == [2, 4]


def test_a_large_lead_and_a_small_partner_each_bring_the_pair_nearer() -> None:
    pair = rule("pair", "lead_includes", Severity.SHOULD, lead=[["public_body"]], condition=[["sme"]])
    assert mend(pair, team(coop(1)), firm(2), public(3), coop(4)) == [2, 3]
    assert mend(pair, team(coop(1), firm(2)), firm(5), public(3)) == [3]


def test_who_only_may_lead_such_a_pair_is_not_counted() -> None:
    pair = rule("pair", "lead_includes", lead=[["public_body"]], condition=[["sme"]])
    maybe = Candidate(3, "Ente", "other", unknown=frozenset({"public_body"}), place=HERE)
    assert mend(pair, team(coop(1), firm(2)), maybe, public(4)) == [4]


def test_nobody_mends_what_a_member_breaks() -> None:
    firms_only = rule("applicants", "every_applicant", condition=[["sme"]])
    cap = rule("cap", "commitment_cap", condition=[["third_sector"]], maximum=2)
    assert mend(firms_only, team(public(1)), firm(2)) == []
    assert mend(cap, team(coop(1)), coop(2), projects={1: 2}) == []


def test_nobody_mends_what_the_project_has_to_say() -> None:
    assert mend(rule("form", "form_among", forms=["ATS"]), team(coop(1)), coop(2)) == []


def test_what_is_met_and_what_only_informs_needs_nobody() -> None:
    note = rule("note", "minimum_members", Severity.INFO, condition=[["sme"]])
    looked_at = team(firm(1), firm(2))
    assert repairs([TWO_FIRMS, note], looked_at, PROJECT, Commitments(), [firm(3)]) == {}
    assert repairs([note], team(coop(1)), PROJECT, Commitments(), [firm(3)]) == {}


def test_a_member_neither_mends_nor_stands_for_its_sort() -> None:
    member = firm(1)
    assert mend(TWO_FIRMS, team(member), member, firm(2)) == [2]
    assert mend(TWO_FIRMS, team(member), member) == []


def test_bodies_that_no_rule_tells_apart_are_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    look = rules_module.MinimumMembers.look
    monkeypatch.setattr(
        rules_module.MinimumMembers,
        "look",
        lambda self, looked_at, *rest: tried.append(looked_at) or look(self, looked_at, *rest),
    )
    many = [firm(number) for number in range(10, 500)]
    assert len(mend(TWO_FIRMS, team(firm(1)), *many)) == 490
    assert len(tried) <= 3


def mends(requirement: Requirement, looked_at: Team, project: Project, commitments: Commitments) -> bool:
    return requirement.evaluate(looked_at, project, commitments).met is True


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_everyone_who_alone_would_meet_a_rule_is_found(data: st.DataObject) -> None:
    """In whatever role: who helps from the network helps as partner too."""

    def pick(options: Any) -> Any:
        return data.draw(st.sampled_from(list(options)))

    bodies = [a_body(pick, number) for number in range(1, 7)]
    project, commitments = a_project(pick), commitments_of(pick, bodies)
    looked_at = team(bodies[0], bodies[1])
    rules = some_rules(pick, most=4)
    found = repairs(rules, looked_at, project, commitments, bodies[2:])
    open_ = [f.requirement for f in evaluate(rules, looked_at, project, commitments) if f.met is not True]
    assert list(found) == open_
    for requirement in rules:
        for body in bodies[2:] if requirement.code in found else ():
            as_lead = team(body, bodies[0], bodies[1])
            teams = [as_lead, *(looked_at.joined_by(body, role) for role in (Role.PARTNER, Role.NETWORK))]
            if any(mends(requirement, tried, project, commitments) for tried in teams):
                assert body.id in found[requirement.code]


def test_a_sort_is_what_rules_look_at_and_nothing_else() -> None:
    here = firm(1)
    same = Candidate(
        2, "Altro nome", "other", here.attributes, place=Place("1", "TO", districts=HERE.districts)
    )
    assert sort_of(here, PROJECT, Commitments()) == sort_of(same, PROJECT, Commitments())
    assert sort_of(here, PROJECT, Commitments()) != sort_of(here, PROJECT, Commitments({1: 1}))
    assert sort_of(public(1), PROJECT, Commitments()) != sort_of(public(1, THERE), PROJECT, Commitments())
