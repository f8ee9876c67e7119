"""Who stands between whom: isolates, bridges, structural holes, and introductions worth making.

Graphs are weighted projections (see :func:`graph.collaboration.projection`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from heapq import nsmallest
from math import log

import networkx as nx

from graph.exceptions import UnknownNode


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two bodies without a tie, and the ones who could introduce them, best known first."""

    first: int
    second: int
    through: tuple[int, ...]
    score: float


def isolates(ties: nx.Graph) -> list[int]:
    """Return the bodies that worked with nobody, in order.

    Examples
    --------
    >>> graph = nx.Graph([(1, 2)]); graph.add_node(3)
    >>> isolates(graph)
    [3]
    """
    return sorted(nx.isolates(ties))


def bridges(ties: nx.Graph) -> list[tuple[int, int]]:
    """Return the ties whose loss would cut the network in two, each as (lower id, higher id).

    References
    ----------
    J. Schmidt, A simple test on 2-vertex- and 2-edge-connectivity, Inf. Process. Lett.
    113 (2013), as in networkx. Cost: nodes plus edges.

    Examples
    --------
    >>> bridges(nx.Graph([(1, 2), (2, 3), (3, 1), (3, 4)]))
    [(3, 4)]
    """
    return sorted((min(edge), max(edge)) for edge in nx.bridges(ties))


def constraint(ties: nx.Graph, body: int) -> float | None:
    r"""Return Burt's constraint: low for a body that bridges groups, high inside one closed group.

    .. math:: c_u = \sum_{v \neq u} \Big(p_{uv} + \sum_{w \neq u,v} p_{uw} p_{wv}\Big)^2

    where p is the share of a body's tie weight spent on another. None for an isolate.

    References
    ----------
    R. S. Burt, Structural holes and good ideas, Am. J. Sociology 110 (2004); computed by
    networkx.

    Examples
    --------
    >>> star = nx.Graph([(0, 1), (0, 2), (0, 3), (0, 4)])
    >>> constraint(star, 0), constraint(star, 1)
    (0.25, 1.0)
    """
    if body not in ties:
        raise UnknownNode(body)
    if not any(neighbour != body for neighbour in ties[body]):
        return None
    return float(nx.constraint(ties, nodes=[body], weight="weight")[body])


def introductions(ties: nx.Graph, top: int = 10, among: Collection[int] | None = None) -> list[Introduction]:
    """Return the pairs worth introducing: no tie yet, and common acquaintances who could do it.

    Pairs are ranked by Adamic and Adar's index (see :func:`graph.proximity.adamic_adar`),
    then by ids.

    Parameters
    ----------
    ties
        Weighted projection.
    top
        Length of the list.
    among
        Only pairs of these bodies; by default of all.

    Notes
    -----
    Cost: the sum of the squared degrees.

    Examples
    --------
    >>> introductions(nx.Graph([(1, 2), (2, 3)]))
    [Introduction(first=1, second=3, through=(2,), score=1.4426950408889634)]
    """
    wanted = set(ties) if among is None else set(among)
    through: dict[tuple[int, int], list[int]] = {}
    for broker in sorted(ties):
        known = sorted(body for body in ties[broker] if body != broker and body in wanted)
        for position, first in enumerate(known):
            for second in known[position + 1 :]:
                if not ties.has_edge(first, second):
                    through.setdefault((first, second), []).append(broker)
    found = (_introduction(ties, pair, brokers) for pair, brokers in through.items())
    return nsmallest(top, found, key=lambda pair: (-pair.score, pair.first, pair.second))


def _introduction(ties: nx.Graph, pair: tuple[int, int], brokers: list[int]) -> Introduction:
    def acquaintance(broker: int) -> float:
        return sum(float(ties[broker][body].get("weight", 1.0)) for body in pair)

    score = sum(1.0 / log(ties.degree(broker)) for broker in brokers)
    by_acquaintance = sorted(brokers, key=lambda broker: (-acquaintance(broker), broker))
    return Introduction(*pair, tuple(by_acquaintance), score)
