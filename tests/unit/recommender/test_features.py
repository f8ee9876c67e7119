"""Values of the features: between 0 and 1, and each says what its name says."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.case import Case
from recommender.features import UNSAID_CAPACITY, Features, contributions, features_of, raw_total
from recommender.ranking import PartnerRecommender
from recommender.types import Candidate, Capacity, Project, Role
from recommender.weights import (
    FEATURES,
    FIT_FEATURES,
    GROUP_OF_FORM,
    KIND_PRIOR,
    STEP,
    TIE_FEATURES,
    UNRANKED_KIND,
    Weights,
    group_of,
    kind_prior,
)
from recommender.world import PastProject, Query
from tests.unit.recommender.worlds import (
    ASTI,
    CAVOUR,
    M1_RULES,
    NOWHERE,
    body,
    fitted,
    manager,
    on_poverty,
    over_worlds,
    queries,
    rule,
    team,
    world,
    worlds,
)

ASKER = body(1)
NEUTRAL = Weights().neutral


def values_of(feature: str, query: Query, *others: Candidate, **settings: object) -> list[float]:
    """A feature's values of the others, zeros when the query says nothing about it."""
    recommender = fitted(ASKER, *others, **settings)
    values = features_of(Case.of(recommender.fitted_, query)).values
    return values.get(feature, np.zeros(len(others) + 1))[1:].tolist()


# -- what the project asks for


def test_a_said_theme_counts_whole_a_read_one_half_none_known_a_little_another_nothing() -> None:
    bodies = (
        body(2, themes=["POVERTA"]),
        body(3, inferred=["POVERTA"]),
        body(4),
        body(5, themes=["DEMOGRAFIA"]),
    )

    assert values_of("themes", on_poverty(ASKER), *bodies) == pytest.approx([1.0, 0.5, NEUTRAL, 0.0])


def test_two_of_the_themes_asked_for_are_as_good_as_all() -> None:
    asked = Project("M1", frozenset({"POVERTA", "FRAGILITA", "DEMOGRAFIA"}))
    bodies = body(2, themes=["POVERTA"]), body(3, themes=["POVERTA", "FRAGILITA"])

    assert values_of("themes", Query(ASKER, asked), *bodies) == [0.5, 1.0]


def test_a_theme_that_the_text_names_counts_half_of_one_that_was_chosen() -> None:
    query = Query(ASKER, Project("M1", text="Un emporio solidale"))

    assert values_of("themes", query, body(2, themes=["POVERTA"])) == [0.5]


def test_what_is_only_named_in_the_text_also_counts_half_where_nothing_is_known() -> None:
    query = Query(ASKER, Project("M1", text="Un emporio solidale"))

    assert values_of("themes", query, body(2)) == pytest.approx([NEUTRAL / 2])


def test_targets_services_and_actions_are_looked_at_apart() -> None:
    asked = Project(
        "M4",
        targets=frozenset({"ANZIANI"}),
        services=frozenset({"DOMICILIO"}),
        actions=frozenset({"NIDO"}),
    )
    other = body(2, targets=["ANZIANI"], services=["INCLUSIONE"], welfare_actions=["NIDO"])

    found = {f: values_of(f, Query(ASKER, asked), other) for f in ("targets", "services", "actions")}

    assert found == {"targets": [1.0], "services": [0.0], "actions": [1.0]}


def test_terms_that_the_theme_calls_up_count_the_second_less_than_the_first() -> None:
    one, two = body(2, targets=["POVERI"]), body(3, targets=["POVERI"], services=["INCLUSIONE"])

    first, both = values_of("related", on_poverty(ASKER), one, two)

    assert first == pytest.approx(1 / 1.5)
    assert first < both < 2 * first


def test_a_target_calls_up_the_themes_that_name_it_less_than_the_other_way_round() -> None:
    asked = Query(ASKER, Project("M1", targets=frozenset({"POVERI"})))

    (back,) = values_of("related", asked, body(2, themes=["POVERTA"]))
    (forth,) = values_of("related", on_poverty(ASKER), body(2, targets=["POVERI"]))

    assert 0 < back < forth


def test_a_project_that_says_nothing_is_about_what_its_asker_does() -> None:
    asker = body(1, themes=["POVERTA"], inferred=["FRAGILITA"])
    recommender = fitted(asker, body(2, themes=["POVERTA"]), body(3, themes=["DEMOGRAFIA"]))

    values = features_of(Case.of(recommender.fitted_, Query(asker, Project("M1")))).values["themes"]

    assert values[1] > values[2] == 0.0


def test_words_in_common_with_the_text_count_and_so_do_synonyms() -> None:
    query = on_poverty(ASKER, text="Consegniamo viveri con un emporio solidale")
    named, other_words, neither = (
        body(2, "Viveri per tutti"),
        body(3, text="La mensa dei poveri del paese"),
        body(4, "Insieme"),
    )

    same, synonym, nothing = values_of("text", query, named, other_words, neither)

    assert same > 0
    assert synonym > 0
    assert nothing == 0.0


# -- offers and needs, both ways


def test_what_the_asker_needs_and_a_body_offers_counts() -> None:
    asker = body(1, needs=["OPER_SOC", "SPAZI"])
    recommender = fitted(
        asker,
        body(2, offers=["OPER_SOC", "SPAZI"]),
        body(3, inferred=["SPAZI"]),
        body(4),
        body(5, offers=["VOLONTARI"]),
    )

    values = features_of(Case.of(recommender.fitted_, on_poverty(asker))).values["offers"]

    assert values[1:].tolist() == pytest.approx([1.0, 0.25, NEUTRAL, 0.0])


def test_what_the_team_has_already_is_not_needed_any_more() -> None:
    asker, partner = body(1, needs=["OPER_SOC"]), body(2, offers=["OPER_SOC"])
    recommender = fitted(asker, partner, body(3, offers=["OPER_SOC"]))
    query = on_poverty(asker, team=team(asker, partner))

    assert "offers" not in features_of(Case.of(recommender.fitted_, query)).values


def test_what_a_body_needs_and_the_asker_offers_counts() -> None:
    asker = body(1, offers=["SPAZI"])
    recommender = fitted(asker, body(2, needs=["SPAZI"]), body(3, needs=["OPER_SOC"]))

    values = features_of(Case.of(recommender.fitted_, on_poverty(asker))).values["needs"]

    assert values[1:].tolist() == [1.0, 0.0]


# -- places


def test_a_seat_in_the_district_counts_whole_work_there_a_little_less() -> None:
    bodies = body(2), body(3, place=ASTI, works_in=frozenset({"pinerolo"})), body(4, place=ASTI)

    assert values_of("district", on_poverty(ASKER), *bodies) == pytest.approx([1.0, 0.8, 0.0])


def test_without_a_district_the_askers_own_is_meant() -> None:
    query = Query(ASKER, Project("M1", frozenset({"POVERTA"})))

    assert values_of("district", query, body(2), body(3, place=ASTI)) == [1.0, 0.0]


def test_nearness_falls_with_distance_by_the_reach_of_the_measure() -> None:
    (in_m1,) = values_of("nearness", on_poverty(ASKER), body(2, place=CAVOUR))
    (in_m2,) = values_of("nearness", on_poverty(ASKER, measure="M2"), body(2, place=CAVOUR))

    assert in_m1 == pytest.approx(np.exp(-12.2 / 20), abs=0.01)
    assert in_m1 < in_m2 < 1.0


def test_an_unknown_place_is_neither_near_nor_far() -> None:
    assert values_of("nearness", on_poverty(ASKER), body(2, place=NOWHERE)) == [NEUTRAL]


def test_a_project_elsewhere_is_measured_from_where_it_takes_place() -> None:
    elsewhere = Query(ASKER, Project("M1", districts=frozenset({"asti"})))

    there, here = values_of("nearness", elsewhere, body(2, place=ASTI), body(3))

    assert there == pytest.approx(1.0)
    assert here < 0.1


def test_an_asker_without_a_place_tells_nothing_of_nearness() -> None:
    asker = body(1, place=NOWHERE)
    recommender = fitted(asker, body(2, place=NOWHERE))

    found = features_of(Case.of(recommender.fitted_, Query(asker, Project("M1"))))

    assert "nearness" not in found.values


# -- rules, past work, standing


def test_mending_more_of_the_rules_counts_more() -> None:
    query = on_poverty(ASKER, requirements=M1_RULES, team=team(None, ASKER))

    assert values_of("meets", query, manager(2), body(3, kind="public_body"), body(4)) == pytest.approx(
        [1.0, 1 / 3, 0.0]
    )


def test_a_criterion_is_a_bonus_apart() -> None:
    wanted = (rule("wanted", "minimum_members", "should", condition=[["enterprise"]]),)

    assert values_of(
        "bonus", on_poverty(ASKER, requirements=wanted), body(2, kind="enterprise"), body(3)
    ) == [1, 0]


def test_past_partners_are_reached_and_partners_of_partners_less() -> None:
    past = (PastProject(1, (1, 2), 2024), PastProject(2, (2, 3), 2024))

    partner, second, nobody = values_of("ties", on_poverty(ASKER), body(2), body(3), body(4), past=past)

    assert partner == 1.0
    assert 0 < second < 1
    assert nobody == 0.0


def test_members_of_past_work_near_the_text_are_voted_for() -> None:
    past = (PastProject(1, (2,), 2024, "Mensa dei poveri"), PastProject(2, (3,), 2024, "Torneo di calcio"))
    query = on_poverty(ASKER, text="Un emporio solidale e una mensa dei poveri")

    near, far = values_of("past", query, body(2), body(3), past=past)

    assert near == 1.0
    assert far == 0.0


@pytest.mark.parametrize(
    ("role", "expected"),
    [(Role.PARTNER, [1.0, 1.0, UNSAID_CAPACITY]), (Role.LEAD, [1.0, 0.2, UNSAID_CAPACITY])],
)
def test_declared_capacity_counts_by_the_role_sought(role: Role, expected: list[float]) -> None:
    bodies = body(2, capacity=Capacity.LEAD), body(3, capacity=Capacity.PARTNER), body(4)

    assert values_of("capacity", on_poverty(ASKER, role=role), *bodies) == pytest.approx(expected)


def test_three_projects_are_as_busy_as_a_body_can_be() -> None:
    known = world(ASKER, body(2), body(3), busy={2: 1, 3: 7})
    recommender = PartnerRecommender().fit(known)

    values = features_of(Case.of(recommender.fitted_, on_poverty(ASKER))).values["busy"]

    assert values.tolist() == pytest.approx([0.0, 1 / 3, 1.0])


# -- all of them


@over_worlds
@given(worlds().flatmap(lambda known: st.tuples(st.just(known), queries(known))))
def test_every_value_keeps_its_bounds_and_every_point_is_a_whole_step(found: tuple) -> None:
    known, query = found
    case = Case.of(PartnerRecommender().fit(known).fitted_, query)
    features: Features = features_of(case)
    points = contributions(case, features)

    assert list(features.values) == [name for name in FEATURES if name in features.values]
    for name, values in features.values.items():
        assert values.min() >= (-1.0 if name == "kind" else 0.0)
        assert values.max() <= 1.0
        assert (points[name] / STEP == np.round(points[name] / STEP)).all()
    error = np.abs(sum(points.values(), np.zeros(len(case.index))) - raw_total(case, features))
    assert (error <= len(points) * STEP / 2 + 1e-9).all()


def test_adding_a_theme_that_is_asked_for_never_lowers_a_score() -> None:
    query = on_poverty(ASKER)
    before = fitted(ASKER, body(2, themes=["DEMOGRAFIA"])).explain(query, 2).score

    assert fitted(ASKER, body(2, themes=["DEMOGRAFIA", "POVERTA"])).explain(query, 2).score > before


# -- weights


def test_every_feature_has_a_weight_and_every_group_of_features_is_of_them() -> None:
    names = {field.name for field in fields(Weights)}

    assert set(FEATURES) <= names
    assert set(FIT_FEATURES) | set(TIE_FEATURES) <= set(FEATURES)
    assert not set(FIT_FEATURES) & set(TIE_FEATURES)


def test_the_district_weighs_less_where_a_measure_spans_provinces() -> None:
    weights = Weights()

    assert weights.points("district", "M1") == weights.district
    assert weights.points("district", "M2") == pytest.approx(0.4 * weights.district)
    assert weights.points("kind", "M2") == weights.kind


def test_kind_priors_put_cooperatives_and_consortia_before_sport_in_every_measure() -> None:
    for measure in KIND_PRIOR:
        assert kind_prior("cooperative", measure) > kind_prior("association", measure)
        assert kind_prior("association", measure) > kind_prior("sport", measure)
        assert all(0 <= prior <= 1 for prior in KIND_PRIOR[measure].values())


def test_managing_services_goes_before_the_legal_form() -> None:
    assert group_of(manager(1)) == "ente_gestore"
    assert group_of(body(1, legal_form="TS_FOND")) == "foundation"
    assert group_of(body(1, legal_form=None)) == "association"
    assert group_of(body(1, legal_form="NEVER_SEEN", kind="other")) == "other"
    assert kind_prior("other", "M1") == UNRANKED_KIND
    assert set(GROUP_OF_FORM.values()) >= {"cooperative", "foundation", "municipality"}


def test_a_kind_that_is_seldom_seen_counts_against_the_body() -> None:
    school, coop = values_of("kind", on_poverty(ASKER), body(2, legal_form="PB_SCUOLA"), body(3))

    assert school == pytest.approx(2 * kind_prior("school", "M1") - 1)
    assert school < 0
    assert coop == 1.0


def test_an_unknown_measure_falls_back_on_what_the_third_sector_shows() -> None:
    query = replace(on_poverty(ASKER), project=Project("M9", frozenset({"POVERTA"})))

    assert values_of("kind", query, body(2, legal_form="TS_ASD"), body(3)) == [-1.0, 1.0]
