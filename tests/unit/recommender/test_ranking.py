"""The estimator: scikit-learn's contract, and what a list promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import recommender
from recommender.exceptions import UnknownCandidate
from recommender.ranking import PartnerRecommender
from recommender.types import Capacity, Known
from recommender.weights import Weights
from recommender.world import PastProject, World
from tests.unit.recommender.worlds import (
    ASTI,
    CAVOUR,
    M1_RULES,
    NOWHERE,
    PINEROLO,
    THESAURUS,
    body,
    codes,
    fitted,
    manager,
    on_poverty,
    over_worlds,
    queries,
    team,
    world,
    worlds,
)

ASKER = body(1, themes=["FRAGILITA"])
asked_worlds = worlds().flatmap(lambda known: st.tuples(st.just(known), queries(known)))


def ids(suggestions: list) -> list[int]:
    return [suggestion.candidate.id for suggestion in suggestions]


# -- scikit-learn's contract


def test_the_constructor_only_stores() -> None:
    weights = Weights(kind=1.0)
    recommender = PartnerRecommender(weights=weights, diversity=3.0)

    assert recommender.get_params() == {"weights": weights, "diversity": 3.0}
    assert vars(recommender) == {"weights": weights, "diversity": 3.0}


def test_parameters_can_be_set_afterwards() -> None:
    assert PartnerRecommender().set_params(diversity=0.0).diversity == 0.0


def test_a_clone_has_the_parameters_and_nothing_learnt() -> None:
    recommender = fitted(ASKER, body(2))

    copy = clone(recommender)

    assert copy.get_params() == recommender.get_params()
    assert not hasattr(copy, "fitted_")


def test_fit_returns_the_recommender_itself() -> None:
    recommender = PartnerRecommender()

    assert recommender.fit(world(ASKER)) is recommender


def test_the_package_gives_the_estimator_and_nothing_it_does_not_have() -> None:
    assert recommender.PartnerRecommender is PartnerRecommender
    with pytest.raises(AttributeError, match="Nothing"):
        recommender.Nothing  # noqa: B018 - asking is the point


@pytest.mark.parametrize("ask", ["recommend", "pool_scores", "relaxations"])
def test_asking_before_fitting_is_an_error(ask: str) -> None:
    with pytest.raises(NotFittedError):
        getattr(PartnerRecommender(), ask)(on_poverty(ASKER))


def test_explaining_and_refreshing_before_fitting_are_errors_too() -> None:
    with pytest.raises(NotFittedError):
        PartnerRecommender().explain(on_poverty(ASKER), 2)
    with pytest.raises(NotFittedError):
        PartnerRecommender().refreshed([], [])


@over_worlds
@given(asked_worlds)
def test_fitting_again_changes_nothing(found: tuple) -> None:
    known, query = found
    recommender = PartnerRecommender().fit(known)
    first = recommender.recommend(query)

    assert recommender.fit(known).recommend(query) == first


def test_the_weights_are_used() -> None:
    near, far = body(2), body(3, place=CAVOUR)
    flat = PartnerRecommender(weights=Weights(nearness=0.0, district=0.0), diversity=0.0)

    (first, second) = flat.fit(world(ASKER, near, far)).recommend(on_poverty(ASKER))

    assert first.score == second.score


# -- lists


def test_who_works_on_the_theme_comes_before_who_does_not() -> None:
    recommender = fitted(ASKER, body(2, themes=["DEMOGRAFIA"]), body(3, themes=["POVERTA"]))

    assert ids(recommender.recommend(on_poverty(ASKER))) == [3, 2]


def test_a_theme_that_was_said_counts_more_than_one_read_off_the_name() -> None:
    recommender = fitted(ASKER, body(2, inferred=["POVERTA"]), body(3, themes=["POVERTA"]))

    assert ids(recommender.recommend(on_poverty(ASKER))) == [3, 2]


def test_little_known_stands_between_of_the_field_and_of_another() -> None:
    unknown, other, same = body(2), body(3, themes=["DEMOGRAFIA"]), body(4, inferred=["POVERTA"])
    recommender = fitted(ASKER, unknown, other, same)

    assert ids(recommender.recommend(on_poverty(ASKER))) == [4, 2, 3]


def test_how_much_is_known_is_a_label_and_moves_nobody() -> None:
    recommender = fitted(ASKER, body(2, known=Known.LITTLE), body(3, known=Known.WELL))

    first, second = recommender.recommend(on_poverty(ASKER))

    assert first.score == second.score


def test_nearer_is_better_and_nowhere_known_is_not_the_worst() -> None:
    recommender = fitted(ASKER, body(2, place=NOWHERE), body(3, place=CAVOUR), body(4, place=ASTI))
    query = replace(on_poverty(ASKER, measure="M2"), project=replace(on_poverty(ASKER).project, measure="M2"))

    assert ids(recommender.recommend(query)) == [3, 4, 2]
    assert ids(fitted(ASKER, body(2, place=NOWHERE)).recommend(query)) == [2]


def test_past_partners_come_before_strangers() -> None:
    past = (PastProject(1, (1, 3), 2024, "mensa"),)

    assert ids(fitted(ASKER, body(2), body(3), past=past).recommend(on_poverty(ASKER))) == [3, 2]


def test_who_mends_the_rules_comes_first() -> None:
    recommender = fitted(ASKER, body(2, themes=["POVERTA"]), manager(3))
    query = on_poverty(ASKER, requirements=M1_RULES, team=team(None, ASKER))

    first, second = recommender.recommend(query)

    assert (first.candidate.id, first.meets) == (3, ("public", "lead_public", "lead_manages"))
    assert second.meets == ()


def test_equal_scores_are_listed_by_id() -> None:
    recommender = fitted(ASKER, body(9), body(4), body(6))

    assert ids(recommender.recommend(on_poverty(ASKER))) == [4, 6, 9]


def test_equal_points_are_settled_by_what_was_rounded_away() -> None:
    a_little_further = replace(PINEROLO, lat=PINEROLO.lat + 0.0001)
    recommender = fitted(ASKER, body(2, place=a_little_further), body(3))

    first, second = recommender.recommend(on_poverty(ASKER))

    assert first.score == second.score
    assert (first.candidate.id, second.candidate.id) == (3, 2)


def test_a_crowd_that_could_lead_does_not_hide_who_would_do_the_work() -> None:
    crowd = [body(number, kind="public_body") for number in range(10, 180)]
    recommender = PartnerRecommender().fit(world(ASKER, *crowd, body(2)))
    query = on_poverty(ASKER, requirements=M1_RULES, team=team(None, ASKER), top=10)

    assert recommender.explain(replace(query, top=1), 2).rank > 150
    assert 2 in ids(recommender.recommend(query))


def test_a_busy_body_stands_behind_its_equal() -> None:
    recommender = PartnerRecommender().fit(world(ASKER, body(2), body(3), busy={2: 3}))

    assert ids(recommender.recommend(on_poverty(ASKER))) == [3, 2]


def test_who_can_join_now_comes_before_who_has_not_said() -> None:
    recommender = fitted(ASKER, body(2), body(3, capacity=Capacity.PARTNER))

    assert ids(recommender.recommend(on_poverty(ASKER))) == [3, 2]


def test_the_list_is_as_long_as_asked_at_most() -> None:
    recommender = fitted(ASKER, *(body(number) for number in range(2, 9)))

    assert len(recommender.recommend(on_poverty(ASKER, top=3))) == 3
    assert recommender.recommend(on_poverty(ASKER, top=0)) == []


def test_an_empty_world_has_an_empty_list() -> None:
    recommender = PartnerRecommender().fit(World(()))

    assert recommender.recommend(on_poverty(ASKER, requirements=M1_RULES)) == []
    assert len(recommender.pool_scores(on_poverty(ASKER)).ids) == 0


def test_the_asker_may_be_absent_from_the_world() -> None:
    hidden = body(99, themes=["POVERTA"], needs=["OPER_SOC"])
    recommender = fitted(body(2, offers=["OPER_SOC"]), body(3))

    found = recommender.recommend(on_poverty(hidden, requirements=M1_RULES))

    assert ids(found) == [2, 3]
    assert "offers_needed" in codes(found[0].reasons)


@over_worlds
@given(asked_worlds)
def test_every_list_keeps_its_promises(found: tuple) -> None:
    known, query = found
    recommender = PartnerRecommender().fit(known)

    suggestions = recommender.recommend(query)

    assert [s.rank for s in suggestions] == list(range(1, len(suggestions) + 1))
    assert len(set(ids(suggestions))) == len(suggestions) <= query.top
    assert query.asker.id not in ids(suggestions)
    scores = [s.score for s in suggestions]
    assert scores == sorted(scores, reverse=True)
    for suggestion in suggestions:
        assert sum(reason.weight for reason in suggestion.reasons) == suggestion.score
        assert recommender.why_not(query, suggestion.candidate.id) == ()
        assert recommender.explain(query, suggestion.candidate.id) == suggestion


@over_worlds
@given(asked_worlds)
def test_whoever_is_left_out_of_a_long_list_has_a_reason(found: tuple) -> None:
    known, query = found
    recommender = PartnerRecommender().fit(known)
    listed = set(ids(recommender.recommend(replace(query, top=100))))

    for candidate in known.candidates:
        assert bool(recommender.why_not(query, candidate.id)) is (candidate.id not in listed)


# -- one body


def test_a_body_below_the_list_is_explained_with_its_rank_among_all() -> None:
    recommender = fitted(ASKER, body(2, themes=["POVERTA"]), body(3))

    below = recommender.explain(on_poverty(ASKER, top=1), 3)

    assert below.rank == 2
    assert sum(reason.weight for reason in below.reasons) == below.score


@pytest.mark.parametrize("ask", ["explain", "why_not"])
def test_a_body_that_the_world_does_not_hold_is_an_error(ask: str) -> None:
    with pytest.raises(UnknownCandidate, match="77"):
        getattr(fitted(ASKER), ask)(on_poverty(ASKER), 77)


# -- the pool for the assembler


def test_the_pool_holds_every_eligible_body_in_the_order_of_ids() -> None:
    past = (PastProject(1, (1, 5), 2024),)
    recommender = fitted(
        ASKER,
        body(5, on_platform=True),
        body(3, capacity=Capacity.NOT_NOW),
        body(2, place=NOWHERE),
        past=past,
    )

    pool = recommender.pool_scores(on_poverty(ASKER))

    assert pool.ids.tolist() == [2, 5]
    assert pool.newcomer.tolist() == [True, False]
    assert pool.on_platform.tolist() == [False, True]
    assert np.isnan(pool.distance_km[0])
    assert pool.tie[0] == 0.0 < pool.tie[1]
    assert (pool.tie + pool.fit <= pool.total).all()


@over_worlds
@given(asked_worlds)
def test_pool_and_list_tell_the_same_scores_when_nothing_is_reranked(found: tuple) -> None:
    known, query = found
    recommender = PartnerRecommender(diversity=0.0).fit(known)
    pool = recommender.pool_scores(query)
    scores = dict(zip(pool.ids.tolist(), pool.total.tolist(), strict=True))

    for suggestion in recommender.recommend(query):
        assert scores[suggestion.candidate.id] == suggestion.score


# -- changes


def test_a_changed_profile_is_seen_without_fitting_again() -> None:
    before = fitted(ASKER, body(2), body(3))

    after = before.refreshed([body(2, themes=["POVERTA"], text="Una mensa dei poveri")], [])

    assert ids(after.recommend(on_poverty(ASKER))) == [2, 3]
    assert after.recommend(on_poverty(ASKER))[0].candidate.text == "Una mensa dei poveri"
    assert "themes" not in codes(before.explain(on_poverty(ASKER), 2).reasons)


def test_a_body_that_is_gone_is_in_no_list_score_or_tie() -> None:
    past = (PastProject(1, (1, 2, 3), 2024),)
    after = fitted(ASKER, body(2), body(3), past=past).refreshed([], [2])

    (only,) = after.recommend(on_poverty(ASKER))

    assert only.candidate.id == 3
    assert after.pool_scores(on_poverty(ASKER)).ids.tolist() == [3]
    with pytest.raises(UnknownCandidate):
        after.explain(on_poverty(ASKER), 2)


def test_past_work_and_commitments_are_replaced_when_given() -> None:
    before = fitted(ASKER, body(2), body(3))

    after = before.refreshed([], [], past=[PastProject(1, (1, 3), 2024)], busy={2: 2})

    first, second = after.recommend(on_poverty(ASKER))
    assert "worked_together" in codes(first.reasons)
    assert "busy" in codes(second.reasons)
    assert after.refreshed([], []).recommend(on_poverty(ASKER)) == [first, second]


@over_worlds
@given(worlds(), st.data())
def test_a_world_grown_body_by_body_answers_like_one_fitted_at_once(
    known: World, data: st.DataObject
) -> None:
    # How rare a word is was learnt at the first fit, so this world has none to tell apart.
    plain = tuple(replace(candidate, name="Ente", text="") for candidate in known.candidates)
    past = tuple(replace(project, text="") for project in known.past)
    query = data.draw(queries(known))
    query = replace(query, asker=plain[query.asker.id - 1], project=replace(query.project, text=""))

    grown = PartnerRecommender().fit(World(plain[:1], past, THESAURUS))
    for candidate in plain[1:]:
        grown = grown.refreshed([candidate], [])
    grown = grown.refreshed([], [], busy=known.busy)

    assert grown.recommend(query) == PartnerRecommender().fit(
        World(plain, past, THESAURUS, known.busy)
    ).recommend(query)


def test_the_fit_attributes_name_the_past_it_was_fitted_on() -> None:
    past = (PastProject(1, (1, 2), 2024),)

    assert fitted(ASKER, body(2), past=past).past_ == past
