"""Who worked with whom: the bipartite affiliation graph of bodies and works, and its projection.

Nodes of the affiliation graph are ``("body", id)`` and ``("work", id)``; the projection
has the bodies' plain ids. A tie weighs more when the work was small and recent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import networkx as nx

BODY, WORK = "body", "work"
HALF_LIFE = 6.0
"""Years after which a past work counts half: a WECARE project lasts two to three years,
so a tie has lost half its weight after about two of them."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something that bodies did together; ``year`` is None when nobody said when."""

    id: int
    members: tuple[int, ...]
    year: int | None = None


def recency(year: int | None, now: int, half_life: float = HALF_LIFE) -> float:
    r"""Return how much a work of that year still counts, between 0 and 1.

    .. math:: r = 2^{-\max(0, now - year) / half\_life}

    A work without a year counts as one of a half-life ago.

    Examples
    --------
    >>> recency(2026, now=2026), recency(2020, now=2026), recency(None, now=2026)
    (1.0, 0.5, 0.5)
    """
    age = half_life if year is None else max(0, now - year)
    return float(2.0 ** (-age / half_life))


def affiliation_graph(works: Iterable[Work], now: int | None = None) -> nx.Graph:
    """Return the bipartite graph of bodies and works; an edge carries the work's recency as weight.

    Parameters
    ----------
    works
        Works with at least one member; a member named twice counts once.
    now
        Year to count ages from; by default the last year named in the works.

    Examples
    --------
    >>> graph = affiliation_graph([Work(7, (1, 2), 2020)])
    >>> sorted(graph.edges(data="weight"))
    [(('work', 7), ('body', 1), 1.0), (('work', 7), ('body', 2), 1.0)]
    """
    works = tuple(works)
    moment = latest_year(works) if now is None else now
    graph = nx.Graph()
    for work in works:
        graph.add_node((WORK, work.id), bipartite=WORK)
        for member in set(work.members):
            graph.add_node((BODY, member), bipartite=BODY)
            graph.add_edge((WORK, work.id), (BODY, member), weight=recency(work.year, moment))
    return graph


def latest_year(works: Iterable[Work]) -> int:
    """Return the last year named in the works; 0 when none names one (all then count alike)."""
    return max((work.year for work in works if work.year is not None), default=0)


def projection(affiliations: nx.Graph) -> nx.Graph:
    r"""Project the affiliation graph on its bodies.

    Every work that two bodies share adds its recency over the number of the other
    members, so that a large consortium does not make fast friends of all its members:

    .. math:: w_{uv} = \sum_{p \ni u,v} \frac{r_p}{n_p - 1}

    Edges carry ``weight`` and ``works``, the ids of the shared works.

    References
    ----------
    M. E. J. Newman, Scientific collaboration networks II, Phys. Rev. E 64, 016132
    (2001), eq. 2. Cost: the sum of the squared sizes of the works.

    Examples
    --------
    >>> ties = projection(affiliation_graph([Work(1, (1, 2, 3)), Work(2, (1, 2))]))
    >>> ties[1][2]["works"]
    (1, 2)
    """
    bodies = (node[1] for node, side in affiliations.nodes(data="bipartite") if side == BODY)
    ties = nx.Graph()
    ties.add_nodes_from(sorted(bodies))
    for node, side in affiliations.nodes(data="bipartite"):
        if side == WORK:
            _tie_members(ties, affiliations, node)
    return ties


def _tie_members(ties: nx.Graph, affiliations: nx.Graph, work: tuple[str, int]) -> None:
    members = sorted(body for _, body in affiliations[work])
    for first, second in combinations(members, 2):
        gain = affiliations[work][BODY, first]["weight"] / (len(members) - 1)
        tie = ties.get_edge_data(first, second, {"weight": 0.0, "works": ()})
        ties.add_edge(first, second, weight=tie["weight"] + gain, works=(*tie["works"], work[1]))
