"""Figures of one team: how far its members know each other, and how far apart they sit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

import networkx as nx

from graph.territory import haversine_km


@dataclass(frozen=True, slots=True)
class Cohesion:
    """What holds a team together.

    Parameters
    ----------
    members
        Number of members.
    tied_pairs
        Pairs of members that worked together before.
    density
        Tied pairs over all pairs, 0 to 1; 0 for a team of one.
    strength
        Mean weight of the ties over all pairs.
    groups
        Parts that past work leaves unconnected: 1 when everyone is reached from everyone.
    newcomers
        Members that worked with nobody of the team.
    mean_km, widest_km
        Distances between members' seats; None when fewer than two seats are known.
    """

    members: int
    tied_pairs: int
    density: float
    strength: float
    groups: int
    newcomers: int
    mean_km: float | None
    widest_km: float | None


def cohesion(
    ties: nx.Graph, team: Collection[int], seats: Mapping[int, tuple[float, float]] | None = None
) -> Cohesion:
    """Return the figures of a team.

    Parameters
    ----------
    ties
        Weighted projection (see :func:`graph.collaboration.projection`). A member that
        the graph does not hold has no ties.
    team
        Ids of the members.
    seats
        Latitude and longitude in degrees by member.

    References
    ----------
    Density: S. Wasserman and K. Faust, Social Network Analysis (1994), eq. 4.3.

    Examples
    --------
    >>> figures = cohesion(nx.Graph([(1, 2, {"weight": 0.5})]), [1, 2, 3])
    >>> round(figures.density, 2), figures.groups, figures.newcomers
    (0.33, 2, 1)
    """
    within = ties.subgraph(team).copy()
    within.add_nodes_from(team)
    pairs = len(within) * (len(within) - 1) // 2
    distances = _distances(team, seats or {})
    return Cohesion(
        members=len(within),
        tied_pairs=within.number_of_edges(),
        density=within.number_of_edges() / pairs if pairs else 0.0,
        strength=within.size(weight="weight") / pairs if pairs else 0.0,
        groups=nx.number_connected_components(within),
        newcomers=nx.number_of_isolates(within),
        mean_km=fmean(distances) if distances else None,
        widest_km=max(distances) if distances else None,
    )


def _distances(team: Collection[int], seats: Mapping[int, tuple[float, float]]) -> list[float]:
    known = [seats[member] for member in sorted(set(team)) if member in seats]
    return [float(haversine_km(*one, *other)) for one, other in combinations(known, 2)]
