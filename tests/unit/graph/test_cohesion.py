from __future__ import annotations

import networkx as nx
import pytest

from graph.cohesion import cohesion

TIES = nx.Graph()
TIES.add_edge(1, 2, weight=0.5)
TIES.add_edge(2, 3, weight=1.5)
TIES.add_edge(3, 9, weight=4.0)


def test_the_figures_of_a_team_count_ties_among_its_members_only() -> None:
    figures = cohesion(TIES, [1, 2, 3, 4])

    assert (figures.members, figures.tied_pairs) == (4, 2)
    assert figures.density == pytest.approx(2 / 6)
    assert figures.strength == pytest.approx(2.0 / 6)
    assert (figures.groups, figures.newcomers) == (2, 1)


def test_a_team_of_one_has_no_pairs_to_tie() -> None:
    figures = cohesion(TIES, [1])

    assert (figures.density, figures.strength, figures.groups) == (0.0, 0.0, 1)


def test_an_empty_team_has_nothing_to_hold_together() -> None:
    assert cohesion(TIES, []).members == 0


def test_distances_are_told_between_the_seats_that_are_known() -> None:
    figures = cohesion(TIES, [1, 2, 3], {1: (45.0, 7.0), 2: (46.0, 7.0), 8: (0.0, 0.0)})

    assert figures.mean_km == figures.widest_km == pytest.approx(111.2, abs=0.1)


def test_with_fewer_than_two_seats_no_distance_is_told() -> None:
    assert cohesion(TIES, [1, 2], {1: (45.0, 7.0)}).mean_km is None


def test_the_graph_is_left_as_it_was() -> None:
    cohesion(TIES, [1, 77])

    assert 77 not in TIES
