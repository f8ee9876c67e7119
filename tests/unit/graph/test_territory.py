from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.exceptions import CircularContainment
from graph.territory import EARTH_RADIUS_KM, containers, contains, haversine_km

PARENTS = {"pinerolo": ["TO", "district-pinerolo"], "TO": ["piemonte"], "district-pinerolo": ["piemonte"]}
places = st.tuples(st.floats(-89, 89), st.floats(-179, 179))


def test_from_the_pole_to_the_equator_is_a_quarter_of_a_great_circle() -> None:
    assert float(haversine_km(90, 0, 0, 42)) == pytest.approx(np.pi / 2 * EARTH_RADIUS_KM)


def test_pinerolo_is_about_33_km_from_torino() -> None:
    assert float(haversine_km(44.8913, 7.3474, 45.0733, 7.6800)) == pytest.approx(33.0, abs=0.5)


def test_one_place_is_measured_against_many_at_once() -> None:
    distances = haversine_km(45.0, 7.0, np.array([45.0, 46.0, np.nan]), np.array([7.0, 7.0, 7.0]))

    assert distances[0] == 0.0
    assert distances[1] == pytest.approx(111.2, abs=0.1)
    assert np.isnan(distances[2])


@given(places, places)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_the_globe(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there, back = float(haversine_km(*one, *other)), float(haversine_km(*other, *one))

    assert there == pytest.approx(back)
    assert 0 <= there <= np.pi * EARTH_RADIUS_KM + 1e-6


def test_a_municipality_lies_in_its_province_its_district_and_their_region() -> None:
    assert containers(PARENTS, "pinerolo") == {"TO", "district-pinerolo", "piemonte"}
    assert contains(PARENTS, "piemonte", "pinerolo")
    assert not contains(PARENTS, "pinerolo", "piemonte")


def test_a_territory_lies_in_itself_but_is_not_its_own_container() -> None:
    assert contains(PARENTS, "TO", "TO")
    assert containers(PARENTS, "elsewhere") == frozenset()


def test_a_territory_that_would_contain_itself_is_refused() -> None:
    with pytest.raises(CircularContainment, match="a"):
        containers({"a": ["b"], "b": ["a"]}, "a")


def test_a_circle_further_up_does_not_go_on_for_ever() -> None:
    assert containers({"a": ["b"], "b": ["c"], "c": ["b"]}, "a") == {"b", "c"}
