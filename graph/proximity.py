"""How near two bodies are in the graph: scores of pairs, and personalised PageRank.

A pair score is three lines over one loop (:func:`_scored`). Nodes may be anything hashable.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from math import log

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph.exceptions import NotConverged, UnknownNode

Node = Hashable
Scores = dict[Node, float]
DAMPING = 0.85
"""Brin and Page's own damping factor."""


def common_neighbours(graph: nx.Graph, source: Node, targets: Iterable[Node] | None = None) -> Scores:
    r"""Score each target by the number of neighbours it shares with the source.

    .. math:: |\Gamma(u) \cap \Gamma(v)|

    References
    ----------
    D. Liben-Nowell and J. Kleinberg, The link prediction problem for social networks,
    CIKM 2003.

    Examples
    --------
    >>> common_neighbours(nx.Graph([(1, 2), (2, 3), (1, 4), (4, 3)]), 1)
    {3: 2.0}
    """
    return _scored(graph, source, targets, _one)


def adamic_adar(graph: nx.Graph, source: Node, targets: Iterable[Node] | None = None) -> Scores:
    r"""Score each target by its shared neighbours, the rare ones counting more.

    .. math:: \sum_{w \in \Gamma(u) \cap \Gamma(v)} \frac{1}{\log |\Gamma(w)|}

    References
    ----------
    L. A. Adamic and E. Adar, Friends and neighbors on the Web, Social Networks 25 (2003).

    Examples
    --------
    >>> round(adamic_adar(nx.Graph([(1, 2), (2, 3)]), 1)[3], 3)  # 1 / log 2
    1.443
    """
    return _scored(graph, source, targets, lambda degree: 1.0 / log(degree))


def resource_allocation(graph: nx.Graph, source: Node, targets: Iterable[Node] | None = None) -> Scores:
    r"""Score each target by its shared neighbours, each dividing one unit among its own.

    .. math:: \sum_{w \in \Gamma(u) \cap \Gamma(v)} \frac{1}{|\Gamma(w)|}

    References
    ----------
    T. Zhou, L. Lu and Y.-C. Zhang, Predicting missing links via local information,
    Eur. Phys. J. B 71 (2009).

    Examples
    --------
    >>> resource_allocation(nx.Graph([(1, 2), (2, 3)]), 1)
    {3: 0.5}
    """
    return _scored(graph, source, targets, lambda degree: 1.0 / degree)


def _one(_degree: int) -> float:
    return 1.0


def _scored(
    graph: nx.Graph, source: Node, targets: Iterable[Node] | None, worth: Callable[[int], float]
) -> Scores:
    """Sum over the neighbours shared with each target what one of that degree is worth.

    A target that shares none is left out. Without targets every node two steps away is
    scored. A self-loop is no neighbour.
    Cost: the summed degrees of the source's neighbours.
    """
    if source not in graph:
        raise UnknownNode(source)
    wanted = None if targets is None else set(targets)
    scores: Scores = {}
    for neighbour in graph[source]:
        degree = graph.degree(neighbour)
        if neighbour == source or degree < 2:
            continue
        gain = worth(degree)
        for target in graph[neighbour]:
            if target not in (source, neighbour) and (wanted is None or target in wanted):
                scores[target] = scores.get(target, 0.0) + gain
    return scores


def transition_matrix(weights: sparse.csr_array) -> sparse.csr_array:
    """Return the row-stochastic matrix of a square weight matrix; empty rows stay empty.

    Examples
    --------
    >>> transition_matrix(sparse.csr_array([[0.0, 3.0, 1.0], [3.0, 0, 0], [0, 0, 0]])).toarray()
    array([[0.  , 0.75, 0.25],
           [1.  , 0.  , 0.  ],
           [0.  , 0.  , 0.  ]])
    """
    totals = np.asarray(weights.sum(axis=1)).ravel()
    shares = np.divide(1.0, totals, out=np.zeros_like(totals), where=totals > 0)
    return sparse.csr_array(sparse.diags_array(shares) @ weights)


def personalised_pagerank(
    transition: sparse.csr_array,
    seeds: NDArray[np.float64],
    damping: float = DAMPING,
    tolerance: float = 1e-6,
    steps: int = 100,
) -> NDArray[np.float64]:
    r"""Return the share of time that a walker restarting at the seeds spends at each node.

    .. math:: p = (1 - d) s + d (P^T p + s \cdot dangling(p))

    Parameters
    ----------
    transition
        Row-stochastic, shape (n, n); a walker on an empty row restarts.
    seeds
        Shape (n,) or (n, k), not negative: one walker per column, scaled to sum to one.
        A column of zeros gives zeros.
    damping
        Chance to walk on instead of restarting.
    tolerance
        Greatest summed change of a column at which to stop.
    steps
        After these many steps without settling, NotConverged.

    References
    ----------
    T. H. Haveliwala, Topic-sensitive PageRank, WWW 2002; power iteration as in
    L. Page et al., The PageRank citation ranking, 1999. Cost: edges times steps.

    Examples
    --------
    >>> path = transition_matrix(sparse.csr_array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]]))
    >>> personalised_pagerank(path, np.array([1.0, 0, 0])).round(2)
    array([0.35, 0.46, 0.2 ])
    """
    flow = sparse.csr_array(transition.T)
    dangling = np.asarray(transition.sum(axis=1)).ravel() == 0
    start = _to_distribution(seeds)
    rank: NDArray[np.float64] = start
    change = np.inf
    for _ in range(steps):
        stuck = rank[dangling].sum(axis=0)
        following: NDArray[np.float64] = (1 - damping) * start + damping * (flow @ rank + start * stuck)
        change = float(np.abs(following - rank).sum(axis=0).max(initial=0.0))
        rank = following
        if change <= tolerance:
            return rank
    raise NotConverged(steps, change)


def _to_distribution(seeds: NDArray[np.float64]) -> NDArray[np.float64]:
    totals = seeds.sum(axis=0)
    shares: NDArray[np.float64] = np.zeros_like(seeds, dtype=np.float64)
    np.divide(seeds, totals, out=shares, where=totals > 0)
    return shares
