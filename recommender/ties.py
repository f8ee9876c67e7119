"""Past works as a graph and as texts: who is reached from a team, and from a project's idea."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph.collaboration import BODY, WORK, Work, affiliation_graph
from graph.proximity import personalised_pagerank, transition_matrix
from recommender.index import Coder
from recommender.postings import Postings
from recommender.text import concept
from recommender.world import PastProject

NEAREST = 30
"""How many past works near the text vote for their members."""
NEAR = 0.05
"""Cosine below which a past work is not near."""
CLEARLY_NEAR = 0.3
"""Cosine at which a past work votes with full weight."""


@dataclass(frozen=True)
class Reached:
    """How far each candidate is reached, arrays over the index's rows, values 0 to 1.

    Attributes:
        ties: from the seeds (asker and team) through past works.
        past: from the past works that are near the project's text.
        near: ids of those works, nearest first.
    """

    ties: NDArray[np.float64]
    past: NDArray[np.float64]
    near: tuple[int, ...]


class Ties:
    """The past works of a world, over the rows of an index.

    Only members that the index holds count: a body that is hidden or gone leaves no trace.

    Args:
        works: past projects.
        position: row of each candidate id.
        coder: turns the works' texts into vectors.
        size: number of rows.
    """

    def __init__(
        self, works: Sequence[PastProject], position: Mapping[int, int], coder: Coder, size: int
    ) -> None:
        known = [(work, tuple(m for m in work.members if m in position)) for work in works]
        known = [(work, members) for work, members in known if members]
        self.size = size
        self.ids = np.array([work.id for work, _ in known], dtype=np.int64)
        self.members = {work.id: members for work, members in known}
        self._works_of = _grouped((body, work.id) for work, members in known for body in members)
        self._tied = [body for members in self.members.values() if len(members) > 1 for body in members]
        self._texts = Postings(coder.vectors([work_tokens(work, coder) for work, _ in known]))
        graph = affiliation_graph([Work(work.id, members, work.year) for work, members in known])
        self._node = {node: number for number, node in enumerate(graph)}
        self._walk = _walk(graph)
        bodies = [(number, position[node[1]]) for node, number in self._node.items() if node[0] == BODY]
        self._bodies = np.array(bodies, dtype=np.int64).reshape(-1, 2)

    def reached(self, seeds: Collection[int], text: Mapping[int, float]) -> Reached:
        """Return how far every candidate is reached from bodies and from a text vector.

        Two walks in one: PageRank is linear in its seeds, so each side keeps its own share.
        """
        nearness = self._texts.dot(text)
        near = np.argsort(-nearness, kind="stable")[:NEAREST]
        near = near[nearness[near] > NEAR]
        nothing = np.zeros(self.size)
        if not self._node:
            return Reached(nothing, nothing, ())
        start = np.zeros((len(self._node), 2))
        for body in seeds:
            if (BODY, body) in self._node:
                start[self._node[BODY, body], 0] = 1.0
        for work in near:
            start[self._node[WORK, int(self.ids[work])], 1] = nearness[work]
        rank = personalised_pagerank(self._walk, start, tolerance=1e-5)
        rank[[self._node[BODY, body] for body in seeds if (BODY, body) in self._node], 0] = 0.0
        strength = min(1.0, float(nearness[near].max(initial=0.0)) / CLEARLY_NEAR)
        return Reached(
            ties=self._over_rows(rank[:, 0]),
            past=strength * self._over_rows(rank[:, 1]),
            near=tuple(int(self.ids[work]) for work in near),
        )

    def _over_rows(self, rank: NDArray[np.float64]) -> NDArray[np.float64]:
        """Spread the bodies' ranks over the rows: 1 for the best, square roots because ranks fall steeply."""
        values = np.zeros(self.size)
        ranks = rank[self._bodies[:, 0]]
        best = ranks.max(initial=0.0)
        if best > 0:
            values[self._bodies[:, 1]] = np.sqrt(ranks / best)
        return values

    def works_of(self, body: int) -> tuple[int, ...]:
        """Return the ids of a body's past works."""
        return self._works_of.get(body, ())

    def partners(self, body: int) -> dict[int, tuple[int, ...]]:
        """Return a body's past partners, each with the works they did together."""
        works = [(other, work) for work in self.works_of(body) for other in self.members[work]]
        return _grouped((other, work) for other, work in works if other != body)

    def newcomers(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which bodies have no past work with anybody."""
        return ~np.isin(ids, self._tied)


def work_tokens(work: PastProject, coder: Coder) -> list[str]:
    """Return the tokens of a past work: its text, and its themes as concepts."""
    return [*coder.tokens(work.text), *(concept(("theme", code)) for code in sorted(work.themes))]


def _walk(graph: nx.Graph) -> sparse.csr_array:
    if not graph:
        return sparse.csr_array((0, 0))
    return transition_matrix(sparse.csr_array(nx.to_scipy_sparse_array(graph, weight="weight")))


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
