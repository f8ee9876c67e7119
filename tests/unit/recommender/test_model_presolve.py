"""Dominance: who can be left out because enough others are at least as good on every count."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recommender.presolve import undominated

MERITS = np.array(
    [
        # 0  1  2  3  4
        [1, 1, 0, 1, 0],
        [0, 0, 1, 1, 0],
    ],
    dtype=float,
)


def test_who_is_beaten_on_every_count_goes() -> None:
    value = np.array([5.0, 4.0, 3.0, 4.5, 4.0])
    # 4 is beaten by 0, 1 and 3; 1 by 0 (same merits, worth more) and 3; 2 by 3; 0 and 3 by nobody.
    assert undominated(MERITS, value, 1).tolist() == [0, 3]
    assert undominated(MERITS, value, 2).tolist() == [0, 2, 3]
    assert undominated(MERITS, value, 3).tolist() == [0, 1, 2, 3]
    assert undominated(MERITS, value, 4).tolist() == [0, 1, 2, 3, 4]


def test_of_bodies_that_are_alike_in_everything_the_first_stay() -> None:
    assert undominated(np.zeros((3, 6)), np.ones(6), 2).tolist() == [0, 1]


def test_zero_is_zero_whatever_its_sign() -> None:
    merits = np.array([[0.0, -0.0, 0.0], [1.0, 1.0, -1.0]])
    assert undominated(merits, np.array([2.0, 1.0, 3.0]), 1).tolist() == [0, 2]


def better(merits: np.ndarray, value: np.ndarray, one: int, other: int) -> bool:
    """Whether one is at least as good as another; of equals, the first."""
    if (merits[:, one] < merits[:, other]).any() or value[one] < value[other]:
        return False
    equal = (merits[:, one] == merits[:, other]).all() and value[one] == value[other]
    return one < other if equal else True


@settings(max_examples=150, deadline=None)
@given(data=st.data(), bodies=st.integers(1, 14), most=st.integers(1, 4))
def test_whoever_goes_is_beaten_by_enough_and_whoever_stays_by_few(
    data: st.DataObject, bodies: int, most: int
) -> None:
    few = st.integers(0, 2).map(float)
    merits = data.draw(arrays.arrays(float, (2, bodies), elements=few))
    value = data.draw(arrays.arrays(float, bodies, elements=few))
    kept = set(undominated(merits, value, most).tolist())
    for body in range(bodies):
        beaten = sum(better(merits, value, other, body) for other in range(bodies) if other != body)
        by_kept = sum(better(merits, value, other, body) for other in kept if other != body)
        # Who is left out could be replaced by one of those kept; nobody stays without need.
        assert (body in kept) == (beaten < most)
        assert body in kept or by_kept >= most
