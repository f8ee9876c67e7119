"""Rules about who joins, on teams that can be checked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from recommender.requirements import KINDS, BadRule, Requirement, evaluate
from recommender.types import (
    Candidate,
    Commitments,
    Finding,
    Member,
    Place,
    Project,
    Reason,
    Role,
    Severity,
    Team,
)
from tests.unit.recommender.worlds import codes, rule, team

PINEROLO = Place(region="piemonte", districts=frozenset({"pinerolo"}))
CISS = Candidate(1, "CISS", "public_body", frozenset({"public_body"}), place=PINEROLO)
COOP = Candidate(
    2,
    "Cooperativa",
    "third_sector",
    frozenset({"third_sector", "enterprise"}),
    frozenset({"sme", "large"}),
    place=PINEROLO,
)
FIRM = Candidate(3, "Officina", "enterprise", frozenset({"enterprise", "sme"}), place=PINEROLO)
PLANT = Candidate(4, "Stabilimento", "enterprise", frozenset({"enterprise", "large"}), place=PINEROLO)
FAR = Candidate(5, "Officina di Asti", "enterprise", frozenset({"enterprise", "sme"}),
                place=Place(districts=frozenset({"asti"})))  # fmt: skip
NOWHERE = Candidate(6, "Officina senza sede", "enterprise", frozenset({"enterprise", "sme"}))
PROJECT = Project("M4", districts=frozenset({"pinerolo"}))
NOBODY = Commitments()


def look(
    requirement: Requirement,
    looked_at: Team,
    project: Project = PROJECT,
    commitments: Commitments = NOBODY,
) -> tuple[bool | None, list[Reason], list[Reason]]:
    (finding,) = evaluate([requirement], looked_at, project, commitments)
    return finding.met, list(finding.because), list(finding.missing)


def members(*ids: int, code: str = "members") -> list[Reason]:
    return [Reason(code, {"members": list(ids)})]


def needs(count: int, *clauses: list[str]) -> Reason:
    return Reason("needs_members", {"count": count, "condition": list(clauses)})


TWO_FIRMS = rule("group", "minimum_members", condition=[["sme"]], minimum=2)


def test_two_firms_are_two_firms() -> None:
    assert look(TWO_FIRMS, team(FIRM, FAR)) == (True, members(3, 5), [])


def test_one_firm_lacks_another() -> None:
    assert look(TWO_FIRMS, team(FIRM, CISS)) == (False, members(3), [needs(1, ["sme"])])


def test_a_firm_and_who_may_be_one_has_to_be_confirmed() -> None:
    missing = [needs(1, ["sme"]), *members(2, code="to_confirm")]
    assert look(TWO_FIRMS, team(FIRM, COOP)) == (None, members(3), missing)


def test_who_may_fit_does_not_help_when_even_they_are_too_few() -> None:
    missing = [needs(2, ["sme"]), *members(2, code="to_confirm")]
    assert look(TWO_FIRMS, team(CISS, COOP)) == (False, [], missing)


def test_one_firm_named_twice_is_one_firm() -> None:
    assert look(TWO_FIRMS, team(FIRM, FIRM))[0] is False


def test_a_member_of_the_network_counts_only_where_the_rule_says_so() -> None:
    with_network = team(FIRM).joined_by(FAR, Role.NETWORK)
    everybody = rule("group", "minimum_members", condition=[["sme"]], minimum=2, applicants_only=False)
    assert look(TWO_FIRMS, with_network)[0] is False
    assert look(everybody, with_network)[0] is True


FIRMS = rule("applicants", "every_applicant", condition=[["sme"]])


def test_everyone_who_applies_fits() -> None:
    assert look(FIRMS, team(FIRM, FAR)) == (True, members(3, 5), [])


def test_who_does_not_fit_is_named() -> None:
    missing = [*members(1, code="not_eligible"), *members(2, code="to_confirm")]
    assert look(FIRMS, team(FIRM, CISS, COOP)) == (False, members(3), missing)


def test_who_has_not_said_is_asked() -> None:
    assert look(FIRMS, team(FIRM, COOP)) == (None, members(3), members(2, code="to_confirm"))


def test_the_network_need_not_fit() -> None:
    assert look(FIRMS, team(FIRM).joined_by(CISS, Role.NETWORK))[0] is True


PUBLIC_LEAD = rule("lead", "lead_is", condition=[["public_body"]], unless_declared="governance_role")
NEEDS_LEAD = Reason("needs_lead", {"condition": [["public_body"]]})
OR_SAY = Reason("say", {"declarations": ["governance_role"]})


def test_a_public_body_leads() -> None:
    assert look(PUBLIC_LEAD, team(CISS, COOP)) == (True, members(1, code="lead"), [])


def test_a_wrong_lead_is_mended_by_another_or_by_the_statement_that_excuses() -> None:
    assert look(PUBLIC_LEAD, team(COOP, CISS)) == (False, members(2, code="lead"), [NEEDS_LEAD, OR_SAY])


def test_a_team_without_lead_lacks_one() -> None:
    assert look(PUBLIC_LEAD, team(None, CISS)) == (False, [], [NEEDS_LEAD, OR_SAY])


def test_a_statement_denied_is_not_asked_again() -> None:
    denied = Project("M1", declared={"governance_role": False})
    assert look(PUBLIC_LEAD, team(COOP), denied) == (False, members(2, code="lead"), [NEEDS_LEAD])


def test_a_statement_excuses_any_lead() -> None:
    stated = Project("M1", declared={"governance_role": True})
    because = [Reason("declared", {"declaration": "governance_role"})]
    assert look(PUBLIC_LEAD, team(COOP), stated) == (True, because, [])


def test_another_lead_is_open_until_the_statement_is_denied_where_the_rule_says_so() -> None:
    governed = rule(
        "governance",
        "lead_is",
        condition=[["public_body"]],
        unless_declared="governance_role",
        open_until_declared=True,
    )
    denied = Project("M1", declared={"governance_role": False})
    assert look(governed, team(CISS))[0] is True
    assert look(governed, team(COOP)) == (None, members(2, code="lead"), [NEEDS_LEAD, OR_SAY])
    assert look(governed, team(None, CISS)) == (None, [], [NEEDS_LEAD, OR_SAY])
    assert look(governed, team(COOP), denied) == (False, members(2, code="lead"), [NEEDS_LEAD])


def test_a_lead_that_may_fit_has_to_be_confirmed() -> None:
    firm_leads = rule("lead", "lead_is", condition=[["sme"]])
    expected = (None, members(2, code="lead"), members(2, code="to_confirm"))
    assert look(firm_leads, team(COOP)) == expected


LARGE_WITH_SMES = rule("priority", "lead_includes", lead=[["large"]], condition=[["sme"]], local=True)
NEEDS_LARGE = Reason("needs_lead", {"condition": [["large"]]})


def test_a_large_lead_with_a_firm_of_the_district_is_met() -> None:
    because = [*members(4, code="lead"), *members(3)]
    assert look(LARGE_WITH_SMES, team(PLANT, FIRM, FAR)) == (True, because, [])


def test_a_large_lead_with_a_firm_from_elsewhere_lacks_a_local_one() -> None:
    expected = (False, members(4, code="lead"), [needs(1, ["sme"])])
    assert look(LARGE_WITH_SMES, team(PLANT, FAR)) == expected


def test_a_large_lead_with_a_firm_without_place_has_to_be_confirmed() -> None:
    missing = [needs(1, ["sme"]), *members(6, code="to_confirm")]
    assert look(LARGE_WITH_SMES, team(PLANT, NOWHERE)) == (None, members(4, code="lead"), missing)


def test_nobody_is_local_for_sure_while_no_district_is_said() -> None:
    assert look(LARGE_WITH_SMES, team(PLANT, FIRM), Project("M4"))[0] is None
    assert LARGE_WITH_SMES.waits_for(Project("M4"))
    assert not LARGE_WITH_SMES.waits_for(PROJECT)


def test_a_small_lead_is_no_large_one_whoever_joins() -> None:
    second = Candidate(7, "Officina Due", "enterprise", FIRM.attributes, place=PINEROLO)
    assert look(LARGE_WITH_SMES, team(FIRM, second)) == (
        False,
        [*members(3, code="lead"), *members(7)],
        [NEEDS_LARGE],
    )


def test_the_lead_is_not_its_own_partner() -> None:
    any_firm = rule("priority", "lead_includes", lead=[["sme"]], condition=[["sme"]])
    assert look(any_firm, team(FIRM))[0] is False
    assert look(any_firm, team(None, FIRM)) == (
        False,
        members(3),
        [Reason("needs_lead", {"condition": [["sme"]]})],
    )


def test_a_lead_that_may_be_large_has_to_be_confirmed() -> None:
    because = [*members(2, code="lead"), *members(3)]
    assert look(LARGE_WITH_SMES, team(COOP, FIRM)) == (None, because, members(2, code="to_confirm"))


CAP = rule("cap", "commitment_cap", condition=[["third_sector"]], maximum=2)


@pytest.mark.parametrize(("elsewhere", "met"), [(0, True), (1, True), (2, False), (5, False)])
def test_a_third_project_is_one_too_many(elsewhere: int, met: bool) -> None:
    missing = [] if met else members(2, code="too_many_projects")
    assert look(CAP, team(CISS, COOP), commitments=Commitments({2: elsewhere, 1: 9})) == (met, [], missing)


def test_who_may_be_bound_by_the_cap_has_to_be_confirmed() -> None:
    small = rule("cap", "commitment_cap", condition=[["sme"]], maximum=1)
    committed = Commitments({2: 1})
    assert look(small, team(COOP), commitments=committed) == (None, [], members(2, code="to_confirm"))


def test_the_network_of_a_third_project_is_not_bound() -> None:
    assert look(CAP, team(CISS).joined_by(COOP, Role.NETWORK), commitments=Commitments({2: 2}))[0] is True


OPEN_PLAN = rule("large", "only_if_declared", condition=[["large"]], declarations=["open", "shared"])


def saying(**declared: bool) -> Project:
    return Project("M4", declared=declared)


@pytest.mark.parametrize(
    ("looked_at", "project", "met", "missing"),
    [
        (team(FIRM), saying(), True, []),
        (team(PLANT), saying(open=True, shared=True), True, []),
        (team(PLANT), saying(open=True), None, ["say"]),
        (team(PLANT), saying(open=True, shared=False), False, ["say"]),
        (team(COOP), saying(open=False), None, ["say", "to_confirm"]),
        (team(COOP), saying(), None, ["say", "to_confirm"]),
        (team(COOP), saying(open=True, shared=True), True, []),
        (team(PLANT, COOP), saying(open=False), False, ["say", "to_confirm"]),
    ],
)
def test_a_large_firm_joins_only_an_open_and_shared_plan(
    looked_at: Team, project: Project, met: bool | None, missing: list[str]
) -> None:
    found, because, lacking = look(OPEN_PLAN, looked_at, project)
    assert (found, codes(lacking)) == (met, missing)
    assert because == (members(4) if PLANT in looked_at.candidates else [])


def test_what_has_still_to_be_stated_is_named() -> None:
    _met, _because, missing = look(OPEN_PLAN, team(PLANT), saying(open=True))
    assert missing == [Reason("say", {"declarations": ["shared"]})]


def test_a_team_of_nobody_is_refused_by_nothing_but_what_has_to_be_there() -> None:
    nobody = Team()
    assert [look(found, nobody)[0] for found in (TWO_FIRMS, PUBLIC_LEAD, LARGE_WITH_SMES)] == [False] * 3
    assert [look(found, nobody)[0] for found in (FIRMS, CAP, OPEN_PLAN)] == [True] * 3


def test_findings_come_in_the_order_of_the_rules_with_their_severity() -> None:
    bonus = rule("bonus", "lead_is", Severity.SHOULD, condition=[["sme"]])
    findings = evaluate([bonus, FIRMS], team(FIRM), PROJECT, NOBODY)
    assert findings == [
        Finding("bonus", Severity.SHOULD, True, tuple(members(3, code="lead"))),
        Finding("applicants", Severity.MUST, True, tuple(members(3))),
    ]


@pytest.mark.parametrize(
    ("kind", "parameters", "why"),
    [
        ("no_such_kind", {}, "no kind of rule is called 'no_such_kind'"),
        ("minimum_members", {}, "minimum_members needs condition"),
        ("minimum_members", {"condition": [["sme"]], "least": 2}, "has no parameter least"),
        ("minimum_members", {"condition": "sme"}, "list of lists"),
        ("minimum_members", {"condition": [["sme"]], "minimum": 0}, "whole number of at least 1, not 0"),
        ("minimum_members", {"condition": [["sme"]], "minimum": 1.5}, "whole number"),
        ("minimum_members", {"condition": [["sme"]], "minimum": True}, "whole number"),
        ("every_applicant", {"condition": []}, "list of lists"),
        ("lead_is", {"condition": [["sme"]], "unless_declared": 7}, "unless_declared is a list of names"),
        ("lead_includes", {"condition": [["sme"]]}, "needs lead"),
        ("lead_includes", {"condition": [["sme"]], "lead": [["large"]], "minimum": "2"}, "whole number"),
        ("commitment_cap", {"condition": [["sme"]], "maximum": None}, "whole number"),
        ("only_if_declared", {"condition": [["sme"]], "declarations": "open"}, "list of names"),
        ("only_if_declared", {"condition": [["sme"]], "declarations": [""]}, "list of names"),
    ],
)
def test_a_rule_that_does_not_fit_its_kind_is_refused_by_name(
    kind: str, parameters: dict[str, Any], why: str
) -> None:
    with pytest.raises(BadRule, match=why) as refused:
        rule("M1.x", kind, **parameters)
    assert str(refused.value).startswith("M1.x: ")


def test_a_severity_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BadRule, match="'perhaps' is not a valid Severity"):
        rule("M1.x", "note", "perhaps")  # type: ignore[arg-type]


def test_every_kind_is_in_the_register_under_its_name() -> None:
    assert {kind: found.kind for kind, found in KINDS.items()} == {kind: kind for kind in KINDS}
    assert len(KINDS) == 17


def test_members_are_told_by_role() -> None:
    mixed = Team((Member(FIRM, Role.NETWORK), Member(CISS, Role.LEAD), Member(COOP)))
    assert mixed.lead is CISS
    assert mixed.applicants == (CISS, COOP)
