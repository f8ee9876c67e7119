"""The top is not ten clones, and nothing is lost that the reader is not told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.diversity import SHARES, Pool, rerank, similarity
from recommender.index import Coder
from recommender.ranking import PartnerRecommender
from recommender.weights import STEP
from tests.unit.recommender.worlds import (
    ASTI,
    M1_RULES,
    NOWHERE,
    body,
    codes,
    manager,
    on_poverty,
    reason_of,
    team,
    world,
)

ASKER = body(1)


def pool(total: list[float], alike: np.ndarray | None = None, gaps: list[int] | None = None) -> Pool:
    size = len(total)
    filled = np.array(gaps or [0] * size)
    return Pool(
        rows=np.arange(10, 10 + size),
        total=np.array(total, dtype=float),
        alike=np.eye(size) if alike is None else alike,
        gaps=filled,
        gap_points=np.where(filled > 0, 10.0, 0.0),
    )


def rows(places: list) -> list[int]:
    return [place.row for place in places]


def test_without_likeness_the_order_stays() -> None:
    assert rows(rerank(pool([3.0, 2.0, 1.0]), strength=5.0, top=3)) == [10, 11, 12]


def test_a_copy_of_the_first_gives_way_to_another() -> None:
    alike = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])

    first, second, third = rerank(pool([10.0, 9.0, 8.0], alike), strength=4.0, top=3)

    assert (first.row, second.row, third.row) == (10, 12, 11)
    assert (third.likeness, third.alike) == (4.0, 10)
    assert second.alike is None


def test_strength_zero_leaves_everything_as_it_is() -> None:
    found = rerank(pool([2.0, 1.0], np.ones((2, 2)), gaps=[1, 1]), strength=0.0, top=2)

    assert rows(found) == [10, 11]
    assert [(place.likeness, place.filled) for place in found] == [(0.0, 0.0), (0.0, 0.0)]


def test_the_third_of_a_kind_loses_more_than_the_second() -> None:
    alike = np.full((3, 3), 0.6) + 0.4 * np.eye(3)

    first, second, third = rerank(pool([5.0, 5.0, 5.0], alike), strength=8.0, top=3)

    assert first.likeness < second.likeness < third.likeness


def test_half_alike_costs_much_less_than_half() -> None:
    alike = np.array([[1.0, 0.5], [0.5, 1.0]])

    assert rerank(pool([5.0, 5.0], alike), strength=8.0, top=2)[1].likeness == 1.0


def test_once_a_gap_is_filled_others_that_would_fill_it_are_worth_less() -> None:
    found = rerank(pool([20.0, 19.5, 19.0], gaps=[3, 1, 0]), strength=1.0, top=3)

    assert rows(found) == [10, 12, 11]
    assert (found[2].filled, found[2].others) == (1.0, 1)


def test_who_fills_more_than_those_above_loses_nothing_for_it() -> None:
    found = rerank(pool([20.0, 19.0], gaps=[1, 3]), strength=1.0, top=2)

    assert found[1].filled == 0.0


def test_ties_keep_the_order_of_the_pool() -> None:
    assert rows(rerank(pool([1.0, 1.0, 1.0]), strength=3.0, top=2)) == [10, 11]


def test_an_empty_pool_gives_an_empty_list() -> None:
    assert rerank(pool([]), strength=3.0, top=5) == []


@given(
    st.lists(st.integers(0, 1600), min_size=1, max_size=12),
    st.floats(0, 30),
    st.integers(0, 2**32 - 1),
)
def test_points_never_rise_down_the_list_and_nobody_is_lost(
    points: list[int], strength: float, seed: int
) -> None:
    size, random = len(points), np.random.default_rng(seed)
    raw = random.random((size, size))
    alike = np.maximum((raw + raw.T) / 2, np.eye(size))
    total = sorted((STEP * point for point in points), reverse=True)
    given_pool = pool(total, alike, gaps=random.integers(0, 4, size).tolist())

    found = rerank(given_pool, strength, top=size)

    left = [total[place.row - 10] - place.likeness - place.filled for place in found]
    assert left == sorted(left, reverse=True)
    assert sorted(rows(found)) == given_pool.rows.tolist()


def test_bodies_are_alike_in_kind_place_terms_and_words() -> None:
    known = world(
        body(1, "Quadrifoglio uno", themes=["POVERTA"]),
        body(2, "Quadrifoglio due", themes=["POVERTA"]),
        body(3, "Insieme", kind="enterprise", place=ASTI, themes=["DEMOGRAFIA"]),
    )
    index = Coder(known.thesaurus, 0.5).fit(known)

    alike = similarity(index, np.array([0, 1, 2]))

    assert np.diagonal(alike) == pytest.approx(1.0)
    assert alike == pytest.approx(alike.T)
    assert alike[0, 1] > SHARES["group"] + SHARES["municipality"] + SHARES["terms"]
    assert alike[0, 2] == 0.0


def test_two_unknown_seats_are_not_the_same_place_and_two_empty_profiles_are_alike() -> None:
    known = world(body(1, "Rossi", place=NOWHERE), body(2, "Bianchi", place=NOWHERE))
    index = Coder(known.thesaurus, 0.5).fit(known)

    assert similarity(index, np.array([0, 1]))[0, 1] == pytest.approx(SHARES["group"] + SHARES["terms"])


def test_near_copies_are_spread_over_the_list_and_the_reader_is_told_why() -> None:
    copies = [body(number, f"Quadrifoglio {number}", themes=["POVERTA"]) for number in (2, 3, 4)]
    other = body(5, "Casa di riposo", legal_form="TS_FOND", themes=["POVERTA"])
    recommender = PartnerRecommender().fit(world(ASKER, *copies, other))

    found = recommender.recommend(on_poverty(ASKER))

    assert [s.candidate.id for s in found[:2]] == [2, 5]
    reason = reason_of(found[2], "similar_above")
    assert reason.parameters == {"candidates": [2]}
    assert reason.weight < 0


def test_after_the_first_lead_others_who_could_lead_make_room() -> None:
    managers = [manager(number, legal_form="PB_CONSORZIO_SA") for number in (2, 3, 4, 5)]
    recommender = PartnerRecommender().fit(world(ASKER, *managers, body(6, themes=["POVERTA"])))
    query = on_poverty(ASKER, requirements=M1_RULES, team=team(None, ASKER))

    found = recommender.recommend(query)

    assert "gap_filled_above" not in codes(found[0].reasons)
    last = next(s for s in reversed(found) if s.candidate.id != 6)
    assert reason_of(last, "gap_filled_above").parameters == {"count": 3}
