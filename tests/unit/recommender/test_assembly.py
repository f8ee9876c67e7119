"""Proposals: what comes first, how they differ, and what is said when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp, nan
from typing import Any

import numpy as np
import pytest

from recommender import model as model_module
from recommender.assembly import (
    FLAVOURS,
    GROUP,
    LEADING,
    Assembly,
    Call,
    Clock,
    Flavour,
    Scores,
    coverage_of,
    propose,
)
from recommender.blocking import block_findings, smallest_block
from recommender.exceptions import OutOfTime
from recommender.model import Sizes
from recommender.program import Program
from recommender.requirements import Requirement
from recommender.types import (
    Candidate,
    Capacity,
    Commitments,
    Place,
    Profile,
    Project,
    Reason,
    Role,
    Severity,
    qualifies,
)
from tests.unit.recommender.worlds import codes, rule

PINEROLO = Place(region="piemonte", districts=frozenset({"pinerolo"}))
PROJECT = Project("M1", districts=frozenset({"pinerolo"}))
PUBLIC = rule("public", "minimum_members", condition=[["public_body"]])
THIRD = rule("third", "minimum_members", condition=[["third_sector"]])
LED = rule("led", "lead_is", condition=[["public_body"]])
FORM = rule("form", "form_among", forms=["ATS"])
WELFARE = (PUBLIC, THIRD, LED, FORM)


def body(number: int, *attributes: str, **said: Any) -> Candidate:
    kind = "public_body" if "public_body" in attributes else "third_sector"
    standard: dict[str, Any] = {"place": PINEROLO, "on_platform": False}
    return Candidate(number, f"Ente {number}", kind, attributes=frozenset(attributes), **(standard | said))


def comune(number: int, **said: Any) -> Candidate:
    return body(number, "public_body", **said)


def coop(number: int, **said: Any) -> Candidate:
    return body(number, "third_sector", **said)


def call(*bodies: Candidate, rules: Sequence[Requirement] = WELFARE, **said: Any) -> Call:
    standard: dict[str, Any] = {"project": PROJECT, "sizes": Sizes(2, 4)}
    return Call(bodies[0], bodies[1:], requirements=rules, **(standard | said))


def even(asked: Call, **said: Any) -> Scores:
    """Everybody alike: a good match next door."""
    count = len(asked.candidates)
    standard: dict[str, Any] = {
        "match": np.full(count, 0.8),
        "tie": np.zeros(count),
        "distance_km": np.zeros(count),
        "newcomer": np.zeros(count, dtype=bool),
        "on_platform": np.zeros(count, dtype=bool),
    }
    return Scores(**(standard | {name: np.array(values) for name, values in said.items()}))


def members(assembly: Assembly) -> list[set[int]]:
    return [{candidate.id for candidate in p.team.candidates} for p in assembly.proposals]


def test_a_cooperative_gets_a_public_lead_and_says_what_the_project_has_still_to_say() -> None:
    asked = call(coop(1), coop(2), comune(3), rules=WELFARE, sizes=Sizes(2, 2))
    (only,) = propose(asked, even(asked)).proposals
    assert only.team.lead is not None
    assert only.team.lead.id == 3
    assert [(finding.requirement, finding.met) for finding in only.findings] == [
        ("public", True),
        ("third", True),
        ("led", True),
        ("form", None),
    ]
    assert qualifies(only.findings) is None


def test_the_asker_leads_where_it_may() -> None:
    asked = call(comune(1), coop(2), comune(3), sizes=Sizes(3, 3))
    assert [p.team.lead and p.team.lead.id for p in propose(asked, even(asked)).proposals] == [1]


def test_else_the_sort_that_leads_such_teams_does() -> None:
    manager = body(4, "public_body", "ente_gestore")
    asked = call(coop(1), comune(2), comune(3), manager, lead_groups=frozenset({"ente_gestore"}))
    first = propose(asked, even(asked)).proposals[0]
    assert first.team.lead is manager


def test_each_flavour_puts_something_else_first() -> None:
    friend, versatile, newcomer = coop(2), coop(3, profile=Profile(themes=frozenset("AB"))), coop(4)
    asked = call(comune(1), friend, versatile, newcomer, sizes=Sizes(2, 2),
                 wanted={("themes", "A"): 1.0, ("themes", "B"): 1.0})  # fmt: skip
    scores = even(asked, tie=[1.0, 0, 0], newcomer=[False, False, True])
    proposals = propose(asked, scores).proposals
    assert [p.flavour for p in proposals] == ["strongest_ties", "best_coverage", "newcomers"]
    assert [sorted(c.id for c in p.team.candidates) for p in proposals] == [[1, 2], [1, 3], [1, 4]]


def test_members_who_surely_fit_come_before_those_to_be_confirmed() -> None:
    maybe = body(2, unknown=frozenset({"third_sector"}))
    asked = call(comune(1), maybe, coop(3), sizes=Sizes(2, 3))
    scores = even(asked, match=[1.0, 0.0], distance_km=[0, 90])
    for proposal in propose(asked, scores).proposals:
        assert 3 in {candidate.id for candidate in proposal.team.candidates}
        assert [f.met for f in proposal.findings] == [True, True, True, None]


def test_who_has_to_be_confirmed_is_let_in_where_nobody_is_certain() -> None:
    maybe = body(2, unknown=frozenset({"third_sector"}))
    asked = call(comune(1), maybe)
    (only,) = propose(asked, even(asked)).proposals
    assert [f.met for f in only.findings] == [True, None, True, None]


def test_a_district_not_said_yet_does_not_make_everybody_uncertain() -> None:
    local = rule("local", "lead_works_in_district")
    maybe = body(2, unknown=frozenset({"third_sector"}))
    asked = call(comune(1), maybe, coop(3), rules=(*WELFARE, local), project=Project("M1"), sizes=Sizes(2, 2))
    (only,) = propose(asked, even(asked, match=[1.0, 0.0])).proposals
    assert {c.id for c in only.team.candidates} == {1, 3}
    assert [f.met for f in only.findings] == [True, True, True, None, None]


def test_a_smaller_team_than_wished_is_proposed_where_no_other_stands() -> None:
    asked = call(comune(1), coop(2), sizes=Sizes(3, 7))
    assert members(propose(asked, even(asked))) == [{1, 2}]


def test_a_bonus_weighs_and_never_blocks() -> None:
    bonus = rule("bonus", "minimum_members", Severity.SHOULD, condition=[["volunteer"]])
    volunteers = body(3, "third_sector", "volunteer")
    asked = call(comune(1), coop(2), volunteers, rules=(*WELFARE, bonus), sizes=Sizes(2, 2))
    first = propose(asked, even(asked, match=[0.9, 0.8])).proposals[0]
    assert {c.id for c in first.team.candidates} == {1, 3}
    without = replace(asked, candidates=asked.candidates[:1])
    assert members(propose(without, even(without))) == [{1, 2}]


def test_further_proposals_exchange_members_as_far_as_they_can() -> None:
    asked = call(comune(1), *(coop(number) for number in range(2, 12)), sizes=Sizes(4, 4))
    proposals = propose(asked, even(asked, match=np.linspace(1, 0.1, 10))).proposals
    assert members(Assembly(proposals)) == [{1, 2, 3, 4}, {1, 5, 6, 7}, {1, 8, 9, 10}]
    assert [p.because for p in proposals] == [
        (),
        (Reason("different", {"exchanged": 3}),),
        (Reason("different", {"exchanged": 3}),),
    ]


def test_one_team_is_proposed_once() -> None:
    asked = call(comune(1), coop(2), sizes=Sizes(2, 2))
    assert members(propose(asked, even(asked))) == [{1, 2}]


def test_what_blocks_is_named_with_what_is_missing() -> None:
    asked = call(comune(1), comune(2), comune(3))
    assembly = propose(asked, even(asked))
    assert assembly.proposals == ()
    assert [(f.requirement, f.met, codes(f.missing)) for f in assembly.blocked] == [
        ("third", False, ["needs_members"])
    ]


def test_what_the_project_refuses_blocks_with_the_rest() -> None:
    asked = call(comune(1), comune(2), project=replace(PROJECT, form="RTI"))
    assert [f.requirement for f in propose(asked, even(asked)).blocked] == ["third", "form"]


def test_of_rules_that_block_each_other_the_askers_own_is_named() -> None:
    # A firm asks: either nobody has to be public, or firms have not to stand alone.
    firms = rule("firms", "every_applicant", condition=[["sme"]])
    asked = call(body(1, "sme"), comune(2), rules=(firms, PUBLIC))
    assert [f.requirement for f in propose(asked, even(asked)).blocked] == ["public"]


def test_a_rule_that_only_others_break_is_told_of_the_nearest_team() -> None:
    cap = rule("cap", "commitment_cap", condition=[["third_sector"]], maximum=2)
    led_by_third = rule("led", "lead_is", condition=[["third_sector"]])
    asked = call(comune(1), coop(2), rules=(THIRD, led_by_third, cap), commitments=Commitments({2: 2}))
    (blocked,) = propose(asked, even(asked)).blocked
    assert (blocked.requirement, blocked.met) == ("cap", False)
    assert blocked.missing == (Reason("too_many_projects", {"members": [2]}),)


def test_nothing_blocks_where_a_team_stands() -> None:
    asked = call(comune(1), coop(2))
    block = smallest_block(asked.model(), WELFARE)
    assert block is not None
    assert block.musts == block_findings(asked.model(), block) == ()


def test_where_nobody_may_lead_no_rule_is_blamed() -> None:
    shy = Capacity.PARTNER
    asked = call(coop(1, capacity=shy), coop(2, capacity=shy), rules=(THIRD,))
    assert propose(asked, even(asked)) == Assembly(because=(Reason("nobody_leads"),))


def test_an_asker_that_would_only_be_a_partner_gets_a_lead() -> None:
    asked = call(coop(1, capacity=Capacity.PARTNER), coop(2), rules=(THIRD,))
    (only,) = propose(asked, even(asked)).proposals
    assert [(m.candidate.id, m.role) for m in only.team.members] == [(2, Role.LEAD), (1, Role.PARTNER)]


def test_a_question_cut_short_says_that_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds_given = []

    def stopped(_program: Program, seconds: float) -> None:
        seconds_given.append(seconds)
        raise OutOfTime

    monkeypatch.setattr(model_module.Program, "solve", stopped)
    asked = call(comune(1), coop(2))
    assert propose(asked, even(asked), seconds=3.0) == Assembly(out_of_time=True)
    assert len(seconds_given) == 1
    assert 0 < seconds_given[0] <= 1.0  # a third: the other flavours have as much


def test_what_was_found_before_the_time_was_over_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    solve, solved = Program.solve, []

    def stopped_later(program: Program, seconds: float) -> Any:
        if solved:
            raise OutOfTime
        solved.append(program)
        return solve(program, seconds)

    monkeypatch.setattr(Program, "solve", stopped_later)
    asked = call(comune(1), coop(2), coop(3), sizes=Sizes(2, 2))
    assembly = propose(asked, even(asked))
    assert [p.flavour for p in assembly.proposals] == ["strongest_ties"]
    assert assembly.out_of_time


def test_out_of_time_while_looking_for_what_blocks_blames_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = call(comune(1), comune(2))
    monkeypatch.setattr(
        "recommender.assembly.smallest_block", lambda *_, **__: (_ for _ in ()).throw(OutOfTime)
    )
    assert propose(asked, even(asked)) == Assembly(out_of_time=True)


def test_the_time_left_is_shared_and_never_negative() -> None:
    clock = Clock(60.0)
    assert 59.0 < clock.left() <= 60.0
    assert 19.0 < clock.shared(3).left() <= 20.0
    assert Clock(-1.0).left() == 0.0


def test_what_a_body_adds_is_the_sum_of_its_parts() -> None:
    scores = Scores(
        match=np.array([0.5, 1.0]),
        tie=np.array([0.2, 0.0]),
        distance_km=np.array([20.0, nan]),
        newcomer=np.array([True, False]),
        on_platform=np.array([True, True]),
    )
    flavour = Flavour("x", match=2, tie=3, near=0.5, newcomer=0.25, on_platform=0.1, cost=1)
    near = exp(-1)
    assert scores.value(flavour, 20.0) == pytest.approx(
        [1.0 + 0.6 + 0.5 * near + 0.25 + 0.1 * near - 1, 2.0 + 0.15 + 0.03 - 1]
    )


def test_what_is_said_covers_wholly_and_what_is_read_off_a_name_by_half() -> None:
    said = Profile(themes=frozenset({"POVERTA"}), offers=frozenset({"SPAZI"}))
    read = Profile(inferred=frozenset({"POVERTA", "SPAZI"}))
    both = Profile(themes=frozenset({"POVERTA"}), inferred=frozenset({"POVERTA"}))
    bodies = [
        coop(1, profile=said, legal_form="TS_COOP"),
        coop(2, profile=read),
        coop(3, profile=both),
        comune(4),
    ]
    wanted = {("themes", "POVERTA"): 1.0, (GROUP, "cooperative"): 0.5, ("offers", "SPAZI"): 0.25}
    cover = coverage_of(bodies, wanted)
    assert cover.share.tolist() == [[1, 1, 1], [0.5, 0, 0.5], [1, 0, 0], [0, 0, 0]]
    assert cover.weight.tolist() == [1.0, 0.5, 0.25]
    assert coverage_of(bodies, {}).share.shape == (4, 0)


def test_two_bodies_of_a_sort_bring_no_more_variety_than_one() -> None:
    bodies = [comune(1), *(coop(number, legal_form="TS_COOP") for number in (2, 3))]
    asked = call(*bodies, wanted={(GROUP, "cooperative"): 0.5}, sizes=Sizes(2, 3))
    scores = even(asked, match=[0.25, 0.25])
    flavour = Flavour("x", near=0, coverage=1.0, cost=0.5)
    (first, *_others) = propose(asked, scores, (flavour,)).proposals
    # A second cooperative costs a quarter more than it brings.
    assert len(first.team.members) == 2
    assert first.objective == pytest.approx(2 * LEADING + 0.25 - 0.5 + 0.5)


def test_the_three_flavours_have_names_and_prefer_near_bodies() -> None:
    assert [flavour.name for flavour in FLAVOURS] == ["strongest_ties", "best_coverage", "newcomers"]
    assert all(flavour.near > 0 for flavour in FLAVOURS)
