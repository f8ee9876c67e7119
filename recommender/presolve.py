"""Which bodies suffice to find the best team: an exact reduction by dominance.

A body is at least as good as another when it is so on every count: each role that the other may
take is open to it, each row is nowhere harder with it, it covers as much of everything, leads and
counts for as much. It can then take the other's place in any team that it is not in. A team has at
most ``largest`` members, so of more than ``largest - 1`` bodies that are at least as good as one,
some stands outside the team: exchanging the one for it keeps every row and loses no value. Each
exchange climbs in a finite order, so an optimal team of kept bodies remains. (The asker always
stands: nobody takes its place, and counting it among the better ones only keeps one body more.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from recommender.rows import ROLES, Bools, Floats, Integers, Objective, Posting, Preference, Row


def worth_keeping(
    posting: Posting, preferences: Sequence[Preference], objective: Objective, largest: int
) -> Integers:
    """Return the bodies that suffice for the optimum, the asker (number 0) first."""
    merits = np.array(list(merits_of(posting, preferences, objective)))
    usable: Bools = np.any(~posting.closed, axis=0)
    usable[0] = True
    bodies = np.flatnonzero(usable)
    bodies = bodies[undominated(merits[:, bodies], objective.value[bodies], largest)]
    return np.concatenate([[0], bodies[bodies != 0]])


def merits_of(posting: Posting, preferences: Sequence[Preference], objective: Objective) -> Iterator[Floats]:
    """Yield, body by body, everything that matters besides its value: the greater the better."""
    for role in range(len(ROLES)):
        yield -posting.closed[role].astype(float)
    rows = [row for part in (posting, *(p.posting for p in preferences)) for row in part.rows]
    for row in rows:
        yield from _row_merits(row)
    for preference in preferences:
        yield from -preference.posting.closed.astype(float)
    yield from objective.coverage.share.T
    yield objective.leading


def _row_merits(row: Row) -> Iterator[Floats]:
    if np.isfinite(row.lower):
        yield from row.coefficients
    if np.isfinite(row.upper):
        yield from -row.coefficients


def undominated(merits: Floats, value: Floats, most: int) -> Integers:
    """Return the positions of bodies to which fewer than ``most`` others are at least as good.

    Args:
        merits: shape (merits, bodies), the greater the better.
        value: shape (bodies,), the greater the better.
    """
    group, sorts = _alike(merits)
    order = np.lexsort((np.arange(len(value)), -value))
    rank = np.empty(len(value), dtype=np.int64)
    rank[order] = _rank_within(group[order])
    kept = np.flatnonzero(rank < most)
    better = _at_least(sorts)[np.ix_(group[kept], group[kept])] & (value[kept, None] >= value[None, kept])
    count: Integers = better.sum(axis=0) + rank[kept]
    return kept[count < most]


def _alike(merits: Floats) -> tuple[Integers, Floats]:
    """Number the bodies whose merits are all equal; each number's merits, shape (merits, numbers)."""
    telling = merits[(merits != merits[:, :1]).any(axis=1)]
    columns = np.ascontiguousarray(telling.T) + 0.0  # no negative zero, so equal numbers are equal bytes
    numbers: dict[bytes, int] = {}
    group = np.array([numbers.setdefault(row.tobytes(), len(numbers)) for row in columns], dtype=np.int64)
    _first, example = np.unique(group, return_index=True)
    return group, columns[example].T


def _at_least(sorts: Floats) -> Bools:
    """Tell which sort (first axis) is at least as good as which other on every count."""
    count = sorts.shape[1]
    better: Bools = ~np.eye(count, dtype=bool)
    for merit in sorts:
        better &= merit[:, None] >= merit[None, :]
    return better


def _rank_within(group: Integers) -> Integers:
    """Number the members of each group 0, 1, 2... in the order in which they stand."""
    order = np.argsort(group, kind="stable")
    starts = np.r_[0, np.flatnonzero(np.diff(group[order])) + 1]
    ranks = np.empty(len(group), dtype=np.int64)
    ranks[order] = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    return ranks
