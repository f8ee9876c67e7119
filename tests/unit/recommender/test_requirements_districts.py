"""Rules about districts, on teams that can be checked by hand."""

from __future__ import annotations

import pytest

from recommender.requirements import Requirement
from recommender.types import Candidate, Commitments, Place, Project, Reason, Role, Team
from tests.unit.recommender.worlds import codes, rule, team

HERE, THERE, NOWHERE = Place(districts=frozenset({"pinerolo"})), Place(districts=frozenset({"asti"})), Place()
CISS = Candidate(1, "CISS", "public_body", place=HERE, manages=frozenset({"pinerolo"}))
COGESA = Candidate(2, "COGESA", "public_body", place=THERE, manages=frozenset({"asti"}))
COOP = Candidate(3, "Cooperativa", "third_sector", place=HERE)
WORKS_HERE = Candidate(4, "Consorzio", "third_sector", place=THERE, works_in=frozenset({"pinerolo"}))
UNPLACED = Candidate(5, "Rete", "other", place=NOWHERE)
PROJECT = Project("M1", districts=frozenset({"pinerolo"}))
TWO = Project("M1", districts=frozenset({"pinerolo", "asti"}))
AGGREGATED = Project("M1", districts=TWO.districts, aggregation=True)
UNSAID = Project("M1")


def look(
    requirement: Requirement, looked_at: Team, project: Project, commitments: Commitments | None = None
) -> tuple[bool | None, list[Reason], list[Reason]]:
    finding = requirement.evaluate(looked_at, project, commitments or Commitments())
    return finding.met, list(finding.because), list(finding.missing)


def lead(body: Candidate) -> list[Reason]:
    return [Reason("lead", {"members": [body.id]})]


SAY_DISTRICT = Reason("say_district", {"districts": []})
LEVEL = rule("level", "district_level")


def test_one_district_or_a_declared_aggregation_is_the_level_of_a_district() -> None:
    both = [Reason("districts", {"districts": ["asti", "pinerolo"]})]
    assert look(LEVEL, Team(), PROJECT) == (True, [Reason("districts", {"districts": ["pinerolo"]})], [])
    assert look(LEVEL, Team(), AGGREGATED) == (True, both, [])
    assert look(LEVEL, Team(), TWO) == (
        False,
        both,
        [Reason("declare_aggregation", {"districts": ["asti", "pinerolo"]})],
    )
    assert look(LEVEL, Team(), UNSAID) == (None, [], [SAY_DISTRICT])


ONCE = rule("once", "district_in_one_project")


@pytest.mark.parametrize(
    ("project", "taken", "met", "missing"),
    [
        (PROJECT, {}, True, []),
        (PROJECT, {"asti": 1}, True, []),
        (PROJECT, {"pinerolo": 0}, True, []),
        (PROJECT, {"pinerolo": 1}, False, ["district_taken"]),
        (AGGREGATED, {"asti": 2}, False, ["district_taken"]),
        (UNSAID, {"pinerolo": 1}, None, ["say_district"]),
    ],
)
def test_a_district_stands_in_one_project(
    project: Project, taken: dict[str, int], met: bool | None, missing: list[str]
) -> None:
    found, because, lacking = look(ONCE, Team(), project, Commitments(districts=taken))
    assert (found, because, codes(lacking)) == (met, [], missing)


WORKS = rule("works", "lead_works_in_district")
NEEDS_LOCAL_LEAD = Reason("needs_lead_in_district", {"districts": ["pinerolo"]})


@pytest.mark.parametrize("body", [CISS, COOP, WORKS_HERE])
def test_a_lead_with_seat_work_or_services_in_the_district_works_there(body: Candidate) -> None:
    assert look(WORKS, team(body), PROJECT) == (True, lead(body), [])


def test_a_lead_from_elsewhere_does_not_work_in_the_district() -> None:
    assert look(WORKS, team(COGESA, COOP), PROJECT) == (False, lead(COGESA), [NEEDS_LOCAL_LEAD])
    assert look(WORKS, team(COGESA), AGGREGATED)[0] is True


def test_a_team_that_nobody_leads_needs_a_local_lead() -> None:
    assert look(WORKS, team(None, COOP), PROJECT) == (False, [], [NEEDS_LOCAL_LEAD])


def test_a_lead_without_place_has_to_be_confirmed() -> None:
    confirm = [Reason("to_confirm", {"members": [5]})]
    assert look(WORKS, team(UNPLACED), PROJECT) == (None, lead(UNPLACED), confirm)


@pytest.mark.parametrize("body", [CISS, UNPLACED])
def test_no_lead_can_be_looked_at_while_no_district_is_said(body: Candidate) -> None:
    assert look(WORKS, team(body), UNSAID) == (None, lead(body), [SAY_DISTRICT])
    assert WORKS.waits_for(UNSAID)
    assert not WORKS.waits_for(PROJECT)


MANAGES = rule("manages", "lead_manages_district")
NEEDS_MANAGER = Reason("needs_managing_lead", {"districts": ["pinerolo"]})


def test_the_lead_manages_services_of_the_district() -> None:
    assert look(MANAGES, team(CISS), PROJECT) == (True, lead(CISS), [])
    assert look(MANAGES, team(COGESA), PROJECT) == (False, lead(COGESA), [NEEDS_MANAGER])
    assert look(MANAGES, team(COOP, CISS), PROJECT) == (False, lead(COOP), [NEEDS_MANAGER])
    assert look(MANAGES, team(None, CISS), PROJECT) == (False, [], [NEEDS_MANAGER])


def test_who_manages_nothing_is_no_lead_whatever_the_district() -> None:
    assert look(MANAGES, team(COOP), UNSAID)[0] is False
    assert look(MANAGES, team(CISS), UNSAID) == (None, lead(CISS), [SAY_DISTRICT])


SHARE = rule("share", "managers_share_district")


def members(*ids: int, code: str = "members") -> list[Reason]:
    return [Reason(code, {"members": [*ids]})]


def test_managing_bodies_of_the_district_stand_together() -> None:
    assert look(SHARE, team(CISS, COOP), PROJECT) == (True, members(1), [])
    assert look(SHARE, team(CISS, COGESA), AGGREGATED) == (True, members(1, 2), [])


def test_a_managing_body_from_elsewhere_is_named() -> None:
    expected = (False, members(1, 2), members(2, code="other_district"))
    assert look(SHARE, team(CISS, COGESA), PROJECT) == expected


def test_a_managing_body_from_elsewhere_may_stand_in_the_network() -> None:
    assert look(SHARE, team(CISS).joined_by(COGESA, Role.NETWORK), PROJECT)[0] is True


def test_without_managing_bodies_or_without_district_nothing_is_refused() -> None:
    assert look(SHARE, team(COOP), UNSAID) == (True, [], [])
    assert look(SHARE, team(CISS, COGESA), UNSAID) == (None, members(1, 2), [SAY_DISTRICT])
    assert SHARE.waits_for(UNSAID)
    assert not SHARE.waits_for(PROJECT)
