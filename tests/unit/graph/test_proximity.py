from __future__ import annotations

from math import log

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from graph.exceptions import NotConverged, UnknownNode
from graph.proximity import (
    adamic_adar,
    common_neighbours,
    personalised_pagerank,
    resource_allocation,
    transition_matrix,
)

graphs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=20).map(nx.Graph)


@pytest.fixture
def diamond() -> nx.Graph:
    """1 and 4 share 2 and 3; 3 knows 5 as well."""
    return nx.Graph([(1, 2), (1, 3), (2, 4), (3, 4), (3, 5)])


def test_shared_neighbours_are_counted(diamond: nx.Graph) -> None:
    assert common_neighbours(diamond, 1) == {4: 2.0, 5: 1.0}


def test_a_neighbour_with_few_acquaintances_counts_more(diamond: nx.Graph) -> None:
    assert adamic_adar(diamond, 1)[4] == pytest.approx(1 / log(2) + 1 / log(3))
    assert resource_allocation(diamond, 1)[4] == pytest.approx(1 / 2 + 1 / 3)


def test_only_the_targets_asked_for_are_scored(diamond: nx.Graph) -> None:
    assert common_neighbours(diamond, 1, targets=[5, 2]) == {5: 1.0}


def test_a_self_loop_is_no_shared_neighbour() -> None:
    assert common_neighbours(nx.Graph([(1, 1), (1, 2)]), 1) == {}


def test_a_node_that_is_not_there_is_refused_by_name(diamond: nx.Graph) -> None:
    with pytest.raises(UnknownNode, match="99"):
        adamic_adar(diamond, 99)


@given(graphs)
def test_adamic_and_adar_agree_with_networkx(graph: nx.Graph) -> None:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    for source in graph:
        scores = adamic_adar(graph, source)
        others = [(source, other) for other in graph if other != source]
        for _, other, expected in nx.adamic_adar_index(graph, others):
            assert scores.get(other, 0.0) == pytest.approx(expected)


@given(graphs, st.integers(0, 7))
def test_pagerank_agrees_with_networkx(graph: nx.Graph, seed: int) -> None:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    nodes = sorted(graph)
    start = nodes[seed % len(nodes)]
    expected = nx.pagerank(
        graph, personalization={start: 1.0}, dangling={start: 1.0}, tol=1e-12, max_iter=1000
    )
    weights = sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=nodes, dtype=float))

    found = personalised_pagerank(
        transition_matrix(weights), (np.array(nodes) == start).astype(float), tolerance=1e-12, steps=500
    )

    assert found == pytest.approx([expected[node] for node in nodes], abs=1e-8)


def test_each_column_of_seeds_is_its_own_walker() -> None:
    walk = transition_matrix(sparse.csr_array(np.ones((3, 3)) - np.eye(3)))
    seeds = np.array([[2.0, 0.0], [0.0, 0.0], [0.0, 5.0]])

    both = personalised_pagerank(walk, seeds)

    assert both[:, 0] == pytest.approx(personalised_pagerank(walk, seeds[:, 0]))
    assert both.sum(axis=0) == pytest.approx([1.0, 1.0])


def test_a_walker_without_seeds_is_nowhere() -> None:
    walk = transition_matrix(sparse.csr_array(np.ones((2, 2)) - np.eye(2)))

    assert personalised_pagerank(walk, np.zeros(2)).tolist() == [0.0, 0.0]


def test_a_walker_on_a_node_without_ties_starts_again() -> None:
    walk = transition_matrix(sparse.csr_array((2, 2)))

    assert personalised_pagerank(walk, np.array([1.0, 0.0])).tolist() == pytest.approx([1.0, 0.0])


def test_a_walk_that_does_not_settle_in_time_is_an_error() -> None:
    walk = transition_matrix(sparse.csr_array(np.array([[0.0, 1.0], [1.0, 0.0]])))

    with pytest.raises(NotConverged, match="2 steps"):
        personalised_pagerank(walk, np.array([1.0, 0.0]), steps=2)
