"""Numbers for things, and sparse matrices read by row and by column."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


class Codebook:
    """Numbers for things, given in the order of meeting; a number never changes."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, thing: Hashable) -> int:
        """Return the thing's number, a new one at the first meeting."""
        return self._numbers.setdefault(thing, len(self._numbers))

    def find(self, thing: Hashable) -> int | None:
        """Return the thing's number, None when it was never met."""
        return self._numbers.get(thing)

    def things(self) -> tuple[Any, ...]:
        """Return everything met, in the order of the numbers."""
        return tuple(self._numbers)


class Postings:
    """A sparse matrix of candidates by columns, read by row and by column.

    A product with a sparse query touches the lists of the query's columns only: an inverted index.
    """

    def __init__(self, rows: sparse.csr_array) -> None:
        self.rows = rows
        self._columns = sparse.csc_array(rows)

    @classmethod
    def of(cls, rows: Sequence[Mapping[int, float]], width: int) -> Postings:
        """Build from one mapping of columns to values per candidate."""
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        total = int(lengths.sum())
        columns = np.fromiter((c for row in rows for c in row), dtype=np.int32, count=total)
        values = np.fromiter((v for row in rows for v in row.values()), dtype=np.float32, count=total)
        starts = np.concatenate(([0], np.cumsum(lengths)))
        return cls(sparse.csr_array((values, columns, starts), shape=(len(rows), width)))

    def dot(self, query: Mapping[int, float]) -> NDArray[np.float64]:
        """Return every candidate's product with a sparse query; columns unknown here count nothing."""
        product = np.zeros(self.rows.shape[0])
        starts, where, values = self._columns.indptr, self._columns.indices, self._columns.data
        for column, weight in query.items():
            if column < self.rows.shape[1]:
                held = slice(starts[column], starts[column + 1])
                product[where[held]] += weight * values[held]
        return product

    def holding(self, columns: Iterable[int]) -> NDArray[np.bool_]:
        """Tell which candidates hold a value in any of the columns."""
        return self.dot(dict.fromkeys(columns, 1.0)) > 0

    def joined(self, keep: NDArray[np.bool_], other: Postings) -> Postings:
        """Return the kept rows followed by another's rows."""
        kept, width = self.rows[keep], max(self.rows.shape[1], other.rows.shape[1])
        kept.resize((kept.shape[0], width))
        added = other.rows.copy()
        added.resize((added.shape[0], width))
        return Postings(sparse.csr_array(sparse.vstack([kept, added], format="csr")))
