from __future__ import annotations

import networkx as nx
import pytest

from graph.brokerage import Introduction, bridges, constraint, introductions, isolates
from graph.exceptions import UnknownNode


@pytest.fixture
def two_circles() -> nx.Graph:
    """Two triangles held together by the tie 3-4, and somebody alone."""
    graph = nx.Graph([(1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (5, 6), (6, 4)], weight=1.0)
    nx.set_edge_attributes(graph, 1.0, "weight")
    graph.add_node(7)
    return graph


def test_who_worked_with_nobody_is_isolated(two_circles: nx.Graph) -> None:
    assert isolates(two_circles) == [7]


def test_the_tie_that_alone_holds_two_circles_together_is_a_bridge(two_circles: nx.Graph) -> None:
    assert bridges(two_circles) == [(3, 4)]


def test_the_one_between_two_circles_is_less_constrained_than_those_inside(two_circles: nx.Graph) -> None:
    between, inside = constraint(two_circles, 3), constraint(two_circles, 1)

    assert between is not None
    assert inside is not None
    assert between < inside


def test_burts_constraint_of_a_triangle_is_nine_eighths() -> None:
    # Each p is 1/2; (1/2 + 1/2 * 1/2)^2, twice.
    assert constraint(nx.complete_graph(3), 0) == pytest.approx(9 / 8)


def test_an_isolate_has_no_constraint(two_circles: nx.Graph) -> None:
    assert constraint(two_circles, 7) is None


def test_asking_about_somebody_unknown_is_an_error(two_circles: nx.Graph) -> None:
    with pytest.raises(UnknownNode):
        constraint(two_circles, 99)


def test_those_who_share_most_acquaintances_are_introduced_first() -> None:
    graph = nx.Graph([(1, 10), (2, 10), (1, 11), (2, 11), (3, 11)])

    first = introductions(graph, among=[1, 2, 3])[0]

    assert (first.first, first.second) == (1, 2)
    assert set(first.through) == {10, 11}


def test_the_one_who_knows_both_best_is_named_first() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([(1, 10, 0.1), (2, 10, 0.1), (1, 11, 3.0), (2, 11, 3.0)])

    assert introductions(graph, among=[1, 2])[0].through == (11, 10)


def test_those_who_know_each_other_need_no_introduction() -> None:
    assert introductions(nx.complete_graph(4)) == []


def test_only_the_bodies_asked_for_are_introduced_and_no_more_than_asked() -> None:
    star = nx.star_graph(4)

    assert [(i.first, i.second) for i in introductions(star, among=[1, 2, 3], top=2)] == [(1, 2), (1, 3)]


def test_an_introduction_says_who_could_make_it() -> None:
    assert introductions(nx.Graph([(1, 5), (5, 2)])) == [
        Introduction(1, 2, (5,), pytest.approx(1.4427, abs=1e-4))
    ]
