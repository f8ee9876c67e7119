"""Re-ranking so that the top of a list is not ten clones: maximal marginal relevance, in points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.index import Index
from recommender.weights import STEP

POOL = 150
"""How many of the best are looked at: a body further down would never climb into the list."""
SHARES = {"group": 0.35, "municipality": 0.1, "terms": 0.25, "text": 0.3}
"""What makes two bodies alike; a weighted mean of four similarities between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in the list: points taken away for being alike to a row above it (None: to none)."""

    row: int
    penalty: float
    alike: int | None


def rerank(
    order: NDArray[np.int64], total: NDArray[np.float64], index: Index, strength: float, top: int
) -> list[Place]:
    r"""Pick the next best again and again, less a penalty for being like one already picked.

    .. math:: \arg\max_{i \notin S} \Big( s_i - \lambda \big(1 - \prod_{j \in S} (1 - sim(i, j)^2)\big) \Big)

    Carbonell and Goldstein take the maximum over those picked; here they add up ("noisy or"), so
    that the tenth of a kind loses more than the second. Points never rise down the list.

    Args:
        order: rows, best first; it settles ties.
        total: points by row.
        index: what the rows are alike in.
        strength: lambda, in points; 0 leaves the order as it is.
        top: length of the list.

    References:
        J. Carbonell and J. Goldstein, The use of MMR, diversity-based reranking, SIGIR 1998.
    """
    pool = order[: max(POOL, 2 * top)]
    alike = similarity(index, pool)
    fresh = np.ones(len(pool))
    nearest, closeness = np.full(len(pool), -1), np.zeros(len(pool))
    left, penalty = total[pool].copy(), np.zeros(len(pool))
    picked: list[Place] = []
    for _ in range(min(top, len(pool))):
        best = int(np.argmax(left - penalty))
        named = int(pool[nearest[best]]) if nearest[best] >= 0 else None
        picked.append(Place(int(pool[best]), float(penalty[best]), named))
        left[best] = -np.inf
        closer = alike[best] > closeness
        nearest[closer], closeness[closer] = best, alike[best][closer]
        fresh *= 1.0 - alike[best] ** 2
        penalty = np.round(strength * (1.0 - fresh) / STEP) * STEP
    return picked


def similarity(index: Index, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how alike rows are, pair by pair, 0 to 1, shape (len(rows), len(rows))."""
    group, municipality = index.columns.group[rows], index.columns.municipality[rows]
    same_place = (municipality[:, None] == municipality) & (municipality >= 0)
    return np.asarray(
        SHARES["group"] * (group[:, None] == group)
        + SHARES["municipality"] * same_place
        + SHARES["terms"] * _cosine(index.terms.rows[rows])
        + SHARES["text"] * _cosine(index.text.rows[rows])
    )


def _cosine(rows: sparse.csr_array) -> NDArray[np.float64]:
    """Return cosines; two rows that hold nothing are as alike as can be told."""
    cosines: NDArray[np.float64] = (rows @ rows.T).toarray().astype(np.float64)
    lengths = np.sqrt(np.diagonal(cosines))
    scale = np.outer(lengths, lengths)
    np.divide(cosines, scale, out=cosines, where=scale > 0)
    empty = lengths == 0
    cosines[np.ix_(empty, empty)] = 1.0
    return cosines
