"""Re-ranking so that the top of a list is not ten clones: maximal marginal relevance, in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.index import Index
from recommender.weights import STEP

POOL = 150
"""How many of the best are looked at: a body further down would never climb into the list."""
SHARES = {"group": 0.4, "municipality": 0.1, "terms": 0.25, "text": 0.25}
"""What makes two bodies alike; a weighted mean of four similarities between 0 and 1."""
SHARPNESS = 3
"""Power of the similarity: near copies lose much, bodies of one kind in one place a little."""
STILL_OPEN = 0.9
"""What filling a gap is still worth for each body listed above that would fill it too."""


@dataclass(frozen=True)
class Pool:
    """The best candidates of a query, best first; arrays of one length.

    Attributes:
        rows: rows of the index; their order settles ties.
        total: points.
        alike: similarity of each pair, 0 to 1 (see :func:`similarity`).
        gaps: sets of rules that each would mend, as bits; 0 for none.
        gap_points: points that each has for mending them.
    """

    rows: NDArray[np.int64]
    total: NDArray[np.float64]
    alike: NDArray[np.float64]
    gaps: NDArray[np.int64]
    gap_points: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in a list.

    Attributes:
        row: row of the index.
        likeness: points taken away for being alike to rows above.
        alike: the row above that it is most alike to; None when there is none.
        filled: points taken away because rows above would mend the same rules.
        others: how many of them.
    """

    row: int
    likeness: float = 0.0
    alike: int | None = None
    filled: float = 0.0
    others: int = 0


def rerank(pool: Pool, strength: float, top: int) -> list[Place]:
    r"""Pick the next best again and again, less what those already picked make superfluous.

    .. math:: \arg\max_{i \notin S} \Big( s_i - \lambda \big(1 - \prod_{j \in S} (1 - sim(i, j)^3)\big)
              - g_i (1 - 0.9^{n_i}) \Big)

    with g the points for mending rules, and n the number of those picked that would mend them
    too. Carbonell and Goldstein take the greatest similarity to those picked; here they add up
    ("noisy or"), so that the tenth of a kind loses more than the second. Points never rise down
    the list.

    Args:
        pool: the best candidates.
        strength: lambda, in points; 0 leaves the order as it is.
        top: length of the list.

    References:
        J. Carbonell and J. Goldstein, The use of MMR, diversity-based reranking, SIGIR 1998.
    """
    size = len(pool.rows)
    fresh, others = np.ones(size), np.zeros(size, dtype=np.int64)
    nearest, closeness = np.zeros(size, dtype=np.int64), np.zeros(size)
    left = pool.total.copy()
    picked: list[Place] = []
    for _ in range(min(top, size)):
        likeness = _steps(strength * (1.0 - fresh))
        filled = _steps(pool.gap_points * (1.0 - STILL_OPEN**others)) if strength else np.zeros(size)
        best = int(np.argmax(left - likeness - filled))
        alike = int(pool.rows[nearest[best]]) if closeness[best] > 0 else None
        above = int(others[best])
        picked.append(Place(int(pool.rows[best]), float(likeness[best]), alike, float(filled[best]), above))
        left[best] = -np.inf
        closer = pool.alike[best] > closeness
        nearest[closer], closeness[closer] = best, pool.alike[best][closer]
        fresh *= 1.0 - pool.alike[best] ** SHARPNESS
        others += (pool.gaps > 0) & (pool.gaps & pool.gaps[best] == pool.gaps)
    return picked


def similarity(index: Index, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how alike rows are, pair by pair, 0 to 1, shape (len(rows), len(rows))."""
    columns = index.columns
    places = columns.municipality[rows]
    return np.asarray(
        SHARES["group"] * _same(columns.group[rows])
        + SHARES["municipality"] * (_same(places) & (places >= 0))
        + SHARES["terms"] * _cosine(index.terms.rows[rows])
        + SHARES["text"] * _cosine(index.text.rows[rows])
    )


def _steps(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.round(points / STEP) * STEP)


def _same(values: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    return np.asarray(values[:, None] == values[None, :])


def _cosine(rows: sparse.csr_array) -> NDArray[np.float64]:
    """Return cosines; two rows that hold nothing are as alike as can be told."""
    cosines: NDArray[np.float64] = (rows @ rows.T).toarray().astype(np.float64)
    lengths = np.sqrt(np.diagonal(cosines))
    scale = np.outer(lengths, lengths)
    np.divide(cosines, scale, out=cosines, where=scale > 0)
    empty = lengths == 0
    cosines[np.ix_(empty, empty)] = 1.0
    return cosines
