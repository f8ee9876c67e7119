"""Reasons are concrete, add up, and say what was read off a name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recommender.explanation
from recommender.evidence import EXPLAINERS
from recommender.ranking import PartnerRecommender
from recommender.types import Candidate, Capacity, Project, Suggestion
from recommender.weights import FEATURES, Weights
from recommender.world import PastProject, Query
from tests.unit.recommender.worlds import (
    ASTI,
    CAVOUR,
    M1_RULES,
    NOWHERE,
    PINEROLO,
    body,
    codes,
    fitted,
    manager,
    on_poverty,
    over_worlds,
    queries,
    reason_of,
    rule,
    team,
    world,
    worlds,
)

ASKER = body(1)
DOCUMENTED = set(re.findall(r"^\| ([a-z_, ]+?) \|", recommender.explanation.__doc__ or "", re.MULTILINE))
CODES = {code for cell in DOCUMENTED for code in cell.split(", ")} - {"code"}


def explained(query: Query, other: Candidate, *others: Candidate, **settings: Any) -> Suggestion:
    known = [ASKER] if query.asker is ASKER else [query.asker]
    return fitted(*known, other, *others, **settings).explain(query, other.id)


# -- what the project asks for


def test_a_shared_theme_is_named() -> None:
    reason = reason_of(explained(on_poverty(ASKER), body(2, themes=["POVERTA", "DEMOGRAFIA"])), "themes")

    assert reason.parameters == {"codes": ["POVERTA"]}
    assert reason.weight == Weights().themes


def test_a_theme_read_off_the_name_is_told_as_such_and_weighs_half() -> None:
    suggestion = explained(on_poverty(ASKER), body(2, inferred=["POVERTA"]))

    assert reason_of(suggestion, "themes_inferred").weight == Weights().themes / 2
    assert "themes" not in codes(suggestion.reasons)


def test_said_and_read_codes_share_the_weight_two_to_one() -> None:
    asked = Project("M2", frozenset({"POVERTA", "FRAGILITA"}))
    suggestion = explained(Query(ASKER, asked), body(2, themes=["POVERTA"], inferred=["FRAGILITA"]))

    said, read = reason_of(suggestion, "themes"), reason_of(suggestion, "themes_inferred")

    assert said.weight + read.weight == pytest.approx(0.75 * Weights().themes)
    assert said.weight == pytest.approx(2 * read.weight)


def test_related_terms_are_named_with_their_field() -> None:
    reason = reason_of(explained(on_poverty(ASKER), body(2, targets=["POVERI"])), "related")

    assert reason.parameters == {"terms": [["target_group", "POVERI"]]}


def test_shared_words_are_told_as_the_body_wrote_them() -> None:
    query = on_poverty(ASKER, text="Distribuzione di viveri alle famiglie")
    reason = reason_of(explained(query, body(2, "Viveri e Famiglia"), body(3)), "text")

    assert sorted(reason.parameters["words"]) == ["famiglia", "viveri"]


def test_what_both_name_in_other_words_is_told_as_a_term() -> None:
    query = on_poverty(ASKER, text="Un emporio solidale")
    reason = reason_of(explained(query, body(2, text="Gestiamo la mensa dei poveri")), "text")

    assert reason.parameters == {"words": [], "terms": [["theme", "POVERTA"]]}


# -- offers and needs


def test_what_it_offers_and_the_asker_needs_is_named() -> None:
    query = on_poverty(body(1, needs=["OPER_SOC", "SPAZI"]))

    reason = reason_of(explained(query, body(2, offers=["OPER_SOC", "VOLONTARI"])), "offers_needed")

    assert reason.parameters == {"codes": ["OPER_SOC"]}


def test_an_offer_read_off_the_name_is_told_as_such() -> None:
    query = on_poverty(body(1, needs=["VOLONTARI"]))

    assert reason_of(explained(query, body(2, inferred=["VOLONTARI"])), "offers_inferred").weight > 0


def test_what_it_needs_and_the_asker_offers_is_named_both_ways() -> None:
    query = on_poverty(body(1, offers=["SPAZI"]))
    suggestion = explained(query, body(2, needs=["SPAZI"]))

    assert reason_of(suggestion, "needs_offered").parameters == {"codes": ["SPAZI"]}
    assert reason_of(suggestion, "you_offer").parameters == {"codes": ["SPAZI"]}


# -- places


@pytest.mark.parametrize(
    ("other", "how"),
    [
        (body(2), "seat"),
        (body(2, place=ASTI, works_in=frozenset({"pinerolo"})), "works"),
        (manager(2, place=ASTI), "manages"),
    ],
)
def test_the_district_is_told_with_how_it_stands_there(other: Candidate, how: str) -> None:
    reason = next(r for r in explained(on_poverty(ASKER), other).reasons if r.code == "district")

    assert reason.parameters == {"districts": ["pinerolo"], "how": how}


def test_a_distance_is_told_to_a_tenth_of_a_kilometre() -> None:
    suggestion = explained(on_poverty(ASKER), body(2, place=CAVOUR))

    assert suggestion.distance_km == pytest.approx(12.2, abs=0.05)
    assert [r.parameters for r in suggestion.reasons if r.code == "distance"] == [
        {"km": suggestion.distance_km, "origin": "asker"}
    ]


def test_the_same_municipality_is_told_instead_of_no_distance() -> None:
    suggestion = explained(on_poverty(ASKER), body(2))

    assert suggestion.distance_km == 0.0
    assert "distance" not in codes(suggestion.reasons)
    assert next(r for r in suggestion.reasons if r.code == "same_municipality").parameters == {
        "municipality": PINEROLO.municipality
    }


def test_a_project_elsewhere_tells_the_distance_from_there_and_to_the_asker() -> None:
    query = Query(ASKER, Project("M2", frozenset({"POVERTA"}), frozenset({"asti"})))
    suggestion = explained(query, body(2, place=ASTI))

    (from_project,) = [r for r in suggestion.reasons if r.code == "distance"]
    (to_asker,) = [r for r in suggestion.towards if r.code == "distance"]
    assert from_project.parameters == {"km": 0.0, "origin": "project"}
    assert to_asker.parameters == {"km": suggestion.distance_km, "origin": "asker"}


def test_an_unknown_distance_is_none() -> None:
    assert explained(on_poverty(ASKER), body(2, place=NOWHERE)).distance_km is None


# -- past work


def test_common_work_is_told_with_partners_and_projects() -> None:
    past = (PastProject(7, (1, 2), 2024), PastProject(8, (1, 2, 3), 2022))
    suggestion = explained(on_poverty(ASKER), body(2), body(3), past=past)

    for reasons in (suggestion.reasons, suggestion.towards):
        (reason,) = [r for r in reasons if r.code == "worked_together"]
        assert reason.parameters == {"members": [1], "projects": [7, 8]}


def test_partners_in_common_are_told_with_the_projects_of_the_candidate() -> None:
    past = (PastProject(7, (1, 3), 2024), PastProject(8, (2, 3), 2024))
    (reason,) = [
        r
        for r in explained(on_poverty(ASKER), body(2), body(3), past=past).reasons
        if r.code == "shared_partners"
    ]

    assert reason.parameters == {"partners": [3], "projects": [8]}


def test_a_longer_way_is_told_without_names() -> None:
    past = (PastProject(1, (1, 3)), PastProject(2, (3, 4)), PastProject(3, (4, 2)))
    suggestion = explained(on_poverty(ASKER), body(2), body(3), body(4), past=past)

    assert reason_of(suggestion, "reached").parameters == {}
    assert "shared_partners" not in codes(suggestion.towards)


def test_past_projects_near_the_text_are_named() -> None:
    past = (PastProject(7, (2, 3), 2024, "Una mensa dei poveri"),)
    query = on_poverty(ASKER, text="Apriamo una mensa dei poveri")

    reason = reason_of(explained(query, body(2), body(3), past=past), "near_projects")

    assert reason.parameters == {"projects": [7]}


def test_partners_of_those_who_did_near_projects_are_told_as_such() -> None:
    past = (PastProject(7, (3,), 2024, "Una mensa dei poveri"), PastProject(8, (2, 3), 2024, "Calcio"))
    query = on_poverty(ASKER, text="Apriamo una mensa dei poveri")

    reason = reason_of(explained(query, body(2), body(3), past=past), "near_partners")

    assert reason.parameters == {"projects": [7], "partners": [3]}


def test_far_from_the_near_projects_nobody_is_named() -> None:
    past = (
        PastProject(7, (5,), 2024, "Una mensa dei poveri"),
        PastProject(8, (5, 4), 2024, "Calcio"),
        PastProject(9, (4, 2), 2024, "Calcio"),
    )
    query = on_poverty(ASKER, text="Apriamo una mensa dei poveri")

    found = explained(query, body(2), body(4), body(5), past=past)

    assert reason_of(found, "reached").weight > 0


# -- rules, standing


def test_the_rules_it_would_mend_are_named_musts_and_shoulds_apart() -> None:
    wanted = rule("wanted", "minimum_members", "should", condition=[["public_body"]])
    query = on_poverty(ASKER, requirements=(*M1_RULES, wanted), team=team(None, ASKER))
    suggestion = explained(query, manager(2))

    assert reason_of(suggestion, "meets_rules").parameters["rules"] == [
        "public",
        "lead_public",
        "lead_manages",
    ]
    assert reason_of(suggestion, "bonus_rules").parameters["rules"] == ["wanted"]
    assert suggestion.meets == ("public", "lead_public", "lead_manages", "wanted")


def test_its_kind_is_told_with_the_group_that_it_counts_in() -> None:
    reason = reason_of(explained(on_poverty(ASKER), body(2, legal_form="TS_COOP_B")), "kind")

    assert reason.parameters == {"kind": "third_sector", "legal_form": "TS_COOP_B", "group": "cooperative"}


def test_capacity_platform_and_how_busy_it_is_are_told() -> None:
    other = body(2, capacity=Capacity.LEAD, on_platform=True)
    suggestion = (
        PartnerRecommender(diversity=0.0).fit(world(ASKER, other, busy={2: 4})).explain(on_poverty(ASKER), 2)
    )

    assert reason_of(suggestion, "capacity").parameters == {"capacity": "lead"}
    assert reason_of(suggestion, "on_platform").weight == Weights().platform
    assert reason_of(suggestion, "busy").parameters == {"count": 4}
    assert reason_of(suggestion, "busy").weight == Weights().busy


def test_a_field_outside_welfare_that_it_named_is_told_against_it() -> None:
    reason = reason_of(explained(on_poverty(ASKER), body(2, themes=["ATT_SPORTIVA"])), "other_field")

    assert reason.parameters == {"themes": ["ATT_SPORTIVA"], "inferred": False}
    assert reason.weight == Weights().other_field


def test_what_is_not_known_of_it_is_told_and_counts_a_little() -> None:
    query = on_poverty(body(1, needs=["SPAZI"]))
    reason = reason_of(explained(query, body(2, place=NOWHERE)), "little_known")

    assert reason.parameters == {"missing": ["themes", "related", "offers", "nearness", "capacity"]}
    assert reason.weight > 0


# -- towards and neither


def test_themes_of_asker_and_project_that_it_works_on_are_told_to_it() -> None:
    asker = body(1, themes=["DEMOGRAFIA"])
    suggestion = explained(on_poverty(asker), body(2, themes=["DEMOGRAFIA"], inferred=["POVERTA"]))

    assert [r.parameters for r in suggestion.towards if r.code == "you_share"] == [
        {"codes": ["DEMOGRAFIA"], "inferred": False},
        {"codes": ["POVERTA"], "inferred": True},
    ]


def test_a_stranger_from_afar_has_no_reason_but_the_distance() -> None:
    query = on_poverty(ASKER, measure="M2")

    assert codes(explained(query, body(2, place=ASTI)).towards) == ["distance"]


def test_nothing_known_of_each_other_gives_no_reason_towards() -> None:
    query = on_poverty(body(1, place=NOWHERE))

    assert explained(query, body(2, place=NOWHERE)).towards == ()


def test_what_neither_brings_is_listed() -> None:
    asker = body(1, themes=["POVERTA"], needs=["OPER_SOC", "SPAZI"])
    asked = Project("M1", frozenset({"POVERTA", "DEMOGRAFIA"}), targets=frozenset({"ANZIANI", "POVERI"}))
    other = body(2, targets=["ANZIANI"], inferred=["POVERI"], offers=["SPAZI"])

    assert explained(Query(asker, asked), other).neither == ("DEMOGRAFIA", "OPER_SOC")


# -- all of them


def test_every_feature_has_its_explanation() -> None:
    assert set(EXPLAINERS) == set(FEATURES)


@over_worlds
@given(worlds().flatmap(lambda known: st.tuples(st.just(known), queries(known))))
def test_every_reason_given_is_in_the_table_and_the_weightiest_come_first(found: tuple) -> None:
    known, query = found
    for suggestion in PartnerRecommender().fit(known).recommend(query):
        assert {*codes(suggestion.reasons), *codes(suggestion.towards)} <= CODES
        own = [r.weight for r in suggestion.reasons if not r.code.endswith("_above")]
        assert own == sorted(own, reverse=True)
        assert all(reason.weight != 0 for reason in suggestion.reasons)


@pytest.mark.parametrize(
    ("feature", "code"),
    [("themes", "themes"), ("nearness", "distance"), ("kind", "kind"), ("platform", "on_platform")],
)
def test_without_a_reasons_feature_the_score_is_lower_by_its_weight(feature: str, code: str) -> None:
    others = body(2, themes=["POVERTA"], place=CAVOUR, on_platform=True), body(3)
    with_it = fitted(ASKER, *others).explain(on_poverty(ASKER), 2)
    weight = next(r.weight for r in with_it.reasons if r.code == code)

    without = fitted(ASKER, *others, weights=replace(Weights(), **{feature: 0.0}))

    assert without.explain(on_poverty(ASKER), 2).score == with_it.score - weight
