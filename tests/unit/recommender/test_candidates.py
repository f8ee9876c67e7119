"""Who is left out, and the reason that is kept for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommender.types import Capacity, Commitments, Project, Reason, Role
from recommender.world import PastProject, Query
from tests.unit.recommender.worlds import (
    ASTI,
    CAVOUR,
    M1_RULES,
    NOWHERE,
    body,
    codes,
    fitted,
    manager,
    on_poverty,
    rule,
    team,
)

ASKER = body(1)


def why_not(query: Query, *others: object, **settings: object) -> tuple[Reason, ...]:
    """Why the first of the others is left out."""
    return fitted(ASKER, *others, **settings).why_not(query, others[0].id)


def test_nobody_is_suggested_to_itself() -> None:
    assert codes(fitted(ASKER).why_not(on_poverty(ASKER), 1)) == ["itself"]


def test_who_is_in_the_team_already_is_left_out() -> None:
    partner = body(2)

    assert codes(why_not(on_poverty(ASKER, team=team(ASKER, partner)), partner)) == ["in_team"]


def test_who_the_asker_does_not_want_to_see_is_left_out() -> None:
    assert codes(why_not(on_poverty(ASKER, exclude=frozenset({2})), body(2))) == ["excluded"]


@pytest.mark.parametrize("capacity", [Capacity.LATER, Capacity.NOT_NOW])
def test_who_cannot_join_now_is_left_out(capacity: Capacity) -> None:
    (reason,) = why_not(on_poverty(ASKER), body(2, capacity=capacity))

    assert reason == Reason("not_now", {"capacity": capacity.value})


@pytest.mark.parametrize("capacity", [Capacity.LEAD, Capacity.PARTNER, Capacity.UNSAID])
def test_who_can_or_has_not_said_stays(capacity: Capacity) -> None:
    assert why_not(on_poverty(ASKER), body(2, capacity=capacity)) == ()


# -- the reader's filters


def test_another_kind_than_asked_for_is_left_out() -> None:
    (reason,) = why_not(on_poverty(ASKER, kind="enterprise"), body(2))

    assert reason == Reason("filter_kind", {"kind": "third_sector", "wanted": "enterprise"})
    assert why_not(on_poverty(ASKER, kind="third_sector"), body(2)) == ()


def test_a_kind_that_nobody_has_leaves_nobody() -> None:
    assert codes(why_not(on_poverty(ASKER, kind="unheard_of"), body(2))) == ["filter_kind"]


def test_another_district_than_asked_for_is_left_out() -> None:
    query = on_poverty(ASKER, district="asti")

    assert codes(why_not(query, body(2))) == ["filter_district"]
    assert why_not(query, body(2, works_in=frozenset({"asti"}))) == ()
    assert codes(why_not(on_poverty(ASKER, district="unheard_of"), body(2))) == ["filter_district"]


def test_who_sits_farther_than_asked_for_is_left_out_and_the_distance_told() -> None:
    (reason,) = why_not(on_poverty(ASKER, max_distance_km=10), body(2, place=CAVOUR))

    assert reason.code == "filter_distance"
    assert reason.parameters == {"km": pytest.approx(12.2, abs=0.1), "most": 10}


def test_an_unknown_distance_is_within_no_distance() -> None:
    (reason,) = why_not(on_poverty(ASKER, max_distance_km=500), body(2, place=NOWHERE))

    assert reason.parameters["km"] is None


@pytest.mark.parametrize("wanted", [True, False])
def test_only_bodies_on_the_platform_or_only_the_others_can_be_asked_for(wanted: bool) -> None:
    query = on_poverty(ASKER, on_platform=wanted)

    assert codes(why_not(query, body(2, on_platform=not wanted))) == ["filter_platform"]
    assert why_not(query, body(2, on_platform=wanted)) == ()


def test_an_empty_result_knows_which_filter_to_lift() -> None:
    recommender = fitted(ASKER, body(2), body(3), body(4, place=CAVOUR, on_platform=True))

    found = recommender.relaxations(on_poverty(ASKER, max_distance_km=5, on_platform=True))

    assert found == {"filter_distance": 1, "filter_platform": 2}


def test_without_filters_there_is_none_to_lift() -> None:
    assert fitted(ASKER, body(2)).relaxations(on_poverty(ASKER)) == {}


# -- the rules


def test_a_kind_that_may_not_apply_is_left_out() -> None:
    only_third = (rule("only_third", "every_applicant", condition=[["third_sector"]]),)
    (reason,) = why_not(on_poverty(ASKER, requirements=only_third), body(2, kind="public_body"))

    assert reason == Reason("breaks_rule", {"rules": ["only_third"]})


def test_who_may_not_apply_may_still_adhere_as_a_network_member() -> None:
    only_third = (rule("only_third", "every_applicant", condition=[["third_sector"]]),)
    query = on_poverty(ASKER, requirements=only_third, role=Role.NETWORK)

    assert why_not(query, body(2, kind="public_body")) == ()


def test_what_nobody_has_said_or_denied_leaves_nobody_out() -> None:
    only_third = (rule("only_third", "every_applicant", condition=[["third_sector"]]),)
    parish = body(2, attributes=frozenset(), unknown=frozenset({"third_sector"}))

    assert why_not(on_poverty(ASKER, requirements=only_third), parish) == ()


def test_who_is_in_two_projects_already_is_left_out_where_two_are_the_cap() -> None:
    query = on_poverty(ASKER, requirements=M1_RULES, commitments=Commitments({2: 2, 3: 1}))

    assert why_not(query, body(2)) == (Reason("breaks_rule", {"rules": ["cap"]}),)
    assert why_not(query, body(3)) == ()


def test_an_ente_gestore_of_another_district_is_left_out() -> None:
    query = on_poverty(ASKER, requirements=M1_RULES)

    assert why_not(query, manager(2, "asti")) == (Reason("breaks_rule", {"rules": ["same_district"]}),)
    assert why_not(query, manager(2, "pinerolo")) == ()


def test_a_rule_that_the_asker_breaks_alone_leaves_nobody_out() -> None:
    only_third = (rule("only_third", "every_applicant", condition=[["third_sector"]]),)
    firm = body(9, kind="enterprise")

    assert fitted(ASKER).why_not(on_poverty(firm, requirements=only_third), 1) == ()


# -- reach


def test_who_sits_out_of_reach_is_left_out_unless_it_works_there() -> None:
    far = replace(ASTI, lat=46.1, lon=8.3)

    (reason,) = why_not(on_poverty(ASKER), body(2, place=far))

    assert reason.code == "out_of_reach"
    assert reason.parameters["km"] > reason.parameters["most"] == 60.0
    assert why_not(on_poverty(ASKER), body(2, place=far, works_in=frozenset({"pinerolo"}))) == ()


def test_reach_is_counted_from_where_the_project_is() -> None:
    query = Query(ASKER, Project("M4", districts=frozenset({"asti"})))

    assert why_not(query, body(2, place=ASTI)) == ()
    assert codes(why_not(query, body(2, place=CAVOUR), body(3, place=ASTI))) == ["out_of_reach"]


def test_a_measure_over_provinces_has_no_reach() -> None:
    assert why_not(on_poverty(ASKER, measure="M2"), body(2, place=replace(ASTI, lat=46.4))) == ()


def test_an_unknown_place_is_not_out_of_reach() -> None:
    assert why_not(on_poverty(ASKER), body(2, place=NOWHERE)) == ()


# -- another field


def test_a_football_club_is_not_suggested_for_poverty() -> None:
    assert why_not(on_poverty(ASKER), body(2, "A.S.D. Calcio Pinerolo", inferred=["ATT_SPORTIVA"])) == (
        Reason("other_field", {"themes": ["ATT_SPORTIVA"], "inferred": True}),
    )


def test_a_club_that_also_serves_the_project_stays() -> None:
    assert why_not(on_poverty(ASKER), body(2, inferred=["ATT_SPORTIVA", "POVERTA"])) == ()
    assert why_not(on_poverty(ASKER), body(2, inferred=["ATT_SPORTIVA", "POVERI"])) == ()


def test_a_body_of_another_field_of_welfare_stays() -> None:
    assert why_not(on_poverty(ASKER), body(2, inferred=["DEMOGRAFIA"])) == ()


def test_a_football_club_is_suggested_for_a_project_on_sport() -> None:
    query = Query(ASKER, Project("M2", frozenset({"ATT_SPORTIVA"})))

    assert why_not(query, body(2, inferred=["ATT_SPORTIVA"])) == ()


def test_a_club_stays_when_the_text_of_the_project_speaks_of_its_field() -> None:
    club = body(2, inferred=["ATT_SPORTIVA"])

    assert why_not(on_poverty(ASKER, text="Tornei di calcio per i senza dimora"), club) == ()


def test_a_club_that_named_its_field_itself_is_ranked_lower_and_not_left_out() -> None:
    club = body(2, themes=["ATT_SPORTIVA"], on_platform=True)

    assert why_not(on_poverty(ASKER), club) == ()
    suggestion = fitted(ASKER, club).explain(on_poverty(ASKER), 2)
    assert "other_field" in codes(suggestion.reasons)
    assert suggestion.score < fitted(ASKER, body(2)).explain(on_poverty(ASKER), 2).score


def test_a_past_partner_is_never_left_out_for_its_field() -> None:
    club = body(2, inferred=["ANIMALI"])
    past = (PastProject(1, (1, 2), 2024),)

    assert why_not(on_poverty(ASKER), club, past=past) == ()


def test_a_firm_joins_for_its_employees_whatever_it_makes() -> None:
    assert why_not(on_poverty(ASKER), body(2, kind="enterprise", inferred=["ATT_SPORTIVA"])) == ()


def test_every_reason_is_kept_in_the_order_of_the_filters() -> None:
    club = body(2, inferred=["ANIMALI"], capacity=Capacity.NOT_NOW, place=replace(ASTI, lat=46.1))

    assert codes(why_not(on_poverty(ASKER, exclude=frozenset({2})), club)) == [
        "excluded",
        "not_now",
        "out_of_reach",
        "other_field",
    ]
